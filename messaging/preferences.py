"""What people chose about their messages, asked before each message goes; and the signed address that declines one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.signing import BadSignature, Signer

from messaging.enums import StateReason
from messaging.kinds import DIGEST, Kind
from messaging.models import Message, Preference
from messaging.moments import Rhythm, next_open, next_summary

# Full stops, because they pass through addresses and mail programs as they are.
SIGNER = Signer(salt="messaging.preferences", sep=".")


@dataclass(frozen=True)
class Pause:
    """Not yet: not before `until`, for this reason."""

    until: datetime
    reason: StateReason


class Manners:
    """How the people with these references want to be written to; one query, and what is handed in.

    `kinds` are those known by slug: what is of none of them, or is a service message, goes at any time. `rhythms` are
    the working days and usual hours of these people.
    """

    def __init__(self, people: Collection[str], kinds: Mapping[str, Kind], rhythms: Mapping[str, Rhythm]) -> None:
        self.kinds = kinds
        self.rhythms = rhythms
        self.chosen = preferences_of(people)

    def is_declined(self, message: Message) -> bool:
        """Whether the person does not want messages of this kind, and need not have them."""
        return declines(self.chosen.get(message.person), self.kinds.get(message.kind))

    def pause(self, message: Message, at: datetime) -> Pause | None:
        """Until when the message waits that could go at `at`; None: it goes now."""
        kind = self.kinds.get(message.kind)
        if kind is None or kind.is_service:
            return None
        chosen = self.chosen.get(message.person)
        rhythm = rhythm_of(chosen, self.rhythms.get(message.person, Rhythm()))
        if chosen and chosen.digest and fits_digest(message) and kind is not DIGEST:
            summary = next_summary(at, rhythm, message.late_after)
            if summary is not None:
                return Pause(summary, StateReason.DIGEST)
        until = next_open(at, rhythm, message.late_after)
        return Pause(until, StateReason.QUIET) if until > at else None


def preferences_of(people: Collection[str]) -> Mapping[str, Preference]:
    """What those of these people chose who chose anything, by reference; one query, none for nobody."""
    asked = {person for person in people if person}
    if not asked:
        return {}
    return {chosen.person: chosen for chosen in Preference.objects.filter(person__in=asked)}


def declines(chosen: Preference | None, kind: Kind | None) -> bool:
    """Whether this choice keeps messages of that kind away."""
    return bool(chosen and kind and kind.declinable and kind.slug in chosen.declined)


def rhythm_of(chosen: Preference | None, usual: Rhythm) -> Rhythm:
    """The rhythm with the person's own hours, if they chose any."""
    return replace(usual, hours=chosen.hours) if chosen and chosen.hours else usual


def fits_digest(message: Message) -> bool:
    """Whether a message may be one of several in a mail: not with a secret of its own, nor sent again by hand."""
    return not (message.secret or message.secret_word or message.again_of_id or message.kind == DIGEST.slug)


def stop_token(person: str, kind: str) -> str:
    """What proves, without signing in, that a message of this kind was sent to the person; the same each time."""
    return SIGNER.sign(f"{person}.{kind}")


def read_stop_token(token: str) -> tuple[str, str] | None:
    """(person, kind) of a token that we gave; None for any other."""
    try:
        person, _dot, kind = SIGNER.unsign(token).partition(".")
    except BadSignature:
        return None
    return person, kind
