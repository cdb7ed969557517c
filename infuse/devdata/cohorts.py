"""The four cohorts of the demo, each brought to its state by the verbs, day after day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from cohorts.models import Cohort, Programme
from cohorts.queries.phases import plan_phases
from cohorts.services.associates import complete_associate, enrol_associate, start_associate, withdraw_associate
from cohorts.services.cohorts import create_cohort, finish_cohort, open_recruitment, start_cohort
from core.bilingual import WelshStatus
from core.clock import is_working_day
from infuse.devdata.nominations import Recruitment
from infuse.devdata.people import Cast
from infuse.devdata.progress import Progress
from infuse.devdata.sources import address, cohort_facts, invented
from progress.services.milestones import take_template

TUESDAY = 1
ONE_DAY = timedelta(days=1)


def start_tuesday(day: date, step: int) -> date:
    """The nearest Tuesday from `day` on (`step` 1) or back (-1) that is a working day: when this programme starts."""
    while day.weekday() != TUESDAY or not is_working_day(day):
        day += step * ONE_DAY
    return day


class Cohorts:
    """Builds them, one after the other. `today` is the day of loading."""

    def __init__(self, programme: Programme, cast: Cast, today: date) -> None:
        self.programme = programme
        self.cast = cast
        self.today = today
        self.manager = cast.manager

    def build_alpha(self) -> None:
        """Cohort Alpha: its first day and sizes are facts, its people and who left it are invented."""
        fact, row = cohort_facts("alpha"), invented()["alpha"]
        cohort = self._recruit(
            fact,
            starts_on=fact["starts_on"],
            capacity=fact["capacity"],
            planned_on=row["planned_on"],
            opens_on=row["recruitment_opens_on"],
            recruitment_until=row["recruitment_until"],
        )
        self._play(
            cohort, row, enrolled_on=lambda person: person["enrolled_on"], left_on=lambda person: person["left_on"]
        )
        self._finish(cohort)

    def build_two(self) -> None:
        """Cohort Two: the day its recruitment opened is a fact, the rest is invented."""
        fact, row = cohort_facts("two"), invented()["two"]
        cohort = self._recruit(
            fact,
            starts_on=row["starts_on"],
            capacity=row["capacity"],
            planned_on=row["planned_on"],
            opens_on=fact["recruitment_opened_on"],
            recruitment_until=row["recruitment_until"],
        )
        self._play(
            cohort, row, enrolled_on=lambda _person: row["enrolled_on"], left_on=lambda person: person["left_on"]
        )
        self._finish(cohort)

    def build_five(self) -> None:
        """Cohort Five: in its Experiment phase today, with two more months of it to come."""
        row = invented()["five"]
        starts_on = start_tuesday(self.today - timedelta(weeks=row["weeks_before_today"]), -1)
        cohort = self._recruit(
            {"slug": "five", "cy_status": WelshStatus.UNCONFIRMED, **row},
            starts_on=starts_on,
            capacity=row["capacity"],
            planned_on=starts_on - timedelta(weeks=14),
            opens_on=starts_on - timedelta(weeks=12),
            recruitment_until=starts_on - timedelta(weeks=4),
        )
        take_template(cohort=cohort, by=self.manager, today=starts_on - timedelta(weeks=4))
        self._play(
            cohort,
            row,
            enrolled_on=lambda person: starts_on + timedelta(weeks=person.get("joined_in_week", -2) - 1),
            left_on=lambda person: starts_on + timedelta(weeks=person["left_in_week"] - 1, days=2),
            line_managers=row["line_managers"],
        )
        Progress(cohort, self.cast, self.today).play()

    def build_six(self) -> None:
        """Cohort Six: recruiting today; the first places are accepted today, so their letters are real mail."""
        row = invented()["six"]
        cohort = self._recruit(
            {"slug": "six", "cy_status": WelshStatus.UNCONFIRMED, **row},
            starts_on=start_tuesday(self.today + timedelta(weeks=row["weeks_after_today"]), 1),
            capacity=row["capacity"],
            planned_on=self.today - timedelta(days=row["recruitment_opened_days_ago"] + 7),
            opens_on=self.today - timedelta(days=row["recruitment_opened_days_ago"]),
            recruitment_until=self.today + timedelta(days=row["recruitment_days_left"]),
        )
        take_template(cohort=cohort, by=self.manager, today=self.today)
        Recruitment(cohort, self.cast, self.today).play()

    def _recruit(
        self,
        fact: dict[str, Any],
        *,
        starts_on: date,
        capacity: int,
        planned_on: date,
        opens_on: date,
        recruitment_until: date,
    ) -> Cohort:
        """A cohort planned from the template, its recruitment open."""
        cohort = create_cohort(
            programme=self.programme,
            name_en=fact["name_en"],
            name_cy=fact["name_cy"],
            slug=fact["slug"],
            order=fact["order"],
            starts_on=starts_on,
            capacity=capacity,
            phases=plan_phases(self.programme, starts_on),
            recruitment_opens_on=opens_on,
            recruitment_until=recruitment_until,
            by=self.manager,
            today=planned_on,
        )
        if "cy_status" in fact:
            cohort.welsh_status = fact["cy_status"]
            cohort.save(update_fields=["welsh_status"])
        return open_recruitment(cohort=cohort, by=self.manager, today=opens_on)

    def _enrol(
        self, cohort: Cohort, row: dict[str, Any], person: dict[str, Any], *, on: date, line_manager: str = ""
    ) -> Any:
        """One person of demo.toml with a place from the day `on`."""
        self.cast.add(person, since=row["employed_since"], today=on, line_manager=line_manager)
        return enrol_associate(
            cohort=cohort,
            name=person["name"],
            email=address(person["name"], person["at"]),
            organisation=self.cast.organisation(person["at"]),
            by=self.manager,
            today=on,
        )

    def _play(
        self,
        cohort: Cohort,
        row: dict[str, Any],
        *,
        enrolled_on: Callable[[dict[str, Any]], date],
        left_on: Callable[[dict[str, Any]], date],
        line_managers: dict[str, str] | None = None,
    ) -> None:
        """Enrol everybody, start the cohort on its first day, and let those leave who left."""
        associates = []
        for person in row["associates"]:
            line_manager = (line_managers or {}).get(person["at"], "")
            associate = self._enrol(cohort, row, person, on=enrolled_on(person), line_manager=line_manager)
            associates.append((associate, person))
        first_day = cohort.starts_on
        start_cohort(cohort=cohort, by=self.manager, today=first_day)
        for enrolled, person in associates:
            started_on = max(first_day, enrolled.enrolled_on)
            associate = start_associate(associate=enrolled, on=started_on, by=self.manager, today=started_on)
            if "reason" in person:
                day = left_on(person)
                withdraw_associate(associate=associate, reason=person["reason"], on=day, by=self.manager, today=day)
            self.cast.give_roles(person, associate.person)

    def _finish(self, cohort: Cohort) -> None:
        """Everybody who is still there completes on the last day; the day after, the cohort is finished."""
        last_day = cohort.until - ONE_DAY
        for associate in cohort.associates.filter(status="active").order_by("pk"):
            complete_associate(associate=associate, on=last_day, by=self.manager, today=last_day)
        finish_cohort(cohort=cohort, by=self.manager, today=cohort.until)
