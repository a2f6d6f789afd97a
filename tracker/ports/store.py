"""All books together."""

from dataclasses import dataclass

from tracker.drafts import DraftBook
from tracker.following import FollowBook
from tracker.noise import NoiseBook
from tracker.ports.books import AccountBook, AlertFeed, InvitationBook, MessageBook
from tracker.ports.documents import DocumentShelf
from tracker.ports.hits import CorrectionBook, HitLog
from tracker.ports.systems import MailSystemBook
from tracker.reminders import NudgeBook, ReminderBook
from tracker.rights import RightsBook
from tracker.shares import ShareBook
from tracker.ticks import TickBook
from tracker.vitals import VitalSigns
from tracker.watching import WatchBook
from tracker.wishes import OrderBook, PreferenceBook
from tracker.workspaces import HeardBook, InstallationBook, RenewalBook


@dataclass(frozen=True, slots=True)
class Store:
    """All books of one database, opened together and closed together."""

    accounts: AccountBook
    messages: MessageBook
    hits: HitLog
    alerts: AlertFeed
    corrections: CorrectionBook
    mail_systems: MailSystemBook
    preferences: PreferenceBook
    orders: OrderBook
    following: FollowBook
    shelf: DocumentShelf
    reminders: ReminderBook
    nudges: NudgeBook
    installations: InstallationBook
    heard: HeardBook
    ticks: TickBook
    watches: WatchBook
    drafts: DraftBook
    vitals: VitalSigns
    rights: RightsBook
    noise: NoiseBook
    invitations: InvitationBook
    renewals: RenewalBook
    shares: ShareBook
