"""Our tokens are read out of whatever Gmail made of a mail, and out of rubbish nothing is."""

from email.message import EmailMessage

import pytest

from tests.tracker.sending.conftest import BASE, TOKENS
from tracker.syncing.sources import link_tokens, pixel_tokens

TOKEN = TOKENS.pixel("0123456789abcdef")
HTML = f'<p>Hello</p><img src="{BASE}/o/{TOKEN}.gif">'


def a_mail(html: str, cte: str, charset: str = "utf-8") -> bytes:
    mail = EmailMessage()
    mail.set_content("Hello")
    mail.add_alternative(html, subtype="html", cte=cte, charset=charset)
    return mail.as_bytes()


@pytest.mark.parametrize("cte", ["7bit", "quoted-printable", "base64"])
def test_a_pixels_token_is_found_however_the_mail_is_encoded(cte: str) -> None:
    assert pixel_tokens(a_mail(HTML, cte)) == (TOKEN,)


def test_a_pixels_token_is_found_in_wide_letters() -> None:
    assert pixel_tokens(a_mail(HTML, "base64", "utf-16")) == (TOKEN,)


def test_a_token_is_named_once() -> None:
    assert pixel_tokens(a_mail(HTML * 3, "base64")) == (TOKEN,)


def test_a_links_token_is_found() -> None:
    token = TOKENS.link("0123456789abcdef", "https://acme.example/offer")

    assert link_tokens(a_mail(f'<a href="{BASE}/c/{token}">offer</a>', "quoted-printable")) == (token,)


def test_plain_text_names_no_pixel() -> None:
    assert pixel_tokens(f"Content-Type: text/plain\r\n\r\n{HTML}".encode()) == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: text/html; charset=rot13\r\n\r\n<p>",
        b'Content-Type: text/html; charset="\xff"\r\n\r\n<p>',
        b"Content-Type: multipart/mixed\r\n\r\n--\r\n",
    ],
)
def test_rubbish_names_nothing(raw: bytes) -> None:
    assert pixel_tokens(raw) == ()
