"""The kinds of messages about cohorts."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.kinds import Kind, Option, Sort

ASSOCIATES = Option("associates", _("Associates who have a place or take part"))
ASSOCIATES_AND_COORDINATORS = Option(
    "associates-and-coordinators",
    _("Associates who have a place or take part, and the coordinators who look after them"),
)
COORDINATORS_ONLY = Option("coordinators", _("Only the coordinators who look after the associates"))
TO_ASSOCIATES = (ASSOCIATES, ASSOCIATES_AND_COORDINATORS, COORDINATORS_ONLY)
LEFT_OR_PAUSED = Option("left", _("The associate has paused, left or finished"))
LEFT = Option("ended", _("The associate has left or finished; whoever has paused still hears"))

PHASE_STARTS = Kind(
    "phase-starts",
    pgettext_lazy("kind of message", "A phase starts"),
    Sort.REMINDER,
    event=_("The first day of a phase"),
    offsets=(-1,),
    audiences=TO_ASSOCIATES,
    stops=(LEFT_OR_PAUSED, LEFT),
    declinable=True,
)
PHASE_ENDS_SOON = Kind(
    "phase-ends-soon",
    pgettext_lazy("kind of message", "A phase ends soon"),
    Sort.REMINDER,
    event=_("The day after a phase ends"),
    offsets=(-5,),
    audiences=TO_ASSOCIATES,
    stops=(LEFT_OR_PAUSED, LEFT),
    declinable=True,
)
COHORT_CREATED = Kind(
    "cohort-created",
    pgettext_lazy("kind of message", "A cohort was created"),
    audiences=(Option("team", _("The programme team")),),
    declinable=True,
)
RECRUITMENT_OPENED = Kind(
    "recruitment-opened",
    pgettext_lazy("kind of message", "Recruitment is open"),
    audiences=(Option("coordinators", _("Coordinators")),),
    declinable=True,
)
ASSOCIATE_ENROLLED = Kind("associate-enrolled", pgettext_lazy("kind of message", "You have a place"), Sort.SERVICE)
DATES_CHANGED = Kind("dates-changed", pgettext_lazy("kind of message", "The dates have changed"), Sort.SERVICE)

PLAN_CHANGED = Kind("plan-changed", pgettext_lazy("kind of message", "The plan has changed"), Sort.SERVICE)

KINDS = (
    PHASE_STARTS,
    PHASE_ENDS_SOON,
    RECRUITMENT_OPENED,
    COHORT_CREATED,
    ASSOCIATE_ENROLLED,
    DATES_CHANGED,
    PLAN_CHANGED,
)
