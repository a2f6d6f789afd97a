"""Following mailboxes: what Gmail itself sent is armed, replies and bounces are noted, orders by Bcc are taken."""

from tracker.syncing.addresses import OwnAddresses
from tracker.syncing.arming import Arming
from tracker.syncing.drafts import BccOrders
from tracker.syncing.news import NewsFromOutside
from tracker.syncing.rounds import Rounds
from tracker.syncing.use import Syncing
from tracker.syncing.watching import Watching

__all__ = ["Arming", "BccOrders", "NewsFromOutside", "OwnAddresses", "Rounds", "Syncing", "Watching"]
