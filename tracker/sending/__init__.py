"""Sending: a draft or a file goes out tagged, once, and its tokens are armed when it is out."""

from tracker.sending.delivery import Edited
from tracker.sending.direct import ONLY_SENDS
from tracker.sending.orders import Order, Outcome
from tracker.sending.recovery import Recovery
from tracker.sending.shelving import Shelving
from tracker.sending.use import Sending

__all__ = ["ONLY_SENDS", "Edited", "Order", "Outcome", "Recovery", "Sending", "Shelving"]
