"""How each kind of message is sent: rules that count from a day on, and what a person has approved."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class MessageRule(models.Model):
    """How messages of one kind are sent within one scope, from the day `from_on` until a later rule begins.

    `scope` is what messages are filed under (`Message.about`), such as `cohorts.cohort:two`; "" is the programme, whose
    rules count for every scope that has none of its own. Rules are added, not changed: what was sent under one stays
    explained. messaging.policies says which one counts.
    """

    scope = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=60)
    from_on = models.DateField()
    # From this day the rule above counts again: the programme’s, or the product’s own. The rest then says nothing.
    follows = models.BooleanField(default=False)
    is_on = models.BooleanField(default=True)
    # Working days from the event that the kind names: negative before it, positive after it.
    offsets = ArrayField(models.SmallIntegerField(), default=list)
    audience = models.CharField(max_length=40, blank=True)
    stop = models.CharField(max_length=40, blank=True)
    # Further days in which it still goes; null: as long as it is news, which the mail itself says.
    late_after_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # To more people than this at once it waits for somebody to approve it.
    approve_above = models.PositiveIntegerField()
    set_at = models.DateTimeField()
    # The reference of the person; "" is the system.
    set_by = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ("scope", "kind", "from_on")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "kind", "from_on"], name="one_rule_begins_on_a_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "scope"], name="message_rule_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope} {self.from_on:%Y-%m-%d}"


class Approval(models.Model):
    """Somebody has looked at messages of this kind within this scope before the first of them went."""

    scope = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=60)
    approved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "kind"], name="a_kind_is_approved_once_in_a_scope"),
            models.CheckConstraint(condition=~Q(kind=""), name="an_approval_names_its_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope}"


class Wording(models.Model):
    """The programme team's own words for one text within one scope, in both languages, in place of the text file's.

    `template` names the pair of files, as Mail does. What the system fills in stands in brackets, by its name in the
    file (messaging.wordings); the rest is plain text. Not used while a language is missing, or older than the other.
    """

    scope = models.CharField(max_length=100)
    template = models.CharField(max_length=120)
    subject_en = models.CharField(max_length=200, blank=True)
    body_en = models.TextField(blank=True)
    subject_cy = models.CharField(max_length=200, blank=True)
    body_cy = models.TextField(blank=True)
    # The same moment for both while they say the same; null: as in the file still.
    changed_en_at = models.DateTimeField(null=True, blank=True)
    changed_cy_at = models.DateTimeField(null=True, blank=True)
    # The references of the people.
    changed_en_by = models.CharField(max_length=10, blank=True)
    changed_cy_by = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "template"], name="a_text_is_worded_once_in_a_scope"),
            models.CheckConstraint(condition=~Q(scope="") & ~Q(template=""), name="a_wording_names_its_text"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.scope}"

    @property
    def missing(self) -> list[str]:
        """The languages in which subject or text is missing."""
        return [
            language
            for language in ("cy", "en")
            if not (getattr(self, f"subject_{language}") and getattr(self, f"body_{language}"))
        ]

    @property
    def older(self) -> str:
        """The language that was not changed when the other was; "" while both say the same."""
        if self.changed_en_at == self.changed_cy_at:
            return ""
        if self.changed_en_at and self.changed_cy_at:
            return "en" if self.changed_en_at < self.changed_cy_at else "cy"
        return "cy" if self.changed_en_at else "en"

    @property
    def is_used(self) -> bool:
        """Whether messages are written with these words."""
        return not self.missing and not self.older
