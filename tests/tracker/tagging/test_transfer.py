"""Transfer encodings are kept, and what an edit does not touch keeps its very bytes."""

import base64
import quopri

import pytest

from tests.tracker.tagging.mails import PIXEL, TEXT_PART, a_tagging, html_of, html_part, mail, multipart, tag, tracked
from tracker.tagging import Tagged, tag_mail
from tracker.tagging.quoted import encoded, spliced_quoted
from tracker.tagging.splice import Edit

WORDS = "<p>Grüße aus Wien = schön, und noch etwas mehr, damit die Zeile umbrochen werden muss.</p>\n"
LINK = '<p><a href="https://acme.example/?a=1&amp;b=2">Grüße</a></p>\n'


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_quoted_lines_that_no_edit_touches_stay(newline: bytes) -> None:
    raw = mail(html_part("<html><body>\n" + WORDS * 20 + LINK + WORDS * 20, "quoted-printable"), newline)

    after = tag(raw).raw.split(newline)

    kept = [line for line in raw.split(newline) if line in after]
    assert len(raw.split(newline)) - len(kept) <= 4


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("padding", range(0, 90, 1))
def test_quoted_lines_stay_within_76_characters_wherever_the_edits_fall(newline: bytes, padding: int) -> None:
    raw = mail(html_part("<b>" + "x" * padding + "</b>" + LINK + "é" * padding + LINK, "quoted-printable"), newline)

    done = tag(raw)

    assert max(map(len, done.raw.split(newline))) <= max(76, *map(len, raw.split(newline)[:6]))
    assert b"\n" not in done.raw.replace(newline, b"")


@pytest.mark.parametrize(
    ("body", "start", "end", "new", "after"),
    [
        (b"ab=\ncd", 2, 2, b"X", b"ab=\nXcd"),
        (b"a=C3=A9b\n", 1, 3, b"=", b"a=3Db\n"),
        (b"ab <i> \ncd", 3, 6, b"", b"ab =\n \ncd"),
        (b"ab=\n<i>=\ncd", 2, 5, b"", b"ab=\ncd"),
        (b"<i>--b\n", 0, 3, b"", b"=2D-b\n"),
        (b"", 0, 0, b"x", b"x"),
        (b"=\n", 0, 0, b"x", b"x=\n"),
        (b"x" * 76 + b"\n", 76, 76, b"y", b"x" * 75 + b"=\nxy\n"),
        (b"x" * 73 + b"=3D\n", 74, 74, b"y", b"x" * 73 + b"=\n=3Dy\n"),
    ],
)
def test_a_quoted_body_is_edited_in_place(body: bytes, start: int, end: int, new: bytes, after: bytes) -> None:
    assert spliced_quoted(body, [Edit(start, end, new)], b"\n") == after


def test_soft_breaks_never_make_a_line_that_looks_like_a_boundary() -> None:
    lines = encoded(b"-" * 400, b"\n").split(b"\n")

    assert not [line for line in lines if line.startswith(b"-")]


@pytest.mark.parametrize(
    "data", [b"", b"a=b \n\tc\t\r\n\xff\r", b"x" * 500 + b"\n", "é".encode() * 200, b". \nFrom me\n"]
)
def test_quoting_can_be_undone(data: bytes) -> None:
    assert quopri.decodestring(encoded(data, b"\n")) == data


def test_base64_keeps_its_width_its_blank_space_and_the_lines_before_the_pixel() -> None:
    page = b"<style>" + b"x" * 300 + b"</style><body>Hello"
    text = base64.b64encode(page)
    lines = b"\n".join(text[at : at + 60] for at in range(0, len(text), 60))
    head = b"Content-Type: text/html\nContent-Transfer-Encoding: BASE64\n\n"

    after = tag(mail(head + b"\n" + lines + b"\n\n", b"\n")).raw

    assert lines[:360] in after
    assert {len(line) for line in after.partition(lines[:360])[2].split(b"\n")[1:4]} <= {60, 40, 44, 48, 52, 56, 0}
    assert after.endswith(b"\n\n")


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("encoding", ["7bit", "8bit"])
def test_a_line_that_would_become_too_long_is_broken_inside_the_tag(encoding: str, newline: bytes) -> None:
    page = "<p>" + "x" * 600 + '<a href="https://acme.example/">x</a>' + "y" * 350

    done = tag(mail(html_part(page, encoding), newline))

    assert max(map(len, done.raw.split(newline))) <= 998
    assert b"Content-Transfer-Encoding: " + encoding.encode() in done.raw
    assert f'{newline.decode()}href="{tracked("https://acme.example/")}"{newline.decode()}'.encode() in done.raw


@pytest.mark.parametrize("named", [True, False])
def test_a_link_too_long_for_any_line_makes_the_part_quoted_printable_and_leaves_the_others(named: bool) -> None:
    address = "https://acme.example/" + "x" * 900
    html = html_part(f'<p>Grüße\n<a href="{address}">x</a>\n')
    html = html if named else html.replace(b"Content-Transfer-Encoding: 8bit\n", b"")

    done = tag(mail(multipart("alternative", TEXT_PART, html)))

    assert done.raw.count(b"Content-Transfer-Encoding: quoted-printable\r\n") == 1
    assert b"8bit" not in done.raw
    assert max(map(len, done.raw.split(b"\r\n"))) <= 998
    assert f'<p>Grüße\r\n<a href="{tracked(address)}">x</a>\r\n' in html_of(done.raw)


def test_a_binary_body_has_no_lines_to_be_too_long() -> None:
    done = tag(mail(html_part("<p>" + "x" * 2000, "binary")))

    assert b"Content-Transfer-Encoding: binary" in done.raw
    assert f'{PIXEL}" width'.encode() in done.raw


def test_lines_that_were_too_long_before_are_no_reason_to_change_the_encoding() -> None:
    done = tag(mail(html_part("<p>\n" + "x" * 2000)))

    assert b"8bit" in done.raw


def test_a_quoted_page_in_one_line_of_a_megabyte_with_thousands_of_links_is_tagged_at_once() -> None:
    page = b'<a href=3D"https://acme.example/">x</a>' + b"x" * 300
    raw = mail(b"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n" + page * 3000)

    done = tag_mail(raw, a_tagging())

    assert isinstance(done, Tagged)
    assert done.links == 3000
