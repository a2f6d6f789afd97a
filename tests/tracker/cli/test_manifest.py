"""The manifests name what is served, at the operator's own address, and ask for no more than is used."""

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tracker.cli.manifest import addon_manifest
from tracker.slack_app import SLACK_SCOPES, new_app_link, slack_manifest
from tracker.web.addon import paths

ROOT = Path(__file__).parents[3]
PLATFORM = ROOT.parent / "shared" / "platform"
URL = "https://track.example/twotick/"


def functions(value: Any) -> Iterator[str]:
    """Every address that Google is to call."""
    if isinstance(value, dict):
        yield from (inner for key, inner in value.items() if key in ("runFunction", "onTriggerFunction"))
        for inner in value.values():
            yield from functions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from functions(inner)


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_google_is_told_to_call_every_trigger_that_we_answer_and_nothing_else() -> None:
    called = {address.removeprefix("https://track.example/twotick") for address in functions(addon_manifest(URL))}

    assert called == set(paths.TRIGGERS)


def test_google_is_asked_to_prove_each_call() -> None:
    assert addon_manifest(URL)["addOns"]["httpOptions"] == {"authorizationHeader": "SYSTEM_ID_TOKEN"}


def test_no_scope_lets_the_addon_read_a_mail() -> None:
    reading = ("gmail.readonly", "gmail.modify", "mail.google.com", "message.readonly", "message.action")

    assert not [scope for scope in addon_manifest(URL)["oauthScopes"] if scope.endswith(reading)]


@pytest.mark.skipif(not PLATFORM.exists(), reason="the platform's example manifests are not on this machine")
def test_the_addon_s_manifest_is_made_of_what_manifests_in_the_wild_are_made_of() -> None:
    seen = {"authorizationHeader"}  # Google's page on HTTP add-ons names it; none of the examples happens to use it
    for name in ("01_manifest_cats_appsscript", "02_http_deployment_travel_agent", "shapes"):
        seen |= keys(json.loads((PLATFORM / f"{name}.json").read_text()))

    assert keys(addon_manifest(URL)) <= seen


def test_slack_is_asked_for_the_scopes_that_the_readme_explains() -> None:
    explained = re.search(r"with scopes `([^`]+)`", (ROOT / "README.md").read_text())

    assert explained is not None
    assert set(SLACK_SCOPES) == set(explained[1].split())


@pytest.mark.parametrize(("url", "warned"), [("http://localhost:8080", True), ("https://track.example", False)])
async def test_an_address_that_nobody_outside_can_call_is_said_to_be_none(
    url: str, warned: bool, tmp_path: Path
) -> None:
    out, err = await run(tmp_path, "addon", PUBLIC_URL=url)

    assert json.loads(out) == addon_manifest(url)
    assert ("https addresses only" in err) is warned


async def run(folder: Path, *arguments: str, **environ: str) -> tuple[str, str]:
    """The words and the complaints of `twotick manifest`."""
    command = (sys.executable, "-m", "tracker", "manifest", *arguments)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env={**plain, "DATA_DIR": str(folder), **environ}, stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    return out.decode(), err.decode()


@pytest.mark.parametrize(
    ("flags", "environ", "expected"),
    [
        ((), {}, {}),
        (("--socket",), {}, {"over_socket": True}),
        (("--many",), {}, {"many": True}),
        ((), {"SLACK_APP_TOKEN": "xapp-1"}, {"over_socket": True}),
        ((), {"SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"}, {"many": True}),
    ],
)
async def test_slacks_manifest_follows_what_is_asked_for_or_set(
    tmp_path: Path, flags: tuple[str, ...], environ: dict[str, str], expected: dict[str, bool]
) -> None:
    out, err = await run(tmp_path, "slack", *flags, PUBLIC_URL=URL, **environ)

    assert (json.loads(out), err) == (slack_manifest(URL, **expected), "")


async def test_the_link_is_one_line_to_open(tmp_path: Path) -> None:
    out, _ = await run(tmp_path, "slack", "--socket", "--link", PUBLIC_URL=URL)

    assert out == new_app_link(slack_manifest(URL, over_socket=True)) + "\n"


async def test_over_the_socket_no_https_address_is_asked_for(tmp_path: Path) -> None:
    _, err = await run(tmp_path, "slack", "--socket", PUBLIC_URL="http://localhost:8080")

    assert err == ""


async def test_flags_about_slack_are_not_for_the_addon(tmp_path: Path) -> None:
    _, err = await run(tmp_path, "addon", "--link", PUBLIC_URL=URL)

    assert "Slack's manifest only" in err
