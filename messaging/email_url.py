"""EMAIL_URL: which way mail leaves, in one line of the environment."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOTIFY_KEY = re.compile(rf".+-{UUID}-{UUID}")
NOTIFY = "https://api.notifications.service.gov.uk"
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# Scheme → the usual port, and Django's setting for the kind of TLS.
SMTP = {"smtp": (25, ""), "smtp+tls": (587, "EMAIL_USE_TLS"), "smtp+ssl": (465, "EMAIL_USE_SSL")}
# Scheme → anymail's setting for the key.
PROVIDERS = {
    "mailgun": "MAILGUN_API_KEY",
    "postmark": "POSTMARK_SERVER_TOKEN",
    "sendgrid": "SENDGRID_API_KEY",
    "brevo": "BREVO_API_KEY",
}
FORMS = (
    "smtp://user:password@host:25, smtp+tls://user:password@host:587 (STARTTLS), smtp+ssl://user:password@host:465, "
    "mailgun://KEY@domain, postmark://TOKEN, sendgrid://KEY, brevo://KEY or notify://KEY@TEMPLATE-ID"
)


def read_email_url(url: str, *, seconds: float) -> dict[str, Any]:
    """The mail settings that this address asks for; raises ValueError with a sentence that says how to mend it.

    `seconds` is how long a server may take for one step. Signs of a password or key that mean something in an address
    (/ @ ? # % :) are written as %2F and so on. `?server=https://…` names another server of a provider's, such as the
    one in Europe.
    """
    try:
        parts = urlsplit(url)
        port, host, said = parts.port, parts.hostname or "", dict(parse_qsl(parts.query))
    except ValueError:
        raise ValueError(f"EMAIL_URL cannot be read as an address. Write it as {FORMS}.") from None
    scheme, server = parts.scheme, said.pop("server", "")
    if scheme not in {*SMTP, *PROVIDERS, "notify"}:
        raise ValueError(f"EMAIL_URL begins with “{scheme}”, which is no way to send mail. Write it as {FORMS}.")
    if said or (server and (scheme in SMTP or urlsplit(server).scheme not in ("http", "https"))):
        raise ValueError("After “?” EMAIL_URL may say only server=https://…, and only for a provider.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    settings: dict[str, Any] = {"EMAIL_TIMEOUT": seconds, "NOTIFY": {}}
    if scheme in SMTP:
        if not host:
            raise ValueError(f"EMAIL_URL names no mail server. Write it as {scheme}://user:password@host.")
        usual_port, tls = SMTP[scheme]
        settings |= {"EMAIL_BACKEND": SMTP_BACKEND, "EMAIL_HOST": host, "EMAIL_PORT": port or usual_port}
        settings |= {"EMAIL_HOST_USER": user, "EMAIL_HOST_PASSWORD": password}
        return settings | ({tls: True} if tls else {})
    if scheme == "notify":
        if not NOTIFY_KEY.fullmatch(user) or not re.fullmatch(UUID, host):
            raise ValueError(
                "EMAIL_URL for GOV.UK Notify is notify://KEY@TEMPLATE-ID: the key as Notify shows it (a name and two "
                "ids, hyphens between), and the id of a template with the subject ((subject)) and the text ((body))."
            )
        return settings | {"NOTIFY": {"key": user, "template": host, "server": server or NOTIFY}}
    key = user if scheme == "mailgun" else unquote(parts.netloc)
    if not key or (scheme == "mailgun" and not host) or (scheme != "mailgun" and user):
        raise ValueError(f"EMAIL_URL for {scheme} is {re.findall(rf'{scheme}://[^ ,]+', FORMS)[0]}.")
    anymail = {PROVIDERS[scheme]: key, "REQUESTS_TIMEOUT": seconds}
    if scheme == "mailgun":
        anymail["MAILGUN_SENDER_DOMAIN"] = host
    if server:
        anymail[f"{scheme.upper()}_API_URL"] = server
    return settings | {"EMAIL_BACKEND": f"anymail.backends.{scheme}.EmailBackend", "ANYMAIL": anymail}
