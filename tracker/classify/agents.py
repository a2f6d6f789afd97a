"""What a user agent says of itself. It proves nothing: rules weigh it against the network it came from."""

import re
from functools import lru_cache

AGENT_LIMIT = 1000  # no honest agent is longer; more is not looked at, so that no agent costs us time

GMAIL_PREFETCH_END = "Edge/12.246 Mozilla/5.0"
GMAIL_PROXY = "GoogleImageProxy"
APPLE_BARE = "Mozilla/5.0"
STALE_CHROME_BELOW = 110
STALE_FIREFOX_BELOW = 100

# Mail programs and apps by the name they send, most telling first.
MAIL_CLIENTS: tuple[tuple[str, str], ...] = (
    ("Thunderbird", r"thunderbird|icedove|betterbird"),
    ("Outlook Express", r"outlook-express"),
    ("Outlook", r"outlook|ms-office|msoffice|microsoft office/"),
    ("Lotus Notes", r"lotus-notes"),
    ("Airmail", r"^airmail"),
    ("Spark", r"^spark/|sparkdesktop"),
    ("The Bat!", r"the bat!"),
    ("Mailspring", r"mailspring"),
    ("Mailbird", r"mailbird"),
    ("eM Client", r"emclient"),
    ("Postbox", r"postbox/"),
    ("Evolution", r"evolution/"),
    ("KMail", r"\bkmail"),
    ("Yahoo Mail", r"yahoo(?:%20|\s)?mail/|yahoomobilemail"),
    ("Gmail", r"^android-gmail"),
    ("NAVER Mail", r"navermailapp"),
    ("Foxmail", r"foxmail"),
    ("Mail Master", r"mailmaster"),
    ("BlueMail", r"bluemail"),
    ("Barca", r"^barca"),
    ("a mail app", r"\bmailapp/"),
)
# Programs that fetch mail for somebody else; their network is what makes them believable.
PROXIES: tuple[tuple[str, str], ...] = (
    ("through Yahoo Mail", r"yahoomailproxy"),
    ("through HEY", r"hey\.com/imageproxy"),
    ("through Superhuman", r"^superhuman"),
    ("through Seznam", r"seznamemailproxy"),
)
BROWSERS: tuple[tuple[str, str], ...] = (
    ("Edge", r"\bedg(?:e|a|ios)?/"),
    ("Opera", r"\bopr/|opera"),
    ("Samsung Internet", r"samsungbrowser"),
    ("Firefox", r"firefox/|fxios"),
    ("Chrome", r"chrome/|crios"),
    ("Internet Explorer", r"msie |trident/"),
    ("Safari", r"version/[\d.]+.*safari/"),
)
SYSTEMS: tuple[tuple[str, str], ...] = (
    ("iPhone", r"iphone"),
    ("iPad", r"ipad"),
    ("Android", r"android"),
    ("Windows", r"windows"),
    ("Mac", r"mac ?os|macintosh|macoutlook|darwin"),
    ("Linux", r"linux|x11"),
)

_OS_STACK = re.compile(r"^$|dalvik|dataaccessd|cfnetwork", re.IGNORECASE)
_APPLE_MAIL = re.compile(r"^Mozilla/5\.0 \((?:Macintosh|iPhone|iPad)[^)]*\) AppleWebKit/[\d.]+ \(KHTML, like Gecko\)")
_NOT_APPLE_MAIL = re.compile(r"Safari|Version/|Chrome|CriOS|FxiOS|Edg")
# A browser whose agent also says one of these is driven by a program, or previews a page for one.
_MACHINE = re.compile(
    r"bot\b|bots\b|crawl|spider|headless|preview|scan|puppeteer|playwright|phantomjs|selenium|appengine-google"
    r"|google-safety|facebookexternal|whatsapp|python|curl/|wget|java/|okhttp|libwww|http-client|monitor|probe|\+http",
    re.IGNORECASE,
)
_STALE = re.compile(r"msie |trident/", re.IGNORECASE)
_CHROME = re.compile(r"chrome/(\d{1,4})", re.IGNORECASE)
_FIREFOX = re.compile(r"firefox/(\d{1,4})", re.IGNORECASE)


def _table(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in rows)


_MAIL_CLIENTS, _PROXIES, _BROWSERS, _SYSTEMS = map(_table, (MAIL_CLIENTS, PROXIES, BROWSERS, SYSTEMS))


def bounded(agent: str) -> str:
    return agent[:AGENT_LIMIT].strip()


@lru_cache(maxsize=1024)
def mail_client(agent: str) -> str:
    """The mail program that the agent names, or nothing."""
    return _first(_MAIL_CLIENTS, agent)


@lru_cache(maxsize=1024)
def proxy(agent: str) -> str:
    """The mail proxy that the agent names, in words, or nothing."""
    return _first(_PROXIES, agent)


@lru_cache(maxsize=1024)
def browser(agent: str) -> str:
    """The browser that the agent names, or nothing: mail programs, proxies and programs are no browsers."""
    if mail_client(agent) or proxy(agent) or _MACHINE.search(agent):
        return ""
    return _first(_BROWSERS, agent)


@lru_cache(maxsize=1024)
def system(agent: str) -> str:
    """The device or system that the agent names, or nothing."""
    return _first(_SYSTEMS, agent)


def is_os_stack(agent: str) -> bool:
    """No agent, or a part of an operating system that fetches for any app."""
    return _OS_STACK.search(agent) is not None


def is_apple_mail(agent: str) -> bool:
    """Apple Mail on a Mac or a phone: WebKit that does not call itself Safari."""
    return _APPLE_MAIL.match(agent) is not None and not _NOT_APPLE_MAIL.search(agent) and not _MACHINE.search(agent)


def is_stale_browser(agent: str) -> bool:
    """A browser years behind, as scanners send it."""
    return (
        _STALE.search(agent) is not None
        or _below(_CHROME, agent, STALE_CHROME_BELOW)
        or _below(_FIREFOX, agent, STALE_FIREFOX_BELOW)
    )


def _below(pattern: re.Pattern[str], agent: str, version: int) -> bool:
    found = pattern.search(agent)
    return found is not None and int(found[1]) < version


def _first(table: tuple[tuple[str, re.Pattern[str]], ...], agent: str) -> str:
    return next((name for name, pattern in table if pattern.search(agent)), "")
