"""What people chose about their messages, for themselves and for the links in their mails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from cohorts.models import Associate
from correspondence.kinds import KINDS
from messaging.kinds import DIGEST, Kind, Sort
from messaging.moments import USUAL, WEEKDAYS, Hours, Rhythm
from messaging.preferences import preferences_of, read_stop_token, stop_token
from messaging.render import languages_for
from nominations.models import Panellist
from people.models import User
from people.queries.people import working_days_of
from people.queries.roles import roles_on


def rhythms(references: Collection[str], day: date) -> Mapping[str, Rhythm]:
    """When these people work, as far as they told; without settings.MESSAGES_WAIT nothing waits for the usual hours."""
    told = working_days_of(references, day)
    hours = USUAL if settings.MESSAGES_WAIT else None
    return {reference: Rhythm(hours, told.get(reference, WEEKDAYS)) for reference in references}


@dataclass(frozen=True)
class Choices:
    """What counts for one person: chosen, or else the usual."""

    declined: frozenset[str]
    digest: bool
    hours: Hours
    days: Sequence[int]
    has_told_days: bool


def choices_of(person: User, today: date) -> Choices:
    """What counts for this person today."""
    chosen = preferences_of([person.reference]).get(person.reference)
    told = working_days_of([person.reference], today).get(person.reference)
    return Choices(
        declined=frozenset(chosen.declined) if chosen else frozenset(),
        digest=bool(chosen and chosen.digest),
        hours=(chosen and chosen.hours) or USUAL,
        days=sorted(told or WEEKDAYS),
        has_told_days=told is not None,
    )


def offered_to(person: User, today: date) -> list[Kind]:
    """The kinds that this person may decline and that may come to them; and those that they have declined."""
    roles, audiences = roles_on(person, today), set()
    if Associate.objects.filter(person=person).exists():
        audiences.add("associates")
    if roles.is_coordinator or roles.runs_programme:
        audiences.add("coordinators")
    if roles.runs_programme:
        audiences.add("team")
    if Panellist.objects.filter(person=person).exists():
        audiences.add("reviewers")
    declined = choices_of(person, today).declined
    return [
        kind
        for kind in KINDS.values()
        if kind.declinable and (kind.slug in declined or any(option.slug in audiences for option in kind.audiences))
    ]


def never_declined() -> dict[Sort, list[Kind]]:
    """The kinds that always come, by what makes them go; without the summary, which is chosen."""
    found: dict[Sort, list[Kind]] = defaultdict(list)
    for kind in KINDS.values():
        if not kind.declinable and kind is not DIGEST:
            found[kind.sort].append(kind)
    return dict(found)


def stop_address(person: str, kind: str, language: str) -> str:
    """The page on which the person with this reference declines that kind, without signing in; "" where they may not.

    The same address each time, and nobody's who lacks the installation's key.
    """
    if not person or kind not in KINDS or not KINDS[kind].declinable:
        return ""
    with translation.override(languages_for(language)[0]):
        return settings.PUBLIC_URL + reverse("correspondence:message-stop", args=[stop_token(person, kind)])


def meant_by(token: str) -> tuple[User, Kind] | None:
    """Whom and which kind a link in a mail is about; None when we gave no such link, or they are no more."""
    found = read_stop_token(token)
    if found is None or found[1] not in KINDS:
        return None
    person = User.objects.filter(reference=found[0], is_active=True).first()
    return (person, KINDS[found[1]]) if person else None
