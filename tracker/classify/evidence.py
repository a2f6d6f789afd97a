"""Evidence: what the rules ask about one hit, each question answered once and in one place."""

from dataclasses import dataclass
from datetime import timedelta

from tracker.classify import agents
from tracker.classify.known import Known
from tracker.classify.networks import network_of
from tracker.model import Cause, Hit, HitKind, Judged

PEOPLE_NEED_SECONDS = 3.0  # nobody receives, opens and loads a mail faster
GMAIL_EARLY_SECONDS = 20.0
HOSTING_FAST_SECONDS = 60.0
DUPLICATE_SECONDS = 60.0

_RELAYS = ("relay:", "relay-or-cdn:", "apple")
# Where machines live. A person may sit there too (a virtual desktop, a VPN), so that it never says "scanner" alone.
_MACHINE_ROOMS = ("hosting:", "vendor:", "google", "microsoft")
_PREFETCH_HEADERS = ("sec-purpose", "purpose", "x-purpose", "x-moz")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A hit with all that is known about it."""

    hit: Hit
    known: Known
    agent: str
    network: str
    seconds: float | None

    @classmethod
    def of(cls, hit: Hit, known: Known) -> "Evidence":
        network = network_of(hit.ip) if known.network is None else known.network
        seconds = None if known.sent_at is None else (hit.at - known.sent_at).total_seconds()
        return cls(hit, known, agents.bounded(hit.ua), network, seconds)

    # When

    def before_send(self) -> bool:
        return self.seconds is None or self.seconds < 0

    def sooner_than(self, seconds: float) -> bool:
        return self.seconds is None or self.seconds < seconds

    # How

    def probes(self) -> bool:
        return self.hit.method in ("HEAD", "OPTIONS")

    def says_prefetch(self) -> bool:
        headers = self.hit.headers
        return any("prefetch" in headers.get(name, "").lower() for name in _PREFETCH_HEADERS)

    def asks_for_an_image(self) -> bool:
        headers = self.hit.headers
        accept = headers.get("accept", "").lower()
        return headers.get("sec-fetch-dest", "") == "image" or accept.startswith("image/")

    def navigates(self) -> bool:
        return self.hit.headers.get("sec-fetch-mode", "") == "navigate"

    def asks_as_a_person_does(self) -> bool:
        return self.asks_for_an_image() if self.hit.kind is HitKind.OPEN else self.navigates()

    # From where

    def on_google(self) -> bool:
        return self.network == "google"

    def on_a_relay(self) -> bool:
        return self.network.startswith(_RELAYS)

    def hosted(self) -> bool:
        return self.network.startswith("hosting:")

    def among_machines(self) -> bool:
        return self.network.startswith(_MACHINE_ROOMS)

    # Who it says it is

    def gmail_prefetch(self) -> bool:
        return self.agent.endswith(agents.GMAIL_PREFETCH_END)

    def gmail_proxy(self) -> bool:
        return agents.GMAIL_PROXY in self.agent

    def bare_mozilla(self) -> bool:
        return self.agent == agents.APPLE_BARE

    def os_stack(self) -> bool:
        return agents.is_os_stack(self.agent) and not self.mail_client()

    def mail_client(self) -> bool:
        return bool(agents.mail_client(self.agent))

    def apple_mail(self) -> bool:
        return agents.is_apple_mail(self.agent) and not self.mail_client()

    def browser(self) -> bool:
        return bool(agents.browser(self.agent))

    def stale(self) -> bool:
        return agents.is_stale_browser(self.agent)

    # What came before

    def recipient_elsewhere_than_google(self) -> bool:
        return self.known.recipient_mx not in ("google", "unknown")

    def fetched_by_gmail_just_now(self) -> bool:
        since = self.hit.at - timedelta(seconds=DUPLICATE_SECONDS)
        return any(since < one.hit.at <= self.hit.at and _was_gmail_proxy(one) for one in self._prior())

    def prefetched_by_gmail(self) -> bool:
        return any(one.verdict.reason == "gmail_prefetch_ua" for one in self._prior())

    def _prior(self) -> tuple[Judged, ...]:
        return self.known.prior


def _was_gmail_proxy(one: Judged) -> bool:
    return one.verdict.reason.startswith("gmail_proxy_") and one.verdict.cause is not Cause.SELF
