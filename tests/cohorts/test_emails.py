"""Every message of cohorts in both languages: what, when, the link, why you get it, and how to change that."""

from datetime import date

import pytest

from cohorts import emails
from messaging.render import words_of
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)


@pytest.fixture
def mails():
    cohort = CohortFactory(
        name_en="Cohort Qix",
        name_cy="Carfan Qhwech",
        recruitment_opens_on=date(2025, 10, 1),
        recruitment_until=date(2025, 12, 1),
    )
    associate = AssociateFactory(cohort=cohort, status="active", person__name="Mari Qew")
    person = UserFactory(name="Non Qant")
    experiment, last = cohort.phases.get(kind="experiment"), cohort.phases.get(kind="celebration")
    return {
        "cohort_created": emails.cohort_created(cohort, person, TODAY),
        "recruitment_opened": emails.recruitment_opened(cohort, person, TODAY),
        "associate_enrolled": emails.associate_enrolled(associate, TODAY),
        "dates_changed": emails.dates_changed(associate, TODAY),
        "phase_starts": emails.phase_starts(associate, experiment, date(2026, 4, 2)),
        "phase_ends_soon": emails.phase_ends_soon(associate, experiment, date(2026, 6, 15)),
        "last_phase_ends_soon": emails.phase_ends_soon(associate, last, date(2026, 6, 29)),
    }


def test_each_says_the_cohort_the_days_the_link_and_why(mails):
    for name, mail in mails.items():
        words = words_of(mail)
        for language, cohort, link, why in (
            ("en", "Cohort Qix", "http://testserver/cohorts/", "Why you get this"),
            ("cy", "Carfan Qhwech", "http://testserver/cy/cohorts/", "Pam rydych chi’n cael hon"),
        ):
            body = words[language]["body"]
            for said in (cohort, link, why, mail.to.name, "2026"):
                assert said in body, (name, language, said)
            assert "\n\n\n" not in body, (name, language)
            assert words[language]["subject"].strip(), name


def test_the_words_of_a_phase_that_starts(mails):
    words = words_of(mails["phase_starts"])
    assert words["en"]["subject"] == "Experiment starts on Monday 6 April 2026"
    assert words["cy"]["subject"] == "Cyfnod newydd: Arbrofi, Dydd Llun 6 Ebrill 2026"
    assert "Last day: Sunday 21 June 2026" in words["en"]["body"]
    assert "Diwrnod olaf: Dydd Sul 21 Mehefin 2026" in words["cy"]["body"]


def test_what_comes_after_a_phase_that_ends(mails):
    assert "What comes next: Celebration, from Monday 22 June 2026" in words_of(mails["phase_ends_soon"])["en"]["body"]
    assert "It is the last phase" in words_of(mails["last_phase_ends_soon"])["en"]["body"]
    assert "Dyma’r cyfnod olaf" in words_of(mails["last_phase_ends_soon"])["cy"]["body"]


def test_a_reminder_is_late_once_its_day_has_passed(mails):
    starts, ends = mails["phase_starts"], mails["phase_ends_soon"]
    assert starts.late_after_days == 4  # 2 April → 6 April, the first day
    assert ends.late_after_days == 6  # 15 June → 21 June, the last day


def test_keys_name_the_day_of_the_event_so_that_a_moved_date_is_a_new_message(mails):
    associate = mails["associate_enrolled"].context["associate"]
    experiment = mails["phase_starts"].context["phase"]
    assert mails["phase_starts"].key == f"phase-starts:{experiment.pk}:2026-04-06:{associate.person.reference}"
    assert mails["phase_ends_soon"].key == f"phase-ends-soon:{experiment.pk}:2026-06-22:{associate.person.reference}"
    assert all(len(mail.key) <= 250 for mail in mails.values())
