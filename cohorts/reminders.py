"""Who should hear about their phases. Nothing is stored ahead: each run computes it from the dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from cohorts import emails, rules
from cohorts.enums import AssociateStatus, CohortStatus
from cohorts.kinds import ASSOCIATES, PHASE_ENDS_SOON, PHASE_STARTS
from cohorts.models import Associate, Phase
from cohorts.phases import PhaseKind
from cohorts.queries.associates import statuses_of, with_statuses_on
from cohorts.queries.audiences import coordinators_with_people
from messaging.kinds import Kind
from messaging.mail import Mail
from messaging.policies import Slot
from messaging.reminders import Occasion, Question, Source

ROWS_AT_A_TIME = 500


def phase_starts(question: Question) -> Iterator[Occasion]:
    """To associates, or their coordinators, before a phase starts."""
    return _to_associates(question, PHASE_STARTS, "starts_on", emails.phase_starts)


def phase_ends_soon(question: Question) -> Iterator[Occasion]:
    """To associates, or their coordinators, before a phase ends."""
    return _to_associates(question, PHASE_ENDS_SOON, "until", emails.phase_ends_soon)


def _to_associates(
    question: Question, kind: Kind, column: str, mail: Callable[[Associate, Phase, date], Mail]
) -> Iterator[Occasion]:
    """An occasion for each phase whose `column` is spoken of in the window, and each associate of its cohort."""
    found = _phases(question, kind, column)
    days = sorted(found)
    associates = Associate.objects.filter(cohort__in={cohort for spoken_of in found.values() for cohort in spoken_of})
    if question.people is not None:
        associates = associates.filter(person__reference__in=question.people)
    associates = with_statuses_on(associates, [question.judged_on(on) for on in days])
    rows = associates.select_related("person").order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME) if days else ()
    for associate in rows:
        for on, status in zip(days, statuses_of(associate, len(days)), strict=True):
            for phase, slot in found[on].get(associate.cohort_id, ()):
                associate.cohort = phase.cohort
                yield Occasion(
                    slot.in_turn(mail(associate, phase, on)),
                    slot,
                    event_on=getattr(phase, column),
                    heard=rules.may_hear(
                        associate.person, status, audience=slot.policy.audience, stop=slot.policy.stop
                    ),
                    facts=((_("Status on that day"), status.label if status else _("not enrolled yet")),),
                    topic=PhaseKind(phase.kind).label,
                )
    for on in days:
        yield from _to_coordinators(question, on, found[on], column, mail)


def _to_coordinators(
    question: Question,
    on: date,
    spoken_of: Mapping[int, list[tuple[Phase, Slot]]],
    column: str,
    mail: Callable[[Associate, Phase, date], Mail],
) -> Iterator[Occasion]:
    """Where the rule says so: an occasion for each phase and each coordinator of somebody in its cohort."""
    told = {
        cohort: [(phase, slot) for phase, slot in phases if slot.policy.audience != ASSOCIATES.slug]
        for cohort, phases in spoken_of.items()
    }
    cohorts = [cohort for cohort, phases in told.items() if phases]
    day = question.judged_on(on)
    for coordinator, associates in coordinators_with_people(cohorts, day, question.people) if cohorts else ():
        for cohort in dict.fromkeys(associate.cohort_id for associate in associates):
            theirs = [associate for associate in associates if associate.cohort_id == cohort]
            for phase, slot in told[cohort]:
                names = [associate.person.name for associate in theirs if _concerns(associate, slot)]
                theirs[0].cohort = phase.cohort
                letter = emails.to_coordinator(mail(theirs[0], phase, on), coordinator, names)
                yield Occasion(
                    slot.in_turn(letter),
                    slot,
                    event_on=getattr(phase, column),
                    heard=rules.may_hear_of_people(coordinator, names),
                    facts=((_("People they look after"), ", ".join(names)),),
                    topic=PhaseKind(phase.kind).label,
                )


def _concerns(associate: Associate, slot: Slot) -> bool:
    """Whether the associate would be told, were associates told at all."""
    then: str | None = associate.status_that_day  # type: ignore[attr-defined]
    status = AssociateStatus(then) if then else None
    return rules.may_hear(associate.person, status, stop=slot.policy.stop).allowed


def _phases(question: Question, kind: Kind, column: str) -> dict[date, dict[int, list[tuple[Phase, Slot]]]]:
    """The phases that are spoken of in the window: by day, then by cohort."""
    policies = question.policies(kind)
    near = policies.events_near(question.window)
    phases = Phase.objects.filter(**{f"{column}__gte": near.starts_on, f"{column}__lt": near.until})
    if question.scope:
        phases = phases.filter(cohort__slug=emails.slug_in(question.scope))
    phases = phases.exclude(cohort__status=CohortStatus.CANCELLED)
    found: dict[date, dict[int, list[tuple[Phase, Slot]]]] = defaultdict(lambda: defaultdict(list))
    for phase in phases.select_related("cohort__programme").prefetch_related("cohort__phases").order_by("pk"):
        for slot in policies.slots(emails.about(phase.cohort), getattr(phase, column)):
            if slot.on in question.window:
                found[slot.on][phase.cohort_id].append((phase, slot))
    return found


SOURCES = (
    Source(PHASE_STARTS, phase_starts),
    Source(PHASE_ENDS_SOON, phase_ends_soon),
)
