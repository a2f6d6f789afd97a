"""A database as it is after half a year of work: so many messages and hits, the same for the same seed.

`python -m benchmarks.generate sqlite:///tmp/large.sqlite3 --messages 100000 --hits 1000000`
"""

import argparse
import asyncio
import json
import random
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import asyncpg

from tracker.clock import utc_now
from tracker.heat import heat_of
from tracker.store.migrating import migrate
from tracker.store.moments import stamp
from tracker.store.opening import open_store

SPAN = timedelta(days=180)
_BATCH = 20_000
_BATCH_HITS = 200_000  # some 200 MB of rows
_NAMES = ("Ada", "Grace", "Alan", "Mary", "Edsger", "Barbara", "Donald", "Radia", "Linus", "Margaret", "Tim", "Hedy")
_SURNAMES = ("Lovelace", "Hopper", "Turing", "Shaw", "Dijkstra", "Liskov", "Knuth", "Perlman", "Hamilton", "Lamarr")
_TOPICS = (
    "proposal",
    "invoice",
    "lunch",
    "contract",
    "roadmap",
    "offer",
    "follow-up",
    "introduction",
    "demo",
    "report",
)
# Cause, confidence, what it was seen as, and how many of a hundred hits are like that.
_CAUSES = (
    ("human", 0.95, "Outlook on Windows", 30),
    ("likely-human", 0.8, "through Gmail", 25),
    ("duplicate", 0.9, "through Gmail", 10),
    ("privacy-proxy", 0.9, "Apple's privacy proxy", 15),
    ("scanner", 0.95, "", 15),
    ("unknown", 0.5, "", 5),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is. Messages are spread evenly over `people`, each with one mailbox."""

    messages: int = 100_000
    hits: int = 1_000_000
    people: int = 1
    seed: int = 1


@dataclass(slots=True)
class Rows:
    """A batch of rows, by table."""

    message: list[tuple[Any, ...]] = field(default_factory=list)
    copy: list[tuple[Any, ...]] = field(default_factory=list)
    hit: list[tuple[Any, ...]] = field(default_factory=list)


COLUMNS = {
    "account": ("id", "email", "email_key", "slack_user", "slack_team", "state", "refresh_token"),
    "message": (
        *("id", "account_id", "source", "subject", "created_at", "links", "per_recipient", "level", "state"),
        *("sent_at", "documents", "words", "version"),
    ),
    "copy": (
        *("id", "message_id", "place", "recipients", "sent_at", "gmail_id", "thread_id", "recipient_mx"),
        *("opens", "clicks", "machines", "unsure", "first_open_at", "last_open_at", "last_client", "last_reason"),
        *("last_hit_at", "last_place", "passed_on", "links_total", "heat_at", "heat_openings", "heat_pause"),
    ),
    "hit": (
        *("id", "copy_id", "at", "kind", "method", "ip", "headers", "is_raw", "cause", "confidence", "reason"),
        *("rules", "ruleset", "client", "place"),
    ),
}


def slack_user(number: int) -> str:
    return f"U{number:08d}"


def copy_ids(number: int) -> list[str]:
    """The copies of the first so many messages."""
    return [_copy_id(place) for place in range(number)]


def _copy_id(number: int) -> str:
    return f"c{number:015x}"


def account_rows(size: Size) -> Iterator[tuple[Any, ...]]:
    for number in range(size.people):
        email = f"sender{number}@studio.example"
        yield (f"account{number}", email, email, slack_user(number), "T1", "connected", "")


def batches(size: Size, now: datetime) -> Iterator[Rows]:
    """The messages with their copies and hits, oldest first."""
    chance = random.Random(size.seed)
    per_message, rest = divmod(size.hits, size.messages)
    numbers = iter(range(size.messages))
    batch = min(_BATCH, max(1, _BATCH_HITS // max(1, per_message)))
    while some := list(islice(numbers, batch)):
        rows = Rows()
        for number in some:
            sent_at = now - SPAN + SPAN * number / size.messages
            _add_message(rows, chance, number, size, sent_at, per_message + (number < rest), now)
        yield rows


def _add_message(
    rows: Rows, chance: random.Random, number: int, size: Size, sent_at: datetime, hits: int, now: datetime
) -> None:
    name, surname, topic = chance.choice(_NAMES), chance.choice(_SURNAMES), chance.choice(_TOPICS)
    address = f"{name}.{surname}{chance.randrange(2000)}@company{chance.randrange(500)}.example".lower()
    subject = f"Q{1 + number % 4} {topic} {number}"
    message_id, copy_id, at = f"m{number:015x}", _copy_id(number), stamp(sent_at)
    words = f"{subject}\n{address}\n{name} {surname}".lower()
    account = f"account{number % size.people}"
    told = (message_id, account, f"draft:{number}", subject, at, False, False, "full", "sent", at, False, words, 0)
    rows.message.append(told)
    # A third of all mail is never fetched; what is, is fetched the more.
    loads = 0 if chance.random() < 1 / 3 else int(hits * 1.5 + chance.random())
    fetched = sorted(_fetched_at(chance, sent_at, now) for _ in range(loads))
    causes = chance.choices(_CAUSES, [cause[3] for cause in _CAUSES], k=loads)
    rows.hit += [
        _hit(chance, copy_id, at, cause, now, place)
        for place, (at, cause) in enumerate(zip(fetched, causes, strict=True))
    ]
    rows.copy.append(_copy(copy_id, message_id, address, f"{name} {surname}", at, fetched, causes))


def _fetched_at(chance: random.Random, sent_at: datetime, now: datetime) -> datetime:
    """Mostly in the first two days, sometimes much later; never in the future."""
    return min(sent_at + timedelta(hours=chance.expovariate(1 / 40)), now)


def _hit(chance: random.Random, copy_id: str, at: datetime, cause: Any, now: datetime, place: int) -> tuple[Any, ...]:
    kind, confidence, client, _ = cause
    raw = now - at < timedelta(hours=72)
    name = f"{int(at.timestamp() * 1000):012x}{copy_id}{place:04x}"
    ip = f"198.51.100.{chance.randrange(256)}" if raw else None
    headers = (
        json.dumps({"user-agent": "Mozilla/5.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)"}) if raw else None
    )
    belief = (kind, confidence, "mail_client_ua", '["G2"]', "generated", client, "")
    return (name, copy_id, stamp(at), "open", "GET", ip, headers, int(raw), *belief)


def _copy(
    copy_id: str, message_id: str, address: str, name: str, at: int, fetched: Sequence[datetime], causes: Sequence[Any]
) -> tuple[Any, ...]:
    opened = [when for when, cause in zip(fetched, causes, strict=True) if cause[0].endswith("human")]
    counted, heat = list(map(stamp, opened)), heat_of(opened)
    machines = sum(cause[0] in ("scanner", "duplicate") for cause in causes)
    unsure = sum(cause[0] in ("privacy-proxy", "unknown") for cause in causes)
    first, last = (counted[0], counted[-1]) if counted else (None, None)
    summary = (len(counted), 0, machines, unsure, first, last, "Outlook on Windows" if counted else "", "")
    latest = stamp(fetched[-1]) if fetched else None
    recipients = json.dumps([[address, name, "microsoft"]])
    ids = (copy_id, message_id, 0, recipients, at, f"g{copy_id}", f"t{copy_id}", "microsoft")
    hot = (stamp(heat.at), heat.openings, heat.pause // timedelta(microseconds=1)) if heat else (None, 0, 0)
    return (*ids, *summary, latest, "", "", 0, *hot)


async def generate(url: str, size: Size, now: datetime | None = None) -> None:
    """Migrate the database, and fill it; it must be empty."""
    await migrate(url)
    moment = now or utc_now()
    async with await open_store(url, [bytes(32)]) as store:
        # As a worker would have made them by and by.
        for then in (moment - SPAN, moment):
            await store.hits.make_room(then, SPAN)
    await (_fill_postgres if url.startswith("postgres") else _fill_sqlite)(url, size, moment)


async def _fill_sqlite(url: str, size: Size, now: datetime) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for table, rows in _all(size, now):
            places = ", ".join("?" * len(COLUMNS[table]))
            connection.executemany(f"INSERT INTO {table} ({', '.join(COLUMNS[table])}) VALUES ({places})", rows)  # noqa: S608
            connection.commit()
        connection.execute("ANALYZE")
        connection.commit()


async def _fill_postgres(url: str, size: Size, now: datetime) -> None:
    connection = await asyncpg.connect(url)
    try:
        for table, rows in _all(size, now):
            await connection.copy_records_to_table(table, records=rows, columns=COLUMNS[table])
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _all(size: Size, now: datetime) -> Iterator[tuple[str, Iterable[tuple[Any, ...]]]]:
    yield "account", list(account_rows(size))
    for rows in batches(size, now):
        yield from (("message", rows.message), ("copy", rows.copy), ("hit", rows.hit))


def main() -> None:
    usual = Size()
    parser = argparse.ArgumentParser(description="Fill an empty database with generated messages and hits.")
    parser.add_argument("url", help="sqlite:///path or postgres://…")
    parser.add_argument("--messages", type=int, default=usual.messages)
    parser.add_argument("--hits", type=int, default=usual.hits)
    parser.add_argument("--people", type=int, default=usual.people)
    parser.add_argument("--seed", type=int, default=usual.seed)
    given = parser.parse_args()
    began = time.monotonic()
    asyncio.run(generate(given.url, Size(given.messages, given.hits, given.people, given.seed)))
    print(f"{given.messages:,} messages and {given.hits:,} hits in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
