"""The Procfile's processes, run together: prefixed output, one end for all, and who ended first."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

RELEASE = "release"  # runs to its end before the others start


class _Plain(Printer):  # type: ignore[misc]
    """What the processes say, without what honcho says about them."""

    def write(self, message: Any) -> None:
        if message.name != "system":
            super().write(message)


class Processes(Manager):  # type: ignore[misc]
    """honcho's manager, with a name for the process that ended the run, and an end that can come at any moment."""

    def __init__(self) -> None:
        super().__init__(_Plain(sys.stdout))
        self.culprit: str | None = None
        self._end_wanted = False

    @property
    def asked_to_end(self) -> bool:
        return self._end_wanted and self.culprit is None

    def terminate(self) -> None:
        """End all. While some have no pid yet, honcho could not reach them: then it is done as soon as they have."""
        stopped = [name for name, facts in self._processes.items() if facts.get("returncode") is not None]
        if not self._end_wanted and stopped:
            self.culprit = stopped[0]
        self._end_wanted = True
        if super()._all_started():
            super().terminate()

    def _all_started(self) -> bool:
        started: bool = super()._all_started()
        if started and self._end_wanted and not self._terminating:
            super().terminate()
        return started


def procfile(folder: Path) -> dict[str, str]:
    """The commands of the Procfile by name, in its order."""
    return dict(parse_procfile((folder / "Procfile").read_text()).processes)


def own_environment(environ: Mapping[str, str], **more: str) -> dict[str, str]:
    """An environment in which `python` is the one that runs us, and output is for a person and not held back."""
    path = os.pathsep.join((str(Path(sys.executable).parent), environ.get("PATH", os.defpath)))
    return {"LOG_FORMAT": "lines", **environ, "PATH": path, "PYTHONUNBUFFERED": "1", **more}


def run_release(command: str, environ: Mapping[str, str], folder: Path) -> int:
    """Run the release process to its end; its exit code."""
    return subprocess.run(command, shell=True, env=dict(environ), cwd=folder, check=False).returncode


def run_together(commands: Mapping[str, str], environ: Mapping[str, str], folder: Path) -> Processes:
    """Run all until one of them ends or we are told to end; then end the rest."""
    processes = Processes()
    for name, command in commands.items():
        # `exec` leaves no shell between us and the process, so that its exit code and its end are its own.
        processes.add_process(name, f"exec {command}", env=dict(environ), cwd=str(folder))
    processes.loop()
    return processes
