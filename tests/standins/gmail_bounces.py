"""Bounces as the Gmail stand-in's world writes them: the same news in the dialects of three mail systems."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from tests.standins import gmail_mime as mime

_RAW = SMTP.clone(cte_type="8bit")


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail that did not reach one of its recipients."""

    raw: bytes
    sender: str
    address: str
    at: datetime

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def subject(self) -> str:
        return " ".join(mime.decoded(mime.field_of(self.raw, "Subject") or "").split())


def bounce(dialect: str, returned: Returned) -> bytes:
    """A delivery status notification (RFC 3464) in this dialect."""
    return DIALECTS[dialect](returned)


def answers_the_mail(dialect: str) -> bool:
    """Whether the bounce says in its head which mail it answers: Postfix's does not, and starts a conversation."""
    return dialect != "postfix"


def _gmail(returned: Returned) -> bytes:
    text = (
        f"** Address not found **\n\nYour message wasn't delivered to {returned.address} because the address couldn't"
        " be found, or is unable to receive mail.\n\nThe response from the remote server was:\n"
        f"550 5.1.1 <{returned.address}>: Recipient address rejected: User unknown\n"
    )
    reason = f"smtp; 550 5.1.1 <{returned.address}>: Recipient address rejected: User unknown"
    report = _report(
        returned, "googlemail.com", reason, "Remote-MTA: dns; mx.{0}. (198.51.100.25, the server for {0}.)"
    )
    mail = _head(
        returned,
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
    )
    mail["X-Failed-Recipients"] = returned.address
    _answering(mail, returned)
    return _built(mail, _text(text), report, _original(returned, whole=True))


def _exchange(returned: Returned) -> bytes:
    html = (
        f"<html><body><p><b>Your message to {returned.address} couldn't be delivered.</b></p><p>"
        f"{returned.address.partition('@')[0]} wasn't found at {returned.domain}.</p></body></html>"
    )
    reason = "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
    report = _report(returned, f"AM0PR0102.{returned.domain}", reason, "X-Display-Name: ")
    mail = _head(returned, f"Microsoft Outlook <postmaster@{returned.domain}>", f"Undeliverable: {returned.subject}")
    mail["X-MS-Exchange-Message-Is-Ndr"] = ""
    _answering(mail, returned)
    note = MIMEPart(policy=_RAW)
    note.set_content(html, subtype="html")
    return _built(mail, note, report, _original(returned, whole=True))


def _postfix(returned: Returned) -> bytes:
    text = (
        f"This is the mail system at host mx.{returned.domain}.\n\nI'm sorry to have to inform you that your message"
        " could not\nbe delivered to one or more recipients. It's attached below.\n\n                   The mail system"
        f'\n\n<{returned.address}>: unknown user: "{returned.address.partition("@")[0]}"\n'
    )
    reason = f'x-unix; unknown user: "{returned.address.partition("@")[0]}"'
    report = _report(returned, f"mx.{returned.domain}", reason, "X-Postfix-Queue-ID: 4F1A22C0A1")
    mail = _head(
        returned,
        f"Mail Delivery System <MAILER-DAEMON@mx.{returned.domain}>",
        "Undelivered Mail Returned to Sender",
    )
    return _built(mail, _text(text), report, _original(returned, whole=False))


DIALECTS: dict[str, Callable[[Returned], bytes]] = {"gmail": _gmail, "exchange": _exchange, "postfix": _postfix}


def _head(returned: Returned, sender: str, subject: str) -> EmailMessage:
    mail = EmailMessage(policy=_RAW)
    mail["From"] = sender
    mail["To"] = returned.sender
    mail["Subject"] = subject
    mail["Date"] = format_datetime(returned.at)
    mail["Message-ID"] = make_msgid(domain=f"mx.{returned.domain}")
    mail["Auto-Submitted"] = "auto-replied"
    return mail


def _answering(mail: EmailMessage, returned: Returned) -> None:
    mail["In-Reply-To"] = mail["References"] = mime.message_id_of(returned.raw)


def _text(text: str) -> MIMEPart:
    part = MIMEPart(policy=_RAW)
    part.set_content(text)
    return part


def _report(returned: Returned, reporting: str, reason: str, extra: str) -> MIMEPart:
    about_all = f"Reporting-MTA: dns; {reporting}\r\nArrival-Date: {format_datetime(returned.at)}\r\n"
    about_one = (
        f"Final-Recipient: rfc822; {returned.address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"{extra.format(returned.domain)}\r\nDiagnostic-Code: {reason}\r\n"
    )
    return _plain_part("message/delivery-status", f"{about_all}\r\n{about_one}\r\n")


def _original(returned: Returned, whole: bool) -> MIMEPart:
    raw = mime.without_field(returned.raw, "Bcc")
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    return _plain_part(kind, (raw if whole else mime.head_of(raw)).decode("utf-8", "surrogateescape"))


def _plain_part(kind: str, content: str) -> MIMEPart:
    # Content that goes out as it is: these kinds may not be encoded (RFC 2046, RFC 3464).
    part = MIMEPart(policy=_RAW)
    part["Content-Type"] = kind
    part.set_payload(content)
    return part


def _built(mail: EmailMessage, *parts: MIMEPart) -> bytes:
    """The multipart/report around its three parts, by hand: the parts must stay byte for byte as they are."""
    line = "=_bounce_4F1A22C0A1"
    head = f"{mail.as_bytes().decode().rstrip()}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report;"
    body = b"".join(f"--{line}\r\n".encode() + _source(part) + b"\r\n" for part in parts)
    kind = f' boundary="{line}"; report-type=delivery-status'
    return f"{head}\r\n{kind}\r\n\r\n".encode() + body + f"--{line}--\r\n".encode()


def _source(part: MIMEPart) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, str) and part.get_content_maintype() == "message":
        return f"Content-Type: {part.get_content_type()}\r\n\r\n".encode() + payload.encode("utf-8", "surrogateescape")
    return part.as_bytes()
