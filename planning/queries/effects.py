"""What follows from a move: people, messages, and what stands against the new days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cohorts.emails import about
from cohorts.models import Associate, Cohort
from cohorts.queries.audiences import listening
from cohorts.queries.phases import DateNote, date_notes
from core.clock import Window
from correspondence.reminders import SOURCES
from labs.models import Membership, Session
from labs.queries.sessions import Clash, Planned, clashes
from messaging.kinds import Kind
from messaging.reminders import Question
from people.models import User
from planning.enums import Table
from planning.queries.plans import Edit, Plan, phases_after
from progress.models import Milestone

# No reminder speaks of what is further behind it.
AFTER_THE_END = timedelta(days=60)


@dataclass(frozen=True)
class Coming:
    """A message that will go: of which kind, to whom, on which day."""

    kind: Kind
    name: str
    on: date


@dataclass(frozen=True)
class Concerned:
    """Somebody whom a move concerns, with the edits that do; `takes_part`: as an associate, else as a lead."""

    person: User
    edits: Sequence[Edit]
    takes_part: bool


@dataclass(frozen=True)
class Effects:
    """What a move changes beside the dates themselves."""

    people: Sequence[Concerned]
    sessions: Sequence[tuple[Edit, Sequence[Clash]]]
    notes: Sequence[DateNote]
    no_longer: Sequence[Coming]
    instead: Sequence[Coming]


def messages_to_come(cohort: Cohort, today: date) -> Mapping[str, Coming]:
    """Key → each reminder about the cohort that will go after today, as the night would find it."""
    asked = Question(Window(today + timedelta(days=1), cohort.until + AFTER_THE_END), scope=about(cohort))
    return {
        occasion.mail.key: Coming(source.kind, occasion.mail.to.name, occasion.slot.on)
        for source in SOURCES
        for occasion in source.occasions(asked)
        if occasion.verdict
    }


def concerned(cohort: Cohort, edits: Sequence[Edit], today: date) -> list[Concerned]:
    """Whom the move concerns, by name: associates who hear from the cohort, and whoever leads a session that moves."""
    runs: dict[int, set[int]] = {}
    for run, associate in Membership.objects.on(today).filter(run__cohort=cohort).values_list("run", "associate"):
        runs.setdefault(run, set()).add(associate)
    found: dict[User, list[Edit]] = {}
    for associate in listening(cohort, today):
        if mine := [edit for edit in edits if _is_for(associate, edit, runs)]:
            found[associate.person] = mine
    take_part = set(found)
    for edit in edits:
        if isinstance(edit.thing, Session):
            for lead in edit.thing.leads.all():
                if edit not in found.setdefault(lead.person, []):
                    found[lead.person].append(edit)
    by_name = sorted(found, key=lambda person: (person.name, person.pk))
    return [Concerned(person, found[person], person in take_part) for person in by_name]


def _is_for(associate: Associate, edit: Edit, runs: Mapping[int, set[int]]) -> bool:
    if isinstance(edit.thing, Session) and edit.thing.run_id:
        return associate.pk in runs.get(edit.thing.run_id, ())
    return True


def effects_of(
    cohort: Cohort,
    plan: Plan,
    edits: Sequence[Edit],
    before: Mapping[str, Coming],
    after: Mapping[str, Coming],
    today: date,
) -> Effects:
    """Everything that follows from these edits; `before` and `after` are the messages to come without and with them.

    Asked before anything is saved: clashes are those of the new moments with what stays.
    """
    moved = [edit for edit in edits if edit.table is Table.SESSION]
    against = clashes([_as_meant(cohort, edit) for edit in moved])
    return Effects(
        people=concerned(cohort, edits, today),
        sessions=list(zip(moved, against, strict=True)),
        notes=date_notes(phases_after(plan, edits)),
        no_longer=[before[key] for key in before.keys() - after.keys()],
        instead=[after[key] for key in after.keys() - before.keys()],
    )


def _as_meant(cohort: Cohort, edit: Edit) -> Planned:
    session = edit.thing
    assert isinstance(session, Session)
    assert not isinstance(session, Milestone)
    was = Planned.of(session)
    return Planned(
        cohort=cohort,
        run=was.run,
        starts_at=edit.after["starts_at"],  # type: ignore[arg-type]
        ends_at=edit.after["ends_at"],  # type: ignore[arg-type]
        lead_ids=was.lead_ids,
        place_en=was.place_en,
        pk=was.pk,
    )
