"""Quiet: what the relay says, weighed against what its reader wants to hear, when and where."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog

from bot.cards.digest import digest_card
from bot.cards.held import Held, held_card, still_so
from bot.cards.noise import channel_lost_card
from bot.cards.sharing import hidden_card
from bot.saying import ToSay
from bot.zones import KnownZones
from tracker.clock import Clock, new_id, utc_now
from tracker.digesting import Digesting
from tracker.model import Account, Alert, AlertKind, LeasedAlerts
from tracker.noise import Noise, NoiseBook, person_of
from tracker.ports import AccountBook, AlertFeed, MessageBook, Report
from tracker.quieting import Hush, Wishes, heard, judged, quiet_until, routable

About = Callable[[LeasedAlerts], Awaitable[ToSay | None]]

log = structlog.get_logger()


class Quiet:
    """Stands between a topic's card and the relay that says it. What is recorded is not its matter."""

    def __init__(
        self,
        book: NoiseBook,
        feed: AlertFeed,
        accounts: AccountBook,
        messages: MessageBook,
        zones: KnownZones,
        digesting: Digesting,
        clock: Clock = utc_now,
    ) -> None:
        self._book = book
        self._feed = feed
        self._accounts = accounts
        self._messages = messages
        self._zones = zones
        self._digesting = digesting
        self._clock = clock

    async def judged(self, leased: LeasedAlerts, about: About) -> ToSay | None:
        """What to say of leased alerts now, and where; None for nothing.

        What waits is held back here, and its lease is over: settling it
        afterwards changes nothing. A card that stands may be redrawn all the
        same, which rings for nobody.
        """
        first = leased.alerts[0]
        account = await self._accounts.by_id(first.account_id)
        if account is None:
            return await about(leased)
        if first.held_for is not None:
            return await self._told_together(leased, account, first.held_for)
        to_say = await self._about(leased, account, about)
        return await self._weighed(leased, account, to_say) if to_say else None

    async def asleep(self, account_id: str) -> bool:
        """Whether these are quiet hours of the account's owner, and nothing of theirs goes to a channel."""
        account = await self._accounts.by_id(account_id)
        if account is None:
            return False
        noise = await self._book.of(account_id)
        if noise.channel:
            return False
        return quiet_until(noise, self._clock(), await self._zones.zone_of(account)) is not None

    async def crowd(self, crowd_id: str) -> Sequence[Alert]:
        """The alerts for which a crowd speaks, without those that are muted: a flood is no way around a mute."""
        alerts = await self._feed.crowd(crowd_id)
        if not alerts:
            return ()
        noise, now = await self._book.of(alerts[0].account_id), self._clock()
        wishes = Wishes(noise, await self._book.mutes([noise.account_id], now))
        if noise.repeats and not wishes.mutes:
            return alerts
        reports = {one: await self._messages.report(one) for one in {alert.message_id or "" for alert in alerts}}
        return [one for one in alerts if heard([one], wishes, reports[one.message_id or ""], now)]

    async def unrouted(self, leased: LeasedAlerts) -> bool:
        """The channel takes nothing any more: its owner is told so, and the rest too. False where there is none."""
        first = leased.alerts[0]
        noise = await self._book.of(first.account_id)
        alerts = await self.crowd(first.crowd_id) if first.crowd_id else leased.alerts
        if not noise.channel or first.held_for is not None or not routable(alerts):
            return False
        lost = Alert(new_id(), f"channel:{new_id()}", AlertKind.CHANNEL_LOST, noise.account_id, self._clock())
        if await self._book.unroute(noise, lost):
            log.warning("channel_lost", account=noise.account_id, channel=noise.channel)
        return True

    async def _about(self, leased: LeasedAlerts, account: Account, about: About) -> ToSay | None:
        first = leased.alerts[0]
        mark = f"{leased.topic}/{first.id}"
        if first.kind is AlertKind.CHANNEL_LOST:
            lost = (await self._book.of(account.id)).channel_name
            return ToSay(account.slack_user, channel_lost_card(lost), mark, news=True, living=False)
        if first.kind is AlertKind.DIGEST:
            digest = await self._digesting.digest(account)
            card = None if digest.empty else digest_card(digest)
            return ToSay(account.slack_user, card, mark, news=True, living=False) if card else None
        return await about(leased)

    async def _weighed(self, leased: LeasedAlerts, account: Account, to_say: ToSay) -> ToSay | None:
        first, now = leased.alerts[0], self._clock()
        report = await self._messages.report(first.message_id) if first.message_id else None
        wishes, zone = await self._wishes(account), await self._zones.zone_of(account)
        if first.crowd_id and wishes.noise.channel and routable(await self.crowd(first.crowd_id)):
            return _crowd_placed(to_say, wishes.noise)
        verdict = judged(leased.alerts, wishes, report, now, zone)
        if verdict.hush is Hush.HOLD and verdict.until:
            if first.message_id is None:  # one's own affairs wait, too, but each keeps its own card
                await self._feed.defer(leased, verdict.until, reached=False)
                return None
            await self._book.hold(leased, verdict.until, person_of(account))
        silent = verdict.hush is not Hush.SAY
        if silent and not to_say.living:
            return None
        placed = replace(_placed(to_say, wishes, leased, report), heard=heard(leased.alerts, wishes, report, now))
        return replace(placed, news=False) if silent else placed

    async def _told_together(self, leased: LeasedAlerts, account: Account, person: str) -> ToSay | None:
        """One message for all that was held back, once nothing is to be quiet any more."""
        now, zone = self._clock(), await self._zones.zone_of(account)
        until = quiet_until((await self._book.of(account.id)), now, zone)
        if until is not None:  # they travelled, or want other hours by now
            await self._book.hold(leased, until, person)
            return None
        held = [one for one in [await self._held(group, person) for group in _by_message(leased.alerts)] if one]
        if not held:
            return None
        mark = f"{leased.topic}/{leased.alerts[0].id}"
        return ToSay(account.slack_user, held_card(held), mark, news=True, living=False)

    async def _held(self, alerts: Sequence[Alert], person: str) -> Held | None:
        """What is left to tell of one message; of a mailbox that changed hands meanwhile, nothing."""
        report = await self._messages.report(alerts[0].message_id or "")
        if report is None or person_of(report.account) != person:
            return None
        left = heard(alerts, await self._wishes(report.account), report, self._clock())
        kinds = frozenset(alert.kind for alert in left if still_so(alert.kind, report))
        return Held(report, kinds) if kinds else None

    async def _wishes(self, account: Account) -> Wishes:
        return Wishes(await self._book.of(account.id), await self._book.mutes([account.id], self._clock()))


def _placed(to_say: ToSay, wishes: Wishes, leased: LeasedAlerts, report: Report | None) -> ToSay:
    """Where it is said: in the channel that its owner chose, as far as it may go there."""
    noise = wishes.noise
    if not noise.channel or report is None or not routable(leased.alerts):
        return to_say
    if not noise.hide:
        return replace(to_say, channel=noise.channel)
    # Without its story there is no thread, and news beside it name no subject.
    hidden = hidden_card(leased.alerts, report)
    return replace(to_say, card=hidden, channel=noise.channel, story=None, behind=to_say.story, own=to_say.card)


def _crowd_placed(to_say: ToSay, noise: Noise) -> ToSay:
    """A crowd of what would have gone there one by one goes there, too."""
    card = to_say.discreet if noise.hide and to_say.discreet else to_say.card
    return replace(to_say, card=card, channel=noise.channel, own=to_say.card)


def _by_message(alerts: Sequence[Alert]) -> list[list[Alert]]:
    groups: dict[str | None, list[Alert]] = {}
    for alert in alerts:
        groups.setdefault(alert.message_id, []).append(alert)
    return list(groups.values())
