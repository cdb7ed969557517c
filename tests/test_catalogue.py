"""The Welsh catalogue: complete, made from its parts, and the words of Django and allauth with it."""

import importlib
import importlib.util
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polib
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.contrib.auth import password_validation
from django.contrib.postgres import forms as postgres_forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import InvalidPage, Paginator
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.timesince import timesince

from tests.languages import in_both

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "locale" / "cy"


def load(name):
    """A script of locale/cy, which is no package."""
    spec = importlib.util.spec_from_file_location(name, HOME / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


extract = load("extract")
merge = load("merge")


# --- Made from its parts, and complete -------------------------------------------------------------------------------


def test_the_catalogue_is_what_the_parts_give_and_nothing_is_missing(capsys):
    failed = merge.main(["--check"])

    assert not failed, capsys.readouterr().err


def test_merging_twice_gives_the_same_bytes():
    first, conflicts = merge.merge(merge.read_parts())
    second, _same = merge.merge(merge.read_parts())

    assert conflicts == []
    assert str(first) == str(second)
    assert first.to_binary() == second.to_binary()


def entry(msgid, msgstr="", **more):
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **more)


def test_two_parts_that_disagree_are_named():
    parts = {"a.po": [entry("Coach", "Hyfforddwr")], "b.po": [entry("Coach", "Bws")]}

    catalogue, conflicts = merge.merge(parts)

    assert [found.msgstr for found in catalogue] == ["Hyfforddwr"]
    assert len(conflicts) == 1
    assert "a.po" in conflicts[0]
    assert "b.po" in conflicts[0]


@pytest.mark.parametrize(
    ("faulty", "complaint"),
    [
        (entry("Coach", ""), "has no Welsh"),
        (entry("Coach", "Coach"), "is the same in both languages"),
        (entry("Coach", "Hyfforddwr", flags=["fuzzy"]), "is marked fuzzy"),
        (entry("Places: %(count)s", "Lleoedd"), "lacks placeholders"),
        (entry("Places", "Lleoedd: %(count)s"), "placeholders that the English lacks"),
        (entry("<b>Places</b>", "Lleoedd"), "other tags"),
        (entry("Places ", "Lleoedd"), "other white space"),
        (entry("%d day", msgid_plural="%d days", msgstr_plural={0: "%d diwrnod"}), "needs 4 plural forms"),
    ],
)
def test_a_faulty_entry_is_named(faulty, complaint):
    assert complaint in " ".join(merge.doubts(faulty, allowed=set()))


def test_a_text_without_welsh_and_a_translation_without_use_are_named():
    parts = merge.read_parts()
    lost = next(found for found in parts["core.po"] if found.msgid == "Good Friday")
    parts["core.po"].remove(lost)
    parts["core.po"].append(entry("Said by nobody", "Ni ddywed neb"))
    parts["django.po"].append(entry("Said by no library", "Ni ddywed neb"))

    complaints = "\n".join(merge.check(parts))

    assert "'Good Friday' has no Welsh" in complaints
    assert "'Said by nobody' is used nowhere" in complaints
    assert "'Said by no library' is said neither by Django nor by allauth" in complaints


def test_the_extractor_finds_every_way_of_asking_for_a_translation(tmp_path):
    (tmp_path / "core").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "core" / "words.py").write_text(
        "from django.utils import translation\n"
        "from django.utils.translation import gettext as _, ngettext_lazy, pgettext\n"
        "a = _('plain ' 'and joined')\n"
        "b = ngettext_lazy('one', 'many', 3)\n"
        "c = pgettext('where', 'in context')\n"
        "d = translation.gettext('by its module')\n"
        "e = _(a)\n"
    )
    (tmp_path / "templates" / "page.html").write_text(
        "{% translate 'tag' %}{% translate \"in context\" context 'here' %}"
        "{% blocktranslate trimmed count n=n %}\n one {{ n }}\n{% plural %} many {{ n }} {% endblocktranslate %}"
        "{{ _('variable') }}{% include 'x' with label=_('argument') %}{# _('comment') #}"
    )

    found = extract.texts(tmp_path)

    assert set(found.places) == {
        ("", "plain and joined"),
        ("", "one"),
        ("where", "in context"),
        ("", "by its module"),
        ("", "tag"),
        ("here", "in context"),
        ("", "one %(n)s"),
        ("", "variable"),
        ("", "argument"),
    }
    assert found.plurals == {("", "one"): "many", ("", "one %(n)s"): "many %(n)s"}
    assert found.unreadable == ["core/words.py:7"]


def test_the_plural_header_is_djangos_own():
    """Another formula would split the catalogue in two, and Django's own plurals would no longer be overridden."""
    django_home = Path(importlib.util.find_spec("django").origin).parent
    theirs = polib.pofile(str(django_home / "conf/locale/cy/LC_MESSAGES/django.po"))

    assert polib.pofile(str(merge.CATALOGUE)).metadata["Plural-Forms"] == theirs.metadata["Plural-Forms"]


@pytest.mark.parametrize(("days", "welsh"), [(1, "1\xa0diwrnod"), (2, "2\xa0ddiwrnod"), (3, "3\xa0diwrnod")])
def test_our_plurals_win_over_djangos(days, welsh):
    start = datetime(2026, 3, 11, tzinfo=UTC)
    with translation.override("cy"):
        assert timesince(start, start + timedelta(days=days)) == welsh


def test_yes_and_no_belong_to_a_question():
    """Welsh answers with the verb of the question, so a bare Yes or No cannot be translated (docs/glossary.md)."""
    bare = [place for word in ("Yes", "No") for place in extract.texts(ROOT).places.get(("", word), [])]

    assert bare == []


# --- Django's and allauth's own words --------------------------------------------------------------------------------


def every_subclass(of):
    for child in of.__subclasses__():
        yield child
        yield from every_subclass(child)


def library_messages():
    """Every message that a field or validator of Django, or an adapter of allauth, can refuse with."""
    for field in {forms.Field, *every_subclass(forms.Field), models.Field, *every_subclass(models.Field)}:
        for code, message in vars(field).get("default_error_messages", {}).items():
            yield f"{field.__module__}.{field.__name__} {code}", message
    for name, thing in vars(validators).items():
        if isinstance(getattr(thing, "message", None), Promise | str):
            yield f"validators.{name}", thing.message
    for adapter in (DefaultAccountAdapter, DefaultMFAAdapter, DefaultSocialAccountAdapter):
        for code, message in adapter.error_messages.items():
            yield f"{adapter.__name__} {code}", message
    for formset_message in forms.BaseFormSet.default_error_messages.values():
        yield "formset", formset_message


def test_every_refusal_of_the_libraries_is_in_welsh():
    english, seen = {}, 0
    for where, message in library_messages():
        if not isinstance(message, Promise):
            continue
        said = in_both(lambda message=message: str(message))  # a plural without its number is empty; see RENDERED
        seen += bool(said[0])
        if said[0] and said[0] == said[1]:
            english[said[0]] = where

    assert seen > 80
    assert english == {}


def refusal(clean, value):
    """The sentence with which `clean` refuses `value`."""

    def words():
        with pytest.raises(ValidationError) as refused:
            clean(value)
        return " ".join(refused.value.messages)

    return words


class Pair(forms.Form):
    day = forms.DateField()


def formset_errors():
    shown = forms.formset_factory(Pair, max_num=1, validate_max=True)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-day": "2026-01-01", "form-1-day": "2026-01-01"}
    )
    return " ".join([*shown.non_form_errors(), *forms.formset_factory(Pair)({}).non_form_errors()])


def page_error():
    try:
        Paginator([1, 2], 1).validate_number(9)
    except InvalidPage as error:
        return str(error)
    return ""


RENDERED = {
    "required": refusal(forms.CharField().clean, ""),
    "too short": refusal(forms.CharField(min_length=5).clean, "ab"),
    "too long": refusal(forms.CharField(max_length=2).clean, "abcdef"),
    "null character": refusal(forms.CharField().clean, "a\x00"),
    "e-mail": refusal(forms.EmailField().clean, "x"),
    "url": refusal(forms.URLField(assume_scheme="https").clean, "x y"),
    "slug": refusal(forms.SlugField().clean, "a b"),
    "date": refusal(forms.DateField().clean, "x"),
    "time": refusal(forms.TimeField().clean, "x"),
    "date and time": refusal(forms.DateTimeField().clean, "x"),
    "duration": refusal(forms.DurationField().clean, "x"),
    "whole number": refusal(forms.IntegerField().clean, "x"),
    "too large": refusal(forms.IntegerField(max_value=3).clean, "4"),
    "too small": refusal(forms.IntegerField(min_value=3).clean, "2"),
    "step": refusal(forms.IntegerField(step_size=3).clean, "2"),
    "decimal": refusal(forms.DecimalField(max_digits=3, decimal_places=1).clean, "1234.56"),
    "decimal places": refusal(forms.DecimalField(decimal_places=1).clean, "1.56"),
    "number": refusal(forms.FloatField().clean, "x"),
    "choice": refusal(forms.ChoiceField(choices=[("a", "a")]).clean, "b"),
    "choices": refusal(forms.MultipleChoiceField(choices=[("a", "a")]).clean, ["b"]),
    "list": refusal(forms.MultipleChoiceField(choices=[("a", "a")]).clean, "b"),
    "uuid": refusal(forms.UUIDField().clean, "x"),
    "json": refusal(forms.JSONField().clean, "{"),
    "address": refusal(forms.GenericIPAddressField().clean, "x"),
    "no file": refusal(forms.FileField().clean, None),
    "empty file": refusal(forms.FileField().clean, SimpleUploadedFile("a.csv", b"")),
    "file name": refusal(forms.FileField(max_length=3).clean, SimpleUploadedFile("abc.csv", b"x")),
    "file extension": refusal(validators.FileExtensionValidator(["csv"]), SimpleUploadedFile("a.exe", b"x")),
    "formset": formset_errors,
    "page": page_error,
    "range of dates": refusal(postgres_forms.DateRangeField().clean, ["2026-02-01", "2026-01-01"]),
    "range of numbers": refusal(postgres_forms.IntegerRangeField().clean, ["x", "y"]),
    "array": refusal(postgres_forms.SimpleArrayField(forms.IntegerField(), max_length=1).clean, "1,2"),
    "array item": refusal(postgres_forms.SimpleArrayField(forms.IntegerField()).clean, "1,x"),
    "null": refusal(lambda value: models.IntegerField().clean(value, None), None),
    "blank": refusal(lambda value: models.CharField().clean(value, None), ""),
    "model choice": refusal(lambda value: models.CharField(choices=[("a", "a")]).clean(value, None), "b"),
    "model integer": refusal(lambda value: models.IntegerField().clean(value, None), "x"),
    "model date": refusal(lambda value: models.DateField().clean(value, None), "x"),
    "password too short": refusal(password_validation.MinimumLengthValidator().validate, "ab"),
    "password too common": refusal(password_validation.CommonPasswordValidator().validate, "password"),
    "password of figures": refusal(password_validation.NumericPasswordValidator().validate, "12345"),
    "password help": lambda: " ".join(
        validator().get_help_text()
        for validator in (
            password_validation.MinimumLengthValidator,
            password_validation.UserAttributeSimilarityValidator,
            password_validation.CommonPasswordValidator,
            password_validation.NumericPasswordValidator,
        )
    ),
}


@pytest.mark.parametrize("situation", RENDERED)
def test_a_refusal_of_django_is_rendered_in_welsh(situation):
    english, welsh = in_both(RENDERED[situation])

    assert welsh
    sentences = [sentence for sentence in re.split(r"(?<=[.!?])\s", english) if len(sentence.split()) > 2]
    assert sentences
    assert [sentence for sentence in sentences if sentence in welsh] == []


def test_an_invalid_date_is_refused_with_a_sentence():
    """Django's own Welsh says “Rhif ddyddiad dilys.”, which is none."""
    assert in_both(RENDERED["date"])[1] == "Rhowch ddyddiad dilys."


def test_at_most_does_not_say_more_or_less():
    """Django's own Welsh says “more or less than” where the English says “less than or equal to”."""
    assert in_both(RENDERED["too large"])[1] == "Sicrhewch fod y gwerth hwn yn llai na neu’n hafal i 3."


# --- Texts that are files --------------------------------------------------------------------------------------------

PAIRS = sorted((ROOT / "templates").rglob("*.en.txt"))
FACT = re.compile(r"\{\{.*?\}\}|\{% (?:include|link|url) .*?%\}")


def facts(path):
    """The placeholders of a text, without the marks of its language."""
    pieces = FACT.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"([._])(?:en|cy)\b|\b(?:en|cy)(?=\")", r"\1", piece) for piece in pieces}


def test_every_mail_is_written_in_both_languages():
    english = {path.with_suffix("").with_suffix("") for path in (ROOT / "templates").rglob("*.en.txt")}
    welsh = {path.with_suffix("").with_suffix("") for path in (ROOT / "templates").rglob("*.cy.txt")}

    assert english
    assert english == welsh


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parent.parent.name}/{path.name[:-7]}")
def test_both_languages_of_a_mail_say_the_same_facts(path):
    welsh = path.with_name(path.name.replace(".en.txt", ".cy.txt"))

    assert facts(path) == facts(welsh)
    if path.parent.name == "emails" and not path.name.startswith("_"):
        subjects = [file.read_text(encoding="utf-8").splitlines()[0] for file in (path, welsh)]
        assert all(subject.startswith("Subject: ") for subject in subjects)
        assert subjects[0] != subjects[1]


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: f"{path.parent.parent.name}/{path.name[:-7]}")
def test_a_mail_has_the_same_apostrophe_as_the_catalogue(path):
    """Welsh is full of them, and a mail mixes its own words with the catalogue's."""
    welsh = path.with_name(path.name.replace(".en.txt", ".cy.txt")).read_text(encoding="utf-8")

    assert "'" not in re.sub(r"\{[{%].*?[%}]\}", "", welsh)
