"""How a kind of message is sent: from a day on, in a cohort or for the programme; and what that changes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from cohorts.emails import about
from cohorts.kinds import PHASE_ENDS_SOON, PHASE_STARTS, RECRUITMENT_OPENED
from cohorts.reminders import SOURCES as OF_COHORTS
from cohorts.reminders import phase_starts
from core.models import AuditEvent
from core.verdicts import NotAllowed
from correspondence.kinds import KINDS
from correspondence.queries.rules import day_in_words, effects, facts_of, proposed_rule
from correspondence.services.rules import set_rule, take_back_rule
from infuse.messages import CHECKS
from messaging.enums import StateReason
from messaging.models import Message, MessageRule
from messaging.policies import Policies
from messaging.recheck import Drop, Send, look_again
from messaging.reminders import send_due
from tests.conftest import TODAY, stop_the_clock
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import MessageRuleFactory
from tests.factories.people import RoleFactory
from tests.reminding import mails

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)
# “Experiment” starts on Monday 6 April 2026: Good Friday and Easter lie before it.
EXPERIMENT, DAY_BEFORE, FIVE_BEFORE, TEN_BEFORE = (
    date(2026, 4, 6),
    date(2026, 4, 2),
    date(2026, 3, 27),
    date(2026, 3, 20),
)


@pytest.fixture
def cohort(today):
    made = CohortFactory(status="running")
    AssociateFactory(cohort=made, status="active")
    return made


@pytest.fixture
def rule(cohort, manager, today):
    """Sets a rule in the cohort: `rule(offsets=[-5])`."""

    def make(kind=PHASE_STARTS, *, where=cohort, from_on=TOMORROW, **says):
        return set_rule(kind=kind, cohort=where, from_on=from_on, by=manager, today=today, **says)

    return make


def days(source=phase_starts, first=TODAY, last=date(2026, 7, 1)):
    """The days on which somebody hears."""
    return [first + timedelta(days=n) for n in range((last - first).days) if mails(source, first + timedelta(days=n))]


# --- Forward only -----------------------------------------------------------------------------------------------------
def test_a_rule_counts_from_its_first_day_on_and_not_before(rule, cohort):
    assert days()[0] == DAY_BEFORE
    rule(offsets=[-10])
    assert days()[0] == TEN_BEFORE


def test_an_event_whose_new_day_lies_before_the_rule_is_not_spoken_of_any_more(rule, cohort):
    rule(offsets=[-10], from_on=date(2026, 3, 25))
    assert DAY_BEFORE not in days()
    assert TEN_BEFORE not in days()


def test_a_moved_reminder_is_not_said_twice(rule, cohort):
    """Five days before has been said; the rule then says one day before, and the key is the same."""
    rule(offsets=[-5])
    send_due(OF_COHORTS, FIVE_BEFORE)
    rule(offsets=[-1], from_on=FIVE_BEFORE + timedelta(days=1))
    assert days(first=FIVE_BEFORE + timedelta(days=1))[0] == DAY_BEFORE
    send_due(OF_COHORTS, DAY_BEFORE)
    assert Message.objects.filter(kind="phase-starts").count() == 1


def test_two_days_are_two_messages_under_two_keys(rule, cohort):
    rule(offsets=[-10, -1])
    (early,), (late,) = mails(phase_starts, TEN_BEFORE), mails(phase_starts, DAY_BEFORE)
    assert late.key == f"{early.key}:2"


def test_switched_off_nobody_hears_and_switched_on_again_they_do(rule, cohort):
    rule(is_on=False)
    assert days() == []
    rule(from_on=EXPERIMENT)
    assert days()[0] > EXPERIMENT


def test_the_late_limit_is_that_of_the_rule_but_never_longer_than_it_is_news(rule, cohort):
    (usual,) = mails_of_day()
    assert usual.late_after_days == (EXPERIMENT - DAY_BEFORE).days
    rule(late_after_days=1)
    assert mails_of_day()[0].late_after_days == 1
    rule(late_after_days=30)
    assert mails_of_day()[0].late_after_days == usual.late_after_days


def mails_of_day():
    return mails(OF_COHORTS[0], DAY_BEFORE)


def test_switched_off_while_a_reminder_waits_it_does_not_go_and_says_why(rule, cohort, manager, monkeypatch):
    send_due(OF_COHORTS, DAY_BEFORE)
    stop_the_clock(monkeypatch, DAY_BEFORE)
    (row,) = Message.objects.filter(kind="phase-starts")
    assert isinstance(look_again([row], CHECKS, DAY_BEFORE)[row.pk], Send)
    set_rule(kind=PHASE_STARTS, cohort=cohort, from_on=DAY_BEFORE, is_on=False, by=manager, today=DAY_BEFORE)
    assert look_again([row], CHECKS, DAY_BEFORE)[row.pk] == Drop(StateReason.OFF)


# --- Cohort, programme, product ---------------------------------------------------------------------------------------
def test_a_cohort_s_own_rule_counts_before_the_programme_s_and_can_follow_it_again(rule, cohort):
    other = about(CohortFactory())
    rule(where=None, offsets=[-3])
    rule(offsets=[-7])
    rule(follows=True, from_on=date(2026, 5, 1))
    policies = Policies(PHASE_STARTS)
    assert policies.on(about(cohort), TODAY).offsets == (-1,)
    assert policies.on(about(cohort), TOMORROW).offsets == (-7,)
    assert policies.on(other, TOMORROW).offsets == (-3,)
    assert policies.on(about(cohort), date(2026, 5, 1)).offsets == (-3,)
    rule(where=None, follows=True, from_on=date(2026, 6, 1))
    assert policies.on(about(cohort), date(2026, 5, 31)).offsets == (-3,)
    assert Policies(PHASE_STARTS).on(about(cohort), date(2026, 6, 1)).since is None


# --- What is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("says", "field"),
    [
        ({"from_on": TODAY - timedelta(days=1)}, "from_on"),
        ({"from_on": TODAY + timedelta(days=400)}, "from_on"),
        ({"offsets": [0]}, "offsets"),
        ({"offsets": [5]}, "offsets"),
        ({"offsets": [-61]}, "offsets"),
        ({"offsets": [-1, -2, -3, -4, -5, -6]}, "offsets"),
        ({"audience": "everybody"}, "audience"),
        ({"stop": "never"}, "stop"),
    ],
)
def test_an_impossible_rule_is_refused_at_its_field(rule, says, field):
    with pytest.raises(ValidationError) as refusal:
        rule(**says)
    assert list(refusal.value.message_dict) == [field]
    assert not MessageRule.objects.exists()


def test_a_rule_that_has_begun_stays_and_one_to_come_is_replaced(rule, today):
    rule(from_on=TODAY, offsets=[-2])
    with pytest.raises(ValidationError):
        rule(from_on=TODAY, offsets=[-3])
    rule(offsets=[-4])
    rule(offsets=[-5])
    assert [row.offsets for row in MessageRule.objects.order_by("from_on")] == [[-2], [-5]]
    assert list(AuditEvent.objects.values_list("event", flat=True)) == [
        "message_rule.added",
        "message_rule.added",
        "message_rule.changed",
    ]


def test_only_a_rule_to_come_is_taken_back(rule, manager, today):
    begun, to_come = rule(from_on=TODAY), rule()
    take_back_rule(rule=to_come, by=manager, today=today)
    with pytest.raises(NotAllowed):
        take_back_rule(rule=begun, by=manager, today=today)
    assert MessageRule.objects.get() == begun


@pytest.mark.parametrize("slug", ["sign-in-code", "associate-enrolled", "decision-released", "link-offer", "digest"])
def test_what_is_owed_has_no_rule(rule, slug):
    with pytest.raises(NotAllowed):
        rule(KINDS[slug], is_on=False)


@pytest.mark.parametrize("role", ["associate", "coordinator", "coach", "lab_lead", "auditor", "nobody"])
def test_rules_are_for_the_programme_team(cohort, person_as, role):
    with pytest.raises(NotAllowed):
        set_rule(kind=PHASE_STARTS, cohort=cohort, from_on=TOMORROW, by=person_as(role), today=TODAY)


@pytest.mark.parametrize("status", ["finished", "cancelled"])
def test_a_cohort_that_is_over_gets_no_rule(rule, status):
    with pytest.raises(NotAllowed):
        rule(where=CohortFactory(status=status))


# --- In words ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (-1, "1 working day before the first day of a phase"),
        (-5, "5 working days before the first day of a phase"),
        (2, "2 working days after the first day of a phase"),
    ],
)
def test_what_a_rule_means_is_said_in_words(offset, text):
    assert day_in_words(PHASE_STARTS, offset) == text


def test_every_kind_that_is_ruled_can_be_put_into_words():
    for kind in KINDS.values():
        facts = facts_of(Policies(kind).usual)
        assert all(label and all(lines) for label, lines in facts), kind.slug


# --- What would change ------------------------------------------------------------------------------------------------
def seen(source, rule):
    return [(effect.topic, effect.before, effect.after) for effect in effects(source, rule, TODAY)]


def test_the_effects_are_those_of_the_function_that_sends_and_nothing_is_saved(cohort):
    source = OF_COHORTS[0]
    moved = proposed_rule(kind=PHASE_STARTS, scope=about(cohort), from_on=TOMORROW, offsets=[-10])
    celebration = [row for row in seen(source, moved) if row[0] == "Celebration"]
    assert seen(source, moved)[0] == ("Experiment", [(DAY_BEFORE, 1)], [(TEN_BEFORE, 1)])
    assert len(celebration) == 1
    too_late = proposed_rule(kind=PHASE_STARTS, scope=about(cohort), from_on=date(2026, 3, 25), offsets=[-10])
    assert seen(source, too_late)[0] == ("Experiment", [(DAY_BEFORE, 1)], [])
    off = proposed_rule(kind=PHASE_STARTS, scope=about(cohort), from_on=TOMORROW, is_on=False)
    assert [after for _topic, _before, after in seen(source, off)] == [[], []]
    same = proposed_rule(kind=PHASE_STARTS, scope=about(cohort), from_on=TOMORROW, offsets=[-1])
    assert seen(source, same) == []
    assert not MessageRule.objects.exists()


def test_what_has_been_said_is_no_effect(cohort):
    """“Experiment ends soon” is said on 15 June; on the 16th a rule says one day before: nobody hears again."""
    source, then = OF_COHORTS[1], date(2026, 6, 16)
    said = [day for day in days(source, date(2026, 6, 1), date(2026, 6, 22)) if day < then]
    assert said == [date(2026, 6, 15)]
    rule = proposed_rule(kind=PHASE_ENDS_SOON, scope=about(cohort), from_on=then + timedelta(days=1), offsets=[-1])
    assert [effect.topic for effect in effects(source, rule, then)] == ["Celebration"]


# --- News -------------------------------------------------------------------------------------------------------------
def test_news_that_is_switched_off_is_written_down_as_cancelled(cohort, rule, manager, django_assert_num_queries):
    from cohorts.emails import recruitment_opened  # noqa: PLC0415 (beside the outbox it is for)
    from messaging import outbox  # noqa: PLC0415 (as above)

    rule(RECRUITMENT_OPENED, is_on=False)
    elsewhere = CohortFactory()
    people = [manager, *(RoleFactory(kind="coordinator").person for _n in range(3))]
    assert outbox.queue(recruitment_opened(cohort, manager, TODAY)).state == "queued"
    off = outbox.queue(recruitment_opened(cohort, manager, TOMORROW))
    assert (off.state, off.state_reason) == ("cancelled", "off")
    for count in (1, 4):
        Message.objects.all().delete()
        letters = [recruitment_opened(where, person, TOMORROW) for where in (cohort, elsewhere) for person in people]
        # Keys, own words, rules, rows, count of the new ones; the programme's acknowledgement.
        with django_assert_num_queries(6):
            outbox.queue_many([*letters[:count], *letters[4 : 4 + count]])
        assert Message.objects.filter(state="cancelled", about=about(cohort)).count() == count
        assert Message.objects.filter(state="queued", about=about(elsewhere)).count() == count


def test_a_rule_of_another_kind_or_cohort_switches_nothing_off(cohort, manager):
    from cohorts.emails import recruitment_opened  # noqa: PLC0415 (as above)
    from messaging import outbox  # noqa: PLC0415 (as above)

    MessageRuleFactory(kind="cohort-created", is_on=False, offsets=[])
    MessageRuleFactory(kind="recruitment-opened", scope="cohorts.cohort:elsewhere", is_on=False, offsets=[])
    assert outbox.queue(recruitment_opened(cohort, manager, TOMORROW)).state == "queued"
