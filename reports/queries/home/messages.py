"""What needs doing about messages: undelivered, held, waiting for approval; addresses that do not work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bilingual import pick
from correspondence.enums import AnnouncementState
from correspondence.queries import addresses, announcements
from messaging.enums import MessageState, StateReason
from messaging.queries import undecided
from people.models import User
from reports.queries.home.shapes import SOON_DUE, URGENT, Task, Text, day_of

# So many addresses are named; a number says how many more there are.
MOST_NAMED = 3

FIRST, LATE, OTHER = "first", "late", "other"
# What is held, by what it waits for: the words, and the page that shows it.
HELD: dict[str, tuple[Text, str]] = {
    FIRST: (_("Messages that wait until somebody approves them: %(count)s"), "correspondence:waiting-list"),
    LATE: (_("Messages that are too late to go without asking: %(count)s"), "correspondence:outage"),
    OTHER: (_("Messages held until somebody decides: %(count)s"), "correspondence:waiting-list"),
}
UNSENT: dict[str, Text] = {
    MessageState.UNCERTAIN: _("Messages that may not have arrived: %(count)s"),
    MessageState.FAILED: _("Messages that could not be delivered: %(count)s"),
}
WAITS_FOR: dict[str, str] = {StateReason.FIRST_USE: FIRST, StateReason.MANY: FIRST, StateReason.LATE: LATE}


def about_messages(user: User, today: date) -> Iterator[Task]:
    """For the programme team, the most urgent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for state, reason, count in undecided().order_by().values_list("state", "state_reason").annotate(Count("pk")):
        counts[state, reason] = count
    for_address = sum(count for (_state, reason), count in counts.items() if reason == StateReason.ADDRESS)
    yield from _unsent(MessageState.UNCERTAIN, counts)
    held: Counter[str] = Counter()
    for (state, reason), count in counts.items():
        # What waits for an address has its own line below.
        if state == MessageState.HELD and reason != StateReason.ADDRESS:
            held[WAITS_FOR.get(reason, OTHER)] += count
    for what, (title, page) in HELD.items():
        if held[what]:
            yield Task(title % {"count": held[what]}, reverse(page), "", URGENT)
    yield from _unsent(MessageState.FAILED, counts)
    if for_address and (count := addresses.mended_with_held()):
        title = _("Messages held for an address that works again: %(count)s")
        yield Task(title % {"count": count}, reverse("correspondence:address-list"), "", URGENT)
    yield from about_addresses(user, today)
    yield from _about_announcements(user, today)


def _unsent(state: str, counts: Counter[tuple[str, str]]) -> Iterator[Task]:
    if count := sum(count for (one, _reason), count in counts.items() if one == state):
        url = f"{reverse('correspondence:message-list')}?state={state}"
        yield Task(UNSENT[state] % {"count": count}, url, "", URGENT)


def about_addresses(user: User, today: date) -> Iterator[Task]:
    """For the programme team, and for coordinators those of their own people."""
    rows = list(addresses.to_mend(user, today)[: addresses.MOST])
    if not rows:
        return
    named = rows[:MOST_NAMED]
    names = dict(User.objects.filter(reference__in=[row.person for row in named]).values_list("reference", "name"))
    for row in named:
        title = _("Mend this email address: %(whose)s") % {"whose": names.get(row.person) or row.address}
        hint = _("The mail server does not know it, so messages wait.")
        yield Task(title, reverse("correspondence:address-detail", args=[row.pk]), hint, URGENT)
    if more := len(rows) - len(named):
        title = _("Further email addresses to mend: %(count)s") % {"count": more}
        yield Task(title, reverse("correspondence:address-list"), "", URGENT)


def _about_announcements(user: User, today: date) -> Iterator[Task]:
    for one in announcements.open_ends(today):
        row = one.announcement
        url = reverse("correspondence:announcement-detail", args=[row.cohort.slug, row.reference])
        day = _("Day: %(day)s") % {"day": day_of(row.send_on)} if row.send_on else ""
        name, subject = pick(row.cohort, "name"), pick(row, "subject")
        if one.state == AnnouncementState.MISSED:
            yield Task(f"{name}: {_('an announcement was not sent; choose another day')}: {subject}", url, day, URGENT)
        elif row.scheduled_by_id != user.pk:
            yield Task(f"{name}: {_('approve an announcement')}: {subject}", url, day, SOON_DUE)
