"""Putting people forward, one or a file of them, and taking a nomination back.

Lock order: cohort before places before nomination before person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Theme
from cohorts.models import Cohort
from core import clock
from core.audit import record, record_many
from core.lifecycle import begin_many, move
from core.verdicts import NotAllowed, require
from nominations.enums import LinkPurpose, NominationStatus, Route
from nominations.models import Nomination, Places
from nominations.queries.proposals import Facts, Proposal, addresses_in, facts_about
from nominations.rules import nominations as rules
from nominations.services.first_links import send_first_links
from nominations.services.links import revoke_links, send_link
from nominations.services.places import exceed_places, take_back_no_nominees
from people.models import Organisation, User
from people.services.many import add_new_people


@dataclass(frozen=True)
class PutForward:
    """What a file, or one form, did: the nominations it made, and those that stood before."""

    added: list[Nomination]
    there: list[Nomination]


@transaction.atomic
def nominate(
    *,
    cohort: Cohort,
    organisation: Organisation,
    first_name: str,
    last_name: str,
    email: str,
    job_title: str,
    directorate: str = "",
    line_manager_name: str,
    line_manager_email: str,
    themes: Sequence[Theme] = (),
    reason: str,
    over_places_reason: str = "",
    elsewhere_reason: str = "",
    by: User | None,
    today: date,
) -> Nomination:
    """Nominate a person for a cohort, once: the same organisation's second call returns the first nomination.

    No `themes` means either. Sends the nominee and the line manager their links. Somebody who applied themselves is
    joined: the route becomes “both”. `by` None is an application by the person (Route.SELF). Above the indicative
    places `over_places_reason` is needed, for an associate of another cohort `elsewhere_reason`; both are kept and
    audited. Raises NotAllowed (who, closed) and ValidationError (per field).
    """
    proposal = Proposal(
        first_name=" ".join(first_name.split()),
        last_name=" ".join(last_name.split()),
        email=email.strip().lower(),
        job_title=job_title.strip(),
        directorate=directorate.strip(),
        line_manager_name=line_manager_name.strip(),
        line_manager_email=line_manager_email.strip().lower(),
        themes=tuple(themes),
        reason=reason.strip(),
    )
    done = nominate_many(
        cohort=cohort,
        organisation=organisation,
        proposals=[proposal],
        over_places_reason=over_places_reason,
        elsewhere_reason=elsewhere_reason,
        by=by,
        today=today,
    )
    return (done.added or done.there)[0]


@transaction.atomic
def nominate_many(
    *,
    cohort: Cohort,
    organisation: Organisation,
    proposals: Sequence[Proposal],
    over_places_reason: str = "",
    elsewhere_reason: str = "",
    by: User | None,
    today: date,
) -> PutForward:
    """Nominate all of these people, or nobody, in a number of queries that does not depend on how many they are.

    No address may be among them twice. Who is nominated already stays as they are. The two reasons hold for every
    person that needs one. Raises NotAllowed (who, closed) and ValidationError (per field; of several people the first
    that cannot be nominated is named).
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("programme").get(pk=cohort.pk)
    places = Places.objects.select_for_update().filter(cohort=cohort, organisation=organisation).first()
    require(rules.may_nominate(by, cohort, organisation, today))
    facts = facts_about(cohort, organisation, addresses_in(proposals))
    fresh: list[Proposal] = []
    there: list[Nomination] = []
    for proposal in proposals:
        if faults := rules.faults_of(by, facts, proposal.email, proposal.line_manager_email):
            raise ValidationError(faults if len(proposals) == 1 else _named(proposal, faults))
        if standing := facts.nomination_of(proposal.email):
            there.append(_arrived_again(standing, proposal, by=by, today=today))
        else:
            fresh.append(proposal)
    over = ""
    # People who apply by themselves are told nothing about places or about what we know of them.
    if by and fresh:
        over = exceed_places(
            cohort=cohort,
            organisation=organisation,
            nominations=len(fresh),
            reason=over_places_reason,
            by=by,
            today=today,
        )
        _check_elsewhere(facts, fresh, elsewhere_reason)
    added = _create(cohort, facts, fresh, over, elsewhere_reason.strip(), by=by, today=today)
    if by and added and places and places.no_nominees_on:
        take_back_no_nominees(cohort=cohort, organisation=organisation, by=by, today=today)
    send_first_links(nominations=added, by=by, today=today)
    return PutForward(added, there)


def _create(
    cohort: Cohort,
    facts: Facts,
    fresh: Sequence[Proposal],
    over_places_reason: str,
    elsewhere_reason: str,
    *,
    by: User | None,
    today: date,
) -> list[Nomination]:
    """The rows of new nominations, their people where they are new, their first moves and audit rows."""
    names = {proposal.email: proposal.name for proposal in fresh if facts.person(proposal.email) is None}
    people = facts.people | add_new_people(names=names, by=by, today=today)
    at = clock.now()
    made = [
        Nomination(
            cohort=cohort,
            person=people[proposal.email],
            organisation=facts.organisation,
            route=Route.COORDINATOR if by else Route.SELF,
            nominated_by=by,
            submitted_at=at,
            submitted_on=today,
            job_title=proposal.job_title,
            directorate=proposal.directorate,
            line_manager_name=proposal.line_manager_name,
            line_manager_email=proposal.line_manager_email,
            reason=proposal.reason,
            over_places_reason=over_places_reason,
            elsewhere_reason=elsewhere_reason if facts.place_elsewhere(proposal.email) else "",
        )
        for proposal in fresh
    ]
    Nomination.objects.bulk_create(made, 1000)
    chosen = Nomination.themes.through
    chosen.objects.bulk_create(
        [
            chosen(nomination=nomination, theme=theme)
            for nomination, proposal in zip(made, fresh, strict=True)
            for theme in proposal.themes
        ],
        1000,
    )
    begin_many(made, by=by, on=today)
    record_many((("nomination.submitted", row, _details(row)) for row in made), by=by)
    return made


def _details(nomination: Nomination) -> dict[str, str]:
    reasons = {"over_places_reason": nomination.over_places_reason, "elsewhere_reason": nomination.elsewhere_reason}
    return {"organisation": nomination.organisation.code, **{name: text for name, text in reasons.items() if text}}


def _named(proposal: Proposal, faults: Mapping[str, str]) -> list[str]:
    return [f"{proposal.name}: {sentence}" for sentence in faults.values()]


def _check_elsewhere(facts: Facts, fresh: Sequence[Proposal], reason: str) -> None:
    for proposal in fresh:
        verdict = rules.is_new_to_the_programme(facts.place_elsewhere(proposal.email))
        if not verdict and not reason.strip():
            raise ValidationError({"elsewhere_reason": f"{verdict.reason} {_('Give a reason to go on.')}"})


def _arrived_again(nomination: Nomination, proposal: Proposal, *, by: User | None, today: date) -> Nomination:
    """A person arrives a second time: the same route changes nothing, the other one joins."""
    came_again_the_same_way = (nomination.route == Route.SELF) == (by is None) or nomination.route == Route.BOTH
    if came_again_the_same_way:
        return nomination
    nomination = Nomination.objects.select_for_update(of=("self",)).select_related("person").get(pk=nomination.pk)
    nomination.route = Route.BOTH
    if by:
        nomination.nominated_by = by
        nomination.reason = f"{nomination.reason}\n\n{proposal.reason}".strip()
    elif proposal.reason:
        # Not confirmed by anybody yet: what the applicant writes is added to, and takes nothing from, what stands.
        nomination.reason = f"{nomination.reason}\n\n{proposal.reason}".strip()
    nomination.save(update_fields=["route", "nominated_by", "reason"])
    record("nomination.joined", about=nomination, by=by, on=today.isoformat())
    return nomination


@transaction.atomic
def apply_oneself(
    *, cohort: Cohort, organisation: Organisation, by: None = None, today: date, **values: object
) -> None:
    """Take an application from the public page. Says nothing about whom we know: the caller gets None either way.

    Who is nominated already is sent their link once more (within its limits). What cannot be taken, because of what
    we know about the person, is noted in the log. `values` as for `nominate`. Raises NotAllowed when closed.
    """
    require(rules.may_apply(cohort, today))
    email = str(values["email"]).strip().lower()
    standing = facts_about(cohort, organisation, [email]).nomination_of(email)
    try:
        with transaction.atomic():
            nominate(cohort=cohort, organisation=organisation, by=by, today=today, **values)  # type: ignore[arg-type]
            if standing and standing.status == NominationStatus.INVITED:
                send_link(nomination=standing, purpose=LinkPurpose.NOMINEE, by=None, today=today)
    except ValidationError as problem:
        record("application.refused", about=cohort, by=None, because=problem.messages)
    except NotAllowed as refusal:
        record("application.refused", about=cohort, by=None, because=[refusal.reason])


@transaction.atomic
def complete_if_ready(*, nomination: Nomination, by: User | None = None, today: date) -> Nomination:
    """The nominee has consented and the line manager has endorsed: the nomination can be reviewed."""
    nomination = (
        Nomination.objects.select_for_update(of=("self",)).select_related("person", "cohort").get(pk=nomination.pk)
    )
    part = getattr(nomination, "nominee_part", None)
    endorsement = getattr(nomination, "endorsement", None)
    ready = part is not None and part.consents and endorsement is not None and endorsement.endorsed
    if ready and nomination.status == NominationStatus.INVITED:
        move(nomination, NominationStatus.COMPLETE, by=by, on=today)
        record("nomination.completed", about=nomination, by=by)
    return nomination


@transaction.atomic
def withdraw_nomination(*, nomination: Nomination, reason: str, by: User | None, today: date) -> Nomination:
    """Take a nomination back, with the reason kept in its history; its links stop working. Raises NotAllowed."""
    Cohort.objects.select_for_update().get(pk=nomination.cohort_id)
    nomination = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("person", "cohort", "organisation")
        .get(pk=nomination.pk)
    )
    require(rules.may_withdraw(by, nomination, today))
    move(nomination, NominationStatus.WITHDRAWN, by=by, on=today, note=reason.strip())
    revoke_links(nomination=nomination)
    record("nomination.withdrawn", about=nomination, by=by, reason=reason.strip())
    return nomination
