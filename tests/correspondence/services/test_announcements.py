"""Announcements: in both languages, to whoever belongs to the audience on the day, to many with a second person."""

from datetime import date, timedelta
from email.utils import parseaddr

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Count

from cohorts.emails import about
from core.models import AuditEvent
from core.verdicts import NotAllowed
from correspondence.enums import AnnouncementState
from correspondence.models import Announcement
from correspondence.queries.announcements import open_ends, reached_by, standing
from correspondence.reminders import SOURCES, announcements
from correspondence.services.announcements import (
    approve_announcement,
    cancel_announcement,
    change_announcement,
    schedule_announcement,
    write_announcement,
)
from infuse.messages import CHECKS
from messaging.delivery import deliver_due
from messaging.models import Message, MessageRule
from messaging.reminders import Question, send_due
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.correspondence import AnnouncementFactory
from tests.factories.messaging import MessageFactory
from tests.factories.nominations import NominationFactory
from tests.factories.people import OrganisationFactory, RoleFactory
from tests.reminding import mails

pytestmark = pytest.mark.django_db

TEXTS = {
    "subject_en": "Qoom has changed",
    "subject_cy": "Mae'r qystafell wedi newid",
    "body_en": "We meet in the Qreat Hall.",
    "body_cy": "Byddwn yn cwrdd yn y Qeuadd Fawr.",
}
OURS = [source for source in SOURCES if source.kind.slug == "announcement"]


@pytest.fixture
def cohort(today):
    return CohortFactory(status="running")


@pytest.fixture
def associates(cohort):
    return [AssociateFactory(cohort=cohort, status="active", person__language=one) for one in ("cy", "en", "")]


@pytest.fixture
def announcement(cohort, associates):
    return AnnouncementFactory(cohort=cohort)


@pytest.fixture
def only_two_alone(cohort, today):
    """To more than two people, somebody else must approve."""
    return MessageRule.objects.create(
        kind="announcement", scope=about(cohort), from_on=today, approve_above=2, set_at="2026-01-01T00:00Z"
    )


def state(announcement, today):
    announcement.refresh_from_db()
    return standing(announcement, today).state


def night(day):
    return send_due(OURS, day)


def test_a_draft_goes_to_nobody_and_a_day_sends_it_in_the_morning_once(announcement, manager, today):
    later = today + timedelta(days=1)
    night(today)
    assert not Message.objects.exists()
    schedule_announcement(announcement=announcement, send_on=later, by=manager, today=today)
    assert state(announcement, today) == AnnouncementState.SCHEDULED
    assert not Message.objects.exists()
    night(later)
    night(later)
    assert Message.objects.filter(state="queued", kind="announcement", about=about(announcement.cohort)).count() == 3
    assert state(announcement, later) == AnnouncementState.OUT


def test_today_s_goes_at_once_in_each_one_s_language(announcement, associates, manager, today, mailoutbox):
    schedule_announcement(announcement=announcement, send_on=today, by=manager, today=today)
    deliver_due(CHECKS, today=today)
    sent = {parseaddr(mail.to[0])[1]: mail for mail in mailoutbox}
    welsh, english, both = (sent[one.person.email] for one in associates)
    assert welsh.subject == TEXTS["subject_cy"]
    assert "Qreat" not in welsh.body
    assert english.subject == TEXTS["subject_en"]
    assert f"Hello {associates[1].person.name}" in english.body
    assert "Qeuadd Fawr" in both.body
    assert "Qreat Hall" in both.body
    assert both.body.index("Qeuadd") < both.body.index("Qreat")


@pytest.mark.parametrize("missing", sorted(TEXTS))
def test_one_language_missing_is_refused_by_the_verb_and_by_the_database(cohort, manager, today, missing):
    with pytest.raises(NotAllowed, match="Both languages"):
        write_announcement(cohort=cohort, audience="associates", **TEXTS | {missing: " "}, by=manager, today=today)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnnouncementFactory(cohort=cohort, **{missing: ""})


def test_one_language_alone_changes_only_when_somebody_says_that_both_say_the_same(announcement, manager, today):
    changed = {"audience": "associates", **TEXTS, "body_en": "We meet in the Qittle Hall.", "by": manager}
    with pytest.raises(NotAllowed, match="Only one language"):
        change_announcement(announcement=announcement, **changed, today=today)
    change_announcement(announcement=announcement, **changed, same=True, today=today)
    announcement.refresh_from_db()
    assert (announcement.body_en, announcement.welsh_status) == ("We meet in the Qittle Hall.", "confirmed")
    Announcement.objects.update(welsh_status="stale", send_on=today)
    assert mails(announcements, today) == []


def test_to_many_it_waits_for_somebody_else(announcement, only_two_alone, manager, administrator, today):
    schedule_announcement(announcement=announcement, send_on=today, by=manager, today=today)
    assert state(announcement, today) == AnnouncementState.WAITING
    night(today)
    assert not Message.objects.exists()
    assert [one.announcement for one in open_ends(today)] == [announcement]
    with pytest.raises(NotAllowed, match="Somebody else"):
        approve_announcement(announcement=announcement, by=manager, today=today)
    approve_announcement(announcement=announcement, by=administrator, today=today)
    assert Message.objects.filter(state="queued").count() == 3
    assert open_ends(today) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.update(approved_by=manager)


def test_words_changed_after_an_approval_must_be_approved_again(
    announcement, only_two_alone, manager, administrator, today
):
    later = today + timedelta(days=1)
    schedule_announcement(announcement=announcement, send_on=later, by=manager, today=today)
    approve_announcement(announcement=announcement, by=administrator, today=today)
    assert state(announcement, today) == AnnouncementState.SCHEDULED
    texts = {name: f"{text} Q" for name, text in TEXTS.items()}
    change_announcement(announcement=announcement, audience="associates", **texts, by=manager, today=today)
    assert state(announcement, today) == AnnouncementState.WAITING


def test_an_audience_that_has_grown_to_many_meanwhile_is_told_nothing_unseen(
    announcement, only_two_alone, associates, manager, today
):
    later = today + timedelta(days=1)
    MessageRule.objects.update(approve_above=3)
    schedule_announcement(announcement=announcement, send_on=later, by=manager, today=today)
    AssociateFactory(cohort=announcement.cohort, status="active")
    night(later)
    assert not Message.objects.exists()
    next_day = later + timedelta(days=1)
    assert state(announcement, next_day) == AnnouncementState.MISSED
    assert [one.state for one in open_ends(next_day)] == [AnnouncementState.MISSED]


def test_postponed_it_goes_on_the_new_day_only(announcement, manager, today):
    first, second = today + timedelta(days=1), today + timedelta(days=2)
    schedule_announcement(announcement=announcement, send_on=first, by=manager, today=today)
    schedule_announcement(announcement=announcement, send_on=second, by=manager, today=today)
    night(first)
    assert not Message.objects.exists()
    night(second)
    assert set(Message.objects.values_list("due_on", flat=True)) == {second}
    events = AuditEvent.objects.filter(event="announcement.scheduled").values_list("details", flat=True)
    assert {"send_on": second.isoformat(), "from": first.isoformat()} in list(events)


def test_cancelled_what_waits_is_not_sent_and_what_is_held_is_let_go_of(announcement, manager, today, mailoutbox):
    schedule_announcement(announcement=announcement, send_on=today, by=manager, today=today)
    held = Message.objects.first()
    Message.objects.filter(pk=held.pk).update(state="held", state_reason="late")
    cancel_announcement(announcement=announcement, by=manager, today=today)
    deliver_due(CHECKS, today=today)
    assert mailoutbox == []
    assert dict(Message.objects.order_by().values_list("state_reason").annotate(Count("pk"))) == {
        "not_true": 2,
        "discarded": 1,
    }
    with pytest.raises(NotAllowed, match="cancelled"):
        schedule_announcement(announcement=announcement, send_on=today, by=manager, today=today)


def test_what_is_out_cannot_be_changed_or_get_another_day(announcement, manager, today):
    schedule_announcement(announcement=announcement, send_on=today, by=manager, today=today)
    with pytest.raises(NotAllowed, match="outbox"):
        change_announcement(announcement=announcement, audience="associates", **TEXTS, by=manager, today=today)
    with pytest.raises(NotAllowed, match="outbox"):
        schedule_announcement(announcement=announcement, send_on=today, by=manager, today=today)


@pytest.mark.parametrize(
    ("day", "reason"),
    [(date(2026, 3, 10), "later day"), (date(2026, 3, 14), "working day"), (date(2028, 3, 13), "within a year")],
)
def test_the_day_is_a_working_day_from_today_on(announcement, manager, today, day, reason):
    with pytest.raises(NotAllowed, match=reason):
        schedule_announcement(announcement=announcement, send_on=day, by=manager, today=today)


def test_nobody_outside_the_team_announces_anything(announcement, coordinator, today):
    for verb in (schedule_announcement, approve_announcement, cancel_announcement):
        more = {"send_on": today} if verb is schedule_announcement else {}
        with pytest.raises(NotAllowed, match="programme team"):
            verb(announcement=announcement, **more, by=coordinator, today=today)


def test_the_audiences(cohort, associates, coordinator, today):
    body = OrganisationFactory()
    theirs = AssociateFactory(cohort=cohort, status="active", organisation=body)
    AssociateFactory(cohort=cohort, status="withdrawn", moves=[("withdrawn", today)])
    AssociateFactory(cohort=cohort, status="active", person__is_active=False)
    AssociateFactory(status="active")
    nominee = NominationFactory(cohort=cohort, organisation=body, status="complete")
    NominationFactory(cohort=cohort, status="accepted")
    other = RoleFactory(kind="coordinator", organisation=body).person

    def people(kind, organisation=None):
        return set(reached_by(cohort, kind, organisation, today))

    assert people("associates") == {theirs.person, *(one.person for one in associates)}
    assert people("associates", body) == {theirs.person}
    assert people("coordinators") == {coordinator, other}
    assert people("coordinators", body) == {other}
    assert people("nominees") == {nominee.person}
    assert people("nominees", OrganisationFactory()) == set()


def test_who_left_or_joined_meanwhile(announcement, associates, manager, today):
    later = today + timedelta(days=1)
    schedule_announcement(announcement=announcement, send_on=later, by=manager, today=today)
    gone, new = associates[0], AssociateFactory(cohort=announcement.cohort, status="active")
    gone.moves.create(
        from_status="active", to_status="withdrawn", effective_on=later, recorded_at=announcement.written_at
    )
    night(later)
    told = set(Message.objects.values_list("person", flat=True))
    assert gone.person.reference not in told
    assert new.person.reference in told


def test_the_source_answers_for_a_person_and_for_a_cohort(announcement, associates, manager, today):
    schedule_announcement(announcement=announcement, send_on=today + timedelta(days=1), by=manager, today=today)
    day = Question.of_day(today + timedelta(days=1), people=[associates[0].person.reference])
    assert [one.mail.to.reference for one in announcements(day)] == [associates[0].person.reference]
    other = Question(day.window, scope="cohorts.cohort:other")
    assert list(announcements(other)) == []
    cancel_announcement(announcement=announcement, by=manager, today=today)
    assert [str(one.verdict.reason) for one in announcements(day)] == ["This announcement has been cancelled."]


def test_five_hundred_people_in_one_announcement(
    cohort, manager, administrator, today, mailoutbox, django_assert_max_num_queries
):
    type(cohort).objects.filter(pk=cohort.pk).update(capacity=600)
    AssociateFactory.create_batch(500, cohort=cohort, status="active")
    announcement = AnnouncementFactory(cohort=cohort)
    schedule_announcement(announcement=announcement, send_on=today, by=manager, today=today)
    assert not Message.objects.exists()
    with django_assert_max_num_queries(35):
        approve_announcement(announcement=announcement, by=administrator, today=today)
    assert Message.objects.filter(state="queued").count() == 500
    while deliver_due(CHECKS, today=today).states:
        pass
    assert len({mail.to[0] for mail in mailoutbox}) == len(mailoutbox) == 500
    assert state(announcement, today) == AnnouncementState.OUT


def test_the_words_of_an_announcement_of_before_are_not_touched(announcement, today):
    MessageFactory(kind="announcement", key="announcement:zzzzzzzzzz:1", about=about(announcement.cohort))
    assert state(announcement, today) == AnnouncementState.DRAFT
