"""Every real mail we have: only the pixel and the hrefs differ, and tagging twice is tagging once."""

from itertools import product
from pathlib import Path

import pytest

from tests.tracker.tagging.mails import (
    PIXEL,
    TEXT_PART,
    Events,
    a_tagging,
    data_of,
    html_part,
    leaves,
    mail,
    multipart,
    original,
    tag,
)
from tracker.tagging import Untaggable, tag_mail

CORPUS = Path(__file__).parents[4] / "shared" / "mail"
MAILS = sorted(CORPUS.glob("mime/*.eml"))
PAGES = sorted([*CORPUS.glob("templates/*.html"), *CORPUS.glob("html-replies/*.html")])
ENCODINGS = ("8bit", "quoted-printable", "base64")
ATTACHED = (
    b"Content-Type: text/html; name=offer.html\nContent-Disposition: attachment; filename=offer.html\n"
    b"Content-Transfer-Encoding: base64\n\nPGEgaHJlZj0iaHR0cHM6Ly9hY21lLmV4YW1wbGUiPng8L2E+\n"
)

pytestmark = pytest.mark.skipif(not MAILS, reason="the corpus of real mail (../shared/mail) is not beside this folder")


def _forms(page: bytes) -> list[bytes]:
    """The page in the MIME forms that real programs write."""
    forms = []
    for encoding, newline in product(ENCODINGS, (b"\n", b"\r\n")):
        html = html_part(page, encoding)
        both = multipart("alternative", TEXT_PART, html, boundary="inner")
        nested = multipart("mixed", multipart("related", both, ATTACHED, boundary="middle"), ATTACHED)
        forms += [mail(html, newline), mail(both, newline), mail(nested, newline)]
    return forms


def _assert_only_marks_differ(before: bytes, after: bytes) -> None:
    old, new = leaves(before), leaves(after)
    changed = [number for number, (a, b) in enumerate(zip(old, new, strict=True)) if a.as_bytes() != b.as_bytes()]
    assert all(new[number].get_content_type() == "text/html" for number in changed)
    assert all(a.items() == b.items() for a, b in zip(old, new, strict=True))
    pages = [(Events(_text(old[number])), Events(_text(new[number]))) for number in changed]
    assert sum(page.pixels for _, page in pages) == 1
    for was, page in pages:
        assert page.seen == was.seen
        assert [_untracked(href) for href in page.hrefs] == [_untracked(href) for href in was.hrefs]


def _text(part) -> str:
    return data_of(part).decode("latin-1")


def _untracked(href: str | None) -> str | None:
    token = (href or "").partition("/c/")[2]
    return (original(token) if token else href or "").strip()


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_real_mail_is_tagged_in_its_marks_only_or_left_alone(path: Path) -> None:
    raw = path.read_bytes()

    done = tag_mail(raw, a_tagging())

    if isinstance(done, Untaggable):
        assert done.raw == raw
    else:
        _assert_only_marks_differ(raw, done.raw)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_real_page_is_tagged_in_its_marks_only_in_every_form(path: Path) -> None:
    for raw in _forms(path.read_bytes()):
        _assert_only_marks_differ(raw, tag(raw).raw)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_tagged_page_tagged_again_has_one_pixel_and_its_links_tracked_once(path: Path) -> None:
    for raw in _forms(path.read_bytes())[::4]:
        once = tag(raw)

        twice = tag(tag(raw, pixel=PIXEL.replace("AAAA", "ZZZZ")).raw)

        assert (twice.pixels_cut, twice.restored) == (1, once.links)
        assert [data_of(part) for part in leaves(twice.raw)] == [data_of(part) for part in leaves(once.raw)]


def test_the_corpus_is_mostly_taggable_where_it_has_html() -> None:
    shown = [raw for raw in (path.read_bytes() for path in MAILS) if b"text/html" in raw.lower()]

    refused = [done.code for done in (tag_mail(raw, a_tagging()) for raw in shown) if isinstance(done, Untaggable)]

    assert len(refused) <= len(shown) // 4
