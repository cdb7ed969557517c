"""Associates: who may see them, what they were on a day, and whose people they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Greatest, Least

from cohorts.enums import AssociateStatus
from cohorts.models import Associate, AssociateMove, Cohort
from core.bilingual import pick
from core.models import window_range
from people.models import Employment, Organisation, User
from people.queries.roles import roles_on

ENDED = (AssociateStatus.COMPLETED, AssociateStatus.WITHDRAWN, AssociateStatus.DID_NOT_START)
ONE_DAY = timedelta(days=1)


def visible_to(user: User | AnonymousUser, today: date) -> QuerySet[Associate]:
    """The associates whose journey `user` may see.

    Programme team and auditors: all. Coordinators: their own organisation's people. Everybody: themselves. Coaches
    and lab leads get theirs with the relationships that later capabilities bring.
    """
    if not isinstance(user, User):
        return Associate.objects.none()
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_auditor:
        return Associate.objects.all()
    mine = Q(person=user)
    if not roles.is_coordinator:
        return Associate.objects.filter(mine)
    return Associate.objects.alias(**_whose(today)).filter(mine | _belongs_to(roles.organisation_ids))


def with_status_on(associates: QuerySet[Associate], day: date) -> QuerySet[Associate]:
    """Adds `status_that_day`, from the dated moves; null on the days before the place was given."""
    return associates.annotate(status_that_day=_status_on(day))


def with_statuses_on(associates: QuerySet[Associate], days: Sequence[date]) -> QuerySet[Associate]:
    """with_status_on for several days in one question; `statuses_of` reads them."""
    return associates.annotate(**{f"status_{place}": _status_on(day) for place, day in enumerate(days)})


def statuses_of(associate: Any, count: int) -> list[AssociateStatus | None]:
    """The statuses that with_statuses_on(… `count` days) added, in the order of the days; None: not enrolled yet."""
    found = (getattr(associate, f"status_{place}") for place in range(count))
    return [AssociateStatus(status) if status else None for status in found]


def _status_on(day: date) -> Subquery:
    moves = AssociateMove.objects.filter(thing=OuterRef("pk"), effective_on__lte=day)
    return Subquery(moves.order_by("-effective_on", "-pk").values("to_status")[:1])


def with_organisation(associates: QuerySet[Associate], today: date) -> QuerySet[Associate]:
    """Adds `organisation_id_then`: whose people they are, from the employment on the day that counts (null: none).

    That day is today while the cohort runs, its last day afterwards, and the last day in the cohort for those who
    left or completed: changing employer later does not change an old cohort. Of several spells at
    once, the one that began last counts.
    """
    return associates.alias(**_whose(today)).annotate(organisation_id_then=F("organisation_id_then"))


def of_organisations(organisation_ids: Iterable[int], today: date) -> QuerySet[Associate]:
    """The associates who are these organisations' people."""
    return Associate.objects.alias(**_whose(today)).filter(_belongs_to(organisation_ids))


def _whose(today: date) -> dict[str, Any]:
    """`organisation_id_then` and `day_that_counts` as expressions, for alias() where only the question matters."""
    organisation = Subquery(_spells().values("organisation")[:1])
    return {"day_that_counts": _day_that_counts(today), "organisation_id_then": organisation}


def _day_that_counts(today: date) -> Any:
    """The day on which it is looked whose people somebody is, as with_organisation says."""
    ended_on = AssociateMove.objects.filter(thing=OuterRef("pk"), to_status__in=ENDED).order_by("-effective_on", "-pk")
    last_day = ExpressionWrapper(F("cohort__until") - Value(ONE_DAY), output_field=DateField())
    day_before_end = ExpressionWrapper(Subquery(ended_on.values("effective_on")[:1]) - Value(ONE_DAY), DateField())
    latest = Case(When(status__in=ENDED, then=day_before_end), default=Value(today, DateField()))
    # LEAST leaves out what is null: somebody who ended without a move counts on the cohort's last day.
    return Greatest(F("enrolled_on"), Least(latest, last_day))


def _spells() -> QuerySet[Employment]:
    """The outer associate's employments on the day that counts, the one that began last first."""
    # As a range, because each mention of the day writes all of its expression into the question once more.
    return (
        Employment.objects.alias(days=window_range())
        .filter(days__contains=OuterRef("day_that_counts"), person=OuterRef("person"))
        .order_by("-starts_on", "-pk")
    )


def _belongs_to(organisation_ids: Iterable[int]) -> Q:
    """Whether a row (with _whose) is one of these organisations' people.

    The first half is what an index answers quickly, by person or by organisation; the second is the exact question.
    """
    ids = list(organisation_ids)
    ever = Employment.objects.filter(person=OuterRef("person"), organisation__in=ids)
    return Q(Exists(ever)) & Q(organisation_id_then__in=ids)


def place_of(cohort: Cohort, person: User) -> Associate | None:
    """The person's place in the cohort, whatever its status; None when there never was one."""
    return Associate.objects.filter(cohort=cohort, person=person).first()


@dataclass(frozen=True)
class Seen:
    """One associate of a cohort as far as counts and lists need it: whose people they are, and as what."""

    pk: int
    person_id: int
    status: str
    organisation_id: int | None
    job_title: str


@dataclass(frozen=True)
class Tally:
    """How many of a cohort's associates there are, as far as the reader may see them."""

    by_status: dict[str, int]
    by_organisation: list[tuple[Organisation | None, int]]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


def seen_in(cohort: Cohort, user: User | AnonymousUser, today: date) -> list[Seen]:
    """Every associate of the cohort that `user` may see, in two queries; a page counts and narrows from these."""
    rows: Any = with_spell(visible_to(user, today).filter(cohort=cohort), today).order_by()
    columns = list(rows.values_list("pk", "person", "status", "spell_then"))
    known = spells(spell for *_row, spell in columns if spell)
    return [Seen(pk, person, status, *known.get(spell, (None, ""))) for pk, person, status, spell in columns]


def tally(seen: Sequence[Seen]) -> Tally:
    """Counts by status and by organisation (largest first). One query, for the organisations' names."""
    by_status, by_id = Counter(row.status for row in seen), Counter(row.organisation_id for row in seen)
    organisations = Organisation.objects.in_bulk([pk for pk in by_id if pk])
    counted = [(organisations.get(pk) if pk else None, count) for pk, count in by_id.items()]
    counted.sort(key=lambda row: (row[0] is None, -row[1], pick(row[0], "short") if row[0] else ""))
    return Tally(by_status, counted)


def with_spell(associates: QuerySet[Associate], today: date) -> QuerySet[Associate]:
    """Adds `spell_then`: the key of the employment that with_organisation looks at (null: none)."""
    return associates.alias(day_that_counts=_day_that_counts(today)).annotate(
        spell_then=Subquery(_spells().values("pk")[:1])
    )


def spells(keys: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Employments by key → (organisation's key, job title)."""
    rows = Employment.objects.filter(pk__in=list(keys)).order_by()
    return {pk: (body, job_title) for pk, body, job_title in rows.values_list("pk", "organisation", "job_title")}


def spell_of(associate: Any) -> Employment | None:
    """The employment that `spell_then` names, with its organisation's short names; None: unknown."""
    if associate.spell_then is None:
        return None
    rows = Employment.objects.select_related("organisation")
    return rows.only("job_title", "organisation__short_en", "organisation__short_cy").get(pk=associate.spell_then)


def history_of(associate: Associate) -> QuerySet[AssociateMove]:
    """The dated moves of one associate, the newest first, with who recorded them."""
    return associate.moves.select_related("by").order_by("-effective_on", "-pk")
