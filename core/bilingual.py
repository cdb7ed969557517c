"""Two columns, one text: `name_en` and `name_cy`, and how a row knows that its Welsh is missing, old or unconfirmed."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("cy", "en")


def pick(thing: object, field: str, language: str | None = None) -> str:
    """The text of `field` in `language` (default: the active one); the other language's where that one is empty."""
    first = "cy" if (language or get_language() or "en").startswith("cy") else "en"
    second = "en" if first == "cy" else "cy"
    text: str = getattr(thing, f"{field}_{first}") or getattr(thing, f"{field}_{second}")
    return text


class WelshStatus(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    UNCONFIRMED = "unconfirmed", _("Waiting for a translator")
    STALE = "stale", _("One language changed after the other")


class Bilingual(models.Model):
    """A row with texts in both languages. Saving marks it stale when one language changed and its twin did not."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("name",)

    welsh_status = models.CharField(max_length=12, choices=WelshStatus, default=WelshStatus.CONFIRMED)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        before = getattr(self, "_texts_loaded", None)
        if before is not None:
            changed = [name for name, text in before.items() if getattr(self, name) != text]
            if any({f"{name[:-2]}en", f"{name[:-2]}cy"} - set(changed) for name in changed):
                self.welsh_status = WelshStatus.STALE
                if kwargs.get("update_fields") is not None:
                    kwargs["update_fields"] = {*kwargs["update_fields"], "welsh_status"}
        super().save(*args, **kwargs)
        self._texts_loaded = {name: getattr(self, name) for name in self._text_columns()}

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        instance = super().from_db(*args, **kwargs)
        instance._texts_loaded = {
            name: instance.__dict__[name] for name in cls._text_columns() if name in instance.__dict__
        }
        return instance

    @classmethod
    def _text_columns(cls) -> list[str]:
        return [f"{field}_{language}" for field in cls.bilingual_fields for language in LANGUAGES]

    def missing_texts(self) -> list[str]:
        """The columns whose text is there in one language only."""
        missing = []
        for field in self.bilingual_fields:
            english, welsh = getattr(self, f"{field}_en"), getattr(self, f"{field}_cy")
            if bool(english) != bool(welsh):
                missing.append(f"{field}_cy" if english else f"{field}_en")
        return missing
