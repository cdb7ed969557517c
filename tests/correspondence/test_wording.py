"""Texts that the programme team words for a cohort: both languages or none, plain text, and known blanks only."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from cohorts.emails import about, associate_enrolled, phase_starts
from core.models import AuditEvent
from core.verdicts import NotAllowed
from correspondence.kinds import KINDS
from correspondence.queries.wording import BLANKS, LANGUAGES, as_read, as_stored, labels, texts_of, words_now
from correspondence.services.wording import drop_wording, word_text
from correspondence.views.samples import samples
from messaging import outbox, render, wordings
from messaging.models import Message, Wording
from messaging.render import words_of
from tests.conftest import TODAY, stop_the_clock
from tests.crawl.world import build
from tests.factories.cohorts import AssociateFactory, CohortFactory
from tests.factories.messaging import WordingFactory

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
TEXTS = sorted({template for kind in KINDS for template in texts_of(kind)})
STARTS = "cohorts/emails/phase_starts"


# --- The list is complete ---------------------------------------------------------------------------------------------
def test_every_text_about_a_cohort_belongs_to_exactly_one_kind():
    files = {
        path.relative_to(ROOT / "templates").as_posix().removesuffix(".en.txt")
        for app in ("cohorts", "nominations")
        for path in (ROOT / "templates" / app / "emails").glob("[!_]*.en.txt")
    }
    listed = [template for kind in KINDS for template in texts_of(kind)]
    assert set(listed) == files
    assert len(listed) == len(files)


@pytest.mark.parametrize("template", TEXTS)
def test_whatever_a_text_fills_in_has_a_name_of_its_own_in_both_languages(template):
    found = {}
    for language in LANGUAGES:
        file = wordings.blanks(template, language)
        english = [blank.replace("name_cy", "name_en").replace(".cy.txt", ".en.txt") for blank in file]
        assert set(english) <= set(BLANKS), template
        assert len(labels(template, language)) == len(file), "two things with one name"
        found[language] = set(english)
    assert found["en"] == found["cy"]


@pytest.mark.parametrize("template", TEXTS)
def test_what_people_read_and_what_is_kept_are_the_same_text(template):
    for language in LANGUAGES:
        for text in wordings.file_words(template, language):
            read = as_read(template, language, text)
            assert as_stored(template, language, read) == text
            assert "{" not in read


def test_the_words_of_the_files_put_in_their_own_place_are_what_the_files_say(today):
    """For every text of which the crawl's world has somebody to read it: nearly all."""
    world = build(1)
    Wording.objects.all().delete()
    shown = set()
    for slug in ("running", "recruiting", "due"):
        cohort = world.things[slug]
        for kind in KINDS:
            for template in texts_of(kind):
                for mail in samples(kind, template, cohort, TODAY)[:1]:
                    own = Wording(scope=about(cohort), template=template)
                    for language in LANGUAGES:
                        subject, body = wordings.file_words(template, language)
                        setattr(own, f"subject_{language}", subject)
                        setattr(own, f"body_{language}", body)
                    assert words_of(mail, {render.worded(template): {mail.about: own}}) == words_of(mail), template
                    shown.add(template)
    coordinators = {template for template in TEXTS if template.endswith("_coordinator")}
    assert set(TEXTS) - shown <= coordinators


# --- Which words are used ---------------------------------------------------------------------------------------------
@pytest.fixture
def cohort(today):
    return CohortFactory(slug="five", status="running")


@pytest.fixture
def mail(cohort):
    """A reminder to somebody in the cohort."""
    associate = AssociateFactory(cohort=cohort, status="active", person__name="Anest Q")
    return phase_starts(associate, cohort.phases.get(kind="experiment"), TODAY)


@pytest.fixture
def word(cohort, manager, today):
    """Changes the text “a phase starts”: `word(body_en="…")`; the rest stays."""

    def change(same=False, **texts):
        row = Wording.objects.filter(template=STARTS).first()
        now = {}
        for language in LANGUAGES:
            subject, body = wordings.file_words(STARTS, language)
            now |= {f"subject_{language}": subject, f"body_{language}": body}
        if row:
            now = {name: getattr(row, name) for name in now}
        return word_text(cohort=cohort, template=STARTS, texts={**now, **texts}, same=same, by=manager, today=today)

    return change


# What must stay in the text.
NEEDED = '[link "progress:associate-journey" cohort.slug reference] [include "cohorts/emails/_why.{}.txt"]'
ENGLISH, WELSH = f"Bore da, [to.name]. {NEEDED.format('en')}", f"Shwmae, [to.name]. {NEEDED.format('cy')}"


def test_both_changed_are_used_in_this_cohort_with_our_foot(word, mail):
    word(subject_en="It begins", body_en=ENGLISH, subject_cy="Mae’n dechrau", body_cy=WELSH)
    words = words_of(mail)
    assert (words["en"]["subject"], words["cy"]["subject"]) == ("It begins", "Mae’n dechrau")
    assert words["en"]["body"].startswith("Bore da, Anest Q. http")
    assert words["cy"]["body"].startswith("Shwmae, Anest Q. http")
    assert "Infuse. This message was sent to" in words["en"]["body"]
    elsewhere = AssociateFactory(cohort=CohortFactory(), status="active")
    assert (
        "It begins"
        not in words_of(phase_starts(elsewhere, elsewhere.cohort.phases.get(kind="experiment"), TODAY))["en"]["subject"]
    )


def test_one_language_changed_alone_is_not_used_until_the_other_follows(word, mail, monkeypatch):
    usual = words_of(mail)
    assert word(body_en=ENGLISH).older == "cy"
    assert words_of(mail) == usual
    assert word(body_en=f"{ENGLISH} More.").older == "cy"
    assert word(body_cy=WELSH).is_used
    assert words_of(mail)["en"]["body"].startswith("Bore da")
    stop_the_clock(monkeypatch, TODAY + timedelta(days=1))
    assert word(subject_cy="Pwnc arall").older == "en"
    assert words_of(mail) == usual


def test_somebody_may_say_that_the_other_language_still_says_the_same(word, mail):
    assert word(body_en=ENGLISH, same=True).is_used
    assert words_of(mail)["en"]["body"].startswith("Bore da")
    word(subject_en="It begins")
    assert word(same=True).is_used


@pytest.mark.parametrize("part", ["subject_cy", "body_cy", "subject_en"])
def test_a_missing_part_keeps_the_whole_from_being_used(word, mail, part):
    usual = words_of(mail)
    texts = {"subject_en": "It begins", "body_en": ENGLISH, "subject_cy": "Mae’n dechrau", "body_cy": WELSH}
    row = word(same=True, **{**texts, part: ""})
    assert row.missing == [part[-2:]]
    assert words_of(mail) == usual


def test_a_row_that_asks_for_what_the_file_no_longer_has_is_not_used(mail, cohort):
    usual = words_of(mail)
    WordingFactory(scope=about(cohort), body_en="Hello [phase.gone]", body_cy="Helo [phase.gone]")
    assert words_of(mail)["en"]["body"] == usual["en"]["body"]


def test_nothing_that_is_typed_is_executed(word, mail):
    typed = '{{ person.name }} {% now "Y" %} {{ cohort.delete }} <b>&amp;</b> ' + ENGLISH
    word(body_en=typed, same=True)
    body = words_of(mail)["en"]["body"]
    assert body.startswith('{{ person.name }} {% now "Y" %} {{ cohort.delete }} <b>&amp;</b> Bore da, Anest Q.')


@pytest.mark.parametrize(
    "text",
    ["Hello [nobody]", "Hello [person.password]", "[ to.name", ENGLISH + ' [include "x"]', "No link, no why"],
)
def test_what_the_text_cannot_fill_in_is_refused_and_what_it_needs_is_asked_for(word, text):
    with pytest.raises(ValidationError) as refusal:
        word(body_en=text)
    assert list(refusal.value.message_dict) == ["body_en"]
    assert not Wording.objects.exists()


# --- Verbs ------------------------------------------------------------------------------------------------------------
def test_each_change_is_on_record_and_nothing_is_when_nothing_changed(word, manager, cohort, today):
    word(body_en=ENGLISH)
    row = word(body_cy=WELSH)
    word()
    assert (row.changed_en_by, row.changed_cy_by) == (manager.reference, manager.reference)
    drop_wording(wording=row, cohort=cohort, by=manager, today=today)
    assert list(AuditEvent.objects.order_by("pk").values_list("event", flat=True)) == [
        "wording.changed",
        "wording.changed",
        "wording.removed",
    ]
    assert words_now(cohort, STARTS)["en"].body.startswith("Hello [name]")


@pytest.mark.parametrize("role", ["associate", "coordinator", "coach", "auditor"])
def test_words_are_for_the_programme_team(cohort, person_as, role, today):
    with pytest.raises(NotAllowed):
        word_text(cohort=cohort, template=STARTS, texts={}, same=False, by=person_as(role), today=today)


# --- The outbox -------------------------------------------------------------------------------------------------------
def test_a_batch_asks_once_for_own_words(cohort, django_assert_num_queries):
    WordingFactory(scope=about(cohort), template="cohorts/emails/associate_enrolled")
    people = [AssociateFactory(cohort=cohort) for _n in range(4)]
    for count in (1, 4):
        Message.objects.all().delete()
        letters = [associate_enrolled(associate, TODAY) for associate in people[:count]]
        for letter in letters:
            str(letter.context["phases"])
        with django_assert_num_queries(6):
            outbox.queue_many(letters)
        assert {row.words["en"]["subject"] for row in Message.objects.all()} == {"Qarth begins"}
