"""A nomination, the nominee's own part, and the line manager's endorsement."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Move
from nominations.enums import NominationStatus, Route
from people.models import make_reference

STANDING = sorted(status.value for status in NominationStatus.standing())


class Nomination(models.Model):
    """One person put forward for one cohort by one organisation. `status` changes through core.lifecycle.move only.

    What the nominator wrote about work and line manager stays here as it was; the person's employment is made from it
    on acceptance. No themes at all means either theme.
    """

    Status = NominationStatus

    reference = models.CharField(max_length=10, unique=True, default=make_reference, editable=False)
    cohort = models.ForeignKey("cohorts.Cohort", models.PROTECT, related_name="nominations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="nominations")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="nominations")
    route = models.CharField(max_length=12, choices=Route, default=Route.COORDINATOR)
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField()
    submitted_on = models.DateField()
    job_title = models.CharField(_("Job title"), max_length=120)
    directorate = models.CharField(_("Directorate"), max_length=120, blank=True)
    line_manager_name = models.CharField(_("Line manager’s name"), max_length=120)
    line_manager_email = models.EmailField(_("Line manager’s email address"))
    themes = models.ManyToManyField("challenges.Theme", related_name="nominations", blank=True)
    reason = models.TextField(_("Why this person"), max_length=4000)
    over_places_reason = models.TextField(blank=True)
    elsewhere_reason = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=NominationStatus, default=NominationStatus.INVITED)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        ordering = ("person__name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cohort", "person"],
                condition=Q(status__in=STANDING),
                name="one_standing_nomination_per_person_and_cohort",
            ),
            models.CheckConstraint(condition=Q(status__in=NominationStatus.values), name="nomination_status_is_known"),
            models.CheckConstraint(
                condition=Q(route=Route.SELF, nominated_by__isnull=True)
                | (~Q(route=Route.SELF) & Q(nominated_by__isnull=False)),
                name="only_a_self_application_has_no_nominator",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="merged_names_the_nomination_that_stands",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["cohort", "status"], name="nomination_by_cohort_status"),
            models.Index(fields=["cohort", "organisation"], name="nomination_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.cohort})"


class NominationMove(Move):
    """A dated change of a nomination's status."""

    thing = models.ForeignKey(Nomination, models.CASCADE, related_name="moves")


class NomineePart(models.Model):
    """What the nominee said, beside what is kept with the person (language, needs) and the labs (preferences)."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="nominee_part")
    answered_at = models.DateTimeField()
    consents = models.BooleanField(_("I agree to be put forward"))
    # ISO weekdays, Monday = 1. The employment that begins with the place is made from them.
    working_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        default=list,
        blank=True,
    )
    statement = models.TextField(_("Statement"), blank=True, max_length=4000)
    clashes = models.TextField(_("Dates you cannot make"), blank=True, max_length=2000)

    def __str__(self) -> str:
        return f"{self.nomination}: {self.answered_at:%Y-%m-%d}"


class Endorsement(models.Model):
    """The line manager's answer by link: whether the time is released, and who stands in."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="endorsement")
    answered_at = models.DateTimeField()
    by_name = models.CharField(_("Your name"), max_length=120)
    by_email = models.EmailField()
    endorsed = models.BooleanField()
    days_a_week = models.DecimalField(
        _("Days a week released"),
        max_digits=2,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(5)],
    )
    substitute = models.CharField(_("Who stands in"), max_length=200, blank=True)
    comment = models.TextField(_("Comment"), blank=True, max_length=2000)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(endorsed=False) | Q(days_a_week__isnull=False), name="an_endorsement_says_how_many_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: {'✓' if self.endorsed else '✗'}"
