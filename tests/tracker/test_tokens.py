"""Tokens: nobody but us can make one, and a changed key does not disown the old ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.clock import new_id
from tracker.tokens import Tokens, TrackedDocument, TrackedLink

OURS = Tokens(["a key of this test"])


def test_a_pixel_token_has_24_characters_and_names_its_copy() -> None:
    copy_id = new_id()

    token = OURS.pixel(copy_id)

    assert len(token) == 24
    assert OURS.read_pixel(token) == copy_id


@given(st.from_regex(r"https?://[^\s\x00-\x1f]{1,300}", fullmatch=True))
def test_a_link_token_leads_to_the_address_signed_into_it(address: str) -> None:
    copy_id = new_id()

    assert OURS.read_link(OURS.link(copy_id, address)) == TrackedLink(copy_id, address)


@given(st.text(max_size=60))
def test_a_made_up_token_is_nobodys(token: str) -> None:
    assert OURS.read_pixel(token) is None
    assert OURS.read_link(token) is None


@pytest.mark.parametrize("cut", [1, 5, 23])
def test_a_truncated_token_is_nobodys(cut: int) -> None:
    token = OURS.pixel(new_id())

    assert OURS.read_pixel(token[:-cut]) is None


def test_no_single_changed_character_passes() -> None:
    token = OURS.link(new_id(), "https://example.com/a")

    forged = [token[:i] + ("A" if token[i] != "A" else "B") + token[i + 1 :] for i in range(len(token))]

    assert [t for t in forged if OURS.read_link(t)] == []


def test_a_pixel_token_is_no_link_token_and_the_other_way_round() -> None:
    copy_id = new_id()

    assert OURS.read_link(OURS.pixel(copy_id)) is None
    assert OURS.read_pixel(OURS.link(copy_id, "https://example.com")) is None


def test_a_token_has_one_spelling() -> None:
    token = OURS.link(new_id(), "https://example.com/ab")

    spellings = [token[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]

    assert len(token) % 4
    assert [spelling for spelling in [*spellings, token + "=", token + "\n"] if OURS.read_link(spelling)] == [token]


def test_a_token_longer_than_any_of_ours_is_not_even_read() -> None:
    assert OURS.read_link(OURS.link(new_id(), "https://example.com/" + "a" * 4096)) is None


def test_the_first_key_signs_and_all_keys_verify() -> None:
    before = Tokens(["the old key, 1"])
    after = Tokens(["the new key, 2", "the old key, 1"])
    copy_id = new_id()

    assert after.read_pixel(before.pixel(copy_id)) == copy_id
    assert before.read_pixel(after.pixel(copy_id)) is None


def test_without_a_key_nothing_can_be_signed() -> None:
    with pytest.raises(ValueError, match="secret key"):
        Tokens([])


def test_an_invitation_carries_its_words() -> None:
    assert OURS.read_invitation(OURS.invitation('{"user":"Ü1"}')) == '{"user":"Ü1"}'


@pytest.mark.parametrize("token", ["", "A", "💥", "A" * 24, "A" * 5000, OURS.pixel("00" * 8), OURS.link("00" * 8, "x")])
def test_what_is_no_invitation_of_ours_invites_nobody(token: str) -> None:
    assert OURS.read_invitation(token) is None


def test_an_invitation_is_neither_a_pixel_nor_a_link() -> None:
    token = OURS.invitation("8 bytes.")

    assert OURS.read_pixel(token) is None
    assert OURS.read_link(OURS.invitation("8 bytes.https://acme.example")) is None


def test_a_document_token_has_35_characters_and_names_copy_and_document() -> None:
    copy_id, document_id = new_id(), new_id()

    token = OURS.document(copy_id, document_id)

    assert len(token) == 35
    assert OURS.read_document(token) == TrackedDocument(copy_id, document_id)


def test_tokens_of_other_kinds_and_keys_name_no_document() -> None:
    copy_id = new_id()
    others = Tokens(["somebody else's key"]).document(copy_id, copy_id)

    for token in (OURS.pixel(copy_id), OURS.link(copy_id, "https://x"), OURS.invitation("x" * 16), others, "", "%"):
        assert OURS.read_document(token) is None
    assert OURS.read_link(OURS.document(copy_id, copy_id)) is None
