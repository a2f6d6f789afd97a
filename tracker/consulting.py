"""The checkup of this installation, put together from its settings."""

import shutil
from datetime import datetime
from functools import partial

from tracker.assembly import opened_intake
from tracker.checkup import Checkup, SlackKeys
from tracker.checkup.use import Surroundings
from tracker.clock import Clock, utc_now
from tracker.lookups.fetching import fetch
from tracker.lookups.places import made_at
from tracker.mailbox import Mailboxes
from tracker.ports import Store
from tracker.settings import Settings
from tracker.slack_app import SLACK_SCOPES
from tracker.store.errors import CannotOpen


def checkup_of(settings: Settings, store: Store, mailboxes: Mailboxes | None, clock: Clock = utc_now) -> Checkup:
    slack = SlackKeys(
        settings.slack_bot_token.reveal(),
        settings.slack_api_url,
        frozenset(SLACK_SCOPES),
        signing_secret=bool(settings.slack_signing_secret),
        socket=bool(settings.slack_app_token),
        many=settings.many_workspaces,
    )
    return Checkup(store, slack, _surroundings(settings), fetch, mailboxes, clock)


def _surroundings(settings: Settings) -> Surroundings:
    def free_bytes() -> int:
        return shutil.disk_usage(settings.data_dir).free

    async def intake() -> str | None:
        """Whether a hit would be kept: tried as a web process does, beside those that run."""
        try:
            async with opened_intake(settings) as opened:
                return await opened.healthy()
        except CannotOpen as cannot:
            return str(cannot)

    places = partial(_places_made_at, settings) if settings.geoip_db else None
    return Surroundings(settings.public_url, free_bytes, intake, places, settings.gmail_push_topic)


def _places_made_at(settings: Settings) -> datetime | None:
    return made_at(settings.geoip_db) if settings.geoip_db else None
