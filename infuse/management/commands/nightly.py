"""Run the night of a day at a terminal: `manage.py nightly --on 2021-05-03 [--dry-run]`."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Max, Q

from core import clock
from infuse import nightly
from infuse.messages import CHECKS, SOURCES
from messaging.delivery import deliver_due
from messaging.enums import MessageState, StateReason
from messaging.kinds import DIGEST
from messaging.models import Message, NightRun

# A worker that runs beside us may be sending some of them at this moment.
SECONDS_FOR_OTHERS = 20
FOR_THE_READER = Q(state_reason__in=[StateReason.QUIET, StateReason.DIGEST])


def a_day(text: str) -> date:
    """The day that was typed; argparse prints the reason when there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no day. Write it like 2021-05-03.") from None


class Command(BaseCommand):
    help = (
        "Runs the night of a day: starts cohorts whose day has come, queues the reminders of that day and sends them. "
        "Running it twice tells nobody anything twice. A past day is judged by its own facts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=a_day, default=None, metavar="DATE", help="the day; without it, today")
        parser.add_argument("--dry-run", action="store_true", help="print what would be queued, and write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        today = clock.today()
        on = options["on"] or today
        if on > today and not options["dry_run"] and not settings.DEMO:
            raise CommandError(f"{on} has not come, so its facts are not known. Add --dry-run to look ahead.")
        if options["dry_run"]:
            self.look(on, today)
        else:
            self.run_night(on, today)

    def look(self, on: date, today: date) -> None:
        """What the night would do: it runs in a transaction that is undone."""
        with transaction.atomic():
            newest = Message.objects.aggregate(pk=Max("pk"))["pk"] or 0
            row = self.night(on, today)
            would_be = Message.objects.filter(pk__gt=newest).order_by("kind", "name", "pk")
            self.stdout.write(f"Night of {on} (dry run: nothing is written or sent)")
            kinds: Counter[str] = Counter()
            for message in would_be.iterator():
                kinds[message.kind] += 1
                whom = f"{message.name} <{message.address}>  {message.language or 'cy+en'}"
                self.stdout.write(f"  {message.kind}  {whom}  {message.key}")
            transaction.set_rollback(True)
        self.summarise(row, kinds, "would be queued")

    def run_night(self, on: date, today: date) -> None:
        """Queue, then deliver what belongs to that night, beside whatever worker is running."""
        row = self.night(on, today)
        self.stdout.write(f"Night of {on}")
        kinds = {slug: row.counts.get(slug, {}).get("queued", 0) for slug in (source.kind.slug for source in SOURCES)}
        self.summarise(row, Counter(kinds), "queued")
        mine = Q(due_on=on, kind__in=[*kinds, DIGEST.slug])
        sent: Counter[str] = Counter()
        end = time.monotonic() + SECONDS_FOR_OTHERS
        while True:
            round_ = deliver_due(CHECKS, today=today, only=mine, seconds=600)
            sent += round_.states
            if not Message.objects.filter(mine, state=MessageState.SENDING).exists() or time.monotonic() > end:
                break
            time.sleep(0.2)
        for state, count in sorted(sent.items()):
            self.stdout.write(f"  delivered here, {state}: {count}")
        queued = Message.objects.filter(mine, state=MessageState.QUEUED)
        if waiting := queued.filter(FOR_THE_READER).count():
            self.stdout.write(f"  waiting for hours that suit the reader, or in their summary: {waiting}")
        if left := queued.exclude(FOR_THE_READER).count():
            self.stderr.write(f"Still queued: {left}. The mail server did not take them yet; the sweeper tries again.")
        if not row.complete:
            raise CommandError("The night is incomplete: " + "; ".join(row.errors))

    def night(self, on: date, today: date) -> NightRun:
        """The night itself; says so when another is running."""
        row = nightly.run(on, today=today, replay=on != today)
        if row is None:
            raise CommandError("A night is running already, so nothing was done. Try again when it has finished.")
        return row

    def summarise(self, row: NightRun, kinds: Counter[str], what: str) -> None:
        """The numbers, kind by kind."""
        for kind, count in sorted(kinds.items()):
            self.stdout.write(f"{kind}: {count} {what}")
        self.stdout.write(f"cohorts started: {row.counts.get('cohorts-started', 0)}")
