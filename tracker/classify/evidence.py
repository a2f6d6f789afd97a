"""Evidence: what the rules ask about one hit, each question answered once and in one place."""

from dataclasses import dataclass
from datetime import timedelta

from tracker.classify import agents
from tracker.classify.actors import MACHINE_ROOMS, SHARED_ROOMS
from tracker.classify.agents import Agent
from tracker.classify.known import Known
from tracker.classify.mailboxes import has_no_gmail
from tracker.classify.networks import household, network_of
from tracker.classify.thresholds import (
    DUPLICATE_SECONDS,
    GMAIL_EARLY_SECONDS,
    MACHINES_COME_WITHIN_SECONDS,
    PEOPLE_NEED_SECONDS,
)
from tracker.model import Cause, Hit, HitKind, Judged

_RELAYS = ("relay:", "relay-or-cdn:", "apple")
# Mail filters that also carry their customers' own browsing, so that a person may come from there.
_GATEWAYS = ("vendor:forcepoint", "vendor:trellix", "vendor:cisco", "vendor:fortinet", "vendor:symantec")
_PREFETCH_HEADERS = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_PREFETCH_WORDS = ("prefetch", "preview", "prerender")
_GMAIL_OPENS = ("gmail_proxy_open", "gmail_proxy_reopen", "gmail_proxy_after_prefetch", "duplicate_fetch")
_GMAIL_FETCHES_AHEAD = ("gmail_prefetch_ua", "gmail_proxy_too_early")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A hit with all that is known about it."""

    hit: Hit
    known: Known
    agent: Agent
    network: str
    seconds: float | None

    @classmethod
    def of(cls, hit: Hit, known: Known) -> "Evidence":
        network = network_of(hit.ip) if known.network is None else known.network
        seconds = None if known.sent_at is None else (hit.at - known.sent_at).total_seconds()
        return cls(hit, known, agents.read(hit.ua), network, seconds)

    # When

    def before_send(self) -> bool:
        return self.seconds is None or self.seconds < 0

    def sooner_than(self, seconds: float) -> bool:
        return self.seconds is None or self.seconds < seconds

    def too_fast(self) -> bool:
        return self.sooner_than(PEOPLE_NEED_SECONDS)

    def when_machines_come(self) -> bool:
        return self.sooner_than(MACHINES_COME_WITHIN_SECONDS)

    def after_bounce(self) -> bool:
        return self.known.bounced_at is not None and self.hit.at >= self.known.bounced_at

    def after_reply(self) -> bool:
        return self.known.replied_at is not None and self.hit.at >= self.known.replied_at

    # How

    def probes(self) -> bool:
        return self.hit.method.upper() in ("HEAD", "OPTIONS")

    def sends(self) -> bool:
        return self.hit.method.upper() != "GET"

    def says_prefetch(self) -> bool:
        said = [self._header(name) for name in _PREFETCH_HEADERS if name in self.hit.headers]
        return any(word in value for value in said for word in _PREFETCH_WORDS)

    def asks_as_a_person_does(self) -> bool:
        return self._asks_for_an_image() if self.hit.kind is HitKind.OPEN else self._navigates()

    def asks_for_a_page(self) -> bool:
        return self._header("accept").startswith("text/html") and "accept-language" in self.hit.headers

    def asks_for_the_wrong_thing(self) -> bool:
        """A picture where a link was to be followed, or a page where a picture was to be loaded."""
        if self.hit.kind is HitKind.CLICK:
            return self._asks_for_an_image()
        return self._header("sec-fetch-dest") in ("document", "iframe", "empty", "script")

    def _asks_for_an_image(self) -> bool:
        return self._header("sec-fetch-dest") == "image" or self._header("accept").startswith("image/")

    def _navigates(self) -> bool:
        return self._header("sec-fetch-mode") == "navigate"

    def _header(self, name: str) -> str:
        return self.hit.headers.get(name, "").strip().lower()

    # From where

    def on(self, network: str) -> bool:
        return self.network == network

    def on_google(self) -> bool:
        return self.network == "google"

    def on_microsoft(self) -> bool:
        return self.network == "microsoft"

    def on_a_relay(self) -> bool:
        return self.network.startswith(_RELAYS)

    def on_a_vendor(self) -> bool:
        return self.network.startswith("vendor:")

    def on_a_vendors_range(self) -> bool:
        return self.network.startswith("vendor-range:")

    def on_a_gateway(self) -> bool:
        return self.network.startswith(_GATEWAYS)

    def in_a_mailbox_network(self) -> bool:
        return self.network.startswith("mailbox:")

    def hosted(self) -> bool:
        return self.network.startswith("hosting:")

    def among_machines(self) -> bool:
        return self.network.startswith(MACHINE_ROOMS) or self.on_google()

    def on_a_shared_network(self) -> bool:
        return self.network.startswith(SHARED_ROOMS)

    def from_the_senders_address(self) -> bool:
        own = self.known.sender_ips
        if not own or self.on_a_shared_network():
            return False
        here = household(self.hit.ip)
        return bool(here) and any(household(address) == here for address in own)

    # Who it says it is

    def proxied_by(self, mail_system: str) -> bool:
        return self.agent.proxy == mail_system

    def gmail_proxy(self) -> bool:
        return self.agent.proxy == "google" and self.on_google()

    def direct_client(self) -> bool:
        return bool(self.agent.mail_client or self.agent.apple_mail or self.agent.browser)

    # What came before

    def recipient_elsewhere_than_google(self) -> bool:
        return has_no_gmail(self.known.recipient_mx)

    def gmail_opened_just_now(self) -> bool:
        return any(self._within(one, DUPLICATE_SECONDS) for one in self._prior(_GMAIL_OPENS))

    def gmail_warmed_up_just_now(self) -> bool:
        """The proxy's early look, which may be a machine's, is still going on."""
        early = self._prior(("gmail_proxy_too_early",))
        return self.sooner_than(GMAIL_EARLY_SECONDS) or any(
            self._within(one, DUPLICATE_SECONDS) and self._was_early(one) for one in early
        )

    def gmail_prefetched(self) -> bool:
        return bool(self._prior(("gmail_prefetch_ua",)))

    def gmail_fetched_ahead(self) -> bool:
        return bool(self._prior(_GMAIL_FETCHES_AHEAD))

    def gmail_opened(self) -> bool:
        return bool(self._prior(_GMAIL_OPENS))

    def _prior(self, reasons: tuple[str, ...]) -> list[Judged]:
        prior = self.known.prior
        return [one for one in prior if one.verdict.reason in reasons and one.verdict.cause is not Cause.SELF]

    def _within(self, one: Judged, seconds: float) -> bool:
        return timedelta(0) <= self.hit.at - one.hit.at < timedelta(seconds=seconds)

    def _was_early(self, one: Judged) -> bool:
        sent_at = self.known.sent_at
        return sent_at is not None and (one.hit.at - sent_at).total_seconds() < GMAIL_EARLY_SECONDS
