"""The generator of the pictures in docs: it runs, Slack takes what it shows, and each picture has its line."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standins.card_alerts import Scene
from tests.standins.cards import SCENES, played
from tests.standins.slack_blocks import faults_of
from tests.standins.slack_views import view_faults
from tests.standins.slack_words import words_of
from tests.standins.slack_workspace import Message

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "slack.md").read_text()


def faults(shown: Message) -> list[str]:
    if shown["type"] == "message":
        return faults_of(shown["blocks"])
    given = {name: shown[name] for name in shown if name not in ("id", "hash", "state", "user")}  # Slack's own
    return list(view_faults(given, shown["type"]))


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_slack_takes_every_card_of_a_scene_and_it_is_told_of_on_the_page(
    scene: Scene, migrated_file: Path
) -> None:
    shown = [pair async for pair in played(migrated_file, scene)]

    assert [(name, faults(one)) for name, one in shown if faults(one)] == []
    assert [name for name, one in shown if not words_of(one) or "went wrong" in words_of(one)] == []
    assert [name for name, _ in shown if f"`{name}`" not in PAGE] == []


async def test_each_picture_shows_something_of_its_own(migrated_file: Path) -> None:
    shown = [(name, words_of(one)) async for name, one in played(migrated_file, *SCENES)]

    assert [name for name, number in Counter(name for name, _ in shown).items() if number > 1] == []
    assert [words for words, number in Counter(words for _, words in shown).items() if number > 1] == []


_AS_TYPED = re.compile(r"`[^`]*`|<!date[^>]*>")  # there Slack looks for nothing
# Ticks and crosses are letters to Slack. A name between colons would become a picture, in "at 9:30: who opened" too.
_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u2712\u2714-\u2716\u2718-\u27bf]|:[a-z0-9_+'-]+:", re.IGNORECASE)


def marked_texts(part: object) -> Iterator[str]:
    """Every text of a message or a view in which Slack looks for markdown."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield _AS_TYPED.sub("", part["text"])
        yield from (text for name, one in part.items() for text in marked_texts(one) if name != "metadata")
    elif isinstance(part, list):
        yield from (text for one in part for text in marked_texts(one))


async def test_no_message_has_more_than_one_emoji_and_none_by_mistake(migrated_file: Path) -> None:
    shown = [(name, one) async for name, one in played(migrated_file, *SCENES)]

    assert len(shown) > 60
    pictures = {
        name: [found for text in marked_texts(one["blocks"]) for found in _PICTURES.findall(text)]
        for name, one in shown
    }
    assert {name: found for name, found in pictures.items() if len(found) > 1} == {}
    texts = [text for _, one in shown for text in marked_texts(one)]
    assert [found for text in texts for found in _PICTURES.findall(text) if found.startswith(":")] == []


def test_the_page_shows_every_sheet_in_both_themes_and_no_sheet_is_heavy() -> None:
    named = set(re.findall(r"slack-[a-z]+-(?:light|dark)\.png", PAGE))
    kept = {file.name: file.stat().st_size for file in DOCS.glob("slack-*.png")}

    assert named == set(kept)
    assert {name.replace("light", "dark") for name in named} | {
        name.replace("dark", "light") for name in named
    } == named
    assert {name: size for name, size in kept.items() if size >= 300_000} == {}
