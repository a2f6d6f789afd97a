"""A strict name server on 127.0.0.1: it answers what it was told, and logs every question."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tracker.lookups.mail_systems import NameServer

Answering = Callable[[dns.message.Message], list[bytes]]


@dataclass
class DnsStandin:
    """`zone` says how each name is answered; what is not in it does not exist."""

    zone: dict[str, Answering] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    server: NameServer = field(default_factory=lambda: NameServer("127.0.0.1", 0))

    def has_mail_servers(self, name: str, *servers: str, ttl: int = 7200) -> None:
        """The name's mail servers, each as "10 mx.example."."""
        self.zone[name] = lambda question: [_answer(question, *servers, ttl=ttl)]

    def answer(self, asked: bytes) -> list[bytes]:
        question = dns.message.from_wire(asked)
        [wanted] = question.question
        if question.flags & dns.flags.QR or wanted.rdtype != dns.rdatatype.MX or not question.flags & dns.flags.RD:
            return [_failing(question, dns.rcode.REFUSED)]
        name = wanted.name.to_text(omit_final_dot=True)
        self.questions.append(name)
        found = self.zone.get(name.lower())
        return found(question) if found else [_failing(question, dns.rcode.NXDOMAIN)]


class _Door(asyncio.DatagramProtocol):
    def __init__(self, standin: DnsStandin) -> None:
        self._standin = standin

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        for answer in self._standin.answer(data):
            self._transport.sendto(answer, address)


@asynccontextmanager
async def running_dns() -> AsyncIterator[DnsStandin]:
    standin = DnsStandin()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Door(standin), local_addr=("127.0.0.1", 0))
    standin.server = NameServer("127.0.0.1", transport.get_extra_info("sockname")[1])
    yield standin
    transport.close()


def silence(question: dns.message.Message) -> list[bytes]:
    return []


def server_failure(question: dns.message.Message) -> list[bytes]:
    return [_failing(question, dns.rcode.SERVFAIL)]


def nothing(question: dns.message.Message) -> list[bytes]:
    """The name is there, and has no MX."""
    return [_answer(question)]


def garbage(question: dns.message.Message) -> list[bytes]:
    return [question.to_wire()[:2] + b"\x80\x00\xff" * 20_000]


def another_question(question: dns.message.Message) -> list[bytes]:
    """A lie: the right id, and an answer to what nobody asked."""
    other = dns.message.make_query("bank.com", "MX", id=question.id)
    return [_answer(other, "10 aspmx.l.google.com.")]


def another_id(question: dns.message.Message) -> list[bytes]:
    other = dns.message.make_query(question.question[0].name, "MX", id=question.id ^ 1)
    return [_answer(other, "10 aspmx.l.google.com.")]


def very_many(question: dns.message.Message) -> list[bytes]:
    """As much as a datagram carries."""
    servers = [f"{10 + number} mx{number}.a-rather-long-name-of-a-mail-server.acme.com." for number in range(1200)]
    return [_answer(question, "5 aspmx.l.google.com.", *servers)]


def _answer(question: dns.message.Message, *servers: str, ttl: int = 7200) -> bytes:
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    if servers:
        answer.answer.append(dns.rrset.from_text(question.question[0].name, ttl, "IN", "MX", *servers))
    return answer.to_wire(max_size=65_000)


def _failing(question: dns.message.Message, code: dns.rcode.Rcode) -> bytes:
    answer = dns.message.make_response(question)
    answer.set_rcode(code)
    return answer.to_wire()
