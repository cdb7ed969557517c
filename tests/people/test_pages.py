"""The pages about people and organisations, and a person's own account."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from messaging.models import Message
from people.enums import RoleKind
from people.models import Employment, Role, User
from tests.people.test_sign_in import body
from tests.signing_in import fresh


@pytest.fixture
def person(make_person, torfaen):
    return make_person("Sian Rees", works_at=torfaen)


# --- The list ---


def names(client, query=""):
    page = body(client.get(f"/people/{query}"))
    return [name for name in ("Sian Rees", "Carl Cardiff", "Carys Lloyd", "Mair Morgan") if f">{name}</a></th>" in page]


@pytest.fixture
def in_cardiff(make_person, cardiff):
    return make_person("Carl Cardiff", "carl@cardiff.example", works_at=cardiff)


def test_the_list_is_searched_and_filtered_by_the_address_bar(
    client_as, manager, coordinator, person, in_cardiff, torfaen
):
    client = client_as(manager)
    assert names(client) == ["Sian Rees", "Carl Cardiff", "Carys Lloyd", "Mair Morgan"]
    assert names(client, "?q=sian") == ["Sian Rees"]
    assert names(client, "?q=CARL@cardiff") == ["Carl Cardiff"]
    assert names(client, f"?organisation={torfaen.pk}") == ["Sian Rees", "Carys Lloyd"]
    assert names(client, "?role=coordinator") == ["Carys Lloyd"]
    assert names(client, f"?organisation={torfaen.pk}&role=coordinator&q=zzz") == []
    for odd in ("?organisation=x", "?role=x", "?sort=x", "?page=1&sort=-name", "?q=%00"):
        assert client.get(f"/people/{odd}").status_code == 200
    assert client.get("/people/?page=99").status_code == 404


def test_a_further_address_is_found_too(client_as, manager, person):
    EmailAddress.objects.create(user=person, email="sian@home.example", verified=True)
    assert names(client_as(manager), "?q=home.example") == ["Sian Rees"]


def test_a_coordinator_lists_the_own_organisation_only(client_as, coordinator, person, in_cardiff, cardiff):
    client = client_as(coordinator)
    assert names(client) == ["Sian Rees", "Carys Lloyd"]
    assert names(client, f"?organisation={cardiff.pk}") == ["Sian Rees", "Carys Lloyd"]
    assert names(client, "?q=Carl") == []
    assert names(client, "?q=example.gov.wales") == []


def test_a_coordinator_does_not_learn_where_else_their_people_work_or_what_they_do(
    client_as, coordinator, make_person, torfaen, cardiff
):
    person = make_person("Sian Rees", works_at=torfaen, role=RoleKind.COACH)
    Employment.objects.create(person=person, organisation=cardiff, starts_on=date(2026, 1, 5))
    for path in ("/people/", f"/people/{person.reference}/"):
        page = body(client_as(coordinator).get(path))
        assert "Sian Rees" in page
        assert "Cardiff" not in page
        assert '<td class="govuk-table__cell">Coach' not in page


@pytest.mark.parametrize("path", ["/people/", "/organisations/"])
def test_lists_are_not_there_for_others(client_as, make_person, path):
    assert client_as(make_person()).get(path).status_code == 404
    assert client_as(make_person("Cadi Coach", role=RoleKind.COACH)).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/people/", "/organisations/"])
def test_lists_cost_the_same_at_one_row_and_at_three(client_as, manager, make_person, make_organisation, path):
    def count():
        client = client_as(fresh(manager))
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    home = make_organisation("first")
    make_person("Person 0", works_at=home, role=RoleKind.COORDINATOR, organisation=home)
    before = count()
    for number in (1, 2):
        other = make_organisation(f"organisation-{number}")
        make_person(f"Person {number}", works_at=other, role=RoleKind.COORDINATOR, organisation=other)
    assert count() == before


# --- One person ---


def test_the_page_of_a_person_shows_what_happened(client_as, manager, make_person, torfaen):
    person = make_person("Sian Rees", works_at=torfaen, role=RoleKind.COORDINATOR, organisation=torfaen)
    page = body(client_as(manager).get(f"/people/{person.reference}/"))
    for words in (
        "Role given",
        "Employment recorded",
        "Organisation: Torfaen Council",
        "Role: Coordinator",
        "The system",
    ):
        assert words in page
    welsh = body(client_as(manager).get(f"/cy/people/{person.reference}/"))
    for words in ("Rhoddwyd rôl", "Sefydliad: Cyngor Torfaen", "Rôl: Cydlynydd"):
        assert words in welsh


def test_the_page_of_a_person_costs_the_same_with_more_history(client_as, manager, person, cardiff, make_organisation):
    def count():
        client = client_as(fresh(manager))
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/people/{person.reference}/")
        return len(queries)

    before = count()
    for number in range(3):
        other = make_organisation(f"o{number}")
        Employment.objects.create(person=person, organisation=other, starts_on=date(2026, 1, 5))
        Role.objects.create(person=person, kind="coordinator", organisation=other, starts_on=date(2026, 1, 5))
    assert count() == before


@pytest.mark.parametrize(
    "page", ["", "name/", "language/", "address/", "employment/new/", "roles/new/", "reset/", "reset/confirm/"]
)
def test_another_organisations_person_is_not_found(client_as, coordinator, in_cardiff, page):
    assert client_as(coordinator).get(f"/people/{in_cardiff.reference}/{page}").status_code == 404
    assert client_as(coordinator).post(f"/people/{in_cardiff.reference}/{page}", {}).status_code in (404, 405)


@pytest.mark.parametrize("page", ["name/", "address/", "employment/new/", "roles/new/", "reset/"])
def test_a_coordinator_sees_and_does_not_change(client_as, coordinator, person, page):
    assert client_as(coordinator).get(f"/people/{person.reference}/").status_code == 200
    assert client_as(coordinator).get(f"/people/{person.reference}/{page}").status_code == 403


def test_after_somebody_left_the_old_organisation_does_not_learn_the_new_address(client_as, coordinator, person, today):
    spell = person.employments.get()
    spell.until = date(2026, 3, 1)
    spell.save()
    person.email = "sian@new-employer.example"
    person.save()
    page = body(client_as(coordinator).get(f"/people/{person.reference}/"))
    assert "Torfaen Council" in page
    assert "new-employer" not in page


def test_after_somebody_left_the_old_organisation_neither_learns_nor_changes_the_language(
    client_as, coordinator, manager, make_person, torfaen, today
):
    for name, language in (("Ann Gone", "cy"), ("Bea Gone", "en"), ("Cai Gone", "cy")):
        make_person(name, works_at=torfaen, language=language)
    Employment.objects.filter(organisation=torfaen).update(until=date(2026, 3, 1))
    make_person("Ela Here", works_at=torfaen, language="cy")
    gone = User.objects.get(name="Ann Gone")
    client = client_as(coordinator)
    page = body(client.get(f"/people/{gone.reference}/"))
    assert "Language for correspondence" not in page
    assert "Recorded on" not in page
    assert client.get(f"/people/{gone.reference}/language/").status_code == 403
    assert client.post(f"/people/{gone.reference}/language/", {"language": "en"}).status_code == 403
    assert body(client.get("/people/")).count('<td class="govuk-table__cell">Welsh') == 1  # Ela's
    for query in ("?sort=language", "?sort=-language"):
        listed = [row.name for row in client.get(f"/people/{query}").context["rows"]]
        left = [name for name in listed if name.endswith("Gone")]
        assert left == sorted(left, reverse="-" in query), listed  # by name, so that the order gives nothing away
    assert body(client_as(manager).get("/people/")).count('<td class="govuk-table__cell">Welsh') == 3


def test_a_person_sees_the_own_page(client_as, person):
    page = body(client_as(person).get(f"/people/{person.reference}/"))
    assert "Torfaen Council" in page
    assert "What happened" not in page


def test_an_auditor_reads_everything_changes_nothing_and_is_on_record(client_as, make_person, person):
    auditor = make_person("Anwen Audit", role=RoleKind.AUDITOR)
    client = client_as(auditor)
    page = body(client.get(f"/people/{person.reference}/"))
    assert "What happened" in page
    for button in ("Give a role", "Record employment", "Record another address", "Change<"):
        assert button not in page
    assert client.get(f"/people/{person.reference}/roles/new/").status_code == 403
    assert client.get("/people/new/").status_code == 403
    event = AuditEvent.objects.get(event="person.viewed")
    assert (event.about_ref, event.by_ref) == (person.reference, auditor.reference)


# --- Adding and inviting ---


def add(client, **values):
    form = {"name": "Elin Howell", "email": "elin@example.gov.wales", "language": "", "role": "", "organisation": ""}
    return client.post("/people/new/", {**form, **values})


def test_inviting_records_everything_and_sends_one_mail(client_as, manager, torfaen, today):
    response = add(client_as(manager), language="cy", organisation=torfaen.pk, role="coordinator", job_title="Officer")
    person = User.objects.get(email="elin@example.gov.wales")
    assert response["Location"] == f"/people/{person.reference}/"
    assert (person.language, person.language_source) == ("cy", "staff")
    assert person.employments.get().starts_on == today
    role = person.roles.get()
    assert (role.kind, role.organisation, role.starts_on) == ("coordinator", torfaen, today)
    message = Message.objects.get(kind="invited")
    assert (message.address, message.language) == ("elin@example.gov.wales", "cy")
    assert "Rôl: Cydlynydd" in message.words["cy"]["body"]
    assert "Cyngor Torfaen" in message.words["cy"]["body"]
    assert "Role: Coordinator" in message.words["en"]["body"]
    assert "second step" not in message.words["en"]["body"]


def test_an_invitation_to_a_strong_role_says_that_a_second_step_is_needed(client_as, manager, today):
    add(client_as(manager), role="coach")
    assert "second step" in Message.objects.get(kind="invited").words["en"]["body"]


def test_without_a_role_nobody_is_written_to(client_as, manager, today):
    add(client_as(manager))
    assert User.objects.filter(email="elin@example.gov.wales").exists()
    assert not Message.objects.exists()


def test_an_address_that_is_known_in_another_case_adds_to_that_person(client_as, manager, person, today):
    page = client_as(manager)
    response = add(page, email=person.email.upper(), name="S. Rees", role="lab_lead")
    assert response["Location"] == f"/people/{person.reference}/"
    assert "This address was known already." in body(page.get(response["Location"]))
    person.refresh_from_db()
    assert person.name == "Sian Rees"
    assert person.roles.get().kind == "lab_lead"


def test_a_coordinator_without_an_organisation_is_refused_and_nothing_is_kept(client_as, manager, today):
    response = add(client_as(manager), role="coordinator")
    assert "Choose the organisation that this person coordinates." in body(response)
    assert not User.objects.filter(email="elin@example.gov.wales").exists()


def test_an_administrator_is_not_offered_the_managers_role_and_cannot_give_it(client_as, administrator, today):
    client = client_as(administrator)
    assert 'value="manager"' not in body(client.get("/people/new/"))
    assert (
        client.post("/people/new/", {"name": "E", "email": "elin@example.gov.wales", "role": "manager"}).status_code
        == 200
    )
    assert not User.objects.filter(email="elin@example.gov.wales").exists()


# --- Roles ---


def test_giving_a_role_on_the_page(client_as, manager, person, today):
    client = client_as(manager)
    client.post(f"/people/{person.reference}/roles/new/", {"kind": "coach", "starts_on": "11/3/2026", "invite": "on"})
    assert person.roles.get().kind == "coach"
    assert Message.objects.filter(kind="invited").count() == 1
    client.post(f"/people/{person.reference}/roles/new/", {"kind": "coach", "starts_on": "11/3/2026", "invite": "on"})
    assert person.roles.count() == 1
    assert Message.objects.filter(kind="invited").count() == 1


def test_the_own_role_is_refused_with_its_reason(client_as, manager):
    page = body(client_as(manager).get(f"/people/{manager.reference}/"))
    assert "Nobody gives a role to themselves." in page
    assert client_as(manager).get(f"/people/{manager.reference}/roles/new/").status_code == 403


def test_the_last_coordinator_is_ended_only_after_the_warning_was_read(client_as, manager, coordinator, today):
    role = coordinator.roles.get()
    path = f"/people/{coordinator.reference}/roles/{role.pk}/end/"
    client = client_as(manager)
    page = body(client.get(path))
    assert "This is the organisation’s last coordinator." in page
    assert "I have read the warning." in page
    assert "last coordinator" in body(client.post(path, {"until": "20/3/2026"}))
    role.refresh_from_db()
    assert role.until is None
    assert client.post(path, {"until": "20/3/2026", "confirmed": "on"}).status_code == 302
    role.refresh_from_db()
    assert role.until == date(2026, 3, 20)
    assert AuditEvent.objects.get(event="coordinator.ended").details["was_last"] is True


def test_one_of_two_coordinators_goes_without_a_warning(client_as, manager, coordinator, make_person, torfaen, today):
    make_person("Dai Evans", role=RoleKind.COORDINATOR, organisation=torfaen)
    role = coordinator.roles.get()
    path = f"/people/{coordinator.reference}/roles/{role.pk}/end/"
    assert "last coordinator" not in body(client_as(manager).get(path))
    assert client_as(manager).post(path, {"until": "20/3/2026"}).status_code == 302


def test_somebody_elses_role_is_not_found_under_this_person(client_as, manager, coordinator, person):
    role = coordinator.roles.get()
    assert client_as(manager).get(f"/people/{person.reference}/roles/{role.pk}/end/").status_code == 404


# --- Employment ---


def test_recording_and_ending_employment(client_as, manager, person, cardiff, today):
    client = client_as(manager)
    path = f"/people/{person.reference}/employment/"
    values = {
        "organisation": cardiff.pk,
        "starts_on": "1 Ebrill 2026",
        "working_days": ["1", "3"],
        "job_title": "Officer",
    }
    assert client.post(path + "new/", values).status_code == 302
    spell = person.employments.get(organisation=cardiff)
    assert (spell.starts_on, spell.working_days) == (date(2026, 4, 1), [1, 3])
    assert "after the first day" in body(client.post(f"{path}{spell.pk}/end/", {"last_day": "1/3/2026"}))
    client.post(f"{path}{spell.pk}/end/", {"last_day": "30/9/2026"})
    spell.refresh_from_db()
    assert spell.until == date(2026, 10, 1)
    assert "30 September 2026" in body(client.get(f"/people/{person.reference}/"))


# --- A lost address ---


def test_the_team_records_an_address_and_the_old_ones_are_told(client_as, manager, person, today):
    client = client_as(manager)
    path = f"/people/{person.reference}/address/"
    values = {"email": "Sian@Home.example", "make_primary": "on"}
    assert "Make sure first who is asking." in body(client.post(path, values))
    client.post(path, {**values, "checked": "on"})
    old = person.email
    person.refresh_from_db()
    assert person.email == "sian@home.example"
    assert Message.objects.get(kind="address-added").address == old
    assert EmailAddress.objects.get(user=person, primary=True).email == "sian@home.example"


def test_an_address_of_somebody_else_is_refused(client_as, manager, person, in_cardiff, today):
    values = {"email": in_cardiff.email, "checked": "on"}
    assert "belongs to somebody else" in body(client_as(manager).post(f"/people/{person.reference}/address/", values))
