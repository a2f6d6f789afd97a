"""Judging: everything that is known reaches the rules, and a place is said of people on their own networks only."""

from dataclasses import replace

import pytest

from tests.makers import a_hit, a_judged, a_sent_copy, a_sent_message, a_summary, after, an_account
from tracker.judging import judge, known_of
from tracker.model import Account, Correction, Hit, Recipient
from tracker.model import Cause as C
from tracker.ports import History

GOOGLE_PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"


def a_history(account: Account | None = None, *recipients: Recipient, **facts: object) -> History:
    account = account or an_account()
    copy = a_sent_copy(recipients=recipients or (Recipient("ada@acme.example"),), links_total=4, recipient_mx="google")
    made = {"summary": a_summary(), "judged": (), **facts}
    return History(account, a_sent_message(account_id=account.id), copy, **made)  # type: ignore[arg-type]


def in_lyon(ip: str) -> str:
    return "Lyon, France"


def _gmail(seconds: float) -> Hit:
    return a_hit(at=after(seconds), ip="66.102.9.1", headers={"user-agent": GOOGLE_PROXY})


def test_a_hit_on_an_unarmed_copy_is_the_senders() -> None:
    history = a_history()
    unarmed = replace(history, copy=replace(history.copy, sent_at=None))

    assert judge(_gmail(600), unarmed).verdict.cause is C.SELF


def test_what_came_before_counts() -> None:
    first = judge(_gmail(600), a_history())

    assert first.verdict.cause is C.LIKELY_HUMAN
    assert judge(_gmail(610), a_history(judged=(first,))).verdict.reason == "duplicate_fetch"


def test_the_client_is_named_as_people_call_it() -> None:
    assert judge(_gmail(600), a_history()).client == "through Gmail"


def test_all_evidence_reaches_the_rules() -> None:
    before, beside = a_judged(), a_judged()
    correction = Correction("a", "h", C.SELF, "", "", after())
    history = a_history(
        judged=(before,),
        around=(beside,),
        corrections=(correction,),
        sender_ips=frozenset({"192.0.2.1"}),
        summary=a_summary(replied_at=after(1), bounced_at=after(2)),
    )

    known = known_of(history)

    assert (known.prior, known.around, known.corrections) == ((before,), (beside,), (correction,))
    assert (known.sent_at, known.recipient_mx, known.links_total) == (history.copy.sent_at, "google", 4)
    assert (known.sender_ips, known.replied_at, known.bounced_at) == ({"192.0.2.1"}, after(1), after(2))


@pytest.mark.parametrize(
    ("sender", "recipient", "colleague"),
    [
        ("you@acme.example", "ada@ACME.example", True),
        ("you@acme.example", "ada@other.example", False),
        ("you@gmail.com", "ada@gmail.com", False),
        ("you@acme.example", "You@acme.example", False),
    ],
)
def test_a_colleague_is_somebody_else_at_the_same_organisation(sender: str, recipient: str, colleague: bool) -> None:
    history = a_history(an_account(email=sender), Recipient(recipient))

    assert known_of(history).recipient_is_colleague is colleague


def test_a_person_on_their_own_network_has_a_place() -> None:
    assert judge(a_hit(), a_history(), in_lyon).place == "Lyon, France"


@pytest.mark.parametrize(
    "hit",
    [
        a_hit(method="HEAD"),
        a_hit(ip=None),
        a_hit(ip="66.249.84.2", headers={"user-agent": GOOGLE_PROXY}),
        a_hit(ip="172.226.188.13", headers={"user-agent": "Mozilla/5.0"}),
    ],
)
def test_machines_proxies_and_relays_have_none(hit: Hit) -> None:
    assert judge(hit, a_history(), in_lyon).place == ""


@pytest.mark.parametrize(("seconds", "own"), [(-5, True), (5, True), (-6, False), (6, False)])
def test_what_gmail_fetches_while_the_sender_looks_is_theirs(seconds: float, own: bool) -> None:
    hit = a_hit(at=after(minutes=5), ip="66.249.84.1", headers={"user-agent": GOOGLE_PROXY})
    history = a_history(looks=(after(seconds, minutes=5),))

    assert (judge(hit, history).verdict.reason == "self_headsup") is own


def test_a_reader_s_own_mail_program_stays_theirs_however_soon_the_sender_looks() -> None:
    history = a_history(looks=(after(minutes=5),))

    assert judge(a_hit(at=after(minutes=5)), history).verdict.cause is C.HUMAN
