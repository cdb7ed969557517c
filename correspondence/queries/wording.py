"""The texts that the programme team may word for itself: which there are, and what people call what is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import override, pgettext_lazy

from cohorts.emails import about
from cohorts.kinds import KINDS as OF_COHORTS
from cohorts.kinds import PHASE_ENDS_SOON, PHASE_STARTS
from cohorts.models import Cohort
from messaging import wordings
from messaging.kinds import Kind
from messaging.models import Wording
from nominations.kinds import KINDS as OF_NOMINATIONS

LANGUAGES = ("en", "cy")

# Kinds whose texts are not one text by the kind's own name.
SEVERAL = {
    PHASE_STARTS.slug: ("phase_starts", "phase_starts_coordinator"),
    PHASE_ENDS_SOON.slug: ("phase_ends_soon", "phase_ends_soon_coordinator"),
    "link-nominee": ("nominee_invited",),
    "link-manager": ("manager_asked",),
    "link-offer": ("offer_link",),
    # Its text belongs to planning, and tells the dates themselves.
    "plan-changed": (),
    "decision-released": ("decision_offered", "decision_reserve", "decision_not_selected", "decision_not_eligible"),
}
# What tells the texts of such a kind from each other.
WHICH: Mapping[str, Promise] = {
    "phase_starts": pgettext_lazy("text", "To associates"),
    "phase_starts_coordinator": pgettext_lazy("text", "To coordinators"),
    "phase_ends_soon": pgettext_lazy("text", "To associates"),
    "phase_ends_soon_coordinator": pgettext_lazy("text", "To coordinators"),
    "decision_offered": pgettext_lazy("text", "A place is offered"),
    "decision_reserve": pgettext_lazy("text", "On the reserve list"),
    "decision_not_selected": pgettext_lazy("text", "Not selected"),
    "decision_not_eligible": pgettext_lazy("text", "Not eligible"),
}

# What a text file fills in → what people call it. Of a name with a language in it the English one stands here.
BLANKS: Mapping[str, Promise] = {
    "person.name": pgettext_lazy("blank", "name"),
    "to.name": pgettext_lazy("blank", "name"),
    "reader.name": pgettext_lazy("blank", "name of the reader"),
    "nominee": pgettext_lazy("blank", "name of the nominee"),
    "nomination.person.name": pgettext_lazy("blank", "name of the nominee"),
    "number": pgettext_lazy("blank", "number of nominations"),
    "programme.name_en": pgettext_lazy("blank", "programme"),
    "programme.contact_email": pgettext_lazy("blank", "address for questions"),
    "cohort.name_en": pgettext_lazy("blank", "cohort"),
    "cohort.starts_on|longday": pgettext_lazy("blank", "first day of the cohort"),
    "cohort.last_day|longday": pgettext_lazy("blank", "last day of the cohort"),
    "last_day|longday": pgettext_lazy("blank", "last day of the cohort"),
    "cohort.capacity": pgettext_lazy("blank", "number of places"),
    "organisation.name_en": pgettext_lazy("blank", "organisation"),
    "phase.get_kind_display": pgettext_lazy("blank", "phase"),
    "phase.starts_on|longday": pgettext_lazy("blank", "first day of the phase"),
    "phase.window.last_day|longday": pgettext_lazy("blank", "last day of the phase"),
    "phase.purpose": pgettext_lazy("blank", "what the phase is for"),
    "if next_phase": pgettext_lazy("blank", "what comes next"),
    "for name in names": pgettext_lazy("blank", "names of the associates"),
    "if recruitment_last_day": pgettext_lazy("blank", "when recruitment closes"),
    "recruitment_last_day|longday": pgettext_lazy("blank", "last day of recruitment"),
    "for line in lines": pgettext_lazy("blank", "organisations and their numbers"),
    'if decision.reason != "other"': pgettext_lazy("blank", "reason"),
    "if decision.answer_by": pgettext_lazy("blank", "by when to answer"),
    "decision.reserve_until|longday": pgettext_lazy("blank", "last day on the reserve list"),
    "good_until|longday": pgettext_lazy("blank", "last day of the link"),
    "lapses_on|longday": pgettext_lazy("blank", "day on which it lapses"),
    "if nominator": pgettext_lazy("blank", "that somebody nominated, or that the person applied"),
    "if nominator 2": pgettext_lazy("blank", "who nominated"),
    "answer_by|day": pgettext_lazy("blank", "last day for the answer, short"),
    "answer_by|longday": pgettext_lazy("blank", "last day for the answer"),
    'include "cohorts/emails/_phases.en.txt"': pgettext_lazy("blank", "the phases and their dates"),
    'include "cohorts/emails/_why.en.txt"': pgettext_lazy("blank", "why you get this"),
    'include "cohorts/emails/_why_coordinator.en.txt"': pgettext_lazy("blank", "why you get this"),
    'include "nominations/emails/_why_coordinator.en.txt"': pgettext_lazy("blank", "why you get this"),
    'include "nominations/emails/_why_manager.en.txt"': pgettext_lazy("blank", "why you get this"),
    'include "nominations/emails/_why_nominee.en.txt"': pgettext_lazy("blank", "why you get this"),
    'link "progress:associate-journey" cohort.slug person.reference': pgettext_lazy("blank", "link to the journey"),
    'link "progress:associate-journey" cohort.slug reference': pgettext_lazy("blank", "link to the journey"),
    'link "nominations:review-list"': pgettext_lazy("blank", "link to the reviews"),
    'link "cohorts:cohort-detail" cohort.slug': pgettext_lazy("blank", "link to the cohort"),
    'link "nominations:recruitment" cohort.slug': pgettext_lazy("blank", "link to recruitment"),
    'link "nominations:nomination-detail" cohort.slug nomination.reference': pgettext_lazy(
        "blank", "link to the nomination"
    ),
    'link "nominations:link-enter" secret': pgettext_lazy("blank", "link to answer"),
}


@dataclass(frozen=True)
class Words:
    """Subject and body of a text in one language, what is filled in by the names that people know."""

    language: str
    subject: str
    body: str


def texts_of(kind: str) -> tuple[str, ...]:
    """The templates of a kind that is filed under a cohort, the first the one that most people get; none: not such a
    kind."""
    for app, kinds in (("cohorts", OF_COHORTS), ("nominations", OF_NOMINATIONS)):
        if kind in {one.slug for one in kinds}:
            return tuple(f"{app}/emails/{name}" for name in SEVERAL.get(kind, (kind.replace("-", "_"),)))
    return ()


def which(template: str) -> Promise | str:
    """What tells this text from the others of its kind; "" when it is the only one."""
    return WHICH.get(template.rpartition("/")[2], "")


def label_of(blank: str, language: str) -> str:
    """What people who write in that language call what a file fills in."""
    english = blank.replace("name_cy", "name_en").replace(".cy.txt", ".en.txt")
    with override(language):
        return str(BLANKS.get(english, blank))


def labels(template: str, language: str) -> dict[str, str]:
    """What may stand in brackets, as people call it → as the file does, in the file's order."""
    return {label_of(blank, language): blank for blank in wordings.blanks(template, language)}


def as_read(template: str, language: str, text: str) -> str:
    """A stored text as people read it: in brackets is what they call things."""
    names = {blank: label for label, blank in labels(template, language).items()}
    return wordings.BLANK.sub(lambda found: f"[{names.get(found[1], found[1])}]", text)


def as_stored(template: str, language: str, text: str) -> str:
    """What somebody wrote, as it is kept: in brackets is what the file says. What is not known stays as it is."""
    names = {label.casefold(): blank for label, blank in labels(template, language).items()}
    plain = text.replace("\r\n", "\n").strip()
    return wordings.BLANK.sub(lambda found: f"[{names.get(' '.join(found[1].split()).casefold(), found[1])}]", plain)


def wording_of(cohort: Cohort, template: str) -> Wording | None:
    """The team's own words for a text in this cohort; None: those of the file count."""
    return Wording.objects.filter(scope=about(cohort), template=template).first()


def words_now(cohort: Cohort, template: str) -> dict[str, Words]:
    """What somebody who edits starts from, by language: the own words, else those of the file."""
    row = wording_of(cohort, template)
    found = {}
    for language in LANGUAGES:
        subject, body = (
            (getattr(row, f"subject_{language}"), getattr(row, f"body_{language}"))
            if row
            else wordings.file_words(template, language)
        )
        found[language] = Words(language, as_read(template, language, subject), as_read(template, language, body))
    return found


def asks_for_what_is_gone(wording: Wording) -> bool:
    """Whether own words ask for something that the text file no longer fills in: then the file's are used."""
    return any(
        blank not in wordings.blanks(wording.template, language)
        for language in LANGUAGES
        for part in ("subject", "body")
        for blank in wordings.asked_for(getattr(wording, f"{part}_{language}"))
    )


def states(cohort: Cohort) -> dict[str, Wording]:
    """Template → the own words of this cohort, used or not."""
    return {row.template: row for row in Wording.objects.filter(scope=about(cohort))}


def editable(kind: Kind) -> bool:
    """Whether the texts of this kind can be worded by cohort."""
    return bool(texts_of(kind.slug))
