"""Who should hear about answers that are missing. Nothing is stored ahead: each run computes it from the dates.

Usually coordinators are reminded five working days before recruitment closes, nominee and line manager on working days
5 and 10 after the nomination, and whoever was offered a place two working days before the last day for the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from cohorts.emails import about, slug_in
from core.bilingual import pick
from core.clock import working_days_after
from messaging.kinds import Kind, Text
from messaging.policies import Policies, Slot
from messaging.reminders import Occasion, Question, Source
from nominations import emails
from nominations.enums import LinkPurpose
from nominations.kinds import MANAGER_REMINDER, NOMINEE_REMINDER, OFFER_REMINDER, RECRUITMENT_CLOSES_SOON
from nominations.models import Link, Nomination
from nominations.queries.answers import LAPSES_ON_WORKING_DAY, WORDS, with_waiting_since
from nominations.queries.links import secret_of
from nominations.queries.offers import with_last_day
from nominations.queries.places import OrganisationPlaces, closing_between, coordinated_lines
from nominations.rules import reminding

ONE_DAY = timedelta(days=1)
ROWS_AT_A_TIME = 500


def recruitment_closes_soon(question: Question) -> Iterator[Occasion]:
    """To coordinators before the last day of recruitment.

    Not for an organisation that said “no nominees this time” for the cohort, nor usually for one that has put forward
    as many as it was asked for. Whoever coordinates several gets one mail about those that are left.
    """
    policies = question.policies(RECRUITMENT_CLOSES_SOON)
    near = policies.events_near(question.window)
    assert near.until is not None
    slug = slug_in(question.scope)
    for cohort in closing_between(near.starts_on, near.until, slug) if slug or not question.scope else ():
        last_day: date = cohort.recruitment_until - ONE_DAY  # type: ignore[operator, assignment]
        for slot in _within(question, policies, about(cohort), last_day):
            for person, lines in coordinated_lines(cohort, question.judged_on(slot.on), question.people):
                stop = slot.policy.stop
                awaited = [line for line in lines if reminding.is_awaited(line, stop)]
                yield Occasion(
                    slot.in_turn(emails.recruitment_closes_soon(cohort, person, awaited, slot.on)),
                    slot,
                    event_on=last_day,
                    heard=reminding.may_hear_of_closing(cohort, person, bool(awaited), stop),
                    facts=tuple(_numbers(line) for line in lines),
                )


def nominee_reminders(question: Question) -> Iterator[Occasion]:
    """To nominees whose own part is missing."""
    return _missing(question, NOMINEE_REMINDER)


def manager_reminders(question: Question) -> Iterator[Occasion]:
    """To line managers whose endorsement is missing. They have no reference with us."""
    return _missing(question, MANAGER_REMINDER) if question.people is None or "" in question.people else iter(())


def _missing(question: Question, kind: Kind) -> Iterator[Occasion]:
    to_nominee = kind is NOMINEE_REMINDER
    may_remind = reminding.may_remind_nominee if to_nominee else reminding.may_remind_manager
    policies = question.policies(kind)
    near = policies.events_near(question.window)
    rows = with_waiting_since(_asked_for(question))
    rows = rows.filter(waiting_since__gte=near.starts_on, waiting_since__lt=near.until)  # type: ignore[misc]
    if to_nominee and question.people is not None:
        rows = rows.filter(person__reference__in=question.people)
    purpose = LinkPurpose.NOMINEE if to_nominee else LinkPurpose.MANAGER
    rows = with_nonce(rows, purpose).select_related("nominee_part", "endorsement")
    for nomination in rows.iterator(chunk_size=ROWS_AT_A_TIME):
        since: date = nomination.waiting_since  # type: ignore[attr-defined]
        lapses_on = working_days_after(since, LAPSES_ON_WORKING_DAY)
        for slot in _within(question, policies, about(nomination.cohort), since):
            mail = emails.nominee_reminder if to_nominee else emails.manager_reminder
            yield Occasion(
                mail(nomination, _secret(nomination), slot.turn, slot.on, lapses_on),
                slot,
                event_on=since,
                heard=may_remind(nomination) and reminding.has_not_lapsed_by(slot.on, lapses_on),
                facts=_facts(nomination),
                topic=nomination.person.name,
            )


def offer_reminders(question: Question) -> Iterator[Occasion]:
    """To those who were offered a place, before the last day for the answer."""
    policies = question.policies(OFFER_REMINDER)
    near = policies.events_near(question.window)
    rows = with_last_day(_asked_for(question)).select_related(*WORDS).order_by("pk")
    rows = rows.filter(answer_by__gte=near.starts_on, answer_by__lt=near.until)  # type: ignore[misc]
    if question.people is not None:
        rows = rows.filter(person__reference__in=question.people)
    for nomination in with_nonce(rows, LinkPurpose.OFFER).iterator(chunk_size=ROWS_AT_A_TIME):
        answer_by: date = nomination.answer_by  # type: ignore[attr-defined]
        for slot in _within(question, policies, about(nomination.cohort), answer_by):
            yield Occasion(
                slot.in_turn(emails.offer_reminder(nomination, _secret(nomination), slot.on, answer_by)),
                slot,
                event_on=answer_by,
                heard=reminding.may_remind_of_offer(nomination)
                and reminding.has_not_lapsed_by(slot.on, answer_by + ONE_DAY),
                facts=_facts(nomination),
            )


def with_nonce(nominations: QuerySet[Nomination], purpose: str) -> QuerySet[Nomination]:
    """Those that were sent a link for that purpose, with the newest one’s `nonce`: what was sent is sent again."""
    links = Link.objects.filter(nomination=OuterRef("pk"), purpose=purpose).order_by("-created_at", "-pk")
    with_it = nominations.annotate(nonce=Subquery(links.values("nonce")[:1]))
    return with_it.exclude(nonce=None)  # type: ignore[misc]


def _asked_for(question: Question) -> QuerySet[Nomination]:
    if not question.scope:
        return Nomination.objects.all()
    return Nomination.objects.filter(cohort__slug=slug_in(question.scope))


def _within(question: Question, policies: Policies, scope: str, event_on: date) -> Iterator[Slot]:
    """The slots of an event that the question asks for."""
    return (slot for slot in policies.slots(scope, event_on) if slot.on in question.window)


def _facts(nomination: Nomination) -> tuple[tuple[Text, object], ...]:
    return ((_("Status of the nomination"), nomination.get_status_display()),)


def _numbers(line: OrganisationPlaces) -> tuple[Text, object]:
    """The organisation, and how many it has put forward of how many places."""
    none = f"; {_('No nominees this time')}" if line.no_nominees_on else ""
    label = f"{pick(line.organisation, 'short')}, {_('put forward / places')}"
    return label, f"{line.nominated} / {line.indicative}{none}"


def _secret(nomination: Nomination) -> str:
    nonce: str = nomination.nonce  # type: ignore[attr-defined]
    return secret_of(nonce)


SOURCES = (
    Source(RECRUITMENT_CLOSES_SOON, recruitment_closes_soon),
    Source(NOMINEE_REMINDER, nominee_reminders),
    Source(MANAGER_REMINDER, manager_reminders),
    Source(OFFER_REMINDER, offer_reminders),
)
