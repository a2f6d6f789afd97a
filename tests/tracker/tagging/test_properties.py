"""Promises that hold for any bytes at all."""

import binascii

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracker.tagging.mails import OLD_PIXEL, PIXEL_TAG, a_tagging, html_part, mail, multipart, tracked
from tracker.model import Recipient
from tracker.tagging import (
    Tagged,
    Untaggable,
    addressed_to,
    message_id_of,
    recipients_of,
    subject_of,
    tag_mail,
    with_message_id,
)
from tracker.tagging.addresses import recipients_in
from tracker.tagging.quoted import decoded, encoded, spliced_quoted
from tracker.tagging.splice import Edit, spliced

PIECES = [
    *("<html>", "<head>", "</head>", "<body>", "</body>", "</html>", "<!doctype html>", "<!-- x -->", "<!--", "-->"),
    *(
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<b>",
        "</b>",
        "<title>",
        "</title>",
        "<style>",
        "</style>",
    ),
    *("<svg>", "</svg>", "<math>", "<template>", "</template>", "<select>", "<textarea>", "</textarea>", "<plaintext>"),
    *(
        "<frameset>",
        "<noscript>",
        "<form>",
        "<script>",
        "</script>",
        "<![CDATA[",
        "<a",
        "href=",
        ">",
        '"',
        "'",
        "/",
        "=",
    ),
    *(
        '<a href="https://a.example/?x=1&amp;y=2">',
        "</a>",
        "<a href=https://b.example>",
        "<area href='https://c.example'>",
    ),
    *(f'<a href="{tracked("https://d.example/")}">', f'<img src="{OLD_PIXEL}">', "<img src=x>", "<image src=y>"),
    *(
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "\0",
        "é",
        "😀",
        "&amp;",
        "&copy",
        "&#0;",
        "=",
        "=3D",
        "=\n",
        "--b",
        "--b--",
        "\ufeff",
    ),
    *("Content-Type: text/html\n\n", "Content-Type: multipart/mixed; boundary=b\n\n", "\n--b\n", "\n--b--\n", "x: y\n"),
    *("Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n", "charset=utf-16"),
]
pieces = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join)
some_bytes = st.binary(max_size=60) | pieces.map(lambda text: text.encode("utf-8", "replace"))
encodings = st.sampled_from(["8bit", "quoted-printable", "base64", "binary"])


@given(some_bytes, st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_tagged_or_come_back_with_a_reason(raw: bytes, links: bool) -> None:
    done = tag_mail(raw, a_tagging(links=links))

    assert isinstance(done, Tagged) or (done.raw == raw and done.reason)


@given(pieces, encodings, st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_page_in_a_sound_mail_is_tagged_so_that_tagging_again_changes_nothing(
    page: str, encoding: str, nested: bool
) -> None:
    part = html_part(page.encode("utf-8", "replace"), encoding)

    done = tag_mail(mail(multipart("mixed", part, boundary="=_outer") if nested else part, b"\n"), a_tagging())

    if isinstance(done, Tagged):
        again = tag_mail(done.raw, a_tagging())
        assert isinstance(again, Tagged)
        assert _without_marks(again) == _without_marks(done)


def _without_marks(done: Tagged) -> tuple[int, int]:
    return done.links, done.raw.count(b"/o/")


@given(pieces.filter(lambda page: "/o/" not in page and "/c/" not in page))
@settings(max_examples=150, deadline=None)
def test_without_links_the_pixel_is_the_only_difference(page: str) -> None:
    raw = mail(html_part(page.encode("utf-8", "replace")), b"\n")

    done = tag_mail(raw, a_tagging(links=False))

    assert isinstance(done, Untaggable) or done.raw.replace(PIXEL_TAG.encode(), b"", 1) == raw


@given(st.binary(max_size=300), st.data())
@settings(max_examples=150, deadline=None)
def test_an_edited_quoted_body_decodes_to_the_edited_data(data: bytes, draw: st.DataObject) -> None:
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), min_size=2, max_size=6)))
    news = draw.draw(st.lists(st.binary(max_size=120), min_size=3, max_size=3))
    edits = [Edit(start, end, new) for start, end, new in zip(cuts[::2], cuts[1::2], news, strict=False)]
    body = encoded(data, b"\n")

    done = spliced_quoted(body, edits, b"\n")

    assert decoded(done) == spliced(data, edits)
    assert max(map(len, done.split(b"\n"))) <= 76


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_quoting_any_data_can_be_undone_by_others(data: bytes) -> None:
    assert binascii.a2b_qp(encoded(data, b"\r\n")) == data


@given(some_bytes | st.binary(max_size=80).map(lambda value: b"To: " + value + b"\nSubject: " + value))
@settings(max_examples=150, deadline=None)
def test_any_header_is_read_and_edited(raw: bytes) -> None:
    subject_of(raw)
    edited = with_message_id(addressed_to(raw, Recipient("ada@acme.example", "Ada")), "1@t.example")

    assert recipients_of(edited)[:1] == (Recipient("ada@acme.example", "Ada"),)
    assert message_id_of(edited)


@given(st.text(max_size=60), st.text(st.sampled_from('"<>()@,;:\\ ab.=?\n'), max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_list_of_addresses_is_read_and_what_is_found_can_be_written(text: str, marks: str) -> None:
    for recipient in (*recipients_in(text), *recipients_in(marks)):
        assert recipients_of(addressed_to(b"\n", recipient)) == (recipient,)
