"""EMAIL_URL in one line: each way out, and the sentence for each mistake."""

import os
import subprocess
import sys

import pytest

from messaging.email_url import read_email_url
from tests.messaging.faults.processes import ROOT
from tests.messaging.transports.test_notify import SECRET, SERVICE, TEMPLATE

KEY = f"infuse-live-{SERVICE}-{SECRET}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost", {"EMAIL_HOST": "localhost", "EMAIL_PORT": 25, "EMAIL_HOST_USER": ""}),
        ("smtp://[::1]:2525", {"EMAIL_HOST": "::1", "EMAIL_PORT": 2525}),
        (
            "smtp+tls://infuse%40qarth.example:p%2Fw%3A%23@mail.example",
            {
                "EMAIL_PORT": 587,
                "EMAIL_USE_TLS": True,
                "EMAIL_HOST_USER": "infuse@qarth.example",
                "EMAIL_HOST_PASSWORD": "p/w:#",
            },
        ),
        ("smtp+ssl://u:p@mail.example", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True}),
        ("postmark://Tok-En", {"ANYMAIL": {"POSTMARK_SERVER_TOKEN": "Tok-En", "REQUESTS_TIMEOUT": 7}}),
        (
            "mailgun://Key@mg.example?server=https://api.eu.mailgun.net/v3",
            {
                "ANYMAIL": {
                    "MAILGUN_API_KEY": "Key",
                    "MAILGUN_SENDER_DOMAIN": "mg.example",
                    "MAILGUN_API_URL": "https://api.eu.mailgun.net/v3",
                    "REQUESTS_TIMEOUT": 7,
                },
                "EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend",
            },
        ),
        (
            f"notify://{KEY}@{TEMPLATE}",
            {
                "NOTIFY": {
                    "key": KEY,
                    "template": TEMPLATE,
                    "server": "https://api.notifications.service.gov.uk",
                    "seconds": 7,
                }
            },
        ),
    ],
)
def test_each_way_out(url, expected):
    read = read_email_url(url, seconds=7)
    assert {name: read[name] for name in expected} == expected
    assert read["EMAIL_TIMEOUT"] == 7


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mail.example", "begins with “”"),
        ("smtps://mail.example", "begins with “smtps”"),
        ("sendmail://x", "begins with “sendmail”"),
        ("smtp://", "names no mail server"),
        ("smtp://user@:25", "names no mail server"),
        ("smtp://mail.example:port", "cannot be read"),
        ("smtp://mail.example?server=https://x", "only for a provider"),
        ("postmark://", "is postmark://TOKEN"),
        ("postmark://user@token", "is postmark://TOKEN"),
        ("mailgun://key", "is mailgun://KEY@domain"),
        ("mailgun://key@qarth.example?region=eu", "only server="),
        ("mailgun://key@qarth.example?server=ftp://x", "only server="),
        (f"notify://key@{TEMPLATE}", "as Notify shows it"),
        (f"notify://{KEY}@letters", "as Notify shows it"),
        (f"notify://{KEY}", "as Notify shows it"),
    ],
)
def test_a_mistake_is_told_in_a_sentence_and_no_key_with_it(url, says):
    with pytest.raises(ValueError, match="EMAIL_URL") as told:
        read_email_url(url, seconds=7)
    assert says in str(told.value)
    assert SECRET not in str(told.value)


def test_it_is_told_at_the_start():
    env = os.environ | {"SECRET_KEY": "x", "PUBLIC_URL": "http://q", "ALLOWED_HOSTS": "q", "EMAIL_URL": "smtps://mail"}
    argv = [sys.executable, "manage.py", "check"]
    told = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert told.returncode != 0
    assert "EMAIL_URL begins with “smtps”, which is no way to send mail." in told.stderr
