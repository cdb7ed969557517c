"""What needs doing, for each role that a person has, the most urgent first. The number of queries is constant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohorts import rules
from cohorts.enums import AssociateStatus, CohortStatus
from cohorts.models import Associate, Cohort, Phase
from cohorts.queries.associates import of_organisations
from cohorts.queries.cohorts import visible_to as visible_cohorts
from cohorts.queries.onboarding import steps_of
from cohorts.queries.phases import current_phase, next_phase
from core.bilingual import pick
from messaging.enums import MessageState
from messaging.queries import needing_a_person
from nominations.enums import NominationStatus
from nominations.queries.offers import own_to_answer
from nominations.queries.reviews import waiting_for
from people.enums import RoleKind
from people.models import Organisation, User
from people.queries.roles import Roles, roles_on
from reports.queries import welsh

Text = str | Promise

# A cohort that starts within this time is looked at more closely.
SOON = timedelta(weeks=6)
# A page to start the day from: the cohorts that end first. More than that many at once are in the list of cohorts.
MOST_COHORTS = 12
OVER = (CohortStatus.FINISHED, CohortStatus.CANCELLED)
STILL_IN = (AssociateStatus.ENROLLED, AssociateStatus.ACTIVE, AssociateStatus.PAUSED)
URGENT, SOON_DUE, WHENEVER = 0, 1, 2
TAGS: dict[int, tuple[Text, str]] = {
    URGENT: (_("Now"), "red"),
    SOON_DUE: (_("Soon"), "orange"),
    WHENEVER: (_("When you can"), "grey"),
}


@dataclass(frozen=True)
class Task:
    """One thing to do: what, where, and how urgent it is."""

    title: Text
    url: str
    hint: Text = ""
    urgency: int = WHENEVER

    @property
    def status(self) -> Text:
        return TAGS[self.urgency][0]

    @property
    def colour(self) -> str:
        return TAGS[self.urgency][1]


@dataclass(frozen=True)
class Fact:
    """Something to know, with the page that says more."""

    title: str
    url: str
    hint: Text = ""


@dataclass(frozen=True)
class Place:
    """Where an associate stands in one cohort today."""

    associate: Associate
    current: Phase | None
    next: Phase | None
    today: date

    @property
    def cohort(self) -> Cohort:
        return self.associate.cohort

    @property
    def days_to_next(self) -> int | None:
        return (self.next.starts_on - self.today).days if self.next else None

    @property
    def is_over(self) -> bool:
        return self.today >= self.cohort.until

    @property
    def still_in(self) -> bool:
        return self.associate.status in STILL_IN


@dataclass(frozen=True)
class Part:
    """What one role has to do and to know."""

    label: Text
    empty: Text
    intro: Text = ""
    tasks: list[Task] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def home(user: User, today: date) -> list[Part]:
    """One part for each role, in a fixed order; for somebody without a role, one kind explanation."""
    roles = roles_on(user, today)
    parts = [
        *_nominee(user),
        *_reviewer(user, today),
        *_associate(user, today),
        *_team(roles, user, today),
        *_coordinator(roles, user, today),
        *_onlooker(roles, user, today),
    ]
    if not parts:
        parts = [
            Part(
                "",
                _("Nothing waits for you today."),
                _(
                    "You have no place or role in the programme at the moment. When you get one, this page shows what "
                    "comes next. If you expected one, write to the programme team. Their address is below."
                ),
            )
        ]
    if not user.language:
        ask = Task(
            _("Choose your language for correspondence"),
            reverse("people:account-language"),
            _("Until then you get everything in both languages, Welsh first."),
            SOON_DUE,
        )
        parts[0].tasks.append(ask)
    return parts


# --- The associate --------------------------------------------------------------------------------------------------
def _associate(user: User, today: date) -> Iterator[Part]:
    rows = (
        Associate.objects.filter(person=user)
        .exclude(cohort__status=CohortStatus.CANCELLED)
        .select_related("cohort")
        .prefetch_related("cohort__phases")
        .order_by("-cohort__starts_on")
    )
    places = [Place(row, current_phase(row.cohort, today), next_phase(row.cohort, today), today) for row in rows]
    if places:
        # Who is in a cohort now is shown that one; who is not, the last one.
        shown = [place for place in places if place.still_in and not place.is_over] or places[:1]
        yield Part(_("Associate"), _("Nothing waits for you today."), places=shown, tasks=_onboarding(user, today))


def _onboarding(user: User, today: date) -> list[Task]:
    """One line for what is left to do before the first day, and which it is."""
    missing = [step for step in steps_of(user, today) if not step.done]
    if not missing:
        return []
    first = min(step.task.due_on for step in missing)
    late = any(step.overdue for step in missing)
    hint = _("By: %(day)s") % {"day": date_format(first, "j F Y")}
    title = _("Before your first day, still to do: %(count)s") % {"count": len(missing)}
    return [Task(title, reverse("cohorts:onboarding"), hint, URGENT if late else SOON_DUE)]


# --- The nominee ----------------------------------------------------------------------------------------------------
def _nominee(user: User) -> Iterator[Part]:
    """An offer to answer, or one's own part of a nomination."""
    tasks = []
    for nomination in own_to_answer(user):
        name = pick(nomination.cohort, "name")
        if nomination.status == NominationStatus.OFFERED:
            url = reverse("nominations:offer", args=[nomination.cohort.slug, nomination.reference])
            day = nomination.answer_by  # type: ignore[attr-defined]
            hint = _("By: %(day)s") % {"day": date_format(day, "j F Y")} if day else ""
            tasks.append(Task(f"{name}: {_('you have been offered a place; answer')}", url, hint, URGENT))
        else:
            url = reverse("nominations:nominee-part", args=[nomination.reference])
            tasks.append(Task(f"{name}: {_('you have been put forward; say your part')}", url, "", SOON_DUE))
    if tasks:
        yield Part(_("Nominee"), _("Nothing waits for you today."), tasks=tasks)


# --- The reviewer ---------------------------------------------------------------------------------------------------
def _reviewer(user: User, today: date) -> Iterator[Part]:
    """Nominations that wait for one's scores."""
    if count := waiting_for(user, today):
        title = _("Nominations that wait for your scores: %(count)s") % {"count": count}
        task = Task(title, reverse("nominations:review-list"), "", SOON_DUE)
        yield Part(_("Reviewer"), _("Nothing waits for you today."), tasks=[task])


# --- The programme team ---------------------------------------------------------------------------------------------
def _team(roles: Roles, user: User, today: date) -> Iterator[Part]:
    if not roles.runs_programme:
        return
    label = RoleKind.MANAGER.label if roles.is_manager else RoleKind.ADMINISTRATOR.label
    cohorts = list(Cohort.objects.exclude(status__in=OVER).order_by("until", "pk")[: MOST_COHORTS + 1])
    shown = cohorts[:MOST_COHORTS]
    prefetch_related_objects(shown, "phases")
    counts = _counts(Associate.objects.filter(cohort__in=shown))
    tasks = [
        *_about_messages(),
        *(task for cohort in shown for task in _about_cohort(cohort, counts.get(cohort.pk, NOBODY), user, today)),
    ]
    if count := len(welsh.open_texts(may_edit_programme=roles.is_manager, here=True)):
        title = _("Welsh texts to check: %(count)s") % {"count": count}
        tasks.append(Task(title, f"{reverse('reports:welsh')}?state={welsh.HERE}"))
    tasks.sort(key=lambda task: task.urgency)
    facts = [*(_cohort_fact(cohort, today) for cohort in shown), *_all_cohorts(cohorts)]
    if roles.is_manager:
        hint = _("Names, email address for questions, and the funder’s acknowledgement")
        facts.append(Fact(str(_("Programme details")), reverse("cohorts:programme-update"), hint))
    yield Part(label, _("Nothing needs doing. Everything is in order."), tasks=tasks, facts=facts)


@dataclass(frozen=True)
class Counts:
    """A cohort's people in numbers."""

    taken: int = 0
    waiting: int = 0
    still_in: int = 0
    not_asked: int = 0


NOBODY = Counts()


def _counts(associates: QuerySet[Any]) -> dict[int, Counts]:
    """Cohort → its numbers, of these associates. One query."""
    inside = Q(status__in=STILL_IN)
    # Asked person by person: a join reads everybody as soon as that looks cheaper than a few hundred keys.
    language = Subquery(User.objects.filter(pk=OuterRef("person")).order_by().values("language"))
    rows = (
        associates.order_by()
        .values_list("cohort")
        .annotate(
            taken=Count("pk", filter=Q(status__in=AssociateStatus.fills_a_place())),
            waiting=Count("pk", filter=Q(status=AssociateStatus.ENROLLED)),
            still_in=Count("pk", filter=inside),
            not_asked=Count("pk", filter=inside & Q(Exact(language, ""))),
        )
    )
    return {pk: Counts(*numbers) for pk, *numbers in rows}


def _all_cohorts(cohorts: Sequence[Cohort]) -> Iterator[Fact]:
    """The way to the others, when there are more than this page shows."""
    if len(cohorts) > MOST_COHORTS:
        yield Fact(str(_("All cohorts")), reverse("cohorts:cohort-list"))


MESSAGE_TITLES: dict[str, Text] = {
    MessageState.UNCERTAIN: _("Messages that may not have arrived: %(count)s"),
    MessageState.HELD: _("Messages held until somebody decides: %(count)s"),
    MessageState.FAILED: _("Messages that could not be delivered: %(count)s"),
}


def _about_messages() -> Iterator[Task]:
    for state, count in needing_a_person().items():
        yield Task(
            MESSAGE_TITLES[state] % {"count": count}, f"{reverse('correspondence:message-list')}?state={state}", "", URGENT
        )


def _about_cohort(cohort: Cohort, people: Counts, user: User, today: date) -> Iterator[Task]:
    """What one cohort needs today."""
    page, name = reverse("cohorts:cohort-detail", args=[cohort.slug]), pick(cohort, "name")

    def task(title: Text, url: str, urgency: int, hint: Text = "") -> Task:
        return Task(f"{name}: {title}", url, hint, urgency)

    starts = _("First day: %(day)s") % {"day": date_format(cohort.starts_on, "j F Y")}
    before_start = cohort.status in CohortStatus.before_start()
    if before_start and today >= cohort.starts_on and people.taken:
        yield task(_("the first day has come; start it"), _step(cohort, "start"), URGENT, starts)
    if (
        cohort.status == CohortStatus.PLANNED
        and cohort.recruitment_opens_on
        and cohort.recruitment_opens_on <= today
        and rules.may_open_recruitment(user, cohort, today)
    ):
        opened = _("Planned for: %(day)s") % {"day": date_format(cohort.recruitment_opens_on, "j F Y")}
        yield task(_("open recruitment"), _step(cohort, "recruit"), URGENT, opened)
    if cohort.status == CohortStatus.RECRUITING and cohort.recruitment_until and cohort.recruitment_until <= today:
        yield task(_("recruitment is over; close it"), _step(cohort, "select"), SOON_DUE)
    if before_start:
        free = cohort.capacity - people.taken
        soon = cohort.starts_on - today <= SOON
        has_begun = today >= cohort.starts_on
        if not people.taken:
            enrol = reverse("cohorts:associate-import", args=[cohort.slug])
            yield task(_("nobody is enrolled yet"), enrol, SOON_DUE if soon else WHENEVER, starts)
        elif soon and not has_begun and free > 0:
            yield task(_("free places: %(count)s") % {"count": free}, page, SOON_DUE, starts)
    if cohort.status == CohortStatus.RUNNING:
        if today >= cohort.until:
            if people.still_in:
                title = _("record how it ended for everyone. Still open: %(count)s") % {"count": people.still_in}
                yield task(title, f"{page}#associates", URGENT)
            else:
                yield task(_("it is over; finish it"), _step(cohort, "finish"), SOON_DUE)
        elif people.waiting:
            title = _("record who has started. Still open: %(count)s") % {"count": people.waiting}
            yield task(title, f"{page}?status={AssociateStatus.ENROLLED}#associates", SOON_DUE)
    if people.not_asked:
        title = _("ask people for their language. Not asked yet: %(count)s") % {"count": people.not_asked}
        yield task(title, f"{page}?language=none#associates", WHENEVER, _("Until then they get both languages."))


def _step(cohort: Cohort, step: str) -> str:
    return reverse("cohorts:cohort-status", args=[cohort.slug, step])


def _cohort_fact(cohort: Cohort, today: date) -> Fact:
    current, upcoming = current_phase(cohort, today), next_phase(cohort, today)
    hint: Text = ""
    if current:
        last = date_format(cohort_last_day(current), "j F Y")
        hint = _("%(phase)s, last day: %(day)s") % {"phase": current.get_kind_display(), "day": last}
    elif upcoming:
        hint = _("Starts: %(day)s") % {"day": date_format(upcoming.starts_on, "j F Y")}
    return Fact(pick(cohort, "name"), reverse("cohorts:cohort-detail", args=[cohort.slug]), hint)


def cohort_last_day(phase: Phase) -> date:
    """The last day inside the phase."""
    return phase.until - timedelta(days=1)


# --- The coordinator ------------------------------------------------------------------------------------------------
def _coordinator(roles: Roles, user: User, today: date) -> Iterator[Part]:
    if not roles.is_coordinator:
        return
    organisations = Organisation.objects.filter(pk__in=roles.organisation_ids)
    names = ", ".join(sorted(pick(organisation, "short") for organisation in organisations))
    open_cohorts = visible_cohorts(user, today).exclude(status__in=OVER).order_by("until", "pk")
    cohorts = list(open_cohorts[: MOST_COHORTS + 1])
    shown = cohorts[:MOST_COHORTS]
    prefetch_related_objects(shown, "phases")
    counts = _counts(of_organisations(roles.organisation_ids, today).filter(cohort__in=shown))
    tasks, facts = [], []
    for cohort in shown:
        page, name = reverse("cohorts:cohort-detail", args=[cohort.slug]), pick(cohort, "name")
        people = counts.get(cohort.pk, NOBODY)
        if cohort.status == CohortStatus.RECRUITING:
            until = cohort.recruitment_until
            hint = _("Last day: %(day)s") % {"day": date_format(until - timedelta(days=1), "j F Y")} if until else ""
            tasks.append(Task(f"{name}: {_('recruitment is open')}", page, hint, SOON_DUE))
        if people.not_asked:
            title = _("ask people for their language. Not asked yet: %(count)s") % {"count": people.not_asked}
            tasks.append(Task(f"{name}: {title}", f"{page}?language=none#associates"))
        fact = _cohort_fact(cohort, today)
        hint = _("People of your organisation: %(count)s") % {"count": people.still_in}
        facts.append(Fact(fact.title, fact.url, f"{fact.hint}. {hint}" if fact.hint else hint))
    facts += _all_cohorts(cohorts)
    tasks.sort(key=lambda task: task.urgency)
    label = f"{RoleKind.COORDINATOR.label}: {names}"
    yield Part(label, _("Nothing waits for you today."), tasks=tasks, facts=facts)


# --- Coaches, lab leads, auditors -----------------------------------------------------------------------------------
def _onlooker(roles: Roles, user: User, today: date) -> Iterator[Part]:
    """Roles that follow the cohorts; what they do in them comes with their own capability."""
    kinds = [kind for kind in (RoleKind.COACH, RoleKind.LAB_LEAD, RoleKind.AUDITOR) if kind in roles.kinds]
    if not kinds:
        return
    open_cohorts = visible_cohorts(user, today).exclude(status__in=OVER).order_by("until", "pk")
    cohorts = list(open_cohorts.prefetch_related("phases")[: MOST_COHORTS + 1])
    facts = [*(_cohort_fact(cohort, today) for cohort in cohorts[:MOST_COHORTS]), *_all_cohorts(cohorts)]
    for kind in kinds:
        yield Part(kind.label, _("Nothing waits for you today."), facts=facts)
