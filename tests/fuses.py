"""Crashes on demand: a fuse burns with every step outside, and kills as kill -9 would when it is gone."""

from typing import Any


class Killed(BaseException):
    """The process is gone: nothing below may catch this."""


class Fuse:
    """Survives `steps` steps, then kills; None never does."""

    def __init__(self, steps: int | None = None) -> None:
        self._left = steps

    def burn(self) -> None:
        if self._left == 0:
            raise Killed
        if self._left is not None:
            self._left -= 1


class Fused:
    """Any port behind a fuse, which burns before a call is made and again before its answer arrives."""

    def __init__(self, inner: Any, fuse: Fuse) -> None:
        self._inner = inner
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        async def fused(*arguments: Any, **named: Any) -> Any:
            self._fuse.burn()
            answer = await method(*arguments, **named)
            self._fuse.burn()
            return answer

        return fused
