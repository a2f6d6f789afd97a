"""The promises we ask of the outside, and how each may fail."""

from tracker.failures import (
    InDoubt,
    Missing,
    NotAuthorized,
    NotGenuine,
    Refused,
    Stale,
    TryLater,
    Undone,
    Unrecordable,
)
from tracker.ports.books import (
    AccountBook,
    AlertFeed,
    Buried,
    InvitationBook,
    MessageBook,
    Report,
    Resealed,
)
from tracker.ports.documents import DocumentShelf, NoRoom, Shelved
from tracker.ports.hits import HISTORY_LIMIT, CorrectionBook, History, HitLog, Intake, Located, Recorded
from tracker.ports.identities import Identities, Identity
from tracker.ports.mail import Draft, DraftLine, Mailer, Mailers, SentFacts, SentName
from tracker.ports.store import Store
from tracker.ports.systems import KnownSystem, MailSystemBook, MailSystems

__all__ = [
    "HISTORY_LIMIT",
    "AccountBook",
    "AlertFeed",
    "Buried",
    "CorrectionBook",
    "DocumentShelf",
    "Draft",
    "DraftLine",
    "History",
    "HitLog",
    "Identities",
    "Identity",
    "InDoubt",
    "Intake",
    "InvitationBook",
    "KnownSystem",
    "Located",
    "MailSystemBook",
    "MailSystems",
    "Mailer",
    "Mailers",
    "MessageBook",
    "Missing",
    "NoRoom",
    "NotAuthorized",
    "NotGenuine",
    "Recorded",
    "Refused",
    "Report",
    "Resealed",
    "SentFacts",
    "SentName",
    "Shelved",
    "Stale",
    "Store",
    "TryLater",
    "Undone",
    "Unrecordable",
]
