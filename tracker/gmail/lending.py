"""Gmail with the tokens of an add-on's event: one question, one answer, nothing kept."""

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from tracker.clock import Clock, utc_now
from tracker.gmail.auth import exchange
from tracker.gmail.connections import Connections
from tracker.gmail.failures import Passing, failure_of
from tracker.gmail.mailbox_wire import MailboxWire, mail_facts_of
from tracker.gmail.wire import Ask, Wire
from tracker.lending import Lending, Lent, NewDraft
from tracker.mailbox import MailFacts, NotGranted
from tracker.ports import NotAuthorized, Refused, TryLater

_SECONDS = 20.0  # the person is told long before: what comes later is found at their next press
_OVER = "Google's permission for this press is over. Open the mail anew, and press again."
_NOT_ALLOWED = "Google did not let the add-on do this. Open it anew, and allow what Google asks for."

Read = TypeVar("Read")


class GoogleLending(Lending):
    """Asks Google's Gmail API, or a stand-in of it at another address."""

    def __init__(self, api_url: str, *, clock: Clock = utc_now, seconds: float = _SECONDS) -> None:
        self._connections = Connections()
        self._wire = Wire(api_url)
        self._mailbox = MailboxWire(self._wire)
        self._clock = clock
        self._seconds = seconds

    async def mail(self, lent: Lent, gmail_id: str, headers: Collection[str]) -> MailFacts:
        return await self._ask(lent, self._mailbox.message(gmail_id, headers), mail_facts_of)

    async def create_draft(self, lent: Lent, raw: bytes, thread_id: str) -> NewDraft:
        return await self._ask(lent, self._wire.create_draft(raw, thread_id), _new_draft)

    async def close(self) -> None:
        """End all connections."""
        await self._connections.close()

    async def _ask(self, lent: Lent, ask: Ask, read: Callable[[Mapping[str, Any]], Read]) -> Read:
        if not lent.user:
            raise Refused(_NOT_ALLOWED)
        try:
            transport = self._connections.transport()
            answer = await exchange(transport, ask.verb, ask.uri, ask.body or None, _headers(lent, ask), self._seconds)
            if not answer.good:
                raise failure_of(answer, ask.what, self._clock())
            return read(json.loads(answer.body))
        except Passing as passing:
            raise Refused(str(passing)) if passing.undone else passing.given_up() from None
        except NotAuthorized:
            raise Refused(_OVER) from None
        except NotGranted:
            raise Refused(_NOT_ALLOWED) from None
        except (ValueError, LookupError, TypeError, AttributeError, OSError):
            raise TryLater("Gmail's answer made no sense.") from None


def _headers(lent: Lent, ask: Ask) -> dict[str, str]:
    headers = {"Accept": "application/json", "User-Agent": "Twotick", "Authorization": f"Bearer {lent.user}"}
    if ask.content_type:
        headers["Content-Type"] = ask.content_type
    # Scopes of the "current message" open nothing without the token of that message.
    return headers | {"X-Goog-Gmail-Access-Token": lent.mail} if lent.mail else headers


def _new_draft(answer: Mapping[str, Any]) -> NewDraft:
    return NewDraft(str(answer["id"]), str(answer["message"]["threadId"]))
