"""The delivery of a night's reminders, beside an SMTP loop over one connection that records nothing.

The loop sends mails of the same words. The mail server is a process of its own, as in life.
"""

from __future__ import annotations

import smtplib
import statistics
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from time import perf_counter
from types import SimpleNamespace

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from bench.servers import free_port, wait_for
from cohorts.models import Phase
from core import clock
from core.clock import working_day_on_or_before
from infuse.messages import CHECKS, SOURCES
from messaging.delivery import deliver_due
from messaging.enums import MessageState
from messaging.letters import letter_for
from messaging.models import Message
from messaging.recheck import Send, look_again
from messaging.reminders import send_due

ROUNDS, MAILS = 3, 2_000
OFFICE_HOURS = time(10)
SINK = "from aiosmtpd.main import main; main(('-n', '-c', 'aiosmtpd.handlers.Sink', '-l', '127.0.0.1:{port}'))"


def print_delivery() -> None:
    """Measure the delivery and print."""
    print("\nDelivery over SMTP. Bare: a loop over one connection that sends what is ready and records nothing.\n")
    phase = Phase.objects.filter(cohort__slug="made-1000", kind="celebration").get()
    on = working_day_on_or_before(phase.starts_on - timedelta(days=1))
    # By night, and at the weekend, reminders wait.
    clock.timezone = SimpleNamespace(now=lambda: datetime.combine(on, OFFICE_HOURS, clock.LONDON))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    server = subprocess.Popen([sys.executable, "-c", SINK.format(port=settings.EMAIL_PORT)])
    try:
        wait_for(settings.EMAIL_PORT)
        ratios, speeds = [], []
        for _round in range(ROUNDS):
            contents = _queue(on)
            ours, bare = _deliver(on), _bare_loop(contents)
            speeds.append(ours)
            ratios.append(ours / bare)
    finally:
        server.terminate()
        server.wait(10)
    print(f"mails a second: {statistics.median(speeds):.0f}, of the bare loop's: {statistics.median(ratios):.0%}")


def _queue(on: date) -> list[bytes]:
    """Queue the reminders anew, as many as are measured; the mails as they will go."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE messaging_message CASCADE")
        send_due(SOURCES, on)
        Message.objects.exclude(pk__in=list(Message.objects.values_list("pk", flat=True)[:MAILS])).delete()
        # Nobody has to approve them here.
        Message.objects.update(state=MessageState.QUEUED, state_reason="", next_attempt_at=Now())
        # All rows are new, which the database's own upkeep would find out a minute later.
        cursor.execute("VACUUM ANALYZE messaging_message")
    messages = list(Message.objects.all())
    findings = look_again(messages, CHECKS, on)
    sends = [(message, findings[message.pk]) for message in messages]
    return [
        letter_for(message, send.words, send.languages).content for message, send in sends if isinstance(send, Send)
    ]


def _deliver(on: date) -> float:
    started = perf_counter()
    done = deliver_due(CHECKS, today=on, seconds=600)
    speed = MAILS / (perf_counter() - started)
    if done.states != {"sent": MAILS}:
        raise SystemExit(f"Not everything was sent: {dict(done.states)}")
    return speed


def _bare_loop(contents: list[bytes]) -> float:
    started = perf_counter()
    with smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as server:
        for content in contents:
            server.sendmail("a@made.example", "b@made.example", content)
    return len(contents) / (perf_counter() - started)
