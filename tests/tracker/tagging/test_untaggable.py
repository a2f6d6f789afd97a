"""What is left alone: byte for byte, with a reason that a salesperson understands."""

import pytest

from tests.tracker.tagging.mails import (
    PIXEL,
    PIXEL_TAG,
    TEXT_PART,
    html_part,
    in_encoding,
    mail,
    multipart,
    refusal,
    tag,
)
from tracker.tagging import GMAIL_LIMIT, Untaggable

PAGE = '<p><a href="https://acme.example/">x</a>'
HTML = html_part(PAGE)
SMIME = b"Content-Type: application/pkcs7-mime; smime-type=%s; name=smime.p7m\n\nAAAA"
ATTACHED_HTML = b'Content-Disposition: attachment; filename="x.html"\n' + HTML
NAMED_HTML = HTML.replace(b"text/html;", b"text/html; name=offer.html;")
AMP = HTML.replace(b"text/html", b"text/x-amp-html")
FORWARDED = b"Content-Type: message/rfc822\n\n" + mail(HTML, b"\n")
UTF16 = html_part(PAGE, "base64", "utf-16")


def _nested(levels: int) -> bytes:
    entity = HTML
    heads = [f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(levels)]
    return "".join(heads).encode() + entity


@pytest.mark.parametrize(
    ("entity", "code"),
    [
        (TEXT_PART, "plain_text"),
        (b"\nno content type", "plain_text"),
        (multipart("mixed", TEXT_PART, ATTACHED_HTML), "plain_text"),
        (multipart("mixed", TEXT_PART, NAMED_HTML), "plain_text"),
        (multipart("mixed", TEXT_PART, HTML.replace(b"\n\n", b"\nContent-Disposition: x-new\n\n", 1)), "plain_text"),
        (multipart("mixed", TEXT_PART, FORWARDED), "plain_text"),
        (multipart("alternative", TEXT_PART, AMP), "plain_text"),
        (multipart("digest", FORWARDED), "plain_text"),
        (multipart("signed", HTML, b"Content-Type: application/pgp-signature\n\nx"), "signed"),
        (multipart("mixed", multipart("signed", HTML, boundary="s"), html_part("footer")), "signed"),
        (SMIME % b"signed-data", "signed"),
        (SMIME % b"enveloped-data", "encrypted"),
        (b"Content-Disposition: attachment\n" + SMIME % b"enveloped-data", "encrypted"),
        (multipart("encrypted", b"Content-Type: application/pgp-encrypted\n\nx"), "encrypted"),
        (b"Content-Type: multipart/mixed\n\n--b\n" + HTML, "malformed"),
        (b'Content-Type: multipart/mixed; boundary=""\n\n--\n' + HTML + b"\n----\n", "malformed"),
        (b"Content-Type: multipart/mixed; boundary=b\n\nnothing of the kind", "malformed"),
        (b"Content-Type: text/plain\n" + HTML, "malformed"),
        (HTML.replace(b"8bit", b"x-uuencode"), "malformed"),
        (HTML.replace(b"8bit", b"quoted-printable;"), "malformed"),
        (b"no header at all\n" + HTML, "malformed"),
        (b"X-Long: 1\nContent-Type: text/html; x=" + b"y" * 9000 + b"\n\n<p>x", "malformed"),
        (html_part(PAGE * 30, "base64")[:-7], "malformed"),
        (html_part(PAGE, "base64") + b"\n-- \na list's footer", "malformed"),
        (html_part("x", "quoted-printable") + b"==x=\ry\n", "malformed"),
        (_nested(1000), "malformed"),
        (UTF16, "charset"),
        (UTF16.replace(b"utf-16", b"utf-8"), "charset"),
        (HTML.replace(b"utf-8", b"utf-7"), "charset"),
        (HTML.replace(b"utf-8", b"cp037"), "charset"),
        (HTML.replace(b"utf-8", b"iso-2022-kr"), "charset"),
        (HTML.replace(b"utf-8", b"x-ebcdic-us"), "charset"),
    ],
)
def test_what_cannot_be_tagged_safely_comes_back_as_it_was_with_the_reason(entity: bytes, code: str) -> None:
    raw = mail(entity)

    done = refusal(raw)

    assert (done.code, done.raw) == (code, raw)


def test_an_attached_smime_file_is_a_file_like_any_other() -> None:
    assert tag(mail(multipart("mixed", SMIME % b"enveloped-data", HTML))).links == 1


@pytest.mark.parametrize("raw", [b"", b"\n", b"\r\n\r\n", b"hello", b"\0" * 99, b"<html><body>x", b":\n\n<p>"])
def test_what_is_no_mail_comes_back_as_it_was(raw: bytes) -> None:
    done = refusal(raw)

    assert (done.code, done.raw) == ("malformed", raw)


@pytest.mark.parametrize("charset", ["x-unknown", "iso-8859-1", "us-ascii", "utf-8", "shift_jis", "\xff", ""])
@pytest.mark.parametrize("letter", ["é".encode(), b"\xe9", b"\x82\xa0", b"\xff\xfe"])
def test_a_lying_or_unknown_charset_changes_no_byte_outside_the_marks(charset: str, letter: bytes) -> None:
    raw = mail(html_part(b"<body>" + letter + b"</body>", "8bit", "utf-8").replace(b"utf-8", charset.encode("latin-1")))

    done = tag(raw)

    assert letter + b"</body>" in done.raw
    assert len(done.raw) == len(raw) + len(PIXEL_TAG)


def test_kanji_that_look_like_tags_are_no_tags() -> None:
    letters = next(chr(code) for code in range(0x3041, 0x9FA0) if b"<" in chr(code).encode("iso-2022-jp", "ignore"))
    page = f'{letters}<a href="https://acme.example/">{letters}</a>'

    done = tag(mail(html_part(page, "7bit", "iso-2022-jp"), b"\n"))

    assert page.split('"')[0] in done.raw.decode("iso-2022-jp")
    assert done.links == 1


def test_a_mail_at_gmails_limit_is_left_alone_and_one_that_grows_over_it_too() -> None:
    over = mail(multipart("mixed", HTML, TEXT_PART + b"x" * GMAIL_LIMIT).removesuffix(b"\n--=_b--\n"))

    assert refusal(over).code == "too_large"
    assert refusal(over[: GMAIL_LIMIT - 10]).code == "too_large"


def test_a_missing_closing_boundary_is_forgiven_as_nothing_depends_on_it() -> None:
    whole = multipart("alternative", TEXT_PART, HTML)

    assert PIXEL.encode() in tag(mail(whole.removesuffix(b"\n--=_b--\n"))).raw


def test_a_signed_part_behind_the_shown_one_stays_byte_for_byte() -> None:
    signed = multipart("signed", HTML, boundary="s")

    done = tag(mail(multipart("mixed", html_part("<p>x"), signed), b"\n"))

    assert signed in done.raw


@pytest.mark.parametrize("header", [b"X: " + b"a" * 10_000_000, b"X:" + b"\n a" * 2_000_000, b"X: a\n" * 1_500_000])
def test_a_header_of_megabytes_costs_no_more_than_reading_it(header: bytes) -> None:
    raw = header.rstrip(b"\n") + b"\n" + mail(HTML, b"\n")

    done = tag(raw)  # half a second; anything quadratic would take hours

    assert done.raw.startswith(header)


@pytest.mark.parametrize("levels", [20, 99])
def test_deep_nesting_is_followed_as_far_as_real_mail_goes(levels: int) -> None:
    assert tag(mail(_nested(levels))).links == 1


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_a_deeply_nested_page_is_tagged_all_the_same(encoding: str) -> None:
    raw = mail(html_part("<div>" * 20_000 + PAGE, encoding))

    assert tag(raw).links == 1


def test_every_reason_says_what_to_do() -> None:
    done = refusal(mail(TEXT_PART))

    assert isinstance(done, Untaggable)
    assert "untick “Plain text mode”" in done.reason


def test_base64_that_goes_on_behind_its_end_is_read_differently_by_different_programs_and_stays() -> None:
    body = in_encoding(b"<p>x</p>", "base64")
    raw = mail(b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + body + b"\n" + body)

    assert refusal(raw).code == "malformed"
