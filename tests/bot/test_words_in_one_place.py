"""What people read in Slack is written in `bot/cards/`, and nowhere else in the bot."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

BOT = Path(bot.__file__).parent
# The log's words and web pages, which are for operators and browsers; and what stands in where a card has no words.
NOT_IN_SLACK = {
    "checking",
    "happenings",
    "hearing",
    "install",
    "installing",
    "relay",
    "renewing",
    "scribe",
    "setting_up",
    "socket_mode",
    "worker",
}
STAND_INS = {"Twotick has news for you.", "Nothing to show yet", "not signed by Slack", "cannot be read"}
PURE = {"times"}  # why a time is none: known where times are made, below the cards
MODULES = [file for file in sorted(BOT.glob("*.py")) if file.stem not in NOT_IN_SLACK | PURE]
_THREE_WORDS = re.compile(r"[A-Za-z’']{2,}[,;:]? [A-Za-z’']{2,} [a-zA-Z’']{2,}")


def sentences_in(tree: ast.AST) -> Iterator[str]:
    """Texts of three words and more, save those that explain the code, go to the log, or fail."""
    aside = {id(part) for node in ast.walk(tree) for part in _aside(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in aside else None
        if isinstance(text, str) and _THREE_WORDS.search(text):
            yield text


def _aside(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.Raise):
        yield from ast.walk(node)
    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
        yield from ast.walk(node)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_no_module_of_the_bot_beside_the_cards_has_sentences_of_its_own(module: Path) -> None:
    found = {text for text in sentences_in(ast.parse(module.read_text())) if not text.startswith("/opens")}

    assert found - STAND_INS == set()


def test_a_sentence_would_be_found() -> None:
    said = 'def answer():\n    """Words for readers of the code."""\n    return section("Try again in a minute")\n'

    assert list(sentences_in(ast.parse(said))) == ["Try again in a minute"]
