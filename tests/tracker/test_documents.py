"""Documents' names are harmless wherever they are shown or saved."""

import pytest

from tests.makers import NOON
from tracker.documents import Document, document_in, file_name, hit_link, size_words


@pytest.mark.parametrize(
    ("written", "saved"),
    [
        ("Offer.pdf", "Offer.pdf"),
        ("Angebot für Zoë.pdf", "Angebot für Zoë.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("offer\u202efdp.exe", "offerfdp.exe"),
        ("a\r\nX-Header: b.pdf", "a X-Header_ b.pdf"),
        ("nul\0.pdf", "nul.pdf"),
        ('<b>"|?*.pdf', "_b_____.pdf"),
        (".htaccess", "htaccess"),
        ("offer.pdf. . ", "offer.pdf"),
        ("", "document"),
        ("...", "document"),
        ("\ud800\u2028", "document"),
    ],
)
def test_a_name_is_what_every_system_can_save(written: str, saved: str) -> None:
    assert file_name(written) == saved


def test_a_name_of_a_thousand_characters_keeps_its_ending() -> None:
    name = file_name("x" * 1000 + ".pdf")

    assert (len(name), name[-5:]) == (120, "….pdf")


def test_a_name_made_safe_is_safe() -> None:
    for written in ("x" * 1000 + ".pdf", "a" * 119 + " b.pdf", "x." * 500, "." * 1000 + "pdf"):
        assert file_name(file_name(written)) == file_name(written)


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (25e6, "25.0 MB")],
)
def test_sizes_are_said_as_mail_programs_say_them(size: int, words: str) -> None:
    assert size_words(int(size)) == words


def test_a_hit_tells_of_its_document_and_a_link_of_none() -> None:
    document = Document("00" * 8, "m", "Offer 1/2.pdf", "application/pdf", 1, NOON)

    assert document_in(hit_link(document)) == "Offer 1/2.pdf"
    assert document_in("https://acme.example/document:x/y") == document_in(None) == ""
