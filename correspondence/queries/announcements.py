"""Announcements: which there are, to whom each goes, and what has become of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Func, QuerySet, TextField, Value

from cohorts.emails import about
from cohorts.models import Cohort
from cohorts.queries.associates import of_organisations
from cohorts.queries.audiences import listening
from core.clock import Window
from correspondence.enums import AnnouncementState, Audience
from correspondence.kinds import ANNOUNCEMENT
from correspondence.models import Announcement
from messaging.enums import MessageState
from messaging.models import Message
from messaging.policies import Policies
from nominations.enums import NominationStatus
from nominations.models import Nomination
from people.enums import RoleKind
from people.models import Organisation, Role, User
from people.queries.roles import roles_on

UNDECIDED = (NominationStatus.INVITED, NominationStatus.COMPLETE)
# An announcement whose day has passed is spoken of for so long.
LOOKED_BACK = timedelta(days=14)
MOST_OPEN_ENDS = 25
PEOPLE_AT_A_TIME = 500
What = TypeVar("What")


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Announcement]:
    """The announcements that `user` may see: the programme team all of them, nobody else any."""
    rows = Announcement.objects.select_related("cohort__programme", "organisation", "written_by", "approved_by")
    return rows if roles_on(user, today).runs_programme else rows.none()


def audience(announcement: Announcement, day: date) -> QuerySet[User]:
    """The people whom the announcement reaches on that day: active, each once, in order."""
    return reached_by(announcement.cohort, announcement.audience, announcement.organisation, day)


def reached_by(cohort: Cohort, kind: str, organisation: Organisation | None, day: date) -> QuerySet[User]:
    """The people of an audience within a cohort on that day, those of one organisation only when one is given."""
    people = User.objects.filter(is_active=True).order_by("pk")
    if kind == Audience.ASSOCIATES:
        hearing = listening(cohort, day)
        if organisation:
            hearing = hearing.filter(pk__in=of_organisations([organisation.pk], day).values("pk"))
        return people.filter(pk__in=hearing.order_by().values("person"))
    if kind == Audience.COORDINATORS:
        roles = Role.objects.on(day).filter(kind=RoleKind.COORDINATOR)
        if organisation:
            roles = roles.filter(organisation=organisation)
        return people.filter(pk__in=roles.values("person"))
    standing = Nomination.objects.filter(cohort=cohort, status__in=UNDECIDED)
    if organisation:
        standing = standing.filter(organisation=organisation)
    return people.filter(pk__in=standing.values("person"))


def reached_on(announcements: Iterable[tuple[Announcement, date]]) -> dict[int, dict[int, str]]:
    """Whom each of these announcements reaches on its day: announcement → {person: reference}. One query for all."""
    parts = [
        audience(row, day)
        .order_by()
        .annotate(announcement=Value(row.pk))
        .values_list("announcement", "pk", "reference")
        for row, day in announcements
    ]
    found: dict[int, dict[int, str]] = {}
    for announcement, person, reference in parts[0].union(*parts[1:], all=True).order_by("pk") if parts else ():
        found.setdefault(announcement, {})[person] = reference
    return found


def with_people(told: Sequence[tuple[What, int]]) -> Iterator[tuple[What, User]]:
    """What is told with the person in place of the key; the people are read a batch at a time."""
    for first in range(0, len(told), PEOPLE_AT_A_TIME):
        batch = told[first : first + PEOPLE_AT_A_TIME]
        people = User.objects.in_bulk({key for _what, key in batch})
        yield from ((what, people[key]) for what, key in batch)


def within(window: Window, scope_slug: str = "") -> QuerySet[Announcement]:
    """The announcements with a day in the window, cancelled ones too; of one cohort when its slug is given."""
    rows = Announcement.objects.filter(send_on__gte=window.starts_on).order_by("send_on", "pk")
    if window.until:
        rows = rows.filter(send_on__lt=window.until)
    if scope_slug:
        rows = rows.filter(cohort__slug=scope_slug)
    return rows.select_related("cohort__programme", "organisation")


@dataclass(frozen=True)
class Standing:
    """Where one announcement stands today: its state, and how many of its messages are in which state."""

    announcement: Announcement
    state: AnnouncementState
    messages: Mapping[str, int]

    @property
    def by_state(self) -> list[tuple[MessageState, int]]:
        """How many of its messages are in which state."""
        return [(MessageState(state), count) for state, count in self.messages.items()]


def standing(announcement: Announcement, today: date) -> Standing:
    """Where it stands today. One query."""
    return standings([announcement], today)[0]


def standings(announcements: Collection[Announcement], today: date) -> list[Standing]:
    """Where each of these announcements stands today. One query."""
    known = counts(announcements)
    rows = [(row, known.get(row.reference, {})) for row in announcements]
    return [Standing(row, _state_of(row, bool(messages), today), messages) for row, messages in rows]


def _state_of(announcement: Announcement, is_out: bool, today: date) -> AnnouncementState:
    if announcement.cancelled_at:
        return AnnouncementState.CANCELLED
    if is_out:
        return AnnouncementState.OUT
    if announcement.send_on is None:
        return AnnouncementState.DRAFT
    if announcement.send_on < today:
        return AnnouncementState.MISSED
    if announcement.needs_approval and not announcement.approved_at:
        return AnnouncementState.WAITING
    return AnnouncementState.SCHEDULED


def most_alone(announcement: Announcement, day: date) -> int:
    """To how many people it may go without anybody else's approval, by the cohort's rule of that day."""
    return Policies(ANNOUNCEMENT).on(about(announcement.cohort), day).approve_above


def counts(announcements: Collection[Announcement]) -> dict[str, dict[str, int]]:
    """Reference → state → how many of the announcement's messages are in it. One query."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    if not announcements:
        return found
    scopes = {about(announcement.cohort) for announcement in announcements}
    reference = Func(F("key"), Value(":"), Value(2), function="split_part", output_field=TextField())
    rows = Message.objects.filter(kind=ANNOUNCEMENT.slug, about__in=scopes).order_by()
    for of, state, count in rows.annotate(of=reference).values_list("of", "state").annotate(Count("pk")):
        found[of][state] = count
    return found


def open_ends(today: date) -> list[Standing]:
    """The announcements that somebody must do something about: approve, or choose another day."""
    rows = Announcement.objects.filter(cancelled_at__isnull=True, send_on__gte=today - LOOKED_BACK)
    rows = rows.exclude(send_on__gte=today, needs_approval=False).exclude(approved_at__isnull=False, send_on__gte=today)
    found = standings(rows.select_related("cohort").order_by("send_on", "pk")[:MOST_OPEN_ENDS], today)
    return [one for one in found if one.state in (AnnouncementState.WAITING, AnnouncementState.MISSED)]
