"""What a button about a draft carries: which draft, how it is to be sent, and its name for the answer."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Self

from tracker.picking import Offer, Pick
from tracker.wishes import SendOrder

_NAMED = 120  # characters of a subject and of its recipients: a button carries 2,000 bytes at most


@dataclass(frozen=True, slots=True)
class Offered:
    """A draft under a button. `after` and `order_id` name the order that was over, and the one under way, when drawn.

    The button carries the draft's own id: however the list moves, it means this draft. A mail that is being written
    in Gmail has none yet.
    """

    account_id: str
    draft_id: str = ""
    subject: str = ""
    to: str = ""
    links: bool = False
    each: bool = False
    at: int = 0
    after: str = ""
    order_id: str = ""

    @classmethod
    def of(cls, account_id: str, offer: Offer) -> Self:
        made = cls(account_id, offer.draft.id, offer.draft.subject[:_NAMED], offer.draft.to[:_NAMED])
        return made.given(offer.order) if offer.order else made

    @classmethod
    def ordered(cls, order: SendOrder, subject: str = "", to: str = "") -> Self:
        made = cls(order.account_id, order.draft_id or "", subject[:_NAMED], to[:_NAMED])
        return made.given(order)

    def given(self, order: SendOrder) -> Self:
        """The same draft, once there is an order for it."""
        return replace(self, links=order.links, each=order.per_recipient, order_id=order.id)

    @property
    def again(self) -> Self:
        """The same draft, to be offered anew after its order is over."""
        return replace(self, after=self.order_id or self.after, order_id="")

    @property
    def pick(self) -> Pick:
        at = datetime.fromtimestamp(self.at, UTC) if self.at else None
        return Pick(self.draft_id, links=self.links, per_recipient=self.each, at=at, after=self.after)

    @property
    def value(self) -> str:
        """What the button carries; names are shortened until it fits."""
        told = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def read_offered(value: str) -> Offered | None:
    """What a button carried; None for a value that no button of this version has."""
    try:
        told = json.loads(value)
        offered = Offered(**told)
        good = all(type(getattr(offered, name)) is kind for name, kind in _KINDS.items())
    except (ValueError, TypeError):
        return None
    return offered if good else None


_KINDS = {
    **dict.fromkeys(("account_id", "draft_id", "subject", "to", "after", "order_id"), str),
    **dict.fromkeys(("links", "each"), bool),
    "at": int,
}
