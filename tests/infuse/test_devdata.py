"""The demo's data: the public facts as published, an invented cast, and a load that happens once or not at all."""

from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from challenges.models import Theme
from cohorts.enums import CohortStatus
from cohorts.models import Associate, Cohort, Partner, Programme, TemplatePhase
from cohorts.queries.associates import with_organisation, with_status_on
from cohorts.queries.phases import current_phase, phases_of
from core.bilingual import WelshStatus, pick
from core.clock import is_working_day
from infuse.devdata.cohorts import start_tuesday
from infuse.devdata.messages import WAITS
from infuse.devdata.sources import address, cohort_facts, facts, invented
from labs.models import Lab
from messaging.models import Message
from people.models import Employment, Organisation, Role, User
from people.queries.roles import roles_on
from progress.enums import CompletionStatus
from progress.models import Completion
from progress.queries.conditions import progress_in
from progress.queries.milestones import milestones_of
from tests.infuse.the_demo import TODAY, everything, loaded_demo

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo as loaded on TODAY."""
    with loaded_demo(django_db_blocker):
        yield


def cohort(slug: str) -> Cohort:
    return Cohort.objects.get(slug=slug)


# --- Facts ----------------------------------------------------------------------------------------------------------
def test_the_ten_authorities_have_their_codes_names_and_tiles(demo):
    rows = Organisation.objects.filter(kind="local_authority").order_by("code")
    found = [(row.code, row.short_en, row.short_cy, row.tile_column, row.tile_row) for row in rows]
    assert found == [
        ("W06000013", "Bridgend", "Pen-y-bont ar Ogwr", 0, 2),
        ("W06000014", "Vale of Glamorgan", "Bro Morgannwg", 1, 3),
        ("W06000015", "Cardiff", "Caerdydd", 2, 3),
        ("W06000016", "Rhondda Cynon Taf", "Rhondda Cynon Taf", 1, 2),
        ("W06000018", "Caerphilly", "Caerffili", 2, 2),
        ("W06000019", "Blaenau Gwent", "Blaenau Gwent", 2, 1),
        ("W06000020", "Torfaen", "Torfaen", 3, 1),
        ("W06000021", "Monmouthshire", "Sir Fynwy", 4, 1),
        ("W06000022", "Newport", "Casnewydd", 3, 2),
        ("W06000024", "Merthyr Tydfil", "Merthyr Tudful", 1, 1),
    ]


def test_every_organisation_is_as_in_the_facts(demo):
    for row in facts()["organisation"]:
        found = Organisation.objects.get(code=row["code"])
        assert (found.name_en, found.name_cy, found.kind) == (row["name_en"], row["name_cy"], row["kind"])
    assert Organisation.objects.count() == len(facts()["organisation"]) + len(facts()["partner"]) - 1


def test_the_programme_its_funder_and_its_partners(demo):
    programme = Programme.objects.get()
    assert programme.lead.code == "W06000021"
    assert (programme.starts_on, programme.ends_on) == (date(2021, 5, 4), date(2023, 9, 30))
    assert programme.target_associates == 120
    assert programme.contact_email == "infuse@monmouthshire.gov.uk"
    assert programme.funder_en == "European Social Fund through Welsh Government"
    assert programme.funder_cy == "Cronfa Gymdeithasol Ewrop drwy Lywodraeth Cymru"
    assert programme.acknowledges_funder_on(date(2023, 12, 31))
    assert not programme.acknowledges_funder_on(date(2024, 1, 1))
    partners = {row.organisation.name_en: (row.leads, row.ended_on) for row in Partner.objects.all()}
    assert partners == {
        "Monmouthshire County Council": (True, None),
        "Cardiff University": (False, None),
        "Y Lab": (False, date(2023, 9, 30)),
        "Nesta": (False, None),
        "Cardiff Capital Region City Deal Office": (False, None),
    }
    assert Organisation.objects.get(code="y-lab").active_until == date(2023, 10, 1)


def test_the_template_has_26_weeks_in_five_phases(demo):
    rows = TemplatePhase.objects.values_list("kind", "from_week", "until_week")
    assert list(rows) == [
        ("inspire", 0, 2),
        ("learn_and_activate", 2, 6),
        ("learn_and_explore", 6, 13),
        ("experiment", 13, 24),
        ("celebration", 24, 26),
    ]


def test_two_themes_and_three_labs_wait_for_a_translator(demo):
    assert list(Theme.objects.values_list("slug", flat=True)) == ["decarbonisation", "communities"]
    assert list(Lab.objects.values_list("name_en", "name_cy")) == [
        ("Adaption Lab", "Labordy Addasu"),
        ("Data Lab", "Labordy Data"),
        ("Procurement Lab", "Labordy Caffael"),
    ]
    for row in [*Theme.objects.all(), *Lab.objects.all()]:
        assert row.welsh_status == WelshStatus.UNCONFIRMED
    # The articles give Alpha's name in Welsh; the others wait.
    waiting = Cohort.objects.filter(welsh_status=WelshStatus.UNCONFIRMED).values_list("slug", flat=True)
    assert sorted(waiting) == ["five", "six", "two"]


def test_everything_people_read_is_there_in_both_languages(demo):
    bilingual = [Organisation, Programme, Cohort, Lab, Theme]
    for model in bilingual:
        for row in model.objects.all():
            assert row.missing_texts() == []
            for field in model.bilingual_fields:
                assert pick(row, field, "cy")
                assert pick(row, field, "en")


# --- Cohort Alpha ---------------------------------------------------------------------------------------------------
def test_alpha_starts_on_the_day_and_in_the_phases_of_the_facts(demo):
    alpha = cohort("alpha")
    assert (alpha.starts_on, alpha.until, alpha.capacity) == (date(2021, 5, 4), date(2021, 11, 2), 20)
    assert [(phase.kind, phase.starts_on, phase.until) for phase in phases_of(alpha)] == [
        ("inspire", date(2021, 5, 4), date(2021, 5, 18)),
        ("learn_and_activate", date(2021, 5, 18), date(2021, 6, 15)),
        ("learn_and_explore", date(2021, 6, 15), date(2021, 8, 3)),
        ("experiment", date(2021, 8, 3), date(2021, 10, 19)),
        ("celebration", date(2021, 10, 19), date(2021, 11, 2)),
    ]
    assert alpha.status == CohortStatus.FINISHED


def test_alpha_began_with_twenty_from_six_authorities_and_thirteen_completed(demo):
    rows = Associate.objects.filter(cohort__slug="alpha")
    fact = cohort_facts("alpha")
    assert Counter(rows.values_list("status", flat=True)) == {"completed": 13, "withdrawn": 7}
    assert fact["associates_at_start"] == 20
    assert fact["associates_reported_afterwards"] == 13
    first_day = with_status_on(rows, fact["starts_on"])
    assert {row.status_that_day for row in first_day} == {"active"}
    organisations = {row.organisation_id_then for row in with_organisation(rows, TODAY)}
    assert None not in organisations
    assert len(organisations) == fact["authorities_at_start"] == 6


def test_those_who_left_alpha_did_so_in_four_phases_each_with_a_reason(demo):
    alpha = cohort("alpha")
    moves = [
        (row.moves.get(to_status="withdrawn").effective_on, row.moves.get(to_status="withdrawn").reason)
        for row in alpha.associates.filter(status="withdrawn")
    ]
    assert Counter(current_phase(alpha, day).kind for day, _reason in moves) == {
        "inspire": 1,
        "learn_and_activate": 2,
        "learn_and_explore": 2,
        "experiment": 2,
    }
    assert len({reason for _day, reason in moves}) == 7


def test_alphas_past_is_dated(demo):
    for row in Associate.objects.filter(cohort__slug="alpha"):
        moves = list(row.moves.values_list("to_status", "effective_on"))
        assert moves[0][0] == "enrolled"
        assert moves[0][1].strftime("%Y-%m") == "2021-04"
        assert moves[1] == ("active", date(2021, 5, 4))
        assert len(moves) == 3
        if row.status == "completed":
            assert moves[2] == ("completed", date(2021, 11, 1))
        assert moves[2][0] == row.status


def test_a_later_change_of_employer_leaves_alpha_as_it_was(demo):
    person = User.objects.get(name="Tunde Morgan-Adeyemi")
    assert Employment.objects.on(TODAY).get(person=person).organisation.short_en == "Blaenau Gwent"
    row = with_organisation(Associate.objects.filter(person=person, cohort__slug="alpha"), TODAY).get()
    assert Organisation.objects.get(pk=row.organisation_id_then).short_en == "Newport"


# --- The other cohorts ----------------------------------------------------------------------------------------------
def test_two_is_finished_and_opened_on_the_published_day(demo):
    two = cohort("two")
    assert two.status == CohortStatus.FINISHED
    assert two.recruitment_opens_on == date(2022, 3, 31)
    assert set(two.associates.values_list("status", flat=True)) == {"completed", "withdrawn"}


def test_five_experiments_today_and_six_recruits_today(demo):
    five, six = cohort("five"), cohort("six")
    assert five.status == CohortStatus.RUNNING
    assert current_phase(five, TODAY).kind == "experiment"
    assert six.status == CohortStatus.RECRUITING
    assert six.recruitment_opens_on <= TODAY < six.recruitment_until < six.starts_on
    assert six.starts_on.weekday() == 1


@pytest.mark.parametrize("week", range(52))
def test_on_any_day_of_the_year_five_experiments_and_six_recruits(week):
    """The dates are counted from the day of loading, past Christmas and the bank holidays."""
    today = date(2026, 1, 1) + timedelta(weeks=week, days=week % 7)
    five = start_tuesday(today - timedelta(weeks=invented()["five"]["weeks_before_today"]), -1)
    six = start_tuesday(today + timedelta(weeks=invented()["six"]["weeks_after_today"]), 1)
    assert five + timedelta(weeks=13) <= today < five + timedelta(weeks=22)
    assert today + timedelta(days=invented()["six"]["recruitment_days_left"]) < six
    for day in (five, six):
        assert is_working_day(day)
        assert day.weekday() == 1


# --- People ---------------------------------------------------------------------------------------------------------
def test_every_address_is_on_a_reserved_domain(demo):
    assert User.objects.count() >= 80
    assert not User.objects.exclude(email__endswith=".example").exists()
    assert (
        not Employment.objects.exclude(line_manager_email="").exclude(line_manager_email__endswith=".example").exists()
    )


def test_names_are_those_of_wales(demo):
    names = " ".join(User.objects.values_list("name", flat=True))
    for letter in "ŵŷô'-":
        assert letter in names.lower()
    assert set(User.objects.values_list("language", flat=True)) == {"cy", "en", ""}


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("Nia O'Shaughnessy-Vale", "torfaen", "nia.oshaughnessy-vale@torfaen.example"),
        ("Siôn Garthwaite-Llŷr", "rct", "sion.garthwaite-llyr@rct.example"),
        ("Elin Haf Oduya", "cardiff", "elin.haf.oduya@cardiff.example"),
    ],
)
def test_an_address_has_plain_letters(name, at, expected):
    assert address(name, at) == expected


def test_every_authority_has_a_coordinator_today(demo):
    held = Role.objects.on(TODAY).filter(kind="coordinator").values_list("organisation__code", flat=True)
    assert set(held) == {row["code"] for row in facts()["organisation"]}


def test_one_person_is_a_coordinator_and_was_an_associate(demo):
    person = User.objects.get(name="Iolo Fitzgibbon-Rhŷs")
    assert roles_on(person, TODAY).is_coordinator
    assert person.associates.get().cohort.slug == "alpha"


# --- Mail -----------------------------------------------------------------------------------------------------------
def test_no_message_of_the_past_is_waiting_but_what_somebody_is_to_approve(demo):
    past = Message.objects.filter(due_on__lt=TODAY)
    assert past.filter(state="cancelled", state_reason="past").exists()
    left = past.exclude(state="cancelled", state_reason="past")
    assert set(left.values_list("kind", "state", "state_reason")) == {(WAITS.slug, "held", "first_use")}


def test_the_letters_of_today_wait_in_each_language(demo):
    waiting = Message.objects.filter(state="queued")
    assert {row.kind for row in waiting} == {"associate-enrolled", "link-nominee", "link-manager"}
    assert set(waiting.values_list("language", flat=True)) == {"", "cy", "en"}
    assert {row.due_on for row in waiting} == {TODAY}


# --- Loading --------------------------------------------------------------------------------------------------------
def test_a_second_run_changes_nothing_and_says_so(demo):
    before = everything()
    said = StringIO()
    call_command("devdata", stdout=said)
    assert said.getvalue() == "The demo is there already. Nothing was changed.\n"
    assert everything() == before


# --- How far cohort Five has come -----------------------------------------------------------------------------------
def test_cohort_five_has_come_to_its_experiment_by_milestones_and_by_people(demo):
    five = cohort("five")
    people = list(five.associates.filter(status="active").select_related("person"))
    progress = progress_in(five, people, TODAY)
    done = Counter(one.phase.kind for rows in progress.values() for one in rows if one.is_complete)
    # Most have come through the first three phases, some have not, and nobody is through the one that is on.
    assert set(done) == {"inspire", "learn_and_activate", "learn_and_explore"}
    assert len(people) >= done["inspire"] >= done["learn_and_activate"] > done["learn_and_explore"] > len(people) / 2
    statuses = Counter(row.status for rows in progress.values() for one in rows for row in one.standings)
    assert set(statuses) == set(CompletionStatus)
    # Nothing of all this is mail of today, and nobody confirmed their own.
    assert not Message.objects.filter(kind="milestone-asked-again", state="queued").exists()
    assert not Completion.objects.filter(moves__to_status="confirmed", moves__by=F("associate__person")).exists()


def test_every_cohort_that_is_not_over_knows_what_it_asks(demo):
    for slug in ("five", "six"):
        assert milestones_of(cohort(slug)).count() == 20
