"""Files that are large, or mean harm."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging import outbox, render
from messaging.models import Message
from nominations.models import Nomination, Places
from tests.nominations.test_files import client, cohort, coordinator, organisation, save, themes, url  # noqa: F401

pytestmark = pytest.mark.django_db
HEAD = (
    "First name,Last name,Work email,Job title,Directorate,Line manager name,Line manager email,Theme,Why this person\n"
)


def a_file(rows, first=0):
    lines = (
        f"Anest,Qwyn {row},anest.{row}@qarth.example,Officer,Services,Delyth Ormond,delyth.{row % 50}@qarth.example,"
        f"either,Would bring an experiment about number {row} to every hub of the county.\n"
        for row in range(first, first + rows)
    )
    return SimpleUploadedFile("many.csv", (HEAD + "".join(lines)).encode())


def check_and_save(client, url, rows, first=0):  # noqa: F811
    with CaptureQueriesContext(connection) as checking:
        page = client.post(url, {"file": a_file(rows, first)})
    with CaptureQueriesContext(connection) as saving:
        save(client, url, page)
    return len(checking), len(saving)


def test_the_number_of_queries_does_not_depend_on_the_rows(client, url, organisation):  # noqa: F811
    Places.objects.update(indicative=500)
    assert check_and_save(client, url, 2) == check_and_save(client, url, 38, first=2)
    assert (Nomination.objects.count(), Message.objects.count()) == (40, 80)


def test_a_thousand_rows_add_queries_and_texts_by_the_batch(client, url, organisation, monkeypatch):  # noqa: F811
    """What a file costs beyond its rows: bench/ measures what people wait for."""
    Places.objects.update(indicative=2000)
    put_together = []
    read = render._text
    monkeypatch.setattr(render, "_text", lambda *given: put_together.append(given[0]) or read(*given))
    checking, saving = check_and_save(client, url, 2)
    texts = len(put_together)
    many_checking, many_saving = check_and_save(client, url, 1000, first=2)
    assert (Nomination.objects.count(), Message.objects.count()) == (1002, 2004)
    assert len(put_together) == 2 * texts  # as many for a thousand as for two
    assert many_checking == checking
    batches = -(-2 * 1000 // outbox.BATCH) - 1
    # Each further batch of the outbox takes a few; and links are written a thousand at a time.
    assert many_saving - saving <= 4 * batches + 1


def test_a_file_above_the_limit_is_refused_by_its_size(client, url):  # noqa: F811
    page = client.post(url, {"file": SimpleUploadedFile("big.csv", b"x" * (20 * 1024 * 1024 + 1))})
    assert page.context["form"].errors["file"] == ["The file is too large. The largest size is 20 MB."]


def test_a_request_above_the_limit_is_refused_before_it_is_read(client, url):  # noqa: F811
    read = []

    class Body(io.BytesIO):
        def read(self, *sizes):
            read.append(sizes)
            return super().read(*sizes)

    environ = {"CONTENT_LENGTH": str(30 * 1024 * 1024), "wsgi.input": Body(b"x" * 1000)}
    answer = client.post(url, {"file": SimpleUploadedFile("big.csv", b"x")}, **environ)
    assert answer.status_code == 413
    assert "The file is too large. The largest size is 20 MB." in answer.content.decode()
    assert not read


def test_a_zip_bomb_is_not_unpacked(client, url):  # noqa: F811
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * (120 * 1024 * 1024))
    page = client.post(url, {"file": SimpleUploadedFile("bomb.xlsx", packed.getvalue())})
    assert page.context["form"].errors["file"] == ["The spreadsheet is too large when unpacked."]


def test_words_that_were_changed_on_the_way_are_not_read(client, url, organisation):  # noqa: F811
    answer = client.post(url, {"rows": "forged", "organisation": organisation.code, "save": "1"}, follow=True)
    assert "This check is too old. Upload the file again." in answer.content.decode()
    assert not Nomination.objects.exists()
