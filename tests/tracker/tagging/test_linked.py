"""Attachments become links: they are cut out and a line stands for each, or the mail stays as it is."""

import email
from email.message import EmailMessage

import pytest

from tests.tracker.tagging.mails import TEXT_PART, data_of, html_of, html_part, in_encoding, leaves, mail, multipart
from tracker.tagging import DocumentLink, Unsafe, linkable, with_links

LARGEST = 1_000_000
URL = "https://t.example/d/TOKEN{}"
PDF = b"%PDF-1.4 an offer"
LINE = '<div><a href="https://t.example/d/TOKEN0">Offer.pdf</a> (17 bytes)</div>'
BLOCK = f'<div style="margin:1em 0">{LINE}</div>'
TEXT_LINE = "Offer.pdf (17 bytes): https://t.example/d/TOKEN0"


def attached(
    name: str = "filename=Offer.pdf", kind: str = "application/pdf", data: bytes = PDF, extra: bytes = b""
) -> bytes:
    head = f"Content-Type: {kind}\nContent-Disposition: attachment; {name}\nContent-Transfer-Encoding: base64\n"
    return head.encode() + extra + b"\n" + in_encoding(data, "base64")


def a_mail(*files: bytes, html: str = "<p>Hello", text: bytes = TEXT_PART, encoding: str = "8bit") -> bytes:
    both = multipart("alternative", text, html_part(html, encoding), boundary="inner")
    return mail(multipart("mixed", both, *(files or (attached(),))))


def linked(raw: bytes) -> bytes:
    files, _ = linkable(raw, LARGEST)
    return with_links(
        raw, files, [DocumentLink(f.name, len(f.data), URL.format(number)) for number, f in enumerate(files)]
    )


def text_of(raw: bytes) -> str:
    return next(data_of(part) for part in leaves(raw) if part.get_content_type() == "text/plain").decode()


def types(raw: bytes) -> list[str]:
    return [part.get_content_type() for part in leaves(raw)]


def test_an_attachment_is_cut_out_and_named_in_both_texts() -> None:
    out = linked(a_mail())

    assert types(out) == ["text/plain", "text/html"]
    assert html_of(out) == f"<p>Hello{BLOCK}"
    assert TEXT_LINE in text_of(out)


def test_every_other_byte_stays() -> None:
    raw = a_mail(attached(), attached("filename=second.pdf"))

    out = linked(raw)

    first = raw.index(b"--=_b\r\nContent-Type: application/pdf")
    ours = out[out.index(b'<div style="margin') : out.index(b"\r\n--inner--")]
    text = out[out.index(b"\r\nOffer.pdf (") : out.index(b"\r\n--inner\r\nContent-Type: text/html")]
    assert out.replace(ours, b"").replace(text, b"") == raw[:first] + b"--=_b--\r\n"


def test_each_of_several_has_its_line_in_order() -> None:
    out = linked(a_mail(attached(), attached("filename=b.txt", "text/plain", b"words")))

    names = [name for name in ("Offer.pdf", "b.txt") if name in html_of(out)]
    assert names == ["Offer.pdf", "b.txt"]
    assert html_of(out).index("TOKEN0") < html_of(out).index("TOKEN1")


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
@pytest.mark.parametrize("end", ["\n", "", "\n\n"])
def test_every_encoding_carries_the_lines(encoding: str, end: str) -> None:
    head = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n".encode()
    text = head + in_encoding(f"Dear Zoë,\r\nhello = good{end}".encode(), encoding)

    out = linked(a_mail(text=text, html="<p>Zoë", encoding=encoding))

    lines = text_of(out).splitlines()
    assert (lines[0], lines[1], TEXT_LINE in lines) == ("Dear Zoë,", "hello = good", True)
    assert html_of(out) == f"<p>Zoë{BLOCK}"


def test_lines_in_quoted_printable_end_as_lines_of_the_text_do() -> None:
    head = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"

    out = linked(a_mail(text=head + b"Hello =\n there\n"))

    assert b"=0D" not in out
    assert TEXT_LINE in text_of(out).splitlines()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<div>Hi<div class="gmail_signature">Sam</div></div>',
            '<div>Hi{}<div class="gmail_signature">Sam</div></div>',
        ),
        (
            '<div>Hi</div><br><div class="gmail_quote"><blockquote>old <div class="gmail_signature">A</div>'
            "</blockquote></div>",
            '<div>Hi</div><br>{}<div class="gmail_quote"><blockquote>old <div class="gmail_signature">A</div>'
            "</blockquote></div>",
        ),
        ('<p>Hi</p><blockquote type="cite">old</blockquote>', '<p>Hi</p>{}<blockquote type="cite">old</blockquote>'),
        (
            '<blockquote type="cite">old</blockquote><p>my answer below</p>',
            '<blockquote type="cite">old</blockquote><p>my answer below</p>{}',
        ),
        ("<html><body><p>Hi</body></html>\n", "<html><body><p>Hi{}</body></html>\n"),
        ('<div class="gmail_signature">never closed', '<div class="gmail_signature">never closed{}'),
    ],
)
def test_lines_stand_where_the_authors_own_text_ends(html: str, expected: str) -> None:
    assert html_of(linked(a_mail(html=html))).strip() == expected.format(BLOCK).strip()


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("Hi\n-- \nSam\n", "-- "),
        ("Hi\n\nOn Monday, Ada <ada@acme.example>\nwrote:\n\n> old\n> older\n", "On Monday, Ada <ada@acme.example>"),
        ("Hi\n\n> old\n", "> old"),
        ("> old\nmy answer\n", None),
        ("Hi\n", None),
    ],
)
def test_lines_stand_where_the_plain_text_ends(text: str, before: str | None) -> None:
    part = b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()

    lines = text_of(linked(a_mail(text=part))).splitlines()

    rest = [line for line in lines[lines.index(TEXT_LINE) + 1 :] if line]
    assert (rest[0] if rest else None) == before


@pytest.mark.parametrize(
    "name",
    [
        'filename="Angebot =?utf-8?q?f=C3=BCr?= Zoe.pdf"',
        "filename*=utf-8''Angebot%20f%C3%BCr%20Zoe.pdf",
        "filename*0*=utf-8''Angebot%20; filename*1*=f%C3%BCr%20Zoe.pdf",
    ],
)
def test_names_are_read_in_every_spelling(name: str) -> None:
    out = linked(a_mail(attached(name)))

    assert "Angebot f&#252;r Zoe.pdf</a>" in html_of(out)
    assert "Angebot fur Zoe.pdf (17" in text_of(out)


def test_a_hostile_name_is_only_a_name() -> None:
    out = linked(a_mail(attached('filename="<script>alert(1)</script>\u202efdp.exe"'.encode().decode("latin-1"))))

    assert "<script" not in html_of(out)


STAY = [
    (attached("filename=invite.ics", "application/ics"), "files of this kind"),
    (attached("filename=mail.eml", "message/rfc822"), "files of this kind"),
    (attached("filename=signature.asc", "application/pgp-signature"), "files of this kind"),
    (attached("filename=winmail.dat", "application/ms-tnef"), "files of this kind"),
    (attached("x=y"), "it has no name"),
    (attached(data=b""), "it is empty"),
    (attached(data=bytes(LARGEST + 1)), "larger than 1.0 MB"),
    (attached().replace(b"base64\n", b"uuencode\n"), "cannot be read safely"),
]


@pytest.mark.parametrize(("part", "why"), STAY, ids=lambda one: one if isinstance(one, str) else "")
def test_what_is_no_plain_file_stays_attached_and_the_reason_is_told(part: bytes, why: str) -> None:
    raw = a_mail(attached(), part)

    files, left = linkable(raw, LARGEST)
    out = linked(raw)

    assert [file.name for file in files] == ["Offer.pdf"]
    assert len(left) == 1
    assert why in left[0]
    assert part.replace(b"\n", b"\r\n") in out


def test_a_picture_that_the_mail_shows_stays_where_it_is() -> None:
    picture = attached("filename=logo.png", "image/png", b"PNG", b"Content-ID: <logo@x>\n")

    files, left = linkable(a_mail(picture, html='<img src="cid:logo%40x">'), LARGEST)

    assert (files, left) == ((), ())


def test_an_inline_picture_is_no_attachment() -> None:
    inline = attached("filename=logo.png", "image/png").replace(b"attachment", b"inline")

    assert linkable(a_mail(inline), LARGEST) == ((), ())


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (mail(multipart("signed", multipart("mixed", html_part("x"), attached()), attached(), boundary="s")), "signed"),
        (mail(multipart("mixed", html_part("x"), multipart("signed", TEXT_PART, boundary="s"), attached())), "signed"),
        (mail(multipart("encrypted", attached())), "encrypted"),
        (
            mail(
                multipart(
                    "mixed",
                    multipart(
                        "alternative",
                        TEXT_PART,
                        html_part("x"),
                        b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR",
                        boundary="i",
                    ),
                    attached(),
                )
            ),
            "invitation",
        ),
        (mail(multipart("mixed", TEXT_PART, attached())), "plain_text"),
        (a_mail(text=b"Content-Type: text/plain; charset=utf-16\n\nHi"), "charset"),
        (a_mail(text=b"Content-Type: text/plain\n\n-----BEGIN PGP SIGNED MESSAGE-----\n"), "charset"),
        (a_mail(html="<frameset><frame></frameset>"), "fragile"),
        (a_mail(html="<p>Hi <!-- never closed"), "fragile"),
    ],
)
def test_a_mail_that_cannot_be_changed_safely_is_not_changed(raw: bytes, code: str) -> None:
    with pytest.raises(Unsafe) as refused:
        linkable(raw, LARGEST)

    assert refused.value.code == code


def test_a_mail_of_a_program_goes_through_whole() -> None:
    written = EmailMessage()
    written["To"] = "ada@acme.example"
    written.set_content("Dear Ada\n")
    written.add_alternative("<p>Dear Ada</p>", subtype="html")
    written.add_attachment(PDF, maintype="application", subtype="pdf", filename="Offer.pdf")
    written.add_attachment("words", filename="notes.txt")

    files, left = linkable(written.as_bytes(), LARGEST)
    out = email.message_from_bytes(linked(written.as_bytes()))

    assert ([(file.name, file.data) for file in files], left) == (
        [("Offer.pdf", PDF), ("notes.txt", b"words\n")],
        (),
    )
    assert out.defects == []
