"""A checkup: everything that has to work, looked at one by one, each with what to do about it."""

from tracker.checkup.findings import Finding, State, worst_first
from tracker.checkup.use import Checkup, SlackKeys

__all__ = ["Checkup", "Finding", "SlackKeys", "State", "worst_first"]
