"""How far Cohort Five has come: milestones marked ready, confirmed, asked for again, and phases completed.

Who is behind, and with what, is in demo.toml; everybody else did each thing a day or two before it was due.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cohorts.models import Associate, Cohort
from core.clock import working_days_after
from infuse.devdata.people import Cast
from infuse.devdata.sources import invented
from people.models import User
from progress.enums import Confirmer, MilestoneKind
from progress.models import Milestone
from progress.queries.conditions import progress_of
from progress.queries.milestones import milestones_of
from progress.rules.phases import may_complete_phase
from progress.services import completions as verbs
from progress.services.phases import complete_phase


class Progress:
    """Plays one cohort up to `today`."""

    def __init__(self, cohort: Cohort, cast: Cast, today: date) -> None:
        self.cohort = cohort
        self.today = today
        self.administrator = cast.administrator
        self.facts = invented()["progress"]
        self.looks_at = {
            Confirmer.LAB_LEAD: cast.with_key("lab-lead"),
            Confirmer.COACH: cast.with_key("coach"),
        }
        self.milestones = list(milestones_of(cohort))

    def play(self) -> None:
        """Everybody, one after the other; then what somebody decided, then the phases."""
        associates = list(self.cohort.associates.filter(status="active").select_related("person").order_by("pk"))
        for number, associate in enumerate(associates):
            associate.cohort = self.cohort
            for milestone in self.milestones:
                self._do(associate, milestone, number)
            self._complete_phases(associate)

    def _do(self, associate: Associate, milestone: Milestone, number: int) -> None:
        """What this associate did about it, on the days on which it would have been."""
        name = associate.person.name
        fate = next(
            (
                row
                for row in self.facts["fate"]
                if row["name"] == name and milestone.title_en.startswith(row["milestone"])
            ),
            {"did": "confirmed"},
        )
        did, reason = fate["did"], fate.get("reason", "")
        day = max(milestone.due_on - timedelta(days=number % 3), milestone.phase.starts_on, associate.enrolled_on)
        if did == "nothing" or milestone.due_on < associate.enrolled_on or day > self.today:
            return
        about: dict[str, Any] = {"associate": associate, "milestone": milestone}
        if did == "exempt":
            verbs.exempt_from_milestone(**about, reason=reason, by=self.administrator, today=day)
            return
        if did == "overridden":
            verbs.override_milestone(**about, reason=reason, by=self.administrator, today=day)
            return
        asked = self.looks_at.get(Confirmer(milestone.confirmer))
        text = self._words(associate.person, milestone, number)
        verbs.mark_ready(**about, text=text, asked_of=asked, by=associate.person, today=day)
        next_day = working_days_after(day, 1)
        if did == "ready" or next_day > self.today:
            return
        decides = asked or self.administrator
        if did == "asked_again":
            verbs.ask_again(**about, reason=reason, by=decides, today=next_day)
        else:
            verbs.confirm_milestone(**about, by=decides, today=next_day)

    def _words(self, person: User, milestone: Milestone, number: int) -> str:
        """A sentence in the person's language, where the milestone wants something to be shown."""
        if milestone.kind not in MilestoneKind.needs_evidence():
            return ""
        said: list[str] = self.facts["words_cy" if person.language == "cy" else "words_en"]
        return said[number % len(said)]

    def _complete_phases(self, associate: Associate) -> None:
        """The phases that are over, a working day after their end, where nothing is missing."""
        for progress in progress_of(associate, self.today):
            day = max(working_days_after(progress.phase.until, 1), associate.enrolled_on)
            if day <= self.today and may_complete_phase(self.administrator, associate, progress, day):
                complete_phase(associate=associate, phase=progress.phase, by=self.administrator, today=day)
