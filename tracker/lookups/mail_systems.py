"""Who takes mail for a domain, by asking its name servers once, and never for long."""

import asyncio
from collections.abc import Collection, Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import dns.exception
import dns.name
import dns.rdatatype
import structlog
from dns.asyncresolver import Resolver
from dns.resolver import NXDOMAIN, Answer, NoAnswer, NoNameservers

from tracker.clock import Clock
from tracker.mail_systems import UNKNOWN, consumer_system, system_of_servers
from tracker.ports import KnownSystem, MailSystemBook

log = structlog.get_logger()

PATIENCE = 2.0  # seconds for all domains of a mail together: its sender is waiting
_SHORTEST, _LONGEST = timedelta(hours=1), timedelta(days=7)
_AFTER_FAILURE = timedelta(minutes=10)
_AFTER_NOTHING = timedelta(hours=1)
_AT_ONCE = 20
_MOST_DOMAINS = 500  # Gmail lets nobody write to more people at once
# Names that no public server may answer (RFC 2606, RFC 6761, RFC 7686, RFC 9476): asking would only take time.
_RESERVED = ("example", "test", "invalid", "localhost", "local", "onion", "internal", "alt", "home.arpa")
_RESERVED_DOMAINS = ("example.com", "example.net", "example.org")


@dataclass(frozen=True, slots=True)
class NameServer:
    """One name server to ask, instead of those of this machine."""

    host: str
    port: int = 53


class DnsMailSystems:
    """Keeps ports.MailSystems: from what is known of consumer domains, from the book, else from the domain's MX."""

    def __init__(
        self,
        book: MailSystemBook,
        clock: Clock,
        server: NameServer | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._book = book
        self._clock = clock
        self._server = server
        self._patience = patience

    async def of(self, domains: Collection[str]) -> Mapping[str, str]:
        found = {domain: consumer_system(domain) or UNKNOWN for domain in domains}
        names = {domain: name for domain in found if found[domain] == UNKNOWN and (name := _askable(domain))}
        if names:
            learnt: dict[str, KnownSystem] = {}
            await self._in_time(self._learn(set(names.values()), learnt), 0.75)
            await self._in_time(self._remember(learnt), 0.25)
            found.update({domain: learnt[name].mail_system for domain, name in names.items() if name in learnt})
        return found

    async def _in_time(self, work: Coroutine[Any, Any, None], part: float) -> None:
        """Do some work in this part of our patience; what did not come by then did not come."""
        try:
            await asyncio.wait_for(work, self._patience * part)
        except TimeoutError:
            log.warning("mail_systems_not_looked_up", why="it took too long")
        # Sending's door to strangers' servers: whatever they answer, and whatever our own book does, mail goes out.
        except Exception:
            log.exception("mail_systems_not_looked_up")

    async def _learn(self, names: Collection[str], learnt: dict[str, KnownSystem]) -> None:
        """Fill in what is known and what is answered, as it comes: time may run out at any moment."""
        now = self._clock()
        known = await self._book.known(names, now)
        learnt.update({name: KnownSystem(system, now) for name, system in known.items()})
        missing = sorted(name for name in names if name not in known)[:_MOST_DOMAINS]
        if missing:
            resolver, turn = self._resolver(), asyncio.Semaphore(_AT_ONCE)
            await asyncio.gather(*(self._ask(resolver, turn, name, learnt) for name in missing))

    async def _ask(
        self, resolver: Resolver, turn: asyncio.Semaphore, name: str, learnt: dict[str, KnownSystem]
    ) -> None:
        async with turn:
            learnt[name] = await self._looked_up(resolver, name)

    async def _remember(self, learnt: Mapping[str, KnownSystem]) -> None:
        now = self._clock()
        fresh = {name: known for name, known in learnt.items() if known.until > now}
        if fresh:
            await self._book.keep(fresh, now)

    def _resolver(self) -> Resolver:
        resolver = Resolver(configure=self._server is None)
        if self._server:
            resolver.nameservers = [self._server.host]
            resolver.port = self._server.port
        resolver.timeout = self._patience * 0.3
        resolver.lifetime = self._patience
        resolver.cache = None
        return resolver

    async def _looked_up(self, resolver: Resolver, name: str) -> KnownSystem:
        try:
            # Shorter than our patience: that a name server is silent is an answer, too, and is remembered.
            async with asyncio.timeout(self._patience * 0.6):
                answer = await resolver.resolve(name, dns.rdatatype.MX, search=False)
        except (NXDOMAIN, NoAnswer):
            # No such domain, or no word about its mail: a resolver that hides MX records says the same.
            return self._known(UNKNOWN, _AFTER_NOTHING)
        except (NoNameservers, dns.exception.DNSException, OSError, EOFError, ValueError) as failed:
            log.info("mail_system_not_looked_up", domain=name, why=type(failed).__name__)
            return self._known(UNKNOWN, _AFTER_FAILURE)
        lasts = timedelta(seconds=answer.rrset.ttl if answer.rrset else 0)
        return self._known(_system_of(answer), min(max(lasts, _SHORTEST), _LONGEST))

    def _known(self, mail_system: str, lasts: timedelta) -> KnownSystem:
        return KnownSystem(mail_system, self._clock() + lasts)


def _askable(domain: str) -> str:
    """The domain as name servers are asked for it; nothing for what is no public domain."""
    try:
        name = dns.name.from_text(domain, origin=None, idna_codec=dns.name.IDNA_2008_Practical)
    except (dns.exception.DNSException, UnicodeError):
        return ""
    text = name.to_text(omit_final_dot=True).lower()
    reserved = any(text == end or text.endswith(f".{end}") for end in (*_RESERVED, *_RESERVED_DOMAINS))
    return text if "." in text and not reserved and len(text) <= 253 and not _is_address(text) else ""


def _is_address(text: str) -> bool:
    """Mail to `[192.0.2.1]` has no domain, and what ends in digits is no name."""
    return text.rpartition(".")[2].isdigit() or "[" in text or "\\" in text


def _system_of(answer: Answer) -> str:
    """A single `.` says that the domain takes no mail (RFC 7505): nobody whom we know."""
    servers = [(record.preference, record.exchange.to_text(omit_final_dot=True)) for record in answer]
    return system_of_servers(servers)
