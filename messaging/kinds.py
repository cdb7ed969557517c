"""What sorts of messages there are. Each app lists its own kinds in its kinds.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Text = str | Promise

# To more people than this at once, reminders wait for somebody, unless a rule says another number.
APPROVE_ABOVE = 50


class Sort(Enum):
    """What makes a message of a kind go."""

    SERVICE = "service"  # asked for, or owed: a code, a link, a decision. Never switched off, declined or put together
    NEWS = "news"  # somebody did something that others should know
    REMINDER = "reminder"  # a day came near; the night computes who is told
    ANNOUNCEMENT = "announcement"  # written by the programme team


@dataclass(frozen=True)
class Option:
    """One of the choices that a rule offers."""

    slug: str
    label: Text


@dataclass(frozen=True)
class Kind:
    """One kind of message, by the name that people know it by.

    Of a reminder: `event` is what its days are counted from, `offsets` its usual working days from it (negative
    before, positive after), `audiences` and `stops` what a rule may choose from, the usual first. `declinable`: a
    person may say that they do not want it.
    """

    slug: str
    label: Text
    sort: Sort = Sort.NEWS
    event: Text = ""
    offsets: tuple[int, ...] = ()
    audiences: tuple[Option, ...] = ()
    stops: tuple[Option, ...] = ()
    approve_above: int = APPROVE_ABOVE
    declinable: bool = False

    def __post_init__(self) -> None:
        if self.sort is Sort.REMINDER and not (self.event and self.offsets and self.audiences and self.stops):
            raise ValueError(f"The reminder {self.slug} needs an event, offsets, audiences and stops.")

    @property
    def is_service(self) -> bool:
        """Whether it was asked for or is owed: it goes at any hour, by itself."""
        return self.sort is Sort.SERVICE

    @property
    def is_computed(self) -> bool:
        """Whether the night computes it from the facts, so that it can be foreseen."""
        return self.sort in (Sort.REMINDER, Sort.ANNOUNCEMENT)


# What a person who wants one mail a day gets instead of several.
DIGEST = Kind("digest", pgettext_lazy("kind of message", "Daily summary"))
