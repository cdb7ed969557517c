"""Enrolling from a file: the columns, and what is wrong with each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.forms.spreadsheet import SPREADSHEET_NAMES, Heading, Row, Table, UnreadableFileError, plain, read_table
from cohorts.queries.enrolment import NewAssociate
from core.forms import Form
from people.models import Organisation

HEADINGS = (
    Heading("first_name", "First name", "Enw cyntaf", also=("forename", "given name")),
    Heading("last_name", "Last name", "Cyfenw", also=("surname", "family name")),
    Heading("email", "Work email", "E-bost gwaith", also=("email", "e-mail", "email address", "e-bost")),
    Heading("job_title", "Job title", "Teitl swydd", also=("job", "swydd"), required=False),
    Heading("organisation", "Organisation", "Sefydliad", also=("organization", "employer", "authority", "awdurdod")),
)
LABELS = {heading.name: heading for heading in HEADINGS}
LONGEST = {"job_title": 120, "email": 254}
LONGEST_NAME = 120
SALT = "cohorts.enrolment"
CHECKED_FOR = 24 * 60 * 60


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell: where, whose row, and what to do."""

    row: int
    person: str
    column: str
    message: str


@dataclass(frozen=True)
class ReadRow:
    """One row that can be enrolled, in plain values, so that it can travel through the check page."""

    row: int
    name: str
    email: str
    organisation: int
    job_title: str


@dataclass(frozen=True)
class ReadFile:
    """What a file holds: rows that are right, and faults. With any fault nothing is enrolled."""

    rows: list[ReadRow]
    faults: list[Fault]
    not_used: list[str]


class UploadForm(Form):
    """The file. After `is_valid`, `read` holds what is in it."""

    submit_label = gettext_lazy("Check the file")

    file = forms.FileField(
        label=gettext_lazy("File with the people"),
        widget=forms.FileInput(attrs={"accept": ",".join((".csv", ".txt", *SPREADSHEET_NAMES))}),
        help_text=gettext_lazy("A spreadsheet or a CSV file of at most 20 MB."),
        allow_empty_file=True,
    )
    read: ReadFile

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        self.organisations = organisations
        super().__init__(*args, **kwargs)

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        try:
            table = read_table(upload, HEADINGS)
        except UnreadableFileError as trouble:
            raise ValidationError(str(trouble)) from trouble
        self.read = check_rows(table, self.organisations)
        return upload


class ConfirmForm(Form):
    """The rows that were checked, signed, so that they come back as they were shown."""

    submit_label = gettext_lazy("Enrol these people")

    rows = forms.CharField(widget=forms.HiddenInput)

    def clean_rows(self) -> list[ReadRow]:
        rows = unpack(self.cleaned_data["rows"])
        if rows is None:
            raise ValidationError(_("This check is too old. Upload the file again."))
        return rows


def check_rows(table: Table, organisations: Sequence[Organisation]) -> ReadFile:
    """Each row of the table, either as values or as faults that name the row, the person, the column and what to do."""
    known = {}
    for organisation in organisations:
        for text in (
            organisation.code,
            organisation.name_en,
            organisation.name_cy,
            organisation.short_en,
            organisation.short_cy,
        ):
            known[plain(text)] = organisation
    rows: list[ReadRow] = []
    faults: list[Fault] = []
    first_seen: dict[str, int] = {}
    for row in table.rows:
        wrong = _faults_of(row, known)
        address = row.values["email"].lower()
        if address and address in first_seen:
            message = _("This address is in the file twice, first in row %(row)s. Delete one of the two rows.")
            wrong.append(_fault(row, "email", message % {"row": first_seen[address]}))
        first_seen.setdefault(address, row.number)
        faults += wrong
        if not wrong:
            rows.append(
                ReadRow(
                    row.number,
                    _name(row),
                    address,
                    known[plain(row.values["organisation"])].pk,
                    row.values["job_title"],
                )
            )
    return ReadFile(rows, faults, table.not_used)


def _faults_of(row: Row, known: dict[str, Organisation]) -> list[Fault]:
    wrong = []
    for heading in HEADINGS:
        text = row.values[heading.name]
        if heading.required and not text:
            wrong.append(_fault(row, heading.name, _("It is empty. Fill it in.")))
        elif text.startswith(("=", "@", "+")):
            wrong.append(_fault(row, heading.name, _("This looks like a formula. Type the words themselves.")))
        elif len(text) > LONGEST.get(heading.name, LONGEST_NAME):
            message = _("It is too long. The most letters: %(most)s")
            wrong.append(_fault(row, heading.name, message % {"most": LONGEST.get(heading.name, LONGEST_NAME)}))
    if any(fault.column == LABELS["email"].label for fault in wrong):
        pass
    elif not _is_address(row.values["email"]):
        message = _("This is not an email address: %(text)s. It should look like name@example.org.")
        wrong.append(_fault(row, "email", message % {"text": row.values["email"]}))
    organisation = row.values["organisation"]
    if organisation and plain(organisation) not in known and not organisation.startswith(("=", "@", "+")):
        message = _("We do not know this organisation: %(text)s. Use its name or short name as the list shows it.")
        wrong.append(_fault(row, "organisation", message % {"text": organisation}))
    if len(_name(row)) > LONGEST_NAME and not wrong:
        message = _("It is too long. The most letters: %(most)s") % {"most": LONGEST_NAME}
        wrong.append(_fault(row, "last_name", message))
    return wrong


def _fault(row: Row, column: str, message: str) -> Fault:
    return Fault(row.number, _name(row) or row.values["email"] or "–", LABELS[column].label, message)


def _name(row: Row) -> str:
    return " ".join(f"{row.values['first_name']} {row.values['last_name']}".split())


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def pack(rows: Sequence[ReadRow]) -> str:
    """The checked rows as one signed string for the check page."""
    return signing.dumps([list(asdict(row).values()) for row in rows], salt=SALT, compress=True)


def unpack(text: str) -> list[ReadRow] | None:
    """The rows of a signed string; None when it was changed or is older than a day."""
    try:
        return [ReadRow(*values) for values in signing.loads(text, salt=SALT, max_age=CHECKED_FOR)]
    except signing.BadSignature:
        return None


def as_people(rows: Sequence[ReadRow], organisations: dict[int, Organisation]) -> list[NewAssociate]:
    """The rows as people to enrol."""
    return [NewAssociate(row.name, row.email, organisations[row.organisation], row.job_title) for row in rows]
