"""Whatever a subject or a name holds, nothing that is shown in Slack pings, links, breaks a limit or turns around."""

import json
import re
from pathlib import Path

import pytest

from tests.standins.card_alerts import Scene
from tests.standins.card_stage import opened_stage
from tests.standins.cards import SCENES, played
from tests.standins.slack_words import words_of
from tests.standins.test_cards import faults

TRICKS = {
    "pings": " <!channel> <!here|x> <@U0EVIL> <#C0EVIL> <!subteam^S0EVIL>",
    "links": " <https://evil.example|x> https://evil.example [x](https://evil.example) evil.example",
    "marks": " *b* _i_ ~s~ `c` ```x``` :tada: > &lt;!channel&gt;",
    "length": " " + "long " * 2_000,
    "one-word": " " + "x" * 10_000,
    "right-to-left": " \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u202e\u2066x\u200f",
    "control": " \x00\x07\x1b[2J\r\n\u2028\ufeff\ud800",
    "accents": " " + "e\u0301" * 5 + "e" + "\u0301" * 500,
}
_DOES_SOMETHING = re.compile(r"<!(?:channel|here|subteam)|<@U0EVIL|<#C0EVIL|<https?://evil|:tada:|`c`|\*b\*|_i_|~s~")
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\u2028\u202e\u2066\u200f\ufeff\ud800-\udfff]|\u0301{4}")
_LINKABLE = re.compile(r"(?<![@\w.-])evil\.example|\w://evil", re.IGNORECASE)


def strings_in(part: object) -> list[str]:
    """Every text that is read by a person; what is behind buttons is ours again."""
    if isinstance(part, dict):
        return [text for name, one in part.items() if name not in _BEHIND for text in strings_in(one)]
    if isinstance(part, list):
        return [text for one in part for text in strings_in(one)]
    return [part] if isinstance(part, str) else []


_BEHIND = ("value", "metadata", "private_metadata", "block_id", "action_id", "url", "initial_value")


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_nothing_that_is_shown_does_what_a_stranger_wrote(scene: Scene, trick: str, migrated_file: Path) -> None:
    shown = [pair async for pair in played(migrated_file, scene, trick=TRICKS[trick])]

    assert [(name, faults(one)) for name, one in shown if faults(one)] == []
    assert [name for name, one in shown if not words_of(one) or "went wrong" in words_of(one)] == []
    texts = [(name, text) for name, one in shown for text in strings_in(one)]
    for kind in (_DOES_SOMETHING, _UNSEEN, _LINKABLE):
        assert [(name, kind.findall(text), text[:300]) for name, text in texts if kind.search(text)] == []


@pytest.mark.parametrize("trick", TRICKS)
async def test_an_export_keeps_every_line_one_value(trick: str, migrated_file: Path) -> None:
    async with opened_stage(migrated_file, TRICKS[trick]) as stage:
        await stage.mail("Q3 proposal")
        exporting = stage.exporting()
        lines = "".join([line async for line in exporting.lines([stage.account.id])])

    entries = [json.loads(line) for line in lines.split("\n") if line]
    assert [entry["entry"] for entry in entries] == ["account", "message", "copy"]
    assert entries[1]["subject"].startswith("Q3 proposal")
    assert lines.encode("utf-8")
