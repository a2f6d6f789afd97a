"""Address lists as people's programs write them."""

import pytest

from tracker.model import Recipient
from tracker.tagging.addresses import recipients_in

ADA = Recipient("ada@acme.example", "Ada Lovelace")


@pytest.mark.parametrize(
    "written",
    [
        "Ada Lovelace <ada@acme.example>",
        '"Ada Lovelace" <ada@acme.example>',
        "  Ada   Lovelace<ada@acme.example> , ;",
        "ada@acme.example (Ada Lovelace)",
        "<ada@acme.example> (Ada (x) Lovelace)".replace(" (x)", ""),
        "=?utf-8?q?Ada_Lovelace?= <ada@acme.example>",
        '"=?utf-8?q?Ada_Lovelace?=" <ada@acme.example>',
        "Friends: Ada Lovelace <ada@acme.example>;",
        "Nobody:;, Ada Lovelace <ada@acme.example>",
        "Ada Lovelace <@relay.example,@other.example:ada@acme.example>",
        "Ada Lovelace < ada @ acme.example >",
        ",,,Ada Lovelace <ada@acme.example>",
        'broken <not an address>, "unclosed <x, Ada Lovelace <ada@acme.example>'.replace('"', ""),
    ],
)
def test_a_mailbox_is_read_however_it_is_written(written: str) -> None:
    assert tuple(recipients_in(written)) == (ADA,)


@pytest.mark.parametrize(
    ("written", "recipient"),
    [
        ('"Lovelace, Ada" <ada@acme.example>', Recipient("ada@acme.example", "Lovelace, Ada")),
        ('"A \\"B\\" C" <ada@acme.example>', Recipient("ada@acme.example", 'A "B" C')),
        ("=?utf-8?b?TG92ZWxhY2UsIEFkYQ==?= <ada@acme.example>", Recipient("ada@acme.example", "Lovelace, Ada")),
        ("Ada@Home <ada@acme.example>", Recipient("ada@acme.example", "Ada@Home")),
        ('"a, b"@acme.example', Recipient('"a, b"@acme.example')),
        ("Ada :( Lovelace <ada@acme.example>", Recipient("ada@acme.example", "Lovelace")),
        ('Ada (5" tall) <ada@acme.example>', Recipient("ada@acme.example", "Ada")),
        ('Ada" <ada@acme.example>', Recipient("ada@acme.example", 'Ada"')),
        ("ada+x=y@acme.example", Recipient("ada+x=y@acme.example")),
        ("Zoë <zoë@bücher.example>", Recipient("zoë@bücher.example", "Zoë")),
    ],
)
def test_names_and_addresses_keep_what_belongs_to_them(written: str, recipient: Recipient) -> None:
    assert tuple(recipients_in(written)) == (recipient,)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "undisclosed-recipients:;",
        "<>",
        "@",
        "ada",
        "ada@",
        "@acme.example",
        "<a@b@c.example>",
        "a b@",
        "x:@y;",
        "(((",
    ],
)
def test_what_holds_no_address_is_nobody(written: str) -> None:
    assert tuple(recipients_in(written)) == ()


def test_a_group_and_single_mailboxes_may_be_mixed() -> None:
    written = "Team: a@x.example, B <b@x.example>; c@x.example, d@x.example"

    assert [found.address for found in recipients_in(written)] == [f"{name}@x.example" for name in "abcd"]
