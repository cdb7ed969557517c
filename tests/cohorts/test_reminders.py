"""Who hears about which phase on which day: on working days only, once, and not after leaving."""

from collections import Counter
from datetime import date

import pytest

from cohorts.reminders import phase_ends_soon, phase_starts
from cohorts.services.associates import withdraw_associate
from core.clock import days_from, is_working_day
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.reminding import mails

pytestmark = pytest.mark.django_db

ALPHA = date(2021, 5, 4)
SPAN = list(days_from(date(2021, 4, 20), date(2021, 11, 6)))


@pytest.fixture
def alpha():
    return CohortFactory(starts_on=ALPHA, status="running")


def sent(source, days=SPAN):
    return [(day, mail) for day in days for mail in mails(source, day)]


@pytest.mark.parametrize(("source", "kind"), [(phase_starts, "phase-starts"), (phase_ends_soon, "phase-ends-soon")])
def test_each_phase_is_said_once_to_each_associate_and_never_on_a_day_off(alpha, source, kind):
    for language in ("cy", "en", ""):
        AssociateFactory(cohort=alpha, status="active", person__language=language)
    found = sent(source)
    assert all(is_working_day(day) for day, _mail in found)
    assert len({mail.key for _day, mail in found}) == len(found) == 5 * 3
    assert {mail.kind for _day, mail in found} == {kind}
    assert Counter(mail.to.language for _day, mail in found) == {"cy": 5, "en": 5, "": 5}
    assert all(mail.due_on == day for day, mail in found)


def test_the_days_of_alpha_s_reminders(alpha):
    AssociateFactory(cohort=alpha, status="active")
    assert [(day, mail.context["phase"].kind) for day, mail in sent(phase_starts)] == [
        (date(2021, 4, 30), "inspire"),
        (date(2021, 5, 17), "learn_and_activate"),
        (date(2021, 6, 14), "learn_and_explore"),
        (date(2021, 8, 2), "experiment"),
        (date(2021, 10, 18), "celebration"),
    ]
    assert [(day, mail.context["phase"].kind) for day, mail in sent(phase_ends_soon)] == [
        (date(2021, 5, 11), "inspire"),
        (date(2021, 6, 8), "learn_and_activate"),
        (date(2021, 7, 27), "learn_and_explore"),
        (date(2021, 10, 12), "experiment"),
        (date(2021, 10, 26), "celebration"),
    ]


def test_two_phases_whose_planned_days_fall_on_one_working_day_are_two_messages(alpha):
    inspire, activate = alpha.phases.filter(kind__in=["inspire", "learn_and_activate"]).order_by("starts_on")
    # Inspire on Saturday 1 May, Learn and Activate on Sunday 2 May: both are said on Friday 30 April.
    type(alpha).objects.filter(pk=alpha.pk).update(starts_on=date(2021, 5, 1))
    type(inspire).objects.filter(pk=inspire.pk).update(starts_on=date(2021, 5, 1), until=date(2021, 5, 2))
    type(activate).objects.filter(pk=activate.pk).update(starts_on=date(2021, 5, 2))
    AssociateFactory(cohort=alpha, status="active", enrolled_on=date(2021, 4, 1))
    found = mails(phase_starts, date(2021, 4, 30))
    assert [mail.context["phase"].kind for mail in found] == ["inspire", "learn_and_activate"]
    assert len({mail.key for mail in found}) == 2


def test_status_is_taken_from_the_day_and_not_from_the_column(alpha):
    left = AssociateFactory(cohort=alpha, status="withdrawn", moves=[("withdrawn", date(2021, 8, 2))])
    paused = AssociateFactory(cohort=alpha, status="paused", moves=[("paused", date(2021, 6, 14))])
    late = AssociateFactory(cohort=alpha, enrolled_on=date(2021, 6, 1))
    heard = Counter((mail.to.reference, mail.context["phase"].kind) for _day, mail in sent(phase_starts))
    assert [kind for ref, kind in heard if ref == left.person.reference] == [
        "inspire",
        "learn_and_activate",
        "learn_and_explore",
    ]
    assert [kind for ref, kind in heard if ref == paused.person.reference] == ["inspire", "learn_and_activate"]
    assert [kind for ref, kind in heard if ref == late.person.reference] == [
        "learn_and_explore",
        "experiment",
        "celebration",
    ]


def test_leaving_on_the_day_of_the_reminder_is_in_time(alpha):
    associate = AssociateFactory(cohort=alpha, status="active")
    withdraw_associate(associate=associate, reason="workload", on=date(2021, 8, 2), by=None, today=date(2021, 8, 2))
    assert mails(phase_starts, date(2021, 8, 2)) == []


def test_a_moved_phase_has_a_new_key_and_the_old_one_is_no_longer_due(alpha):
    associate = AssociateFactory(cohort=alpha, status="active")
    (old,) = mails(phase_starts, date(2021, 8, 2))
    alpha.phases.filter(kind="experiment").update(starts_on=date(2021, 8, 10))
    assert mails(phase_starts, date(2021, 8, 2)) == []
    (new,) = mails(phase_starts, date(2021, 8, 9))
    assert new.key != old.key
    assert new.key.endswith(associate.person.reference)


def test_one_person_only_when_asked_for_one(alpha):
    first, _second = AssociateFactory(cohort=alpha, status="active"), AssociateFactory(cohort=alpha, status="active")
    assert [mail.to.reference for mail in mails(phase_starts, date(2021, 8, 2), [first.person.reference])] == [
        first.person.reference
    ]


def test_a_cancelled_cohort_and_a_person_who_is_no_longer_active_hear_nothing(alpha):
    AssociateFactory(cohort=alpha, status="active", person__is_active=False)
    other = CohortFactory(starts_on=ALPHA, status="cancelled")
    AssociateFactory(cohort=other)
    assert sent(phase_starts) == []


def test_the_number_of_queries_does_not_depend_on_the_number_of_people(alpha, django_assert_num_queries):
    for count in (1, 3):
        while alpha.associates.count() < count:
            AssociateFactory(cohort=alpha, status="active")
        with django_assert_num_queries(4):
            assert len(mails(phase_starts, date(2021, 8, 2))) == count
