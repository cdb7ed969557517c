"""People and organisations for these tests; everything is made with the verbs, as the pages do."""

from datetime import date

import pytest

from people.enums import OrganisationKind, RoleKind
from people.services.organisations import add_organisation
from people.services.people import add_person, employ
from people.services.roles import give_role

TODAY = date(2026, 11, 20)


@pytest.fixture
def make_organisation(db):
    def make(code="torfaen", **fields):
        names = {"name_en": f"{code.title()} Council", "name_cy": f"Cyngor {code.title()}", "short_en": code.title()}
        fields = {"kind": OrganisationKind.LOCAL_AUTHORITY, **names, "short_cy": code.title(), **fields}
        return add_organisation(code=code, **fields, by=None, today=TODAY)

    return make


@pytest.fixture
def torfaen(make_organisation):
    return make_organisation("torfaen")


@pytest.fixture
def cardiff(make_organisation):
    return make_organisation("cardiff", name_cy="Cyngor Caerdydd", short_cy="Caerdydd")


@pytest.fixture
def make_person(db):
    def make(name="Sian Rees", email="", *, role="", organisation=None, works_at=None, language="en", since=None):
        email = email or f"{name.lower().replace(' ', '.')}@example.gov.wales"
        person = add_person(name=name, email=email, language=language, by=None, today=TODAY)
        since = since or date(2026, 1, 5)
        if role:
            give_role(person=person, kind=role, organisation=organisation, starts_on=since, by=None, today=TODAY)
        if works_at:
            employ(person=person, organisation=works_at, starts_on=since, by=None, today=TODAY)
        return person

    return make


@pytest.fixture
def manager(make_person):
    return make_person("Mair Morgan", role=RoleKind.MANAGER)


@pytest.fixture
def administrator(make_person):
    return make_person("Aled Pugh", role=RoleKind.ADMINISTRATOR)


@pytest.fixture
def coordinator(make_person, torfaen):
    return make_person("Carys Lloyd", role=RoleKind.COORDINATOR, organisation=torfaen)
