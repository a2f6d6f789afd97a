"""The product's own command, run as a person would run it in a terminal."""

import asyncio
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_MOST_OUTPUT = 20_000


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    output: str

    @property
    def ok(self) -> bool:
        return self.code == 0


def twotick() -> tuple[str, ...]:
    """How to call the product from here: always the code that lies here, wherever a console script came from."""
    return (_shown(Path(sys.executable)), "-m", "tracker")


def as_typed(command: Sequence[str]) -> str:
    """A command as one would type it."""
    return shlex.join(command)


async def run(command: Sequence[str], told: bytes = b"", seconds: float = 60) -> Ran:
    """Run a command without a shell, tell it `told` on stdin, and return all it said."""
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.STDOUT}
    try:
        process = await asyncio.create_subprocess_exec(*command, **pipes)
    except OSError as missing:
        return Ran(127, f"{command[0]} cannot be run: {missing.strerror}")
    try:
        said, _ = await asyncio.wait_for(process.communicate(told), seconds)
    except TimeoutError:
        return Ran(124, f"It did not end within {seconds:g} seconds and was stopped.")
    finally:
        await _ended(process)
    return Ran(process.returncode or 0, _COLOURS.sub("", said.decode("utf-8", "replace"))[-_MOST_OUTPUT:].strip())


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
