"""Mail systems are looked up once, never for long, and whatever strangers' name servers answer."""

import time
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.makers import after
from tests.standins import dns
from tests.standins.dns import DnsStandin, running_dns
from tracker.lookups.mail_systems import DnsMailSystems
from tracker.ports import KnownSystem, TryLater


class Notes:
    """A MailSystemBook in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, KnownSystem] = {}

    async def known(self, domains: Collection[str], now: datetime) -> Mapping[str, str]:
        return {domain: self.kept[domain].mail_system for domain in domains if self._good(domain, now)}

    async def keep(self, systems: Mapping[str, KnownSystem], now: datetime) -> None:
        self.kept.update(systems)

    def _good(self, domain: str, now: datetime) -> bool:
        return domain in self.kept and self.kept[domain].until > now


@pytest.fixture
async def names() -> AsyncIterator[DnsStandin]:
    async with running_dns() as standin:
        yield standin


@pytest.fixture
def notes() -> Notes:
    return Notes()


def systems(names: DnsStandin, notes: Any, now: datetime | None = None, patience: float = 1.0) -> DnsMailSystems:
    return DnsMailSystems(notes, lambda: now or after(), names.server, patience)


async def test_the_mail_servers_tell_the_system(names: DnsStandin, notes: Notes) -> None:
    names.has_mail_servers("acme.com", "10 aspmx.l.google.com.", "20 alt1.aspmx.l.google.com.")
    names.has_mail_servers("bank.com", "10 mxa-001.gslb.pphosted.com.")
    names.has_mail_servers("shop.com", "10 mail.shop.com.")

    assert await systems(names, notes).of(["acme.com", "bank.com", "shop.com"]) == {
        "acme.com": "google",
        "bank.com": "gateway:proofpoint",
        "shop.com": "other",
    }


async def test_consumer_domains_are_known_without_asking(names: DnsStandin, notes: Notes) -> None:
    found = await systems(names, notes).of(["gmail.com", "outlook.com", "yahoo.com", "icloud.com"])

    assert list(found.values()) == ["google", "microsoft", "yahoo", "apple"]
    assert names.questions == []


@pytest.mark.parametrize(
    "domain",
    [
        *("acme.example", "example.com", "mail.localhost", "x.test", "x.invalid", "printer.local", "db.internal"),
        *("localhost", "", "[192.0.2.1]", "192.0.2.1", "a..b.com", "x" * 70 + ".com", "a b.com", "nul\0.com", "☃.net"),
        ".".join(["x" * 60] * 5),
    ],
)
async def test_what_no_name_server_knows_is_not_asked(names: DnsStandin, notes: Notes, domain: str) -> None:
    assert await systems(names, notes).of([domain]) == {domain: "unknown"}
    assert names.questions == []


async def test_a_domain_is_looked_up_once(names: DnsStandin, notes: Notes) -> None:
    names.has_mail_servers("acme.com", "10 aspmx.l.google.com.")

    for _ in range(2):
        await systems(names, notes).of(["acme.com", "ACME.com"])

    assert names.questions == ["acme.com"]


@pytest.mark.parametrize(
    ("ttl", "lasts"),
    [
        (60, timedelta(hours=1)),
        (7200, timedelta(hours=2)),
        (2**31 - 1, timedelta(days=7)),
    ],
)
async def test_an_answer_is_believed_for_its_time_within_bounds(
    names: DnsStandin, notes: Notes, ttl: int, lasts: timedelta
) -> None:
    names.has_mail_servers("acme.com", "10 aspmx.l.google.com.", ttl=ttl)

    await systems(names, notes).of(["acme.com"])

    assert notes.kept["acme.com"] == KnownSystem("google", after() + lasts)


async def test_it_is_asked_again_when_its_time_is_over(names: DnsStandin, notes: Notes) -> None:
    names.has_mail_servers("acme.com", "10 aspmx.l.google.com.")
    await systems(names, notes).of(["acme.com"])
    names.has_mail_servers("acme.com", "10 mx.zoho.eu.")

    found = await systems(names, notes, now=after(hours=3)).of(["acme.com"])

    assert found == {"acme.com": "zoho"}


async def test_a_domain_with_other_letters_is_asked_for_by_its_own_name(names: DnsStandin, notes: Notes) -> None:
    names.has_mail_servers("xn--mnchen-3ya.de", "10 mx.yandex.net.")

    assert await systems(names, notes).of(["münchen.de"]) == {"münchen.de": "yandex"}


async def test_a_domain_that_takes_no_mail_is_nobody_we_know(names: DnsStandin, notes: Notes) -> None:
    names.has_mail_servers("acme.com", "0 .")

    assert await systems(names, notes).of(["acme.com"]) == {"acme.com": "other"}


@pytest.mark.parametrize("answer", [dns.silence, dns.server_failure, dns.garbage, dns.another_id])
async def test_a_failing_name_server_leaves_it_unknown_for_minutes(
    names: DnsStandin, notes: Notes, answer: dns.Answering
) -> None:
    names.zone["acme.com"] = answer

    assert await systems(names, notes, patience=0.4).of(["acme.com"]) == {"acme.com": "unknown"}
    assert notes.kept["acme.com"].until == after(minutes=10)


async def test_an_answer_to_another_question_is_not_believed(names: DnsStandin, notes: Notes) -> None:
    names.zone["acme.com"] = dns.another_question

    assert await systems(names, notes, patience=0.4).of(["acme.com"]) == {"acme.com": "unknown"}


async def test_no_such_name_and_no_word_about_mail_are_unknown_for_an_hour(names: DnsStandin, notes: Notes) -> None:
    names.zone["empty.com"] = dns.nothing

    found = await systems(names, notes).of(["empty.com", "nowhere.com"])

    assert set(found.values()) == {"unknown"}
    assert {known.until for known in notes.kept.values()} == {after(hours=1)}


async def test_the_largest_answer_is_read(names: DnsStandin, notes: Notes) -> None:
    names.zone["acme.com"] = dns.very_many

    assert await systems(names, notes).of(["acme.com"]) == {"acme.com": "google"}


async def test_one_that_does_not_answer_takes_nothing_from_the_others(names: DnsStandin, notes: Notes) -> None:
    names.has_mail_servers("acme.com", "10 aspmx.l.google.com.")
    names.zone["slow.com"] = dns.silence
    began = time.monotonic()

    found = await systems(names, notes, patience=0.4).of(["slow.com", "acme.com"])

    assert found == {"slow.com": "unknown", "acme.com": "google"}
    assert time.monotonic() - began < 1
    assert notes.kept["acme.com"].mail_system == "google"


async def test_hundreds_of_silent_domains_take_no_longer_than_one(names: DnsStandin, notes: Notes) -> None:
    domains = [f"slow{number}.com" for number in range(300)]
    names.zone.update(dict.fromkeys(domains, dns.silence))
    began = time.monotonic()

    found = await systems(names, notes, patience=0.4).of(domains)

    assert set(found.values()) == {"unknown"}
    assert time.monotonic() - began < 1


async def test_a_book_that_fails_delays_and_stops_nothing(names: DnsStandin) -> None:
    class Away:
        async def known(self, domains: Collection[str], now: datetime) -> Mapping[str, str]:
            return {}

        async def keep(self, systems: Mapping[str, KnownSystem], now: datetime) -> None:
            raise TryLater("the database is away")

    names.has_mail_servers("acme.com", "10 aspmx.l.google.com.")

    assert await systems(names, Away()).of(["acme.com"]) == {"acme.com": "google"}
