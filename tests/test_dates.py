"""Days, months and bank holidays in Welsh, shown and typed."""

from datetime import date, datetime, timedelta

import holidays
import pytest
from django import forms
from django.template import Context, Template
from django.utils import formats, translation

from core.clock import bank_holiday
from tests.languages import in_both

MONTHS = [
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
]
SHORT_MONTHS = ["Ion", "Chwe", "Maw", "Ebr", "Mai", "Meh", "Gorff", "Awst", "Medi", "Hyd", "Tach", "Rhag"]
WEEKDAYS = ["Llun", "Mawrth", "Mercher", "Iau", "Gwener", "Sadwrn", "Sul"]


def shown(day, how):
    with translation.override("cy"):
        return Template('{{ day|date:"' + how + '" }}').render(Context({"day": day}))


@pytest.mark.parametrize("month", range(1, 13))
def test_months_have_their_welsh_names(month):
    day = date(2021, month, 4)

    assert shown(day, "F") == MONTHS[month - 1]
    assert shown(day, "E") == MONTHS[month - 1]
    assert shown(day, "M") == SHORT_MONTHS[month - 1]


@pytest.mark.parametrize("weekday", range(7))
def test_weekdays_have_their_welsh_names(weekday):
    assert shown(date(2021, 5, 3) + timedelta(days=weekday), "l") == f"Dydd {WEEKDAYS[weekday]}"


def test_the_first_day_of_cohort_alpha():
    assert shown(date(2021, 5, 4), "l j F Y") == "Dydd Mawrth 4 Mai 2021"


@pytest.mark.parametrize(
    ("name", "english", "welsh"),
    [
        ("DATE_FORMAT", "14 July 2021", "14 Gorffennaf 2021"),
        ("SHORT_DATE_FORMAT", "14 Jul 2021", "14 Gorff 2021"),
        ("DATETIME_FORMAT", "14 July 2021, 09:05", "14 Gorffennaf 2021, 09:05"),
        ("SHORT_DATETIME_FORMAT", "14 Jul 2021, 09:05", "14 Gorff 2021, 09:05"),
        ("YEAR_MONTH_FORMAT", "July 2021", "Gorffennaf 2021"),
        ("MONTH_DAY_FORMAT", "14 July", "14 Gorffennaf"),
        ("TIME_FORMAT", "09:05", "09:05"),
    ],
)
def test_dates_are_british_in_both_languages(name, english, welsh):
    moment = datetime(2021, 7, 14, 9, 5)  # noqa: DTZ001  only shown

    assert in_both(lambda: formats.date_format(moment, name)) == [english, welsh]


@pytest.mark.parametrize("typed", ["2021-05-04", "04/05/2021", "4/5/21", "4 May 2021"])
def test_a_typed_date_means_the_same_in_both_languages(typed):
    assert in_both(lambda: forms.DateField().clean(typed)) == [date(2021, 5, 4)] * 2


def test_every_bank_holiday_of_twelve_years_has_its_own_welsh_name():
    nameless = {}
    for day, name in holidays.country_holidays("GB", subdiv="WLS", years=range(2019, 2031)).items():
        english, welsh = in_both(lambda day=day: bank_holiday(day))
        if not english or english == "Bank holiday" or welsh in ("", english, "Gŵyl banc"):
            nameless[day] = name

    assert nameless == {}


def test_a_substitute_day_says_so():
    assert in_both(lambda: bank_holiday(date(2021, 12, 27))) == [
        "Christmas Day (substitute day)",
        "Dydd Nadolig (diwrnod yn ei lle)",
    ]
