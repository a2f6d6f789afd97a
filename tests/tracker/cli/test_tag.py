"""`twotick tag`: a mail from a file or stdin, without any account or database."""

from pathlib import Path

from tests.tracker.cli.conftest import Twotick
from tracker.cli.tag import UNTOUCHED

HTML = b'To: ada@acme.example\r\nContent-Type: text/html\r\n\r\n<p>See <a href="https://acme.example/">us</a></p>\r\n'
PLAIN = b"To: ada@acme.example\r\n\r\nDear Ada\r\n"


def test_a_mail_from_stdin_comes_out_with_a_pixel_and_every_other_byte(twotick: Twotick) -> None:
    ended = twotick("tag", "-", "--token-url-base", "https://track.example", stdin=HTML)

    pixel = ended.out.partition(b"\r\n\r\n")[2].partition(b"<p>")[0]
    assert pixel.startswith(b'<img src="https://track.example/o/')
    assert ended.out.replace(pixel, b"") == HTML
    assert (ended.code, ended.errors) == (0, "")


def test_links_are_tracked_only_when_asked_for(twotick: Twotick, tmp_path: Path) -> None:
    (tmp_path / "in.eml").write_bytes(HTML)

    without, tracked = twotick("tag", "in.eml"), twotick("tag", "in.eml", "--links")

    assert b'href="https://acme.example/"' in without.out
    assert b'href="http://localhost:8080/c/' in tracked.out


def test_what_cannot_be_tagged_comes_out_as_it_was_with_the_reason(twotick: Twotick) -> None:
    ended = twotick("tag", "-", stdin=PLAIN)

    assert (ended.code, ended.out) == (UNTOUCHED, PLAIN)
    assert ended.errors.startswith("twotick: left untouched: This mail has plain text only")


def test_what_was_left_untracked_is_said(twotick: Twotick) -> None:
    long = HTML.replace(b"acme.example/", b"acme.example/" + b"x" * 2000)

    assert "1 link left untracked" in twotick("tag", "-", "--links", stdin=long).errors


def test_a_file_that_is_not_there_or_empty_is_named(twotick: Twotick) -> None:
    missing, empty = twotick("tag", "no.eml"), twotick("tag", "-", stdin=b" \n")

    assert (missing.code, empty.code) == (1, 1)
    assert "cannot read no.eml" in missing.errors
    assert "stdin is empty" in empty.errors
