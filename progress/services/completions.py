"""One associate's milestone: marked ready with evidence, confirmed, asked for again, counted, exempt, opened again.

Lock order: associate before completion. The associate's row lets two who decide at once wait for each other, and
whoever completes the phase wait for both.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Associate
from core.audit import record
from core.clock import now
from core.lifecycle import begin, move
from core.verdicts import require
from messaging import outbox
from people.models import User
from progress import emails
from progress.enums import CompletionStatus, EvidenceKind
from progress.models import Completion, Evidence, EvidenceFile, Milestone
from progress.queries.completions import Standing, standing, standing_of
from progress.queries.files import File, type_of
from progress.rules import completions as rules
from progress.rules.files import is_harmless
from progress.rules.milestones import has_reason


@transaction.atomic
def mark_ready(
    *,
    associate: Associate,
    milestone: Milestone,
    text: str = "",
    link: str = "",
    file: File | None = None,
    asked_of: User | None = None,
    by: User | None,
    today: date,
) -> Completion:
    """The associate says that the milestone is reached, and shows it; it waits for whoever confirms it.

    `asked_of` is the lab lead or coach to whom it is sent (None: the programme team). What was shown before stays.
    Raises NotAllowed: somebody else, too early, nothing shown, a file that could run.
    """
    associate, at_hand = _locked(associate, milestone)
    require(rules.may_mark_ready(by, associate, at_hand, today))
    require(rules.is_enough(milestone, shown=bool(text or link or file)))
    if file is not None:
        require(is_harmless(file))
    if asked_of is not None:
        require(rules.may_be_sent_to(asked_of, associate, milestone, today))
    completion = _row(associate, at_hand, by, today)
    completion.asked_of = asked_of
    move(completion, CompletionStatus.READY, by=by, on=today, also=["asked_of"])
    _keep(completion, text, link, file, today)
    record("milestone.marked_ready", about=completion, by=by)
    return completion


def confirm_milestone(*, associate: Associate, milestone: Milestone, by: User | None, today: date) -> Completion:
    """The milestone is reached. Raises NotAllowed."""
    return _decide(associate, milestone, CompletionStatus.CONFIRMED, "milestone.confirmed", "", by, today)


def ask_again(*, associate: Associate, milestone: Milestone, reason: str, by: User | None, today: date) -> Completion:
    """Something is missing; the associate is told what. Raises NotAllowed."""
    require(has_reason(reason))
    with transaction.atomic():
        done = _decide(associate, milestone, CompletionStatus.ASKED_AGAIN, "milestone.asked_again", reason, by, today)
        outbox.queue(emails.milestone_asked_again(done, reason, today))
    return done


def override_milestone(
    *, associate: Associate, milestone: Milestone, reason: str, by: User | None, today: date
) -> Completion:
    """Count the milestone although nothing, or not all, was shown. Raises NotAllowed (no reason, who)."""
    require(has_reason(reason))
    return _decide(associate, milestone, CompletionStatus.OVERRIDDEN, "milestone.counted", reason, by, today)


def exempt_from_milestone(
    *, associate: Associate, milestone: Milestone, reason: str, by: User | None, today: date
) -> Completion:
    """The milestone is not asked of this associate. Raises NotAllowed (no reason, who)."""
    require(has_reason(reason))
    return _decide(associate, milestone, CompletionStatus.EXEMPT, "milestone.exempted", reason, by, today)


def reopen_milestone(
    *, associate: Associate, milestone: Milestone, reason: str, by: User | None, today: date
) -> Completion:
    """Take a decision back: it is to be done again. A phase that was completed stays so. Raises NotAllowed."""
    require(has_reason(reason))
    return _decide(associate, milestone, CompletionStatus.OPEN, "milestone.opened_again", reason, by, today)


@transaction.atomic
def _decide(
    associate: Associate,
    milestone: Milestone,
    to: CompletionStatus,
    event: str,
    reason: str,
    by: User | None,
    today: date,
) -> Completion:
    associate, at_hand = _locked(associate, milestone)
    require(rules.may_decide(by, associate, at_hand, to, today))
    completion = _row(associate, at_hand, by, today)
    came_from = completion.status
    move(completion, to, by=by, on=today, note=reason)
    record(event, about=completion, by=by, came_from=came_from)
    return completion


def _locked(associate: Associate, milestone: Milestone) -> tuple[Associate, Standing]:
    """The associate, locked, and where they stand with the milestone now."""
    rows = Associate.objects.select_for_update(of=("self",)).select_related("cohort", "person")
    associate = rows.get(pk=associate.pk)
    milestone = Milestone.objects.select_related("phase").get(pk=milestone.pk, phase__cohort=associate.cohort_id)
    return associate, standing_of(associate, milestone)


def _row(associate: Associate, at_hand: Standing, by: User | None, today: date) -> Completion:
    """The row of the milestone, made with the status that it had without one."""
    if at_hand.completion is not None:
        completion = at_hand.completion
    else:
        status = standing(associate, at_hand.milestone, None).status
        completion = Completion.objects.create(milestone=at_hand.milestone, associate=associate, status=status)
        begin(completion, by=by, on=today)
    completion.milestone, completion.associate = at_hand.milestone, associate
    return completion


def _keep(completion: Completion, text: str, link: str, file: File | None, today: date) -> None:
    """Add what was shown: a row for each of the three."""
    at = now()

    def add(kind: EvidenceKind, **values: object) -> Evidence:
        return Evidence.objects.create(completion=completion, kind=kind, given_on=today, given_at=at, **values)

    if text:
        add(EvidenceKind.TEXT, text=text)
    if link:
        add(EvidenceKind.LINK, link=link)
    if file is not None:
        kind = type_of(file)
        assert kind is not None  # is_harmless has looked
        stem = file.name.rsplit(".", 1)[0].strip()[:140] or "file"
        row = add(
            EvidenceKind.FILE,
            file_name=f"{stem}.{kind.ending}",
            file_type=kind.content_type,
            file_size=len(file.content),
        )
        EvidenceFile.objects.create(evidence=row, content=file.content)
