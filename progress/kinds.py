"""The kinds of messages about progress."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohorts.kinds import ASSOCIATES, LEFT_OR_PAUSED
from messaging.kinds import Kind, Option, Sort

DONE = Option("done", _("The milestone is marked as ready, or no longer asked for"))

MILESTONE_DUE = Kind(
    "milestone-due",
    pgettext_lazy("kind of message", "A milestone is due soon"),
    Sort.REMINDER,
    event=_("The day on which a milestone is due"),
    offsets=(-3,),
    audiences=(ASSOCIATES,),
    stops=(DONE, LEFT_OR_PAUSED),
    declinable=True,
)
MILESTONE_OVERDUE = Kind(
    "milestone-overdue",
    pgettext_lazy("kind of message", "A milestone is overdue"),
    Sort.REMINDER,
    event=_("The day on which a milestone was due"),
    offsets=(1, 6),
    audiences=(ASSOCIATES,),
    stops=(DONE, LEFT_OR_PAUSED),
    declinable=True,
)
MILESTONE_ASKED_AGAIN = Kind(
    "milestone-asked-again", pgettext_lazy("kind of message", "Something is missing for a milestone"), Sort.SERVICE
)

KINDS = (MILESTONE_DUE, MILESTONE_OVERDUE, MILESTONE_ASKED_AGAIN)
