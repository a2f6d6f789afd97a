"""`python -m tests.standins`: serves the local Gmail, the local Slack and their page until it is told to stop."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.standins.demo import connect_demo
from tests.standins.gmail import GmailStandin
from tests.standins.keeping import Kept
from tests.standins.page.changes import Changes
from tests.standins.page.view import Workbench
from tests.standins.seeds import SENDER, SLACK_USER, seed_gmail, seed_slack
from tests.standins.serving import ADDRESS, served
from tests.standins.terminal import twotick
from tests.standins.world import World, given_settings, own_web, standins_port
from tracker.assembly import google_redirect_uri
from tracker.settings import WrongSetting, load_settings


async def serve(environ: Mapping[str, str]) -> None:
    """Restore, serve, greet, wait for the end, keep everything."""
    stop = _end_asked_for()
    changes = Changes()
    world = World.of(environ.get("STANDINS", "gmail,slack").split(","), changes.happened)
    settings = load_settings()
    kept = Kept(settings.data_dir / "standins.json", world.parts)
    if trouble := kept.restore():
        print(trouble)
    changes.tell(kept.soon)
    fresh_token = seed_gmail(world.gmail) if world.gmail else None
    port = standins_port(given_settings(environ, Path.cwd()))
    if world.slack:
        seed_slack(world.slack)
        world.slack.own_url = f"http://{ADDRESS}:{port}"
        world.slack.app_url_events = f"{own_web(settings)}/slack/events"
    if world.gmail:
        _let_consent_lead_back(world.gmail, google_redirect_uri(settings))
    kept.save()  # before the product learns of a grant: a crash must not leave it with one that we do not know
    slack_user = SLACK_USER if world.slack else environ.get("STANDINS_SLACK_USER", "")
    bench = Workbench(world.gmail, world.slack, SENDER, slack_user, twotick(), changes)
    async with served(bench, port):
        greeting = asyncio.create_task(_greet(bench, fresh_token, port))
        await stop.wait()
        greeting.cancel()
    kept.close()


def _let_consent_lead_back(gmail: GmailStandin, uri: str) -> None:
    try:
        gmail.register_redirect(uri)
    except ValueError as refused:
        print(f"/opens connect cannot work with this PUBLIC_URL, as Google's console would not take it: {refused}")


async def _greet(bench: Workbench, fresh_token: str | None, port: int) -> None:
    if bench.gmail:
        print(await connect_demo(bench.gmail, bench.slack_user, bench.command, fresh_token))
    print(f"Ready. Open http://{ADDRESS}:{port}/", flush=True)


def _end_asked_for() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def main() -> int:
    try:
        asyncio.run(serve(os.environ))
    except (OSError, WrongSetting) as refused:
        print(f"The stand-ins cannot start: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
