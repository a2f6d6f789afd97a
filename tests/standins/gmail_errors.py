"""What the Gmail stand-in refuses, in the shape of Google's own JSON errors."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from aiohttp import web

_STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}
_FRONT_END = "<!DOCTYPE html><html lang=en><title>Error {0} (Server Error)!!1</title><p>{0}. That's an error."


class GoogleError(Exception):
    """One refusal. Without a reason it is Google's front end that answers, in HTML."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str = "",
        headers: Mapping[str, str] | None = None,
        details: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(f"{status} {reason}: {message}")
        self.status = status
        self.reason = reason
        self.message = message or reason
        self.headers = dict(headers or {})
        self.details = details

    def answer(self) -> web.Response:
        if not self.reason:
            text = _FRONT_END.format(self.status)
            return web.Response(status=self.status, text=text, content_type="text/html", headers=self.headers)
        error: dict[str, Any] = {
            "code": self.status,
            "message": self.message,
            "errors": [{"message": self.message, "domain": self._domain, "reason": self.reason}],
            "status": _STATUS_WORDS.get(self.status, "UNKNOWN"),
        }
        if self.details:
            error["details"] = list(self.details)
        return web.json_response({"error": error}, status=self.status, headers=self.headers)

    @property
    def _domain(self) -> str:
        return "usageLimits" if self.reason.lower().endswith("limitexceeded") else "global"


def invalid(message: str) -> GoogleError:
    return GoogleError(400, "invalidArgument", message)


def not_found() -> GoogleError:
    return GoogleError(404, "notFound", "Requested entity was not found.")


def outside_scope(scopes: Collection[str]) -> GoogleError:
    """The grant does not cover this method; one of these scopes would."""
    words = " ".join(sorted(scopes))
    wanted = f'error="insufficient_scope", scope="{words}"'
    return GoogleError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        {"WWW-Authenticate": f'Bearer realm="https://accounts.google.com/", {wanted}'},
        [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
                "metadata": {"service": "gmail.googleapis.com"},
            }
        ],
    )


def not_done(what: str) -> GoogleError:
    return GoogleError(501, "notImplemented", f"The stand-in does not do {what}.")
