"""`manage.py nightly`: a day again, or what it would do."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent
from infuse import nightly
from messaging.models import Message, NightRun
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.infuse.test_nightly import broken
from tests.reminding import approve_reminders

pytestmark = pytest.mark.django_db

# Cohort from Tuesday 4 May 2021; the day before was a bank holiday, so the reminder goes on the Friday.
NIGHT = "2021-04-30"


@pytest.fixture
def associates(today):
    cohort = CohortFactory(starts_on=date(2021, 5, 4), status="running")
    approve_reminders(cohort)
    return [
        AssociateFactory(cohort=cohort, status="active", person__language=language) for language in ("cy", "en", "")
    ]


def nightly_command(*words):
    out, err = StringIO(), StringIO()
    call_command("nightly", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_past_day_is_run_and_its_mail_sent_once(associates, mailoutbox):
    out, _err = nightly_command("--on", NIGHT)
    assert "phase-starts: 3 queued" in out
    assert "delivered here, sent: 3" in out
    assert sorted(mail.extra_headers["Content-Language"] for mail in mailoutbox) == ["cy", "cy, en", "en"]
    out, _err = nightly_command("--on", NIGHT)
    assert "phase-starts: 0 queued" in out
    assert len(mailoutbox) == 3


def test_a_past_day_says_nothing_about_whether_the_nights_run(associates, mailoutbox):
    nightly_command("--on", NIGHT)
    assert NightRun.objects.get().replay


def test_without_a_date_it_is_tonight(today):
    nightly_command()
    night = NightRun.objects.get()
    assert (night.on, night.replay, night.complete) == (today, False, True)


def test_a_dry_run_prints_who_would_be_told_and_writes_nothing(associates, mailoutbox):
    waiting = CohortFactory(starts_on=date(2021, 4, 30), status="recruiting")
    AssociateFactory(cohort=waiting)
    events = AuditEvent.objects.count()
    out, _err = nightly_command("--on", NIGHT, "--dry-run")
    for associate in associates:
        assert f"phase-starts  {associate.person.name} <{associate.person.email}>" in out
    assert "phase-starts: 3 would be queued" in out
    assert "cohorts started: 1" in out
    waiting.refresh_from_db()
    assert waiting.status == "recruiting"
    assert (Message.objects.count(), NightRun.objects.count(), AuditEvent.objects.count()) == (0, 0, events)
    assert mailoutbox == []


def test_a_dry_run_leaves_out_who_has_been_told(associates, mailoutbox):
    nightly_command("--on", NIGHT)
    out, _err = nightly_command("--on", NIGHT, "--dry-run")
    assert "would be queued" not in out


def test_a_day_to_come_can_be_looked_at_and_not_run(today):
    soon = (today + timedelta(days=7)).isoformat()
    nightly_command("--on", soon, "--dry-run")
    with pytest.raises(CommandError, match="has not come"):
        nightly_command("--on", soon)
    assert not NightRun.objects.exists()


def test_what_is_no_day_is_said_in_a_sentence(capsys):
    with pytest.raises(CommandError, match="2021-13-01” is no day"):
        nightly_command("--on", "2021-13-01")


def test_another_night_at_the_same_time_is_said(monkeypatch):
    monkeypatch.setattr(nightly, "run", lambda *_args, **_more: None)
    with pytest.raises(CommandError, match="running already"):
        nightly_command()


def test_an_incomplete_night_ends_with_its_errors(monkeypatch, today):
    monkeypatch.setattr(nightly, "STEPS", (broken,))
    with pytest.raises(CommandError, match="on purpose"):
        nightly_command()


def test_a_mail_server_that_is_away_is_said_and_nothing_is_lost(associates, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    _out, err = nightly_command("--on", NIGHT)
    assert "Still queued: 3" in err
    assert Message.objects.filter(state="queued").count() == 3
