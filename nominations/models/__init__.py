"""The facts of this app."""

from nominations.models.decision import Decision, SelectionRecord
from nominations.models.link import Link
from nominations.models.nomination import Endorsement, Nomination, NominationMove, NomineePart
from nominations.models.places import Places
from nominations.models.review import Criterion, Panellist, Review, ReviewMove, Score

__all__ = [
    "Criterion",
    "Decision",
    "Endorsement",
    "Link",
    "Nomination",
    "NominationMove",
    "NomineePart",
    "Panellist",
    "Places",
    "Review",
    "ReviewMove",
    "Score",
    "SelectionRecord",
]
