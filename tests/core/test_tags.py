"""Filters and tags of every page."""

from datetime import UTC, date, datetime

from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from django.utils.translation import override

from cohorts.enums import AssociateStatus
from cohorts.models import Associate
from core.templatetags.infuse import tag


def draw(source: str, **context) -> str:
    return Template(source).render(Context(context))


def test_days_in_both_languages():
    day = date(2021, 5, 4)
    with override("en"):
        assert draw("{{ d|longday }}|{{ d|day }}|{{ none|day }}", d=day, none=None) == "Tuesday 4 May 2021|4 May 2021|"
    with override("cy"):
        assert draw("{{ d|longday }}|{{ d|day }}", d=day) == "Dydd Mawrth 4 Mai 2021|4 Mai 2021"


def test_moments_are_shown_in_london():
    late = datetime(2021, 6, 30, 23, 30, tzinfo=UTC)
    with override("en"):
        assert draw("{{ m|moment }}|{{ m|day }}", m=late) == "1 July 2021, 00:30|1 July 2021"


def test_tag_escapes_its_text():
    assert draw("{{ t|tag:'green' }}", t="<b>") == '<strong class="govuk-tag govuk-tag--green">&lt;b&gt;</strong>'


def test_status_tag_says_the_status_in_the_readers_language():
    associate = Associate(status=AssociateStatus.WITHDRAWN)
    with override("cy"):
        said = draw("{{ a|status_tag }}", a=associate)
        assert str(AssociateStatus.WITHDRAWN.label) in said
        assert "Left" not in said


def test_query_changes_one_part_of_the_address_bar():
    request = RequestFactory().get("/?sort=name&page=3&q=a%26b")
    assert draw('{% query sort="-name" page="" %}', request=request) == "?q=a%26b&amp;sort=-name"
    assert draw('{% query page="" sort="" q="" %}', request=request) == "?"


def test_to_gives_what_url_gives():
    for language in ("en", "cy", "en"):
        with override(language):
            for source in (
                '"people:person-detail" "b3kx"',
                '"progress:associate-journey" "two" "b3kx"',
                '"pages:front"',
            ):
                assert draw(f"{{% to {source} %}}") == draw(f"{{% url {source} %}}")
            assert draw('{% to "progress:associate-journey" "two" r %}', r="a&b ŵ'") == draw(
                '{% url "progress:associate-journey" "two" r %}', r="a&b ŵ'"
            )


def test_words_that_were_safe_once_do_not_make_the_same_words_safe_later():
    assert "<b>x</b>" in tag(mark_safe("<b>x</b>"), "red")
    assert "&lt;b&gt;x&lt;/b&gt;" in tag("<b>x</b>", "red")
