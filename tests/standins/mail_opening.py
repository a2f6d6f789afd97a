"""Opening a mail: its images (and a machine's links) are fetched as the chosen client does. This computer only."""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.standins.mail_clients import Browser, MailClient
from tests.standins.mail_reading import read_mail

_MOST_FETCHES = 50  # a mail with more images than this is not one to try the product with
_TIMEOUT = ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one fetch: its status, or why there was none. `leads_to` is a redirect's goal, never followed."""

    address: str
    status: int | None = None
    why_not: str | None = None
    leads_to: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    client: MailClient
    images: tuple[Fetched, ...]
    links: tuple[Fetched, ...] = ()

    @property
    def loaded(self) -> int:
        return sum(one.status == 200 for one in self.images)

    @property
    def says(self) -> str:
        """What happened, as one sentence for a person."""
        said = f"Loaded {_counted(self.loaded, 'image')} as {self.client.name}"
        if self.links:
            said += f", and followed {_counted(len(self.links), 'link')}"
        refused = sum(one.why_not is not None for one in (*self.images, *self.links))
        return said + (f"; {refused} not fetched" if refused else "")


async def open_mail(raw: bytes, client: MailClient) -> Opened:
    """Show a mail to a client: every remote image is fetched over HTTP, as that client would."""
    mail = read_mail(raw)
    async with _session() as session:
        images = [await _fetch(session, url, _as_client(client)) for url in mail.images[:_MOST_FETCHES]]
        followed = mail.links[:_MOST_FETCHES] if client.follows_links else ()
        links = await asyncio.gather(*(_fetch(session, link.address, _as_browser(client.browser)) for link in followed))
    return Opened(client, tuple(images), tuple(links))


async def click_link(address: str, browser: Browser) -> Fetched:
    """Follow a link's first step, as the browser that a click opens."""
    async with _session() as session:
        return await _fetch(session, address, _as_browser(browser))


def why_refused(address: str) -> str | None:
    """Why an address is not fetched, or None for one on this computer."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "not an address that can be read"
    if parts.scheme not in ("http", "https"):
        return "not a web address"
    return (
        None if _on_this_computer(host) else f"{host} is not on this computer; stand-ins fetch nothing from elsewhere"
    )


def _on_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return _is_localhost(host)


def _is_localhost(host: str) -> bool:
    return host.lower().rstrip(".").split(".")[-1] == "localhost"


class _ThisComputer(AbstractResolver):
    """Knows one name, so that no hosts file and no name server can lead a fetch elsewhere."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if not _is_localhost(host):
            raise OSError(f"{host} is not on this computer")
        found = ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)
        return [found]

    async def close(self) -> None:
        pass


def _session() -> ClientSession:
    connector = TCPConnector(resolver=_ThisComputer())
    return ClientSession(
        connector=connector,
        timeout=_TIMEOUT,
        auto_decompress=False,  # a client may claim codings that are not installed here
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
    )


async def _fetch(session: ClientSession, address: str, headers: dict[str, str]) -> Fetched:
    refused = why_refused(address)
    if refused:
        return Fetched(address, why_not=refused)
    try:
        async with session.get(address, headers=headers, allow_redirects=False) as answer:
            await answer.content.read(1_000_000)
            return Fetched(address, answer.status, leads_to=answer.headers.get("Location"))
    except (ClientError, OSError, TimeoutError, ValueError) as failed:
        return Fetched(address, why_not=f"no answer ({type(failed).__name__})")


def _as_client(client: MailClient) -> dict[str, str]:
    return {"User-Agent": client.ua, **client.headers, "X-Forwarded-For": client.network}


def _as_browser(browser: Browser) -> dict[str, str]:
    return {"User-Agent": browser.ua, **browser.headers, "X-Forwarded-For": browser.network}


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
