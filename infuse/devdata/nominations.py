"""Cohort Six's recruitment and selection: people put forward, answers, scores, decisions, and the first places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from challenges.models import Theme
from cohorts.models import Cohort
from infuse.devdata.people import Cast
from infuse.devdata.sources import address, invented, recruitment
from labs.models import Lab
from nominations.enums import Outcome
from nominations.models import Nomination
from nominations.queries import reviews as queries
from nominations.queries.reviews import CriterionText
from nominations.services.answers import answer_as_nominee, decline_nomination, record_endorsement
from nominations.services.decisions import prepare_decision, release_decisions
from nominations.services.nominations import nominate, withdraw_nomination
from nominations.services.offers import accept_offer
from nominations.services.places import say_no_nominees, set_places
from nominations.services.reviews import assign_reviews, join_panel, set_criteria, submit_review
from people.enums import RoleKind
from people.models import Organisation, Role, User
from people.queries.people import person_by_address

MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5]
ANSWER_WITHIN, RESERVE_FOR = timedelta(days=14), timedelta(days=28)
# (days before the day of loading, what comes first on one day, what happens)
Event = tuple[int, int, Callable[[date], object]]
SETTING_UP, PUTTING_FORWARD, ANSWERING, ASSIGNING, SCORING, DECIDING, RELEASING, ENDING = range(8)


class Recruitment:
    """Plays what nominations.toml says, day after day. `today` is the day of loading."""

    def __init__(self, cohort: Cohort, cast: Cast, today: date) -> None:
        self.cohort = cohort
        self.cast = cast
        self.today = today
        self.data = recruitment()
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        self.labs = {lab.slug: lab for lab in Lab.objects.all()}
        self.made: dict[str, Nomination] = {}

    def play(self) -> None:
        """Everything, in the order of its days."""
        events = [*self._of_the_cohort(), *(event for row in self.data["nominee"] for event in self._of(row))]
        for ago, _order, happens in sorted(events, key=lambda event: (-event[0], event[1])):
            happens(self.today - timedelta(days=ago))

    # --- What happens when ---------------------------------------------------------------------------------------
    def _of_the_cohort(self) -> Iterator[Event]:
        data = self.data
        yield invented()["six"]["recruitment_opened_days_ago"], SETTING_UP, self._set_places
        yield data["panel_ago"], SETTING_UP, self._set_up_panel
        for handle, ago in data["none_this_time"].items():
            yield ago, ENDING, partial(self._say_none, self.cast.organisation(handle))
        for ago in data["assigned_ago"]:
            yield ago, ASSIGNING, self._assign
        yield data["released_ago"], RELEASING, self._release

    def _of(self, row: dict[str, Any]) -> Iterator[Event]:
        """What happens to one nominee."""

        def on(ago: int, order: int, does: Callable[[dict[str, Any], date], object]) -> Event:
            return ago, order, partial(does, row)

        yield on(row["ago"], PUTTING_FORWARD, self._put_forward)
        if "part" in row:
            yield on(row["part"]["ago"], ANSWERING, self._answer)
        if "endorsement" in row:
            yield on(row["endorsement"]["ago"], ANSWERING, self._endorse)
        if "scores" in row:
            yield on(row["scored_ago"], SCORING, self._score)
        if "decision" in row:
            yield on(row["decision"]["ago"], DECIDING, self._decide)
        if "accepts_ago" in row:
            yield on(row["accepts_ago"], ENDING, self._accept)
        if "declines" in row:
            yield on(row["declines"]["ago"], ENDING, self._decline)
        if "withdrawn" in row:
            yield on(row["withdrawn"]["ago"], ENDING, self._withdraw)

    # --- The cohort ----------------------------------------------------------------------------------------------
    def _set_places(self, day: date) -> None:
        numbers = {self.cast.organisation(handle): number for handle, number in self.data["places"].items()}
        set_places(cohort=self.cohort, numbers=numbers, by=self.cast.manager, today=day)

    def _say_none(self, organisation: Organisation, day: date) -> None:
        by = self._coordinator(organisation)
        say_no_nominees(cohort=self.cohort, organisation=organisation, by=by, today=day)

    def _set_up_panel(self, day: date) -> None:
        texts = [CriterionText(**row) for row in self.data["criterion"]]
        set_criteria(cohort=self.cohort, criteria=texts, by=self.cast.manager, today=day)
        for name, at in self.data["panel"]:
            reviewer = person_by_address(address(name, at))
            assert reviewer is not None, name
            join_panel(cohort=self.cohort, person=reviewer, by=self.cast.manager, today=day)

    def _assign(self, day: date) -> None:
        assign_reviews(cohort=self.cohort, by=self.cast.manager, today=day)

    def _release(self, day: date) -> None:
        release_decisions(cohort=self.cohort, by=self.cast.administrator, today=day)

    def _coordinator(self, organisation: Organisation) -> User:
        held = Role.objects.on(self.today).filter(kind=RoleKind.COORDINATOR, organisation=organisation)
        return held.select_related("person").order_by("pk")[0].person

    # --- One nominee ---------------------------------------------------------------------------------------------
    def _put_forward(self, row: dict[str, Any], day: date) -> None:
        organisation = self.cast.organisation(row["at"])
        line_manager = invented()["five"]["line_managers"][row["at"]]
        first_name, _space, last_name = row["name"].rpartition(" ")
        email = row.get("email") or address(row["name"], row["at"])
        theme = self.themes.get(row["theme"])
        self.made[email] = nominate(
            cohort=self.cohort,
            organisation=organisation,
            first_name=first_name,
            last_name=last_name,
            email=email,
            job_title=row["title"],
            directorate=row.get("directorate", ""),
            line_manager_name=line_manager,
            line_manager_email=address(line_manager, row["at"]),
            themes=(theme,) if theme else (),
            reason=row["reason"],
            over_places_reason=row.get("over_places_reason", ""),
            by=None if row.get("route") == "self" else self._coordinator(organisation),
            today=day,
        )

    def _nomination(self, row: dict[str, Any]) -> Nomination:
        made = self.made[row.get("email") or address(row["name"], row["at"])]
        return Nomination.objects.select_related("person").get(pk=made.pk)

    def _answer(self, row: dict[str, Any], day: date) -> None:
        nomination, part = self._nomination(row), row["part"]
        answer_as_nominee(
            nomination=nomination,
            language=part["language"],
            welsh_in_sessions=part["welsh"],
            working_days=part.get("days", MONDAY_TO_FRIDAY),
            access_needs=part.get("needs", ""),
            themes=list(nomination.themes.all()),
            labs=[self.labs[slug] for slug in part.get("labs", ())],
            statement=part["statement"],
            clashes=part.get("clashes", ""),
            by=None,
            today=day,
        )

    def _endorse(self, row: dict[str, Any], day: date) -> None:
        nomination, said = self._nomination(row), row["endorsement"]
        record_endorsement(
            nomination=nomination,
            by_name=nomination.line_manager_name,
            endorsed="days" in said,
            days_a_week=Decimal(str(said["days"])) if "days" in said else None,
            substitute=said.get("substitute", ""),
            comment=said.get("comment", ""),
            today=day,
        )

    def _score(self, row: dict[str, Any], day: date) -> None:
        """The reviewers in the order in which they were assigned; one without a list has not scored yet."""
        reviews = self._nomination(row).reviews.select_related("reviewer").order_by("pk")
        for review, points in zip(reviews, row["scores"], strict=False):
            if not points:
                continue
            given = dict(zip(queries.criteria(self.cohort), points, strict=True))
            submit_review(review=review, points=given, by=review.reviewer, today=day)

    def _decide(self, row: dict[str, Any], day: date) -> None:
        said = row["decision"]
        prepare_decision(
            nomination=self._nomination(row),
            outcome=said["outcome"],
            reason=said["reason"],
            note=said.get("note", ""),
            answer_by=day + ANSWER_WITHIN if said["outcome"] == Outcome.OFFER else None,
            reserve_until=day + RESERVE_FOR if said["outcome"] == Outcome.RESERVE else None,
            by=self.cast.manager,
            today=day,
        )

    def _accept(self, row: dict[str, Any], day: date) -> None:
        nomination = self._nomination(row)
        accept_offer(nomination=nomination, by=nomination.person, today=day)

    def _decline(self, row: dict[str, Any], day: date) -> None:
        nomination = self._nomination(row)
        decline_nomination(nomination=nomination, reason=row["declines"]["reason"], by=nomination.person, today=day)

    def _withdraw(self, row: dict[str, Any], day: date) -> None:
        nomination = self._nomination(row)
        coordinator = self._coordinator(nomination.organisation)
        withdraw_nomination(nomination=nomination, reason=row["withdrawn"]["reason"], by=coordinator, today=day)
