"""Pictures of a cohort, drawn without a template: by template one took as long as a list of 25 people."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cohorts.queries.timeline import Bar, Tick, Timeline
from core.templatetags.infuse import in_words

register = template.Library()


@register.simple_tag
def wide_timeline(timeline: Timeline, marker: object = "") -> SafeString:
    """The phases on a line with their names, for a wide page; `marker` stands at today's line instead of “Today”."""
    parts = [_opening("wide", 186)]
    parts += [
        f'<line class="timeline__tick" x1="{tick.x}" x2="{tick.x}" y1="92" y2="150"/>{_month(tick, 166)}'
        for tick in timeline.ticks
    ]
    for bar in timeline.bars:
        x, top = bar.name_x, 50 if bar.low else 4
        beside, anchor = ("-8", ' text-anchor="end"') if bar.anchor_end else ("8", "")
        days = f"{in_words(bar.phase.starts_on, 'j M')} – {in_words(bar.phase.window.last_day, 'j M')}"
        parts.append(
            f'<line class="timeline__lead" x1="{x}" x2="{x}" y1="{top}" y2="96"/>\n'
            f'<text class="timeline__name" x="{x}" dx="{beside}" y="{top + 14}"{anchor}>'
            f"{conditional_escape(bar.kind.label)}</text>"
            f'<text class="timeline__days" x="{x}" dx="{beside}" y="{top + 33}"{anchor}>'
            f"{conditional_escape(days)}</text>\n" + _bar(bar, y=96, height=46, radius=6, number_y=126)
        )
    return _closed(parts, timeline, marker, (88, 170, 184))


@register.simple_tag
def narrow_timeline(timeline: Timeline, marker: object = "") -> SafeString:
    """The phases on a line with their numbers, for a phone."""
    parts = [_opening("narrow", 76)]
    parts += [_month(tick, 54) for tick in timeline.ticks]
    parts += [_bar(bar, y=4, height=32, radius=4, number_y=27) for bar in timeline.bars]
    return _closed(parts, timeline, marker, (0, 60, 74))


def _opening(width: str, height: int) -> str:
    length = {"wide": 1000, "narrow": 340}[width]
    title = conditional_escape(_("The phases on a line of time; the table below says the same."))
    return (
        f'<svg class="timeline__picture timeline__picture--{width}" viewBox="0 0 {length} {height}" role="img" '
        f'aria-labelledby="timeline-{width}"><title id="timeline-{width}">{title}</title>\n'
    )


def _month(tick: Tick, y: int) -> str:
    label = conditional_escape(tick.label)
    return f'<text class="timeline__month" x="{tick.x}" y="{y}" text-anchor="middle">{label}</text>'


def _bar(bar: Bar, *, y: int, height: int, radius: int, number_y: int) -> str:
    return (
        f'<rect class="timeline__bar timeline__bar--{bar.state}" x="{bar.x}" y="{y}" width="{bar.width}" '
        f'height="{height}" rx="{radius}"/><text class="timeline__number timeline__number--{bar.state}" '
        f'x="{bar.middle}" y="{number_y}">{bar.kind.position}</text>'
    )


def _closed(parts: list[str], timeline: Timeline, marker: object, heights: tuple[int, int, int]) -> SafeString:
    """With today's line, if the day is inside, and the end of the picture."""
    x, (top, bottom, word) = timeline.today_x, heights
    if x is not None:
        parts.append(
            f'\n<line class="timeline__today" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}"/>'
            f'<text class="timeline__today-name" x="{x}" y="{word}" text-anchor="{timeline.today_anchor}">'
            f"{conditional_escape(str(marker) if marker else _('Today'))}</text>"
        )
    return mark_safe("".join((*parts, "</svg>")))  # noqa: S308 (numbers, and words that were escaped)
