"""Judging: a hit, and what is known of its copy, become a verdict and the client's name."""

from tracker.classify import Known, classify, client_name
from tracker.model import Hit, Judged
from tracker.ports import History


def judge(hit: Hit, history: History) -> Judged:
    """The hit with its verdict and its client's name."""
    verdict = classify(hit, Known(history.copy.sent_at, history.copy.recipient_mx, history.judged))
    return Judged(hit, verdict, client_name(hit))
