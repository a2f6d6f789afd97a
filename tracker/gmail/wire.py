"""Gmail's requests and answers as values: names and parameters come from Google's own discovery document."""

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from typing import Any, Protocol

from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc

from tracker.ports import Draft, DraftLine, SentFacts, SentName

# Google's front end answers 413 to JSON beyond some 5 MB, and base64 adds a third;
# the upload road takes 35 MB (`mediaUpload.maxSize` in the discovery document).
MOST_AS_JSON = 3_000_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, ready to go out. What is not `repeatable` must not be repeated while its outcome is unknown.

    `idempotent` says that doing it twice leaves the mailbox as doing it once.
    """

    what: str
    verb: str
    uri: str
    body: bytes = b""
    content_type: str = ""
    idempotent: bool = False

    @property
    def repeatable(self) -> bool:
        return self.idempotent or self.verb == "GET"


class _HttpRequest(Protocol):
    methodId: str
    method: str
    uri: str
    body: str | None
    headers: Mapping[str, str]


class Wire:
    """Builds every request we make, for the Gmail API at this root. Raises TypeError for what Gmail does not know."""

    def __init__(self, api_url: str) -> None:
        self._root = api_url.rstrip("/") + "/"
        document = json.loads(get_static_doc("gmail", "v1"))
        # `client_options.api_endpoint` would leave uploads at Google: the root itself has to change.
        document |= {"rootUrl": self._root, "baseUrl": self._root}
        self.users = build_from_document(document, http=_Nowhere()).users()
        self._drafts, self._messages = self.users.drafts(), self.users.messages()

    def drafts(self, limit: int) -> Ask:
        return ask_of(self._drafts.list(userId="me", maxResults=limit))

    def drafts_with(self, rfc_message_id: str) -> Ask:
        return ask_of(self._drafts.list(userId="me", q=f"rfc822msgid:{_bare(rfc_message_id)}", maxResults=1))

    def draft(self, draft_id: str) -> Ask:
        return ask_of(self._drafts.get(userId="me", id=draft_id, format="raw"))

    def draft_name(self, draft_id: str) -> Ask:
        return ask_of(self._drafts.get(userId="me", id=draft_id, format="minimal"))

    def draft_headers(self, draft_id: str) -> Ask:
        return ask_of(self._drafts.get(userId="me", id=draft_id, format="metadata"))

    def create_draft(self, raw: bytes, thread_id: str | None) -> Ask:
        return self._carrying(self._drafts.create, {}, raw, thread_id)

    def send_draft(self, draft_id: str, raw: bytes, thread_id: str | None) -> Ask:
        return self._carrying(self._drafts.send, {"id": draft_id}, raw, thread_id)

    def send_mail(self, raw: bytes) -> Ask:
        content = {"raw": base64.urlsafe_b64encode(raw).decode()} if len(raw) <= MOST_AS_JSON else {}
        ask = ask_of(self._messages.send(userId="me", body=content))
        return ask if content else self._by_upload(ask, raw)

    def message_headers(self, gmail_id: str) -> Ask:
        return ask_of(self._messages.get(userId="me", id=gmail_id, format="metadata", metadataHeaders=["Message-ID"]))

    def message(self, gmail_id: str) -> Ask:
        return ask_of(self._messages.get(userId="me", id=gmail_id, format="raw"))

    def sent_after(self, moment: datetime, limit: int) -> Ask:
        query = f"in:sent after:{int(moment.timestamp())}"
        return ask_of(self._messages.list(userId="me", q=query, maxResults=limit))

    def _carrying(self, method: Any, draft: dict[str, Any], raw: bytes, thread_id: str | None) -> Ask:
        message: dict[str, Any] = {"threadId": thread_id} if thread_id else {}
        if len(raw) <= MOST_AS_JSON:
            message["raw"] = base64.urlsafe_b64encode(raw).decode()
        ask = ask_of(method(userId="me", body={**draft, "message": message}))
        return ask if "raw" in message else self._by_upload(ask, raw)

    def _by_upload(self, ask: Ask, raw: bytes) -> Ask:
        """The same request on the upload road: its JSON, then the mail as it is.

        googleapiclient would flatten the mail with the standard library's
        generator, which rewrites what it sends.
        """
        boundary = secrets.token_hex(24)
        body = b"".join(
            (
                f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n".encode(),
                ask.body,
                f"\r\n--{boundary}\r\nContent-Type: message/rfc822\r\n\r\n".encode(),
                raw,
                f"\r\n--{boundary}--\r\n".encode(),
            )
        )
        uri = f"{self._root}upload/{ask.uri.removeprefix(self._root)}&uploadType=multipart"
        return Ask(ask.what, ask.verb, uri, body, f"multipart/related; boundary={boundary}")


def searchable(rfc_message_id: str) -> bool:
    """Whether Gmail's search takes this Message-ID as one word: else it would find somebody else's draft."""
    return re.fullmatch(r"[^\s\"(){}<>]+@[^\s\"(){}<>]+", _bare(rfc_message_id)) is not None


def draft_of(answer: Mapping[str, Any]) -> Draft:
    message = answer["message"]
    return Draft(answer["id"], raw_of(message), message.get("threadId"), draft_version_of(answer))


def draft_version_of(answer: Mapping[str, Any]) -> str:
    return str(answer["message"]["id"])


def draft_line_of(answer: Mapping[str, Any]) -> DraftLine:
    headers = headers_of(answer["message"])
    to = ", ".join(headers[name] for name in ("to", "cc", "bcc") if headers.get(name))
    return DraftLine(answer["id"], headers.get("subject", ""), to)


def draft_ids_of(answer: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(draft["id"] for draft in answer.get("drafts", ()))


def message_ids_of(answer: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(message["id"] for message in answer.get("messages", ()))


def id_of(answer: Mapping[str, Any]) -> str:
    return str(answer["id"])


def sent_name_of(answer: Mapping[str, Any]) -> SentName:
    return SentName(answer["id"], answer["threadId"])


def sent_facts_of(message: Mapping[str, Any]) -> SentFacts:
    return _facts(message, headers_of(message).get("message-id", ""))


def sent_mail_of(message: Mapping[str, Any]) -> tuple[SentFacts, bytes]:
    """A sent message that was asked for whole: its facts, and its source."""
    raw = raw_of(message)
    headers = BytesHeaderParser().parsebytes(raw)
    return _facts(message, str(headers.get("Message-ID", ""))), raw


def _facts(message: Mapping[str, Any], rfc_message_id: str) -> SentFacts:
    sent_at = datetime.fromtimestamp(int(message["internalDate"]) / 1000, UTC)
    return SentFacts(message["id"], message["threadId"], rfc_message_id.strip(), sent_at)


def headers_of(message: Mapping[str, Any]) -> dict[str, str]:
    headers = message.get("payload", {}).get("headers", ())
    # Of a repeated header Gmail, like us, believes the first.
    return {header["name"].lower(): header["value"] for header in reversed(headers)}


def raw_of(message: Mapping[str, Any]) -> bytes:
    text = message["raw"].encode("ascii")
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))


def _bare(rfc_message_id: str) -> str:
    return rfc_message_id.strip().removeprefix("<").removesuffix(">")


def ask_of(request: _HttpRequest, idempotent: bool = False) -> Ask:
    content_type = request.headers.get("content-type", "") if request.body else ""
    return Ask(request.methodId, request.method, request.uri, (request.body or "").encode(), content_type, idempotent)


class _Nowhere:
    """googleapiclient wants a transport; ours is asynchronous, so that its requests are only read, never executed."""
