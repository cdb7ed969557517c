"""Where associates stand with their milestones. A milestone without a row of its own has a status, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from cohorts.enums import AssociateStatus, CohortStatus
from cohorts.models import Associate, Cohort
from cohorts.queries.associates import visible_to as visible_associates
from people.enums import RoleKind
from people.models import Role, User
from people.queries.roles import roles_on
from progress.enums import CompletionStatus, Confirmer
from progress.models import Completion, Evidence, Milestone
from progress.queries.milestones import milestones_of

ROLE_OF = {Confirmer.LAB_LEAD: RoleKind.LAB_LEAD, Confirmer.COACH: RoleKind.COACH}


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Completion]:
    """Those of the associates whom `user` may see, and those that were sent to `user` to be confirmed."""
    if not isinstance(user, User):
        return Completion.objects.none()
    theirs = Q(associate__in=visible_associates(user, today).values("pk"))
    return Completion.objects.filter(theirs | Q(asked_of=user) if confirms(user, today) else theirs)


def confirms(user: User, today: date) -> bool:
    """Whether milestones may have been sent to this person: a lab lead's or a coach's role holds today."""
    roles = roles_on(user, today)
    return roles.is_lab_lead or roles.is_coach


def associates_met(user: User | AnonymousUser, milestone: Milestone, today: date) -> QuerySet[Associate]:
    """The associates whose milestone `user` may look at: visible ones, and whoever sent it to `user`."""
    seen = Q(pk__in=visible_associates(user, today).values("pk"))
    if isinstance(user, User) and confirms(user, today):
        seen |= Q(pk__in=Completion.objects.filter(milestone=milestone, asked_of=user).values("associate"))
    return Associate.objects.filter(seen)


def status_without_row(due_on: date, enrolled_on: date) -> CompletionStatus:
    """What a milestone is before anything happened: to do; “before joining” when it was due before the place was
    given."""
    return CompletionStatus.BEFORE_JOINING if due_on < enrolled_on else CompletionStatus.OPEN


@dataclass(frozen=True)
class Standing:
    """One associate's milestone as it stands; `completion` is None when nothing has happened yet."""

    milestone: Milestone
    status: CompletionStatus
    completion: Completion | None = None

    @property
    def is_met(self) -> bool:
        return self.status.is_met

    @property
    def is_to_do(self) -> bool:
        """Whether the next step is the associate's."""
        return self.status in CompletionStatus.with_the_associate()

    def is_overdue(self, today: date) -> bool:
        """Whether it was due before today and waits for the associate."""
        return self.is_to_do and self.milestone.due_on < today


def standing(associate: Associate, milestone: Milestone, completion: Completion | None) -> Standing:
    """The milestone as it stands for the associate, given the row, if there is one."""
    if completion is None:
        return Standing(milestone, status_without_row(milestone.due_on, associate.enrolled_on))
    return Standing(milestone, CompletionStatus(completion.status), completion)


def standing_of(associate: Associate, milestone: Milestone) -> Standing:
    """The same, looking for the row. One query."""
    row = Completion.objects.filter(associate=associate, milestone=milestone).select_related("asked_of").first()
    return standing(associate, milestone, row)


def standings(cohort: Cohort, associates: Collection[Associate]) -> dict[int, list[Standing]]:
    """Associate → all that is asked of the cohort, in the order in which it is due. Two queries, however many."""
    milestones = list(milestones_of(cohort))
    rows: dict[tuple[int, int], Completion] = {}
    if milestones:
        found = Completion.objects.filter(milestone__in=milestones)
        if len(associates) == 1:
            found = found.filter(associate__in=associates)
        rows = {(row.associate_id, row.milestone_id): row for row in found}
    return {
        associate.pk: [standing(associate, one, rows.get((associate.pk, one.pk))) for one in milestones]
        for associate in associates
    }


def to_do_by(associates: Collection[Associate], day: date) -> list[tuple[Associate, Standing]]:
    """What waits for these associates and is due by that day, what is due first at the top. Two queries."""
    cohorts = {associate.cohort_id for associate in associates}
    milestones = Milestone.objects.filter(phase__cohort__in=cohorts, due_on__lte=day, retired_on=None)
    asked: dict[int, list[Milestone]] = defaultdict(list)
    for milestone in milestones.select_related("phase").order_by("due_on", "order", "pk"):
        asked[milestone.phase.cohort_id].append(milestone)
    found = Completion.objects.filter(associate__in=associates)
    rows = {(row.associate_id, row.milestone_id): row for row in found}
    every = [
        (associate, standing(associate, one, rows.get((associate.pk, one.pk))))
        for associate in associates
        for one in asked[associate.cohort_id]
    ]
    to_do = [(associate, row) for associate, row in every if row.is_to_do]
    return sorted(to_do, key=lambda pair: pair[1].milestone.due_on)


def waiting_for(user: User, today: date) -> QuerySet[Completion]:
    """What waits for `user` to confirm it: everything for the programme team, else what was sent to `user`; never
    one's own. The longest waiting first."""
    rows = Completion.objects.filter(
        status=CompletionStatus.READY,
        milestone__retired_on=None,
        associate__status__in=(AssociateStatus.ENROLLED, AssociateStatus.ACTIVE, AssociateStatus.PAUSED),
    )
    rows = rows.exclude(associate__person=user).exclude(associate__cohort__status=CohortStatus.CANCELLED)
    roles = roles_on(user, today)
    if roles.runs_programme:
        return rows
    return rows.filter(asked_of=user) if confirms(user, today) else rows.none()


def may_be_asked(confirmer: str, today: date) -> QuerySet[User]:
    """The lab leads, or the coaches, to whom a milestone can be sent on that day; nobody for the programme team's."""
    kind = ROLE_OF.get(Confirmer(confirmer))
    if kind is None:
        return User.objects.none()
    holders = Role.objects.on(today).filter(kind=kind).values("person")
    return User.objects.filter(pk__in=holders, is_active=True).order_by("name", "pk")


def evidence_of(completion: Completion) -> QuerySet[Evidence]:
    """Everything that was shown for it, the first first; without the content of files."""
    return completion.evidence.order_by("given_at", "pk")


def grouped(rows: Collection[Standing]) -> dict[int, list[Standing]]:
    """Standings by phase."""
    found: dict[int, list[Standing]] = defaultdict(list)
    for row in rows:
        found[row.milestone.phase_id].append(row)
    return found
