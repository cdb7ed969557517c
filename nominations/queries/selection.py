"""The ranked view, what a choice does to the balance of the cohort, and the reserve that keeps it best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q

from challenges.models import Theme
from cohorts.models import Cohort
from cohorts.queries.audiences import programme_team
from cohorts.queries.cohorts import places_left
from labs.models import Lab, LabPreference
from nominations.enums import Advantage, NominationStatus, Outcome
from nominations.models import Decision, Nomination, Places
from nominations.queries import reviews
from people.models import Organisation, User

IN_SELECTION = (
    NominationStatus.COMPLETE,
    NominationStatus.OFFERED,
    NominationStatus.RESERVE,
    NominationStatus.ACCEPTED,
)


@dataclass(frozen=True)
class Ranked:
    """One line of the ranked view. Equality answers are not here, and nothing here leads to them."""

    nomination: Nomination
    result: reviews.Result
    decision: Decision | None
    themes: tuple[Theme, ...]
    first_lab: Lab | None

    @property
    def counts_as_chosen(self) -> bool:
        """Whether this person is in the cohort if everything goes as prepared."""
        if self.decision is not None:
            return self.decision.outcome == Outcome.OFFER
        return self.nomination.status in (NominationStatus.OFFERED, NominationStatus.ACCEPTED)


@dataclass(frozen=True)
class Ranking:
    """The lines that a reader may see, and the nominations too close to them, of which only the name is shown."""

    lines: list[Ranked]
    withheld: list[Nomination]


def ranked(cohort: Cohort) -> list[Ranked]:
    """Everybody in selection, the highest points first, those without points last, by name. Six queries at any size.

    Knows nothing of conflicts: what a person is shown comes from `ranking_for`.
    """
    prepared = Prefetch("decisions", Decision.objects.filter(released_at__isnull=True), to_attr="prepared")
    waiting = Decision.objects.filter(nomination__cohort=cohort, released_at__isnull=True)
    nominations = list(
        Nomination.objects.filter(cohort=cohort)
        .filter(Q(status__in=IN_SELECTION) | Q(pk__in=waiting.values("nomination")))
        .select_related("person", "organisation", "endorsement")
        .prefetch_related(prepared, "themes")
    )
    results = reviews.results(cohort)
    first_labs = {
        row.person_id: row.lab for row in LabPreference.objects.filter(cohort=cohort, rank=1).select_related("lab")
    }
    nothing = reviews.Result(0, 0, None, None)
    lines = [
        Ranked(
            nomination=nomination,
            result=results.get(nomination.pk, nothing),
            decision=nomination.prepared[0] if nomination.prepared else None,  # type: ignore[attr-defined]
            themes=tuple(nomination.themes.all()),
            first_lab=first_labs.get(nomination.person_id),
        )
        for nomination in nominations
    ]
    return sorted(lines, key=lambda line: (-(line.result.points or Decimal(-1)), line.nomination.person.name))


def ranking_for(reader: User, cohort: Cohort, today: date) -> Ranking:
    """What `reader` may see of the ranked view: nothing at all about people too close to them but that they are in it.

    Everything that is counted or exported for a reader starts from these lines, so no sum gives away the others.
    """
    close = set(
        Nomination.objects.filter(cohort=cohort).filter(reviews.conflicts(reader, today)).values_list("pk", flat=True)
    )
    lines = ranked(cohort)
    return Ranking(
        lines=[line for line in lines if line.nomination.pk not in close],
        withheld=sorted(
            (line.nomination for line in lines if line.nomination.pk in close), key=lambda one: one.person.name
        ),
    )


def without_decider(nominations: Sequence[Nomination], today: date) -> list[Nomination]:
    """Those of these that are too close to everybody in the programme team, so that nobody can decide on them."""
    left = {nomination.pk for nomination in nominations}
    for member in programme_team(today) if left else ():
        close = Nomination.objects.filter(pk__in=left).filter(reviews.conflicts(member, today))
        left = set(close.values_list("pk", flat=True))
        if not left:
            break
    return [nomination for nomination in nominations if nomination.pk in left]


@dataclass(frozen=True)
class Progress:
    """How far the panel and the decisions are."""

    in_selection: int
    scored: int
    awaited: int
    prepared: int


def progress(lines: list[Ranked]) -> Progress:
    """Counted from the lines that a reader may see."""
    complete = [line for line in lines if line.nomination.status == NominationStatus.COMPLETE]
    scored = sum(line.result.is_in for line in complete)
    return Progress(len(lines), scored, len(complete) - scored, sum(line.decision is not None for line in lines))


@dataclass(frozen=True)
class Share:
    """How many of the chosen, and of all in selection, share something: an organisation, a theme, a lab."""

    thing: Organisation | Theme | Lab
    chosen: int
    of: int
    indicative: int | None = None


@dataclass(frozen=True)
class Balance:
    """What the prepared choice makes of the cohort."""

    places: int
    chosen: int
    organisations: tuple[Share, ...]
    themes: tuple[Share, ...]
    labs: tuple[Share, ...]


def balance(cohort: Cohort, lines: list[Ranked]) -> Balance:
    """The balance of the people chosen so far, from the lines of `ranked`. One query (the indicative places)."""
    indicative = dict(Places.objects.filter(cohort=cohort).values_list("organisation", "indicative"))
    chosen = [line for line in lines if line.counts_as_chosen]
    organisations = {line.nomination.organisation_id: line.nomination.organisation for line in lines}
    themes = {theme.pk: theme for line in lines for theme in line.themes}
    labs = {line.first_lab.pk: line.first_lab for line in lines if line.first_lab}
    by_organisation = Counter(line.nomination.organisation_id for line in chosen)
    of_organisation = Counter(line.nomination.organisation_id for line in lines)
    by_theme = Counter(theme.pk for line in chosen for theme in line.themes)
    of_theme = Counter(theme.pk for line in lines for theme in line.themes)
    by_lab = Counter(line.first_lab.pk for line in chosen if line.first_lab)
    of_lab = Counter(line.first_lab.pk for line in lines if line.first_lab)
    return Balance(
        places=cohort.capacity,
        chosen=len(chosen),
        organisations=tuple(
            Share(thing, by_organisation[key], of_organisation[key], indicative.get(key, 0))
            for key, thing in sorted(organisations.items(), key=lambda pair: pair[1].short_en)
        ),
        themes=tuple(Share(thing, by_theme[key], of_theme[key]) for key, thing in sorted(themes.items())),
        labs=tuple(Share(thing, by_lab[key], of_lab[key]) for key, thing in sorted(labs.items())),
    )


@dataclass(frozen=True)
class Candidate:
    """A reserve who could fill a vacancy, and the facts that speak for them, best candidate first."""

    line: Ranked
    organisation_short_by: int
    organisation_has: int
    theme_has: int
    lab_has: int

    @property
    def rank(self) -> tuple[int, int, int, int, Decimal]:
        """The smaller, the earlier; in the order of `Advantage`."""
        points = self.line.result.points or Decimal(0)
        return -self.organisation_short_by, self.organisation_has, self.theme_has, self.lab_has, -points


def vacancies(cohort: Cohort, lines: list[Ranked]) -> int:
    """Places that are neither taken nor offered, nor about to be by a decision in these lines."""
    offered = Nomination.objects.filter(cohort=cohort, status=NominationStatus.OFFERED).count()
    prepared = sum(line.decision is not None and line.decision.outcome == Outcome.OFFER for line in lines)
    return max(places_left(cohort) - offered - prepared, 0)


def reserve_candidates(cohort: Cohort, lines: list[Ranked], today: date) -> list[Candidate]:
    """The reserves whose time has not run out, the one that keeps the balance best first.

    In this order: an organisation below its indicative places, then the organisation, theme and lab with the fewest
    people chosen, then the points. A proposal: a person decides.
    """
    current = balance(cohort, lines)
    organisations = {share.thing.pk: share for share in current.organisations}
    themes = {share.thing.pk: share.chosen for share in current.themes}
    labs = {share.thing.pk: share.chosen for share in current.labs}
    in_time = set(
        Decision.objects.filter(
            nomination__cohort=cohort,
            nomination__status=NominationStatus.RESERVE,
            released_at__isnull=False,
            reserve_until__gte=today,
        ).values_list("nomination", flat=True)
    )
    candidates = []
    for line in lines:
        if line.nomination.pk not in in_time or line.decision is not None:
            continue
        share = organisations[line.nomination.organisation_id]
        candidates.append(
            Candidate(
                line=line,
                organisation_short_by=max((share.indicative or 0) - share.chosen, 0),
                organisation_has=share.chosen,
                theme_has=min((themes[theme.pk] for theme in line.themes), default=0),
                lab_has=labs.get(line.first_lab.pk, 0) if line.first_lab else 0,
            )
        )
    return sorted(candidates, key=lambda one: (*one.rank, one.line.nomination.pk))


def advantage(candidates: Sequence[Candidate]) -> Advantage:
    """Why the first of these (one at least, from `reserve_candidates`) comes before the second."""
    if len(candidates) == 1:
        return Advantage.ONLY
    pairs = zip(Advantage, candidates[0].rank, candidates[1].rank, strict=False)
    return next((why for why, first, second in pairs if first != second), Advantage.EQUAL)
