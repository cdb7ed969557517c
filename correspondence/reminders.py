"""Every message that a night computes, in order: the reminders of the product, and announcements."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from cohorts import reminders as cohorts
from cohorts.emails import about, slug_in
from core.bilingual import pick
from correspondence import emails, rules
from correspondence.kinds import ANNOUNCEMENT
from correspondence.queries import announcements as queries
from messaging.policies import Slot
from messaging.reminders import Occasion, Question, Source
from nominations import reminders as nominations

ROWS_AT_A_TIME = 500
# In the language of the page that shows it.
subject = lazy(lambda row: pick(row, "subject"), str)


def announcements(question: Question) -> Iterator[Occasion]:
    """To the audience of each announcement of the days asked for, as it is on the day; a cancelled one to nobody."""
    if question.scope and not slug_in(question.scope):
        return
    policies = question.policies(ANNOUNCEMENT)
    for row in queries.within(question.window, slug_in(question.scope)):
        on = row.send_on
        assert on is not None
        people = queries.audience(row, question.judged_on(on))
        slot = Slot(on, 0, policies.on(about(row.cohort), on))
        heard = rules.may_go(row, people.count(), slot.policy.approve_above)
        if question.people is not None:
            people = people.filter(reference__in=question.people)
        for person in people.iterator(chunk_size=ROWS_AT_A_TIME):
            yield Occasion(
                emails.announcement(row, person, on),
                slot,
                event_on=on,
                heard=heard,
                facts=((_("Audience"), row.get_audience_display()),),
                topic=subject(row),
            )


SOURCES: tuple[Source, ...] = (*cohorts.SOURCES, *nominations.SOURCES, Source(ANNOUNCEMENT, announcements))
