"""Verbs of announcements. Each locks the announcement first, then looks again at where it stands."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Cohort
from cohorts.rules import is_in_both_languages
from core import clock
from core.audit import record
from core.bilingual import WelshStatus
from core.verdicts import require
from correspondence import emails, rules
from correspondence.enums import AnnouncementState
from correspondence.models import Announcement
from correspondence.queries import announcements as queries
from messaging import claims, outbox
from messaging.approvals import held_of
from people.models import Organisation, User


@transaction.atomic
def write_announcement(
    *,
    cohort: Cohort,
    audience: str,
    organisation: Organisation | None = None,
    subject_en: str,
    subject_cy: str,
    body_en: str,
    body_cy: str,
    by: User | None,
    today: date,
) -> Announcement:
    """Write a draft in both languages. Sends nothing. Raises NotAllowed; writes audit."""
    require(rules.may_announce(by, today))
    require(is_in_both_languages(subject_en, subject_cy, body_en, body_cy))
    announcement = Announcement.objects.create(
        cohort=cohort,
        audience=audience,
        organisation=organisation,
        subject_en=subject_en,
        subject_cy=subject_cy,
        body_en=body_en,
        body_cy=body_cy,
        written_at=clock.now(),
        written_by=by,
    )
    record("announcement.written", about=announcement, by=by, cohort=cohort.slug, audience=audience)
    return announcement


@transaction.atomic
def change_announcement(
    *,
    announcement: Announcement,
    audience: str,
    organisation: Organisation | None = None,
    subject_en: str,
    subject_cy: str,
    body_en: str,
    body_cy: str,
    same: bool = False,
    by: User | None,
    today: date,
) -> Announcement:
    """Change words or audience of what has not gone out. What somebody approved must be approved again.

    `same`: somebody says that both texts say the same, though only one of them changed; else that is refused. Raises
    NotAllowed; writes audit.
    """
    announcement = _locked(announcement)
    require(rules.may_change_announcement(by, announcement, _state(announcement, today), today))
    texts = {"subject_en": subject_en, "subject_cy": subject_cy, "body_en": body_en, "body_cy": body_cy}
    require(is_in_both_languages(*texts.values()))
    require(rules.is_of_one_age(announcement, texts, same))
    for column, text in texts.items():
        setattr(announcement, column, text)
    announcement.audience, announcement.organisation = audience, organisation
    announcement.approved_at = announcement.approved_by = None
    announcement.needs_approval = announcement.send_on is not None and _is_to_many(announcement)
    announcement.save()
    if announcement.welsh_status == WelshStatus.STALE:
        announcement.welsh_status = WelshStatus.CONFIRMED
        announcement.save(update_fields=["welsh_status"])
    record("announcement.changed", about=announcement, by=by, audience=audience)
    return announcement


@transaction.atomic
def schedule_announcement(*, announcement: Announcement, send_on: date, by: User, today: date) -> Announcement:
    """Choose its day, or another one. Today's goes to the outbox at once; a later day's in the morning of that day.

    To more people than the cohort's rule allows it waits for somebody else's approval. Raises NotAllowed; writes audit
    and, for today, the mails.
    """
    announcement = _locked(announcement)
    require(rules.may_change_announcement(by, announcement, _state(announcement, today), today))
    require(rules.is_a_day_to_send(send_on, today))
    came_from = announcement.send_on
    announcement.send_on, announcement.scheduled_by = send_on, by
    announcement.approved_at = announcement.approved_by = None
    announcement.needs_approval = _is_to_many(announcement)
    announcement.save(update_fields=["send_on", "scheduled_by", "needs_approval", "approved_at", "approved_by"])
    moved = {"from": came_from.isoformat()} if came_from else {}
    record("announcement.scheduled", about=announcement, by=by, send_on=send_on.isoformat(), **moved)
    _send_if_today(announcement, today)
    return announcement


@transaction.atomic
def approve_announcement(*, announcement: Announcement, by: User, today: date) -> Announcement:
    """Let it go to many people on its day. Raises NotAllowed, for whoever chose the day too; writes audit and, when the
    day is today, the mails."""
    announcement = _locked(announcement)
    require(rules.may_approve_announcement(by, announcement, _state(announcement, today), today))
    announcement.approved_at, announcement.approved_by = clock.now(), by
    announcement.save(update_fields=["approved_at", "approved_by"])
    record("announcement.approved", about=announcement, by=by)
    _send_if_today(announcement, today)
    return announcement


@transaction.atomic
def cancel_announcement(*, announcement: Announcement, by: User, today: date) -> Announcement:
    """Send nothing more of it: what is in the outbox and has not been sent is not sent. Raises NotAllowed; writes
    audit."""
    announcement = _locked(announcement)
    require(rules.may_cancel_announcement(by, announcement, today))
    announcement.cancelled_at = clock.now()
    announcement.save(update_fields=["cancelled_at"])
    record("announcement.cancelled", about=announcement, by=by)
    # What waits in the queue is asked about again before it goes; what is held would wait for ever.
    claims.discard_all(held_of(f"announcement:{announcement.reference}:"))
    return announcement


def _locked(announcement: Announcement) -> Announcement:
    Announcement.objects.select_for_update().get(pk=announcement.pk)
    return Announcement.objects.select_related("cohort__programme", "organisation").get(pk=announcement.pk)


def _state(announcement: Announcement, today: date) -> AnnouncementState:
    return queries.standing(announcement, today).state


def _is_to_many(announcement: Announcement) -> bool:
    day = announcement.send_on
    assert day is not None
    return queries.audience(announcement, day).count() > queries.most_alone(announcement, day)


def _send_if_today(announcement: Announcement, today: date) -> None:
    if announcement.send_on != today or _state(announcement, today) != AnnouncementState.SCHEDULED:
        return
    people = queries.audience(announcement, today).iterator(chunk_size=outbox.BATCH)
    outbox.queue_many(emails.announcement(announcement, person, today) for person in people)
