"""Who fetched it, and how sure we are: rules, the networks and agents they know, and the words for a client."""

from tracker.classify.clients import PREVIEW, client_name
from tracker.classify.forwards import passed_on
from tracker.classify.judging import classify
from tracker.classify.known import Known
from tracker.classify.readers import one_reading, possible_readers, same_reader
from tracker.classify.rules import RULESET

__all__ = [
    "PREVIEW",
    "RULESET",
    "Known",
    "classify",
    "client_name",
    "one_reading",
    "passed_on",
    "possible_readers",
    "same_reader",
]
