"""Lists and timelines, a page at a time: a card for each question, and for each turn of a page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo

import structlog

from bot.actions import Pressed
from bot.blocks import Card
from bot.cards import empty_card, gone_card, list_card, not_connected_card, refusal_card, timeline_card
from bot.cards.timeline import NEWER_LOOKS, OLDER_LOOKS, read_page
from bot.cards.turning import NEWER, OLDER, read_turning
from bot.grammar import Ask
from bot.ports import NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast, Zones
from tracker.clock import Clock, utc_now
from tracker.model import Account
from tracker.ports import AccountBook
from tracker.questions import QuestionKind
from tracker.reporting import Reporting

_OF_DAYS = (QuestionKind.TODAY, QuestionKind.WEEK)

log = structlog.get_logger()


class Lists:
    """Speaks to one person about their own messages only; of somebody else's it says the same as of none."""

    def __init__(
        self,
        accounts: AccountBook,
        reporting: Reporting,
        clock: Clock = utc_now,
        zones: Zones | None = None,
        *,
        drafts: bool = False,
        connect_by_command: bool = False,
    ) -> None:
        self._accounts = accounts
        self._reporting = reporting
        self._clock = clock
        self._zones = zones
        self._drafts = drafts
        self._connect_by_command = connect_by_command

    @property
    def presses(self) -> Mapping[str, Pressed]:
        """What answers which button, by its `action_id`."""
        return {OLDER: self.turn, NEWER: self.turn, OLDER_LOOKS: self.timeline, NEWER_LOOKS: self.timeline}

    async def told(self, accounts: Sequence[Account], team: str, user: str, ask: Ask) -> Card:
        """The answer to a question about these accounts' messages."""
        answer = await self._reporting.answer(accounts, ask.question, self._clock(), await self._zone(team, user, ask))
        if answer.story is not None:
            return timeline_card(answer.story)
        if answer.reports:
            return list_card(answer)
        if ask.nearest:
            return refusal_card(" ".join(ask.question.words), ask.nearest)
        return empty_card(ask.question, accounts[0].email, drafts=self._drafts)

    async def turn(self, team: str, user: str, value: str) -> Card:
        """Another page of a list, in the place of the one under which it was asked for."""
        accounts = await self._accounts.of_slack_user(team, user)
        asked = read_turning(value)
        if not accounts or asked is None:
            return gone_card() if accounts else self._not_connected(user)
        question, turn = asked
        zone = await self._zone(team, user, Ask(question))
        answer = await self._reporting.answer(accounts, question, self._clock(), zone, turn)
        card = list_card(answer) if answer.reports else empty_card(question, accounts[0].email, drafts=self._drafts)
        return replace(card, replaces=True)

    async def timeline(self, team: str, user: str, value: str) -> Card:
        """A page of a message's timeline; a turned one in the place of the page before."""
        accounts = await self._accounts.of_slack_user(team, user)
        if not accounts:
            return self._not_connected(user)
        message_id, turn = read_page(value)
        story = await self._reporting.page(message_id, turn)
        if story is None or story.report.account.id not in {account.id for account in accounts}:
            return gone_card()
        return replace(timeline_card(story), replaces=turn is not None)

    async def _zone(self, team: str, user: str, ask: Ask) -> tzinfo:
        """The asker's own, where their days matter; UTC while Slack does not say."""
        return await zone_of(self._zones, user, team) if ask.question.kind in _OF_DAYS else UTC

    def _not_connected(self, user: str) -> Card:
        return not_connected_card(user, by_command=self._connect_by_command)


async def zone_of(zones: Zones | None, user: str, team: str) -> tzinfo:
    """Where a person's clock stands; UTC while Slack does not say."""
    try:
        return await zones.zone_of(user, team) if zones else UTC
    except (NotReached, NoAnswer, TooFast, NotAllowed, NobodyThere) as lost:
        log.info("zone_unknown", why=type(lost).__name__)
        return UTC
