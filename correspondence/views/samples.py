"""Mails as they would be, to show a text in: to real people, with what is true of them, and never sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from cohorts import emails
from cohorts.models import Cohort
from cohorts.queries.audiences import coordinators, listening, programme_team
from core import clock
from core.clock import Window
from correspondence.reminders import SOURCES
from messaging.mail import Mail
from messaging.reminders import Question
from nominations import emails as of_nominations
from nominations.enums import DecisionReason, Outcome
from nominations.models import Decision, Link, Nomination, Review
from nominations.queries.answers import WORDS

MOST = 50
# Of nominations whose coordinators are asked for one by one.
FEW = 5
BY_LINK = {one.rpartition("/")[2]: purpose for purpose, one in of_nominations.LINK_TEMPLATES.items()}
TO_NOMINEE = {
    "place_gone",
    *(f"decision_{outcome}" for outcome in ("offered", "reserve", "not_selected", "not_eligible")),
}
# What stands where a link’s secret would: only the person gets the true one.
SECRET = "…"  # noqa: S105 (the opposite of one)
TWO_WEEKS = timedelta(days=14)
BEFORE = timedelta(days=120)


def samples(kind: str, template: str, cohort: Cohort, today: date) -> list[Mail]:
    """Mails of this text, one for each person who gets it or might, up to MOST."""
    found: dict[str, Mail] = {}
    for mail in _mails(kind, template, cohort, today):
        if mail.template == template and len(found) < MOST:
            found.setdefault(mail.to.reference or mail.to.address, mail)
    return list(found.values())


def _mails(kind: str, template: str, cohort: Cohort, today: date) -> Iterator[Mail]:
    source = next((source for source in SOURCES if source.kind.slug == kind), None)
    if source is not None:
        # The whole of the cohort: what is to come, and what has been.
        question = Question(Window(cohort.starts_on - 2 * BEFORE, cohort.until), scope=emails.about(cohort))
        mails = [occasion.mail for occasion in source.occasions(question) if occasion.heard]
        # What comes next, else what was last.
        return iter(sorted(mails, key=lambda mail: (mail.due_on < today, abs(mail.due_on - today))))
    name = template.rpartition("/")[2]
    if template.startswith("cohorts/"):
        return _of_cohort(name, cohort, today)
    if name == "reviews_assigned":
        reviews = Review.objects.filter(nomination__cohort=cohort).order_by("reviewer__name", "pk")
        reviews = reviews.select_related("reviewer", "nomination__cohort__programme")
        return (of_nominations.reviews_assigned([review], today) for review in reviews[:MOST])
    nominations = Nomination.objects.filter(cohort=cohort).select_related(*WORDS).order_by("person__name", "pk")
    to_person = name in BY_LINK or name in TO_NOMINEE or name.endswith("_nominee")
    return (
        mail
        for nomination in nominations[: MOST if to_person else FEW]
        for mail in _of_nomination(name, nomination, today)
    )


def _of_cohort(name: str, cohort: Cohort, today: date) -> Iterator[Mail]:
    if name in ("cohort_created", "recruitment_opened"):
        write, people = {
            "cohort_created": (emails.cohort_created, programme_team(today)),
            "recruitment_opened": (emails.recruitment_opened, coordinators(today)),
        }[name]
        return (write(cohort, person, today) for person in people[:MOST])
    letter = {"associate_enrolled": emails.associate_enrolled, "dates_changed": emails.dates_changed}[name]
    return (letter(associate, today) for associate in listening(cohort, today)[:MOST])


def _of_nomination(name: str, nomination: Nomination, today: date) -> Iterator[Mail]:
    decision = Decision(
        nomination=nomination,
        outcome=name.removeprefix("decision_"),
        reason=DecisionReason.STRONG,
        answer_by=today + TWO_WEEKS,
        reserve_until=nomination.cohort.starts_on,
    )
    purpose = next(
        (purpose for purpose, one in of_nominations.LINK_TEMPLATES.items() if one.endswith(f"/{name}")), None
    )
    if purpose is not None:
        link = Link(nomination=nomination, purpose=purpose, expires_at=clock.now() + TWO_WEEKS)
        yield of_nominations.link_mail(link, SECRET, today)
    elif decision.outcome in Outcome.values:
        yield of_nominations.decision_released(decision, SECRET, today)
    elif name == "place_gone":
        yield of_nominations.place_gone(decision, today)
    elif name.endswith("_nominee"):
        yield of_nominations.about_nomination(name, nomination, nomination.person, today)
    else:
        yield from islice(of_nominations.to_coordinators(name, nomination, today), MOST)
