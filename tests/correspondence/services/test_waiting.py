"""Held messages: looked at, approved, reworded, discarded, each time as a group and never more than somebody saw."""

from datetime import timedelta

import pytest

from core.models import AuditEvent
from core.verdicts import NotAllowed
from correspondence.queries.texts import common_words
from correspondence.queries.waiting import group_of, groups
from correspondence.reminders import SOURCES
from correspondence.services.waiting import change_words, discard_group, discard_late, release_group
from infuse.messages import CHECKS
from messaging.delivery import deliver_due
from messaging.models import Approval, Message
from messaging.reminders import send_due
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import MessageFactory

pytestmark = pytest.mark.django_db

SCOPE = "cohorts.cohort:qarth"
PHASE_STARTS = next(source for source in SOURCES if source.kind.slug == "phase-starts")


def held(reason="first_use", **more):
    return MessageFactory(**{"kind": "phase-starts", "about": SCOPE, "state": "held", "state_reason": reason, **more})


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_a_group_is_a_kind_a_cohort_a_day_and_a_reason(today):
    first = held()
    held()
    for other in (
        {"kind": "phase-ends-soon"},
        {"about": ""},
        {"due_on": today - timedelta(days=1)},
        {"reason": "late"},
    ):
        held(**other)
    MessageFactory(kind="phase-starts", about=SCOPE)
    assert sorted(group.count for group in groups()) == [1, 1, 1, 1, 2]
    assert group_of(first).count() == 2
    assert [group.count for group in groups(["late"])] == [1]


def test_approving_the_first_use_approves_the_kind_here_and_releases_what_was_seen(manager, today):
    first, second = held(), held()
    later = held()
    count = release_group(sample=first, last=second.pk, by=manager, today=today)
    assert (count, states()) == (2, ["queued", "queued", "held"])
    approval = Approval.objects.get()
    assert (approval.kind, approval.scope, approval.approved_by) == ("phase-starts", SCOPE, manager.reference)
    later.refresh_from_db()
    assert later.state == "held"
    assert AuditEvent.objects.get(event="messages.released").details["count"] == 2


def test_releasing_what_goes_to_many_approves_no_kind(manager, today):
    message = held("many")
    release_group(sample=message, last=message.pk, by=manager, today=today)
    assert not Approval.objects.exists()
    assert states() == ["queued"]


def test_what_was_released_has_its_late_limit_from_today_and_is_not_held_again(manager, today, mailoutbox):
    message = held("late", due_on=today - timedelta(days=9), late_after=today - timedelta(days=6), kind="qarth")
    release_group(sample=message, last=message.pk, by=manager, today=today)
    message.refresh_from_db()
    assert message.late_after == today + timedelta(days=3)
    deliver_due(CHECKS, today=today)
    assert states() == ["sent"]


def test_discarded_they_are_cancelled_and_the_kind_is_not_approved(manager, today):
    message = held()
    assert discard_group(sample=message, last=message.pk, by=manager, today=today) == 1
    message.refresh_from_db()
    assert (message.state, message.state_reason) == ("cancelled", "discarded")
    assert not Approval.objects.exists()


def test_everything_too_late_is_discarded_at_once_and_nothing_else(manager, today):
    late, other, first_use = held("late"), held("late", kind="other"), held()
    unseen = held("late")
    assert discard_late(last=other.pk, by=manager, today=today) == 2
    assert states() == ["cancelled", "cancelled", "held", "held"]
    assert {late.pk, first_use.pk} < {*Message.objects.values_list("pk", flat=True)}
    assert unseen.pk


def test_nobody_outside_the_team_decides(coordinator, today):
    message = held()
    for verb in (release_group, discard_group):
        with pytest.raises(NotAllowed, match="programme team"):
            verb(sample=message, last=message.pk, by=coordinator, today=today)
    assert states() == ["held"]


# --- Other words ----------------------------------------------------------------------------------------------------
@pytest.fixture
def reminders(today, settings):
    """Real reminders of a cohort that nobody has approved: held, one for each of two associates."""
    cohort = CohortFactory(status="running")
    people = [AssociateFactory(cohort=cohort, status="active", person__language="en").person for _n in range(2)]
    days = (today + timedelta(days=n) for n in range(60))
    return people, next(day for day in days if send_due([PHASE_STARTS], day)[0].due)


def test_other_words_stay_until_they_are_sent_each_with_its_own_name_and_foot(reminders, manager, mailoutbox):
    people, day = reminders
    sample = Message.objects.earliest("pk")
    common = common_words(group_of(sample))
    assert common is not None
    assert "[name]" in common["en"]["body"]
    assert "[enw]" in common["cy"]["body"]
    assert "--" not in common["en"]["body"].splitlines()
    words = {
        "en": {"subject": "Qew words for [name]", "body": "Hello [name], qew words."},
        "cy": {"subject": "Geiriau qewydd", "body": "Helo [enw], geiriau qewydd."},
    }
    last = Message.objects.latest("pk").pk
    assert change_words(sample=sample, last=last, words=words, by=manager, today=day) == 2
    release_group(sample=Message.objects.get(pk=sample.pk), last=last, by=manager, today=day)
    deliver_due(CHECKS, today=day)
    assert sorted(mail.subject for mail in mailoutbox) == sorted(f"Qew words for {one.name}" for one in people)
    for mail in mailoutbox:
        name = mail.subject.removeprefix("Qew words for ")
        assert mail.body.startswith(f"Hello {name}, qew words.\n\n--\n")


def test_whoever_has_left_meanwhile_gets_no_other_words_either(reminders, manager, mailoutbox):
    people, day = reminders
    sample, last = Message.objects.earliest("pk"), Message.objects.latest("pk").pk
    words = {language: {"subject": "Qew", "body": "Qew."} for language in ("cy", "en")}
    change_words(sample=sample, last=last, words=words, by=manager, today=day)
    type(people[0]).objects.filter(pk=people[0].pk).update(is_active=False)
    release_group(sample=sample, last=last, by=manager, today=day)
    deliver_due(CHECKS, today=day)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("part", "text", "reason"),
    [
        ("body_cy", " ", "Both languages"),
        ("body_en", "Hello [qwhat]", "Nothing can stand for"),
        ("subject_en", "", "Both"),
    ],
)
def test_words_that_cannot_be_sent_are_refused(reminders, manager, today, part, text, reason):
    sample = Message.objects.earliest("pk")
    words = common_words(group_of(sample))
    name, language = part.split("_")
    words[language][name] = text
    with pytest.raises(NotAllowed, match=reason):
        change_words(sample=sample, last=10**9, words=words, by=manager, today=today)
    assert not Message.objects.filter(own_words=True).exists()


def test_words_that_differ_from_person_to_person_cannot_be_changed_for_all(manager, today):
    one = {lang: {"subject": "S", "body": "One"} for lang in ("cy", "en")}
    other = {lang: {"subject": "S", "body": "Other"} for lang in ("cy", "en")}
    sample, second = held(words=one), held(words=other)
    with pytest.raises(NotAllowed, match="differ from person to person"):
        change_words(sample=sample, last=second.pk, words=one, by=manager, today=today)


def test_the_place_of_a_secret_link_must_stay(manager, today):
    words = {lang: {"subject": "S", "body": "Your link: ••••••••"} for lang in ("cy", "en")}
    sample = held(words=words, secret_word="q-secret")
    without = {lang: {"subject": "S", "body": "No link"} for lang in ("cy", "en")}
    with pytest.raises(NotAllowed, match="Leave the dots"):
        change_words(sample=sample, last=sample.pk, words=without, by=manager, today=today)
