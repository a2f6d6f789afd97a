"""Places, from a small database of the operator's."""

import os
from pathlib import Path
from typing import Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from tracker.lookups.places import Places, WrongDatabase

LYON = {"city": {"names": {"en": "Lyon", "fr": "Lyon"}}, "country": {"names": {"en": "France"}}}
TURIN = {"city": {"names": {"en": "Turin"}}, "country": {"names": {"en": "Italy"}}}


class Watch:
    """Shows the seconds that it is told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def write(file: Path, networks: dict[str, Any], version: int = 6) -> None:
    writer = MMDBWriter(version, "Test-City", languages=["en"], description="places of a test", ipv4_compatible=True)
    for network, record in networks.items():
        writer.insert_network(IPSet([network]), record)
    unfinished = file.with_suffix(".unfinished")
    writer.to_db_file(str(unfinished))
    unfinished.replace(file)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "places.mmdb"
    write(
        file,
        {
            "203.0.113.0/24": LYON,
            "2001:db8:7::/48": TURIN,
            "198.51.100.0/28": {"country": {"names": {"en": "France"}}},
            "198.51.100.16/28": {"city": {"names": {"en": "Singapore"}}, "country": {"names": {"en": "Singapore"}}},
            "198.51.100.32/28": {"city": {"names": ["Paris"]}, "country": "France"},
            "198.51.100.48/28": {"city": {"names": {"en": "x" * 500 + "\n"}}},
        },
    )
    return file


@pytest.mark.parametrize(
    ("ip", "place"),
    [
        ("203.0.113.9", "Lyon, France"),
        ("::ffff:203.0.113.9", "Lyon, France"),
        ("2001:db8:7::1", "Turin, Italy"),
        ("198.51.100.1", "France"),
        ("198.51.100.17", "Singapore"),
        ("198.51.100.33", ""),
        ("198.51.100.49", "x" * 60),
        ("192.0.2.1", ""),
        ("nobody", ""),
        ("", ""),
    ],
)
def test_an_address_is_where_the_database_says(file: Path, ip: str, place: str) -> None:
    assert Places(file).place_of(ip) == place


def test_a_new_file_is_noticed(file: Path) -> None:
    watch = Watch()
    places = Places(file, watch)
    assert places.place_of("203.0.113.9") == "Lyon, France"

    write(file, {"203.0.113.0/24": TURIN})
    watch.seconds = 11

    assert places.place_of("203.0.113.9") == "Turin, Italy"


@pytest.mark.parametrize("broken", [b"", b"no database", b"\0" * 5000])
def test_a_file_that_breaks_later_leaves_the_old_one_in_use(file: Path, broken: bytes) -> None:
    watch = Watch()
    places = Places(file, watch)

    file.write_bytes(broken)
    watch.seconds = 11

    assert places.place_of("203.0.113.9") == "Lyon, France"


def test_a_file_that_is_gone_leaves_the_old_one_in_use_until_it_is_back(file: Path) -> None:
    watch = Watch()
    places = Places(file, watch)
    os.unlink(file)
    watch.seconds = 11
    assert places.place_of("203.0.113.9") == "Lyon, France"

    write(file, {"203.0.113.0/24": TURIN})
    watch.seconds = 22

    assert places.place_of("203.0.113.9") == "Turin, Italy"


@pytest.mark.parametrize("content", [b"", b"no database", b"\0" * 5000])
def test_a_broken_file_is_refused_at_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "places.mmdb").write_bytes(content)

    with pytest.raises(WrongDatabase, match=r"places\.mmdb is no mmdb file"):
        Places(tmp_path / "places.mmdb")


def test_a_missing_file_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(WrongDatabase, match="No such file"):
        Places(tmp_path / "places.mmdb")


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_damaged_file_never_raises_at_a_look(file: Path, tmp_path: Path, part: float) -> None:
    whole = file.read_bytes()
    damaged = bytearray(whole)
    start = int(len(whole) * part)
    damaged[start : start + 20] = b"\xff" * len(damaged[start : start + 20])
    (tmp_path / "damaged.mmdb").write_bytes(damaged)

    try:
        places = Places(tmp_path / "damaged.mmdb")
    except WrongDatabase:
        return

    assert {isinstance(places.place_of(f"203.0.113.{last}"), str) for last in range(256)} == {True}
