"""Target 6, at the keyboard: how long `make run` takes to be up, and what `twotick tag` adds to starting Python."""

import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import encodebytes
from pathlib import Path

from benchmarks.efforts import Effort
from benchmarks.processes import family, free_port
from benchmarks.targets import Finding, Section
from benchmarks.web_process import ROOT, environ, wait_for

_UP_SECONDS, _TAG_MS = 3.0, 50.0
_MAIL_BYTES = 100_000
_TAG_ROUNDS = 3  # for each start


def section(effort: Effort) -> Section:
    with tempfile.TemporaryDirectory(prefix="twotick-starting-") as name:
        folder = Path(name)
        first, *later = [seconds_until_up(folder) for _ in range(effort.starts + 1)]
        python, tag, spread = _tagging(folder, effort.starts * _TAG_ROUNDS)
    return Section(
        6,
        "Starting",
        [
            Finding("make run is up: median", statistics.median(later), _UP_SECONDS, "s"),
            Finding("twotick tag of 100 kB, beyond Python's start", tag - python, _TAG_MS, "ms", digits=0),
        ],
        told=[
            f"Up is when the web process says that it is ready and the stand-ins' page is shown, once all is"
            f" installed; the very first start, which makes the database, took {first:.1f} s, and {len(later)} later"
            f" ones at most {max(later):.1f} s. `python -c pass` takes {python:.0f} ms (median of"
            f" {effort.starts * _TAG_ROUNDS}), `twotick tag` {tag:.0f} ms, interleaved; the least beyond it"
            f" {spread:.0f} ms.",
        ],
    )


def seconds_until_up(folder: Path) -> float:
    """Run what `make run` runs, in this folder, until it is up; then end it."""
    port, page = free_port(), free_port()
    shutil.copy(ROOT / "Procfile", folder)
    settings = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(folder / "data"),
        "PORT": str(port),
        "STANDINS_PORT": str(page),
    }
    began = time.perf_counter()
    with (folder / "run.log").open("ab") as log:
        command = [sys.executable, "-m", "tests.standins.launch"]
        process = subprocess.Popen(command, cwd=folder, env=settings, stdout=log, stderr=log, start_new_session=True)
    try:
        for url in (f"http://127.0.0.1:{port}/readyz", f"http://127.0.0.1:{page}/"):
            wait_for(url, process)
        return time.perf_counter() - began
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    members = family(process.pid)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        for pid in members:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def _tagging(folder: Path, rounds: int) -> tuple[float, float, float]:
    """Milliseconds of `python -c pass` and of tagging, medians; and by how much the quickest of each differ."""
    mail = folder / "mail.eml"
    mail.write_bytes(a_mail(_MAIL_BYTES))
    settings = environ(folder, f"sqlite://{folder}/never.sqlite3")
    bare, tag = [sys.executable, "-c", "pass"], [sys.executable, "-m", "tracker", "tag", str(mail)]
    took = [(_milliseconds(bare, folder, settings), _milliseconds(tag, folder, settings)) for _ in range(rounds + 1)]
    pythons, tags = zip(*took[1:], strict=True)
    return statistics.median(pythons), statistics.median(tags), min(tags) - min(pythons)


def _milliseconds(command: list[str], folder: Path, settings: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=settings, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000


def a_mail(size: int) -> bytes:
    """A mail of this size as Gmail sends it: some words twice, and a picture."""
    words = "Dear Ada, here is what we talked about. " * 40
    head = (
        b"From: Grace <grace@twotick.example>\r\nTo: Ada <ada@acme.example>\r\nSubject: Q3 proposal\r\n"
        b"Message-ID: <bench@twotick.example>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="outer"\r\n\r\n--outer\r\n'
        b'Content-Type: multipart/alternative; boundary="inner"\r\n\r\n--inner\r\n'
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + words.encode() + b"\r\n--inner\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<div>" + words.encode() + b"</div>\r\n--inner--\r\n--outer\r\n"
        b'Content-Type: image/png; name="plan.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    )
    tail = b"--outer--\r\n"
    picture = encodebytes(bytes(max(0, size - len(head) - len(tail)) * 3 // 4)).replace(b"\n", b"\r\n")
    return head + picture[: max(0, size - len(head) - len(tail) - 2)] + b"\r\n" + tail
