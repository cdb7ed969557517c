"""A coordinator uploads a file with errors, mends it on the page and saves it, in each language."""

from datetime import timedelta
from pathlib import Path

import pytest

from nominations.models import Nomination
from tests.factories.challenges import ThemeFactory
from tests.factories.cohorts import CohortFactory
from tests.factories.nominations import PlacesFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = Path(__file__).parents[1] / "nominations" / "files" / "newport-row-errors.csv"
WORDS = {
    "en": ("/", "Check the file", "Check again", "Nominate these people", "Nominated: 8."),
    "cy": ("/cy/", "Gwirio’r ffeil", "Gwirio eto", "Enwebu’r bobl hyn", "Enwebwyd: 8."),
}
MENDED = {
    "cell-3-last_name": "Qant",
    "cell-4-email": "elgan.trow@newport.example",
    "cell-5-email": "huw.other@newport.example",
    "cell-6-first_name": "Ffion",
    "cell-7-theme": "either",
    "cell-8-line_manager_email": "delyth.ormond@newport.example",
    "cell-9-reason": "Short.",
}


@pytest.mark.parametrize("language", WORDS)
def test_a_file_with_errors_is_mended_and_saved(live_server, sign_in, coordinator, organisation, today, language):
    start, check, again, save, done = WORDS[language]
    cohort = CohortFactory(
        slug="seven",
        status="recruiting",
        starts_on=today.replace(month=9, day=7),
        recruitment_opens_on=today - timedelta(weeks=1),
        recruitment_until=today + timedelta(weeks=4),
    )
    PlacesFactory(cohort=cohort, organisation=organisation, indicative=9)
    ThemeFactory(name_en="Accelerating Decarbonisation", name_cy="Cyflymu Datgarboneiddio")
    ThemeFactory(name_en="Supportive Communities", name_cy="Cymunedau Cefnogol")
    page = sign_in(coordinator)
    page.goto(f"{live_server.url}{start}cohorts/seven/nominations/import/")
    page.set_input_files("input[type=file]", FILE)
    page.get_by_role("button", name=check).click()
    assert page.get_by_role("button", name=save).count() == 0
    for box, text in MENDED.items():
        page.locator(f"#{box}").fill(text)
    page.get_by_role("button", name=again).click()
    assert not Nomination.objects.exists()
    page.get_by_role("button", name=save).click()
    assert done in page.locator("main").inner_text()
    assert Nomination.objects.count() == 8
