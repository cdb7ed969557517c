"""The programme team's part: messages, cohorts, selection, Welsh texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts import rules
from cohorts.enums import AssociateStatus, CohortStatus
from cohorts.models import Associate, Cohort
from core.bilingual import pick
from nominations.queries.waiting import NOTHING, Selection, selections_of
from people.enums import RoleKind
from people.models import User
from people.queries.roles import Roles
from reports.queries import welsh
from reports.queries.home.cohorts import NOBODY, Counts, cohort_fact, counts_of, first_to_end
from reports.queries.home.messages import about_messages
from reports.queries.home.progress import milestones_to_confirm
from reports.queries.home.shapes import SOON_DUE, URGENT, WHENEVER, Fact, Part, Task, Text, day_of

# A cohort that starts within this time is looked at more closely.
SOON = timedelta(weeks=6)


def team(roles: Roles, user: User, today: date) -> Iterator[Part]:
    """Of managers and administrators."""
    if not roles.runs_programme:
        return
    label = RoleKind.MANAGER.label if roles.is_manager else RoleKind.ADMINISTRATOR.label
    shown, others = first_to_end(Cohort.objects.all())
    counts = counts_of(Associate.objects.filter(cohort__in=shown))
    selections = selections_of(shown, user, today)
    tasks = [
        *about_messages(user, today),
        *milestones_to_confirm(user, today),
        *(
            task
            for cohort in shown
            for task in (
                *_about_cohort(cohort, counts.get(cohort.pk, NOBODY), cohort.pk in selections, user, today),
                *_about_selection(cohort, selections.get(cohort.pk, NOTHING)),
            )
        ),
    ]
    if count := len(welsh.open_texts(may_edit_programme=roles.is_manager, here=True)):
        title = _("Welsh texts to check: %(count)s") % {"count": count}
        tasks.append(Task(title, f"{reverse('reports:welsh')}?state={welsh.HERE}"))
    tasks.sort(key=lambda task: task.urgency)
    facts = [*(cohort_fact(cohort, today) for cohort in shown), *others]
    if roles.is_manager:
        hint = _("Names, email address for questions, and the funder’s acknowledgement")
        facts.append(Fact(str(_("Programme details")), reverse("cohorts:programme-update"), hint))
    yield Part(label, _("Nothing needs doing. Everything is in order."), tasks=tasks, facts=facts)


def _about_cohort(cohort: Cohort, people: Counts, has_nominations: bool, user: User, today: date) -> Iterator[Task]:
    """What one cohort needs today, selection aside."""
    page, name = reverse("cohorts:cohort-detail", args=[cohort.slug]), pick(cohort, "name")

    def task(title: Text, url: str, urgency: int, hint: Text = "") -> Task:
        return Task(f"{name}: {title}", url, hint, urgency)

    starts = _("First day: %(day)s") % {"day": day_of(cohort.starts_on)}
    before_start = cohort.status in CohortStatus.before_start()
    if before_start and today >= cohort.starts_on and people.taken:
        yield task(_("the first day has come; start it"), _step(cohort, "start"), URGENT, starts)
    if (
        cohort.status == CohortStatus.PLANNED
        and cohort.recruitment_opens_on
        and cohort.recruitment_opens_on <= today
        and rules.may_open_recruitment(user, cohort, today)
    ):
        opened = _("Planned for: %(day)s") % {"day": day_of(cohort.recruitment_opens_on)}
        yield task(_("open recruitment"), _step(cohort, "recruit"), URGENT, opened)
    if cohort.status == CohortStatus.RECRUITING and cohort.recruitment_until and cohort.recruitment_until <= today:
        yield task(_("recruitment is over; close it"), _step(cohort, "select"), SOON_DUE)
    if before_start:
        free = cohort.capacity - people.taken
        soon = cohort.starts_on - today <= SOON
        has_begun = today >= cohort.starts_on
        if not people.taken and not has_nominations:
            enrol = reverse("cohorts:associate-import", args=[cohort.slug])
            yield task(_("nobody is enrolled yet"), enrol, SOON_DUE if soon else WHENEVER, starts)
        elif people.taken and soon and not has_begun and free > 0:
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


def _about_selection(cohort: Cohort, open_ends: Selection) -> Iterator[Task]:
    """What one cohort's selection waits for, as far as this reader may know of it."""
    name, page = pick(cohort, "name"), reverse("nominations:selection", args=[cohort.slug])
    # While people are still put forward, nothing of this is in a hurry.
    urgency = WHENEVER if cohort.status == CohortStatus.RECRUITING else SOON_DUE
    if open_ends.to_release:
        title = _("release the decisions. Prepared: %(count)s") % {"count": open_ends.to_release}
        yield Task(f"{name}: {title}", reverse("nominations:selection-release", args=[cohort.slug]), "", SOON_DUE)
    if open_ends.for_a_second_person:
        number = {"count": open_ends.for_a_second_person}
        yield Task(f"{name}: {_('decisions that wait for a second person to release them: %(count)s') % number}", page)
    if open_ends.to_decide:
        title = _("all scores are in; decide. Nominations: %(count)s") % {"count": open_ends.to_decide}
        yield Task(f"{name}: {title}", page, "", urgency)
    if open_ends.to_assign:
        title = _("assign reviewers. Nominations: %(count)s") % {"count": open_ends.to_assign}
        yield Task(f"{name}: {title}", reverse("nominations:selection-panel", args=[cohort.slug]), "", urgency)
