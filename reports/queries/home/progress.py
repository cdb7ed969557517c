"""What waits because of milestones: one's own that are due, and those of others to confirm."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.enums import AssociateStatus
from core.bilingual import pick
from people.models import User
from progress.queries.completions import to_do_by, waiting_for
from reports.queries.home.shapes import SOON_DUE, URGENT, Place, Task, day_of

# A milestone that is due within this time is named.
SOON = timedelta(days=10)


def own_milestones(places: Collection[Place], today: date) -> Iterator[Task]:
    """A line for each milestone that is due soon or overdue, in the cohorts in which one takes part."""
    taking_part = [place.associate for place in places if place.associate.status in AssociateStatus.hears()]
    for associate, row in to_do_by(taking_part, today + SOON) if taking_part else ():
        milestone = row.milestone
        if milestone.phase.starts_on <= today:
            url = reverse(
                "progress:completion-detail", args=[associate.cohort.slug, associate.person.reference, milestone.pk]
            )
            hint = _("By: %(day)s") % {"day": day_of(milestone.due_on)}
            yield Task(pick(milestone, "title"), url, hint, URGENT if row.is_overdue(today) else SOON_DUE)


def milestones_to_confirm(user: User, today: date) -> Iterator[Task]:
    """One line for all that waits for this person to confirm it."""
    if count := waiting_for(user, today).count():
        title = _("Milestones to confirm: %(count)s") % {"count": count}
        yield Task(title, reverse("progress:completion-list"), "", SOON_DUE)
