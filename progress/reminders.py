"""Who should hear about a milestone that is due or overdue. Nothing is stored ahead: each run computes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts import rules
from cohorts.emails import about, slug_in
from cohorts.enums import AssociateStatus, CohortStatus
from cohorts.models import Associate
from cohorts.queries.associates import with_status_on
from core.verdicts import ALLOWED, Verdict, refused
from messaging.kinds import Kind
from messaging.mail import Mail
from messaging.policies import Policies, Slot
from messaging.reminders import Occasion, Question, Source
from progress import emails
from progress.enums import CompletionStatus
from progress.kinds import MILESTONE_DUE, MILESTONE_OVERDUE
from progress.models import CompletionMove, Milestone
from progress.queries.completions import status_without_row

ROWS_AT_A_TIME = 500
OVER = (CohortStatus.CANCELLED, CohortStatus.FINISHED)


def milestone_due(question: Question) -> Iterator[Occasion]:
    """To associates before a milestone is due that waits for them."""
    return _to_associates(question, MILESTONE_DUE, emails.milestone_due)


def milestone_overdue(question: Question) -> Iterator[Occasion]:
    """To associates after a milestone was due that the phase needs and that waits for them."""
    return _to_associates(question, MILESTONE_OVERDUE, emails.milestone_overdue, required=True)


def _to_associates(
    question: Question,
    kind: Kind,
    mail: Callable[[Associate, Milestone, date], Mail],
    *,
    required: bool = False,
) -> Iterator[Occasion]:
    """An occasion for each milestone that is spoken of in the window, and each associate of its cohort."""
    for on, spoken_of in sorted(_milestones(question, kind, required=required).items()):
        day = question.judged_on(on)
        milestones = {one.pk: one for rows in spoken_of.values() for one, _slot in rows}
        associates = with_status_on(Associate.objects.filter(cohort__in=list(spoken_of)), day)
        associates = associates.exclude(status_that_day=None)  # type: ignore[misc]
        if question.people is not None:
            associates = associates.filter(person__reference__in=question.people)
        done = _statuses(list(milestones), day)
        for associate in associates.select_related("person").order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME):
            for milestone, slot in spoken_of[associate.cohort_id]:
                associate.cohort = milestone.phase.cohort
                unless = status_without_row(milestone.due_on, associate.enrolled_on)
                status = CompletionStatus(done.get((associate.pk, milestone.pk), unless))
                takes_part = AssociateStatus(associate.status_that_day)  # type: ignore[attr-defined]
                yield Occasion(
                    mail(associate, milestone, on),
                    slot,
                    event_on=milestone.due_on,
                    heard=rules.may_hear(associate.person, takes_part) and _is_to_do(status),
                    facts=(
                        (gettext_lazy("Status on that day"), takes_part.label),
                        (gettext_lazy("Milestone on that day"), status.label),
                    ),
                )


def _is_to_do(status: CompletionStatus) -> Verdict:
    if status in CompletionStatus.with_the_associate():
        return ALLOWED
    return refused(_("The milestone did not wait for the person on that day."))


def _milestones(
    question: Question, kind: Kind, *, required: bool
) -> dict[date, dict[int, list[tuple[Milestone, Slot]]]]:
    """The milestones that are spoken of in the window: by day, then by cohort."""
    policies = Policies(kind)
    near = policies.events_near(question.window)
    rows = Milestone.objects.filter(due_on__gte=near.starts_on, due_on__lt=near.until, retired_on=None)
    if required:
        rows = rows.filter(required=True)
    if question.scope:
        rows = rows.filter(phase__cohort__slug=slug_in(question.scope))
    rows = rows.exclude(phase__cohort__status__in=OVER)
    found: dict[date, dict[int, list[tuple[Milestone, Slot]]]] = defaultdict(lambda: defaultdict(list))
    for milestone in rows.select_related("phase__cohort__programme").order_by("due_on", "order", "pk"):
        for slot in policies.slots(about(milestone.phase.cohort), milestone.due_on):
            if slot.on in question.window:
                found[slot.on][milestone.phase.cohort_id].append((milestone, slot))
    return found


def _statuses(milestones: list[int], day: date) -> dict[tuple[int, int], str]:
    """(associate, milestone) → the status on that day, by the dated moves, of those to which anything had happened."""
    latest = CompletionMove.objects.filter(thing__milestone__in=milestones, effective_on__lte=day)
    newest = (
        CompletionMove.objects.filter(thing=OuterRef("thing"), effective_on__lte=day)
        .order_by("-effective_on", "-pk")
        .values("pk")[:1]
    )
    rows = latest.filter(pk=Subquery(newest)).order_by()
    return {
        (associate, milestone): status
        for associate, milestone, status in rows.values_list("thing__associate", "thing__milestone", "to_status")
    }


SOURCES = (
    Source(MILESTONE_DUE, milestone_due),
    Source(MILESTONE_OVERDUE, milestone_overdue),
)
