"""Announcements: what the programme team writes once, to an audience that it chooses."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import Bilingual
from correspondence.enums import Audience
from people.models import make_reference


class Announcement(Bilingual):
    """One text in both languages, to people of one cohort, on a day.

    Without `send_on` it is a draft. Who gets it is worked out on its day, as for a reminder; whether it has gone is
    what the outbox says. To more people than the cohort's rule allows it waits until somebody else than `scheduled_by`
    has approved it.
    """

    bilingual_fields = ("subject", "body")

    reference = models.CharField(max_length=10, unique=True, default=make_reference)
    cohort = models.ForeignKey("cohorts.Cohort", models.PROTECT, related_name="announcements")
    audience = models.CharField(max_length=20, choices=Audience)
    # Only people of this organisation; null: of any.
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    subject_en = models.CharField(_("Subject in English"), max_length=120)
    subject_cy = models.CharField(_("Subject in Welsh"), max_length=120)
    body_en = models.TextField(_("Text in English"), max_length=5000)
    body_cy = models.TextField(_("Text in Welsh"), max_length=5000)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    send_on = models.DateField(null=True, blank=True)
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # On the day it was scheduled it went to more people than one person may send to alone.
    needs_approval = models.BooleanField(default=False)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="announcement_audience_is_known"),
            models.CheckConstraint(
                condition=~Q(subject_en="") & ~Q(subject_cy="") & ~Q(body_en="") & ~Q(body_cy=""),
                name="an_announcement_is_in_both_languages",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(send_on__isnull=False),
                name="only_what_has_a_day_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(scheduled_by__isnull=True)
                | ~Q(approved_by=F("scheduled_by")),
                name="nobody_approves_their_own_announcement",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["send_on"], name="announcement_by_day")]

    def __str__(self) -> str:
        return self.subject_en
