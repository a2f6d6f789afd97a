"""The made-up world of a first start: a sender, the people written to, and a few drafts worth sending."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from typing import Any

from tests.standins.page.writing import written_mail

SENDER, SENDER_NAME = "you@twotick.example", "Sam Sender"
SLACK_USER = "U0SENDER1"

# One whose mail system nobody knows, and one on each of the two that the rules tell apart without looking it up.
PEOPLE = {
    "ada@acme.example": "Ada Lovelace",
    "grace@outlook.com": "Grace Hopper",
    "alan@gmail.com": "Alan Turing",
}


@dataclass(frozen=True, slots=True)
class Written:
    to: str
    subject: str
    body: str


DRAFTS = (
    Written(
        "Grace Hopper <grace@outlook.com>, Alan Turing <alan@gmail.com>",
        "Agenda for Thursday",
        "Hi both,\n\nthree points for Thursday: the compiler, the budget, and lunch.\n"
        "Notes so far: https://docs.example/agenda\n\nSee you there,\nSam",
    ),
    Written(
        "Alan Turing <alan@gmail.com>",
        "Re your question about pricing",
        "Hi Alan,\n\nthe short answer is yes. The long one is here: https://acme.example/pricing\n\nBest,\nSam",
    ),
    Written(
        "Ada Lovelace <ada@acme.example>",
        "Q3 proposal",
        "Hi Ada,\n\nas promised, here is the proposal for the third quarter:\nhttps://acme.example/proposals/q3\n\n"
        "The numbers on page 4 are the ones we talked about. Shall we go through them on Thursday?\n\nBest,\nSam",
    ),
)


def seed_gmail(gmail: Any) -> str | None:
    """Open the mailboxes and write the drafts, once. The sender's refresh token on a first start, else None."""
    if SENDER in gmail.mailboxes:
        return None
    for email, name in PEOPLE.items():
        gmail.add_mailbox(email, name)
    token = gmail.add_mailbox(SENDER, SENDER_NAME)
    sender = Address(SENDER_NAME, addr_spec=SENDER)
    for draft in DRAFTS:
        gmail.save_draft(SENDER, written_mail(sender, draft.to, draft.subject, draft.body, datetime.now(UTC)))
    return str(token)


def seed_slack(slack: Any) -> None:
    """Let the sender be a member of the workspace."""
    slack.add_user(SLACK_USER, SENDER_NAME, SENDER, "Etc/UTC")
