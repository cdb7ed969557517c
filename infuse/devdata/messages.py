"""What the demo's programme team has decided about messages, and one lively example of each thing that waits for it."""

from __future__ import annotations

from datetime import date, timedelta

from cohorts.emails import about
from cohorts.models import Cohort
from core.clock import working_days_from
from correspondence.kinds import ANNOUNCEMENT
from correspondence.services.announcements import schedule_announcement, write_announcement
from correspondence.services.rules import set_rule
from infuse.devdata.people import Cast
from infuse.devdata.sources import invented
from infuse.messages import SOURCES
from messaging.addresses import note_bad
from messaging.approvals import approve_kind
from messaging.models import Message
from messaging.reminders import send_due
from nominations.kinds import MANAGER_REMINDER
from people.models import User

# The cohort that recruits today; nobody has approved this reminder in it yet.
LIVELY, WAITS = "six", MANAGER_REMINDER
LOOKED_BACK = 10
# In cohort Five, to more than this many an announcement needs a second person.
MOST_ALONE = 10


def approve_reminders(by: User) -> None:
    """Every reminder has been approved in every cohort but one, so that they go by themselves."""
    for cohort in Cohort.objects.order_by("pk"):
        for source in SOURCES:
            if (cohort.slug, source.kind) != (LIVELY, WAITS):
                approve_kind(source.kind.slug, about(cohort), by=by.reference)


def add_what_waits(cast: Cast, today: date) -> None:
    """Reminders that wait for approval, an announcement to many, and an address that does not work."""
    _reminders_to_approve(today)
    five = Cohort.objects.get(slug="five")
    _announcement_to_approve(five, cast, today)
    _bad_address()


def _reminders_to_approve(today: date) -> None:
    """Those of the latest day that had any: that night held them."""
    (source,) = (one for one in SOURCES if one.kind is WAITS)
    for ago in range(LOOKED_BACK):
        on = today - timedelta(days=ago)
        send_due([source], on, as_of=today)
        if Message.objects.filter(kind=WAITS.slug, state="held").exists():
            return


def _announcement_to_approve(five: Cohort, cast: Cast, today: date) -> None:
    words = invented()["announcement"]
    set_rule(kind=ANNOUNCEMENT, cohort=five, from_on=today, approve_above=MOST_ALONE, by=cast.manager, today=today)
    announcement = write_announcement(cohort=five, audience="associates", **words, by=cast.administrator, today=today)
    send_on = working_days_from(today, 3)
    schedule_announcement(announcement=announcement, send_on=send_on, by=cast.administrator, today=today)


def _bad_address() -> None:
    """Of an associate in Torfaen: the coordinator there mends it, because nobody has signed in with it yet."""
    name = invented()["bad_address"]
    person = User.objects.get(name=name)
    note_bad(person.email, person=person.reference, said="550 5.1.1 No such user here")
