"""Charts in cards, and the pictures in their place."""

from datetime import timedelta

import pytest

from bot.answering import with_fallback
from bot.blocks import Card, section
from bot.cards.stats import stats_card
from bot.charts import chart, with_pictures
from bot.ports import NotAllowed
from bot.relay import Relay
from bot.saying import Saying, ToSay
from bot.slack import SlackDoor, answer_privately
from bot.teams import Teams
from tests.bot.books import HandClock, SmallBooks, SmallInstallations, SmallOutbox
from tests.makers import NOON, after, an_installation
from tests.standins.slack import SlackStandin
from tests.standins.slack_blocks import faults_of
from tests.standins.slack_words import words_of
from tracker.charts import Bars
from tracker.model import LeasedAlerts
from tracker.stats import Sums, stats_of

BARS = Bars("First openings by hour of day", (("8-10", 3), ("10-12", 0)))
CHARTED = Card("Three openings", (section("*Three openings*"), chart(BARS)))


def response_url(slack: SlackStandin) -> str:
    key = slack.workspace.new_response_url(slack.workspace.dm("U0SENDER"))
    return f"{slack.own_url}response/{key}"


def shown(slack: SlackStandin) -> dict:
    return slack.dm_of("U0SENDER")[-1]


def test_slack_takes_the_chart() -> None:
    assert faults_of([chart(BARS)]) == []


def test_a_long_title_is_cut_to_what_slack_takes() -> None:
    assert faults_of([chart(Bars("t" * 80, BARS.bars))]) == []


async def test_a_card_without_charts_has_no_pictures(door: SlackDoor) -> None:
    assert await with_pictures(Card("words", (section("words"),)), door.upload) is None


async def test_where_charts_are_drawn_the_answer_has_one(slack: SlackStandin, door: SlackDoor) -> None:
    await with_fallback(answer_privately, door.upload_in)(response_url(slack), CHARTED, "")

    assert [block["type"] for block in shown(slack)["blocks"]] == ["section", "data_visualization"]
    assert slack.workspace.files.known == {}


async def test_elsewhere_the_answer_has_a_picture_with_words(slack: SlackStandin, door: SlackDoor) -> None:
    slack.workspace.draws_charts = False

    await with_fallback(answer_privately, door.upload_in)(response_url(slack), CHARTED, "")

    picture = shown(slack)["blocks"][1]
    assert (picture["type"], picture["alt_text"]) == ("image", "First openings by hour of day. 8-10: 3.")


async def test_without_the_right_to_keep_files_the_answer_is_words(slack: SlackStandin, door: SlackDoor) -> None:
    slack.workspace.draws_charts = False
    slack.workspace.scopes -= {"files:write"}

    await with_fallback(answer_privately, door.upload_in)(response_url(slack), CHARTED, "")

    assert shown(slack)["text"] == "Three openings"
    assert [block["type"] for block in shown(slack)["blocks"]] == ["section"]


@pytest.mark.parametrize("team", ["T0ACME", "T0BETA"])
async def test_with_many_workspaces_the_picture_is_kept_where_it_was_asked_for(slack: SlackStandin, team: str) -> None:
    kept = {}
    for name in ("T0ACME", "T0BETA"):
        workspace = slack.add_workspace(name, name)
        workspace.add_user(f"U{name}", "somebody", "", "UTC")
        workspace.draws_charts = False
        slack.installs.tokens[f"xoxb-{name}"] = workspace
        kept[name] = an_installation(team_id=name, bot_token=f"xoxb-{name}")
    teams = Teams(SmallInstallations(kept), slack.own_url + "api/")  # type: ignore[arg-type]
    asked = slack.others[team]
    key = asked.new_response_url(asked.dm(f"U{team}"))

    await with_fallback(answer_privately, teams.upload_in)(f"{slack.own_url}response/{key}", CHARTED, team)

    [shown] = asked.shown(f"U{team}")
    assert [block["type"] for block in shown["blocks"]] == ["section", "image"]
    assert {call.token for call in slack.calls} == {f"xoxb-{team}"}


async def test_a_workspace_that_left_is_answered_in_words(slack: SlackStandin) -> None:
    slack.workspace.draws_charts = False
    teams = Teams(SmallInstallations(), slack.own_url + "api/")  # type: ignore[arg-type]

    await with_fallback(answer_privately, teams.upload_in)(response_url(slack), CHARTED, "T0LEFT")

    assert [block["type"] for block in shown(slack)["blocks"]] == ["section"]


async def test_an_upload_that_may_not_be_is_said_so(slack: SlackStandin, door: SlackDoor) -> None:
    slack.workspace.scopes -= {"files:write"}

    with pytest.raises(NotAllowed):
        await door.upload(b"picture", "title", "alt")


class Charted(Saying):
    """Says a chart of every topic."""

    async def about(self, leased: LeasedAlerts) -> ToSay | None:
        return ToSay("U0SENDER", CHARTED, leased.topic, news=True, living=True)


async def test_an_alert_falls_back_to_the_picture_too(slack: SlackStandin, door: SlackDoor, clock: HandClock) -> None:
    slack.workspace.draws_charts = False
    outbox, books = SmallOutbox(), SmallBooks()
    outbox.put()

    await Relay(outbox, Charted(books, books.report), door, clock, clock.sleep).turn()

    assert [block["type"] for block in shown(slack)["blocks"]] == ["section", "image"]


def test_stats_say_rates_and_what_nobody_can_know() -> None:
    card = stats_card(
        stats_of(Sums(3, 1, 1, timedelta(hours=2), ((after(hours=2), 1),)), 30, NOON.tzinfo), "Europe/Berlin"
    )

    words = words_of({"text": card.text, "blocks": list(card.blocks)})
    assert "3 sent · 1 opened (50%) · 1 replied (33%)" in words
    assert "Of 1 message nobody can tell" in words
    assert "within 2 hours" in words
    assert faults_of(list(card.blocks)) == []


def test_stats_of_nothing_say_how_to_look_further_back() -> None:
    assert "/opens stats 90d" in str(stats_card(stats_of(Sums(), 30, NOON.tzinfo), "Europe/Berlin").blocks)


def test_stats_without_openings_draw_no_empty_chart() -> None:
    card = stats_card(stats_of(Sums(1), 30, NOON.tzinfo), "Europe/Berlin")

    assert "timezone" not in str(card.blocks)
    assert all(block["type"] != "data_visualization" for block in card.blocks)


def test_many_openings_name_the_best_time() -> None:
    card = stats_card(stats_of(Sums(12, 0, 12, timedelta(hours=2), ((after(hours=2), 12),)), 30, NOON.tzinfo), "UTC")

    assert "between 13:00 and 15:00, and most of all on Mondays" in str(card.blocks)


@pytest.mark.parametrize("wait", [timedelta(seconds=20), timedelta(seconds=59)])
def test_a_wait_of_seconds_is_said_as_a_minute(wait: timedelta) -> None:
    quick = Sums(1, middle=wait, read=((NOON, 1),))

    assert "within a minute of sending" in str(stats_card(stats_of(quick, 30, NOON.tzinfo), "UTC").blocks)
