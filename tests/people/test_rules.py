"""Who may what, as tables; and that each rule says what its query shows."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from people import rules
from people.enums import RoleKind
from people.models import Organisation, User
from people.queries import organisations as organisation_queries
from people.queries import people as people_queries
from people.queries.history import person_spells
from people.queries.roles import roles_on
from people.services.people import employ, end_employment
from people.services.roles import give_role

DAY = date(2026, 11, 20)
EVERYBODY = [*RoleKind.values, "nobody", "anonymous"]
TEAM = {"manager", "administrator"}
ALL_SEEING = {*TEAM, "auditor"}


@pytest.fixture
def cast(make_person, torfaen, cardiff):
    """One person per role (the coordinator's organisation is Torfaen), and people to look at."""
    people = {
        kind: make_person(f"{kind} person", role=kind, organisation=torfaen if kind == RoleKind.COORDINATOR else None)
        for kind in RoleKind.values
    }
    people["nobody"] = make_person("Nobody Special", works_at=torfaen)
    people["anonymous"] = AnonymousUser()
    people["at torfaen"] = make_person("Tara Torfaen", works_at=torfaen)
    people["at cardiff"] = make_person("Carl Cardiff", works_at=cardiff)
    people["left torfaen"] = make_person("Lena Left", works_at=torfaen)
    end_employment(employment=people["left torfaen"].employments.get(), until=date(2026, 6, 1), by=None, today=DAY)
    people["comes to torfaen"] = make_person("Colin Coming")
    employ(
        person=people["comes to torfaen"], organisation=torfaen, starts_on=DAY + timedelta(days=1), by=None, today=DAY
    )
    people["other coordinator"] = make_person("Olga Other", role=RoleKind.COORDINATOR, organisation=cardiff)
    return people


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_rule_and_the_query_about_people_agree(cast, who):
    viewer = cast[who]
    shown = set(people_queries.visible_to(viewer, DAY))
    for person in User.objects.all():
        assert bool(rules.may_view_person(viewer, person, DAY)) is (person in shown), person


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_rule_and_the_query_about_organisations_agree(cast, who):
    viewer = cast[who]
    shown = set(organisation_queries.visible_to(viewer, DAY))
    for organisation in Organisation.objects.all():
        assert bool(rules.may_view_organisation(viewer, organisation, DAY)) is (organisation in shown), organisation


SEES = {
    "at torfaen": {*ALL_SEEING, "coordinator"},
    "at cardiff": ALL_SEEING,
    "left torfaen": {*ALL_SEEING, "coordinator"},
    "comes to torfaen": ALL_SEEING,
    "other coordinator": ALL_SEEING,
    "manager": ALL_SEEING,
    "coordinator": {*ALL_SEEING, "coordinator"},
    "coach": {*ALL_SEEING, "coach"},
    "lab_lead": {*ALL_SEEING, "lab_lead"},
    "auditor": ALL_SEEING,
    "nobody": {*ALL_SEEING, "nobody", "coordinator"},
}


@pytest.mark.parametrize("whom", sorted(SEES))
def test_who_sees_whom(cast, whom):
    allowed = {who for who in EVERYBODY if rules.may_view_person(cast[who], cast[whom], DAY)}
    assert allowed == SEES[whom]


def test_a_new_coordinator_sees_a_person_from_the_first_day_there(cast):
    person, coordinator = cast["comes to torfaen"], cast["coordinator"]
    assert not rules.may_view_person(coordinator, person, DAY)
    assert rules.may_view_person(coordinator, person, DAY + timedelta(days=1))


def test_the_old_organisation_keeps_its_history_and_learns_nothing_of_the_new(cast, torfaen, cardiff):
    person = cast["left torfaen"]
    employ(person=person, organisation=cardiff, starts_on=date(2026, 6, 1), by=None, today=DAY)
    seen = person_spells(person, viewer=cast["coordinator"], today=DAY)
    assert [spell.organisation for spell in seen] == [torfaen]
    assert seen[0].last_day == date(2026, 5, 31)
    assert [spell.organisation for spell in person_spells(person, viewer=cast["other coordinator"], today=DAY)] == [
        cardiff
    ]
    assert len(person_spells(person, viewer=cast["manager"], today=DAY)) == 2
    assert len(person_spells(person, viewer=person, today=DAY)) == 2


def test_a_coordinator_whose_role_has_ended_sees_nobody(make_person, torfaen, cast):
    from people.services.roles import end_role  # noqa: PLC0415 (only here)

    coordinator = cast["coordinator"]
    end_role(role=coordinator.roles.get(), until=DAY, by=None, today=DAY)
    assert set(people_queries.visible_to(coordinator, DAY)) == {coordinator}
    assert not organisation_queries.visible_to(coordinator, DAY).exists()


def test_somebody_who_may_no_longer_sign_in_has_no_roles(cast):
    manager = cast["manager"]
    manager.is_active = False
    assert not roles_on(User(pk=manager.pk, is_active=False), DAY).kinds
    assert set(people_queries.visible_to(User(pk=manager.pk, is_active=False), DAY)) == {manager}


MAY = {
    "may_manage_people": TEAM,
    "may_list_people": {*ALL_SEEING, "coordinator"},
    "may_read_log": ALL_SEEING,
    "may_add_person": {*TEAM, "coordinator"},
}


@pytest.mark.parametrize("rule", sorted(MAY))
def test_who_may(cast, rule):
    verdicts = {who: getattr(rules, rule)(cast[who], DAY) for who in EVERYBODY}
    assert {who for who, verdict in verdicts.items() if verdict} == MAY[rule]
    assert all(str(verdict.reason) for verdict in verdicts.values() if not verdict)


GIVERS = {
    "manager": {"manager"},
    "administrator": {"manager"},
    "auditor": {"manager"},
    "lab_lead": TEAM,
    "coach": TEAM,
    "coordinator": TEAM,
}


@pytest.mark.parametrize("kind", RoleKind.values)
def test_who_gives_which_role(cast, kind):
    person = cast["at torfaen"]
    givers = {who for who in EVERYBODY if rules.may_give_role(cast[who], person=person, kind=kind, today=DAY)}
    assert givers == GIVERS[kind]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("kind", RoleKind.values)
def test_nobody_gives_a_role_to_themselves(cast, who, kind):
    viewer = cast[who]
    assert not rules.may_give_role(viewer, person=viewer, kind=kind, today=DAY)


@pytest.mark.parametrize("who", [*RoleKind.values, "nobody"])
def test_everybody_changes_their_own_language_and_few_another_persons(cast, who):
    assert rules.may_change_language(cast[who], person=cast[who], today=DAY)
    allowed = who in {*TEAM, "coordinator"}
    assert bool(rules.may_change_language(cast[who], person=cast["at torfaen"], today=DAY)) is allowed
    assert bool(rules.may_change_language(cast[who], person=cast["at cardiff"], today=DAY)) is (who in TEAM)
    assert bool(rules.may_change_language(cast[who], person=cast["left torfaen"], today=DAY)) is (who in TEAM)


@pytest.mark.parametrize("who", EVERYBODY)
def test_what_letters_need_is_known_while_they_work_here(cast, who):
    viewer = cast[who]
    known = set(people_queries.in_touch_with(viewer, DAY))
    for person in User.objects.all():
        assert bool(rules.may_view_contact(viewer, person, DAY)) is (person in known), person
    gone = {cast["left torfaen"]} if who == "coordinator" else set()
    assert set(people_queries.visible_to(viewer, DAY)) - known == gone


def test_a_coordinator_changes_the_language_of_the_other_coordinators(cast, make_person, torfaen):
    second = make_person("Second Coordinator", role=RoleKind.COORDINATOR, organisation=torfaen)
    assert rules.may_change_language(cast["coordinator"], person=second, today=DAY)
    assert not rules.may_change_language(cast["coordinator"], person=cast["other coordinator"], today=DAY)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_managers_address_is_changed_by_another_manager_only(cast, who):
    verdict = rules.may_record_address(cast[who], person=cast["manager"], today=DAY)
    assert not verdict  # the administrator may not, and nobody does it for themselves
    assert bool(rules.may_record_address(cast[who], person=cast["at torfaen"], today=DAY)) is (who in TEAM)


def test_several_roles_are_seen_together(cast, torfaen):
    person = cast["coach"]
    give_role(person=person, kind=RoleKind.COORDINATOR, organisation=torfaen, by=None, today=DAY)
    assert rules.may_view_person(person, cast["at torfaen"], DAY)
    assert roles_on(person, DAY).is_coach


def test_the_roles_of_a_day_cost_one_query(cast, django_assert_num_queries):
    person = User.objects.get(pk=cast["coordinator"].pk)
    with django_assert_num_queries(1):
        for _number in range(3):
            assert roles_on(person, DAY).is_coordinator
