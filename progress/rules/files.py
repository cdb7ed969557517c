"""Which files are kept as evidence."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.verdicts import ALLOWED, Verdict, refused
from progress.queries.files import LARGEST_FILE, MEGABYTE, File, is_active, type_of


def is_small_enough(size: int) -> Verdict:
    """Asked before anything of the file is read."""
    if size > LARGEST_FILE:
        return refused(
            _("The file is too large. The largest size is %(size)s MB.") % {"size": LARGEST_FILE // MEGABYTE}
        )
    return ALLOWED


def is_harmless(file: File) -> Verdict:
    """Kinds that people show their work in, and nothing in them that could run. The name is not believed."""
    if not file.content:
        return refused(_("The file is empty."))
    if not (verdict := is_small_enough(len(file.content))):
        return verdict
    if type_of(file) is None:
        return refused(
            _(
                "This kind of file cannot be kept. Send a PDF, a picture (PNG or JPEG), a Word, Excel, PowerPoint or "
                "OpenDocument file, or plain text."
            )
        )
    if is_active(file):
        return refused(
            _("The file holds something that could run when it is opened (a macro or a script). Send it without.")
        )
    return ALLOWED
