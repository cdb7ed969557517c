"""A session: when, where, for whom, and its changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import DateField, F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.bilingual import Bilingual
from core.clock import LONDON
from core.models import DatedRow, Move
from labs.enums import Mode, SessionKind, SessionStatus
from labs.models.run import LabRun
from people.models import make_reference


class LondonDay(Func):
    """The day in London of a moment, in SQL."""

    template = "(timezone('Europe/London', %(expressions)s))::date"
    output_field = DateField()


class SessionSeries(DatedRow):
    """Sessions that were planned together, such as every Tuesday; each is a session of its own from then on."""

    cohort = models.ForeignKey("cohorts.Cohort", models.CASCADE, related_name="session_series")
    weekday = models.PositiveSmallIntegerField()

    class Meta(DatedRow.Meta):
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="a_weekday_is_from_1_to_7"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort}: {self.starts_on:%Y-%m-%d}"


class Session(Bilingual):
    """One session of a cohort, or of one of its labs. `status` changes through core.lifecycle.move only.

    The link is shown to those invited, from `link_opens_minutes` before the start.
    """

    bilingual_fields = ("title", "about", "place", "access")
    Status = SessionStatus

    reference = models.CharField(max_length=10, unique=True, default=make_reference, editable=False)
    cohort = models.ForeignKey("cohorts.Cohort", models.PROTECT, related_name="sessions")
    run = models.ForeignKey(LabRun, models.PROTECT, null=True, blank=True, related_name="sessions")
    series = models.ForeignKey(SessionSeries, models.SET_NULL, null=True, blank=True, related_name="sessions")
    kind = models.CharField(_("Kind"), max_length=20, choices=SessionKind, default=SessionKind.WORKSHOP)
    title_en = models.CharField(_("Title in English"), max_length=120)
    title_cy = models.CharField(_("Title in Welsh"), max_length=120)
    about_en = models.TextField(_("What it is about, in English"), blank=True, max_length=2000)
    about_cy = models.TextField(_("What it is about, in Welsh"), blank=True, max_length=2000)
    starts_at = models.DateTimeField(pgettext_lazy("time", "Start"))
    ends_at = models.DateTimeField(pgettext_lazy("time", "End"))
    mode = models.CharField(_("How"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    place_en = models.CharField(_("Place in English"), max_length=200, blank=True)
    place_cy = models.CharField(_("Place in Welsh"), max_length=200, blank=True)
    access_en = models.TextField(_("Getting in, in English"), blank=True, max_length=1000)
    access_cy = models.TextField(_("Getting in, in Welsh"), blank=True, max_length=1000)
    link = models.URLField(_("Link to join"), blank=True, max_length=500)
    link_opens_minutes = models.PositiveSmallIntegerField(_("Minutes before the start"), default=1440)
    required = models.BooleanField(_("Required"), default=True)
    status = models.CharField(max_length=10, choices=SessionStatus, default=SessionStatus.PLANNED)

    class Meta:
        ordering = ("starts_at", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=SessionStatus.values), name="session_status_is_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_session_ends_after_its_start"),
            models.CheckConstraint(
                condition=Exact(LondonDay("starts_at"), LondonDay("ends_at")), name="a_session_is_on_one_day"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["cohort", "starts_at"], name="session_by_cohort"),
            models.Index(fields=["starts_at"], name="session_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.title_en} ({self.day:%Y-%m-%d})"

    @property
    def day(self) -> date:
        """Its day in London."""
        return self.starts_at.astimezone(LONDON).date()

    @property
    def link_opens_at(self) -> datetime:
        """From when the link is shown."""
        return self.starts_at - timedelta(minutes=self.link_opens_minutes)


class SessionMove(Move):
    """A dated change of a session's status."""

    thing = models.ForeignKey(Session, models.CASCADE, related_name="moves")


class SessionChange(models.Model):
    """That a session was moved to another day or time; never changed or deleted.

    How many there are is what calendars know as its SEQUENCE (RFC 5545), so it rises also when a move is undone.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500)
    came_from = models.DateTimeField()
    came_to = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.session}: {self.came_from:%Y-%m-%d} → {self.came_to:%Y-%m-%d}"


class SessionLead(models.Model):
    """Who leads a session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="leads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="led_sessions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "person"], name="a_person_leads_a_session_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.session}"
