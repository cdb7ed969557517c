"""Signing a person in for a test, as if by code and, for roles that need it, a second factor."""

import time

from allauth.account.internal.userkit import user_id_to_str
from django.contrib.auth import get_user_model
from django.test import Client

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(person) -> Client:
    """A client in which `person` is signed in, strongly enough for every role."""
    client = Client()
    if person is not None:
        client.force_login(person, backend=BACKEND)
        session = client.session
        # What allauth writes after a code by e-mail and an authenticator app (account/internal/flows/login.py).
        session["account_authentication_methods_user"] = user_id_to_str(person)
        session["account_authentication_methods"] = [
            {"method": "code", "at": time.time(), "email": person.email},
            {"method": "mfa", "at": time.time(), "type": "totp", "reauthenticated": True},
        ]
        session.save()
    return client


def session_cookie(person) -> str:
    """The value of the session cookie of a person signed in, for a browser."""
    return signed_in(person).session.session_key


def fresh(person):
    """The person read again, without what the first object has cached."""
    return get_user_model().objects.get(pk=person.pk)
