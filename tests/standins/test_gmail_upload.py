"""The upload road of the Gmail stand-in, which big mails must take."""

import json

import pytest

from tests.standins.gmail import GmailStandin
from tests.standins.gmail_caller import SENDER, Said, a_mail, calling

KIND = "multipart/related; boundary=xx"


async def _upload(standin: GmailStandin, body: bytes, kind: str = KIND, upload: str = "multipart") -> Said:
    async with calling(standin) as gmail:
        url = f"{gmail.api_url}upload/gmail/v1/users/me/drafts?uploadType={upload}"
        headers = {"Authorization": gmail.authorization, "Content-Type": kind}
        async with gmail.session.post(url, data=body, headers=headers) as answer:
            return Said(answer.status, await answer.json())


def _parts(mail: bytes, media: str = "message/rfc822", meta: str = "{}") -> bytes:
    first = f"--xx\r\nContent-Type: application/json\r\n\r\n{meta}\r\n".encode()
    return first + f"--xx\r\nContent-Type: {media}\r\n\r\n".encode() + mail + b"\r\n--xx--"


async def test_an_uploaded_mail_becomes_a_draft():
    standin = GmailStandin()
    mail = a_mail(message_id="<1@sender.example>")

    said = await _upload(standin, _parts(mail, meta=json.dumps({"message": {}})))

    assert standin.mailboxes[SENDER].drafts[said.json["id"]].raw == mail


@pytest.mark.parametrize(
    ("body", "kind", "upload", "status"),
    [
        (_parts(a_mail(), "text/plain"), KIND, "multipart", 400),
        (_parts(a_mail(), meta="{"), KIND, "multipart", 400),
        (_parts(a_mail(), meta='{"mail": 1}'), KIND, "multipart", 400),
        (b"--xx--", KIND, "multipart", 400),
        (_parts(a_mail()), "multipart/related; boundary=yy", "multipart", 400),
        (_parts(a_mail()), "application/json", "multipart", 400),
        (a_mail(), "message/rfc822", "media", 501),
        (b"", KIND, "resumable", 501),
    ],
)
async def test_a_malformed_upload_is_refused(body: bytes, kind: str, upload: str, status: int):
    standin = GmailStandin()

    said = await _upload(standin, body, kind, upload)

    assert said.status == status
    assert not standin.mailboxes[SENDER].drafts
