"""Secrets in rows open with our keys, for what they were sealed for, and not otherwise."""

import base64

import pytest

from tracker.sealing import Sealer

OLD, NEW, OTHERS = (bytes([number]) * 32 for number in (1, 2, 3))


def test_a_sealed_secret_opens() -> None:
    sealer = Sealer([OLD])

    assert sealer.open(sealer.seal("1//grant", "account a"), "account a") == "1//grant"


def test_a_sealed_secret_does_not_show() -> None:
    assert "grant" not in Sealer([OLD]).seal("1//grant", "account a")


def test_the_same_secret_never_looks_the_same() -> None:
    sealer = Sealer([OLD])

    assert sealer.seal("1//grant", "account a") != sealer.seal("1//grant", "account a")


def test_a_secret_pasted_into_another_row_does_not_open() -> None:
    sealer = Sealer([OLD])

    assert sealer.open(sealer.seal("1//grant", "account a"), "account b") is None


def test_a_secret_sealed_with_an_older_key_opens() -> None:
    sealed = Sealer([OLD]).seal("1//grant", "account a")

    assert Sealer([NEW, OLD]).open(sealed, "account a") == "1//grant"


def test_the_first_key_seals() -> None:
    sealed = Sealer([NEW, OLD]).seal("1//grant", "account a")

    assert Sealer([NEW]).open(sealed, "account a") == "1//grant"


def test_somebody_elses_key_opens_nothing() -> None:
    sealed = Sealer([OLD]).seal("1//grant", "account a")

    assert Sealer([OTHERS]).open(sealed, "account a") is None


def test_a_key_may_be_given_as_url_safe_base64() -> None:
    sealed = Sealer([OLD]).seal("1//grant", "account a")

    assert Sealer([base64.urlsafe_b64encode(OLD).decode()]).open(sealed, "account a") == "1//grant"


def test_a_changed_text_does_not_open() -> None:
    mark, key, text = Sealer([OLD]).seal("1//grant", "account a").split(".")
    raw = bytearray(base64.urlsafe_b64decode(text))
    raw[-1] ^= 1

    changed = ".".join([mark, key, base64.urlsafe_b64encode(raw).decode()])

    assert Sealer([OLD]).open(changed, "account a") is None


@pytest.mark.parametrize("garbage", ["", "v1", "v1.a.b", "v2..", "ya29.clear", "v1.00000000.AAAA", "\ud800.\0.é"])
def test_garbage_does_not_open(garbage: str) -> None:
    assert Sealer([OLD]).open(garbage, "account a") is None


def test_a_text_cut_short_does_not_open() -> None:
    sealed = Sealer([OLD]).seal("1//grant", "account a")

    assert [Sealer([OLD]).open(sealed[:end], "account a") for end in range(len(sealed))] == [None] * len(sealed)


@pytest.mark.parametrize("keys", [[], [b"short"], [OLD, b""], ["bm90IDMyIGJ5dGVz"]])
def test_keys_of_the_wrong_size_are_refused(keys: list[bytes | str]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(keys)


def test_sealed_bytes_open_with_an_older_key_for_what_they_were_sealed_for() -> None:
    sealed = Sealer([OLD]).seal_bytes(b"\0 a file", "piece 0")

    assert b"a file" not in sealed
    assert Sealer([NEW, OLD]).open_bytes(sealed, "piece 0") == b"\0 a file"


@pytest.mark.parametrize(
    "change", [lambda sealed: sealed[:-1], lambda sealed: sealed[:9], lambda _: b"", lambda _: b"\xff" * 50]
)
def test_sealed_bytes_that_were_changed_do_not_open(change) -> None:
    sealer = Sealer([OLD])

    assert sealer.open_bytes(change(sealer.seal_bytes(b"data", "piece 0")), "piece 0") is None


def test_sealed_bytes_do_not_open_elsewhere_or_with_other_keys() -> None:
    sealed = Sealer([OLD]).seal_bytes(b"data", "piece 0")

    assert Sealer([OLD]).open_bytes(sealed, "piece 1") is None
    assert Sealer([OTHERS]).open_bytes(sealed, "piece 0") is None
