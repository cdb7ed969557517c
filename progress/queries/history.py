"""What happened to an associate, as plain sentences, the newest first, with as much as the reader may know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from cohorts.enums import AssociateStatus, LeavingReason
from cohorts.models import Associate, AssociateMove
from core.bilingual import pick
from progress.enums import CompletionStatus
from progress.models import Completion, CompletionMove, Milestone
from progress.queries.conditions import PhaseProgress


@dataclass(frozen=True)
class Happening:
    """One thing that happened: the day, the sentence, words about it, and who recorded it when."""

    on: date
    recorded_at: datetime
    sentence: str
    words: str = ""
    by: str = ""


def history_of(associate: Associate, phases: Iterable[PhaseProgress], *, in_full: bool) -> list[Happening]:
    """Everything about the associate, the newest first. Reasons, words and names only `in_full`. Two queries."""
    found = [
        *_of_status(associate, in_full=in_full),
        *_of_milestones(associate, in_full=in_full),
        *_of_phases(phases, in_full=in_full),
    ]
    return sorted(found, key=lambda one: (one.on, one.recorded_at), reverse=True)


def _of_status(associate: Associate, *, in_full: bool) -> Iterator[Happening]:
    for move in associate.moves.select_related("by").order_by("pk"):
        reason = str(LeavingReason(move.reason).label) if move.reason else ""
        words = "\n".join(part for part in (reason, move.note) if part) if in_full else ""
        yield Happening(move.effective_on, move.recorded_at, status_sentence(move), words, _name(move, in_full))


def status_sentence(move: AssociateMove) -> str:
    """What a change of status is in words."""
    if move.to_status == AssociateStatus.ACTIVE and move.from_status == AssociateStatus.PAUSED:
        return _("Took part again after a break.")
    sentences = {
        AssociateStatus.ENROLLED: _("Got a place in the cohort."),
        AssociateStatus.ACTIVE: _("Started in the cohort."),
        AssociateStatus.PAUSED: _("Began a break."),
        AssociateStatus.COMPLETED: _("Completed the programme."),
        AssociateStatus.WITHDRAWN: _("Left the cohort."),
        AssociateStatus.DID_NOT_START: _("Did not start."),
    }
    return sentences[AssociateStatus(move.to_status)]


def _of_milestones(associate: Associate, *, in_full: bool) -> Iterator[Happening]:
    moves = CompletionMove.objects.filter(thing__associate=associate).exclude(from_status="")
    for move in moves.select_related("thing__milestone", "by").order_by("pk"):
        yield _of_milestone(move, move.thing.milestone, in_full=in_full)


def history_of_completion(completion: Completion, *, in_full: bool) -> list[Happening]:
    """What happened to one milestone, the newest first. One query."""
    moves = completion.moves.exclude(from_status="").select_related("by").order_by("-effective_on", "-pk")
    return [_of_milestone(move, completion.milestone, in_full=in_full) for move in moves]


def _of_milestone(move: CompletionMove, milestone: Milestone, *, in_full: bool) -> Happening:
    sentence = milestone_sentence(move) % {"milestone": pick(milestone, "title")}
    words = move.note if in_full else ""
    return Happening(move.effective_on, move.recorded_at, sentence, words, _name(move, in_full))


def milestone_sentence(move: CompletionMove) -> str:
    """What a change of a milestone is in words, with a place for its title."""
    sentences = {
        CompletionStatus.OPEN: _("Opened again: %(milestone)s"),
        CompletionStatus.READY: _("Marked as ready: %(milestone)s"),
        CompletionStatus.ASKED_AGAIN: _("More was asked for: %(milestone)s"),
        CompletionStatus.CONFIRMED: _("Confirmed: %(milestone)s"),
        CompletionStatus.OVERRIDDEN: _("Counted without evidence: %(milestone)s"),
        CompletionStatus.EXEMPT: _("Exempt from: %(milestone)s"),
        CompletionStatus.BEFORE_JOINING: _("Was due before joining: %(milestone)s"),
    }
    return sentences[CompletionStatus(move.to_status)]


def _of_phases(phases: Iterable[PhaseProgress], *, in_full: bool) -> Iterator[Happening]:
    for phase in phases:
        if phase.completion is not None:
            sentence = _("Completed the phase: %(phase)s") % {"phase": phase.phase.get_kind_display()}
            by = phase.completion.completed_by
            name = by.name if in_full and by else ""
            yield Happening(phase.completion.completed_on, phase.completion.recorded_at, sentence, by=name)


def _name(move: AssociateMove | CompletionMove, in_full: bool) -> str:
    return move.by.name if in_full and move.by else ""
