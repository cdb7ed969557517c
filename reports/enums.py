"""Closed lists about what is reported."""

from django.db import models
from django.utils.translation import pgettext_lazy


class MessageKind(models.TextChoices):
    """Every kind of message that Infuse sends, by the name that people know it by."""

    PHASE_STARTS = "phase-starts", pgettext_lazy("kind of message", "A phase starts")
    PHASE_ENDS_SOON = "phase-ends-soon", pgettext_lazy("kind of message", "A phase ends soon")
    ASSOCIATE_ENROLLED = "associate-enrolled", pgettext_lazy("kind of message", "You have a place")
    DATES_CHANGED = "dates-changed", pgettext_lazy("kind of message", "The dates have changed")
    RECRUITMENT_OPENED = "recruitment-opened", pgettext_lazy("kind of message", "Recruitment is open")
    RECRUITMENT_CLOSES_SOON = "recruitment-closes-soon", pgettext_lazy("kind of message", "Recruitment closes soon")
    COHORT_CREATED = "cohort-created", pgettext_lazy("kind of message", "A cohort was created")
    INVITED = "invited", pgettext_lazy("kind of message", "Invitation to a role")
    SIGN_IN_CODE = "sign-in-code", pgettext_lazy("kind of message", "Code for signing in")
    SIGN_IN_UNKNOWN = "sign-in-unknown", pgettext_lazy("kind of message", "Signing in with an unknown address")
    ADDRESS_CODE = "address-code", pgettext_lazy("kind of message", "Code for a new address")
    ADDRESS_TAKEN = "address-taken", pgettext_lazy("kind of message", "The address is known already")
    ADDRESS_ADDED = "address-added", pgettext_lazy("kind of message", "An address was added")
    ADDRESS_CHANGED = "address-changed", pgettext_lazy("kind of message", "The main address was changed")
    ADDRESS_REMOVED = "address-removed", pgettext_lazy("kind of message", "An address was removed")
    SECOND_STEP_ADDED = "second-step-added", pgettext_lazy("kind of message", "A second step was added")
    SECOND_STEP_REMOVED = "second-step-removed", pgettext_lazy("kind of message", "A second step was removed")
    RECOVERY_CODES_MADE = "recovery-codes-made", pgettext_lazy("kind of message", "Recovery codes were made")
    LINK_NOMINEE = "link-nominee", pgettext_lazy("kind of message", "The nominee’s link")
    LINK_MANAGER = "link-manager", pgettext_lazy("kind of message", "The line manager’s link")
    LINK_OFFER = "link-offer", pgettext_lazy("kind of message", "A new link to an offer")
    DECISION_RELEASED = "decision-released", pgettext_lazy("kind of message", "A decision")
    PLACE_GONE = "place-gone", pgettext_lazy("kind of message", "The last place had gone")
    NOMINEE_REMINDER = "nominee-reminder", pgettext_lazy("kind of message", "The nominee’s part is missing")
    MANAGER_REMINDER = "manager-reminder", pgettext_lazy("kind of message", "The line manager’s answer is missing")
    OFFER_REMINDER = "offer-reminder", pgettext_lazy("kind of message", "An offer waits for its answer")
    NOMINATION_DECLINED = "nomination-declined", pgettext_lazy("kind of message", "A nominee declined")
    NOMINATION_LAPSED = "nomination-lapsed", pgettext_lazy("kind of message", "A nomination lapsed")
    NOMINATION_LAPSED_NOMINEE = "nomination-lapsed-nominee", pgettext_lazy("kind of message", "Your nomination lapsed")
    NOT_ENDORSED = "not-endorsed", pgettext_lazy("kind of message", "The time is not released")
    NOT_ENDORSED_NOMINEE = "not-endorsed-nominee", pgettext_lazy("kind of message", "About the time for the programme")
    OFFER_DECLINED = "offer-declined", pgettext_lazy("kind of message", "An offer was declined")
    OFFER_LAPSED = "offer-lapsed", pgettext_lazy("kind of message", "An offer lapsed")
    OFFER_LAPSED_NOMINEE = "offer-lapsed-nominee", pgettext_lazy("kind of message", "Your offer lapsed")

    @classmethod
    def label_of(cls, kind: str) -> str:
        """The name of a kind; a kind of former times is shown by its code."""
        try:
            return str(cls(kind).label)
        except ValueError:
            return kind
