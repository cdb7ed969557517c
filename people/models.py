"""Organisations, people, and the dated rows that join them."""

from __future__ import annotations

import secrets
from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from core.bilingual import Bilingual
from core.models import DatedRow, window_range
from people.enums import Language, LanguageSource, OrganisationKind, RoleKind, WelshInSessions

# No vowels and nothing that looks like something else, so that a reference never spells a word and can be read out.
REFERENCE_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def make_reference() -> str:
    """A new opaque, stable reference for addresses: ten characters, 47 bits, never reused."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _unused in range(10))


class Organisation(Bilingual):
    """A body that takes part: a council or any other. Never deleted; it may end."""

    bilingual_fields = ("name", "short")

    code = models.CharField(_("Code"), max_length=20, unique=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=OrganisationKind)
    name_en = models.CharField(_("Name in English"), max_length=120)
    name_cy = models.CharField(_("Name in Welsh"), max_length=120)
    short_en = models.CharField(_("Short name in English"), max_length=60)
    short_cy = models.CharField(_("Short name in Welsh"), max_length=60)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    active_from = models.DateField(_("Active from"), null=True, blank=True)
    active_until = models.DateField(_("Active until"), null=True, blank=True)

    class Meta:
        ordering = ("short_en",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_is_known"),
            models.CheckConstraint(
                condition=Q(tile_column__isnull=True, tile_row__isnull=True)
                | Q(tile_column__isnull=False, tile_row__isnull=False),
                name="organisation_has_a_whole_tile_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # the plugin gives every choice one
        """Django's own works out the words of all kinds before it gives one; tables ask this for each row."""
        return str(OrganisationKind(self.kind).label)


class UserManager(BaseUserManager["User"]):
    """Finds people by address, whatever its letter case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. May exist long before signing in for the first time, or never sign in at all.

    `email` is the address we write to; further addresses are allauth's EmailAddress rows.
    """

    reference = models.CharField(max_length=10, unique=True, default=make_reference, editable=False)
    name = models.CharField(_("Name used"), max_length=120)
    email = models.EmailField(_("Email address"), unique=True)
    language = models.CharField(
        _("Language for correspondence"), max_length=2, choices=Language, default=Language.NOT_ASKED, blank=True
    )
    language_asked_on = models.DateField(null=True, blank=True)
    language_source = models.CharField(max_length=10, choices=LanguageSource, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        ordering = ("name", "pk")
        indexes: ClassVar = [
            # The list of people in each of its orders, and its search by a part of the name.
            models.Index(fields=["name", "id"], name="people_by_name"),
            models.Index(fields=["language", "name", "id"], name="people_by_language"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="people_with_name_like"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_email_address"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="language_is_known"),
            models.CheckConstraint(
                condition=Q(language="", language_asked_on__isnull=True, language_source="")
                | (~Q(language="") & Q(language_asked_on__isnull=False) & ~Q(language_source="")),
                name="a_language_has_its_date_and_source",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_language_display(self) -> str:  # type: ignore[no-redef]
        """Django's own works out the words of all languages before it gives one; tables ask this for each row."""
        return str(Language(self.language).label)


class Needs(models.Model):
    """What a person told us once so that sessions suit them. Shown only to those who arrange sessions."""

    person = models.OneToOneField(User, models.CASCADE, related_name="needs")
    welsh_in_sessions = models.CharField(_("Welsh in sessions"), max_length=4, choices=WelshInSessions, blank=True)
    access_needs = models.TextField(_("Access needs"), blank=True, max_length=2000)
    told_on = models.DateField()

    class Meta:
        verbose_name_plural = "needs"

    def __str__(self) -> str:
        return str(self.person)


class Employment(DatedRow):
    """A spell of work at an organisation. Reports take a person's organisation from the spell on the day asked for."""

    person = models.ForeignKey(User, models.PROTECT, related_name="employments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="employments")
    job_title = models.CharField(_("Job title"), max_length=120, blank=True)
    directorate = models.CharField(_("Directorate"), max_length=120, blank=True)
    # ISO weekdays, Monday = 1; empty = not told.
    working_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        default=list,
        blank=True,
    )
    line_manager_name = models.CharField(_("Line manager’s name"), max_length=120, blank=True)
    line_manager_email = models.EmailField(_("Line manager’s email address"), blank=True)

    class Meta(DatedRow.Meta):
        ordering = ("starts_on", "pk")
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            ExclusionConstraint(
                name="no_overlapping_spells_at_one_organisation",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("organisation"), RangeOperators.EQUAL),
                    (window_range(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.organisation}"


class Role(DatedRow):
    """What a person does in the programme for a while. Being an associate is not a role: it is cohorts.Associate."""

    person = models.ForeignKey(User, models.PROTECT, related_name="roles")
    kind = models.CharField(_("Role"), max_length=20, choices=RoleKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roles", null=True, blank=True)

    class Meta(DatedRow.Meta):
        ordering = ("starts_on", "pk")
        constraints: ClassVar = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=RoleKind.values), name="role_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind="coordinator", organisation__isnull=False)
                | (~Q(kind="coordinator") & Q(organisation__isnull=True)),
                name="only_a_coordinator_names_an_organisation",
            ),
            ExclusionConstraint(
                name="no_role_twice_at_a_time",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("kind"), RangeOperators.EQUAL),
                    (
                        Func(F("organisation"), 0, function="coalesce", output_field=models.BigIntegerField()),
                        RangeOperators.EQUAL,
                    ),
                    (window_range(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # the plugin gives every choice one
        """Django's own works out the words of all kinds before it gives one; tables ask this for each row."""
        return str(RoleKind(self.kind).label)

    def holds_on(self, day: date) -> bool:
        return day in self.window


class SecondStepReset(models.Model):
    """A request to take away somebody's passkeys and authenticator app, because they lost them and the recovery codes.

    One member of the programme team asks, another one confirms; neither is the person.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="second_step_resets")
    reason = models.CharField(_("How you know that it is really them"), max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(asked_by=F("person"))
                & (Q(confirmed_by__isnull=True) | (~Q(confirmed_by=F("person")) & ~Q(confirmed_by=F("asked_by")))),
                name="a_reset_takes_two_others",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="a_confirmed_reset_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(confirmed_at__isnull=True), name="one_open_reset_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.asked_at:%Y-%m-%d})"
