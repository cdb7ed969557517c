"""A rule's answer: allowed, or refused with the reason that the reader sees."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


@dataclass(frozen=True)
class Verdict:
    """What every `may_…` rule returns. True when allowed; `reason` is a sentence (usually lazy) when refused."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)


class NotAllowed(PermissionDenied):
    """A verb was asked for something its rule refuses. `str()` of it is the reason; a page answers it with 403."""

    @property
    def reason(self) -> str:
        return str(self)


def refused(reason: str | Promise) -> Verdict:
    """A verdict that says no, with the sentence that says why."""
    return Verdict(False, reason)


def require(verdict: Verdict) -> None:
    """Pass, or raise NotAllowed with the verdict's reason. Verbs call it again under their lock."""
    if not verdict:
        raise NotAllowed(verdict.reason)
