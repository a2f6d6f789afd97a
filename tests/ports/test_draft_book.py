"""What every DraftBook promises."""

from tests.makers import NOON, after
from tests.ports.givens import given_account
from tracker.ports import Store


async def test_what_was_saved_first_is_looked_at_first(store: Store) -> None:
    account = await given_account(store)
    await store.drafts.saved(account.id, ["g2"], after(2))
    await store.drafts.saved(account.id, ["g1"], after(1))

    assert list(await store.drafts.quiet(account.id, after(3))) == ["g1", "g2"]
    assert list(await store.drafts.quiet(account.id, after(2))) == ["g1"]


async def test_a_save_that_is_told_of_again_was_made_when_it_was_first_told_of(store: Store) -> None:
    account = await given_account(store)
    await store.drafts.saved(account.id, ["g1"], NOON)

    await store.drafts.saved(account.id, ["g1"], after(60))

    assert list(await store.drafts.quiet(account.id, after(1))) == ["g1"]


async def test_what_is_gone_is_forgotten_for_its_account_alone(store: Store) -> None:
    account, other = await given_account(store), await given_account(store)
    for one in (account, other):
        await store.drafts.saved(one.id, ["g1", "g2"], NOON)

    await store.drafts.gone(account.id, ["g1", "never there"])

    assert list(await store.drafts.quiet(account.id, after(1))) == ["g2"]
    assert list(await store.drafts.quiet(other.id, after(1))) == ["g1", "g2"]


async def test_drafts_of_a_forgotten_account_are_let_go(store: Store) -> None:
    account = await given_account(store)
    await store.drafts.saved(account.id, ["g1"], NOON)
    await store.accounts.remove(account.email)

    await store.drafts.saved(account.id, ["g1"], NOON)

    assert list(await store.drafts.quiet(account.id, after(1))) == []
