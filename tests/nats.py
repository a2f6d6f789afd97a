"""A real NATS for tests: servers of our own on 127.0.0.1, with JetStream in a folder of theirs."""

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_STARTING_SECONDS = 15.0


@dataclass
class NatsNode:
    """One server, which can be stopped, killed and started again with the files it had."""

    command: Sequence[str]
    port: int
    monitor: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._launch()
        self._wait_until_healthy()

    def _launch(self) -> None:
        # A group of its own keeps Ctrl-C from it: it ends when we say so.
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0
        )

    def end(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + _STARTING_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.monitor}/healthz", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("NATS does not start")


def nats_binary() -> Path | None:
    """The server that was installed beside this Python, or on the path."""
    beside = Path(sys.executable).parent / "nats-server"
    found = beside if beside.exists() else shutil.which("nats-server")
    return Path(found) if found else None


@contextmanager
def running_nats(
    binary: Path, nodes: int = 1, settings: str = "", *, jetstream: bool = True
) -> Iterator[list[NatsNode]]:
    """Start as many servers as one cluster; they end, and their folder goes, with this block.

    `settings` are lines added to each server's configuration.
    """
    folder = Path(tempfile.mkdtemp(prefix="twotick-nats-", dir="/tmp"))
    ports = [_free_ports(3) for _ in range(nodes)]
    routes = ", ".join(f"nats://127.0.0.1:{route}" for _, _, route in ports)
    made: list[NatsNode] = []
    try:
        for number, (port, monitor, route) in enumerate(ports):
            config = folder / f"node{number}.conf"
            cluster = f'cluster {{ name: test, listen: "127.0.0.1:{route}", routes: [{routes}] }}' if nodes > 1 else ""
            kept = f'jetstream {{ store_dir: "{folder}/node{number}", sync_interval: always }}' if jetstream else ""
            config.write_text(
                f'server_name: node{number}\nlisten: "127.0.0.1:{port}"\nhttp: "127.0.0.1:{monitor}"\n'
                f"{kept}\n{cluster}\n{settings}\n"
            )
            made.append(NatsNode([str(binary), "-c", str(config)], port, monitor))
        for node in made:  # a cluster is healthy once most of its nodes are there
            node._launch()
        for node in made:
            node._wait_until_healthy()
        yield made
    finally:
        for node in made:
            node.end()
        shutil.rmtree(folder, ignore_errors=True)


def _free_ports(number: int) -> list[int]:
    held = [socket.socket() for _ in range(number)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports
