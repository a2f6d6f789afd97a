import pytest

from tests.standins.gmail_caller import a_mail
from tracker.gmail.marks import carries


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\xff\xfe\x00" * 50,
        a_mail("", content_type="text/html; charset=utf-16", content_transfer_encoding="base64") + b"!!!!",
        a_mail("", content_type="text/html; charset=utf-16-klingon") + b"\xff",
        a_mail("", content_type='multipart/mixed; boundary="'),
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)),
    ],
    ids=["empty", "noise", "bad base64", "unknown wide charset", "no boundary", "nested 3000 deep"],
)
def test_broken_mail_carries_no_mark_and_stops_nobody(mail: bytes):
    assert carries(mail, ["mark"]) is False


def test_an_empty_mark_is_carried_by_nothing():
    assert carries(a_mail(), [""]) is False


def test_a_mark_split_by_a_soft_line_break_is_found():
    mail = a_mail("", content_type="text/html", content_transfer_encoding="quoted-printable").rstrip() + b"\r\n\r\n"

    assert carries(mail + b"ma=\r\nrk", ["mark"])
