"""The pages about organisations."""

from datetime import date

import pytest

from core.models import AuditEvent
from people.models import Organisation
from tests.people.test_sign_in import body

FORM = {
    "code": "W06000022", "kind": "local_authority", "name_en": "Newport City Council",
    "name_cy": "Cyngor Dinas Casnewydd", "short_en": "Newport", "short_cy": "Casnewydd",
    "active_from": "", "last_day": "",
}  # fmt: skip


def test_adding_and_changing_an_organisation(client_as, manager, today):
    client = client_as(manager)
    assert client.post("/organisations/new/", FORM)["Location"] == "/organisations/W06000022/"
    changed = {**FORM, "name_en": "Newport Council", "active_from": "1/1/2020", "last_day": "31/12/2026"}
    client.post("/organisations/W06000022/change/", changed)
    organisation = Organisation.objects.get(code="W06000022")
    assert (organisation.name_en, organisation.active_until) == ("Newport Council", date(2027, 1, 1))
    assert "31 December 2026" in body(client.get("/organisations/W06000022/"))
    event = AuditEvent.objects.get(event="organisation.changed")
    assert event.details["changed"]["name_en"] == ["Newport City Council", "Newport Council"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name_cy": ""}, "Enter the name in Welsh."),
        ({"code": "torfaen"}, "Another organisation has this code."),
        ({"code": "TORFAEN"}, "Another organisation has this code."),
        ({"code": "a b"}, "Use letters without accents"),
        ({"code": "new"}, "Another organisation has this code."),
        ({"active_from": "2/1/2026", "last_day": "1/1/2026"}, "The end must be after the first day."),
    ],
)
def test_an_organisation_that_is_not_whole_is_refused(client_as, manager, torfaen, values, words):
    assert words in body(client_as(manager).post("/organisations/new/", {**FORM, **values}))
    assert Organisation.objects.count() == 1


def test_a_coordinator_sees_the_own_organisation_only(client_as, coordinator, torfaen, cardiff):
    client = client_as(coordinator)
    assert client.get("/organisations/torfaen/").status_code == 200
    assert "Change this organisation" not in body(client.get("/organisations/torfaen/"))
    assert client.get("/organisations/cardiff/").status_code == 404
    assert client.get("/organisations/torfaen/change/").status_code == 403
    assert client.get("/organisations/new/").status_code == 403
    assert "Cardiff" not in body(client.get("/organisations/"))
