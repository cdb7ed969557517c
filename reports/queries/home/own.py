"""What concerns the reader as a person: nominations of theirs, reviews to score, and a place in a cohort."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.enums import CohortStatus
from cohorts.models import Associate
from cohorts.queries.onboarding import steps_of
from cohorts.queries.phases import current_phase, next_phase
from core.bilingual import pick
from nominations.enums import NominationStatus
from nominations.queries.answers import lapses_on
from nominations.queries.offers import own_open
from nominations.queries.reviews import waiting_for
from people.models import User
from reports.queries.home.progress import own_milestones
from reports.queries.home.shapes import SOON_DUE, URGENT, Fact, Part, Place, Task, day_of


def nominee(user: User) -> Iterator[Part]:
    """An offer to answer, one's own part of a nomination, or how a nomination stands."""
    tasks, facts = [], []
    for nomination in own_open(user):
        name = pick(nomination.cohort, "name")
        if nomination.status == NominationStatus.OFFERED:
            url = reverse("nominations:offer", args=[nomination.cohort.slug, nomination.reference])
            day = nomination.answer_by  # type: ignore[attr-defined]
            hint = _("Answer by: %(day)s") % {"day": day_of(day)} if day else ""
            tasks.append(Task(f"{name}: {_('you have been offered a place; answer')}", url, hint, URGENT))
        elif nomination.status == NominationStatus.INVITED and not nomination.has_part:  # type: ignore[attr-defined]
            url = reverse("nominations:nominee-part", args=[nomination.reference])
            day = lapses_on(nomination.waiting_since)  # type: ignore[attr-defined]
            hint = _("It lapses on: %(day)s") % {"day": day_of(day)}
            tasks.append(Task(f"{name}: {_('you have been put forward; say your part')}", url, hint, SOON_DUE))
        else:
            url = reverse("nominations:nomination-detail", args=[nomination.cohort.slug, nomination.reference])
            facts.append(Fact(f"{name}: {_('your nomination')}", url, nomination.get_status_display()))
    if tasks or facts:
        yield Part(_("Nominee"), _("Nothing waits for you today."), tasks=tasks, facts=facts)


def reviewer(user: User, today: date) -> Iterator[Part]:
    """Nominations that wait for one's scores."""
    if count := waiting_for(user, today):
        title = _("Nominations that wait for your scores: %(count)s") % {"count": count}
        task = Task(title, reverse("nominations:review-list"), "", SOON_DUE)
        yield Part(_("Reviewer"), _("Nothing waits for you today."), tasks=[task])


def associate(user: User, today: date) -> Iterator[Part]:
    """Where one stands in one's cohort, and what is left to do before it starts."""
    rows = (
        Associate.objects.filter(person=user)
        .exclude(cohort__status=CohortStatus.CANCELLED)
        .select_related("cohort", "person")
        .prefetch_related("cohort__phases")
        .order_by("-cohort__starts_on")
    )
    places = [Place(row, current_phase(row.cohort, today), next_phase(row.cohort, today), today) for row in rows]
    if places:
        # Who is in a cohort now is shown that one; who is not, the last one.
        shown = [place for place in places if place.still_in and not place.is_over] or places[:1]
        tasks = [*_onboarding(user, today), *own_milestones(shown, today)]
        yield Part(_("Associate"), _("Nothing waits for you today."), places=shown, tasks=tasks)


def _onboarding(user: User, today: date) -> list[Task]:
    """One line for what is left to do before the first day, and which it is."""
    missing = [step for step in steps_of(user, today) if not step.done]
    if not missing:
        return []
    first = min(step.task.due_on for step in missing)
    late = any(step.overdue for step in missing)
    hint = _("By: %(day)s") % {"day": day_of(first)}
    title = _("Before your first day, still to do: %(count)s") % {"count": len(missing)}
    return [Task(title, reverse("cohorts:onboarding"), hint, URGENT if late else SOON_DUE)]
