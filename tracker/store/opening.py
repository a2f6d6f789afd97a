"""Opening the store: before anything else in a process, closed after everything else."""

from collections.abc import Sequence
from types import TracebackType

from tracker.ports import Store, TryLater
from tracker.sealing import Sealer
from tracker.store.accounts import SqlAccountBook
from tracker.store.address import read_address
from tracker.store.alerts import SqlAlertFeed
from tracker.store.connecting import connect
from tracker.store.database import Database
from tracker.store.documents import SqlDocumentShelf
from tracker.store.drafts import SqlDraftBook
from tracker.store.errors import CannotOpen
from tracker.store.following import SqlFollowBook
from tracker.store.hits import SqlHitLog
from tracker.store.invitations import SqlInvitationBook
from tracker.store.lessons import SqlCorrectionBook
from tracker.store.mail_systems import SqlMailSystemBook
from tracker.store.messages import SqlMessageBook
from tracker.store.noise import SqlNoiseBook
from tracker.store.nudges import SqlNudgeBook
from tracker.store.orders import SqlOrderBook
from tracker.store.preferences import SqlPreferenceBook
from tracker.store.reminders import SqlReminderBook
from tracker.store.renewals import SqlRenewalBook
from tracker.store.rights import SqlRightsBook
from tracker.store.schema import applied_migrations, known_migrations, refuse_newer, refuse_older
from tracker.store.shares import SqlShareBook
from tracker.store.ticks import SqlTickBook
from tracker.store.vitals import SqlVitalSigns
from tracker.store.waiting import Waker, waker_of
from tracker.store.watching import SqlWatchBook
from tracker.store.workspaces import SqlHeardBook, SqlInstallationBook

__all__ = ["CannotOpen", "OpenedStore", "open_store"]


class OpenedStore:
    """The books of one database, until it is closed; `async with` gives the Store and closes it."""

    def __init__(self, store: Store, database: Database, waker: Waker) -> None:
        self.store = store
        self._database = database
        self._waker = waker

    async def close(self) -> None:
        await self._waker.close()
        await self._database.close()

    async def __aenter__(self) -> Store:
        return self.store

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def open_store(database_url: str, encryption_keys: Sequence[bytes | str]) -> OpenedStore:
    """Open a migrated database. Raises CannotOpen, whose text names DATABASE_URL and what to do."""
    sealer = Sealer(encryption_keys)
    address = read_address(database_url)
    database = await connect(address)
    try:
        async with database.reading() as statements:
            applied = await applied_migrations(statements)
        refuse_newer(applied, known_migrations(), address)
        refuse_older(applied, known_migrations(), address)
        waker = waker_of(address)
    except TryLater as failed:
        await database.close()
        raise CannotOpen(f"DATABASE_URL: cannot use {address.shown}: {failed}") from failed
    except BaseException:
        await database.close()
        raise
    store = Store(
        accounts=SqlAccountBook(database, sealer),
        messages=SqlMessageBook(database),
        hits=SqlHitLog(database),
        alerts=SqlAlertFeed(database, waker),
        corrections=SqlCorrectionBook(database),
        mail_systems=SqlMailSystemBook(database),
        preferences=SqlPreferenceBook(database),
        orders=SqlOrderBook(database, sealer),
        following=SqlFollowBook(database),
        watches=SqlWatchBook(database),
        drafts=SqlDraftBook(database),
        shelf=SqlDocumentShelf(database, sealer),
        reminders=SqlReminderBook(database),
        nudges=SqlNudgeBook(database),
        installations=SqlInstallationBook(database, sealer),
        heard=SqlHeardBook(database),
        ticks=SqlTickBook(database),
        vitals=SqlVitalSigns(database),
        rights=SqlRightsBook(database),
        noise=SqlNoiseBook(database),
        invitations=SqlInvitationBook(database),
        renewals=SqlRenewalBook(database, sealer),
        shares=SqlShareBook(database),
    )
    return OpenedStore(store, database, waker)
