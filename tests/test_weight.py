"""What a process loads before it knows its settings: each library more is time to start and memory for good."""

import subprocess
import sys

import pytest

from tests.test_architecture import ROOT

GOOGLE = {"google", "googleapiclient", "httplib2"}
SLACK = {"slack_bolt", "slack_sdk"}
DATABASES = {"tortoise", "asyncpg", "aiosqlite"}
WHERE_SET_UP = GOOGLE | {"nats", "dns", "maxminddb"}


@pytest.mark.parametrize(
    ("modules", "left_out"),
    [
        (("tracker.cli.serve", "bot.door"), WHERE_SET_UP | SLACK),
        (("tracker.cli.record",), WHERE_SET_UP | SLACK),
        (("tracker.cli.migrate",), WHERE_SET_UP | SLACK | {"cryptography", "turbohtml"}),
        (("tracker.cli.tag",), WHERE_SET_UP | SLACK | DATABASES | {"aiohttp", "cryptography", "asyncio"}),
    ],
    ids=["web", "recorder", "migrate", "tag"],
)
def test_what_is_not_set_up_is_not_loaded(modules: tuple[str, ...], left_out: set[str]) -> None:
    told = f"import sys, {', '.join(modules)}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)

    assert {*modules[0].split(".")[:1]} <= {*done.stdout.split()}
    assert left_out & {*done.stdout.split()} == set()
