"""Every kind of message that Infuse sends. To add one, list it in its app’s kinds.py."""

from django.utils.translation import pgettext_lazy

from cohorts.kinds import KINDS as OF_COHORTS
from messaging.kinds import DIGEST, Kind, Sort
from nominations.kinds import KINDS as OF_NOMINATIONS
from people.kinds import KINDS as OF_PEOPLE
from progress.kinds import KINDS as OF_PROGRESS

ANNOUNCEMENT = Kind("announcement", pgettext_lazy("kind of message", "An announcement"), Sort.ANNOUNCEMENT)

KINDS: dict[str, Kind] = {
    kind.slug: kind for kind in (*OF_COHORTS, *OF_NOMINATIONS, *OF_PROGRESS, *OF_PEOPLE, ANNOUNCEMENT, DIGEST)
}


def label_of(kind: str) -> str:
    """The name of a kind; a kind of former times is shown by its code."""
    return str(KINDS[kind].label) if kind in KINDS else kind
