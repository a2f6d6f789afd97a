"""The stand-ins that a run needs, with secrets of their own that last."""

import pytest

from tests.standins.world import DEFAULT_PORT, World, own_web, standins_port
from tracker.settings import WrongSetting, load_settings


def test_only_what_is_named_stands_in():
    world = World.of(["slack"], lambda: None)

    assert world.gmail is None
    assert set(world.parts) == {"slack"}


def test_no_two_worlds_share_a_secret():
    one, other = World.of(["slack"], lambda: None).slack, World.of(["slack"], lambda: None).slack

    assert one.signing_secret != other.signing_secret
    assert one.bot_token != other.bot_token


def test_a_restored_slack_keeps_its_secrets():
    one, other = World.of(["slack"], lambda: None).slack, World.of(["slack"], lambda: None).slack

    other.restore(one.snapshot())

    assert (other.bot_token, other.signing_secret) == (one.bot_token, one.signing_secret)


@pytest.mark.parametrize("text", ["x", "-1", "65536", "80 25"])
def test_a_wrong_port_is_refused_by_name(text):
    with pytest.raises(WrongSetting, match="STANDINS_PORT"):
        standins_port({"STANDINS_PORT": text})


def test_the_port_has_a_default():
    assert standins_port({"STANDINS_PORT": " "}) == DEFAULT_PORT


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:8080"), ("0.0.0.0", "http://127.0.0.1:8080"), ("::1", "http://[::1]:8080")],
)
def test_our_web_is_reached_where_it_listens(tmp_path, host, address):
    assert own_web(load_settings({"HOST": host}, tmp_path)) == address
