"""`make run`: the whole product from one command, stand-ins in the place of what nobody set up."""

import errno
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.standins.keeping import Kept
from tests.standins.mail_opening import why_refused
from tests.standins.offers import Missing, missing_services, offered, offering
from tests.standins.processes import RELEASE, own_environment, procfile, run_release, run_together
from tests.standins.seeds import SLACK_USER
from tests.standins.world import World, given_settings, standins_port
from tracker.settings import Settings, WrongSetting, load_settings


class CannotRun(Exception):
    """Why the product does not run, in words for whoever typed the command."""


def launch(environ: Mapping[str, str], folder: Path) -> int:
    """Find out what is missing, offer it, migrate, and run everything until told to end; the exit code."""
    settings = load_settings(environ, folder)
    given = given_settings(environ, folder)
    port = standins_port(given)
    with only_run(settings.data_dir):
        require_free("PORT", settings.host, settings.port)
        missing = what_is_missing(settings, environ, folder)
        if missing and port == settings.port:
            raise CannotRun(f"PORT and STANDINS_PORT are both {port}; set one of them to another port")
        if missing:
            require_free("STANDINS_PORT", "127.0.0.1", port)
        world = prepared(missing, settings.data_dir)
        values = offered(f"http://127.0.0.1:{port}/", world.gmail, world.slack)
        with offering(settings.data_dir / "standins.env", values):
            settings = load_settings(environ, folder)
            print("\n".join(announcement(missing, settings, port)), flush=True)
            return run_product(missing, own_environment(environ, **standin_settings(missing, port, given)), folder)


def what_is_missing(settings: Settings, environ: Mapping[str, str], folder: Path) -> Missing:
    """Judge what the operator set up, without what a run that was killed may have left behind."""
    (settings.data_dir / "standins.env").unlink(missing_ok=True)
    return missing_services(load_settings(environ, folder), given_settings(environ, folder))


def prepared(missing: Missing, data_dir: Path) -> World:
    """The stand-ins with their credentials, the same at every start, kept where their own process finds them."""
    world = World.of(missing.names, lambda: None)
    kept = Kept(data_dir / "standins.json", world.parts)
    if trouble := kept.restore():
        print(trouble)
    if world.parts:
        kept.save()
    return world


def standin_settings(missing: Missing, port: int, given: Mapping[str, str]) -> dict[str, str]:
    """What the stand-ins' process needs to be told."""
    member = given.get("STANDINS_SLACK_USER", "")
    return {"STANDINS": ",".join(missing.names), "STANDINS_PORT": str(port), "STANDINS_SLACK_USER": member}


def run_product(missing: Missing, environ: Mapping[str, str], folder: Path) -> int:
    """Release, then everything together. Raises CannotRun when a process ends by itself."""
    commands = procfile(folder)
    release = commands.pop(RELEASE, None)
    if release and (code := run_release(release, environ, folder)):
        raise CannotRun(f"the database could not be prepared ({release} ended with {code}; it says why above)")
    if missing:
        commands = {"standins": "python -m tests.standins", **commands}
    ended = run_together(commands, environ, folder)
    if ended.asked_to_end:
        print("Everything has ended. The next start finds it all again.")
        return 0
    raise CannotRun(f"{ended.culprit} ended by itself, so everything was ended; it says why above")


def announcement(missing: Missing, settings: Settings, port: int) -> Iterator[str]:
    """What is real, what is a stand-in, and where to look."""
    page = f"http://127.0.0.1:{port}/"
    yield f"Gmail   {f'a stand-in on this computer: {page}' if missing.gmail else 'your own Google project'}"
    yield f"Slack   {f'a stand-in on this computer: {page}' if missing.slack else 'your own Slack app'}"
    yield f"Web     {settings.public_url}"
    yield f"Data    {settings.data_dir}"
    if missing:
        yield f"Alerts come {settings.settle_seconds:g} seconds after an opening (SETTLE_SECONDS)."
        yield "To use the real services instead, put their credentials into .env (see .env.example) and start again."
    if not (missing.gmail and missing.slack) and not why_refused(settings.public_url):
        yield "PUBLIC_URL is an address of this computer: neither recipients' mail programs nor Slack can reach it."
    if missing.slack and not missing.gmail:
        yield f"Connect your mailbox to the stand-in's Slack member with: --slack-user {SLACK_USER}"
    if missing.gmail and (why := why_refused(settings.public_url)):
        yield f"The stand-in's recipients cannot load our pixel from PUBLIC_URL: {why}."
    yield "Ctrl-C ends everything."


@contextmanager
def only_run(data_dir: Path) -> Iterator[None]:
    """Hold the data folder: two runs on one folder would take each other's stand-ins away."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(f"another make run uses {data_dir}; end that one first, or set DATA_DIR") from None
        yield


def require_free(variable: str, host: str, port: int) -> None:
    """Raises CannotRun when somebody else listens there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as taken:
        why = f"port {port} on {host} cannot be used ({taken.strerror})"
        raise CannotRun(f"{why}; {_way_on(taken, variable)}") from None


def _way_on(taken: OSError, variable: str) -> str:
    if isinstance(taken, socket.gaierror) or taken.errno == errno.EADDRNOTAVAIL:
        return "set HOST to an address of this computer"
    if taken.errno == errno.EACCES:
        return f"set {variable} to a port above 1023"
    return f"end what uses it, or set {variable} to another port"


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    signal.signal(signal.SIGTERM, _end)  # until honcho takes over, so that nothing written for this run stays behind
    try:
        return launch(os.environ, Path.cwd())
    except (CannotRun, WrongSetting) as refused:
        print(f"Cannot run: {refused}.", file=sys.stderr)
        return 1
    except OSError as refused:
        advice = "give this user the right to write it and its folder, or set DATA_DIR to another folder"
        print(f"Cannot run: {refused.filename} cannot be used ({refused.strerror}); {advice}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
