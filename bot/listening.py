"""Who listens to what: everything that answers in Slack, wired to the books and to whichever workspaces there are."""

from collections.abc import Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.actions import Actions
from bot.answering import with_fallback
from bot.app import Listeners
from bot.commands import Answers, Commands
from bot.doctor import Doctor
from bot.drafts import Drafts
from bot.figures import Figures
from bot.follow_up import FollowUp
from bot.grammar_of_account import AskDoctor, Export, Forget, ShowStats, ShowTeam
from bot.grammar_of_noise import NOISE_WISHES
from bot.grammar_of_sharing import ShareWish
from bot.happenings import Endings, only_workspace_left
from bot.hearing import Hearing
from bot.home_door import tabs_of
from bot.lists import Lists
from bot.noise import NoiseDesk
from bot.ordered import Ordered
from bot.ports import Zones
from bot.renewal_door import renewing_of
from bot.rights import Rights
from bot.sharing import Sharing
from bot.slack import SlackDoor, answer_privately, web_client
from bot.slack_views import ClientOf, SlackViews, always
from bot.tabs import Tabs
from bot.teams import Teams
from bot.zones import KnownZones
from tracker.assembly import correcting_of
from tracker.clock import Clock
from tracker.consulting import checkup_of
from tracker.doors import Services
from tracker.giving import Erasing, Exporting
from tracker.granting import Granting
from tracker.nudging import Nudging
from tracker.picking import Picking
from tracker.reminding import Reminding
from tracker.settings import Settings


def listening_of(services: Services, clock: Clock) -> tuple[Listeners, Tabs]:
    """Who listens to what, in messages and outside of them; one and the same over both transports."""
    settings, store = services.settings, services.store
    correcting = correcting_of(settings, store, clock)
    actions = Actions(store.accounts, services.reporting, correcting, clock, services.connecting)
    picking, follow_up = _picking(services, clock), _follow_up(services, clock)
    drafts, ordered = None, None
    if picking:
        drafts = Drafts(store.accounts, picking, store.preferences, _slack(services), clock, addon=settings.addon_ready)
        ordered = Ordered(store.accounts, picking, services.reporting, clock)
    slack = _slack(services)
    zones = KnownZones(slack, clock)
    lists = _lists(services, slack, clock, drafts=drafts is not None)
    rights = _rights(services, clock)
    by_command = services.connecting is not None
    desk = (store.noise, store.accounts, store.messages, zones, slack, clock)
    noise = NoiseDesk(*desk, connect_by_command=by_command)
    kept = (store.shares, store.accounts, store.messages)
    sharing = Sharing(*kept, slack, clock, connect_by_command=by_command)
    others = {**_others(services, rights, noise, slack, clock), ShareWish: sharing.answer}
    told = (services.connecting, drafts, follow_up, lists, others)
    commands = Commands(store.accounts, services.reporting, clock, *told)
    presses = {**actions.presses, **(drafts.presses if drafts else {}), **follow_up.presses}
    presses |= {**lists.presses, **rights.presses, **noise.presses, **commands.presses}
    presses |= sharing.presses
    stories = ordered.stories if ordered else {}
    hearing = Hearing(store.heard, store.installations, clock)
    endings = Endings(store.installations).table
    if not settings.many_workspaces:
        endings = dict.fromkeys(endings, only_workspace_left)
    answering = with_fallback(answer_privately, slack.upload_in)
    tabs = tabs_of(services, presses, ordered, SlackViews(_clients(services)), clock, hearing.is_news)
    return Listeners(commands, presses, answering, hearing.is_news, tabs.told, endings, stories), tabs


def _lists(services: Services, zones: Zones, clock: Clock, *, drafts: bool) -> Lists:
    by_command = services.connecting is not None
    accounts = services.store.accounts
    return Lists(accounts, services.reporting, clock, zones, drafts=drafts, connect_by_command=by_command)


def _rights(services: Services, clock: Clock) -> Rights:
    settings, store = services.settings, services.store
    exporting = Exporting(store.rights, settings.public_url, clock)
    erasing = Erasing(store.rights, settings.secret_keys[0].reveal())
    return Rights(store.accounts, exporting, erasing, connect_by_command=services.connecting is not None)


def _others(services: Services, rights: Rights, noise: NoiseDesk, zones: Zones, clock: Clock) -> Mapping[type, Answers]:
    """What answers the commands about figures, health and privacy."""
    store, admins = services.store, services.settings.admin_slack_users
    by_command, reporting = services.connecting is not None, services.reporting
    figures = Figures(store.accounts, reporting, store.vitals, zones, admins, clock, connect_by_command=by_command)
    doctor = Doctor(store.accounts, checkup_of(services.settings, store, services.mailboxes, clock), admins)
    return {
        ShowStats: figures.answer,
        ShowTeam: figures.answer,
        AskDoctor: doctor.answer,
        Export: rights.answer,
        Forget: rights.answer,
        **dict.fromkeys(NOISE_WISHES, noise.answer),
    }


def _slack(services: Services) -> Teams | SlackDoor:
    settings = services.settings
    if settings.many_workspaces:
        return _teams(services)
    return SlackDoor(client_of(settings))


def _teams(services: Services) -> Teams:
    settings, store = services.settings, services.store
    renewing = renewing_of(settings, store)
    return Teams(store.installations, settings.slack_api_url, token_of=renewing.token_of)


def _clients(services: Services) -> ClientOf:
    settings = services.settings
    if settings.many_workspaces:
        return _teams(services).client_of
    return always(client_of(settings))


def client_of(settings: Settings) -> AsyncWebClient:
    """The client of the only workspace; with many, one without a token."""
    return web_client(settings.slack_bot_token.reveal(), settings.slack_api_url)


def _picking(services: Services, clock: Clock) -> Picking | None:
    """The way to drafts; none where Google is not set up."""
    if services.mailboxes is None:
        return None
    store, granting = services.store, Granting(services.store.accounts, clock)
    return Picking(services.mailboxes, store.orders, store.preferences, store.messages, granting, clock)


def _follow_up(services: Services, clock: Clock) -> FollowUp:
    store, mailboxes = services.store, services.mailboxes
    return FollowUp(
        store.accounts,
        store.messages,
        store.reminders,
        Reminding(store.reminders, store.messages, store.preferences, clock),
        Nudging(store.nudges, mailboxes, Granting(store.accounts, clock)) if mailboxes else None,
        clock,
        connect_by_command=services.connecting is not None,
    )
