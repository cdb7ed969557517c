"""A cohort: one intake, about half a year."""

from datetime import date, timedelta
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from cohorts.enums import CohortStatus
from cohorts.models.programme import Programme
from core.bilingual import Bilingual
from core.models import Move


class PlainName(Func):
    """A name as two names are compared: no spaces, small letters (the twin of queries.cohorts.normal_name)."""

    function = "regexp_replace"
    template = r"lower(%(function)s(%(expressions)s, '\s+', '', 'g'))"
    arity = 1
    output_field = models.CharField()


class Cohort(Bilingual):
    """One intake of the programme. `until` is the first day after it; its five phases lie inside.

    `status` changes through core.lifecycle.move only. Capacity is held by the database too: the trigger
    `capacity_is_never_exceeded` (migration 0002) refuses the associate who would be one too many.
    """

    Status = CohortStatus

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cohorts")
    slug = models.SlugField(unique=True, max_length=60)
    name_en = models.CharField(_("Name in English"), max_length=80)
    name_cy = models.CharField(_("Name in Welsh"), max_length=80)
    order = models.PositiveSmallIntegerField(_("Order"), unique=True)
    starts_on = models.DateField(_("First day"))
    until = models.DateField(_("First day after the end"))
    capacity = models.PositiveSmallIntegerField(_("Places"), validators=[MinValueValidator(1)])
    recruitment_opens_on = models.DateField(_("Recruitment opens"), null=True, blank=True)
    recruitment_until = models.DateField(_("First day after recruitment"), null=True, blank=True)
    status = models.CharField(max_length=20, choices=CohortStatus, default=CohortStatus.PLANNED)

    class Meta:
        ordering = ("-order",)
        constraints: ClassVar = [
            models.UniqueConstraint(PlainName("name_en"), name="cohort_english_name_is_unique"),
            models.UniqueConstraint(PlainName("name_cy"), name="cohort_welsh_name_is_unique"),
            models.CheckConstraint(condition=Q(until__gt=F("starts_on")), name="cohort_ends_after_its_start"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="cohort_has_a_place"),
            models.CheckConstraint(condition=Q(status__in=CohortStatus.values), name="cohort_status_is_known"),
            models.CheckConstraint(
                condition=Q(recruitment_until__isnull=True)
                | Q(recruitment_opens_on__isnull=False, recruitment_until__gt=F("recruitment_opens_on")),
                name="recruitment_ends_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en

    @property
    def last_day(self) -> date:
        """The last day inside, which is what people are shown."""
        return self.until - timedelta(days=1)


class CohortMove(Move):
    """A dated change of a cohort's status."""

    thing = models.ForeignKey(Cohort, models.CASCADE, related_name="moves")
