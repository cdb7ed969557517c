"""Who may see and decide what is sent, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from cohorts.enums import CohortStatus
from cohorts.models import Cohort
from cohorts.rules import runs_programme
from core.bilingual import WelshStatus
from core.clock import is_working_day
from core.verdicts import ALLOWED, Verdict, refused
from correspondence.enums import AnnouncementState
from correspondence.models import Announcement
from correspondence.queries import addresses as address_queries
from correspondence.queries import wording as wording_queries
from messaging import wordings
from messaging.enums import MessageState
from messaging.kinds import DIGEST, Kind, Sort
from messaging.models import BadAddress, Message, MessageRule
from messaging.moments import Hours
from people.models import User
from people.queries.people import in_touch_with
from people.queries.roles import roles_on
from people.rules import may_record_address

LONGEST_AHEAD = timedelta(days=366)


def may_view_messages(user: User | AnonymousUser, today: date) -> Verdict:
    """What people were sent is for the programme team."""
    return runs_programme(user, today)


def may_announce(user: User | AnonymousUser | None, today: date) -> Verdict:
    """Announcements are written, scheduled and cancelled by the programme team; None is the system."""
    return runs_programme(user, today)


def may_change_announcement(
    user: User | AnonymousUser | None, announcement: Announcement, state: AnnouncementState, today: date
) -> Verdict:
    """What has gone to the outbox, or was cancelled, stays as it is."""
    if not (verdict := may_announce(user, today)):
        return verdict
    if announcement.cancelled_at:
        return refused(_("This announcement has been cancelled."))
    if state == AnnouncementState.OUT:
        return refused(_("This announcement has gone to the outbox. What has been said cannot be changed."))
    return ALLOWED


def may_cancel_announcement(user: User | AnonymousUser | None, announcement: Announcement, today: date) -> Verdict:
    """Until it is cancelled: of one that is in the outbox, what has not been sent is not sent."""
    if not (verdict := may_announce(user, today)):
        return verdict
    return refused(_("This announcement has been cancelled.")) if announcement.cancelled_at else ALLOWED


def may_approve_announcement(
    user: User | AnonymousUser | None, announcement: Announcement, state: AnnouncementState, today: date
) -> Verdict:
    """Somebody else than who scheduled it, while it waits for that."""
    if not (verdict := may_announce(user, today)):
        return verdict
    if state != AnnouncementState.WAITING:
        return refused(_("This announcement does not wait for approval."))
    if announcement.scheduled_by is not None and announcement.scheduled_by == user:
        return refused(_("You chose its day yourself. Somebody else of the programme team must approve it."))
    return ALLOWED


def may_go(announcement: Announcement, reaches: int, most: int) -> Verdict:
    """Whether an announcement goes on its day: not cancelled, its texts of one age, and to many only when approved."""
    if announcement.cancelled_at:
        return refused(_("This announcement has been cancelled."))
    if announcement.welsh_status == WelshStatus.STALE:
        return refused(_("One language has changed after the other."))
    if reaches > most and not announcement.approved_at:
        return refused(_("It goes to many people, and nobody else has approved it."))
    return ALLOWED


def is_a_day_to_send(day: date, today: date) -> Verdict:
    """Announcements go on working days from today on."""
    if day < today:
        return refused(_("Choose today or a later day."))
    if day > today + LONGEST_AHEAD:
        return refused(_("Choose a day within a year from now."))
    return ALLOWED if is_working_day(day) else refused(_("Choose a working day: nobody is at work on this one."))


def is_of_one_age(announcement: Announcement, texts: Mapping[str, str], same: bool) -> Verdict:
    """Whoever changes one language changes the other, or says that both still say the same."""
    changed = {name for name, text in texts.items() if getattr(announcement, name) != text}
    alone = {name for name in changed if f"{name[:-2]}{'cy' if name.endswith('en') else 'en'}" not in changed}
    if not alone or same:
        return ALLOWED
    return refused(_("Only one language has changed. Change the other too, or tick that both say the same."))


# --- What people choose ---------------------------------------------------------------------------------------------

# A day needs some hours in which a message can come, or none ever would.
FEWEST_HOURS = 4


def may_change_preferences(user: User | AnonymousUser, person: User, today: date) -> Verdict:  # noqa: ARG001 (as every rule)
    """What somebody wants to hear is theirs alone to say."""
    return ALLOWED if user == person else refused(_("Only the person can say what messages they want."))


def may_decline(kind: Kind | None) -> Verdict:
    """Whether people may decline messages of this kind; refused, why not."""
    if kind is None:
        return refused(_("There are no such messages."))
    if kind.declinable:
        return ALLOWED
    match kind.sort:
        case Sort.SERVICE:
            return refused(
                _("This is a service message: you asked for it, or it tells you what is decided or changed for you.")
            )
        case Sort.REMINDER:
            return refused(_("An answer of yours is awaited. The reminders stop when it has come."))
        case Sort.ANNOUNCEMENT:
            return refused(_("The programme team writes it to everybody whom it concerns."))
    return refused(_("You chose it yourself, and can choose otherwise on the page “Your messages”."))


def are_hours_enough(hours: Hours) -> Verdict:
    """Whether messages have enough hours of a day to come in."""
    length = (hours.closes.hour - hours.opens.hour) % 24
    if length >= FEWEST_HOURS:
        return ALLOWED
    return refused(_("Leave at least %(hours)s hours in which messages can come.") % {"hours": FEWEST_HOURS})


# --- Rules and wording ------------------------------------------------------------------------------------------------
MOST_WORKING_DAYS = 60
MOST_TIMES = 5


def may_set_rule(user: User | AnonymousUser | None, kind: Kind, cohort: Cohort | None, today: date) -> Verdict:
    """How a kind is sent is for the programme team, in a cohort that is not over, or (None) as the programme's rule.

    What is owed to people (a code, a link, a decision) always goes.
    """
    if not (verdict := runs_programme(user, today)):
        return verdict
    if not is_ruled(kind):
        return refused(_("These messages are owed to people, so they are always sent."))
    return _is_not_over(cohort)


def is_ruled(kind: Kind) -> bool:
    """Whether rules say how a kind is sent: not what is owed, nor the daily summary, which people choose themselves."""
    return kind.sort is not Sort.SERVICE and kind is not DIGEST


def may_edit_wording(user: User | AnonymousUser | None, cohort: Cohort, today: date) -> Verdict:
    """The programme team words the texts of a cohort that is not over."""
    return runs_programme(user, today) and _is_not_over(cohort)


def _is_not_over(cohort: Cohort | None) -> Verdict:
    if cohort is not None and cohort.status in (CohortStatus.FINISHED, CohortStatus.CANCELLED):
        return refused(_("This cohort is over, so nothing more is sent."))
    return ALLOWED


def may_begin(from_on: date, today: date, begun: bool) -> Verdict:
    """A rule counts from today on at the earliest; when one has begun today, from a later day."""
    if from_on < today:
        return refused(_("A rule cannot count for days that have passed. Choose today or a later day."))
    if from_on > today + LONGEST_AHEAD:
        return refused(_("Choose a day within a year from now."))
    if from_on == today and begun:
        return refused(_("Another rule has begun today. Choose a later day."))
    return ALLOWED


def may_take_back(user: User | AnonymousUser | None, rule: MessageRule, today: date) -> Verdict:
    """A rule that has begun explains what was sent under it, so it stays; a later one follows it."""
    if not (verdict := runs_programme(user, today)):
        return verdict
    if rule.from_on <= today:
        return refused(_("This rule has begun. Make a new rule instead."))
    return ALLOWED


def are_possible_days(kind: Kind, offsets: Sequence[int]) -> Verdict:
    """Working days from the event, all on the side of it that the kind speaks on."""
    side = -1 if kind.offsets[0] < 0 else 1
    if not offsets or not all(1 <= offset * side <= MOST_WORKING_DAYS for offset in offsets):
        return refused(_("Enter numbers of working days from 1 to 60, such as 5 or 5, 10."))
    if len(set(offsets)) > MOST_TIMES:
        return refused(_("People are told at most five times of the same thing."))
    return ALLOWED


def is_wording_complete(template: str, language: str, subject: str, body: str) -> Verdict:
    """Whether one language of a text may be saved: only known blanks, the necessary ones kept, the subject one line.

    A language may be missing: then the text is not used.
    """
    known = wordings.blanks(template, language)
    for blank in (*wordings.asked_for(subject), *wordings.asked_for(body)):
        if blank not in known:
            reason = _("This text cannot fill in “[%(blank)s]”. Use only what stands in the list.")
            return refused(reason % {"blank": blank})
    for blank in known:
        if body and wordings.must_stay(blank) and blank not in wordings.asked_for(body):
            label = wording_queries.label_of(blank, language)
            return refused(_("“[%(blank)s]” must stay in the text.") % {"blank": label})
    return ALLOWED


def may_decide(user: User | AnonymousUser | None, today: date) -> Verdict:
    """What is held, or did not arrive, is decided about by the programme team."""
    return runs_programme(user, today)


def may_mend_address(user: User | AnonymousUser, bad: BadAddress, person: User | None, today: date) -> Verdict:
    """The programme team; and a coordinator for a person of theirs who has never signed in.

    An address is also how its owner signs in. Of somebody who has an account in use, the programme team records a new
    one, as anywhere else.
    """
    if bad.mended_at:
        return refused(_("This address has been mended already."))
    if roles_on(user, today).runs_programme:
        return may_record_address(user, person=person, today=today) if person else ALLOWED  # type: ignore[arg-type]
    if person is None or not in_touch_with(user, today).filter(pk=person.pk).exists():
        return refused(_("Only the programme team can do this."))
    if person.last_login or roles_on(person, today).kinds:
        return refused(
            _("This person signs in with the address. Ask them for the right one and tell the programme team.")
        )
    return ALLOWED


def has_an_account(person: User | None) -> Verdict:
    """Only of a person known to Infuse can a new address be recorded here."""
    if person is not None:
        return ALLOWED
    return refused(_("This address belongs to nobody with an account. Change it where it was typed in."))


def may_change_words(message: Message, are_alike: bool) -> Verdict:
    """The words of what is held and alike may be changed before it goes; what is secret is nobody's to read."""
    if message.state != MessageState.HELD:
        return refused(_("This message is not held."))
    if message.secret:
        return refused(_("These words are for the recipient alone."))
    if not are_alike:
        return refused(_("The words of these messages differ from person to person, so they cannot be changed here."))
    return ALLOWED


def may_list_addresses(user: User | AnonymousUser, today: date) -> Verdict:
    """Addresses that do not work are mended by the programme team and by coordinators."""
    roles = roles_on(user, today)
    if roles.runs_programme or roles.is_coordinator:
        return ALLOWED
    return refused(_("Only the programme team and coordinators can do this."))


def is_mended(bad: BadAddress) -> Verdict:
    """What is held for an address goes only once it works."""
    return ALLOWED if bad.mended_at else refused(_("Mend the address first."))


def may_view_announcement(user: User | AnonymousUser, announcement: Announcement, today: date) -> Verdict:  # noqa: ARG001
    """Every announcement is the programme team's. The twin of queries.announcements.visible_to."""
    return runs_programme(user, today)


def may_view_address(user: User | AnonymousUser, bad: BadAddress, today: date) -> Verdict:
    """An address that does not work, of a person one may write to. The twin of queries.addresses.visible_to."""
    if address_queries.visible_to(user, today).filter(pk=bad.pk).exists():
        return ALLOWED
    return refused(_("Only the programme team and coordinators can do this."))
