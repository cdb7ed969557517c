"""Wording a text for a cohort, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from cohorts.emails import about
from cohorts.models import Cohort
from core import clock
from core.audit import record
from core.verdicts import require
from correspondence import rules
from correspondence.queries.wording import LANGUAGES
from messaging import wordings
from messaging.models import Wording
from people.models import User


@transaction.atomic
def word_text(
    *, cohort: Cohort, template: str, texts: Mapping[str, str], same: bool, by: User | None, today: date
) -> Wording:
    """Give a text other words in this cohort: `texts` are subject_en, body_en, subject_cy and body_cy, as stored.

    They are used once both languages are there and of one age: changed together, one after the other, or one alone
    while somebody says that the other still says the `same`. Writes an audit row. Raises NotAllowed and
    ValidationError.
    """
    require(rules.may_edit_wording(by, cohort, today))
    for language in LANGUAGES:
        verdict = rules.is_wording_complete(template, language, texts[f"subject_{language}"], texts[f"body_{language}"])
        if not verdict:
            raise ValidationError({f"body_{language}": str(verdict.reason)})
    row, _made = Wording.objects.select_for_update().get_or_create(
        scope=about(cohort), template=template, defaults=_of_the_file(template)
    )
    older = row.older
    changed = {name[-2:] for name, text in texts.items() if getattr(row, name) != text}
    for name, text in texts.items():
        setattr(row, name, text)
    in_step = same or changed == set(LANGUAGES) or changed == {older}
    now, who = clock.now(), by.reference if by else ""
    for language in LANGUAGES:
        if language in changed or (in_step and (changed or older)):
            setattr(row, f"changed_{language}_at", now)
        if language in changed:
            setattr(row, f"changed_{language}_by", who)
    row.save()
    if changed or (older and in_step):
        record("wording.changed", about=row, by=by, languages=sorted(changed), same=same, texts=dict(texts))
    return row


def _of_the_file(template: str) -> dict[str, str]:
    """The words of the text files, as columns."""
    words = {language: wordings.file_words(template, language) for language in LANGUAGES}
    return {
        f"{part}_{language}": text
        for language, (subject, body) in words.items()
        for part, text in (("subject", subject), ("body", body))
    }


@transaction.atomic
def drop_wording(*, wording: Wording, cohort: Cohort, by: User | None, today: date) -> None:
    """Let the words of the text file count again. Writes an audit row. Raises NotAllowed."""
    require(rules.may_edit_wording(by, cohort, today))
    record("wording.removed", about=wording, by=by)
    wording.delete()
