"""Where the pixel goes: once, at the top of what the reader sees, with every other byte as it was."""

import pytest

from tests.tracker.tagging.mails import (
    OLD_PIXEL,
    PIXEL,
    PIXEL_TAG,
    TEXT_PART,
    html_of,
    html_part,
    mail,
    multipart,
    refusal,
    tag,
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<html><head><title>t</title></head><body bgcolor=red>", "Hello</body></html>"),
        ("<!doctype html>\n<html>\n<BODY\nclass='x>y'>", "\n<p>Hello"),
        ("", '<div dir="ltr">Hello</div>'),
        ("", "Hello <b>Ada</b>"),
        ("", ""),
        ("<style>p { color: red }</style>", "<div>Hello</div>"),
        ("<style>p { color: red }</style>", "Hello <b>Ada</b>"),
        ("<html><head><title>t</title></head>", "Hello <b>Ada</b>"),
        ("<!-- a comment with <body> --><!doctype html> ", "Hello <b>Ada</b>"),
        ("<title>t</title><meta charset=utf-8>", "Hello"),
        ("<!doctype html><html><head></head>", "<table><tr><td>Hello</table>"),
        ("\ufeff<html><body>", "Hello"),
        ("</div>\n</p>\n", "Hello, cut out of a longer mail"),
    ],
)
def test_the_pixel_is_the_first_thing_in_the_body(before: str, after: str) -> None:
    raw = mail(html_part(before + after), b"\n")

    done = tag(raw)

    assert html_of(done.raw) == before + PIXEL_TAG + after


def test_nothing_but_the_pixel_is_added_to_a_mail_without_links() -> None:
    raw = mail(html_part("<body>Hello</body>"))

    done = tag(raw)

    assert done.raw == raw.replace(b"<body>", b"<body>" + PIXEL_TAG.encode())


def test_a_pixel_address_is_escaped_as_an_attribute() -> None:
    done = tag(mail(html_part("<p>x")), pixel="https://t.example/o/a.gif?b=1&c=2")

    assert b'src="https://t.example/o/a.gif?b=1&amp;c=2"' in done.raw


def test_of_several_shown_html_parts_the_first_carries_the_pixel_and_all_have_their_links_tracked() -> None:
    page = '<a href="https://acme.example/{}">x</a>'
    raw = mail(multipart("mixed", html_part(page.format(1)), TEXT_PART, html_part(page.format(2))), b"\n")

    done = tag(raw)

    assert (done.raw.count(PIXEL.encode()), done.links) == (1, 2)
    assert done.raw.index(PIXEL.encode()) < done.raw.index(b"Hello Ada")


def test_a_further_html_part_that_cannot_be_changed_stays_and_the_sender_is_told() -> None:
    odd = html_part('<a href="https://acme.example/">x</a>', "base64", "utf-16")

    done = tag(mail(multipart("mixed", html_part("<p>Hello"), odd), b"\n"))

    assert odd in done.raw
    assert done.notes == (
        "The links in one part of the mail were left as they are: that part cannot be changed safely.",
    )


def test_of_two_html_alternatives_the_last_carries_the_pixel_as_it_is_the_one_shown() -> None:
    raw = mail(multipart("alternative", html_part("<p>poor"), html_part("<p>rich")))

    done = tag(raw)

    assert PIXEL_TAG.encode() + b"<p>rich" in done.raw
    assert done.raw.count(PIXEL.encode()) == 1


def test_a_page_of_frames_has_no_place_for_a_pixel_and_stays() -> None:
    raw = mail(html_part("<html><frameset><frame src=x></frameset></html>"))

    assert refusal(raw).code == "fragile"


def test_a_comment_that_ends_at_once_does_not_lead_the_pixel_into_a_tag() -> None:
    old = OLD_PIXEL.join(('<img alt="-->" src="', '">'))

    done = tag(mail(html_part("<!-->" + old + "Hello"), b"\n"))

    assert html_of(done.raw) == f"<!-->{PIXEL_TAG}Hello"
