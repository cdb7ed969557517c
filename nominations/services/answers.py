"""What the nominee and the line manager say, and the nominee's no.

Lock order: nomination before person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from challenges.models import Theme
from core import clock
from core.audit import record
from core.lifecycle import move
from core.verdicts import require
from labs.models import Lab
from labs.services.preferences import rank_labs
from messaging import outbox
from nominations import emails
from nominations.enums import NominationStatus
from nominations.models import Endorsement, Nomination, NomineePart
from nominations.queries.answers import WORDS
from nominations.rules import answers as rules
from nominations.services.nominations import complete_if_ready
from people.enums import LanguageSource
from people.models import User
from people.services.needs import record_needs
from people.services.people import record_language


def _locked(nomination: Nomination) -> Nomination:
    return Nomination.objects.select_for_update(of=("self",)).select_related(*WORDS).get(pk=nomination.pk)


@transaction.atomic
def answer_as_nominee(
    *,
    nomination: Nomination,
    language: str,
    welsh_in_sessions: str,
    working_days: Sequence[int],
    access_needs: str = "",
    themes: Sequence[Theme] = (),
    labs: Sequence[Lab] = (),
    statement: str,
    clashes: str = "",
    by: User | None,
    today: date,
) -> NomineePart:
    """Record the nominee's own part, with consent; said again, the last answer counts, until it is decided.

    `by` None came by the nominee's link. Language and needs are kept with the person, `labs` (most wanted first) with
    the labs; no `themes` means either. The nomination is complete when the line manager has endorsed it, too.
    Raises NotAllowed (somebody else, decided).
    """
    nomination = _locked(nomination)
    require(rules.may_answer_as_nominee(by, nomination))
    person = nomination.person
    record_language(person=person, language=language, source=LanguageSource.PERSON, by=by, today=today)
    record_needs(person=person, welsh_in_sessions=welsh_in_sessions, access_needs=access_needs, by=by, today=today)
    rank_labs(cohort=nomination.cohort, person=person, labs=labs, by=by, today=today)
    nomination.themes.set(themes)
    part, created = NomineePart.objects.update_or_create(
        nomination=nomination,
        defaults={
            "answered_at": clock.now(),
            "consents": True,
            "working_days": sorted(set(working_days)),
            "statement": statement.strip(),
            "clashes": clashes.strip(),
        },
    )
    record("nominee_part.answered" if created else "nominee_part.changed", about=nomination, by=by)
    complete_if_ready(nomination=nomination, today=today)
    return part


@transaction.atomic
def decline_nomination(*, nomination: Nomination, reason: str = "", by: User | None, today: date) -> Nomination:
    """The nominee does not want to be put forward. The organisation's coordinators are told. Raises NotAllowed."""
    nomination = _locked(nomination)
    require(rules.may_answer_as_nominee(by, nomination))
    move(nomination, NominationStatus.DECLINED, by=by, on=today, note=reason.strip())
    record("nomination.declined", about=nomination, by=by)
    outbox.queue_many(emails.to_coordinators("nomination_declined", nomination, today))
    return nomination


@transaction.atomic
def record_endorsement(
    *,
    nomination: Nomination,
    by_name: str,
    endorsed: bool,
    days_a_week: Decimal | None = None,
    substitute: str = "",
    comment: str = "",
    by: User | None = None,
    today: date,
) -> Endorsement:
    """Record the line manager's answer, given by the link sent to their address; it can be changed until complete.

    A yes says how many days a week are released. A no is told to nominee and coordinators, in neutral words.
    `by` is whoever is signed in in that browser, so that a nominee cannot use the link. Raises NotAllowed (oneself,
    not waited for any more) and ValidationError.
    """
    nomination = _locked(nomination)
    require(rules.may_endorse(nomination, by))
    if endorsed and not (days_a_week and 0 < days_a_week <= 5):
        raise ValidationError({"days_a_week": _("Say how many days a week are released.")})
    before = Endorsement.objects.filter(nomination=nomination).values_list("endorsed", flat=True).first()
    endorsement, _created = Endorsement.objects.update_or_create(
        nomination=nomination,
        defaults={
            "answered_at": clock.now(),
            "by_name": by_name.strip(),
            "by_email": nomination.line_manager_email,
            "endorsed": endorsed,
            "days_a_week": days_a_week if endorsed else None,
            "substitute": substitute.strip() if endorsed else "",
            "comment": comment.strip(),
        },
    )
    record("endorsement.given" if endorsed else "endorsement.refused", about=nomination, by=None)
    if endorsed:
        complete_if_ready(nomination=nomination, today=today)
    elif before is not False:
        outbox.queue_many(emails.to_coordinators("not_endorsed", nomination, today))
        outbox.queue(emails.about_nomination("not_endorsed_nominee", nomination, nomination.person, today))
    return endorsement
