"""Months of messages as pictures, drawn without a template: there are a hundred and eighty days in half a year."""

from django import template
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from correspondence.queries.months import Day, Month

register = template.Library()

CELL, HEAD = 42, 26


@register.simple_tag
def month_picture(month: Month) -> SafeString:
    """The days of a month in weeks; those with messages say how many. The table on the page says the same."""
    name = f"{date_format(month.first, 'F Y')}. {_('Messages')}: {month.count}"
    wide, high = 7 * CELL, HEAD + month.rows * CELL
    parts = [
        f'<svg class="month__picture" viewBox="0 0 {wide} {high}" role="img" aria-label="{conditional_escape(name)}">',
        *(
            f'<text class="month__weekday" x="{column * CELL + CELL // 2}" y="16">{_weekday(month, column)}</text>'
            for column in range(7)
        ),
        *map(_cell, month.days),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 (numbers, and words that were escaped)


def _weekday(month: Month, column: int) -> str:
    day = next(day for day in month.days if day.column == column)
    return conditional_escape(date_format(day.on, "D"))


def _cell(day: Day) -> str:
    x, y = day.column * CELL, HEAD + day.row * CELL
    shape = "some" if day.count else "none" if day.is_working else "off"
    today = " month__day--today" if day.is_today else ""
    drawn = (
        f'<rect class="month__day month__day--{shape}{today}" x="{x + 2}" y="{y + 2}" width="{CELL - 4}" '
        f'height="{CELL - 4}" rx="5"/>'
    )
    if day.count:
        return (
            f'{drawn}<text class="month__number month__number--some" x="{x + 6}" y="{y + 15}">{day.on.day}</text>'
            f'<text class="month__count" x="{x + CELL // 2}" y="{y + 33}">{day.count}</text>'
        )
    return f'{drawn}<text class="month__number" x="{x + 6}" y="{y + 15}">{day.on.day}</text>'
