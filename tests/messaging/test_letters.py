"""A message in its envelope: the same words as text and as HTML, and headers that every mail program reads."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.utils import parseaddr

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from messaging.letters import letter_for
from messaging.models import Message
from tests.messaging.conftest import a_letter

BODY = """Helo Siân

Carfan: Ŵyn & <b>Defaid</b>
Dyddiad: 1 Mawrth

Eich taith (https://qarth.example/cy/taith/?a=1&b=2).

- un
- dau https://qarth.example/dau

--
Infuse. Troedyn
https://qarth.example/cyfrif"""


def read(letter):
    return BytesParser(policy=policy.default).parsebytes(letter.content)


def html_of(letter):
    return read(letter).get_payload()[1].get_content()


def both():
    words = {one: {"subject": f"{one} S", "body": f"Corff {one}\n\n--\nTroed {one}\n"} for one in ("cy", "en")}
    return letter_for(Message(key="k", address="a@qarth.example", message_id="<1@q>"), words, ("cy", "en"))


def test_a_letter_is_plain_text_and_html_of_the_same_words():
    mail = read(a_letter(body=BODY))
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.get_payload()
    assert [part.get_content_type() for part in (plain, html)] == ["text/plain", "text/html"]
    assert plain.get_content().replace("\r\n", "\n") == BODY
    said = re.sub(r"<[^>]+>", " ", html.get_content()).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert set(re.findall(r"\w+", BODY)) <= set(re.findall(r"\w+", said))


def test_its_headers():
    mail = read(a_letter(3))
    assert mail["Message-ID"] == "<3@qarth.example>"
    assert mail["Content-Language"] == "cy"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == "Siân O'Qarth <reader.3@qarth.example>"
    assert mail["From"] == "Infuse <no-reply@infuse.example>"
    assert mail["Subject"] == "Pwnc ŵ"
    assert mail["Date"]
    assert mail["List-Unsubscribe"] is mail["List-Unsubscribe-Post"] is None


def test_a_kind_that_may_be_declined_says_where_with_one_click():
    mail = read(a_letter(unsubscribe="https://qarth.example/stop/abc/"))
    assert mail["List-Unsubscribe"] == "<https://qarth.example/stop/abc/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_lines_links_and_lists_of_the_text_are_in_the_html():
    html = html_of(a_letter(body=BODY))
    assert "<p>Carfan: Ŵyn &amp; &lt;b&gt;Defaid&lt;/b&gt;<br>Dyddiad: 1 Mawrth</p>" in html
    address = "https://qarth.example/cy/taith/?a=1&amp;b=2"
    assert f'<p>Eich taith (<a href="{address}">{address}</a>).</p>' in html
    dau = '<a href="https://qarth.example/dau">https://qarth.example/dau</a>'
    assert f"<ul><li>un</li><li>dau {dau}</li></ul>" in html
    assert html.index("<hr>") < html.index("Troedyn") < html.index("https://qarth.example/cyfrif")
    assert "--" not in re.sub(r"<!DOCTYPE.*?>", "", html)


def test_each_half_of_a_letter_in_both_languages_says_its_own():
    html = html_of(both())
    assert '<html lang="cy">' in html
    welsh, english = re.findall(r'<div lang="(?:cy|en)".*?(?=<div lang=|</body>)', html, re.S)
    assert welsh.startswith('<div lang="cy"')
    assert "Corff cy" in welsh
    assert '<span lang="en">This message is in Welsh, then in English.</span>' in welsh
    assert english.startswith('<div lang="en"')
    assert "Corff en" in english
    assert "Corff cy" not in english
    assert read(both())["Content-Language"] == "cy, en"


def test_a_letter_in_one_language_announces_nothing():
    html = html_of(a_letter())
    assert '<html lang="cy">' in html
    assert 'lang="en"' not in html


@pytest.mark.parametrize("length", [1, 40, 200])
def test_long_welsh_names_and_subjects_arrive_as_they_are(length):
    name = "Ŵ" * length
    subject = "ŷ gair " * length
    letter = a_letter(name=name, subject=subject)
    raw = message_from_bytes(letter.content)
    assert str(make_header(decode_header(parseaddr(raw["To"])[0]))) == name
    assert str(make_header(decode_header(raw["Subject"]))) == subject.strip()
    assert max(map(len, letter.content.split(b"\r\n"))) <= 998


def test_nothing_breaks_out_of_a_header():
    mail = read(a_letter(name="Siân\r\nBcc: all@qarth.example", subject="A\nBcc: all@qarth.example"))
    assert mail["Bcc"] is None
    assert len(mail["To"].addresses) == 1


def test_nothing_breaks_out_of_the_html():
    html = html_of(a_letter(body='<script>x</script> https://q.example/"onclick="x', subject="</title><b>"))
    assert "<script" not in html
    assert "<b>" not in html
    assert '"onclick' not in html


@pytest.mark.parametrize("address", ["", "no", "a@b@c", "siôn@qarth.example", "x\r\n@qarth.example"])
def test_an_address_that_is_none_cannot_be_written_to(address):
    with pytest.raises(ValidationError):
        a_letter(address=address)


def test_an_address_in_a_welsh_domain_is_written_in_its_other_spelling():
    letter = a_letter(address="sian@tŷ.cymru")
    assert letter.envelope_to == "sian@xn--t-foa.cymru"
    assert letter.content.isascii()


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=3000)
)
def test_any_words_arrive_as_they_are_in_seven_bits(body):
    letter = a_letter(body=body)
    assert letter.content.isascii()
    assert all(len(line) <= 998 for line in letter.content.split(b"\r\n"))
    (plain, _html) = read(letter).get_payload()
    assert plain.get_content().replace("\r\n", "\n") == body
