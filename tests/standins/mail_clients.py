"""Mail clients as values: how each one fetches what a mail asks for, and from where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

GOOGLE_PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
GOOGLE_PREFETCH = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
)
OUTLOOK_WINDOWS = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.16327; Pro)"
IPHONE_MAIL = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
)
THUNDERBIRD = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.5.0"
YAHOO_PROXY = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"
SAFE_LINKS = "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/57.0.2987.133 Safari/537.36"
GATEWAY = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
)
CHROME = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/137.0.0.0 Safari/537.36"
)

_ANY_IMAGE = {"Accept": "image/webp,image/*,*/*;q=0.8"}
_PICTURE = MappingProxyType(
    {
        "Accept": "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
        "Accept-Language": "en-US,en;q=0.9",
        "Referer": "https://outlook.office.com/",
        "Sec-Fetch-Dest": "image",
        "Sec-Fetch-Mode": "no-cors",
        "Sec-Fetch-Site": "cross-site",
    }
)
_NAVIGATION = MappingProxyType(
    {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
        "Accept-Language": "en-US,en;q=0.9",
        "Sec-Fetch-Dest": "document",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Site": "none",
        "Sec-Fetch-User": "?1",
        "Upgrade-Insecure-Requests": "1",
    }
)


@dataclass(frozen=True, slots=True)
class Browser:
    """What a link opens in: a click comes from here, not from the mail client."""

    ua: str = CHROME
    headers: Mapping[str, str] = field(default_factory=lambda: _NAVIGATION)
    network: str = "203.0.113.85"


@dataclass(frozen=True, slots=True)
class MailClient:
    """One way of reading mail. `network` is an address typical for whoever makes the fetch.

    `follows_links` marks machines that fetch a mail's links as well as its images.
    """

    key: str
    name: str
    group: str
    note: str
    ua: str
    network: str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    follows_links: bool = False
    browser: Browser = field(default_factory=Browser)


PEOPLE, PROXIES, MACHINES, YOU = "A person", "A person behind a proxy", "A machine", "You"

_ALL = (
    MailClient(
        "outlook", "Outlook on Windows", PEOPLE, "Loads images itself, from the reader's own network.",
        OUTLOOK_WINDOWS, "203.0.113.60", {"Accept": "*/*"},
    ),
    MailClient(
        "iphone", "Apple Mail on iPhone", PEOPLE, "With “Protect Mail Activity” off: a direct fetch.",
        IPHONE_MAIL, "203.0.113.64", _ANY_IMAGE,
    ),
    MailClient(
        "outlook-web", "Outlook on the web", PEOPLE, "The reader's own browser loads the images.",
        EDGE, "203.0.113.61", _PICTURE,
    ),
    MailClient(
        "thunderbird", "Thunderbird on Linux", PEOPLE, "Loads images itself, once the reader allows them.",
        THUNDERBIRD, "203.0.113.104", {"Accept": "image/avif,image/webp,*/*"},
    ),
    MailClient(
        "gmail", "Gmail on the web", PROXIES,
        "Google's proxy fetches when the mail is opened. Right after sending, it may be a machine.",
        GOOGLE_PROXY, "66.102.7.162", {"Accept-Encoding": "gzip,deflate,br"},
    ),
    MailClient(
        "yahoo", "Yahoo Mail", PROXIES, "Yahoo's proxy fetches when the mail is opened.",
        YAHOO_PROXY, "98.136.0.1", _ANY_IMAGE,
    ),
    MailClient(
        "forward", "Yahoo Mail, somebody else's", PROXIES,
        "After a first reader elsewhere: a sign that the mail was passed on, and no more than a sign.",
        YAHOO_PROXY, "98.136.0.1", _ANY_IMAGE,
    ),
    MailClient(
        "apple-privacy", "Apple Mail with privacy protection", PROXIES,
        "Apple's relay fetches whether or not anybody reads.",
        "Mozilla/5.0", "172.226.188.13",
    ),
    MailClient(
        "gmail-prefetch", "Gmail, fetching ahead", MACHINES, "Google warms its cache before anybody looks.",
        GOOGLE_PREFETCH, "108.177.2.33", {"Referer": "http://mail.google.com/", "Accept": "image/webp,*/*;q=0.8"},
    ),
    MailClient(
        "microsoft-scanner", "Microsoft's link scanner", MACHINES,
        "Fetches every image and every link at once, within a minute of delivery.",
        SAFE_LINKS, "40.107.218.12", {"Referer": ""}, follows_links=True,
        browser=Browser(SAFE_LINKS, MappingProxyType({"Referer": ""}), "40.107.218.12"),
    ),
    MailClient(
        "gateway", "A security gateway (Mimecast)", MACHINES,
        "Looks like a browser, and checks everything before the mail is delivered.",
        GATEWAY, "170.10.128.1", _ANY_IMAGE, follows_links=True,
        browser=Browser(GATEWAY, _NAVIGATION, "170.10.128.1"),
    ),
    MailClient(
        "own-look", "You, looking at your own Sent mail", YOU,
        "Your Gmail uses the same Google proxy as theirs: it is known to be you where nobody you wrote to uses Gmail"
        " (Grace does not). Elsewhere, tell Twotick “That was me”.",
        GOOGLE_PROXY, "66.249.84.2", {"Accept-Encoding": "gzip,deflate,br"},
    ),
)  # fmt: skip

MAIL_CLIENTS: Mapping[str, MailClient] = MappingProxyType({client.key: client for client in _ALL})
