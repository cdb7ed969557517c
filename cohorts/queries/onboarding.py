"""What new associates still have to do. Whether a task is done follows from the facts: a new version is asked again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cohorts.enums import AgreementKind, AssociateStatus, CohortStatus, OnboardingKind
from cohorts.models import Agreement, AgreementAnswer, Associate, Cohort, OnboardingTask
from people.models import Needs, User

STILL_IN = (AssociateStatus.ENROLLED, AssociateStatus.ACTIVE, AssociateStatus.PAUSED)
OF_AGREEMENT = {
    OnboardingKind.PRIVACY: AgreementKind.PRIVACY,
    OnboardingKind.COACHING: AgreementKind.COACHING,
    OnboardingKind.IMAGE: AgreementKind.IMAGE,
}


@dataclass(frozen=True)
class Step:
    """A task as it stands on a day."""

    task: OnboardingTask
    done: bool
    again: bool
    overdue: bool

    @property
    def kind(self) -> OnboardingKind:
        return OnboardingKind(self.task.kind)


def agreements_on(day: date) -> dict[str, Agreement]:
    """Kind → the version in force on that day. One query."""
    rows = Agreement.objects.filter(starts_on__lte=day).order_by("kind", "version")
    return {row.kind: row for row in rows}


def answers_of(people: Collection[int]) -> dict[int, dict[int, AgreementAnswer]]:
    """Person → agreement → the last answer. One query."""
    found: dict[int, dict[int, AgreementAnswer]] = defaultdict(dict)
    for answer in AgreementAnswer.objects.filter(person__in=people).order_by("answered_at", "pk"):
        found[answer.person_id][answer.agreement_id] = answer
    return found


def last_answer(person: User, agreement: Agreement) -> AgreementAnswer | None:
    """What the person said last to this version; None when nothing."""
    return AgreementAnswer.objects.filter(person=person, agreement=agreement).order_by("-answered_at", "-pk").first()


def tasks_of(person: User) -> QuerySet[OnboardingTask]:
    """The tasks of a person's places that still count."""
    return (
        OnboardingTask.objects.filter(associate__person=person, associate__status__in=STILL_IN)
        .exclude(associate__cohort__status__in=(CohortStatus.FINISHED, CohortStatus.CANCELLED))
        .select_related("associate__cohort", "associate__person", "owner")
        .order_by("associate__cohort__starts_on", "due_on", "pk")
    )


def steps_of(person: User, today: date) -> list[Step]:
    """The person's tasks as they stand; four queries."""
    return steps(tasks_of(person), today)


def steps_for(associate: Associate, today: date) -> list[Step]:
    """The tasks of one place as they stand."""
    return steps(tasks_of(associate.person).filter(associate=associate), today)


def steps(tasks: Iterable[OnboardingTask], today: date) -> list[Step]:
    """These tasks (with associate and person at hand) as they stand on the day; the queries do not grow with them."""
    tasks = list(tasks)
    if not tasks:
        return []
    people = {task.associate.person_id for task in tasks}
    in_force, answers = agreements_on(today), answers_of(people)
    with_needs = set(Needs.objects.filter(person__in=people).values_list("person", flat=True))
    found = []
    for task in tasks:
        kind = OnboardingKind(task.kind)
        if kind in OF_AGREEMENT:
            agreement = in_force.get(OF_AGREEMENT[kind])
            if agreement is None:  # there is nothing to read yet
                continue
            answer = answers[task.associate.person_id].get(agreement.pk)
            refusable = agreement.kind in AgreementKind.may_refuse()
            done = answer is not None and (answer.accepted or refusable)
        elif kind == OnboardingKind.LANGUAGE:
            done = bool(task.associate.person.language)
        else:
            done = task.associate.person_id in with_needs
        again = not done and task.done_at is not None
        found.append(Step(task, done=done, again=again, overdue=not done and task.due_on < today))
    return found


def open_by_associate(cohort: Cohort, today: date) -> list[tuple[Associate, list[Step]]]:
    """Every associate who is still in, by name, with what is missing (empty: nothing). A constant number of queries."""
    associates = list(
        cohort.associates.filter(status__in=STILL_IN).select_related("person").order_by("person__name", "pk")
    )
    tasks = OnboardingTask.objects.filter(associate__in=associates).select_related("associate__person", "owner")
    missing: dict[int, list[Step]] = defaultdict(list)
    for step in steps(tasks.order_by("due_on", "pk"), today):
        if not step.done:
            missing[step.task.associate_id].append(step)
    return [(associate, missing[associate.pk]) for associate in associates]
