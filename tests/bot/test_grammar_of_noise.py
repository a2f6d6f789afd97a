"""Noise, as people type it."""

from datetime import time, timedelta

import pytest

from bot.grammar import Ask, Unknown, read_command
from bot.grammar_of_noise import (
    ChannelWish,
    DigestWish,
    MuteWish,
    NoiseWish,
    QuietWish,
    RepeatsWish,
    Target,
    UnmuteWish,
    read_noise,
)
from bot.grammar_of_sending import At
from tracker.noise import DigestEvery, Hours, MuteKind

HOUR = timedelta(hours=1)
ALL, ADA = Target(MuteKind.ALL), Target(MuteKind.RECIPIENT, "ada@acme.com")
ACME, Q3 = Target(MuteKind.DOMAIN, "acme.com"), Target(MuteKind.MESSAGE, words=("q3 proposal",))
NIGHT = Hours(time(20), time(8))


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("mute", MuteWish()),
        (" Mute  list ", MuteWish()),
        ("mute acme.com", MuteWish(ACME)),
        ("mute @Acme.com", MuteWish(ACME)),
        ("mute <http://acme.com|acme.com>", MuteWish(ACME)),
        ("mute ada@acme.com", MuteWish(ADA)),
        ("mute <mailto:ada@acme.com|Ada@acme.com>", MuteWish(ADA)),
        ('mute "q3 proposal"', MuteWish(Q3)),
        ("mute q3 proposal", MuteWish(Target(MuteKind.MESSAGE, words=("q3", "proposal")))),
        ("mute budget 2d", MuteWish(Target(MuteKind.MESSAGE, words=("budget", "2d")))),
        ("mute budget for 2d", MuteWish(Target(MuteKind.MESSAGE, words=("budget",)), 48 * HOUR)),
        ("mute all", MuteWish(ALL)),
        ("mute everything", MuteWish(ALL)),
        ("mute all 2h", MuteWish(ALL, 2 * HOUR)),
        ("mute all for 90 minutes", MuteWish(ALL, 1.5 * HOUR)),
        ("mute acme.com 1w", MuteWish(ACME, 168 * HOUR)),
        ("mute all until 9:00", MuteWish(ALL, until=At("", 9, 0))),
        ("mute all until 9pm", MuteWish(ALL, until=At("", 21, 0))),
        ("mute all until tomorrow 9:00", MuteWish(ALL, until=At("tomorrow", 9, 0))),
        ("mute acme.com until mon", MuteWish(ACME, until=At("monday", 8, 0))),
        ("unmute", UnmuteWish()),
        ("unmute all", UnmuteWish(ALL)),
        ("unmute acme.com", UnmuteWish(ACME)),
        ('unmute "q3 proposal"', UnmuteWish(Q3)),
        ("quiet", QuietWish()),
        ("quiet off", QuietWish(off=True)),
        ("quiet 20:00-08:00", QuietWish(NIGHT)),
        ("quiet 20-8", QuietWish(NIGHT)),
        ("quiet 8pm – 8am", QuietWish(NIGHT)),
        ("quiet from 20.00 to 8.00", QuietWish(NIGHT)),
        ("quiet 12:00-13:30", QuietWish(Hours(time(12), time(13, 30)))),
        ("quiet weekends", QuietWish(weekends=True)),
        ("quiet weekends off", QuietWish(weekends=True, off=True)),
        ("digest", DigestWish()),
        ("digest daily", DigestWish(DigestEvery.DAILY)),
        ("digest weekly at 7:30", DigestWish(DigestEvery.WEEKLY, time(7, 30))),
        ("digest daily 9am", DigestWish(DigestEvery.DAILY, time(9))),
        ("digest off", DigestWish(DigestEvery.NEVER)),
        ("repeats", RepeatsWish()),
        ("repeats off", RepeatsWish(on=False)),
        ("repeats ON", RepeatsWish(on=True)),
        ("channel", ChannelWish()),
        ("channel #sales", ChannelWish("sales")),
        ("channel sales", ChannelWish("sales")),
        ("channel <#C012AB3CD|sales>", ChannelWish("sales")),
        ("channel #vertrieb-süd hide", ChannelWish("vertrieb-süd", hide=True)),
        ("channel off", ChannelWish(off=True)),
    ],
)
def test_a_wish_is_read(text: str, wish: NoiseWish) -> None:
    assert read_command(text) == wish


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("mute al 2h", "/opens mute all 2h"),
        ("mute all 999d", "/opens mute all 2h"),
        ("mute all until 25:00", "/opens mute all until 9:00"),
        ("mute until 9:00", "/opens mute all until 9:00"),
        ('mute ""', "/opens mute acme.com"),
        ("quiet of", "/opens quiet off"),
        ("quiet wekends", "/opens quiet weekends"),
        ("quiet 20:00", "/opens quiet 20:00-08:00"),
        ("quiet 25:00-08:00", "/opens quiet 20:00-08:00"),
        ("quiet 13pm-8am", "/opens quiet 20:00-08:00"),
        ("quiet 8:00-8:00", "/opens quiet 20:00-08:00"),
        ("quiet please", "/opens quiet 20:00-08:00"),
        ("digest dayly", "/opens digest daily"),
        ("digest weekly at 25:00", "/opens digest daily at 8:00"),
        ("digest daily at noon", "/opens digest daily at 8:00"),
        ("repeats of", "/opens repeats off"),
        ("channel #sales hid", "/opens channel #sales hide"),
        ("channel #", "/opens channel #sales"),
    ],
)
def test_what_cannot_be_read_gets_the_nearest_that_can(text: str, nearest: str) -> None:
    read = read_command(text)

    assert isinstance(read, Unknown)
    assert read.example == nearest
    assert not isinstance(read_command(nearest.removeprefix("/opens ")), Unknown | Ask)


@pytest.mark.parametrize(("slip", "nearest"), [("muet acme.com", "mute acme.com"), ("quiett", "quiet 20:00-08:00")])
def test_a_slip_in_the_name_searches_and_is_told_the_nearest_when_nothing_is_found(slip: str, nearest: str) -> None:
    read = read_command(slip)

    assert isinstance(read, Ask)
    assert read.nearest == f"/opens {nearest}"


@pytest.mark.parametrize("text", ["mute " + "a" * 400, "quiet " + "9" * 400, "channel " + "\u202e#x" * 100, "mute 2h"])
def test_odd_words_are_read_as_something(text: str) -> None:
    assert read_command(text)


@pytest.mark.parametrize("said", ["all until yesterday", "all until 25:00", "everything for ages", "all for ever"])
def test_an_end_that_cannot_be_read_is_no_mail_to_be_looked_for(said: str) -> None:
    assert str(read_noise("mute", said)).startswith("/opens mute all")
