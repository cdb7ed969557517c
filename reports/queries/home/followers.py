"""The parts of those who follow cohorts: coordinators, coaches, lab leads, auditors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from cohorts.queries.associates import of_organisations
from cohorts.queries.cohorts import visible_to as visible_cohorts
from core.bilingual import pick
from nominations.enums import NominationStatus
from nominations.queries.waiting import NOBODY_ASKED, Recruiting, recruiting_for
from people.enums import RoleKind
from people.models import Organisation, User
from people.queries.roles import Roles
from reports.queries.home.cohorts import NOBODY, cohort_fact, counts_of, first_to_end
from reports.queries.home.messages import about_addresses
from reports.queries.home.progress import milestones_to_confirm
from reports.queries.home.shapes import SOON_DUE, WHENEVER, Fact, Part, Task, day_of


def coordinator(roles: Roles, user: User, today: date) -> Iterator[Part]:
    """Of the organisations that one coordinates."""
    if not roles.is_coordinator:
        return
    organisations = Organisation.objects.filter(pk__in=roles.organisation_ids)
    names = ", ".join(sorted(pick(organisation, "short") for organisation in organisations))
    shown, others = first_to_end(visible_cohorts(user, today))
    counts = counts_of(of_organisations(roles.organisation_ids, today).filter(cohort__in=shown))
    recruiting = recruiting_for(shown, roles.organisation_ids)
    # Who runs the programme as well has them in that part.
    tasks: list[Task] = [] if roles.runs_programme else list(about_addresses(user, today))
    facts: list[Fact] = []
    for cohort in shown:
        page, name = reverse("cohorts:cohort-detail", args=[cohort.slug]), pick(cohort, "name")
        people = counts.get(cohort.pk, NOBODY)
        tasks += _about_nominating(cohort, recruiting.get(cohort.pk, NOBODY_ASKED))
        if people.not_asked:
            title = _("ask people for their language. Not asked yet: %(count)s") % {"count": people.not_asked}
            tasks.append(Task(f"{name}: {title}", f"{page}?language=none#associates"))
        fact = cohort_fact(cohort, today)
        hint = _("People of your organisation: %(count)s") % {"count": people.still_in}
        facts.append(Fact(fact.title, fact.url, f"{fact.hint}. {hint}" if fact.hint else hint))
    facts += others
    tasks.sort(key=lambda task: task.urgency)
    label = f"{RoleKind.COORDINATOR.label}: {names}"
    yield Part(label, _("Nothing waits for you today."), tasks=tasks, facts=facts)


def _about_nominating(cohort: Cohort, own: Recruiting) -> Iterator[Task]:
    """Places that are still to be filled, and answers that are missing."""
    name = pick(cohort, "name")
    if cohort.status == CohortStatus.RECRUITING and not own.said_none:
        until = cohort.recruitment_until
        hints = [_("Last day: %(day)s") % {"day": day_of(until - timedelta(days=1))}] if until else []
        if own.indicative or own.nominated:
            numbers = {"nominated": own.nominated, "places": own.indicative}
            hints.append(_("Nominated: %(nominated)s. Places: %(places)s") % numbers)
        url = reverse("nominations:recruitment", args=[cohort.slug])
        is_full = own.indicative and own.nominated >= own.indicative
        urgency = WHENEVER if is_full else SOON_DUE
        yield Task(f"{name}: {_('recruitment is open')}", url, ". ".join(str(hint) for hint in hints), urgency)
    if own.unanswered:
        title = _("nominee or line manager has not answered. Nominations: %(count)s") % {"count": own.unanswered}
        url = reverse("nominations:nomination-list", args=[cohort.slug])
        yield Task(f"{name}: {title}", f"{url}?status={NominationStatus.INVITED}", "", SOON_DUE)


def onlooker(roles: Roles, user: User, today: date) -> Iterator[Part]:
    """Roles that follow the cohorts, and what was sent to them to be confirmed."""
    kinds = [kind for kind in (RoleKind.COACH, RoleKind.LAB_LEAD, RoleKind.AUDITOR) if kind in roles.kinds]
    if not kinds:
        return
    shown, others = first_to_end(visible_cohorts(user, today))
    facts = [*(cohort_fact(cohort, today) for cohort in shown), *others]
    tasks = list(milestones_to_confirm(user, today)) if not roles.runs_programme else []
    for kind in kinds:
        yield Part(kind.label, _("Nothing waits for you today."), tasks=tasks, facts=facts)
