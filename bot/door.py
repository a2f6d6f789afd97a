"""The door of Slack in the web process: the page that tells how to set it up and, once it is, all that Slack asks."""

from aiohttp import web

from bot.setting_up import setup_routes
from tracker.clock import Clock, utc_now
from tracker.doors import Services


def routes(services: Services, clock: Clock = utc_now) -> list[web.RouteDef]:
    """The routes for Slack; while it is not configured, the page that tells how."""
    settings = services.settings
    setup = setup_routes(settings.public_url, ready=settings.slack_ready)
    if not settings.slack_ready:
        return setup
    # Slack's libraries and all that answers it are 300 modules, which a site without Slack does not load.
    from bot.events import slack_routes

    return [*setup, *slack_routes(services, clock)]
