"""Who may read /metrics, and whether what it tells, the table, the rules and the dashboard know the same names."""

import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.core import Metric

from tests.tracker.web.site import TOKENS, MemoryIntake
from tests.tracker.web.test_vital_meters import Signs
from tracker.vitals import Queue
from tracker.web.app import build_app
from tracker.web.meters import Meters
from tracker.web.metrics import Metrics, Sources

DOCS = Path(__file__).parents[3] / "docs"
SECRET = "a token of sixteen letters and more"
ROW = re.compile(r"^\| `(twotick_\w+)` \| (\w+) \|([^|]*)\|", re.MULTILINE)


class Waiting:
    """An intake in which something waits."""

    def at_the_door(self) -> int:
        return 2

    async def queues(self) -> list[Queue]:
        return [Queue("database", 4)]


@asynccontextmanager
async def opened(sources: Sources) -> AsyncIterator[TestClient]:
    app = build_app(MemoryIntake(), TOKENS, sources=sources)
    async with TestClient(TestServer(app)) as client:
        yield client


def families() -> dict[str, Metric]:
    """All that a process with everything tells, by the names that stand in the text."""
    meters = Meters()
    Metrics(meters.registry, Sources(Signs(), Waiting(), DOCS))
    found = [one for one in meters.registry.collect() if one.name.startswith("twotick_")]
    return {f"{one.name}_total" if one.type == "counter" else one.name: one for one in found}


def documented() -> dict[str, tuple[str, set[str]]]:
    rows = ROW.findall((DOCS / "metrics.md").read_text())
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


def named(text: str) -> set[str]:
    return {re.sub(r"_(bucket|count|sum)$", "", name) for name in re.findall(r"twotick_\w+", text)}


def expressions(value: object) -> Iterable[str]:
    """Every query in a dashboard."""
    if isinstance(value, dict):
        yield from (text for name, text in value.items() if name == "expr")
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from expressions(one)


async def test_this_machine_reads_without_a_token() -> None:
    async with opened(Sources()) as client, client.get("/metrics") as answer:
        assert answer.status == 200
        assert "twotick_commit_seconds_bucket" in await answer.text()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "x-forwarded-proto"])
async def test_what_a_proxy_hands_on_is_refused_without_a_token(header: str) -> None:
    async with opened(Sources()) as client, client.get("/metrics", headers={header: "127.0.0.1"}) as answer:
        assert answer.status == 403
        assert "METRICS_TOKEN" in await answer.text()


@pytest.mark.parametrize("said", ["", "Bearer ", f"Bearer {SECRET}x", f"Basic {SECRET}", "Bearer \xe9", SECRET])
async def test_with_a_token_nobody_reads_who_does_not_know_it(said: str) -> None:
    headers = {"Authorization": said}

    async with opened(Sources(token=SECRET)) as client, client.get("/metrics", headers=headers) as answer:
        words = await answer.text()

    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert SECRET not in words
    assert "twotick_" not in words


async def test_who_knows_the_token_reads_from_anywhere() -> None:
    headers = {"Authorization": f"Bearer {SECRET}", "X-Forwarded-For": "203.0.113.9"}

    async with opened(Sources(token=SECRET)) as client, client.get("/metrics", headers=headers) as answer:
        assert answer.status == 200


async def test_queues_and_the_disk_are_told() -> None:
    async with opened(Sources(Signs(), Waiting(), DOCS)) as client, client.get("/metrics") as answer:
        text = await answer.text()

    assert 'twotick_intake_batches{where="database"} 4.0' in text
    assert "twotick_commit_waiting_hits 2.0" in text
    assert re.search(r"^twotick_disk_free_bytes \d", text, re.MULTILINE)


async def test_a_disk_that_cannot_be_asked_is_not_guessed(tmp_path: Path) -> None:
    async with opened(Sources(folder=tmp_path / "gone")) as client, client.get("/metrics") as answer:
        assert "twotick_disk_free_bytes NaN" in await answer.text()


def test_the_table_is_what_is_told() -> None:
    told = {name: one.type for name, one in families().items()}

    assert {name: kind for name, (kind, _) in documented().items()} == told


def test_the_rules_and_the_dashboard_name_what_is_told_and_the_dashboard_shows_all_of_it() -> None:
    dashboard = "\n".join(expressions(json.loads((DOCS / "grafana.json").read_text())))
    rules = "\n".join(re.findall(r"expr: (.*)", (DOCS / "alerts.yml").read_text()))

    told = set(families())
    assert named(rules) <= told
    assert named(dashboard) == told


def test_each_rule_says_how_bad_it_is_and_what_to_do_next() -> None:
    rules = (DOCS / "alerts.yml").read_text().split("- alert: ")[1:]

    assert rules
    for rule in rules:
        assert re.search(r"severity: (page|ticket)\b", rule), rule
        assert re.search(r'summary: ".{20,}"\n +runbook: ".{40,}"', rule), rule


@pytest.mark.parametrize("file", ["alerts.yml", "grafana.json"])
def test_labels_are_asked_for_as_they_are_told(file: str) -> None:
    text = (DOCS / file).read_text().replace('\\"', '"')
    known = documented()

    asked = re.findall(r'(twotick_\w+)\{(\w+)[=!~]+"', text)

    assert asked
    assert [(name, label) for name, label in asked if label not in known[name][1]] == []


def test_the_dashboard_asks_whichever_prometheus_is_chosen_and_its_panels_lie_side_by_side() -> None:
    dashboard = json.loads((DOCS / "grafana.json").read_text())
    panels = [one for one in dashboard["panels"] if one["type"] != "row"]
    chosen = {"type": "prometheus", "uid": "${datasource}"}

    covered = [square for one in panels for square in squares(**one["gridPos"])]

    assert [one["title"] for one in dashboard["panels"] if one["type"] == "row"] == [
        *("Health", "Pixels", "Recorder", "Slack", "Gmail")
    ]
    assert [one["name"] for one in dashboard["templating"]["list"]] == ["datasource"]
    assert all(one["datasource"] == chosen for one in panels)
    assert all(target["datasource"] == chosen for one in panels for target in one["targets"])
    assert len(covered) == len(set(covered))
    assert max(column for column, _ in covered) == 23


def squares(x: int, y: int, w: int, h: int) -> Iterable[tuple[int, int]]:
    return ((x + column, y + line) for column in range(w) for line in range(h))
