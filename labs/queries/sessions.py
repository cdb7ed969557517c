"""Sessions, who is invited, and what stands against a day or time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from cohorts.enums import AssociateStatus
from cohorts.models import Associate, Cohort
from cohorts.queries.cohorts import visible_to as visible_cohorts
from core.clock import LONDON, bank_holiday, is_working_day
from labs.enums import ClashKind, SessionStatus
from labs.models import LabRun, Membership, Session, SessionLead
from labs.models.session import LondonDay
from people.models import Employment, User


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Session]:
    """The sessions that `user` may open: of cohorts they may see; an associate of a lab run sees that lab’s only.

    Whoever leads a session sees it in any case.
    """
    if not isinstance(user, User):
        return Session.objects.none()
    cohorts = visible_cohorts(user, today)
    own = Associate.objects.filter(person=user)
    others_labs = LabRun.objects.filter(cohort__in=own.values("cohort")).exclude(
        memberships__associate__in=own.values("pk")
    )
    led = SessionLead.objects.filter(person=user).values("session")
    return Session.objects.filter(
        Q(pk__in=led) | (Q(cohort__in=cohorts.values("pk")) & ~Q(run__in=others_labs.values("pk")))
    )


def sequence_of(session: Session) -> int:
    """Its SEQUENCE in calendars: how often it was moved, and one more when it was cancelled."""
    return session.changes.count() + (session.status == SessionStatus.CANCELLED)


def invited_to(session: Session) -> QuerySet[Associate]:
    """The associates whom the session is for: of the cohort, or of the lab run on its day, who take part."""
    associates = Associate.objects.filter(cohort=session.cohort_id, status__in=AssociateStatus.hears())
    if session.run_id:
        members = Membership.objects.on(session.day).filter(run=session.run_id)
        associates = associates.filter(pk__in=members.values("associate"))
    return associates.select_related("person").order_by("person__name", "pk")


def invitations_of(associate: Associate) -> QuerySet[Session]:
    """The sessions to which the associate is invited: what invited_to says, asked from the other side."""
    memberships = Membership.objects.filter(
        Q(until=None) | Q(until__gt=OuterRef("london_day")),
        run=OuterRef("run"),
        associate=associate,
        starts_on__lte=OuterRef("london_day"),
    )
    sessions = Session.objects.filter(cohort=associate.cohort_id).alias(london_day=LondonDay("starts_at"))
    return sessions.filter(Q(run=None) | Exists(memberships))


def upcoming(sessions: QuerySet[Session], moment: datetime) -> QuerySet[Session]:
    """Planned sessions that have not ended, the next one first."""
    return sessions.filter(status=SessionStatus.PLANNED, ends_at__gt=moment).order_by("starts_at", "pk")


@dataclass(frozen=True)
class Planned:
    """A session as somebody means it to be, before it is saved."""

    cohort: Cohort
    run: LabRun | None
    starts_at: datetime
    ends_at: datetime
    lead_ids: frozenset[int] = frozenset()
    place_en: str = ""
    pk: int | None = None

    @classmethod
    def of(cls, session: Session) -> Planned:
        """The session as it is."""
        leads = frozenset(lead.person_id for lead in session.leads.all())
        return cls(session.cohort, session.run, session.starts_at, session.ends_at, leads, session.place_en, session.pk)

    @property
    def day(self) -> date:
        """Its day in London."""
        return self.starts_at.astimezone(LONDON).date()


@dataclass(frozen=True)
class Clash:
    """Something that stands against a planned session: what, and its facts as text."""

    kind: ClashKind
    detail: str

    def __str__(self) -> str:
        return f"{self.kind.label}: {self.detail}"


def clashes(plans: Sequence[Planned]) -> list[list[Clash]]:
    """What stands against each of these plans, in as many queries for one plan as for a hundred.

    A clash is told, not forbidden: whoever plans may know better. The plans are not compared with the rows they
    replace (`pk`), but with each other.
    """
    if not plans:
        return []
    replaced = [plan.pk for plan in plans if plan.pk]
    first = min(plan.starts_at for plan in plans) - timedelta(days=1)
    last = max(plan.ends_at for plan in plans) + timedelta(days=1)
    rows = Session.objects.filter(status=SessionStatus.PLANNED, starts_at__lt=last, ends_at__gt=first)
    rows = rows.exclude(pk__in=replaced).select_related("cohort", "run").prefetch_related("leads__person")
    others = [Planned.of(row) for row in rows]
    people = _invited_people({plan.cohort.pk for plan in [*plans, *others]})
    names = dict(User.objects.filter(pk__in={pk for plan in plans for pk in plan.lead_ids}).values_list("pk", "name"))
    days = _working_days_of({pk for plan in plans for pk in people.of(plan)}, first.date())
    return [
        [
            *_of_the_day(plan),
            *_of_the_people(plan, people, days),
            *_of_others(plan, plans, others, people, names),
        ]
        for plan in plans
    ]


def _of_the_day(plan: Planned) -> Iterator[Clash]:
    if not is_working_day(plan.day):
        yield Clash(ClashKind.DAY_OFF, bank_holiday(plan.day) or _("Weekend"))
    if not plan.cohort.starts_on <= plan.day < plan.cohort.until:
        yield Clash(ClashKind.OUTSIDE, plan.day.isoformat())


def _of_the_people(plan: Planned, people: Invited, days: dict[int, frozenset[int]]) -> Iterator[Clash]:
    away = [people.names[pk] for pk in people.of(plan) if days.get(pk) and plan.day.isoweekday() not in days[pk]]
    if away:
        yield Clash(ClashKind.NOT_WORKING, ", ".join(sorted(away)))


def _of_others(
    plan: Planned,
    plans: Sequence[Planned],
    others: Sequence[Planned],
    people: Invited,
    names: dict[int, str],
) -> Iterator[Clash]:
    at_once = [
        other
        for other in [*others, *(one for one in plans if one is not plan)]
        if other.starts_at < plan.ends_at and plan.starts_at < other.ends_at
    ]
    leading = {pk for other in at_once for pk in plan.lead_ids & other.lead_ids}
    if leading:
        yield Clash(ClashKind.LEAD, ", ".join(sorted(names[pk] for pk in leading)))
    mine = people.of(plan)
    twice = {pk for other in at_once for pk in mine & people.of(other)}
    if twice:
        yield Clash(ClashKind.PEOPLE, ", ".join(sorted(people.names[pk] for pk in twice)))
    if plan.place_en and any(other.place_en == plan.place_en for other in at_once):
        yield Clash(ClashKind.PLACE, plan.place_en)


@dataclass(frozen=True)
class Invited:
    """Who is invited to what: people of cohorts and of runs."""

    by_cohort: dict[int, frozenset[int]]
    by_run: dict[int, frozenset[int]]
    names: dict[int, str]

    def of(self, plan: Planned) -> frozenset[int]:
        """The people whom the plan is for."""
        if plan.run is not None:
            return self.by_run.get(plan.run.pk, frozenset())
        return self.by_cohort.get(plan.cohort.pk, frozenset())


def _invited_people(cohorts: Collection[int]) -> Invited:
    associates = Associate.objects.filter(cohort__in=cohorts, status__in=AssociateStatus.hears())
    by_cohort: dict[int, set[int]] = {}
    names: dict[int, str] = {}
    for cohort, person, name in associates.values_list("cohort", "person", "person__name"):
        by_cohort.setdefault(cohort, set()).add(person)
        names[person] = name
    by_run: dict[int, set[int]] = {}
    members = Membership.objects.filter(associate__in=associates.values("pk"), until=None)
    for run, person in members.values_list("run", "associate__person"):
        by_run.setdefault(run, set()).add(person)
    return Invited(
        {key: frozenset(found) for key, found in by_cohort.items()},
        {key: frozenset(found) for key, found in by_run.items()},
        names,
    )


def _working_days_of(people: Collection[int], day: date) -> dict[int, frozenset[int]]:
    """Person → ISO weekdays on which they work, of those who have said so."""
    spells = Employment.objects.on(day).filter(person__in=people).values_list("person", "working_days")
    found: dict[int, frozenset[int]] = {}
    for person, working in spells:
        if working:
            found[person] = found.get(person, frozenset()) | frozenset(working)
    return found
