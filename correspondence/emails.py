"""Words to people that the programme team wrote itself."""

from __future__ import annotations

from datetime import date

from cohorts.emails import about
from correspondence.kinds import ANNOUNCEMENT
from correspondence.models import Announcement
from messaging.mail import Mail
from people.models import User
from people.queries.people import recipient


def announcement(row: Announcement, person: User, on: date) -> Mail:
    """An announcement to one person of its audience. The key holds no day: postponed, it is still the same."""
    return Mail(
        key=f"{ANNOUNCEMENT.slug}:{row.reference}:{person.reference}",
        kind=ANNOUNCEMENT.slug,
        to=recipient(person),
        template="correspondence/emails/announcement",
        due_on=on,
        context={"announcement": row, "cohort": row.cohort, "programme": row.cohort.programme},
        about=about(row.cohort),
        # The words differ in nothing but the name.
        alike=f"{row.pk}",
        own={"reader": person.name},
    )
