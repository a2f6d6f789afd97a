"""Requests held against the discovery document that googleapiclient ships: nothing unknown passes."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from googleapiclient.discovery_cache import get_static_doc
from multidict import MultiMapping

from tests.standins.gmail_errors import GoogleError, invalid, not_done

_DOCUMENT: dict[str, Any] = json.loads(get_static_doc("gmail", "v1"))
_SCHEMAS = _DOCUMENT["schemas"]
_STANDARD = {name: facts for name, facts in _DOCUMENT["parameters"].items() if name not in ("access_token", "callback")}
_NUMBERS = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1), "int64": (-(2**63), 2**63 - 1)}
_TEXT_NUMBERS = {"uint64": re.compile(r"\d{1,20}"), "int64": re.compile(r"-?\d{1,19}")}


@dataclass(frozen=True, slots=True)
class Method:
    id: str
    verb: str
    path: "re.Pattern[str]"
    upload_path: "re.Pattern[str] | None"
    parameters: Mapping[str, Any]
    request: str | None
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A method with the arguments in its path, and whether it came by the upload road."""

    method: Method
    arguments: Mapping[str, str]
    by_upload: bool


def asked(verb: str, path: str) -> Asked:
    """What a request line asks for. Raises GoogleError where Gmail has nothing."""
    for method in _METHODS:
        if method.verb != verb:
            continue
        if found := method.path.fullmatch(path):
            return Asked(method, found.groupdict(), by_upload=False)
        if method.upload_path and (found := method.upload_path.fullmatch(path)):
            return Asked(method, found.groupdict(), by_upload=True)
    raise GoogleError(404, "")


def checked_query(method: Method, query: MultiMapping[str]) -> dict[str, Any]:
    """The query's values by their declared types, defaults filled in."""
    known = {**_STANDARD, **method.parameters}
    for name in query:
        if name not in known or known[name]["location"] != "query":
            raise invalid(f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.')
    if query.get("alt", "json") != "json" or "fields" in query:
        raise not_done("other answers than whole JSON")
    return {
        name: _parameter(name, facts, query.getall(name) if name in query else [])
        for name, facts in method.parameters.items()
        if facts["location"] == "query"
    }


def checked_body(method: Method, body: Any, by_upload: bool = False) -> dict[str, Any]:
    """The body, once it fits the method's schema to the last field; an uploaded mail takes the place of `raw`."""
    if method.request is None:
        raise invalid(f"{method.id} takes no body")
    if by_upload and method.id == "gmail.users.messages.send" and isinstance(body, dict) and "raw" not in body:
        _check(method, {"$ref": method.request}, {**body, "raw": ""}, method.request.lower())
        return dict(body)
    _check(method, {"$ref": method.request}, body, method.request.lower())
    return dict(body)


def decoded_bytes(text: str, where: str) -> bytes:
    """The bytes of a `byte` field: base64url, with or without its padding."""
    try:
        if not re.fullmatch(r"[A-Za-z0-9_-]*={0,2}", text):
            raise binascii.Error
        return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except binascii.Error:
        raise invalid(f"Invalid value at '{where}' (TYPE_BYTES), Base64 decoding failed") from None


def _parameter(name: str, facts: Mapping[str, Any], values: list[str]) -> Any:
    if facts.get("repeated"):
        return [_one_of(name, facts, value) for value in values]
    if len(values) > 1:
        raise invalid(f"{name} is given {len(values)} times")
    text = values[0] if values else facts.get("default")
    if text is None:
        return None
    _one_of(name, facts, text)
    if facts["type"] == "integer":
        least, most = _NUMBERS[facts.get("format", "int32")]
        if not re.fullmatch(r"-?\d{1,20}", text) or not least <= int(text) <= most:
            raise invalid(f"Invalid value at '{name}' (TYPE_{facts.get('format', 'int32').upper()}), {text!r}")
        return int(text)
    if facts["type"] == "boolean":
        if text not in ("true", "false"):
            raise invalid(f"Invalid value at '{name}' (TYPE_BOOL), {text!r}")
        return text == "true"
    return text


def _one_of(where: str, facts: Mapping[str, Any], text: str) -> str:
    if "enum" in facts and text not in facts["enum"]:
        raise invalid(f"Invalid value at '{where}' ({text[:40]!r})")
    return text


def _check(method: Method, schema: Mapping[str, Any], value: Any, where: str) -> None:
    if "$ref" in schema:
        _check_object(method, _SCHEMAS[schema["$ref"]], value, where)
    elif schema["type"] == "array":
        if not isinstance(value, list):
            raise invalid(f"Invalid value at '{where}', expected a list")
        for number, item in enumerate(value):
            _check(method, schema["items"], item, f"{where}[{number}]")
    else:
        _check_scalar(schema, value, where)


def _check_object(method: Method, schema: Mapping[str, Any], value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise invalid(f"Invalid value at '{where}', expected an object")
    for name in value:
        if name not in schema["properties"]:
            raise invalid(f"Invalid JSON payload received. Unknown name \"{name}\" at '{where}': Cannot find field.")
    for name, part in schema["properties"].items():
        if name in value:
            _check(method, part, value[name], f"{where}.{name}")
        elif method.id in part.get("annotations", {}).get("required", ()):
            raise invalid(f"Missing required field '{where}.{name}'")


def _check_scalar(schema: Mapping[str, Any], value: Any, where: str) -> None:
    kinds: dict[str, type] = {"string": str, "boolean": bool, "integer": int}
    kind, form = kinds[schema["type"]], schema.get("format", "")
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise invalid(f"Invalid value at '{where}' (TYPE_{schema['type'].upper()}), {str(value)[:40]!r}")
    _one_of(where, schema, value)
    if form == "byte":
        decoded_bytes(value, where)
    if kind is str and form in _TEXT_NUMBERS and not _TEXT_NUMBERS[form].fullmatch(value):
        raise invalid(f"Invalid value at '{where}' (TYPE_{form.upper()}), {value[:40]!r}")


def _methods(resource: Mapping[str, Any]) -> list[Method]:
    own = [_method(facts) for facts in resource.get("methods", {}).values()]
    return own + [method for inner in resource.get("resources", {}).values() for method in _methods(inner)]


def _method(facts: Mapping[str, Any]) -> Method:
    upload = facts.get("mediaUpload", {}).get("protocols", {}).get("simple", {}).get("path")
    return Method(
        id=facts["id"],
        verb=facts["httpMethod"],
        path=_pattern("/" + facts["path"]),
        upload_path=_pattern(upload) if upload else None,
        parameters=facts.get("parameters", {}),
        request=facts.get("request", {}).get("$ref"),
        scopes=frozenset(facts.get("scopes", ())),
    )


def _pattern(path: str) -> "re.Pattern[str]":
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path.replace(".", r"\.")))


_METHODS = _methods(_DOCUMENT)
MAIL_SCOPES = frozenset(_DOCUMENT["auth"]["oauth2"]["scopes"])
LABEL_COLOURS = frozenset(
    re.findall(r"#[0-9a-f]{6}", _SCHEMAS["LabelColor"]["properties"]["backgroundColor"]["description"])
)
