"""Google's tokens: which we believe, and how rarely we ask for the certificates that tell."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.makers import NOON, after
from tests.standins.gmail import GmailStandin, start_gmail
from tests.standins.gmail_signing import claims_for, foreign_key
from tests.standins.gmail_tokens import ADDON_ACCOUNT
from tracker.gmail.identity import GoogleIdentities
from tracker.ports import Identities, NotGenuine, TryLater

HERE = "https://track.example.com/addon/home"
CERTS = "oauth2.certs"


@dataclass
class Gate:
    gmail: GmailStandin
    identities: Identities
    times: list[datetime] = field(default_factory=list)

    @property
    def fetches(self) -> int:
        return sum(1 for called, _ in self.gmail.calls if called == CERTS)


@asynccontextmanager
async def open_gate() -> AsyncIterator[Gate]:
    times = [NOON]
    gmail = GmailStandin(clock=lambda: times[-1])
    async with start_gmail(gmail) as served:
        identities = GoogleIdentities(served.certs_url, lambda: times[-1])
        yield Gate(gmail, identities, times)
        await identities.close()


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    async with open_gate() as opened:
        yield opened


async def test_google_itself_is_known(gate: Gate):
    identity = await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)

    assert identity.email == ADDON_ACCOUNT


async def test_a_person_keeps_their_number_whatever_the_audience(gate: Gate):
    first = await gate.identities.verify(gate.gmail.user_token("client-1", "sam@sender.example"), "client-1")
    second = await gate.identities.verify(gate.gmail.user_token("client-2", "sam@sender.example"), "client-2")

    assert first == second


Mint = Callable[[GmailStandin], str]


@pytest.mark.parametrize(
    "mint",
    [
        lambda gmail: gmail.addon_token(HERE, age=timedelta(hours=1, seconds=30)),
        lambda gmail: gmail.addon_token(HERE, age=-timedelta(seconds=31)),
        lambda gmail: gmail.addon_token(HERE + "/"),
        lambda gmail: gmail.addon_token("https://track.example.com/addon/compose"),
        lambda gmail: gmail.addon_token(HERE, aud=[HERE]),
        lambda gmail: gmail.addon_token(HERE, aud=None),
        lambda gmail: gmail.addon_token(HERE, email_verified=False),
        lambda gmail: gmail.addon_token(HERE, email_verified=None),
        lambda gmail: gmail.addon_token(HERE, email_verified="true"),
        lambda gmail: gmail.addon_token(HERE, email=None),
        lambda gmail: gmail.addon_token(HERE, email={"a": 1}),
        lambda gmail: gmail.addon_token(HERE, sub=None),
        lambda gmail: gmail.addon_token(HERE, iss="https://accounts.evil.example"),
        lambda gmail: gmail.addon_token(HERE, exp=None),
        lambda gmail: gmail.addon_token(HERE, exp="4000000000"),
        lambda gmail: gmail.addon_token(HERE, exp=float("nan")),
        lambda gmail: gmail.addon_token(HERE, iat=None),
        lambda gmail: gmail.addon_token(HERE, forged=True),
    ],
)
async def test_a_token_with_one_flaw_is_not_believed(gate: Gate, mint: Mint):
    with pytest.raises(NotGenuine):
        await gate.identities.verify(_minted(gate, mint), HERE)


@pytest.mark.parametrize(
    "mint",
    [
        lambda gmail: gmail.addon_token(HERE, age=timedelta(hours=1, seconds=29)),
        lambda gmail: gmail.addon_token(HERE, age=-timedelta(seconds=29)),
        lambda gmail: gmail.addon_token(HERE, iss="accounts.google.com"),
    ],
)
async def test_a_token_at_the_edge_is_believed(gate: Gate, mint: Mint):
    assert (await gate.identities.verify(_minted(gate, mint), HERE)).email == ADDON_ACCOUNT


async def test_a_token_that_names_our_key_but_was_signed_by_another_is_not_believed(gate: Gate):
    head, claims, _ = gate.gmail.addon_token(HERE).split(".")
    _, _, signature = foreign_key().signed(claims_for(HERE, ADDON_ACCOUNT, NOON)).split(".")

    with pytest.raises(NotGenuine):
        await gate.identities.verify(f"{head}.{claims}.{signature}", HERE)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": ["RS256"]}, {"alg": None}, {}])
async def test_a_token_does_not_choose_how_it_is_checked(gate: Gate, header: dict[str, Any]):
    _, claims, signature = gate.gmail.addon_token(HERE).split(".")
    head = _part({"typ": "JWT", "kid": gate.gmail.keys[0].id, **header})

    with pytest.raises(NotGenuine):
        await gate.identities.verify(f"{head}.{claims}.{signature}", HERE)


async def test_an_empty_audience_is_a_mistake_of_ours(gate: Gate):
    with pytest.raises(ValueError, match="audience"):
        await gate.identities.verify(gate.gmail.addon_token(""), "")


@given(st.text(max_size=300) | st.lists(st.sampled_from(["e30", ".", "eyJ", "=", "-_", "é"])).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_is_no_token(text: str):
    identities = GoogleIdentities("http://127.0.0.1:9/certs", lambda: NOON)

    with pytest.raises(NotGenuine):
        asyncio.run(identities.verify(text, HERE))


@pytest.mark.parametrize("part", [b"[" * 9000, b"5", b'"text"', b"\xff", b'{"alg":"RS256"}'])
async def test_parts_that_are_no_objects_are_no_token(gate: Gate, part: bytes):
    coded = base64.urlsafe_b64encode(part).decode()

    with pytest.raises(NotGenuine):
        await gate.identities.verify(f"{coded}.{coded}.{coded}", HERE)


async def test_fifty_tokens_at_once_fetch_the_certificates_once(gate: Gate):
    token = gate.gmail.addon_token(HERE)
    gate.gmail.faults.slow(CERTS, 0.05)

    await asyncio.gather(*(gate.identities.verify(token, HERE) for _ in range(50)))

    assert gate.fetches == 1


async def test_fifty_tokens_at_once_share_one_failure(gate: Gate):
    gate.gmail.faults.fail(CERTS, 503, times=50)

    said = await asyncio.gather(
        *(gate.identities.verify(gate.gmail.addon_token(HERE), HERE) for _ in range(50)), return_exceptions=True
    )

    assert {type(failure) for failure in said} == {TryLater}
    assert gate.fetches == 1


async def test_certificates_are_kept_as_long_as_google_says(gate: Gate):
    await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)
    gate.times.append(after(18_999))
    await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)
    kept = gate.fetches
    gate.times.append(after(19_001))
    await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)

    assert (kept, gate.fetches) == (1, 2)


async def test_a_new_key_of_googles_is_learnt_without_waiting_for_the_old_ones_to_end(gate: Gate):
    await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)
    gate.gmail.rotate_keys()
    gate.times.append(after(61))

    assert (await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)).email == ADDON_ACCOUNT


async def test_invented_keys_cost_one_look_a_minute(gate: Gate):
    for _ in range(20):
        with pytest.raises(NotGenuine):
            await gate.identities.verify(gate.gmail.addon_token(HERE, forged=True), HERE)

    assert gate.fetches == 1


async def test_a_flood_of_invented_keys_does_not_keep_google_itself_out(gate: Gate):
    await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)
    gate.times.append(after(61))
    gate.gmail.faults.hang(CERTS)
    forged = [gate.gmail.addon_token(HERE, forged=True) for _ in range(20)]
    flood = [asyncio.create_task(gate.identities.verify(token, HERE)) for token in forged]
    await asyncio.sleep(0.05)

    async with asyncio.timeout(1):
        identity = await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)

    for waiting in flood:
        waiting.cancel()
    await asyncio.gather(*flood, return_exceptions=True)
    assert (identity.email, gate.fetches) == (ADDON_ACCOUNT, 2)


async def test_with_the_certificates_at_hand_google_is_known_while_their_address_is_down(gate: Gate):
    await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)
    gate.gmail.faults.fail(CERTS, 503, times=50)
    gate.times.append(after(10_000))

    assert (await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)).email == ADDON_ACCOUNT


async def test_without_the_certificates_nobody_is_known_while_their_address_is_down(gate: Gate):
    gate.gmail.faults.fail(CERTS, 503, times=50)

    for seconds in (0, 1, 3):
        gate.times.append(after(seconds))
        with pytest.raises(TryLater):
            await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)

    assert gate.fetches == 2  # a failure is not asked about again for two seconds


async def test_certificates_that_come_late_are_had_though_nobody_waited_for_them(gate: Gate):
    gate.gmail.faults.slow(CERTS, 0.3)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)
    await asyncio.sleep(0.5)

    assert (await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)).email == ADDON_ACCOUNT
    assert gate.fetches == 1


async def test_a_key_that_google_shows_no_more_is_believed_no_longer_than_the_certificates(gate: Gate):
    old = gate.gmail.addon_token(HERE, age=-timedelta(seconds=18_990))
    await gate.identities.verify(gate.gmail.addon_token(HERE), HERE)
    gate.gmail.rotate_keys()
    gate.times.append(after(19_001))

    with pytest.raises(NotGenuine):
        await gate.identities.verify(old, HERE)


async def test_a_token_signed_with_the_public_key_as_a_password_is_not_believed(gate: Gate):
    certificate = gate.gmail.keys[0].certificate.encode()
    head = _part({"typ": "JWT", "alg": "HS256", "kid": gate.gmail.keys[0].id})
    _, claims, _ = gate.gmail.addon_token(HERE).split(".")
    signature = hmac.digest(certificate, f"{head}.{claims}".encode(), "sha256")
    coded = base64.urlsafe_b64encode(signature).decode().rstrip("=")

    with pytest.raises(NotGenuine):
        await gate.identities.verify(f"{head}.{claims}.{coded}", HERE)


@pytest.mark.parametrize("fault", ["garble", "drop_before"])
async def test_certificates_that_cannot_be_read_are_no_verdict_on_the_token(gate: Gate, fault: str):
    getattr(gate.gmail.faults, fault)(CERTS, times=2)  # a cut GET is asked again by the transport
    token = gate.gmail.addon_token(HERE)
    with pytest.raises(TryLater):
        await gate.identities.verify(token, HERE)
    gate.gmail.faults.clear()
    gate.times.append(after(3))

    assert (await gate.identities.verify(token, HERE)).email == ADDON_ACCOUNT


async def test_the_loop_goes_on_while_certificates_are_awaited(gate: Gate):
    gate.gmail.faults.slow(CERTS, 0.2)
    waiting = asyncio.create_task(gate.identities.verify(gate.gmail.addon_token(HERE), HERE))
    began = asyncio.get_running_loop().time()

    await asyncio.sleep(0.02)

    assert asyncio.get_running_loop().time() - began < 0.15
    await waiting


def _minted(gate: Gate, mint: Mint) -> str:
    return mint(gate.gmail)


def _part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
