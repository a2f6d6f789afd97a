"""Programs by what they say of themselves: link previews, driven browsers, scanners, HTTP libraries.

Rows are (name as people say it, pattern), most telling first. A name that an app for people shares with a
program ("Slack", "WhatsApp", "Snapchat") is matched only in the form that the program sends. Patterns are matched
against the agent in lower case.
"""

from collections.abc import Mapping
from types import MappingProxyType

Rows = tuple[tuple[str, str], ...]

UNFURLERS: Rows = (
    ("iMessage", r"facebookexternalhit.*facebot.*twitterbot"),
    ("Slack", r"slackbot|slack-imgproxy|slack-[a-z]*expand"),
    ("Microsoft Teams", r"skypeuripreview|teams-?(?:bot|preview)|office 365 connectors"),
    ("Microsoft", r"microsoftpreview|bingpreview|\bmslinkpreview"),
    ("Telegram", r"telegrambot"),
    ("Discord", r"discordbot"),
    ("LinkedIn", r"linkedinbot"),
    ("Facebook", r"facebookexternal|facebookcatalog|\bfacebot|meta-external"),
    ("X", r"twitterbot"),
    ("WhatsApp", r"^whatsapp/"),
    ("Viber", r"^viber(?:/|$| bot| url)|viberbot"),
    ("LINE", r"linespider|line-?poker|line-?(?:link|url)"),
    ("KakaoTalk", r"kakaotalk-scrap"),
    ("Snapchat", r"snap url preview|snapchatads|snapbot"),
    ("Pinterest", r"pinterestbot|^pinterest/0"),
    ("Reddit", r"redditbot"),
    ("Mattermost", r"mattermost-bot|^mattermost"),
    ("Rocket.Chat", r"^rocket\.?chat|rocket\.chat link"),
    ("Matrix", r"^synapse|matrix-media-repo|matrix.*(?:preview|bot)"),
    ("Zoom", r"zoom-?(?:bot|preview|link)|zoombot"),
    ("Webex", r"webex-?(?:bot|preview|unfurl)"),
    ("Google Chat", r"google-?(?:chat|hangouts)|google web preview|google-pagerenderer"),
    ("Notion", r"notion-?bot|notion-?embed"),
    ("Trello", r"^trello|trello-?bot|atlassian.*(?:unfurl|preview|bot)|iframely-atlassian"),
    ("Mastodon", r"mastodon/|pleroma|misskey|akkoma"),
    ("Bluesky", r"bluesky cardyb|cardyb"),
    ("VK", r"vkshare"),
    ("Quora", r"quora link preview|quora-bot"),
    ("Yahoo", r"yahoo link preview"),
    ("Tumblr", r"^tumblr/"),
    ("XING", r"xing-contenttab"),
    ("Bitly", r"bitlybot"),
    ("Discourse", r"discourse.*(?:onebox|bot)"),
    ("Lemmy", r"^lemmy/|friendica|peertube"),
    ("Signal", r"^signal(?:-|/).*preview"),
    ("", r"embedly|iframely|flipboardproxy|(?:link|url|uri|web|page|site)[-_ ]?(?:preview|unfurl|expand)|unfurl"),
)
HEADLESS: Rows = (
    ("a headless browser", r"headless|phantomjs|slimerjs|casperjs|htmlunit|jsdom/|zombie\.js|splash/"),
    ("a driven browser", r"puppeteer|playwright|selenium|webdriver|chromedriver|cypress/|nightmare/|testcafe"),
    ("a page test", r"chrome-lighthouse|\bptst/|speedcurve|prerender|gtmetrix|pa11y"),
)
GOOGLE_SAFETY: Rows = (("Google's link check", r"google-?safety|google-?safe-?browsing"),)
EXCHANGE: Rows = (("Exchange", r"microsoft exchange/|microsoft\.exchange|exchangeservicesclient"),)
SCANNERS: Rows = (
    ("Barracuda", r"barracuda"),
    ("Proofpoint", r"proofpoint|ppspider|urldefense"),
    ("Mimecast", r"mimecast"),
    ("Symantec", r"symantec|messagelabs|bluecoat"),
    ("Trend Micro", r"trend ?micro|trendmicro"),
    ("Forcepoint", r"forcepoint|websense"),
    ("Sophos", r"sophos"),
    ("Fortinet", r"fortinet|fortiguard|fortimail|fortigate|fortisandbox"),
    ("Cisco", r"ironport|cisco[- ](?:secure|talos|esa|umbrella|email)|umbrella-?(?:scan|bot)|\btalos\b"),
    ("ESET", r"\beset\b(?!smart)|eset-"),
    ("Bitdefender", r"bitdefender"),
    ("Kaspersky", r"kaspersky"),
    ("Trellix", r"trellix|fireeye|mcafee|skyhigh"),
    ("Check Point", r"check ?point[- ](?:soft|scan|harmony|threat)|avanan"),
    ("Palo Alto Networks", r"palo ?alto ?networks|cortex[- ]xpanse|wildfire"),
    ("Microsoft Defender", r"microsoft defender|safelinks|\batp[- ]safe"),
    ("VirusTotal", r"virustotal"),
    ("Netcraft", r"netcraft"),
    ("Cloudflare", r"cloudflare-?radar|urlscanner"),
    ("urlscan.io", r"urlscan"),
    ("PhishTank", r"phishtank|openphish|phishlabs|checkphish|phishfort"),
    ("SafeDNS", r"safedns"),
    ("Valimail", r"valimail"),
    ("Hornetsecurity", r"hornetsecurity|\bvade\b|vadesecure|spamtitan"),
    ("a mail filter", r"mailscanner|spamassassin|rspamd|amavis|clamav|mailguard|mailcleaner|halon|cyren|commtouch"),
    ("a mail filter", r"retarus|ironscales|\bagari\b|abnormalsecurity|greathorn|inky(?:phish)?/|knowbe4|cofense|\bzix"),
    ("a virus scanner", r"dr\.?web|f-secure|withsecure|webroot|brightcloud|quttera|sucuri|avira-|\bg ?data\b"),
    ("a sandbox", r"any\.run|joe ?sandbox|hybrid-analysis|cuckoo|hatching|cape ?sandbox|lookout-"),
    (
        "a network scanner",
        r"zgrab|masscan|nmap|nessus|qualys|censys|shodan|nuclei|acunetix|nikto|tenable|internet-?meas",
    ),
    (
        "a security company",
        r"checkmark|leakix|binaryedge|bitsight|securityscorecard|onyphe|riskiq|domaintools|darktrace",
    ),
    (
        "a security company",
        r"cloudmark|trustwave|mailmarshal|spamexperts|opswat|metadefender|opendns|threat|ahnlab|sonicwall",
    ),
    ("a web filter", r"zvelo|netstar|contentfilter|safesearch|url ?categor|lightspeedsystems|k9 ?web"),
    (
        "a link check",
        r"office (?:existence|protocol) discovery|(?:link|url|site|domain)[-_ ]?(?:scan|check|valid|verif)",
    ),
)
LIBRARIES: Rows = (
    ("a Python program", r"python-|\bpython/|aiohttp|\bhttpx/|urllib|scrapy|mechanize|^requests/|grequests|boto3"),
    ("curl", r"\bcurl\b|libcurl|pycurl"),
    ("Wget", r"\bwget|aria2|\baxel/"),
    ("a Go program", r"go-http-client|^go \d|fasthttp|go-resty|^colly|quic-go"),
    (
        "a Java program",
        r"^java(?:/|-)|okhttp|apache-httpclient|apache-httpasync|jakarta|commons-httpclient|^ahc/|jetty/",
    ),
    ("a Java program", r"reactornetty|akka-http|pekko-http|scalaj|unirest|jersey/|vert\.?x|google-http-java|asynchttp"),
    ("a JavaScript program", r"^axios|axios/|node-fetch|node-superagent|^undici|^node(?:\b|$)|^got(?:$|[ /])|\bnode/v"),
    ("a JavaScript program", r"electron-fetch|node-urllib|^deno/|^bun/|request\.js|^yarn/|^npm/|^pnpm/"),
    ("a Perl program", r"libwww-perl|lwp[-:]|perlclient|www-mechanize|http-tiny|anyevent-http|rest::client"),
    ("a Ruby program", r"^ruby|faraday|typhoeus|httparty|rest-client|http\.rb|^excon|mechanize/"),
    ("a PHP program", r"^php\b|guzzle|symfony|http_request|^pear|^zend|snoopy|cakephp|wordpress/|drupal|^yii|laravel"),
    ("a .NET program", r"restsharp|flurl|\.net (?:framework|core|http)|system\.net|httpclient/"),
    ("a Windows program", r"winhttp|wininet|microsoft ncsi|webdav|microsoft-cryptoapi|microsoft bits|powershell"),
    ("a Windows program", r"url ?control|embarcadero|indy lib"),
    ("an HTTP tool", r"postman|insomnia|^httpie|^paw/|rapidapi|apachebench|^ab/|jmeter|\bk6/|vegeta|siege"),
    ("a Rust program", r"^reqwest|^hyper/|^isahc|^ureq|^surf/|^attohttpc"),
    ("a program", r"lua-resty|ngx_lua|^dart|cpp-httplib|cpprest|libsoup|libfetch|hackney|^finch|^mint/|^req/|^tesla"),
    ("a program", r"^restkit|^alamofire/|^lavf|^vlc/|gstreamer|^gvfs|uclient-fetch|htmlparser|^emacs|^url/emacs"),
    ("a program", r"urlgrabber|libdnf|mikrotik|torrent/|btwebclient|geoipupdate|carrierwave|git-annex|^git/|\bdocker/"),
    ("a program", r"containerd|^containers/|skopeo|^helm/|artifactory|buildkit|buildah|libpod|fuzz faster|tcms|ipinfo"),
    ("a program", r"slim framework|icap-|esp32|podgrab|^down/|^fdm[/ ]|msray|stealer|mandrill|^homebrew|^apt"),
    ("a cloud service", r"amazon cloudfront|amazon-route|aws-sdk|^amazon|azure-|google-apps-script|appengine-google"),
    (
        "a cloud service",
        r"googlestackdriver|google-cloud|cloudflare-(?:workers|healthcheck)|^fastly|^varnish|^nginx|^envoy",
    ),
)
# Last, for agents that no row here and no mail program's row names: the form that libraries give themselves, and
# words by which programs announce themselves. "Cubot" makes phones.
LIKE_A_LIBRARY: Rows = (
    (
        "a program",
        r"^(?!.*mail)(?:[\w.-]+[ /])?[\w.-]*(?:http|fetch|client|request|download|url)[\w.-]*(?:/[\w.+-]+)?"
        r"(?: \([^)]*\))?$",
    ),
    # A browser never says "compatible", and a mail program calls itself by its name alone.
    ("a security program", r"(?:^|\(compatible; )[\w. -]*(?:security|shield|protection|defend(?:er)?)\b"),
)
LIKE_A_BOT: Rows = (
    (
        "a bot",
        r"(?<!cu)bots?(?:\b|[_/])|crawl|spider|slurp|scann?er\b|scanning|\bscan\b|archiver|monitor(?:ing)?\b|uptime"
        r"|\bprobe|preview|fetcher|\bfetch|validator|checker\b|healthcheck|sandbox|phish|malware|antispam|anti-?virus"
        r"|inspect|\+https?:|\+info@|\brobot\b|favicon|\bgoogle-[a-z]",
    ),
)

NAMED: Mapping[str, Rows] = MappingProxyType(
    {
        "unfurler": UNFURLERS,
        "headless": HEADLESS,
        "safety": GOOGLE_SAFETY,
        "exchange": EXCHANGE,
        "scanner": SCANNERS,
        "library": LIBRARIES,
    }
)
GUESSED: Mapping[str, Rows] = MappingProxyType({"library": LIKE_A_LIBRARY, "bot": LIKE_A_BOT})
