"""What a new associate is asked to do, and what they agree to.

Lock order: cohort before person before associate.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from cohorts import rules
from cohorts.enums import AgreementKind, OnboardingKind
from cohorts.models import Agreement, AgreementAnswer, Associate, OnboardingTask
from cohorts.queries.onboarding import agreements_on, last_answer, steps, tasks_of
from core import clock
from core.audit import record
from core.bilingual import LANGUAGES, WelshStatus
from core.verdicts import require
from people.models import User
from people.services.needs import record_needs, record_working_days

# Two weeks to do what must be done, and never after the cohort's first day.
TIME_TO_DO = timedelta(days=14)
TEXTS = Path(__file__).resolve().parent.parent / "agreements"


@transaction.atomic
def start_onboarding(*, associate: Associate, by: User | None = None, today: date) -> list[OnboardingTask]:
    """Give the associate the onboarding tasks, once; a second call adds nothing."""
    due_on = max(min(today + TIME_TO_DO, associate.cohort.starts_on), today)
    tasks = []
    for kind in OnboardingKind:
        task, created = OnboardingTask.objects.get_or_create(
            associate=associate, kind=kind, defaults={"owner": associate.person, "due_on": due_on}
        )
        if created:
            tasks.append(task)
    _tick_off(associate.person, today)
    if tasks:
        record("onboarding.started", about=associate, by=by, due_on=due_on.isoformat())
    return tasks


@transaction.atomic
def answer_agreement(*, kind: str, accepted: bool, language: str, by: User, today: date) -> AgreementAnswer:
    """Record what the person says to the version in force, in the language in which they read it; a row each time.

    Saying the same again adds nothing. A consent can be taken back. Raises NotAllowed (no place, nothing in force, a
    kind to which “no” is no answer).
    """
    User.objects.select_for_update().get(pk=by.pk)  # pressed twice, it is said once
    require(rules.may_answer_agreement(by, kind, today))
    require(rules.is_an_answer(kind, accepted))
    agreement = agreements_on(today)[kind]
    before = last_answer(by, agreement)
    if before is not None and before.accepted == accepted:
        return before
    answer = AgreementAnswer.objects.create(
        agreement=agreement, person=by, accepted=accepted, answered_at=clock.now(), language=language
    )
    record(
        "agreement.accepted" if accepted else "agreement.refused",
        about=by,
        by=by,
        kind=kind,
        version=agreement.version,
        language=language,
    )
    _tick_off(by, today)
    return answer


@transaction.atomic
def check_needs(*, welsh_in_sessions: str, access_needs: str, working_days: list[int], by: User, today: date) -> None:
    """The associate has looked at working days and needs, and says how they are now. Raises NotAllowed."""
    require(rules.has_onboarding(by, today))
    record_needs(person=by, welsh_in_sessions=welsh_in_sessions, access_needs=access_needs, by=by, today=today)
    record_working_days(person=by, working_days=working_days, by=by, today=today)
    _tick_off(by, today)


def _tick_off(person: User, today: date) -> None:
    """Note on the tasks that are done now when they were, and by whom."""
    for step in steps(tasks_of(person).select_for_update(of=("self",)), today):
        if step.done and step.task.done_at is None:
            step.task.done_at, step.task.done_by = clock.now(), person
            step.task.save(update_fields=["done_at", "done_by"])


@transaction.atomic
def publish_agreement(
    *,
    kind: str,
    version: int,
    title_en: str,
    title_cy: str,
    text_en: str,
    text_cy: str,
    starts_on: date,
    welsh_status: str = WelshStatus.CONFIRMED,
    by: User | None,
    today: date,
) -> Agreement:
    """Add a version of a text; from `starts_on` everybody with a place is asked for it. A version that is there stays.

    Raises NotAllowed: a version that was published is never edited, and both languages must be there.
    """
    require(rules.may_publish_agreement(by, today))
    require(rules.is_in_both_languages(title_en, title_cy, text_en, text_cy))
    agreement, created = Agreement.objects.get_or_create(
        kind=AgreementKind(kind),
        version=version,
        defaults={
            "title_en": title_en,
            "title_cy": title_cy,
            "text_en": text_en,
            "text_cy": text_cy,
            "starts_on": starts_on,
            "welsh_status": welsh_status,
        },
    )
    if created:
        record("agreement.published", about=agreement, by=by, kind=kind, version=version)
    return agreement


def load_agreements(*, by: User | None, today: date) -> int:
    """Publish every version of the texts that come with the product (agreements/*.toml); returns how many are new."""
    before = Agreement.objects.count()
    for path in sorted(TEXTS.glob("*.toml")):
        text = tomllib.loads(path.read_text(encoding="utf-8"))
        words = {
            f"{part}_{language}": text[f"{part}_{language}"].strip()
            for part in ("title", "text")
            for language in LANGUAGES
        }
        publish_agreement(
            kind=text["kind"],
            version=text["version"],
            starts_on=text["starts_on"],
            welsh_status=text["cy_status"],
            **words,
            by=by,
            today=today,
        )
    return Agreement.objects.count() - before
