"""Mails, texts and a mail server for these tests."""

import copy
from datetime import date, timedelta

import pytest

from messaging import outbox, render
from messaging.approvals import approve_kind
from messaging.letters import letter_for
from messaging.mail import Mail, Recipient
from messaging.models import Message
from messaging.recheck import Checks
from tests.messaging.scripted_server import ScriptedServer
from tests.reminding import source

DAY = date(2026, 3, 11)


@pytest.fixture(autouse=True)
def nobody_is_away(monkeypatch):
    """No earlier test's dead broker is remembered."""
    monkeypatch.setitem(outbox._broker, "away_until", 0.0)


@pytest.fixture
def texts(settings, tmp_path):
    """Writes text files: `texts("note", cy="Subject: …", en="Subject: …")`; the pair `qarth` is there."""
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["DIRS"] = [tmp_path, *settings.TEMPLATES[0]["DIRS"]]
    render._engine.cache_clear()

    def write(name, **languages):
        for language, text in languages.items():
            (tmp_path / f"{name}.{language}.txt").write_text(text, encoding="utf-8")

    write(
        "qarth",
        cy="Subject: Pwnc {{ n }}\n\nHelo {{ to.name }}\n",
        en="Subject: Subject {{ n }}\n\nHello {{ to.name }}\n",
    )
    (tmp_path / "messaging").mkdir()
    write("messaging/footer", cy="--\nTroedyn", en="--\nFoot")
    yield write
    render._engine.cache_clear()


@pytest.fixture
def mail(texts):
    """Makes a Mail: `mail(3, language="cy")`."""

    def make(n=1, *, language="en", address=None, name="Siân O'Qarth", reference="", **more):
        to = Recipient(address or f"reader.{n}@qarth.example", name, language, reference)
        fields = {"key": f"qarth:{n}", "kind": "qarth", "template": "qarth", "due_on": DAY, "context": {"n": n}}
        return Mail(to=to, **{**fields, **more})

    return make


@pytest.fixture
def no_checks():
    """Nothing is a reminder, and everybody is active and speaks English."""
    return Checks(
        sources=(), recipients=lambda people: {ref: Recipient(f"{ref}@qarth.example", ref, "en", ref) for ref in people}
    )


@pytest.fixture
def source_of():
    """Makes a Source that yields these mails on their days: `source_of(mail(1), mail(2))`."""

    def make(*mails, kind="qarth"):
        approve_kind(kind, "", by="")

        def due(asked):
            for one in mails:
                if one.due_on in asked.window and (asked.people is None or one.to.reference in asked.people):
                    yield one

        return source(kind, due)

    return make


@pytest.fixture
def smtp(settings):
    """A mail server in this process that says what it is told to say, and settings that lead to it."""
    with ScriptedServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 2
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield server


def a_letter(n=1, *, body="Corff ŷ\n", subject="Pwnc ŵ", name="Siân O'Qarth", unsubscribe="", **more):
    """A letter in Welsh, as delivery makes it."""
    address = more.pop("address", f"reader.{n}@qarth.example")
    message = Message(key=f"qarth:{n}", address=address, name=name, message_id=f"<{n}@qarth.example>", **more)
    return letter_for(message, {"cy": {"subject": subject, "body": body}}, ("cy",), unsubscribe)


def days(count: int) -> timedelta:
    return timedelta(days=count)
