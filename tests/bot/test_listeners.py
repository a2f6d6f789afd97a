"""What the listeners deliver: one card, or several in place of each other, and words when something breaks."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from bot.app import Listeners
from bot.blocks import Card

BODY = {
    "user": {"id": "U0SENDER", "team_id": "T1"},
    "team": {"id": "T1"},
    "actions": [{"action_id": "story", "value": "v"}],
    "response_url": "https://hooks.example/1",
}


class Nobody:
    async def answer(self, team: str, user: str, text: str) -> Card:
        return Card("nothing")


async def acknowledged() -> None:
    return None


async def told_by(story) -> list[str]:
    """The texts that are delivered for a press."""
    told: list[str] = []

    async def deliver(url: str, card: Card, team: str) -> None:
        told.append(card.text)

    listeners = Listeners(Nobody(), {}, deliver, stories={"story": story})
    await listeners.press(acknowledged, BODY)
    await asyncio.gather(*listeners._running)
    return told


async def test_every_card_of_a_story_is_delivered_in_turn() -> None:
    async def story(team: str, user: str, value: str) -> AsyncIterator[Card]:
        yield Card(f"{team} {user} {value}")
        yield Card("out")

    assert await told_by(story) == ["T1 U0SENDER v", "out"]


@pytest.mark.parametrize(("cards", "told"), [(1, ["waiting"]), (0, ["Something went wrong on our side."])])
async def test_a_story_that_breaks_off_leaves_what_was_told(cards: int, told: list[str]) -> None:
    async def story(team: str, user: str, value: str) -> AsyncIterator[Card]:
        for _ in range(cards):
            yield Card("waiting")
        raise LookupError("the store is closed")

    assert await told_by(story) == told


async def said_to(pressed: Mapping[str, Any]) -> list[str]:
    """The texts that are delivered for a press of a menu behind three dots."""
    told: list[str] = []

    async def deliver(url: str, card: Card, team: str) -> None:
        told.append(card.text)

    async def mute(team: str, user: str, value: str) -> Card:
        return Card(f"mute {value}")

    listeners = Listeners(Nobody(), {"mute": mute}, deliver)
    assert listeners.pressable.match("more")
    await listeners.press(acknowledged, {**BODY, "actions": [{"action_id": "more", "selected_option": pressed}]})
    await asyncio.gather(*listeners._running)
    return told


@pytest.mark.parametrize(
    ("value", "told"),
    [("mute:message:0:m1", ["mute message:0:m1"]), ("link", []), ("gone:m1", ["This message is not known any more."])],
)
async def test_a_choice_behind_three_dots_is_the_press_that_it_names(value: str, told: list[str]) -> None:
    assert await said_to({"value": value}) == told
