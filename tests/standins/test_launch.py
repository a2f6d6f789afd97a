"""`make run` as a person meets it: what it says, what it starts, and how it ends."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standins.launch import CannotRun, launch, only_run
from tracker.settings import WrongSetting

ROOT = Path(__file__).parents[2]
SERVES = "web: python -c \"import time; print('serving'); time.sleep(60)\"\n"
OWN = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "GOOGLE_CLIENT_ID": "c", "GOOGLE_CLIENT_SECRET": "s"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def launched(folder: Path, procfile: str, **given: str) -> Iterator[subprocess.Popen[str]]:
    """The launcher at work in a folder of its own; ended with the block, its children too."""
    (folder / "Procfile").write_text(procfile)
    ports = {"PORT": str(free_port()), "STANDINS_PORT": str(free_port())}
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **ports, **given}
    command = [sys.executable, "-m", "tests.standins.launch"]
    process = subprocess.Popen(
        command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=15)


def until(process: subprocess.Popen[str], words: str) -> str:
    """What it says up to the line with these words."""
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended without {words!r}:\n{said}")


def test_what_is_missing_is_named_with_the_address_of_its_stand_in(tmp_path):
    with launched(tmp_path, SERVES) as process:
        said = until(process, "Ctrl-C")

    assert "Gmail   a stand-in on this computer: http://127.0.0.1:" in said
    assert "Slack   a stand-in on this computer: http://127.0.0.1:" in said


def test_with_credentials_nothing_stands_in(tmp_path):
    with launched(tmp_path, SERVES, **OWN) as process:
        said = until(process, "serving")

        assert "stand-in" not in said
        assert not (tmp_path / "data" / "standins.env").exists()


def test_what_a_killed_run_left_behind_is_not_taken_for_credentials(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "standins.env").write_text("SLACK_BOT_TOKEN=xoxb-old\nSLACK_SIGNING_SECRET=old\n")
    with launched(tmp_path, SERVES) as process:
        said = until(process, "Ctrl-C")

    assert "Slack   a stand-in" in said


def test_the_release_process_ends_before_the_others_start(tmp_path):
    with launched(tmp_path, "release: python -c \"print('migrated')\"\n" + SERVES, **OWN) as process:
        said = until(process, "serving")

    assert said.index("migrated") < said.index("serving")


def test_a_process_that_dies_ends_all_and_is_named(tmp_path):
    with launched(tmp_path, SERVES + "worker: python -c \"raise SystemExit('no way')\"\n", **OWN) as process:
        said, _ = process.communicate(timeout=15)

    assert process.returncode == 1
    assert "Cannot run: worker ended by itself" in said
    assert "no way" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_within_seconds_and_leaves_no_offer_and_no_process(tmp_path, number):
    announce = "web: python -c \"import os, time; print('pid', os.getpid()); time.sleep(60)\"\n"
    with launched(tmp_path, announce) as process:
        pid = int(until(process, "| pid").split()[-1])
        until(process, "Ready.")
        asked = time.monotonic()
        process.send_signal(number)
        process.communicate(timeout=15)

    assert process.returncode == 0
    assert time.monotonic() - asked < 4
    assert not (tmp_path / "data" / "standins.env").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_end_asked_for_while_everything_still_starts_ends_it(tmp_path):
    with launched(tmp_path, SERVES) as process:
        until(process, "Ctrl-C")
        process.terminate()
        process.communicate(timeout=15)

    assert process.returncode in (0, 143)
    assert not (tmp_path / "data" / "standins.env").exists()


def test_a_second_start_offers_the_same_credentials(tmp_path):
    offers = []
    for _ in range(2):
        with launched(tmp_path, SERVES) as process:
            until(process, "Ready.")
            lines = (tmp_path / "data" / "standins.env").read_text().splitlines()
            offers.append([line for line in lines if "SECRET" in line or "TOKEN=" in line])

    assert len(offers[0]) == 3
    assert offers[0] == offers[1]


def refused(folder: Path, **given: str) -> str:
    """Why it does not run."""
    ports = {"PORT": str(free_port()), "STANDINS_PORT": str(free_port())}
    with pytest.raises((CannotRun, WrongSetting)) as why:
        launch({"PATH": os.environ["PATH"], **ports, **given}, folder)
    return str(why.value)


def test_a_release_that_fails_starts_nothing(tmp_path):
    (tmp_path / "Procfile").write_text('release: python -c "raise SystemExit(3)"\nweb: touch started\n')

    assert "the database could not be prepared" in refused(tmp_path, **OWN)
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize("variable", ["PORT", "STANDINS_PORT"])
def test_a_taken_port_is_refused_with_the_variable_that_changes_it(tmp_path, variable):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        assert f"port {port} on 127.0.0.1 cannot be used" in refused(tmp_path, **{variable: port})
        assert f"set {variable}" in refused(tmp_path, **{variable: port})


def test_an_address_that_is_not_ours_is_refused_with_the_variable_that_changes_it(tmp_path):
    assert "set HOST to an address of this computer" in refused(tmp_path, HOST="192.0.2.1")


def test_a_file_that_cannot_be_written_is_refused_with_the_way_on(tmp_path):
    (tmp_path / "data" / "standins.json.new").mkdir(parents=True)
    with launched(tmp_path, SERVES) as process:
        said, _ = process.communicate(timeout=15)

    assert "standins.json.new cannot be used" in said
    assert "set DATA_DIR" in said


@pytest.mark.parametrize(("address", "warned"), [("http://localhost:8080", True), ("https://t.example", False)])
def test_real_services_that_cannot_reach_us_are_warned_of(tmp_path, address, warned):
    with launched(tmp_path, SERVES, **OWN, PUBLIC_URL=address) as process:
        said = until(process, "Ctrl-C")

    assert ("PUBLIC_URL is an address of this computer" in said) == warned


def test_one_port_for_both_is_refused(tmp_path):
    port = str(free_port())

    assert f"PORT and STANDINS_PORT are both {port}" in refused(tmp_path, PORT=port, STANDINS_PORT=port)


def test_two_runs_on_one_folder_are_refused(tmp_path):
    with only_run(tmp_path / "data"):
        assert "another make run uses" in refused(tmp_path)


def test_half_a_service_is_refused_in_words(tmp_path):
    said = refused(tmp_path, SLACK_BOT_TOKEN="xoxb-1")

    assert "SLACK_SIGNING_SECRET: not set, while SLACK_BOT_TOKEN is" in said
