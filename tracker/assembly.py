"""The assembly: which parts stand behind which promises, opened in order and closed in reverse."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path

from tracker.chores import again_and_again
from tracker.classify import RULESET
from tracker.classify.forwards import passed_on
from tracker.clock import utc_now
from tracker.connecting import Connecting
from tracker.correcting import Correcting
from tracker.gmail.auth import OAuthClient
from tracker.gmail.consent import GoogleConsent
from tracker.gmail.identity import GoogleIdentities
from tracker.gmail.mailers import GoogleMailers
from tracker.granting import Granting
from tracker.judging import judge
from tracker.lookups.mail_systems import DnsMailSystems
from tracker.lookups.places import Places, WrongDatabase
from tracker.mailbox import Mailboxes
from tracker.ordering import Ordering
from tracker.ports import Identities, Intake, Mailers, Store
from tracker.recording import Recording
from tracker.rejudging import Rejudging
from tracker.sealing import Sealer
from tracker.sending import Recovery, Sending
from tracker.sending.tagger import Tagger
from tracker.settings import Settings, WrongSetting
from tracker.store.intake import open_intake
from tracker.store.opening import open_store
from tracker.syncing import Arming, NewsFromOutside, OwnAddresses, Rounds, Syncing
from tracker.tidying import Tidying
from tracker.tokens import Tokens

_RECOVERY_PAUSE = timedelta(minutes=1)
_ORDERS_PAUSE = timedelta(seconds=1)
_SENDERS = 4  # so that a mailbox that does not answer keeps few others waiting
_TIDYING_PAUSE = timedelta(hours=1)


def tokens_of(settings: Settings) -> Tokens:
    return Tokens([key.reveal() for key in settings.secret_keys])


def recording_of(settings: Settings, store: Store) -> Recording:
    """Raises WrongSetting for a database of places that cannot be read."""
    judging = partial(judge, place_of=_places(settings.geoip_db).place_of) if settings.geoip_db else judge
    return Recording(store.hits, judging, timedelta(seconds=settings.settle_seconds), utc_now, passed_on)


def correcting_of(settings: Settings, store: Store) -> Correcting:
    return Correcting(store.hits, recording_of(settings, store))


def rejudging_of(settings: Settings, store: Store) -> Rejudging:
    return Rejudging(store.hits, recording_of(settings, store), RULESET)


@lru_cache(maxsize=1)
def _places(path: Path) -> Places:
    """One for the process: it holds the whole file in memory."""
    try:
        return Places(path)
    except WrongDatabase as wrong:
        raise WrongSetting(f"GEOIP_DB: expected a database of places (.mmdb): {wrong}") from None


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[Store]:
    """The database, for as long as the block lasts. Raises CannotOpen."""
    async with await open_store(settings.database_url, [key.reveal() for key in settings.encryption_keys]) as store:
        yield store


@asynccontextmanager
async def opened_intake(settings: Settings) -> AsyncIterator[Intake]:
    """Where hits become durable, for as long as the block lasts. Raises CannotOpen."""
    intake = await open_intake(settings.database_url)
    try:
        yield intake
    finally:
        await intake.close()


@asynccontextmanager
async def opened_mailers(settings: Settings, store: Store) -> AsyncIterator[GoogleMailers]:
    """Every account's Gmail, for as long as the block lasts. Raises WrongSetting when Google is not set up."""
    if not settings.google_ready:
        raise WrongSetting(
            "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET: expected those of your own OAuth client, in .env;"
            " to send through the stand-in instead, leave `make run` running meanwhile"
        )
    mailers = GoogleMailers(
        settings.google_client_id,
        settings.google_client_secret.reveal(),
        settings.google_api_url,
        settings.google_token_url,
        store.accounts.refresh_token,
    )
    try:
        yield mailers
    finally:
        await mailers.close()


@asynccontextmanager
async def opened_sending(settings: Settings, store: Store) -> AsyncIterator[Sending]:
    """Sending through Gmail, for as long as the block lasts. Raises WrongSetting when Google is not set up."""
    async with opened_mailers(settings, store) as mailers:
        yield sending_of(settings, store, mailers)


def sending_of(settings: Settings, store: Store, mailers: Mailers) -> Sending:
    return Sending(
        store.messages,
        mailers,
        Tagger(tokens_of(settings), settings.public_url),
        recording_of(settings, store).judge_again,
        Granting(store.accounts, utc_now),
        DnsMailSystems(store.mail_systems, utc_now),
        utc_now,
    )


@asynccontextmanager
async def opened_identities(settings: Settings) -> AsyncIterator[Identities]:
    """What tells whom Google's tokens are about, for as long as the block lasts."""
    identities = GoogleIdentities(settings.google_certs_url)
    try:
        yield identities
    finally:
        await identities.close()


def google_redirect_uri(settings: Settings) -> str:
    """Where Google's consent page leads back to: to be registered with the OAuth client, letter for letter."""
    return f"{settings.public_url.rstrip('/')}/google/callback"


@asynccontextmanager
async def opened_connecting(
    settings: Settings, store: Store, identities: Identities
) -> AsyncIterator[Connecting | None]:
    """The way mailboxes are connected, for as long as the block lasts; None when Google is not set up."""
    if not settings.google_ready:
        yield None
        return
    client = OAuthClient(settings.google_client_id, settings.google_client_secret.reveal(), settings.google_token_url)
    desk = GoogleConsent(client, settings.google_auth_url, google_redirect_uri(settings), identities)
    sealer = Sealer([key.reveal() for key in settings.encryption_keys])
    try:
        yield Connecting(store.accounts, desk, tokens_of(settings), sealer, settings.public_url)
    finally:
        await desk.close()


@asynccontextmanager
async def kept_up(settings: Settings, store: Store) -> AsyncIterator[None]:
    """While the block lasts, destroy what is old, arm what a crash left unarmed, send what was ordered."""
    chores = [asyncio.create_task(_tidy(settings, store))]
    if settings.google_ready:
        chores.append(asyncio.create_task(_keep_gmail_up(settings, store)))
    try:
        yield
    finally:
        for chore in chores:
            chore.cancel()
        await asyncio.gather(*chores, return_exceptions=True)


async def _tidy(settings: Settings, store: Store) -> None:
    raw_for, everything_for = timedelta(hours=settings.raw_hit_hours), timedelta(days=settings.retention_days)
    tidying = Tidying(store.messages, store.hits, store.orders, raw_for, everything_for, utc_now)
    await again_and_again("tidying", tidying.run_once, _TIDYING_PAUSE)


def rounds_of(settings: Settings, store: Store, mailboxes: Mailboxes) -> Rounds:
    recording = recording_of(settings, store)
    systems, tokens = DnsMailSystems(store.mail_systems, utc_now), tokens_of(settings)
    arming = Arming(store.following, store.messages, systems, tokens, recording.judge_again)
    news = NewsFromOutside(store.following, recording, OwnAddresses(utc_now), utc_now)
    syncing = Syncing(store.following, mailboxes, arming, news, utc_now)
    return Rounds(store.accounts, syncing, Granting(store.accounts, utc_now))


async def _follow_mailboxes(settings: Settings, rounds: Rounds) -> None:
    try:
        await again_and_again("following mailboxes", rounds.begin, timedelta(seconds=settings.gmail_poll_seconds))
    finally:
        await rounds.close()


async def _keep_gmail_up(settings: Settings, store: Store) -> None:
    async with opened_mailers(settings, store) as mailers, asyncio.TaskGroup() as chores:
        sending, granting = sending_of(settings, store, mailers), Granting(store.accounts, utc_now)
        recovery = Recovery(store.accounts, store.messages, sending, granting, utc_now)
        chores.create_task(again_and_again("recovering interrupted sendings", recovery.run_once, _RECOVERY_PAUSE))
        mark_text = tokens_of(settings).pixel
        ordering = Ordering(store.orders, store.accounts, mailers, sending, granting, mark_text, utc_now)
        chores.create_task(_follow_mailboxes(settings, rounds_of(settings, store, mailers)))
        for _ in range(_SENDERS):
            chores.create_task(again_and_again("sending what was ordered", ordering.run_once, _ORDERS_PAUSE))
