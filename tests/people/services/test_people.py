"""The verbs about a person."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress

from core.models import AuditEvent
from core.verdicts import NotAllowed
from people.models import Employment, User
from people.services import people as verbs

DAY = date(2026, 11, 20)


def add(email, name="Sian Rees", **more):
    return verbs.add_person(name=name, email=email, by=None, today=DAY, **more)


@pytest.mark.django_db
def test_adding_creates_a_verified_primary_address_and_an_audit_row():
    person = add(" Sian.Rees@Example.gov.wales ")
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.verified, address.primary) == ("sian.rees@example.gov.wales", True, True)
    assert person.email == address.email
    assert not person.has_usable_password()
    assert AuditEvent.objects.filter(event="person.added", about_ref=person.reference).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["sian@example.wales", "SIAN@EXAMPLE.WALES", " Sian@Example.Wales"])
def test_an_address_that_differs_only_in_letter_case_is_the_same_person(typed):
    first = add("sian@example.wales")
    assert add(typed, name="Somebody Else") == first
    assert User.objects.get().name == "Sian Rees"


@pytest.mark.django_db
def test_a_second_verified_address_finds_the_person_too():
    person = add("sian@example.wales")
    EmailAddress.objects.create(user=person, email="sian.rees@home.wales", verified=True)
    assert add("Sian.Rees@home.wales") == person


@pytest.mark.django_db
def test_an_unverified_address_belongs_to_nobody_and_is_dropped_when_its_owner_comes():
    other = add("sian@example.wales")
    EmailAddress.objects.create(user=other, email="elin@example.wales", verified=False)
    person = add("elin@example.wales", name="Elin Howell")
    assert person != other
    assert list(EmailAddress.objects.filter(email="elin@example.wales").values_list("user_id")) == [(person.pk,)]


@pytest.mark.django_db
def test_the_language_is_kept_with_its_day_and_source_and_not_overwritten_by_a_file():
    person = add("sian@example.wales", language="cy", source="import")
    assert (person.language, person.language_asked_on, person.language_source) == ("cy", DAY, "import")
    assert add("sian@example.wales", language="en", source="import").language == "cy"


@pytest.mark.django_db
def test_the_person_can_change_the_language_any_time():
    person = add("sian@example.wales", language="en")
    verbs.record_language(person=person, language="cy", source="person", by=person, today=DAY)
    person.refresh_from_db()
    assert (person.language, person.language_source) == ("cy", "person")
    assert AuditEvent.objects.filter(event="person.language_recorded", details__before="en").exists()


@pytest.mark.django_db
def test_nobody_else_changes_the_language(make_person):
    person, stranger = add("sian@example.wales"), make_person("Bob Price")
    with pytest.raises(NotAllowed):
        verbs.record_language(person=person, language="cy", source="staff", by=stranger, today=DAY)


@pytest.mark.django_db
def test_an_associate_cannot_add_people(make_person):
    with pytest.raises(NotAllowed):
        verbs.add_person(name="X", email="x@example.wales", by=make_person("Bob Price"), today=DAY)
    assert not User.objects.filter(email="x@example.wales").exists()


@pytest.mark.django_db
def test_employing_twice_gives_the_first_spell(torfaen):
    person = add("sian@example.wales")
    first = verbs.employ(person=person, organisation=torfaen, starts_on=date(2021, 1, 4), by=None, today=DAY)
    assert verbs.employ(person=person, organisation=torfaen, starts_on=DAY, by=None, today=DAY) == first
    assert AuditEvent.objects.filter(event="employment.started").count() == 1


@pytest.mark.django_db
def test_a_spell_before_another_at_the_same_organisation_is_refused(torfaen):
    person = add("sian@example.wales")
    verbs.employ(person=person, organisation=torfaen, starts_on=date(2024, 1, 1), by=None, today=DAY)
    with pytest.raises(NotAllowed, match="overlap"):
        verbs.employ(person=person, organisation=torfaen, starts_on=date(2023, 1, 1), by=None, today=DAY)


@pytest.mark.django_db
def test_two_organisations_at_a_time_are_allowed(torfaen, cardiff):
    person = add("sian@example.wales")
    for organisation in (torfaen, cardiff):
        verbs.employ(person=person, organisation=organisation, starts_on=DAY, by=None, today=DAY)
    assert person.employments.count() == 2


@pytest.mark.django_db
def test_coming_back_is_a_new_spell(torfaen):
    person = add("sian@example.wales")
    first = verbs.employ(person=person, organisation=torfaen, starts_on=date(2021, 1, 4), by=None, today=DAY)
    verbs.end_employment(employment=first, until=date(2022, 1, 1), by=None, today=DAY)
    second = verbs.employ(person=person, organisation=torfaen, starts_on=date(2023, 1, 1), by=None, today=DAY)
    assert second != first
    assert Employment.objects.get(pk=first.pk).until == date(2022, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("until", [date(2021, 1, 4), date(2020, 1, 1)])
def test_a_spell_cannot_end_before_it_begins(torfaen, until):
    person = add("sian@example.wales")
    spell = verbs.employ(person=person, organisation=torfaen, starts_on=date(2021, 1, 4), by=None, today=DAY)
    with pytest.raises(NotAllowed):
        verbs.end_employment(employment=spell, until=until, by=None, today=DAY)


@pytest.mark.django_db
def test_a_coordinator_records_people_of_the_own_organisation_only(coordinator, torfaen, cardiff):
    person = add("sian@example.wales")
    verbs.employ(person=person, organisation=torfaen, starts_on=DAY, by=coordinator, today=DAY)
    with pytest.raises(NotAllowed):
        verbs.employ(person=person, organisation=cardiff, starts_on=DAY, by=coordinator, today=DAY)


@pytest.mark.django_db
def test_the_fact_and_its_audit_row_fall_together(monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(verbs, "record", broken)
    with pytest.raises(RuntimeError):
        add("sian@example.wales")
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()


@pytest.mark.django_db
def test_renaming_keeps_the_old_name_in_the_audit_log(manager):
    person = add("sian@example.wales")
    verbs.rename_person(person=person, name="Siân Rees", by=manager, today=DAY)
    assert AuditEvent.objects.get(event="person.renamed").details == {"before": "Sian Rees", "after": "Siân Rees"}
