"""What agents say: programs are told from the people's apps that share their names."""

import pytest

from tests.makers import NOON, a_hit
from tracker.classify import Known, classify, client_name
from tracker.classify.agents import read
from tracker.model import Cause

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/141.0.0.0"
)

UNFURLERS = {
    "Slackbot-LinkExpanding 2.1 (+https://api.slack.com/robots)": "Slack",
    "Slack-ImgProxy (+https://api.slack.com/robots)": "Slack",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5": "Microsoft Teams",
    "WhatsApp/2.23.18.78 A": "WhatsApp",
    "TelegramBot (like TwitterBot)": "Telegram",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)": "Discord",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)": "LinkedIn",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)": "Facebook",
    f"{IPHONE} Version/17.0 Safari/604.1 facebookexternalhit/1.1 Facebot Twitterbot/1.0": "iMessage",
    "facebookexternalhit/1.1;line-poker/1.0": "Facebook",
    "Mattermost-Bot/1.1": "Mattermost",
    "Synapse (bot; +https://github.com/matrix-org/synapse)": "Matrix",
    "Mozilla/5.0 (compatible; Notionbot/1.0)": "Notion",
}
LIBRARIES = (
    "python-requests/2.32.3",
    "Python/3.12 aiohttp/3.9.5",
    "python-httpx/0.27.0",
    "Python-urllib/3.11",
    "curl/8.9.1",
    "Wget/1.24.5",
    "Go-http-client/2.0",
    "okhttp/5.0.0-alpha.14",
    "Java/21.0.3",
    "Apache-HttpClient/5.3 (Java/17)",
    "axios/1.7.2",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "got (https://github.com/sindresorhus/got)",
    "libwww-perl/6.77",
    "Ruby",
    "Faraday v2.9.0",
    "GuzzleHttp/7",
    "PHP/8.3.2",
    "PostmanRuntime/7.39.0",
    "node",
    "undici",
    "Some-HTTP-Thing/3.1",
    "Ktor client",
    "Haskell http-client/0.7",
    "Elixir HTTP-Request",
    "Some-Link-Shield/2.1",
    "Mozilla/5.0 (compatible; New-Email-Security)",
    "reqwest/0.12.4",
    "Mozilla/5.0 (compatible; Google-Apps-Script; beanserver; +https://x)",
)
SCANNERS = (
    "Barracuda Sentinel (EE)",
    "Proofpoint-URL-Defense/2.0",
    "Mozilla/5.0 (compatible; Mimecast)",
    "Symantec WebPulse",
    "TrendMicro/7.1",
    "Forcepoint-ThreatScope",
    "SophosURLCheck/3",
    "Mozilla/5.0 zgrab/0.x",
    "urlscan.io",
    "phishtank/2",
    "Mozilla/5.0 (compatible; NetcraftSurveyAgent/2.0; +info@netcraft.com)",
    "ESET-LinkScan",
    "Bitdefender/1.0",
)
HEADLESS = (
    CHROME.replace("Chrome/", "HeadlessChrome/"),
    f"{CHROME} Puppeteer",
    f"{CHROME} Playwright/1.45",
    f"{CHROME} PhantomJS",
)
BOTS = (
    "Mozilla/5.0 (compatible; SomethingNew-Bot/0.3; +https://example.com/bot)",
    f"{CHROME} (compatible; AnyCrawler)",
    "UptimeMonitor/9",
    "Mozilla/5.0 (compatible; LinkInspector)",
    "Some Preview Of Pages",
    f"{WEBVIEW.replace('; wv', '')} Mobile Safari/537.36 (compatible; AnyCrawler)",
    "Mozilla/5.0 (Linux; Android 9; compatible; AnyCrawler; +https://any.example) AppleWebKit/537.36 Safari/537.36",
)
BROWSERS = (
    CHROME,
    f"{CHROME} Edg/141.0.0.0",
    f"{IPHONE} Version/18.6 Mobile/15E148 Safari/604.1",
    f"{IPHONE} GSA/383.0.797833943 Mobile/15E148 Safari/604.1",
    f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/480.0.0.32;FBBV/1]",
    f"{IPHONE} Mobile/15E148 Instagram 350.0.0.15 (iPhone14,5; iOS 18_6)",
    f"{IPHONE} Mobile/15E148 [LinkedInApp]/9.30",
    f"{IPHONE} Mobile/22G86 Safari Line/14.10.0",
    f"{IPHONE} Mobile/15E148 SomeNewApp/3.0",
    f"{WEBVIEW} Mobile Safari/537.36",
    f"{WEBVIEW.replace('Pixel 8', 'CUBOT NOTE 20')} Mobile Safari/537.36",
    f"{WEBVIEW.replace('Pixel 8', 'Pocket Scanner 7')} Mobile Safari/537.36",
    f"{WEBVIEW.replace('Pixel 8', 'Smart Monitor')} Mobile Safari/537.36",
    f"{CHROME.replace('Safari', 'Electron/31.0 Safari')} Slack_SSB/4.39.0",
    f"{CHROME} Teams/1.7.00.1",
    f"{IPHONE} Snapchat/12.90 (like Safari/8619.2, panda)",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0",
)
MAIL_CLIENTS = {
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18025; Pro)": "Outlook on Windows",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)": "Outlook",
    "Outlook-iOS/744.2.prod.iphone (4.2430.0)": "Outlook on iPhone",
    "MacOutlook/16.88.24081116 (Intelx64 Mac OS X 14.6 (Build 23G80))": "Outlook on Mac",
    "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Thunderbird/128.2.0": "Thunderbird on Windows",
    f"{CHROME} eM Client/10.0.3530.0": "eM Client on Windows",
    "eMClient/10.0.3530.0": "eM Client",
    f"{IPHONE} Mobile/15E148": "Apple Mail on iPhone",
    "Mail/3774.600.62 CFNetwork/1568.100.1 Darwin/24.0.0": "Apple Mail on an Apple device",
    "K-9 Mail/6.804": "K-9 Mail",
    "FairEmail/1.2230": "FairEmail",
    "The Bat! 11.3": "The Bat!",
    "Evolution 3.50.2": "Evolution",
    "Evolution/3.44.4": "Evolution",
    "Mozilla/5.0 (Windows NT 10.0; rv:102.0) Gecko/20100101 Goanna/6.7 Epyrus/2.1.3": "Epyrus on Windows",
    "NewMailClient/2.1": "a mail app",
    "GreatNewMail/2.0 (iPhone; iOS 18.1)": "a mail app on iPhone",
    "Microsoft Outlook 17.0 (robots welcome)": "Outlook",
}


def _person(agent: str) -> bool:
    hit = a_hit(headers={"user-agent": agent, "accept": "image/avif,image/webp,*/*;q=0.8"})
    return classify(hit, Known(NOON)).counts


@pytest.mark.parametrize("agent", UNFURLERS)
def test_a_link_preview_is_known_by_the_app_that_shows_it(agent: str) -> None:
    assert client_name(a_hit(headers={"user-agent": agent})) == f"{UNFURLERS[agent]}'s link preview"


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        *((agent, "unfurler") for agent in UNFURLERS),
        *((agent, "library") for agent in LIBRARIES),
        *((agent, "scanner") for agent in SCANNERS),
        *((agent, "headless") for agent in HEADLESS),
        *((agent, "bot") for agent in BOTS),
    ],
)
def test_a_program_is_told_by_its_kind(agent: str, kind: str) -> None:
    assert read(agent).machine == kind


@pytest.mark.parametrize("agent", [*UNFURLERS, *LIBRARIES, *SCANNERS, *HEADLESS, *BOTS])
def test_a_program_is_a_scanner_even_when_it_asks_as_a_browser_does(agent: str) -> None:
    hit = a_hit(headers={"user-agent": agent, "sec-fetch-dest": "image"})

    assert classify(hit, Known(NOON)).cause is Cause.SCANNER


@pytest.mark.parametrize("agent", BROWSERS)
def test_a_persons_browser_or_app_is_a_person(agent: str) -> None:
    assert _person(agent)


@pytest.mark.parametrize("agent", ["Chrome/142.0.0.0", "Firefox/142.0", "Version/18.1 Safari/605.1.15", "Edg/142"])
def test_a_browsers_name_alone_is_no_browser(agent: str) -> None:
    assert not _person(agent)


@pytest.mark.parametrize("agent", MAIL_CLIENTS)
def test_a_mail_program_is_a_person(agent: str) -> None:
    assert _person(agent)


@pytest.mark.parametrize("agent", MAIL_CLIENTS)
def test_a_mail_program_is_named_as_people_call_it(agent: str) -> None:
    assert client_name(a_hit(headers={"user-agent": agent})) == MAIL_CLIENTS[agent]


def test_an_agent_is_one_thing_only() -> None:
    for agent in (*UNFURLERS, *LIBRARIES, *SCANNERS, *HEADLESS, *BOTS, *BROWSERS, *MAIL_CLIENTS):
        one = read(agent)
        assert sum(map(bool, (one.machine, one.proxy, one.mail_client, one.browser, one.stack, one.apple_mail))) == 1
