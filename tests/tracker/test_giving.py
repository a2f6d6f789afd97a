"""Erasures are noted without the address in clear."""

from structlog.testing import capture_logs

from tests.ports.givens import given_message
from tracker.giving import Erasing
from tracker.ports import Store


async def test_the_log_says_how_much_was_erased_and_names_nobody(store: Store) -> None:
    given = await given_message(store)
    erasing = Erasing(store.rights, "a secret of ours")

    with capture_logs() as logs:
        await erasing.erase("Ada@acme.example", [given.account.id], by="slack:U1")

    [line] = logs
    assert (line["event"], line["own"], line["by"]) == ("recipient_erased", 1, "slack:U1")
    assert line["recipient"] == erasing.pseudonym("ada@acme.example")
    assert "acme" not in str(line)


def test_the_name_in_the_log_depends_on_our_secret() -> None:
    names = {Erasing(None, secret).pseudonym("ada@acme.example") for secret in ("one secret", "another")}

    assert len(names) == 2
