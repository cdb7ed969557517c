"""Who reviews, who decides, who releases: and why not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from cohorts.rules import runs_programme
from core.lifecycle import may_move
from core.verdicts import ALLOWED, Verdict, refused
from nominations.enums import DecisionReason, NominationStatus, Outcome, ReviewStatus
from nominations.models import Decision, Nomination, Review, Score
from nominations.queries import reviews as queries
from nominations.rules.nominations import Someone
from people.models import User
from people.queries.roles import roles_on


def may_run_selection(user: Someone, today: date) -> Verdict:
    """Criteria, panel, ranked view, decisions: the programme team."""
    return runs_programme(user, today)


def may_change_criteria(user: Someone, cohort: Cohort, today: date) -> Verdict:
    """Criteria stay as they are once somebody has scored with them."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    if Score.objects.filter(criterion__cohort=cohort).exists():
        return refused(_("Somebody has already scored with these criteria, so they stay as they are."))
    return ALLOWED


def may_read_record(user: Someone, today: date) -> Verdict:
    """The frozen records: the programme team, and auditors, who are there to look."""
    if isinstance(user, User) and roles_on(user, today).is_auditor:
        return ALLOWED
    return runs_programme(user, today)


def can_sit_on_panel(person: User, cohort: Cohort) -> Verdict:
    """Nobody who is nominated for this very cohort."""
    if Nomination.objects.filter(cohort=cohort, person=person, status__in=NominationStatus.standing()).exists():
        return refused(_("This person is nominated for this cohort, so they cannot review for it."))
    return ALLOWED


def may_recuse(user: Someone, review: Review, today: date) -> Verdict:
    """The programme team, until the nomination is decided on."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    if review.nomination.status != NominationStatus.COMPLETE:
        return refused(_("This nomination is no longer being reviewed."))
    return may_move(review, ReviewStatus.RECUSED)


def has_no_conflict(reviewer: User, nomination: Nomination, today: date) -> Verdict:
    """Never the own organisation, the own line, oneself, or somebody one put forward."""
    if Nomination.objects.filter(pk=nomination.pk).filter(queries.conflicts(reviewer, today)).exists():
        return refused(_("This nomination is too close to this reviewer: same organisation, same line, or their own."))
    return ALLOWED


def may_view_review(user: User | AnonymousUser, review: Review, today: date) -> Verdict:
    """The twin of queries.reviews.visible_to, for one review."""
    if queries.visible_to(user, today).filter(pk=review.pk).exists():
        return ALLOWED
    return refused(_("This review is not yours."))


def may_review(user: Someone, review: Review, today: date) -> Verdict:
    """The reviewer themselves, without a conflict, while the nomination is being reviewed."""
    if not (verdict := may_view_review(user or AnonymousUser(), review, today)):
        return verdict
    if review.nomination.status != NominationStatus.COMPLETE:
        return refused(_("This nomination is no longer being reviewed."))
    if review.status == ReviewStatus.SUBMITTED and queries.result_of(review.nomination).is_in:
        return refused(_("All scores are in, so they stay as they are."))
    return ALLOWED


def may_abstain(user: Someone, review: Review, today: date) -> Verdict:
    """Whoever may score, before they have."""
    return may_review(user, review, today) and may_move(review, ReviewStatus.ABSTAINED)


def may_decide(user: Someone, nomination: Nomination, outcome: str, today: date) -> Verdict:
    """The programme team, never about somebody close to them; what is decided must be able to follow, scores are in.

    “Not eligible” needs no scores. A reserve has been decided on before.
    """
    if not (verdict := runs_programme(user, today)):
        return verdict
    if isinstance(user, User) and not has_no_conflict(user, nomination, today):
        return refused(_("This nomination is too close to you. Please ask a colleague."))
    if not (verdict := may_move(nomination, outcome)):
        return verdict
    needs_scores = outcome != Outcome.NOT_ELIGIBLE and nomination.status == NominationStatus.COMPLETE
    if needs_scores and not queries.result_of(nomination).is_in:
        return refused(
            _("Scores are still awaited. Reviews needed: %(needed)s.") % {"needed": queries.REVIEWERS_NEEDED}
        )
    return ALLOWED


def is_explained(reason: str, note: str) -> Verdict:
    """A decision has a reason; “another reason” has a note that names it."""
    if reason == DecisionReason.OTHER and not note.strip():
        return refused(_("Say in the note which reason it is."))
    return ALLOWED


def may_release(user: Someone, prepared: Iterable[Decision], today: date) -> Verdict:
    """A second person releases: the programme team, and nobody what they prepared themselves or what is about
    somebody close to them. The days that people are told lie ahead."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    decisions = list(prepared)
    if not decisions:
        return refused(_("No decisions are prepared."))
    if not isinstance(user, User):
        return refused(_("A person releases decisions."))
    if any(decision.prepared_by_id == user.pk for decision in decisions):
        return refused(_("You prepared some of these decisions. A second person releases them."))
    about = Nomination.objects.filter(pk__in=[decision.nomination_id for decision in decisions])
    if about.filter(queries.conflicts(user, today)).exists():
        return refused(_("One of these decisions is about somebody too close to you. Please ask a colleague."))
    if any(day and day < today for one in decisions for day in (one.answer_by, one.reserve_until)):
        return refused(_("A day given in one of these decisions has passed. Prepare that decision again."))
    return ALLOWED
