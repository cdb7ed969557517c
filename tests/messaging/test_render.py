"""Words in the recipient's language."""

from dataclasses import replace

import pytest

from messaging import render
from messaging.render import RULER, UnwritableError, languages_for, letter, words_of

EN = "Subject: Subject 1"


@pytest.mark.parametrize(("language", "expected"), [("cy", ("cy",)), ("en", ("en",)), ("", ("cy", "en"))])
def test_languages_for(language, expected):
    assert languages_for(language) == expected


def test_each_language_is_rendered_with_its_own_words_and_footer(mail):
    assert words_of(mail(1)) == {
        "cy": {"subject": "Pwnc 1", "body": "Helo Siân O'Qarth\n\n--\nTroedyn\n"},
        "en": {"subject": "Subject 1", "body": "Hello Siân O'Qarth\n\n--\nFoot\n"},
    }


def test_a_letter_in_one_language_has_nothing_of_the_other(mail):
    words = words_of(mail(1))
    assert letter(words, ("cy",)) == ("Pwnc 1", "Helo Siân O'Qarth\n\n--\nTroedyn\n")
    assert letter(words, ("en",)) == ("Subject 1", "Hello Siân O'Qarth\n\n--\nFoot\n")


def test_a_letter_to_who_was_not_asked_is_in_both_languages_welsh_first(mail):
    subject, body = letter(words_of(mail(1)), languages_for(""))
    assert subject == "Pwnc 1 / Subject 1"
    assert body.index("Helo") < body.index("Troedyn") < body.index("Hello") < body.index("Foot")
    assert f"{RULER}\nEnglish\n{RULER}" in body
    assert body.startswith("Mae’r neges hon yn Gymraeg, ac wedyn yn Saesneg.")


def test_a_subject_that_is_the_same_in_both_languages_stands_once(mail, texts):
    texts("qarth", cy="Subject: Infuse\n\nHelo", en="Subject: Infuse\n\nHello")
    assert letter(words_of(mail(1)), ("cy", "en"))[0] == "Infuse"


def test_dates_and_bilingual_names_are_in_the_language_of_the_half(mail, texts):
    texts("qarth", cy="Subject: D\n\n{{ day|longday }}", en="Subject: D\n\n{{ day|longday }}")
    words = words_of(mail(1))
    assert words["cy"]["body"].startswith("Dydd Mercher 11 Mawrth 2026")
    assert words["en"]["body"].startswith("Wednesday 11 March 2026")


@pytest.mark.parametrize("missing", ["cy", "en"])
def test_a_mail_without_one_of_its_languages_is_refused(mail, texts, tmp_path, missing):
    (tmp_path / f"qarth.{missing}.txt").unlink()
    with pytest.raises(UnwritableError, match=f"qarth.{missing}.txt"):
        words_of(mail(1, language="en"))


def test_a_value_that_nobody_gave_is_refused_by_name(mail, texts):
    texts("qarth", cy="Subject: S\n\n{{ first_day|day }}")
    with pytest.raises(UnwritableError, match="first_day"):
        words_of(mail(1))


@pytest.mark.parametrize("text", ["No subject\n\nBody", "Subject:\n\nBody", "Subject: S\n\n  \n", ""])
def test_a_text_without_subject_or_body_is_refused(mail, texts, text):
    texts("qarth", en=text)
    with pytest.raises(UnwritableError, match="first line"):
        words_of(mail(1))


def test_a_subject_never_spans_lines(mail, texts):
    texts("qarth", en="Subject: {{ n }}\n\nBody", cy="Subject: {{ n }}\n\nCorff")
    words = words_of(mail(context={"n": "a b\tc"}))
    assert words["en"]["subject"] == "a b c"


def test_shared_lives_as_long_as_the_batch(mail, texts):
    """What a template tag keeps in `shared` is there for the next mail of the batch."""
    texts("qarth", en="Subject: S\n\n{{ shared.funder }}", cy="Subject: S\n\n{{ shared.funder }}")
    assert "Cronfa" in words_of(mail(1), {"funder": "Cronfa"})["en"]["body"]


def test_mails_that_are_alike_are_put_together_once_and_read_as_if_each_was_by_itself(mail, texts, monkeypatch):
    texts(
        "qarth",
        cy='Subject: Pwnc {{ n }}\n\nHelo {{ to.name }} ({{ to.address }})\n{% link "people:person-detail" ref %}',
        en='Subject: S {{ n }}\n\nHello {{ to.name }}, {{ what }}\n{% link "people:person-detail" ref %}',
    )
    asked = []
    read = render._text
    monkeypatch.setattr(render, "_text", lambda name, *more: asked.append(name) or read(name, *more))
    mails = [
        replace(mail(n), context={"n": 7}, alike="7", own={"ref": f"abc{n}", "what": f"a <b> & {n} z\\1"})
        for n in (1, 2, 3)
    ]
    shared = {}
    together = [words_of(one, shared) for one in mails]
    assert len(asked) == 4  # body and footer, in two languages
    assert together == [words_of(replace(one, alike="")) for one in mails]
    assert "a <b> & 2 z\\1" in together[1]["en"]["body"]
    assert "/people/abc3/" in together[2]["en"]["body"]


def test_what_differs_is_not_put_together(mail, texts):
    texts("qarth", cy="Subject: S\n\nB {{ n }}", en="Subject: S\n\nB {{ n }}")
    shared = {}
    alike = [replace(mail(n), context={"n": n}, alike=str(n)) for n in (1, 2)]
    assert [words_of(one, shared)["en"]["body"][:3] for one in alike] == ["B 1", "B 2"]


def test_nobody_can_write_a_blank(mail, texts):
    """The word around a blank's name is made anew in each process; a name that looks like a blank stays as it is."""
    texts("qarth", cy="Subject: S\n\n{{ a }} {{ b }}", en="Subject: S\n\n{{ a }} {{ b }}")
    one = replace(mail(1), context={}, alike="x", own={"a": f"{render.EDGE}b{render.EDGE}", "b": "B"})
    assert words_of(one, {})["en"]["body"].startswith(f"{render.EDGE}b{render.EDGE} B")
