"""What the programme team writes to people itself."""

from correspondence.models.announcements import Announcement

__all__ = ["Announcement"]
