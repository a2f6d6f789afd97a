"""Tables, the lines in their place, and the card that has one."""

from dataclasses import dataclass, field

from bot.answering import with_fallback
from bot.blocks import Card, section
from bot.cards.team import not_for_you_card, team_card
from bot.charts import chart
from bot.ports import CardRefused, NotAllowed
from bot.tables import Person, as_lines, table
from tests.standins.slack_blocks import faults_of
from tracker.charts import Bars
from tracker.vitals import Tally

TABLE = table(("Person", "Sent"), [(Person("U1"), "3"), ("<!channel>", "")])
TALLIES = [Tally(f"U{number:04}", 1, number, 2, 1) for number in range(150)]


def test_slack_takes_a_table_and_the_lines_in_its_place() -> None:
    assert faults_of([TABLE]) == []
    assert faults_of(as_lines(TABLE)) == []
    assert as_lines(TABLE)[0]["text"]["text"] == "*<@U1>* · Sent 3\n*&lt;\u2060!channel&gt;* · Sent –"


def test_slack_takes_a_team_of_any_size_and_the_rest_is_counted() -> None:
    card = team_card(TALLIES, 30)

    assert faults_of(list(card.blocks)) == []
    assert "and 51 other people" in str(card.blocks)
    assert card.text == "150 people, 11,175 tracked mails in 30 days"


def test_nobody_is_a_card_too() -> None:
    assert faults_of(list(team_card([], 30).blocks)) == []
    assert "ADMIN_SLACK_USERS" in str(not_for_you_card().blocks)


@dataclass
class OldSlack:
    """Takes no block of these kinds; remembers what it took."""

    refuses: frozenset[str]
    taken: list[Card] = field(default_factory=list)

    async def answer(self, url: str, card: Card, team: str) -> None:
        if self.refuses & {block["type"] for block in card.blocks}:
            raise CardRefused("invalid_blocks")
        self.taken.append(card)

    async def upload(self, team: str, picture: bytes, title: str, alt: str) -> str:
        raise NotAllowed("missing_scope")

    async def kinds(self, card: Card) -> list[str]:
        await with_fallback(self.answer, self.upload)("https://slack.example", card, "T1")
        return [block["type"] for block in self.taken[-1].blocks]


WORDS = section("words")
CHART = chart(Bars("Openings", (("8-10", 3),)))


async def test_where_tables_are_not_drawn_there_are_lines() -> None:
    assert await OldSlack(frozenset({"table"})).kinds(Card("t", (WORDS, TABLE))) == ["section", "section"]


async def test_where_neither_is_drawn_nor_kept_the_words_stay() -> None:
    slack = OldSlack(frozenset({"table", "data_visualization", "image"}))

    assert await slack.kinds(Card("t", (WORDS, TABLE, CHART))) == ["section", "section"]


async def test_where_nothing_helps_the_text_is_said() -> None:
    assert await OldSlack(frozenset({"section"})).kinds(Card("t", (WORDS,))) == []
