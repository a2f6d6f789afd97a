"""The stand-in trusts a service account no further than Google does."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.makers import NOON
from tests.standins.gmail_delegation import NotLetIn, ServiceAccounts
from tests.standins.gmail_signing import SigningKey, foreign_key

ROBOT, ADA = "robot@project.iam.gserviceaccount.com", "ada@acme.example"
AUDIENCE = "https://oauth2.googleapis.com/token"
MODIFY = "https://www.googleapis.com/auth/gmail.modify"


def _claims(**others: Any) -> dict[str, Any]:
    said = {
        "iss": ROBOT,
        "sub": ADA,
        "scope": MODIFY,
        "aud": AUDIENCE,
        "iat": int(NOON.timestamp()),
        "exp": int((NOON + timedelta(minutes=60)).timestamp()),
        **others,
    }
    return {name: value for name, value in said.items() if value is not None}


@pytest.fixture
def accounts() -> ServiceAccounts:
    accounts = ServiceAccounts()
    accounts.add(ROBOT, [MODIFY])
    return accounts


def _asked(accounts: ServiceAccounts, key: SigningKey | None = None, **claims: Any) -> str:
    signed = (key or accounts.keys[ROBOT]).signed(_claims(**claims))
    return accounts.grant(signed, AUDIENCE, {ADA}, NOON).email


def test_a_good_wish_is_granted(accounts: ServiceAccounts) -> None:
    assert _asked(accounts) == ADA


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"aud": "https://oauth2.googleapis.com/token/"}, "invalid_grant"),
        ({"iss": "somebody@else.iam.gserviceaccount.com"}, "invalid_grant"),
        ({"sub": "bob@acme.example"}, "invalid_grant"),
        ({"sub": None}, "invalid_grant"),
        ({"scope": "https://mail.google.com/"}, "unauthorized_client"),
        ({"scope": f"{MODIFY} https://www.googleapis.com/auth/gmail.send"}, "unauthorized_client"),
        ({"scope": ""}, "unauthorized_client"),
        ({"exp": int((NOON + timedelta(minutes=61)).timestamp())}, "invalid_grant"),
        ({"exp": int(NOON.timestamp())}, "invalid_grant"),
        ({"iat": int((NOON + timedelta(minutes=10)).timestamp())}, "invalid_grant"),
        ({"exp": None}, "invalid_grant"),
        ({"email": ADA}, "invalid_grant"),
    ],
)
def test_any_other_is_refused(accounts: ServiceAccounts, claims: dict[str, Any], error: str) -> None:
    with pytest.raises(NotLetIn) as refused:
        _asked(accounts, **claims)

    assert refused.value.error == error


def test_another_key_signs_nothing(accounts: ServiceAccounts) -> None:
    with pytest.raises(NotLetIn, match="Invalid JWT Signature"):
        _asked(accounts, foreign_key())


@pytest.mark.parametrize("assertion", ["", "x", "a.b.c", "é.é.é"])
def test_what_is_no_jwt_is_refused(accounts: ServiceAccounts, assertion: str) -> None:
    with pytest.raises(NotLetIn):
        accounts.grant(assertion, AUDIENCE, {ADA}, NOON)


def test_its_key_file_has_what_googles_have(accounts: ServiceAccounts) -> None:
    told = json.loads(accounts.add("other@project.iam.gserviceaccount.com", [MODIFY]))

    assert {"type", "client_email", "client_id", "private_key_id", "private_key", "token_uri"} <= set(told)
