"""From an open window to an accepted place: the whole of it, by the people who do it, each in a browser of their own,
with the links from the mail that was really sent; once in English and once in Welsh.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from challenges.models import Theme
from cohorts.models import Associate, Cohort
from cohorts.services.onboarding import load_agreements
from core import clock
from nominations.models import Nomination
from people.models import Employment
from tests.browser.journey_words import WORDS
from tests.browser.town import PATIENCE, Town, a_town
from tests.conftest import stop_the_clock
from tests.factories.challenges import ThemeFactory
from tests.factories.cohorts import CohortFactory
from tests.factories.labs import LabFactory
from tests.factories.people import EmploymentFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADINGS = (
    "First name,Last name,Work email,Job title,Directorate,Line manager name,Line manager email,Theme,Why this person"
)
FINE = "Huw,Pask,huw.pask@zhill.example,Officer,,Delyth Ormond,delyth@zhill.example,either,Knows the rounds."
TOMOS = "Tomos,Vance,{},Officer,City,Delyth Ormond,delyth@zhill.example,either,Asks why."
NOMINEE, LINE_MANAGER = "tomos.vance@zhill.example", "delyth@zhill.example"
WRONG_ADDRESS = "tomos.vance(at)zhill.example"


def a_file(*rows: str) -> dict[str, object]:
    return {"name": "qarth.csv", "mimeType": "text/csv", "buffer": "\n".join((HEADINGS, *rows)).encode()}


class Journey:
    """One run of it. Every word that it looks for is the page's, in the run's language."""

    def __init__(self, town: Town, language: str, today) -> None:
        self.town, self.language, self.words, self.today = town, language, WORDS[language], today

    # --- Hands and eyes ----------------------------------------------------------------------------------------------
    def go(self, user, path: str):
        page = self.town.person(user)
        self.town.go(page, path)
        return page

    def headed(self, page, key: str) -> None:
        expect(page.locator("h1")).to_have_text(self.words.get(key, key), timeout=PATIENCE)
        expect(page.locator("html")).to_have_attribute("lang", self.language, timeout=PATIENCE)

    def read(self, page, *texts: str) -> None:
        for text in texts:
            expect(page.locator("main")).to_contain_text(self.words.get(text, text), timeout=PATIENCE)

    def press(self, page, key: str) -> None:
        page.locator("main").get_by_role("button", name=self.words[key], exact=True).click()

    def follow(self, page, key: str) -> None:
        page.locator("main").get_by_role("link", name=self.words[key]).first.click()

    def fill(self, page, key: str, text: str) -> None:
        page.get_by_label(self.words[key]).fill(text)

    def choose(self, page, question: str, answer: str) -> None:
        page.get_by_role("group", name=self.words[question]).get_by_label(self.words[answer], exact=True).check()

    def enter_by_link(self, page, address: str, heading: str) -> None:
        page.goto(self.town.link_in(self.town.post.letter_to(address), "link/"))
        self.headed(page, heading)
        self.press(page, "continue")

    # --- The people, in the order of what they do --------------------------------------------------------------------
    def the_manager_opens_recruitment(self, manager, organisation) -> None:
        page = self.go(manager, "cohorts/seven/recruitment/")
        self.headed(page, "recruitment")
        page.get_by_role("textbox", name=organisation.short_en, exact=True).fill("2")
        self.press(page, "save the places")
        self.read(page, "the places were saved")
        self.follow(page, "open recruitment")
        self.press(page, "open recruitment")
        self.read(page, "recruitment is open")

    def the_coordinator_nominates_from_a_file(self, coordinator) -> None:
        letter = self.town.post.letter_to(coordinator.email)
        assert letter.languages == self.language
        page = self.town.person(coordinator)
        page.goto(self.town.link_in(letter, "cohorts/seven/recruitment/"))
        self.follow(page, "from a file")
        self.headed(page, "from a file")
        page.set_input_files("input[type=file]", a_file(FINE, TOMOS.format(WRONG_ADDRESS)))
        self.press(page, "check the file")
        self.headed(page, "before anything is saved")
        self.read(page, "nothing was saved", WRONG_ADDRESS)
        page.locator("#cell-3-email").fill(NOMINEE)
        self.press(page, "check again")
        assert not Nomination.objects.exists()
        self.press(page, "nominate these people")
        self.read(page, "nominated two")
        assert Nomination.objects.count() == 2
        self.town.go(page, "cohorts/seven/nominations/import/")
        page.set_input_files("input[type=file]", a_file(FINE, TOMOS.format(NOMINEE)))
        self.press(page, "check the file")
        self.read(page, "nominated before, stays")
        assert page.get_by_role("button", name=self.words["nominate these people"]).count() == 0

    def the_nominee_answers(self, page, theme: Theme) -> None:
        self.enter_by_link(page, NOMINEE, "you have been put forward")
        self.headed(page, "your part")
        self.choose(page, "which language", "welsh" if self.language == "cy" else "english")
        self.choose(page, "welsh in sessions", "some of the time")
        for day in ("monday", "tuesday"):
            self.choose(page, "which days", day)
        self.fill(page, "anything you need", "Captions, please.")
        page.get_by_label(theme.name_cy if self.language == "cy" else theme.name_en).check()
        page.get_by_label(self.words["first choice of lab"]).select_option("qarth-data")
        self.fill(page, "what would you change", "One form fewer.")
        self.fill(page, "which dates not", "A week in May.")
        page.get_by_label(self.words["i agree"]).check()
        self.press(page, "save my part")
        self.read(page, "your part is saved")

    def the_line_manager_endorses(self) -> None:
        page = self.town.visitor()
        letters = [one for one in self.town.post.letters_to(LINE_MANAGER) if "Tomos Vance" in one.text]
        assert [letter.languages for letter in letters] == ["cy, en"]  # never asked: both, Welsh first
        page.goto(self.town.link_in(letters[0], "link/"))
        self.headed(page, "your answer as line manager")
        self.press(page, "continue")
        self.choose(page, "do you release", "yes, i release")
        self.fill(page, "days a week", "1.5")
        self.fill(page, "who stands in", "The second officer")
        self.press(page, "send my answer")
        self.read(page, "your answer is saved")

    def the_manager_sets_up_the_selection(self, manager, reviewers) -> None:
        page = self.go(manager, "cohorts/seven/selection/")
        self.headed(page, "selection")
        self.town.go(page, "cohorts/seven/selection/criteria/")
        for key, text in (("name in english", "Curiosity"), ("name in welsh", "Chwilfrydedd"), ("weight", "2")):
            page.get_by_label(self.words[key]).first.fill(text)
        self.press(page, "save the criteria")
        self.read(page, "the criteria were saved")
        self.town.go(page, "cohorts/seven/selection/panel/")
        for reviewer in reviewers:
            self.fill(page, "address of the reviewer", reviewer.email)
            self.press(page, "put on the panel")
            self.read(page, "on the panel")
        self.follow(page, "assign the reviews")
        self.press(page, "assign")
        self.read(page, "every nomination has its reviewers")

    def a_reviewer_scores(self, reviewer, points: int) -> None:
        page = self.go(reviewer, "home/")
        self.follow(page, "waits for your scores")
        self.headed(page, "my reviews")
        self.follow(page, "start with the first")
        self.read(page, "One form fewer.", "A week in May.")
        assert "Captions" not in page.content()  # needs are not for those who choose
        page.get_by_role("group").get_by_label(str(points), exact=True).check()
        self.press(page, "save and next")
        self.read(page, "nothing waits for your scores")

    def the_manager_prepares_the_decision(self, manager) -> None:
        page = self.go(manager, "cohorts/seven/selection/")
        self.read(page, "4.00")
        page.get_by_role("link", name="Tomos Vance").click()
        self.choose(page, "outcome", "offer a place")
        page.get_by_label(self.words["reason"]).select_option("strong")
        self.press(page, "prepare the decision")
        self.read(page, "nobody is told until", "a second person releases")
        assert page.get_by_role("link", name=self.words["release the decisions"]).count() == 0
        assert Nomination.objects.get(person__email=NOMINEE).status == "complete"

    def somebody_else_releases_it(self, administrator) -> None:
        page = self.go(administrator, "home/")
        self.follow(page, "release decisions")
        self.headed(page, "release the decisions")
        self.read(page, "Tomos Vance", "offer a place")
        self.press(page, "release and send")
        self.read(page, "released, one")

    def the_nominee_accepts(self, page) -> None:
        letter = self.town.post.letter_to(NOMINEE)
        assert letter.languages == self.language  # as the nominee said
        assert letter.subject.startswith(self.words["subject of an offer"])
        self.enter_by_link(page, NOMINEE, "you have been offered a place")
        self.headed(page, "the offer of a place")
        self.choose(page, "do you accept", "yes, i accept")
        self.press(page, "send my answer")
        self.headed(page, "you have a place")

    def the_associate_finds_what_comes_next(self, page) -> None:
        self.follow(page, "see what needs doing")
        self.fill(page, "email address", NOMINEE)
        self.press(page, "go on")
        self.read(page, NOMINEE)
        codes = [re.search(r"\d{4}-\d{4}", letter.text) for letter in self.town.post.letters_to(NOMINEE)]
        [code] = [found.group() for found in codes if found]
        self.fill(page, "code", code)
        self.press(page, "sign in")
        self.headed(page, "before your first day")
        self.read(page, "read the privacy notice", "agree how coaching works", "pictures of you", "to do")
        self.town.go(page, "home/")
        self.follow(page, "my journey")
        self.headed(page, "journey heading")
        self.read(page, "your journey", "has a place", "before your first day", "read the privacy notice")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_from_an_open_window_to_an_accepted_place(
    browser, browser_context_args, live_server, settings, monkeypatch, request, language
):
    today = clock.today()  # a cookie's last day is a real one to the browser
    stop_the_clock(monkeypatch, today)
    load_agreements(by=None, today=today)
    manager, administrator, coordinator, organisation = (
        request.getfixturevalue(name)
        for name in ("manager", "administrator", "other_coordinator", "other_organisation")
    )
    type(manager).objects.update(language=language, language_asked_on=today, language_source="person")
    reviewers = [
        EmploymentFactory(person=UserFactory(name=name, email=email, language=language)).person
        for name, email in (("Anwen Qorril", "anwen@qarth.example"), ("Bedwyr Quanth", "bedwyr@quill.example"))
    ]
    theme = ThemeFactory(name_en="Supportive Communities", name_cy="Cymunedau Cefnogol")
    LabFactory(slug="qarth-data")
    cohort: Cohort = CohortFactory(
        slug="seven",
        starts_on=today + timedelta(weeks=10),
        recruitment_opens_on=today,
        recruitment_until=today + timedelta(weeks=4),
    )
    start = {"en": "/", "cy": "/cy/"}[language]
    with a_town(browser, browser_context_args, live_server, settings, start) as town:
        journey = Journey(town, language, today)
        journey.the_manager_opens_recruitment(manager, organisation)
        journey.the_coordinator_nominates_from_a_file(coordinator)
        nominee = town.visitor()
        journey.the_nominee_answers(nominee, theme)
        journey.the_line_manager_endorses()
        journey.the_manager_sets_up_the_selection(manager, reviewers)
        for reviewer, points in zip(reviewers, (5, 3), strict=True):
            journey.a_reviewer_scores(reviewer, points)
        journey.the_manager_prepares_the_decision(manager)
        journey.somebody_else_releases_it(administrator)
        journey.the_nominee_accepts(nominee)
        journey.the_associate_finds_what_comes_next(nominee)
    associate = Associate.objects.get(cohort=cohort)
    assert (associate.person.email, associate.person.language) == (NOMINEE, language)
    spell = Employment.objects.get(person=associate.person)
    assert (spell.organisation, spell.starts_on, spell.working_days) == (organisation, today, [1, 2])
