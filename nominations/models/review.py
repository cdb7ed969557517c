"""Criteria, the panel, and its scores."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.bilingual import Bilingual
from core.models import Move
from nominations.enums import ReviewStatus
from nominations.models.nomination import Nomination

MOST_POINTS = 5


class Criterion(Bilingual):
    """One thing the panel scores, 1 to 5, and its weight in this cohort."""

    bilingual_fields = ("name", "help")

    cohort = models.ForeignKey("cohorts.Cohort", models.CASCADE, related_name="criteria")
    name_en = models.CharField(_("Name in English"), max_length=80)
    name_cy = models.CharField(_("Name in Welsh"), max_length=80)
    help_en = models.CharField(_("What to look for, in English"), max_length=300, blank=True)
    help_cy = models.CharField(_("What to look for, in Welsh"), max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("Weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    order = models.PositiveSmallIntegerField(_("Order"), default=1)

    class Meta:
        ordering = ("order", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=10), name="criterion_weight_is_1_to_10")
        ]

    def __str__(self) -> str:
        return self.name_en


class Panellist(models.Model):
    """Somebody who reviews for a cohort. Conflicts by employer and line are found from the facts, not declared."""

    cohort = models.ForeignKey("cohorts.Cohort", models.CASCADE, related_name="panel")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="panels")
    added_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["cohort", "person"], name="once_on_a_panel")]

    def __str__(self) -> str:
        return f"{self.person} ({self.cohort})"


class Review(models.Model):
    """One panellist's view of one nomination. Others' scores stay hidden until both are in."""

    Status = ReviewStatus

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.ASSIGNED)
    assigned_on = models.DateField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("Comment"), blank=True, max_length=4000)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nomination", "reviewer"], name="one_review_per_reviewer"),
            models.CheckConstraint(condition=Q(status__in=ReviewStatus.values), name="review_status_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.nomination}"


class ReviewMove(Move):
    """A dated change of a review's status."""

    thing = models.ForeignKey(Review, models.CASCADE, related_name="moves")


class Score(models.Model):
    """Points for one criterion in one review."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MOST_POINTS)])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=MOST_POINTS), name="points_are_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"
