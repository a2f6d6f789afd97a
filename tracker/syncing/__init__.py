"""Following mailboxes: what Gmail itself sent is armed, replies and bounces are noted."""

from tracker.syncing.addresses import OwnAddresses
from tracker.syncing.arming import Arming
from tracker.syncing.news import NewsFromOutside
from tracker.syncing.rounds import Rounds
from tracker.syncing.use import Syncing

__all__ = ["Arming", "NewsFromOutside", "OwnAddresses", "Rounds", "Syncing"]
