"""The operator's service account, which acts for mailboxes whose domain lets it: its key file, read and checked."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tracker.setting_values import Secret

_EXPECTED = "expected the JSON key file of a service account, as Google's console gives it"


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Who it is at Google, and the key that proves it."""

    email: str
    client_id: str  # what a domain's administrator enters to let it in
    key_id: str
    private_key: Secret


def service_account_in(folder: Path) -> Callable[[str], ServiceAccount | None]:
    """Reads the key file that a setting names, relative to this folder. A ValueError says what was expected."""

    def parse(text: str) -> ServiceAccount | None:
        if not text:
            return None
        try:
            told = json.loads((folder / text).expanduser().read_text(encoding="utf-8"))
        except OSError as refused:
            raise ValueError(f"{_EXPECTED}; {text} cannot be read ({refused.strerror})") from None
        except (ValueError, RecursionError):
            raise ValueError(f"{_EXPECTED}; {text} is no JSON") from None
        return _service_account(told, text)

    return parse


def _service_account(told: Any, name: str) -> ServiceAccount:
    if not isinstance(told, dict) or told.get("type") != "service_account":
        raise ValueError(f'{_EXPECTED}; {name} does not say "type": "service_account"')
    account = ServiceAccount(
        _said(told, "client_email", name),
        _said(told, "client_id", name),
        _said(told, "private_key_id", name),
        Secret(_said(told, "private_key", name)),
    )
    # Settings are read by every command, and few operators have such an account: its library is loaded for them alone.
    fault = import_module("tracker.private_keys").fault_in(account.private_key.reveal())
    if fault:
        raise ValueError(f"{_EXPECTED}; the private_key in {name} {fault}")
    return account


def _said(told: Mapping[str, Any], part: str, name: str) -> str:
    value = told.get(part)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{_EXPECTED}; {name} lacks {part}")
    return value
