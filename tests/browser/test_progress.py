"""The journey of a phase, in both languages: an associate does what it asks, somebody confirms, it is completed."""

import re

import pytest

from progress.models import Completion, PhaseCompletion
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.progress import PDF, MilestoneFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "": {
        "mark": "Mark as ready",
        "words": "In your own words",
        "file": "A file",
        "waits": "Waits for confirmation",
        "confirm": "Confirm",
        "confirmed": "Confirmed",
        "complete": "Complete the phase",
        "phase": "Learn and Explore",
        "missing": "Still missing",
        "done": "Completed the phase: Learn and Explore",
        "to_confirm": "Milestones to confirm: 2",
    },
    "/cy": {
        "mark": "Nodi’n barod",
        "words": "Yn eich geiriau eich hun",
        "file": "Ffeil",
        "waits": "Yn aros am gadarnhad",
        "confirm": "Cadarnhau",
        "confirmed": "Wedi’i gadarnhau",
        "complete": "Cwblhau’r cyfnod",
        "phase": "Dysgu ac Archwilio",
        "missing": "Yn dal ar goll",
        "done": "Wedi cwblhau’r cyfnod: Dysgu ac Archwilio",
        "to_confirm": "Cerrig milltir i’w cadarnhau: 2",
    },
}


@pytest.mark.parametrize("language", ["", "/cy"])
def test_a_phase_from_the_first_milestone_to_its_completion(
    live_server, sign_in, administrator, today, tmp_path, language
):
    said = WORDS[language]
    row = AssociateFactory(
        cohort=CohortFactory(status="running"), status="active", person__name="Anest Qyfaill", person__language="cy"
    )
    cohort = row.cohort
    titles = ("Qlan", "Qession")
    MilestoneFactory(cohort=cohort, title_en="Qlan", title_cy="Qlan", kind="submit")
    MilestoneFactory(cohort=cohort, title_en="Qession", title_cy="Qession", kind="attend")
    journey = f"{live_server.url}{language}/cohorts/{cohort.slug}/associates/{row.person.reference}/"
    plan = tmp_path / "qlan.pdf"
    plan.write_bytes(PDF)

    page = sign_in(row.person)
    page.set_viewport_size({"width": 375, "height": 800})
    for title in titles:
        page.goto(journey)
        page.get_by_role("link", name=title, exact=True).first.click()
        page.get_by_role("link", name=said["mark"]).click()
        if title == "Qlan":
            page.get_by_label(said["words"]).fill("Qords about the plan.")
            page.get_by_label(said["file"], exact=False).last.set_input_files(plan)
        page.get_by_role("button", name=said["mark"]).click()
        assert page.get_by_text(said["waits"], exact=True).is_visible()
    page.goto(journey)
    assert page.get_by_text(said["missing"]).first.is_visible()

    page = sign_in(administrator)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server.url}{language}/home/")
    for number, title in enumerate(titles):
        if number == 0:
            page.get_by_role("link", name=said["to_confirm"]).click()
        else:
            page.goto(f"{live_server.url}{language}/milestones/")
        page.get_by_role("row").filter(has_text=title).get_by_role("link").click()
        page.get_by_role("button", name=said["confirm"]).click()
        assert page.get_by_text(said["confirmed"], exact=True).first.is_visible()
    page.goto(journey)
    page.get_by_role("link", name=re.compile(f"{said['complete']}.*{said['phase']}")).click()
    page.get_by_role("button", name=said["complete"]).click()
    assert page.get_by_text(said["done"]).is_visible()

    page = sign_in(row.person)
    page.goto(journey)
    assert page.get_by_text(said["done"]).is_visible()
    assert set(Completion.objects.values_list("status", flat=True)) == {"confirmed"}
    assert PhaseCompletion.objects.get().completed_by == administrator
