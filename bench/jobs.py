"""Jobs: the night over a thousand and over ten thousand active associates, and the delivery of what it queued.

Each beside a bare equal measured in the same run, in turn: the night beside plain inserts of as many rows, the delivery
beside an SMTP loop that sends as many mails over one connection and does nothing else.
"""

from __future__ import annotations

import resource
import smtplib
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.conf import settings
from django.db import connection, transaction

from bench import data
from bench.servers import free_port
from cohorts.emails import about
from cohorts.models import Cohort, Phase
from core.clock import now, today, working_day_on_or_before
from infuse.messages import CHECKS, SOURCES
from messaging.delivery import deliver_due
from messaging.models import Approval, Message
from messaging.reminders import send_due

ROUNDS, MAILS = 3, 500
# Associates, and how many times the night over them is measured.
SIZES = ((1_000, 3), (10_000, 1))
BATCH = 500


def print_night(sizes: tuple[tuple[int, int], ...] = SIZES) -> None:
    """Measure the night at each size, the smallest first (the made world only grows), and print."""
    print("\nThe night: one phase reminder to every active associate. Bare: as many plain rows, inserted in batches.\n")
    print(f"{'associates':>10}{'seconds':>9}{'÷ bare':>8}{'queries':>9}{'most MB':>9}")
    for size, rounds in sizes:
        print(_night(size, rounds))


def print_delivery() -> None:
    """Measure the delivery and print."""
    print("\nDelivery over SMTP. Bare: a loop over one connection that records nothing.\n")
    print(_delivery())


def approve() -> None:
    """Somebody has approved every reminder in every cohort: what is measured is what goes, not what waits."""
    kinds = [(source.kind.slug, about(cohort)) for cohort in Cohort.objects.all() for source in SOURCES]
    Approval.objects.bulk_create(
        (Approval(kind=kind, scope=scope, approved_at=now()) for kind, scope in kinds), ignore_conflicts=True
    )


def _night(size: int, rounds: int) -> str:
    data.grow(size)
    approve()
    phase = Phase.objects.filter(cohort__slug="made-1000", kind="celebration").get()
    on = working_day_on_or_before(phase.starts_on - timedelta(days=1))
    seconds, ratios, queries = [], [], 0
    for _round in range(rounds):
        with rolled_back(), _counted() as counted:
            started = time.perf_counter()
            outcomes = send_due(SOURCES, on)
            ours = time.perf_counter() - started
            queries = counted()
            queued = sum(outcome.queued for outcome in outcomes)
        with rolled_back():
            started = time.perf_counter()
            plain_messages(queued)
            bare = time.perf_counter() - started
        seconds.append(ours)
        ratios.append(ours / bare)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return f"{queued:10,}{statistics.median(seconds):9.2f}{statistics.median(ratios):8.1f}{queries:9}{peak:9.1f}"


def plain_messages(count: int) -> None:
    """Insert as many rows as the outbox would hold, with nothing looked up and no words put together."""
    words = {language: {"subject": "x" * 60, "body": "x" * 1200} for language in ("cy", "en")}
    for first in range(0, count, BATCH):
        Message.objects.bulk_create(
            [
                Message(
                    key=f"bare:{number}", kind="bare", address="a@made.example", name="A", template="bare",
                    due_on=today(), late_after=today(), words=words, message_id=f"<bare-{number}@x>", queued_at=now(),
                )
                for number in range(first, min(first + BATCH, count))
            ]
        )  # fmt: skip


def _delivery() -> str:
    phase = Phase.objects.filter(cohort__slug="made-1000", kind="celebration").get()
    on = working_day_on_or_before(phase.starts_on - timedelta(days=1))
    port = free_port()
    catcher = Controller(Sink(), hostname="127.0.0.1", port=port)
    catcher.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        ratios, speeds = [], []
        for _round in range(ROUNDS):
            Message.objects.all().delete()
            send_due(SOURCES, on)
            Message.objects.exclude(pk__in=list(Message.objects.values_list("pk", flat=True)[:MAILS])).delete()
            started = time.perf_counter()
            done = deliver_due(CHECKS, today=on, seconds=600)
            ours = MAILS / (time.perf_counter() - started)
            if done.states != {"sent": MAILS}:
                raise SystemExit(f"Not everything was sent: {dict(done.states)}")
            bare = _bare_loop(port)
            speeds.append(ours)
            ratios.append(ours / bare)
    finally:
        catcher.stop()
    return f"mails a second: {statistics.median(speeds):.0f}, of the bare loop's: {statistics.median(ratios):.0%}"


def _bare_loop(port: int) -> float:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@made.example", "b@made.example", "x" * 60
    mail.set_content("x" * 70 + "\n" * 17)
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _number in range(MAILS):
            server.send_message(mail)
    return MAILS / (time.perf_counter() - started)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Nothing stays of what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _counted() -> Iterator[Callable[[], int]]:
    count = 0

    def one(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(one):
        yield lambda: count
