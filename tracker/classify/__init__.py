"""Who fetched it, and how sure we are: rules, the networks and agents they know, and the words for a client."""

from tracker.classify.clients import client_name
from tracker.classify.judging import classify
from tracker.classify.known import Known
from tracker.classify.rules import RULESET

__all__ = ["RULESET", "Known", "classify", "client_name"]
