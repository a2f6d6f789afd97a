"""A mail that came back: who was not reached and why, in the dialects of mail systems."""

import pytest

from tests.tracker.syncing.conftest import ADA, Desk
from tracker.model import AlertKind
from tracker.syncing.bounces import read_bounce, why_words

DIALECTS = ["gmail", "exchange", "postfix"]


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_bounce_says_who_was_not_reached_and_why(desk: Desk, dialect: str) -> None:
    desk.gmail.domains["gone.example"] = dialect
    _, [copy] = await desk.sent("ada@gone.example")

    await desk.follow()

    assert [(one.who, one.why) for one in await desk.answers(copy)] == [("ada@gone.example", "no such address")]
    assert (await desk.summary(copy)).bounced_at


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_bounce_is_told_once(desk: Desk, dialect: str) -> None:
    desk.gmail.domains["gone.example"] = dialect
    await desk.sent("ada@gone.example")
    await desk.follow()

    await desk.follow()

    assert await desk.told() == [AlertKind.BOUNCED]


async def test_a_copy_that_reached_somebody_is_not_called_bounced(desk: Desk) -> None:
    _, [copy] = await desk.sent(f"{ADA}, bob@nowhere.example")

    await desk.follow()

    assert [one.who for one in await desk.answers(copy)] == ["bob@nowhere.example"]
    assert (await desk.summary(copy)).bounced_at is None


async def test_a_copy_is_bounced_when_the_last_of_its_recipients_is_lost(desk: Desk) -> None:
    desk.gmail.domains["gone.example"] = "postfix"
    _, [copy] = await desk.sent("ada@gone.example, bob@nowhere.example")

    await desk.follow()

    assert len(await desk.answers(copy)) == 2
    assert (await desk.summary(copy)).bounced_at


async def test_of_copies_of_their_own_the_one_that_came_back_is_bounced(desk: Desk) -> None:
    _, [for_ada, for_bob] = await desk.sent(f"{ADA}, bob@nowhere.example", per_recipient=True)

    await desk.follow()

    assert (await desk.summary(for_ada)).bounced_at is None
    assert (await desk.summary(for_bob)).bounced_at


async def test_a_bounce_of_a_mail_that_is_not_ours_says_nothing(desk: Desk) -> None:
    _, [copy] = await desk.sent()
    desk.gmail.send(desk.account.email, b"To: ada@nowhere.example\r\nSubject: Private\r\n\r\nHello\r\n")

    await desk.follow()

    assert await desk.answers(copy) == []


def a_report(*blocks: str) -> bytes:
    status = "\r\n".join(["Reporting-MTA: dns; mx.acme.example\r\n", *blocks])
    return (
        'Content-Type: multipart/report; boundary="b"; report-type=delivery-status\r\n'
        "In-Reply-To: <1@mail.example>\r\n\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n--b--\r\n"
    ).encode()


def about(address: str, action: str = "failed", status: str = "5.1.1", more: str = "") -> str:
    return f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n{more}"


def test_a_bounce_about_several_names_each() -> None:
    bounce = read_bounce(a_report(about("a@x.example"), about("b@x.example", status="5.2.2")))

    assert bounce
    assert [(one.address, one.why) for one in bounce.undelivered] == [
        ("a@x.example", "no such address"),
        ("b@x.example", "their mailbox is full"),
    ]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_without_a_failure_is_no_bounce(action: str) -> None:
    assert read_bounce(a_report(about("a@x.example", action))) is None


def test_where_mail_was_redirected_the_address_that_the_sender_wrote_is_known() -> None:
    bounce = read_bounce(a_report(about("inner@x.example", more="Original-Recipient: rfc822;Ada@acme.example\r\n")))

    assert bounce
    assert bounce.undelivered[0].meant == ADA


@pytest.mark.parametrize(
    ("status", "diagnostic", "words"),
    [
        ("5.1.1", "", "no such address"),
        ("5.1.10", "", "no such address"),
        ("5.0.0", "smtp; 550 5.1.1 unknown", "no such address"),
        ("", "smtp; 552-5.2.2 over quota", "their mailbox is full"),
        ("5.1.2", "", "no such domain"),
        ("5.4.14", "", "their mail server could not be reached"),
        ("5.7.26", "", "their mail server refused it as unwanted"),
        ("5.9.9", "", "their mail server refused it"),
        ("5.0.0", "smtp; 550 refused by 15.1.1.9", "their mail server refused it"),
        ("5.1.1", "smtp; 550 5.7.1 no", "no such address"),
    ],
)
def test_a_status_in_words(status: str, diagnostic: str, words: str) -> None:
    assert why_words(status, diagnostic) == words


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\x00",
        a_report("Final-Recipient: \r\nAction: failed\r\n"),
        a_report("Final-Recipient: rfc822; nobody\r\nAction: failed\r\n"),
        b"Content-Type: message/delivery-status\r\n\r\nnot: a\r\n\r\n\r\n\r\nreport",
        b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n////",
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(2000)),
    ],
)
def test_what_is_no_report_is_none(raw: bytes) -> None:
    assert read_bounce(raw) is None
