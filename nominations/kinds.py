"""The kinds of messages about nominations, offers and their answers."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.kinds import Kind, Option, Sort

ENOUGH = Option("enough", _("The organisation has put forward enough people, or said that it has none"))
SOMEBODY = Option("somebody", _("The organisation has put forward somebody, or said that it has none"))
NO_NOMINEES = Option("no-nominees", _("Only when the organisation has said that it has no nominees"))
RECRUITMENT_CLOSES_SOON = Kind(
    "recruitment-closes-soon",
    pgettext_lazy("kind of message", "Recruitment closes soon"),
    Sort.REMINDER,
    event=_("The last day of recruitment"),
    offsets=(-5,),
    audiences=(Option("coordinators", _("Coordinators of organisations that may still nominate")),),
    stops=(ENOUGH, SOMEBODY, NO_NOMINEES),
    declinable=True,
)
NOMINEE_REMINDER = Kind(
    "nominee-reminder",
    pgettext_lazy("kind of message", "The nominee’s part is missing"),
    Sort.REMINDER,
    event=_("The day of the nomination"),
    offsets=(5, 10),
    audiences=(Option("nominees", _("Nominees")),),
    stops=(Option("answered", _("The answer has come, or the nomination has ended")),),
)
MANAGER_REMINDER = Kind(
    "manager-reminder",
    pgettext_lazy("kind of message", "The line manager’s answer is missing"),
    Sort.REMINDER,
    event=_("The day of the nomination"),
    offsets=(5, 10),
    audiences=(Option("managers", _("Line managers of nominees")),),
    stops=(Option("answered", _("The answer has come, or the nomination has ended")),),
)
OFFER_REMINDER = Kind(
    "offer-reminder",
    pgettext_lazy("kind of message", "An offer waits for its answer"),
    Sort.REMINDER,
    event=_("The last day for the answer"),
    offsets=(-2,),
    audiences=(Option("offered", _("People who were offered a place")),),
    stops=(Option("answered", _("The answer has come, or the nomination has ended")),),
)
REMINDERS = (RECRUITMENT_CLOSES_SOON, NOMINEE_REMINDER, MANAGER_REMINDER, OFFER_REMINDER)
OWED = tuple(
    Kind(slug, label, Sort.SERVICE)
    for slug, label in (
        ("link-nominee", pgettext_lazy("kind of message", "The nominee’s link")),
        ("link-manager", pgettext_lazy("kind of message", "The line manager’s link")),
        ("link-offer", pgettext_lazy("kind of message", "A new link to an offer")),
        ("decision-released", pgettext_lazy("kind of message", "A decision")),
        ("place-gone", pgettext_lazy("kind of message", "The last place had gone")),
        ("nomination-lapsed-nominee", pgettext_lazy("kind of message", "Your nomination lapsed")),
        ("nomination-withdrawn-nominee", pgettext_lazy("kind of message", "Your nomination was withdrawn")),
        ("not-endorsed-nominee", pgettext_lazy("kind of message", "About the time for the programme")),
        ("offer-lapsed-nominee", pgettext_lazy("kind of message", "Your offer lapsed")),
        ("reserve-ended", pgettext_lazy("kind of message", "The reserve list has ended")),
    )
)
OF_THE_NOMINEE = Option("coordinators", _("Coordinators of the nominee’s organisation"))
REVIEWS_ASSIGNED = Kind(
    "reviews-assigned",
    pgettext_lazy("kind of message", "Nominations to review"),
    audiences=(Option("reviewers", _("Reviewers")),),
    declinable=True,
)
NEWS = tuple(
    Kind(slug, label, audiences=(OF_THE_NOMINEE,), declinable=True)
    for slug, label in (
        ("nomination-declined", pgettext_lazy("kind of message", "A nominee declined")),
        ("nomination-withdrawn", pgettext_lazy("kind of message", "A nomination was withdrawn")),
        ("nomination-lapsed", pgettext_lazy("kind of message", "A nomination lapsed")),
        ("not-endorsed", pgettext_lazy("kind of message", "The time is not released")),
        ("offer-declined", pgettext_lazy("kind of message", "An offer was declined")),
        ("offer-lapsed", pgettext_lazy("kind of message", "An offer lapsed")),
    )
)

KINDS = (*REMINDERS, *OWED, REVIEWS_ASSIGNED, *NEWS)
