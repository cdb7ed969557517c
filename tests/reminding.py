"""Reminders in tests: sources made of mails, the mails of a day, and kinds that somebody has approved."""

from collections.abc import Callable, Iterable
from datetime import date

from cohorts.emails import about
from core.verdicts import ALLOWED
from infuse.messages import SOURCES
from messaging.approvals import approve_kind
from messaging.kinds import Kind, Option, Sort
from messaging.policies import Policy, Slot
from messaging.reminders import Occasion, Question, Source


def reminder(slug: str, **more) -> Kind:
    """A kind of reminder."""
    choices = (Option("all", "All"),)
    fields = {"event": "A day", "offsets": (0,), "audiences": choices, "stops": choices, **more}
    return Kind(slug, slug, Sort.REMINDER, **fields)


def source(slug: str, mails: Callable[[Question], Iterable]) -> Source:
    """A source whose mails all go."""
    kind = reminder(slug)

    def occasions(question):
        for mail in mails(question):
            yield Occasion(mail, Slot(mail.due_on, 0, Policy.usual(kind)), mail.due_on, ALLOWED)

    return Source(kind, occasions)


def mails(source: Source | Callable, on: date, people=None, as_of=None) -> list:
    """The mails of a day: of a source, or of the function behind one."""
    asked = Question.of_day(on, people=people, as_of=as_of)
    if isinstance(source, Source):
        return list(source.mails(asked))
    return [occasion.mail for occasion in source(asked) if occasion.verdict]


def approve_reminders(*cohorts) -> None:
    """Somebody has approved the first use of every reminder in these cohorts."""
    for cohort in cohorts:
        for one in SOURCES:
            approve_kind(one.kind.slug, about(cohort), by="")
