"""The README's drawing, checked: imports point inwards, and each technology has one room."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()

RINGS: dict[str, int] = {
    "tracker.model": 1,
    "tracker.account": 1,
    "tracker.alert": 1,
    "tracker.clock": 1,
    "bot.blocks": 1,
    "bot.pacing": 1,
    "bot.outage": 1,
    "bot.plaintext": 1,
    "tracker.classify": 2,
    "tracker.tagging": 2,
    "tracker.tokens": 2,
    "tracker.garbage": 2,
    "tracker.tagger": 2,
    "tracker.failures": 2,
    "tracker.private_keys": 2,
    "tracker.sealing": 2,
    "tracker.inviting": 2,
    "tracker.questions": 2,
    "tracker.documents": 2,
    "tracker.slack_app": 2,
    "tracker.wording": 2,
    "tracker.readings": 2,
    "tracker.ringing": 2,
    "tracker.summing": 2,
    "tracker.stats": 2,
    "tracker.charts": 2,
    "tracker.prefixes": 2,
    "tracker.mail_systems": 2,
    "bot.grammar": 2,
    "bot.grammar_of_reminders": 2,
    "bot.grammar_of_noise": 2,
    "tracker.noise": 2,  # with the promises of its book, which need the words alone
    "bot.charts": 2,
    "bot.pictures": 2,
    "bot.signatures": 2,
    "bot.grammar_of_sending": 2,
    "bot.times": 2,
    "tracker.heat": 2,
    "tracker.counts": 2,
    "tracker.paging": 2,
    "bot.grammar_of_account": 2,
    "bot.tables": 2,
    "tracker.ports": 3,
    "tracker.fetching": 3,
    "tracker.rights": 3,
    "tracker.vitals": 3,
    "tracker.mailbox": 3,
    "tracker.access": 3,
    "tracker.wishes": 3,
    "tracker.following": 3,
    "tracker.watching": 3,
    "tracker.drafts": 3,
    "tracker.lending": 3,
    "tracker.reminders": 3,
    "tracker.workspaces": 3,
    "tracker.ticks": 3,
    "bot.ports": 3,
    "tracker.news": 4,
    "tracker.granting": 4,
    "tracker.chores": 4,
    "tracker.judging": 4,
    "tracker.plain": 4,
    "tracker.scenes": 4,
    "tracker.outcomes": 4,
    "tracker.recording": 4,
    "tracker.correcting": 4,
    "tracker.connecting": 4,
    "tracker.rejudging": 4,
    "tracker.composing": 4,
    "tracker.replying": 4,
    "tracker.ordering": 4,
    "tracker.resealing": 4,
    "tracker.scheduling": 4,
    "tracker.noticing": 4,
    "tracker.ticking": 4,
    "tracker.sending": 4,
    "tracker.syncing": 4,
    "tracker.reporting": 4,
    "tracker.outstanding": 4,
    "tracker.reminding": 4,
    "tracker.quieting": 4,
    "tracker.digesting": 4,
    "tracker.nudging": 4,
    "tracker.nudge_mail": 4,
    "tracker.tidying": 4,
    "tracker.steadiness": 4,
    "bot.cards": 4,  # pure, but drawn from what the uses answer: reports, stories
    "bot.commands": 4,
    "bot.members": 4,
    "bot.actions": 4,
    "bot.saying": 4,
    "bot.floods": 1,
    "bot.crowds": 4,
    "bot.telling": 4,
    "bot.beside": 4,
    "bot.scribe": 4,
    "bot.showing": 4,
    "bot.offers": 4,
    "bot.drafts": 4,
    "bot.ordered": 4,
    "tracker.picking": 4,
    "bot.follow_up": 4,
    "bot.zones": 4,
    "bot.mutes": 4,
    "bot.noise": 4,
    "bot.quiet": 4,
    "bot.sharing": 4,
    "bot.happenings": 4,
    "bot.hearing": 4,
    "bot.installing": 4,
    "bot.renewing": 4,
    "bot.shared": 4,
    "bot.grammar_of_sharing": 2,
    "tracker.shares": 3,
    "bot.checking": 4,
    "bot.lists": 4,
    "bot.figures": 4,
    "bot.rights": 4,
    "bot.doctor": 4,
    "tracker.checkup": 4,
    "tracker.giving": 4,
    "tracker.consulting": 6,
    "tracker.web": 5,
    "tracker.store": 5,
    "tracker.gmail": 5,
    "tracker.lookups": 5,
    "bot.app": 5,
    "bot.socket_mode": 5,
    "bot.teams": 5,
    "bot.answering": 5,
    "bot.relay": 5,
    "bot.slack": 5,
    "bot.slack_calls": 5,
    "bot.surfaces": 1,
    "bot.quoted": 1,
    "bot.home": 4,
    "bot.preferring": 4,
    "bot.noise_at_home": 4,
    "bot.homecoming": 4,
    "bot.stage": 4,
    "bot.shortcuts": 4,
    "bot.slack_views": 5,
    "bot.tabs": 5,
    "bot.home_door": 6,
    "tracker.slack_shortcuts": 1,
    "tracker.letters": 2,
    "tracker.board": 4,
    "tracker.writing": 4,
    "tracker.setting_values": 2,
    "tracker.service_account": 2,
    "tracker.settings": 6,
    "tracker.logs": 6,
    "tracker.assembly": 6,
    "tracker.upkeep": 6,
    "tracker.metering": 6,
    "tracker.doors": 6,
    "tracker.addon": 6,
    "tracker.cli": 6,
    "tracker.__main__": 6,
    "bot.door": 6,
    "bot.events": 6,
    "bot.listening": 6,
    "bot.install": 6,
    "bot.setting_up": 6,
    "bot.renewal_door": 6,
    "bot.worker": 6,
    "bot.__main__": 6,
}
ROOMS = {
    "tortoise": "tracker.store",
    "asyncpg": "tracker.store",
    "sqlite3": "tracker.store",
    "nats": "tracker.store.jetstream",
    "slack_bolt": "bot",
    "slack_sdk": "bot",
    "google": "tracker.gmail",
    "googleapiclient": "tracker.gmail",
    "turbohtml": "tracker.tagging",
    "dns": "tracker.lookups",
    "maxminddb": "tracker.lookups",
    "resvg_py": "bot.pictures",
    "prometheus_client": "tracker.web",
}
DOORS = ("tracker.web", "tracker.store", "tracker.gmail", "tracker.lookups", "bot.app", "bot.relay", "bot.slack")


@lru_cache
def _modules() -> Sequence[str]:
    files = [*ROOT.glob("tracker/**/*.py"), *ROOT.glob("bot/**/*.py")]
    return sorted(".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for f in files)


def _place(module: str) -> str | None:
    return next((place for place in RINGS if module == place or module.startswith(place + ".")), None)


@cache
def _imports(module: str) -> Sequence[str]:
    return tuple(_imported_by(module))


def _imported_by(module: str) -> Iterator[str]:
    path = ROOT / module.replace(".", "/")
    source = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    known = set(_modules())
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{module} imports by dots"
            for name in node.names:
                full = f"{node.module}.{name.name}"
                yield full if full in known else node.module


@pytest.mark.parametrize("module", [m for m in _modules() if m not in ("tracker", "bot")])
def test_imports_point_inwards(module: str) -> None:
    place = _place(module)
    assert place, f"{module} has no ring: add it to the drawing"

    for imported in _imports(module):
        other = _place(imported)
        if other is None or other == place:
            continue
        assert RINGS[other] <= RINGS[place], f"{module} (ring {RINGS[place]}) imports {imported} (ring {RINGS[other]})"
        assert not (place in DOORS and other in DOORS), f"doors know each other: {module} imports {imported}"


def test_every_ring_has_its_room() -> None:
    assert set(RINGS) <= set(_modules())


def test_the_readmes_drawing_shows_every_room() -> None:
    drawing = README.split("## The drawing")[1].split("## ")[0]

    rooms = {module.split(".")[1] for module in _modules() if "." in module}

    assert sorted(rooms - set(re.findall(r"\w+", drawing))) == []


def test_the_readme_opens_no_file_that_is_not_there() -> None:
    table = README.split("## I want to change")[1].split("## ")[0]

    named = re.findall(r"`((?:tracker|bot|tests)/[^`]*)`", table)

    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("module", _modules())
def test_each_technology_has_one_room(module: str) -> None:
    for imported in _imports(module):
        room = ROOMS.get(imported.split(".")[0])
        assert room is None or module == room or module.startswith(room + "."), f"{module} imports {imported}"


@pytest.mark.parametrize("module", [m for m in _modules() if m.startswith("tracker")])
def test_the_tracker_never_mentions_the_bot(module: str) -> None:
    assert not any(name.split(".")[0] == "bot" for name in _imports(module))
