"""Verbs about a person: add, employ, record the language, rename."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from core.audit import record
from core.verdicts import require
from people import rules
from people.enums import Language, LanguageSource
from people.models import Employment, Organisation, User
from people.queries.people import person_by_address


@transaction.atomic
def add_person(*, name: str, email: str, language: str = "", source: str = "", by: User | None, today: date) -> User:
    """Record a person, or return the one who already has this address (any of theirs, whatever the letter case).

    Creates the verified primary address, so that they can sign in with a code sent to it. `language` ("cy", "en" or
    "" for not asked) is kept with `source` (default: staff); for a known person it is recorded only when nothing was
    known. The name of a known person is left alone. Raises NotAllowed unless `by` may add people.
    """
    require(rules.may_add_person(by, today))
    email = email.strip().lower()
    person = person_by_address(email)
    if person is None:
        try:
            with transaction.atomic():
                person = _create(name=name.strip(), email=email, by=by)
        except IntegrityError:  # somebody else added the same address a moment ago
            person = person_by_address(email)
            if person is None:
                raise
    if language and not person.language:
        _set_language(person, language, source or LanguageSource.STAFF, by=by, today=today)
    return person


def _create(*, name: str, email: str, by: User | None) -> User:
    person = User(name=name, email=email)
    person.set_unusable_password()
    person.save()
    # Whoever still waits to verify this address elsewhere does not own it.
    EmailAddress.objects.filter(email__iexact=email, verified=False).delete()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    record("person.added", about=person, by=by)
    return person


@transaction.atomic
def employ(
    *,
    person: User,
    organisation: Organisation,
    starts_on: date,
    job_title: str = "",
    directorate: str = "",
    working_days: Iterable[int] = (),
    line_manager_name: str = "",
    line_manager_email: str = "",
    by: User | None,
    today: date,
) -> Employment:
    """Record that `person` works at `organisation` from `starts_on`.

    A spell there that holds on that day is returned as it is, so that the same file can be read twice. Other
    organisations' spells stay: a person may be on loan. Raises NotAllowed when `by` may not, or when the dates
    overlap with a later spell at the same organisation.
    """
    require(rules.may_employ(by, organisation, today))
    User.objects.select_for_update().get(pk=person.pk)  # one change of a person's spells at a time
    open_spell: Employment | None = (
        Employment.objects.on(starts_on).filter(person=person, organisation=organisation).first()
    )
    if open_spell is not None:
        return open_spell
    require(rules.employment_fits(person, organisation, starts_on))
    employment = Employment.objects.create(
        person=person,
        organisation=organisation,
        starts_on=starts_on,
        job_title=job_title,
        directorate=directorate,
        working_days=sorted(set(working_days)),
        line_manager_name=line_manager_name,
        line_manager_email=line_manager_email.strip().lower(),
    )
    record("employment.started", about=person, by=by, organisation=organisation.code, starts_on=starts_on.isoformat())
    return employment


@transaction.atomic
def end_employment(*, employment: Employment, until: date, by: User | None, today: date) -> Employment:
    """End a spell on `until`, the first day no longer there. Raises NotAllowed when `by` or the date may not."""
    require(rules.may_employ(by, employment.organisation, today))
    employment = (
        Employment.objects.select_for_update(of=("self",))
        .select_related("person", "organisation")
        .get(pk=employment.pk)
    )
    require(rules.may_end(employment, until))
    employment.until = until
    employment.save(update_fields=["until"])
    record(
        "employment.ended",
        about=employment.person,
        by=by,
        organisation=employment.organisation.code,
        until=until.isoformat(),
    )
    return employment


@transaction.atomic
def record_language(*, person: User, language: str, source: str, by: User | None, today: date) -> User:
    """Keep the language a person wants letters in, with the day and who said so (Welsh Language Standards).

    Saying the same again renews the day only when the person says it. Raises NotAllowed when `by` may not.
    """
    require(rules.may_change_language(by, person=person, today=today))
    _set_language(person, language, source, by=by, today=today)
    return person


def _set_language(person: User, language: str, source: str, *, by: User | None, today: date) -> None:
    before = person.language
    if language == before and source != LanguageSource.PERSON:
        return
    person.language = Language(language)
    person.language_asked_on = today if language else None
    person.language_source = LanguageSource(source) if language else ""
    person.save(update_fields=["language", "language_asked_on", "language_source"])
    record("person.language_recorded", about=person, by=by, language=language, before=before, source=source)


@transaction.atomic
def note_that_page_was_read(*, person: User, by: User, today: date) -> None:
    """Write down that an auditor read a person's page: what auditors look at is itself on record.

    Raises NotAllowed unless `by` may read the log.
    """
    require(rules.may_read_log(by, today))
    record("person.viewed", about=person, by=by)


@transaction.atomic
def rename_person(*, person: User, name: str, by: User | None, today: date) -> User:
    """Change the name used. The person may, and the programme team. Raises NotAllowed otherwise."""
    if by is None or by.pk != person.pk:
        require(rules.may_manage_people(by, today))
    before, person.name = person.name, name.strip()
    if before != person.name:
        person.save(update_fields=["name"])
        record("person.renamed", about=person, by=by, before=before, after=person.name)
    return person
