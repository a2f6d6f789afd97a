"""The assembly: which parts stand behind which promises, opened in order and closed in reverse.

What speaks to Google, to name servers or reads a database of places is imported by who opens it: a process that is not
set up for it starts in two thirds of the time, with a fifth less memory.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.classify import RULESET
from tracker.classify.forwards import passed_on
from tracker.clock import Clock, utc_now
from tracker.connecting import Connecting
from tracker.correcting import Correcting
from tracker.granting import Granting
from tracker.judging import judge
from tracker.mailbox import Mailboxes
from tracker.ports import Identities, Mailers, Store
from tracker.recording import Recording
from tracker.rejudging import Rejudging
from tracker.sealing import Sealer
from tracker.sending import Sending, Shelving
from tracker.settings import Settings, WrongSetting
from tracker.store.intake import CountedIntake, open_intake
from tracker.store.opening import open_store
from tracker.syncing.watching import stopped
from tracker.tagger import Tagger
from tracker.tokens import Tokens

if TYPE_CHECKING:
    from tracker.gmail.mailers import GoogleMailers
    from tracker.lookups.places import Places


def tokens_of(settings: Settings) -> Tokens:
    return Tokens([key.reveal() for key in settings.secret_keys])


def recording_of(settings: Settings, store: Store, clock: Clock = utc_now) -> Recording:
    """Raises WrongSetting for a database of places that cannot be read."""
    judging = partial(judge, place_of=_places(settings.geoip_db).place_of) if settings.geoip_db else judge
    return Recording(store.hits, judging, timedelta(seconds=settings.settle_seconds), clock, passed_on)


def correcting_of(settings: Settings, store: Store, clock: Clock = utc_now) -> Correcting:
    return Correcting(store.hits, recording_of(settings, store, clock))


def rejudging_of(settings: Settings, store: Store) -> Rejudging:
    return Rejudging(store.hits, recording_of(settings, store), RULESET)


@lru_cache(maxsize=1)
def _places(path: Path) -> "Places":
    """One for the process: it holds the whole file in memory."""
    from tracker.lookups.places import Places, WrongDatabase

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
async def opened_intake(settings: Settings) -> AsyncIterator[CountedIntake]:
    """Where hits become durable, for as long as the block lasts. Raises CannotOpen."""
    spool = settings.data_dir / "twotick-spool.sqlite3"
    intake = await open_intake(settings.database_url, settings.nats_url.reveal(), spool)
    try:
        yield intake
    finally:
        await intake.close()


@asynccontextmanager
async def opened_mailers(settings: Settings, store: Store) -> AsyncIterator["GoogleMailers"]:
    """Every account's Gmail, for as long as the block lasts. Raises WrongSetting when Google is not set up."""
    if not settings.gmail_ready:
        raise WrongSetting(
            "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET: expected those of your own OAuth client, in .env;"
            " to send through the stand-in instead, leave `make run` running meanwhile"
        )
    from tracker.gmail.mailers import GoogleMailers

    mailers = GoogleMailers(
        settings.google_client_id,
        settings.google_client_secret.reveal(),
        settings.google_api_url,
        settings.google_token_url,
        store.accounts.refresh_token,
        service_account=settings.google_service_account,
    )
    try:
        yield mailers
    finally:
        await mailers.close()


def sending_of(settings: Settings, store: Store, mailers: Mailers) -> Sending:
    from tracker.lookups.mail_systems import DnsMailSystems

    return Sending(
        store.messages,
        mailers,
        Tagger(tokens_of(settings), settings.public_url),
        recording_of(settings, store).judge_again,
        Granting(store.accounts, utc_now),
        DnsMailSystems(store.mail_systems, utc_now),
        utc_now,
        shelving=shelving_of(settings, store),
    )


def shelving_of(settings: Settings, store: Store) -> Shelving:
    largest, kept_for = int(settings.document_max_mb * 1_000_000), timedelta(days=settings.document_days)
    return Shelving(store.shelf, largest, kept_for, utc_now)


@asynccontextmanager
async def opened_identities(settings: Settings) -> AsyncIterator[Identities]:
    """What tells whom Google's tokens are about, for as long as the block lasts."""
    from tracker.gmail.identity import GoogleIdentities

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
    settings: Settings, store: Store, identities: Identities, mailboxes: Mailboxes | None = None
) -> AsyncIterator[Connecting | None]:
    """The way mailboxes are connected, for as long as the block lasts; None when Google is not set up."""
    if not settings.google_ready:
        yield None
        return
    from tracker.gmail.auth import OAuthClient
    from tracker.gmail.consent import GoogleConsent

    client = OAuthClient(settings.google_client_id, settings.google_client_secret.reveal(), settings.google_token_url)
    desk = GoogleConsent(client, settings.google_auth_url, google_redirect_uri(settings), identities)
    sealer = Sealer([key.reveal() for key in settings.encryption_keys])
    try:
        stop = partial(stopped, mailboxes, store.watches) if mailboxes else None
        yield Connecting(
            store.accounts,
            store.invitations,
            desk,
            tokens_of(settings),
            sealer,
            settings.public_url,
            domains=settings.connect_domains,
            stop_watch=stop,
        )
    finally:
        await desk.close()
