"""Nominating from a file: the columns, what is wrong with each row, and the rows as they travel through the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.models import Theme
from cohorts.forms.spreadsheet import SPREADSHEET_NAMES, Heading, Row, Table, UnreadableFileError, plain, read_table
from core.forms import Form
from nominations.forms.nominations import ForOrganisation, OverPlacesField
from nominations.models import Nomination
from nominations.queries.proposals import Facts, Proposal
from nominations.rules import nominations as rules
from people.models import User

HEADINGS = (
    Heading("first_name", "First name", "Enw cyntaf", also=("forename", "given name")),
    Heading("last_name", "Last name", "Cyfenw", also=("surname", "family name")),
    Heading("email", "Work email", "E-bost gwaith", also=("work e-mail", "email", "e-mail", "email address", "e-bost")),
    Heading("job_title", "Job title", "Teitl swydd", also=("job", "swydd")),
    Heading("directorate", "Directorate", "Cyfarwyddiaeth", also=("department", "adran"), required=False),
    Heading(
        "line_manager_name", "Line manager name", "Enw'r rheolwr llinell", also=("line manager", "rheolwr llinell")
    ),
    Heading("line_manager_email", "Line manager email", "E-bost y rheolwr llinell", also=("line manager e-mail",)),
    Heading("theme", "Theme", "Thema"),
    Heading("reason", "Why this person", "Pam y person hwn", also=("reason", "rheswm")),
)
LABELS = {heading.name: heading for heading in HEADINGS}
EITHER = {plain(text) for text in ("either", "y naill neu'r llall", "either theme", "both")}
MOST_FOR_A_REASON = 2000
MOST = {"reason": MOST_FOR_A_REASON, "email": 254, "line_manager_email": 254}
MOST_OTHERWISE = 120
# A cell that a spreadsheet program would run. Our own returned file puts an apostrophe before such a one.
FORMULA = ("=", "@", "+")
MADE_HARMLESS = ("'=", "'@", "'+", "'-")
SALT = "nominations.import"
CHECKED_FOR = 24 * 60 * 60
# Browsers and Django stop at a thousand boxes in one form; a file worse than this is mended in the file.
MOST_MENDED_ON_SCREEN = 100


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell: where, whose row, and what to do."""

    row: int
    person: str
    name: str
    message: str

    @property
    def column(self) -> str:
        """The column's heading, in the reader's language."""
        return LABELS[self.name].label

    def __str__(self) -> str:
        return f"{_('Row')} {self.row} · {self.person} · {self.column}: {self.message}"


@dataclass
class Line:
    """One row of the file as checked: its text, its faults, and what would happen."""

    row: Row
    faults: list[Fault] = field(default_factory=list)
    proposal: Proposal | None = None
    there: Nomination | None = None
    elsewhere: str = ""
    same_name: Nomination | None = None

    @property
    def person(self) -> str:
        return _person(self.row)

    @property
    def is_new(self) -> bool:
        """Whether saving makes a nomination of it."""
        return not self.faults and self.there is None

    def cells(self) -> list[tuple[Heading, str, list[Fault]]]:
        """Every heading with the text under it and what is wrong there."""
        return [
            (heading, self.row.values[heading.name], [fault for fault in self.faults if fault.name == heading.name])
            for heading in HEADINGS
        ]

    def wrong_cells(self) -> list[tuple[Heading, str, list[Fault], str]]:
        """The cells to mend, with the name of their box."""
        return [
            (heading, text, faults, box_name(self.row.number, heading.name))
            for heading, text, faults in self.cells()
            if faults
        ]


@dataclass(frozen=True)
class Checked:
    """A whole file as checked. With any fault nothing is saved."""

    lines: list[Line]
    not_used: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[Fault]:
        return [fault for line in self.lines for fault in line.faults]

    @property
    def wrong(self) -> list[Line]:
        return [line for line in self.lines if line.faults]

    @property
    def new(self) -> list[Line]:
        return [line for line in self.lines if line.is_new]

    @property
    def there(self) -> list[Line]:
        return [line for line in self.lines if line.there is not None]

    @property
    def elsewhere(self) -> list[Line]:
        """Those who have a place in another cohort: a reason is asked for."""
        return [line for line in self.new if line.elsewhere]

    @property
    def proposals(self) -> list[Proposal]:
        """Everybody who can be put forward, those who are there already included."""
        return [line.proposal for line in self.lines if line.proposal and not line.faults]


def read_file(upload: Any) -> Table:
    """The rows of a file. Raises UnreadableFileError for what concerns the file as a whole."""
    table = read_table(upload, HEADINGS)
    rows = [
        Row(
            row.number,
            {name: text[1:] if text.startswith(MADE_HARMLESS) else text for name, text in row.values.items()},
        )
        for row in table.rows
    ]
    return Table(rows, table.not_used)


def box_name(row: int, column: str) -> str:
    """The name of the box in which a wrong cell is mended."""
    return f"cell-{row}-{column}"


def addresses_of(rows: Iterable[Row]) -> set[str]:
    """Every address that the rows name, to ask what is known about them."""
    return {row.values[name].lower() for row in rows for name in ("email", "line_manager_email") if row.values[name]}


def names_of(rows: Iterable[Row]) -> set[str]:
    """Every nominee's name, to ask who is called so already."""
    return {_person(row) for row in rows}


def check_rows(rows: Sequence[Row], themes: Sequence[Theme], facts: Facts, by: User | None) -> list[Line]:
    """Each row either as somebody to put forward, or with what is wrong, cell by cell. Asks the database nothing."""
    known = {plain(name): theme for theme in themes for name in (theme.name_en, theme.name_cy)}
    first_seen: dict[str, int] = {}
    lines = []
    for row in rows:
        values = row.values
        address = values["email"].lower()
        wrong = _faults_of_text(row, known)
        if address and address in first_seen:
            message = _("This address is in the file twice, first in row %(row)s. Delete one of the two rows.")
            wrong.setdefault("email", message % {"row": first_seen[address]})
        first_seen.setdefault(address, row.number)
        for name, message in rules.faults_of(by, facts, address, values["line_manager_email"].lower()).items():
            wrong.setdefault(name, message)
        line = Line(row, [Fault(row.number, _person(row), name, message) for name, message in wrong.items()])
        if not wrong:
            line.proposal = _proposal(row, known)
            line.there = facts.nomination_of(address)
            elsewhere = rules.is_new_to_the_programme(facts.place_elsewhere(address))
            line.elsewhere = "" if elsewhere else str(elsewhere.reason)
            line.same_name = facts.same_name(line.proposal.name, address)
        lines.append(line)
    return lines


def _faults_of_text(row: Row, themes: Mapping[str, Theme]) -> dict[str, str]:
    """Column → what is wrong with its text: the first thing only, so that each cell has one line."""
    wrong: dict[str, str] = {}
    for heading in HEADINGS:
        text, most = row.values[heading.name], MOST.get(heading.name, MOST_OTHERWISE)
        if not text:
            if heading.required:
                wrong[heading.name] = _("It is empty. Fill it in.")
        elif text.startswith(FORMULA) and heading.name != "reason":
            wrong[heading.name] = _("This looks like a formula. Type the words themselves.")
        elif len(text) > most:
            message = _("It is too long. The most letters: %(most)s. Letters now: %(now)s.")
            wrong[heading.name] = message % {"most": most, "now": len(text)}
        elif heading.name.endswith("email") and not _is_address(text):
            message = _("This is not an email address: %(text)s. It should look like name@example.org.")
            wrong[heading.name] = message % {"text": text}
        elif heading.name == "theme" and plain(text) not in themes and plain(text) not in EITHER:
            names = ", ".join(dict.fromkeys(theme.name_cy if _welsh() else theme.name_en for theme in themes.values()))
            message = _("We do not know this theme: %(text)s. Use one of these: %(themes)s.")
            wrong["theme"] = message % {"text": text, "themes": f"{names}, {_('either')}"}
    if "first_name" not in wrong and "last_name" not in wrong and len(_person(row)) > MOST_OTHERWISE:
        message = _("It is too long. The most letters: %(most)s. Letters now: %(now)s.")
        wrong["last_name"] = message % {"most": MOST_OTHERWISE, "now": len(_person(row))}
    return wrong


def _welsh() -> bool:
    return LABELS["theme"].label == LABELS["theme"].welsh


def _proposal(row: Row, themes: Mapping[str, Theme]) -> Proposal:
    values = row.values
    theme = themes.get(plain(values["theme"]))
    return Proposal(
        first_name=" ".join(values["first_name"].split()),
        last_name=" ".join(values["last_name"].split()),
        email=values["email"].lower(),
        job_title=values["job_title"],
        directorate=values["directorate"],
        line_manager_name=values["line_manager_name"],
        line_manager_email=values["line_manager_email"].lower(),
        themes=(theme,) if theme else (),
        reason=values["reason"],
    )


def _person(row: Row) -> str:
    name = " ".join(f"{row.values['first_name']} {row.values['last_name']}".split())
    return name or row.values["email"] or "–"


def _is_address(text: str) -> bool:
    """What Django's validate_email says, with each domain looked at once: a file has few."""
    user, at, domain = text.rpartition("@")
    return (
        bool(at) and len(text) <= MOST["email"] and bool(validate_email.user_regex.match(user)) and _is_domain(domain)
    )


@lru_cache(maxsize=1000)
def _is_domain(text: str) -> bool:
    try:
        validate_email(f"a@{text}")
    except ValidationError:
        return False
    return True


# --- Through the page -----------------------------------------------------------------------------------------------
def pack(rows: Sequence[Row], not_used: Sequence[str] = ()) -> str:
    """The rows as one signed string for the check page: nothing is stored before the last button."""
    names = [heading.name for heading in HEADINGS]
    plain_rows = [[row.number, *(row.values[name] for name in names)] for row in rows]
    return signing.dumps([list(not_used), plain_rows], salt=SALT, compress=True)


def unpack(text: str) -> Table | None:
    """The rows of a signed string; None when it was changed or is older than a day."""
    names = [heading.name for heading in HEADINGS]
    try:
        not_used, rows = signing.loads(text, salt=SALT, max_age=CHECKED_FOR)
    except signing.BadSignature:
        return None
    return Table([Row(number, dict(zip(names, values, strict=True))) for number, *values in rows], not_used)


def mended(rows: Sequence[Row], typed: Mapping[str, str]) -> list[Row]:
    """The rows with what was typed into the boxes of their wrong cells."""
    result = []
    for row in rows:
        new = {
            name: " ".join(str(typed[box_name(row.number, name)]).split())
            for name in row.values
            if box_name(row.number, name) in typed
        }
        result.append(Row(row.number, row.values | new) if new else row)
    return result


class UploadForm(ForOrganisation, Form):
    """The file. After `is_valid`, `table` holds its rows."""

    submit_label = gettext_lazy("Check the file")
    field_order = ("organisation", "file")

    file = forms.FileField(
        label=gettext_lazy("File with the people"),
        widget=forms.FileInput(attrs={"accept": ",".join((".csv", ".txt", *SPREADSHEET_NAMES))}),
        help_text=gettext_lazy("A spreadsheet or a CSV file of at most 20 MB."),
        allow_empty_file=True,
    )
    table: Table

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        try:
            self.table = read_file(upload)
        except UnreadableFileError as trouble:
            raise ValidationError(str(trouble)) from trouble
        return upload


class CheckForm(Form):
    """The checked rows, signed, so that they come back as they were shown, and the reasons that warnings ask for."""

    submit_label = gettext_lazy("Nominate these people")

    rows = forms.CharField(widget=forms.HiddenInput)
    organisation = forms.CharField(widget=forms.HiddenInput)
    over_places_reason = OverPlacesField(required=False)
    elsewhere_reason = forms.CharField(
        label=gettext_lazy("Why a place in a second cohort"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    table: Table

    def __init__(self, *args: Any, over: bool = False, elsewhere: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["over_places_reason"].required = over
        self.fields["elsewhere_reason"].required = elsewhere

    def clean_rows(self) -> str:
        table = unpack(self.cleaned_data["rows"])
        if table is None:
            raise ValidationError(_("This check is too old. Upload the file again."))
        self.table = table
        return self.cleaned_data["rows"]
