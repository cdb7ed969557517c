"""Words to people about nominations: one function per message, each returning a Mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from cohorts.emails import about
from cohorts.models import Cohort
from cohorts.queries.audiences import programme_team
from core.clock import LONDON
from messaging.mail import Mail, Recipient
from nominations.enums import LinkPurpose
from nominations.models import Decision, Link, Nomination, Review
from nominations.queries.answers import coordinators_of
from nominations.queries.places import OrganisationPlaces
from people.models import User
from people.queries.people import recipient

LINK_TEMPLATES = {
    LinkPurpose.NOMINEE: "nominations/emails/nominee_invited",
    LinkPurpose.MANAGER: "nominations/emails/manager_asked",
    LinkPurpose.OFFER: "nominations/emails/offer_link",
}

ABOUT_NOMINATION = {
    "nomination_declined": "nominations/emails/nomination_declined",
    "nomination_lapsed": "nominations/emails/nomination_lapsed",
    "nomination_lapsed_nominee": "nominations/emails/nomination_lapsed_nominee",
    "nomination_withdrawn": "nominations/emails/nomination_withdrawn",
    "nomination_withdrawn_nominee": "nominations/emails/nomination_withdrawn_nominee",
    "not_endorsed": "nominations/emails/not_endorsed",
    "not_endorsed_nominee": "nominations/emails/not_endorsed_nominee",
    "offer_declined": "nominations/emails/offer_declined",
    "offer_lapsed": "nominations/emails/offer_lapsed",
    "offer_lapsed_nominee": "nominations/emails/offer_lapsed_nominee",
    "reserve_ended": "nominations/emails/reserve_ended",
}


def link_mail(link: Link, secret: str, today: date) -> Mail:
    """To the nominee or the line manager: the address where to answer, what for, and until when.

    A file of a thousand sends two thousand of these, so their words are put together once (`alike`): what is one
    nomination's own is in `own`, and the nomination itself is not there for the text to ask.
    """
    nomination = link.nomination
    good_until = link.expires_at.astimezone(LONDON).date()
    cohort, organisation, nominator = nomination.cohort, nomination.organisation, nomination.nominated_by
    return Mail(
        key=f"link:{link.pk}",
        kind=f"link-{link.purpose}",
        to=_manager(nomination) if link.purpose == LinkPurpose.MANAGER else recipient(nomination.person),
        template=LINK_TEMPLATES[LinkPurpose(link.purpose)],
        due_on=today,
        context={
            "cohort": cohort,
            "programme": cohort.programme,
            "organisation": organisation,
            "nominator": nominator,
            "good_until": good_until,
        },
        about=about(cohort),
        secret_word=secret,
        alike=f"{cohort.pk} {organisation.pk} {nomination.nominated_by_id} {good_until}",
        own={"nominee": nomination.person.name, "secret": secret},
    )


def decision_released(decision: Decision, secret: str, today: date) -> Mail:
    """To the nominee: the decision, what it means, and what happens next. An offer carries the link to answer it."""
    nomination = decision.nomination
    return Mail(
        key=f"decision:{decision.pk}",
        kind="decision-released",
        to=recipient(nomination.person),
        template=f"nominations/emails/decision_{decision.outcome}",
        due_on=today,
        context={**_nomination(nomination), "decision": decision, "secret": secret},
        about=about(nomination.cohort),
        secret_word=secret,
    )


def place_gone(decision: Decision, today: date) -> Mail:
    """To a nominee who said yes when the last place had just gone: on the reserve list, and until when."""
    nomination = decision.nomination
    return Mail(
        key=f"decision:{decision.pk}",
        kind="place-gone",
        to=recipient(nomination.person),
        template="nominations/emails/place_gone",
        due_on=today,
        context={**_nomination(nomination), "decision": decision},
        about=about(nomination.cohort),
    )


def nominee_reminder(nomination: Nomination, secret: str, turn: int, on: date, lapses_on: date) -> Mail:
    """Reminder to the nominee, for the `turn`th time: the own part is missing. Carries the link that was sent last."""
    kind, to = "nominee-reminder", recipient(nomination.person)
    return Mail(kind=kind, to=to, **_reminder(kind, nomination, secret, turn, on, lapses_on))


def manager_reminder(nomination: Nomination, secret: str, turn: int, on: date, lapses_on: date) -> Mail:
    """Reminder to the line manager, for the `turn`th time: the endorsement is missing."""
    kind, to = "manager-reminder", _manager(nomination)
    return Mail(kind=kind, to=to, **_reminder(kind, nomination, secret, turn, on, lapses_on))


def offer_reminder(nomination: Nomination, secret: str, on: date, answer_by: date) -> Mail:
    """Reminder to the nominee, shortly before the last day for an answer. The key holds that day: moved, it is new."""
    return Mail(
        key=f"offer-reminder:{nomination.pk}:{answer_by.isoformat()}",
        kind="offer-reminder",
        to=recipient(nomination.person),
        template="nominations/emails/offer_reminder",
        due_on=on,
        context={**_nomination(nomination), "secret": secret, "answer_by": answer_by},
        about=about(nomination.cohort),
        # Of use on the last day itself, not after it.
        late_after_days=(answer_by - on).days,
        secret_word=secret,
    )


def about_nomination(what: str, nomination: Nomination, reader: User, today: date) -> Mail:
    """To a coordinator, the programme team or the nominee: what became of a nomination. One of ABOUT_NOMINATION."""
    return Mail(
        key=f"{what.replace('_', '-')}:{nomination.pk}:{today.isoformat()}:{reader.reference}",
        kind=what.replace("_", "-"),
        to=recipient(reader),
        template=ABOUT_NOMINATION[what],
        due_on=today,
        context={**_nomination(nomination), "reader": reader},
        about=about(nomination.cohort),
    )


def to_coordinators(what: str, nomination: Nomination, today: date) -> list[Mail]:
    """`about_nomination` to every coordinator of the nomination's organisation."""
    readers = coordinators_of(nomination.organisation, today)
    return [about_nomination(what, nomination, reader, today) for reader in readers]


def about_vacancy(what: str, nomination: Nomination, today: date) -> list[Mail]:
    """`about_nomination` to the organisation's coordinators and the programme team, each once."""
    readers = {person.pk: person for person in coordinators_of(nomination.organisation, today)}
    readers |= {person.pk: person for person in programme_team(today)}
    return [about_nomination(what, nomination, reader, today) for reader in readers.values()]


def reviews_assigned(reviews: Sequence[Review], today: date) -> Mail:
    """To a reviewer: so many nominations of one cohort to review, however many at once. It names none of the people."""
    first = reviews[0]
    cohort, person = first.nomination.cohort, first.reviewer
    return Mail(
        key=f"reviews-assigned:{first.pk}",
        kind="reviews-assigned",
        to=recipient(person),
        template="nominations/emails/reviews_assigned",
        due_on=today,
        context={"cohort": cohort, "programme": cohort.programme, "person": person, "number": len(reviews)},
        about=about(cohort),
    )


def _reminder(kind: str, nomination: Nomination, secret: str, turn: int, on: date, lapses_on: date) -> dict[str, Any]:
    return {
        # The day it waits from is part of the key: revived, it is reminded of again.
        "key": f"{kind}:{nomination.pk}:{lapses_on.isoformat()}:{turn}",
        "template": f"nominations/emails/{kind.replace('-', '_')}",
        "due_on": on,
        "context": {**_nomination(nomination), "secret": secret, "lapses_on": lapses_on},
        "about": about(nomination.cohort),
        "secret_word": secret,
    }


def recruitment_closes_soon(cohort: Cohort, person: User, lines: Sequence[OrganisationPlaces], on: date) -> Mail:
    """Reminder to a coordinator: recruitment closes soon. The key holds the day, so a moved one is new."""
    last_day: date = cohort.recruitment_until - timedelta(days=1)  # type: ignore[operator, assignment]
    return Mail(
        key=f"recruitment-closes-soon:{cohort.pk}:{last_day.isoformat()}:{person.reference}",
        kind="recruitment-closes-soon",
        to=recipient(person),
        template="nominations/emails/recruitment_closes_soon",
        due_on=on,
        context={
            "cohort": cohort,
            "programme": cohort.programme,
            "person": person,
            "lines": lines,
            "recruitment_last_day": last_day,
        },
        about=about(cohort),
        # Still news on the last day itself, not after it.
        late_after_days=(last_day - on).days,
    )


def _manager(nomination: Nomination) -> Recipient:
    """A line manager has no account and was never asked for a language: both, Welsh first."""
    return Recipient(address=nomination.line_manager_email, name=nomination.line_manager_name, language="")


def _nomination(nomination: Nomination) -> dict[str, object]:
    return {
        "nomination": nomination,
        "person": nomination.person,
        "cohort": nomination.cohort,
        "programme": nomination.cohort.programme,
        "organisation": nomination.organisation,
        "nominator": nomination.nominated_by,
    }
