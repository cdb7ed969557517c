"""A single-purpose link: works before an account exists, once, for 21 days."""

import secrets
from typing import ClassVar

from django.db import models

from nominations.enums import LinkPurpose
from nominations.models.nomination import Nomination


def make_nonce() -> str:
    """What a link's secret is made from, together with the installation's key (queries.links.secret_of)."""
    return secrets.token_urlsafe(24)


class Link(models.Model):
    """One address sent to one person for one purpose. Only a hash of its secret is kept, and what a reminder needs to
    make it again: a copy of the database alone opens nothing.

    Opening it changes nothing (mail scanners open links); the button on its page enters, once, and the entering
    browser's session may then use the purpose until the link's last day.
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=10, choices=LinkPurpose)
    nonce = models.CharField(max_length=40, default=make_nonce, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True)
    address = models.EmailField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["nomination", "purpose", "created_at"], name="link_by_purpose")]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.get_purpose_display()}"
