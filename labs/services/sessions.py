"""Planning, moving and cancelling sessions.

Lock order: cohort before session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from core import clock
from core.audit import record
from core.clock import LONDON, days_from, is_working_day
from core.lifecycle import begin, move
from core.verdicts import require
from labs import rules
from labs.enums import Mode, SessionKind, SessionStatus
from labs.models import LabRun, Session, SessionChange, SessionLead, SessionSeries
from people.models import User


@dataclass(frozen=True)
class SessionText:
    """What is said of a session, in both languages, and how it is held."""

    title_en: str
    title_cy: str
    about_en: str = ""
    about_cy: str = ""
    kind: str = SessionKind.WORKSHOP
    mode: str = Mode.IN_PERSON
    place_en: str = ""
    place_cy: str = ""
    access_en: str = ""
    access_cy: str = ""
    link: str = ""
    link_opens_minutes: int = 1440
    required: bool = True


@transaction.atomic
def plan_session(
    *,
    cohort: Cohort,
    run: LabRun | None = None,
    words: SessionText,
    on: date,
    starts: time,
    ends: time,
    leads: Sequence[User] = (),
    series: SessionSeries | None = None,
    by: User | None,
    today: date,
) -> Session:
    """Plan one session of the cohort, or of one of its lab runs, for a day and two times in London.

    Raises NotAllowed, and ValidationError (per field): times in the wrong order, a place or link that is missing.
    Clashes (labs.queries.sessions.clashes) are for whoever plans to see and decide on before; they refuse nothing.
    """
    cohort = Cohort.objects.select_for_update().get(pk=cohort.pk)
    require(rules.may_plan_sessions(by, cohort, run, today))
    starts_at, ends_at = _moments(on, starts, ends)
    _check_where(words)
    session = Session.objects.create(
        cohort=cohort, run=run, series=series, starts_at=starts_at, ends_at=ends_at, **asdict(words)
    )
    begin(session, by=by, on=today)
    SessionLead.objects.bulk_create(SessionLead(session=session, person=person) for person in dict.fromkeys(leads))
    record("session.planned", about=session, by=by, cohort=cohort.slug, starts_at=starts_at.isoformat())
    return session


@transaction.atomic
def plan_series(
    *,
    cohort: Cohort,
    run: LabRun | None = None,
    words: SessionText,
    first: date,
    until: date,
    starts: time,
    ends: time,
    leads: Sequence[User] = (),
    by: User | None,
    today: date,
) -> list[Session]:
    """Plan a session every week on the weekday of `first`, up to, not including, `until`; bank holidays are left out.

    Each is at the same time by the clock on the wall, whatever the clock change. Raises as plan_session, and
    ValidationError when no day is left.
    """
    days = [day for day in days_from(first, until) if day.weekday() == first.weekday() and is_working_day(day)]
    if not days:
        raise ValidationError({"until": _("No day is left between these two.")})
    series = SessionSeries.objects.create(cohort=cohort, starts_on=first, until=until, weekday=first.isoweekday())
    return [
        plan_session(
            cohort=cohort,
            run=run,
            words=words,
            on=day,
            starts=starts,
            ends=ends,
            leads=leads,
            series=series,
            by=by,
            today=today,
        )
        for day in days
    ]


@transaction.atomic
def move_session(
    *, session: Session, on: date, starts: time, ends: time, reason: str, by: User | None, today: date
) -> Session:
    """Move a session that lies ahead to another day or time; calendars learn of it by its SEQUENCE.

    The same day and times change nothing. Raises NotAllowed (who, begun, cancelled), and ValidationError (per field).
    """
    session = _locked(session)
    require(rules.may_change_session(by, session, today, clock.now()))
    starts_at, ends_at = _moments(on, starts, ends)
    if (starts_at, ends_at) == (session.starts_at, session.ends_at):
        return session
    if not reason.strip():
        raise ValidationError({"reason": _("Say why. The people who are invited are told.")})
    shift_session(session=session, starts_at=starts_at, ends_at=ends_at, reason=reason.strip(), by=by)
    return session


def shift_session(*, session: Session, starts_at: datetime, ends_at: datetime, reason: str, by: User | None) -> None:
    """Give a session other moments, and write down that it moved. The caller holds the lock and has asked the rules."""
    came_from = session.starts_at
    session.starts_at, session.ends_at = starts_at, ends_at
    session.save(update_fields=["starts_at", "ends_at"])
    SessionChange.objects.create(
        session=session, at=clock.now(), by=by, reason=reason, came_from=came_from, came_to=starts_at
    )
    record(
        "session.moved",
        about=session,
        by=by,
        before=came_from.isoformat(),
        after=starts_at.isoformat(),
        reason=reason,
    )


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User | None, today: date) -> Session:
    """Cancel a session that lies ahead, for good. Raises NotAllowed, and ValidationError without a reason."""
    session = _locked(session)
    require(rules.may_change_session(by, session, today, clock.now()))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why. The people who are invited are told.")})
    move(session, SessionStatus.CANCELLED, by=by, on=today, note=reason.strip())
    record("session.cancelled", about=session, by=by, reason=reason.strip())
    return session


def _locked(session: Session) -> Session:
    Cohort.objects.select_for_update().get(pk=session.cohort_id)
    return Session.objects.select_for_update(of=("self",)).select_related("cohort", "run").get(pk=session.pk)


def _moments(on: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """The two moments in London. The hour that a clock change leaves out does not exist, so it is refused."""
    if ends <= starts:
        raise ValidationError({"ends": _("The end is after the start, on the same day.")})
    moments = [datetime.combine(on, at, LONDON) for at in (starts, ends)]
    for field, moment in zip(("starts", "ends"), moments, strict=True):
        if moment.astimezone(UTC).astimezone(LONDON).time() != moment.time():
            raise ValidationError({field: _("The clocks go forward in this hour, so this time does not exist.")})
    return moments[0], moments[1]


def _check_where(words: SessionText) -> None:
    faults = {}
    if words.mode in Mode.has_place() and not (words.place_en and words.place_cy):
        faults["place_en"] = _("Say where, in both languages.")
    if words.mode in Mode.has_link() and not words.link:
        faults["link"] = _("Give the link to join by.")
    if not (words.title_en.strip() and words.title_cy.strip()):
        faults["title_en"] = _("Give the title in both languages.")
    if faults:
        raise ValidationError(faults)
