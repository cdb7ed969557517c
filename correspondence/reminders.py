"""Every message that a night computes, in order: the reminders of the product, and announcements."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from cohorts import reminders as cohorts
from cohorts.emails import about, slug_in
from core.bilingual import pick
from core.verdicts import Verdict
from correspondence import emails, rules
from correspondence.kinds import ANNOUNCEMENT
from correspondence.models import Announcement
from correspondence.queries import announcements as queries
from messaging.policies import Slot
from messaging.reminders import Occasion, Question, Source
from nominations import reminders as nominations
from progress import reminders as progress

# In the language of the page that shows it.
subject = lazy(lambda row: pick(row, "subject"), str)


def announcements(question: Question) -> Iterator[Occasion]:
    """To the audience of each announcement of the days asked for, as it is on the day; a cancelled one to nobody."""
    if question.scope and not slug_in(question.scope):
        return
    policies = question.policies(ANNOUNCEMENT)
    rows = list(queries.within(question.window, slug_in(question.scope)))
    days = [row.send_on for row in rows if row.send_on]
    reached = queries.reached_on(zip(rows, map(question.judged_on, days), strict=True))
    told: list[tuple[tuple[Announcement, Slot, Verdict], int]] = []
    for row, on in zip(rows, days, strict=True):
        people = reached.get(row.pk, {})
        slot = Slot(on, 0, policies.on(about(row.cohort), on))
        heard = rules.may_go(row, len(people), slot.policy.approve_above)
        asked = [key for key, reference in people.items() if question.people is None or reference in question.people]
        told += [((row, slot, heard), key) for key in asked]
    for (row, slot, heard), person in queries.with_people(told):
        yield Occasion(
            emails.announcement(row, person, slot.on),
            slot,
            event_on=slot.on,
            heard=heard,
            facts=((_("Audience"), row.get_audience_display()),),
            topic=subject(row),
        )


SOURCES: tuple[Source, ...] = (
    *cohorts.SOURCES,
    *nominations.SOURCES,
    *progress.SOURCES,
    Source(ANNOUNCEMENT, announcements),
)
