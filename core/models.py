"""Abstract rows that every app builds on, the audit log, and the demo's clock."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from core.clock import Window


class DateRange(Func):
    """daterange(starts_on, until, '[)') in SQL, for exclusion constraints."""

    function = "daterange"
    output_field = DateRangeField()


def window_range() -> DateRange:
    """The half-open range of a dated row, as an SQL expression."""
    return DateRange("starts_on", "until", RangeBoundary(inclusive_lower=True, inclusive_upper=False))


class DatedQuerySet(models.QuerySet):
    """Rows that hold from one day up to another."""

    def on(self, day: date):  # type: ignore[no-untyped-def]
        """Those that hold on `day`."""
        return self.filter(Window.q(day))


class DatedRow(models.Model):
    """A fact that holds from `starts_on` up to, not including, `until` (null: still holds)."""

    starts_on = models.DateField(_("First day"))
    until = models.DateField(_("First day after the end"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_its_start",
            )
        ]

    @property
    def window(self) -> Window:
        return Window(self.starts_on, self.until)


class Move(models.Model):
    """One dated change of status, written by core.lifecycle. Subclasses add `thing` (related_name="moves")."""

    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ("effective_on", "pk")
        get_latest_by = ("effective_on", "pk")

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status} ({self.effective_on:%Y-%m-%d})"


class AuditEvent(models.Model):
    """Append-only: a trigger refuses UPDATE and DELETE. Written by core.audit.record only."""

    at = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=60, db_index=True)
    about_kind = models.CharField(max_length=60)
    about_ref = models.CharField(max_length=40)
    about_label = models.CharField(max_length=200)
    by_ref = models.CharField(max_length=40, blank=True)
    by_label = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about_kind", "about_ref"], name="core_audit_about")]

    def __str__(self) -> str:
        return f"{self.event} {self.about_label}"


class DemoClock(models.Model):
    """How many days the demo is ahead of the real calendar. One row; read only when settings.DEMO is on."""

    days = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"+{self.days}"

    @classmethod
    def days_ahead(cls) -> int:
        """Whole days ahead; 0 when the clock was never moved."""
        return cls.objects.values_list("days", flat=True).first() or 0
