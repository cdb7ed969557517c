"""The ways out: SMTP, a provider's interface through django-anymail, GOV.UK Notify. EMAIL_URL chooses.

Every one of them tells apart the only moments that matter: before the server can have a mail (then it may be tried
again), after it has answered, and in between, where nobody knows.
"""

from __future__ import annotations

from anymail.backends.base import AnymailBaseBackend
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

from messaging.transports.backend import Backend
from messaging.transports.base import Answer, Meaning, ServerAwayError, Transport
from messaging.transports.notify import Notify
from messaging.transports.provider import Provider
from messaging.transports.smtp import Smtp

__all__ = ["Answer", "Meaning", "ServerAwayError", "Transport", "open_transport"]


def open_transport() -> Transport:
    """The transport that settings ask for, not yet open."""
    if settings.NOTIFY:
        return Notify(**settings.NOTIFY, seconds=settings.EMAIL_TIMEOUT)
    backend = get_connection()
    if isinstance(backend, EmailBackend):
        return Smtp(backend)
    return Provider(backend) if isinstance(backend, AnymailBaseBackend) else Backend(backend)
