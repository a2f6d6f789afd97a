"""What a user agent says of itself. It proves nothing: rules weigh it against the network it came from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tracker.classify import machines, people
from tracker.classify.machines import Rows
from tracker.classify.thresholds import (
    AGENT_LIMIT,
    STALE_CHROME_BELOW,
    STALE_FIREFOX_BELOW,
    STALE_SAFARI_BELOW,
)

_Table = tuple[tuple[str, re.Pattern[str]], ...]

_GMAIL_PREFETCH_END = re.compile(r"edge/12\.\d+ mozilla/5\.0$")
_APPLE_BARE = "mozilla/5.0"
_APPLE_MAIL = re.compile(
    r"^mozilla/5\.0 \((?:macintosh|iphone|ipad|ipod)[^)]*\) applewebkit/[\d.]+ \(khtml, like gecko\)"
    r"(?: mobile/\w+)?(?: \([\d.]+\))?$"
)
# Stacks of an operating system that fetch for any app: (the reason's name, pattern).
_STACKS: Rows = (
    ("android_http_stack", r"^dalvik/|^android-async|^volley"),
    ("os_daemon", r"dataaccessd|^accountsd|^maild/|nsurlsessiond"),
    ("apple_http_stack", r"cfnetwork"),
)
_OLDEST: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"(?:chrome|crios|chromium)/(\d{1,4})"), STALE_CHROME_BELOW),
    (re.compile(r"firefox/(\d{1,4})"), STALE_FIREFOX_BELOW),
    (re.compile(r"^(?!.*(?:chrom|android|crios|firefox)).*version/(\d{1,4}).*safari/"), STALE_SAFARI_BELOW),
)
# A phone's model may be called anything ("Scanner", "Monitor"): no word in it announces a program.
_PHONE = re.compile(r"\(linux; (?:u; )?android (?![^()]*(?:compatible|https?:))[^()]*\)")
_LIKE_A_BROWSER = ("mozilla/", "opera/")  # how every browser, and every browser within an app, begins
_ANCIENT = re.compile(r"msie |trident/|presto/|opera/\d")


def _table(rows: Rows) -> _Table:
    return tuple((name, re.compile(pattern)) for name, pattern in rows)


def _tables(kinds: Mapping[str, Rows]) -> tuple[tuple[str, _Table], ...]:
    return tuple((kind, _table(rows)) for kind, rows in kinds.items())


_NAMED, _GUESSED = _tables(machines.NAMED), _tables(machines.GUESSED)
_MAIL_CLIENTS, _LIKE_A_MAIL_CLIENT = _table(people.MAIL_CLIENTS), _table(people.LIKE_A_MAIL_CLIENT)
_PROXIES, _BROWSERS, _SYSTEMS = _table(people.PROXIES), _table(people.BROWSERS), _table(people.SYSTEMS)
_STACK_TABLE = _table(_STACKS)


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent, read once. At most one of `machine`, `proxy`, `mail_client`, `browser` and `stack` is set.

    `machine` is a kind ("unfurler", "library", …) and `machine_name` its name
    as people say it, which may be empty. `proxy` is a mail system's key.
    """

    text: str
    machine: str = ""
    machine_name: str = ""
    proxy: str = ""
    mail_client: str = ""
    browser: str = ""
    stack: str = ""
    apple_mail: bool = False
    gmail_prefetch: bool = False
    bare: bool = False
    stale: bool = False
    system: str = ""


@lru_cache(maxsize=2048)
def read(text: str) -> Agent:
    """What an agent says, whatever it is: the part beyond the limit is not looked at."""
    agent = " ".join(text[:AGENT_LIMIT].split()).lower()
    if not agent:
        return Agent("", stack="no_agent")
    if agent == _APPLE_BARE:
        return Agent(agent, bare=True)
    if _GMAIL_PREFETCH_END.search(agent):
        return Agent(agent, gmail_prefetch=True)
    return _named(agent)


def _named(agent: str) -> Agent:
    machine = _kind(_NAMED, agent)
    if machine:
        return Agent(agent, machine[0], machine[1])
    proxy = _first(_PROXIES, agent)
    if proxy:
        return Agent(agent, proxy=proxy)
    client = _first(_MAIL_CLIENTS, agent)
    machine = None if client else _kind(_GUESSED, _PHONE.sub("", agent))
    if machine:
        return Agent(agent, machine[0], machine[1])
    return _of_a_person(agent, client or _first(_LIKE_A_MAIL_CLIENT, agent))


def _of_a_person(agent: str, client: str) -> Agent:
    system = _first(_SYSTEMS, agent)
    if client:
        return Agent(agent, mail_client=client, system=system)
    if _APPLE_MAIL.match(agent):
        return Agent(agent, apple_mail=True, system=system)
    stack = _first(_STACK_TABLE, agent)
    browser = _first(_BROWSERS, agent) if agent.startswith(_LIKE_A_BROWSER) and not stack else ""
    return Agent(agent, browser=browser, stack=stack, stale=bool(browser) and _is_stale(agent), system=system)


def _is_stale(agent: str) -> bool:
    """A browser years behind, as scanners send it."""
    return _ANCIENT.search(agent) is not None or any(_below(pattern, agent, oldest) for pattern, oldest in _OLDEST)


def _below(pattern: re.Pattern[str], agent: str, version: int) -> bool:
    found = pattern.search(agent)
    return found is not None and int(found[1]) < version


def _kind(tables: Iterable[tuple[str, _Table]], agent: str) -> tuple[str, str] | None:
    for kind, table in tables:
        for name, pattern in table:
            if pattern.search(agent):
                return kind, name
    return None


def _first(table: _Table, agent: str) -> str:
    return next((name for name, pattern in table if pattern.search(agent)), "")
