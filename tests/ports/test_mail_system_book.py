"""What every MailSystemBook promises."""

from tests.makers import after
from tracker.ports import KnownSystem, Store


async def test_a_class_is_believed_until_its_time(store: Store) -> None:
    await store.mail_systems.keep({"acme.com": KnownSystem("google", after(60))}, after())

    assert await store.mail_systems.known(["acme.com", "other.com"], after(59)) == {"acme.com": "google"}
    assert await store.mail_systems.known(["acme.com"], after(60)) == {}


async def test_what_is_learnt_later_replaces_what_was_known(store: Store) -> None:
    await store.mail_systems.keep({"acme.com": KnownSystem("google", after(60))}, after())

    await store.mail_systems.keep({"acme.com": KnownSystem("gateway:proofpoint", after(90))}, after())

    assert await store.mail_systems.known(["acme.com"], after(70)) == {"acme.com": "gateway:proofpoint"}


async def test_the_longest_domain_can_be_kept(store: Store) -> None:
    domain = ".".join(["x" * 60] * 4) + ".example"

    await store.mail_systems.keep({domain: KnownSystem("other", after(60))}, after())

    assert await store.mail_systems.known([domain], after()) == {domain: "other"}


async def test_nothing_to_keep_or_to_know_is_no_trouble(store: Store) -> None:
    await store.mail_systems.keep({}, after())

    assert await store.mail_systems.known([], after()) == {}
