"""What waits for a person: the first use of a kind within a scope, and what would go to many."""

import pytest

from core import clock
from messaging.approvals import approve_kind
from messaging.models import Message, MessageRule
from messaging.reminders import send_due
from tests.messaging.conftest import DAY
from tests.reminding import source

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(mail):
    """Runs the reminder “qarth” with so many mails in a scope; returns (state, reason) of its messages."""

    def run(count, scope="cohorts.cohort:qarth", **more):
        first = Message.objects.count()
        mails = [mail(n, about=scope, **more) for n in range(first, first + count)]
        send_due([source("qarth", lambda _asked: iter(mails))], DAY)
        rows = Message.objects.filter(key__in=[one.key for one in mails])
        return list(rows.values_list("state", "state_reason"))

    return run


def test_an_unapproved_kind_is_held_and_an_approved_one_goes(night):
    assert night(2) == [("held", "first_use")] * 2
    approve_kind("qarth", "cohorts.cohort:qarth", by="abc")
    assert night(1) == [("queued", "")]


def test_an_approval_counts_for_its_kind_and_scope_only(night):
    approve_kind("qarth", "cohorts.cohort:other", by="")
    approve_kind("other", "cohorts.cohort:qarth", by="")
    assert night(1) == [("held", "first_use")]


def test_more_than_the_rule_s_number_is_held_though_the_kind_is_approved(night):
    approve_kind("qarth", "cohorts.cohort:qarth", by="")
    MessageRule.objects.create(
        kind="qarth", scope="cohorts.cohort:qarth", from_on=DAY, approve_above=2, set_at=clock.now()
    )
    assert night(2) == [("queued", "")] * 2
    Message.objects.all().delete()
    assert night(3) == [("held", "many")] * 3


def test_what_somebody_decided_about_is_not_held_again(night):
    night(1)
    Message.objects.update(state="queued", state_reason="", decided_at=clock.now())
    send_due([source("qarth", lambda _asked: iter(()))], DAY)
    assert Message.objects.get().state == "queued"
