"""What is kept about people can be given to them whole, and erased, on every database."""

import json
from datetime import time

import pytest

from tests.makers import a_copy, a_message, a_summary, after
from tests.ports.givens import Given, given_account, given_alert, judged_hit, recorded
from tracker.clock import new_id
from tracker.following import Answer, AnswerKind
from tracker.model import Account, AlertKind, Post, Recipient
from tracker.noise import Hours, Mute, MuteKind, Noise
from tracker.ports import Store
from tracker.rights import Erased

ADA, ALAN = Recipient("Ada@Acme.example", "Ada Lovelace"), Recipient("alan@acme.example", "Alan")


async def given_mail(store: Store, *copies: tuple[Recipient, ...], account: Account | None = None) -> Given:
    account = account or await given_account(store)
    message = a_message(account_id=account.id, subject="Q3 proposal")
    made = tuple(a_copy(message_id=message.id, recipients=recipients) for recipients in copies)
    await store.messages.begin(message, made)
    return Given(account, message, made)


async def muted(store: Store, account: Account, address: str) -> None:
    assert await store.noise.mute(Mute(new_id(), account.id, MuteKind.RECIPIENT, address, after()))


async def everything(store: Store, account: Account) -> list[dict[str, object]]:
    return [dict(entry) async for entry in store.rights.everything(account.id)]


async def test_an_export_has_what_was_sent_fetched_and_came_back(store: Store) -> None:
    given = await given_mail(store, (ADA,))
    await store.hits.record([recorded(given.copy, judged_hit(given.copy))])
    reply = Answer(given.copy.id, "g9", AnswerKind.REPLY, "Ada Lovelace", after(9))
    await store.following.note(reply, await given_alert(store, given))

    told = await everything(store, given.account)

    assert {"account", "message", "copy", "hit", "answer", "alert"} <= {entry["entry"] for entry in told}
    [hit] = [entry for entry in told if entry["entry"] == "hit"]
    assert (hit["kind"], hit["at"], hit["ip"]) == ("open", after(minutes=5).isoformat(), "198.51.100.7")
    json.dumps(told)


async def test_an_export_has_what_was_said_about_noise(store: Store) -> None:
    given = await given_mail(store, (ADA,))
    await store.noise.keep(Noise(given.account.id, Hours(time(20), time(8)), channel="C1", channel_name="sales"))
    await muted(store, given.account, "bob@acme.example")

    told = await everything(store, given.account)

    [noise] = [entry for entry in told if entry["entry"] == "noise"]
    [mute] = [entry for entry in told if entry["entry"] == "mute"]
    assert (noise["channel_name"], noise["quiet_begin"]) == ("sales", 20 * 60)
    assert (mute["what"], mute["set_at"]) == ("bob@acme.example", after().isoformat())


async def test_an_export_holds_no_grant_and_nothing_of_others(store: Store) -> None:
    given, other = await given_mail(store, (ADA,)), await given_mail(store, (ALAN,))

    told = str(await everything(store, given.account))

    assert "refresh" not in told
    assert other.message.id not in told
    assert "alan@acme" not in told


async def test_thousands_of_hits_are_exported_each_once(store: Store) -> None:
    given = await given_mail(store, (ADA,))
    await store.hits.record([recorded(given.copy, *(judged_hit(given.copy, at=after(n // 3)) for n in range(2500)))])

    hits = [entry["id"] for entry in await everything(store, given.account) if entry["entry"] == "hit"]

    assert (len(hits), len(set(hits))) == (2500, 2500)


@pytest.mark.parametrize("spelled", ["ada@acme.example", "ADA@ACME.EXAMPLE", " Ada@Acme.example "])
async def test_a_mail_to_them_alone_goes_with_everything_about_it(store: Store, spelled: str) -> None:
    given = await given_mail(store, (ADA,))
    await store.hits.record([recorded(given.copy, judged_hit(given.copy))])
    await given_alert(store, given)
    [leased] = await store.alerts.lease(after(), after(60), 10)
    await store.alerts.settle(leased, after(), Post(leased.topic, "D1", "1.1"))

    assert await store.rights.erase(spelled, None) == Erased(own=1)

    assert [entry["entry"] for entry in await everything(store, given.account)] == ["account"]
    assert await store.hits.timeline(given.copy.id) == []
    assert await store.alerts.post_of(leased.topic) is None


async def test_the_copies_of_others_stay_with_their_hits(store: Store) -> None:
    given = await given_mail(store, (ADA,), (ALAN,))
    ada, alan = given.copies
    await store.hits.record([recorded(alan, judged_hit(alan), summary=a_summary(opens=1))])
    await given_alert(store, Given(given.account, given.message, (ada,)), kind=AlertKind.BOUNCED)

    assert await store.rights.erase("ada@acme.example", None) == Erased(own=1)

    report = await store.messages.report(given.message.id)
    assert report
    assert report.copies == (alan,)
    assert len(await store.hits.timeline(alan.id)) == 1
    left = str(await everything(store, given.account)).lower()
    assert "ada@" not in left
    assert "ada lovelace" not in left


async def test_a_shared_copy_loses_name_address_and_answers_and_keeps_its_hits(store: Store) -> None:
    given = await given_mail(store, (ADA, ALAN))
    await store.hits.record([recorded(given.copy, judged_hit(given.copy), summary=a_summary(opens=1))])
    for number, who in enumerate(("Ada L. (mobile)", "Alan")):
        answer = Answer(given.copy.id, f"g{number}", AnswerKind.REPLY, who, after(number))
        await store.following.note(answer, await given_alert(store, given))

    assert await store.rights.erase("ada@acme.example", None) == Erased(shared=1)

    [report] = await store.messages.search([given.account.id], [], 10) or [
        await store.messages.report(given.message.id)
    ]
    assert report
    assert report.copies[0].recipients == (ALAN,)
    assert [answer.who for answer in await store.following.answers(given.copy.id)] == ["Alan"]
    assert len(await store.hits.timeline(given.copy.id)) == 1
    assert "lovelace" not in str(await everything(store, given.account)).lower()


@pytest.mark.parametrize("everybody", [True, False])
async def test_the_mutes_of_who_is_erased_go_and_those_of_others_stay(store: Store, everybody: bool) -> None:
    given, other = await given_mail(store, (ADA,)), await given_mail(store, (ADA,))
    for account in (given.account, other.account):
        await muted(store, account, "ada@acme.example")
        await muted(store, account, "alan@acme.example")

    await store.rights.erase("Ada@Acme.example", None if everybody else [given.account.id])

    left = [[mute.what for mute in await store.noise.mutes([one.account.id], after())] for one in (given, other)]
    kept = [] if everybody else ["ada@acme.example"]
    assert [sorted(one) for one in left] == [["alan@acme.example"], [*kept, "alan@acme.example"]]


async def test_a_part_of_an_address_is_nobody(store: Store) -> None:
    given = await given_mail(store, (Recipient("maada@acme.example", "Maada"),))

    assert await store.rights.erase("ada@acme.example", None) == Erased()
    assert await store.messages.get(given.message.id)


async def test_in_the_mail_of_others_nothing_is_erased_or_counted(store: Store) -> None:
    mine, theirs = await given_mail(store, (ADA,)), await given_mail(store, (ADA,))

    assert await store.rights.about("ada@acme.example", [mine.account.id]) == Erased(own=1)
    assert await store.rights.erase("ada@acme.example", [mine.account.id]) == Erased(own=1)

    assert await store.messages.get(theirs.message.id)
    assert await store.rights.about("ada@acme.example", None) == Erased(own=1)


async def test_a_recorder_that_read_before_the_erasure_writes_nothing_back(store: Store) -> None:
    given = await given_mail(store, (ADA,))
    change = recorded(given.copy, judged_hit(given.copy))

    await store.rights.erase("ada@acme.example", None)
    await store.hits.record([change])

    assert await store.hits.timeline(given.copy.id) == []


async def test_an_offer_is_good_once_and_in_time(store: Store) -> None:
    await store.rights.offer("early", ["a1"], after(60))
    await store.rights.offer("late", ["a2"], after(60))

    assert await store.rights.offered("early", after(59))
    assert list(await store.rights.take("early", after(59))) == ["a1"]
    assert not await store.rights.offered("early", after(59))
    assert list(await store.rights.take("early", after(59))) == []
    assert list(await store.rights.take("late", after(60))) == []
