"""Closed lists about people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """The language of correspondence. Not asked yet: both are sent, Welsh first (Welsh Language Standards)."""

    WELSH = "cy", _("Welsh")
    ENGLISH = "en", _("English")
    NOT_ASKED = "", _("Not asked yet")


class LanguageSource(models.TextChoices):
    PERSON = "person", _("The person said so")
    STAFF = "staff", _("Programme staff recorded it")
    IMPORT = "import", _("Came with a file")


class OrganisationKind(models.TextChoices):
    LOCAL_AUTHORITY = "local_authority", _("Local authority")
    HEALTH = "health", _("Health board")
    UNIVERSITY = "university", _("University")
    THIRD_SECTOR = "third_sector", _("Third sector")
    OTHER_PUBLIC = "other_public", _("Other public body")
    OTHER = "other", _("Other")


class RoleKind(models.TextChoices):
    MANAGER = "manager", _("Programme manager")
    ADMINISTRATOR = "administrator", _("Programme administrator")
    LAB_LEAD = "lab_lead", _("Lab lead")
    COACH = "coach", _("Coach")
    COORDINATOR = "coordinator", _("Coordinator")
    AUDITOR = "auditor", _("Auditor")

    @classmethod
    def strong(cls) -> set[str]:
        """Roles that must sign in with a passkey or an authenticator app."""
        return {cls.MANAGER, cls.ADMINISTRATOR, cls.COACH, cls.AUDITOR}


class WelshInSessions(models.TextChoices):
    """Would you like to use Welsh in sessions? (Yes/No words belong to this question.)"""

    YES = "yes", _("Yes, I would like to use Welsh")
    SOME = "some", _("Some of the time")
    NO = "no", _("No, English is fine")
