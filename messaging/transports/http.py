"""What a provider's status code means, for every provider that is spoken to over HTTP."""

from __future__ import annotations

from messaging.transports.base import Meaning, ServerAwayError

# They say it before they look at the mail: a key that is wrong or locked, an address of theirs that does not exist.
NOT_OURS_TO_USE = (401, 402, 403, 404, 405)
# Somebody on the way had no answer in time; whoever stands behind may have the mail.
NOBODY_KNOWS = (408, 502, 504)
TOO_MUCH = 429
CLOSED = 503


class Patience:
    """Whether a provider wants anything from us just now: after it has said no, the next mail is not tried."""

    def __init__(self) -> None:
        self.said = ""

    def require(self) -> None:
        """Raise ServerAwayError with what the provider said, if it wanted nothing."""
        if self.said:
            raise ServerAwayError(self.said)

    def meaning_of(self, status: int, text: str) -> Meaning:
        """What became of the mail that was answered with this status; takes note when others need not be tried."""
        if 200 <= status < 300:
            return Meaning.ACCEPTED
        if status in NOBODY_KNOWS:
            return Meaning.UNKNOWN
        if status in NOT_OURS_TO_USE or status in (TOO_MUCH, CLOSED):
            self.said = text
            return Meaning.LATER
        return Meaning.REFUSED if 400 <= status < 500 else Meaning.LATER
