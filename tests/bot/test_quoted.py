"""Slack's marks turned into plain words."""

import pytest

from bot.quoted import people_in, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("*Bold*, _slanted_, ~gone~ and `typed`", "Bold, slanted, gone and typed"),
        ("2 * 3 * 4, snake_case_name, a~b", "2 * 3 * 4, snake_case_name, a~b"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("<https://a.example|a.example>", "a.example (https://a.example)"),
        ("<mailto:ada@acme.example|ada@acme.example>", "ada@acme.example"),
        ("<#C012AB|sales> <!here> <!subteam^S1|@sales>", "#sales @here @sales"),
        ("<@U0GRACE> and <@U0NOBODY>", "@Grace Hopper and @somebody"),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("```\ncode\n```", "code"),
        ("<!date^1^{date}|Nov 2>", "Nov 2"),
    ],
)
def test_readers_of_the_mail_see_what_readers_in_slack_see(text: str, words: str) -> None:
    assert words_in(text, {"U0GRACE": "Grace Hopper"}) == words


def test_each_person_who_is_mentioned_is_asked_about_once() -> None:
    assert people_in("<@U1> <@U2|x> <@U1>") == ["U1", "U2"]
