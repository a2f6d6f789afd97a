"""The product's own web process, as it is installed, on a core of its own."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.load import KEY
from benchmarks.pixels import Running
from benchmarks.processes import SERVER_CORE, free_port, pin

ROOT = Path(__file__).parent.parent
ENCRYPTION_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
_STARTING_SECONDS = 60.0
_STOPPING_SECONDS = 30.0


def environ(folder: Path, database_url: str, **more: str) -> dict[str, str]:
    """The settings of an installation in this folder, and nothing of what this process was told."""
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "ENCRYPTION_KEYS": ENCRYPTION_KEY,
        "SECRET_KEY": KEY,
        "PUBLIC_URL": "http://127.0.0.1:1",
        "TRUSTED_PROXIES": "127.0.0.0/8",
        **more,
    }


@contextlib.contextmanager
def web_process(folder: Path, database_url: str, **more: str) -> Iterator[Running]:
    """Run it on a migrated database until the block ends. Raises RuntimeError when it does not come up."""
    port = free_port()
    settings = environ(folder, database_url, PORT=str(port), **more)
    with (folder / "web.log").open("ab") as log:
        command = [sys.executable, "-m", "tracker"]
        process = subprocess.Popen(command, cwd=folder, env=settings, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        pin(process.pid, SERVER_CORE)
        yield Running(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(_STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str, process: "subprocess.Popen[bytes]", pause: float = 0.02) -> None:
    """Wait until an address answers 200. Raises RuntimeError when its process ends before, or after a minute."""
    end = time.monotonic() + _STARTING_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(pause)
    raise RuntimeError(f"{url} did not come up")
