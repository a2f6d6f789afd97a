"""Mail systems: who takes mail for a domain, told from the names of its mail servers. All of it is data."""

from collections.abc import Collection, Mapping, Sequence

UNKNOWN = "unknown"  # nobody could look
OTHER = "other"  # somebody looked, and it is nobody we know
MIXED = "mixed"  # several recipients on several systems

# The ends of mail servers' names, by the system that runs them. A gateway hides the system behind it.
_OF_SERVER: Mapping[str, Sequence[str]] = {
    "google": ("google.com", "googlemail.com", "l.google.com", "psmtp.com"),
    "microsoft": ("mail.protection.outlook.com", "olc.protection.outlook.com", "mx.microsoft", "hotmail.com"),
    "yahoo": ("yahoodns.net", "yahoo.com", "yahoo.co.jp"),
    "apple": ("icloud.com", "apple.com"),
    "proton": ("protonmail.ch", "proton.ch", "proton.me"),
    "fastmail": ("messagingengine.com", "fastmail.com"),
    "yandex": ("yandex.ru", "yandex.net"),
    "mailru": ("mail.ru", "mailru.net"),
    "rambler": ("rambler.ru",),
    "zoho": ("zoho.com", "zoho.eu", "zoho.in", "zoho.com.au", "zoho.jp", "zohomail.com"),
    "naver": ("naver.com", "worksmobile.com"),
    "daum": ("hanmail.net", "daum.net"),
    "seznam": ("seznam.cz",),
    "hey": ("hey.com",),
    "gmx": ("gmx.net", "gmx.com", "web.de", "1and1.com", "ionos.com", "kundenserver.de"),
    "tencent": ("qq.com", "exmail.qq.com"),
    "netease": ("netease.com", "163.com", "126.com", "qiye.163.com"),
    "alibaba": ("mxhichina.com", "aliyun.com"),
    "amazon": ("amazonaws.com", "awsapps.com"),
    "migadu": ("migadu.com",),
    "tuta": ("tutanota.de",),
    "mailbox": ("mailbox.org",),
    "rackspace": ("emailsrvr.com",),
    "godaddy": ("secureserver.net",),
    "ovh": ("ovh.net",),
    "infomaniak": ("infomaniak.ch",),
    "gandi": ("gandi.net",),
    "gateway:proofpoint": ("pphosted.com", "ppe-hosted.com", "gpphosted.com"),
    "gateway:mimecast": ("mimecast.com", "mimecast.co.za", "mimecast-offshore.com"),
    "gateway:barracuda": ("barracudanetworks.com", "cudamail.com"),
    "gateway:cisco": ("iphmx.com",),
    "gateway:symantec": ("messagelabs.com", "emailsecurity.symantec.com"),
    "gateway:trendmicro": ("trendmicro.com", "trendmicro.eu", "trendmicro.co.jp"),
    "gateway:trellix": ("fireeyecloud.com", "fireeyegov.com"),
    "gateway:forcepoint": ("mailcontrol.com",),
    "gateway:sophos": ("sophos.com", "reflexion.net"),
    "gateway:hornetsecurity": ("hornetsecurity.com", "antispameurope.com", "antispamcloud.com", "hornetdmarc.com"),
    "gateway:retarus": ("retarus.com", "retarus.de", "retarus.eu"),
    "gateway:cloudflare": ("mx.cloudflare.net", "area1security.com", "mxrecord.io"),
    "gateway:vade": ("vadesecure.com",),
    "gateway:mailinblack": ("mailinblack.com",),
    "gateway:spamexperts": ("spamexperts.com", "spamexperts.eu", "spamexperts.net"),
    "gateway:mailspamprotection": ("mailspamprotection.com",),
    "gateway:appriver": ("arsmtp.com",),
    "gateway:zix": ("zixmail.net", "zixport.com"),
    "gateway:fortinet": ("fortimailcloud.com", "fortimail.com"),
    "gateway:checkpoint": ("checkpoint.com", "avanan.net"),
    "gateway:securence": ("securence.com",),
    "gateway:mailroute": ("mailroute.net",),
    "gateway:mxguarddog": ("ik2.com",),
    "gateway:seppmail": ("seppmail.cloud",),
    "gateway:heluna": ("heluna.com",),
}
# Addresses that anybody can have: their system is known without looking, and sharing one makes nobody colleagues.
_CONSUMER: Mapping[str, Sequence[str]] = {
    "google": ("gmail.com", "googlemail.com"),
    "microsoft": (
        *("outlook.com", "hotmail.com", "live.com", "msn.com", "passport.com", "outlook.fr", "outlook.de"),
        *("outlook.es", "outlook.it", "outlook.jp", "outlook.com.br", "outlook.com.au", "hotmail.co.uk"),
        *("hotmail.fr", "hotmail.de", "hotmail.it", "hotmail.es", "hotmail.com.br", "hotmail.be", "hotmail.ca"),
        *("live.co.uk", "live.fr", "live.de", "live.it", "live.nl", "live.be", "live.ca", "live.com.au", "live.se"),
    ),
    "yahoo": (
        *("yahoo.com", "ymail.com", "rocketmail.com", "aol.com", "aim.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de"),
        *("yahoo.it", "yahoo.es", "yahoo.ca", "yahoo.in", "yahoo.co.in", "yahoo.com.br", "yahoo.com.mx"),
        *("yahoo.com.au", "yahoo.co.id", "yahoo.com.ph", "yahoo.com.sg", "yahoo.ie", "yahoo.gr", "yahoo.se"),
    ),
    "apple": ("icloud.com", "me.com", "mac.com"),
    "proton": ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
    "fastmail": ("fastmail.com", "fastmail.fm"),
    "yandex": ("yandex.ru", "yandex.com", "ya.ru", "yandex.by", "yandex.kz"),
    "mailru": ("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru"),
    "rambler": ("rambler.ru", "lenta.ru", "autorambler.ru", "myrambler.ru", "ro.ru"),
    "zoho": ("zohomail.com", "zohomail.eu", "zohomail.in"),
    "naver": ("naver.com",),
    "daum": ("hanmail.net", "daum.net"),
    "seznam": ("seznam.cz", "email.cz", "post.cz", "spoluzaci.cz"),
    "hey": ("hey.com",),
    "gmx": ("gmx.net", "gmx.de", "gmx.com", "gmx.at", "gmx.ch", "web.de"),
    "tencent": ("qq.com", "foxmail.com"),
    "netease": ("163.com", "126.com", "yeah.net"),
    "tuta": ("tuta.com", "tutanota.com", "tutanota.de", "tuta.io", "tutamail.com"),
    "mailbox": ("mailbox.org",),
}
_SERVERS = {end: name for name, ends in _OF_SERVER.items() for end in ends}
_CONSUMERS = {domain: name for name, domains in _CONSUMER.items() for domain in domains}


def is_consumer_domain(domain: str) -> bool:
    return domain.lower() in _CONSUMERS


def consumer_system(domain: str) -> str | None:
    """The mail system of a domain at which anybody can have an address; None for all others."""
    return _CONSUMERS.get(domain.lower())


def system_of_server(name: str) -> str:
    """The system that a mail server belongs to, by the end of its name; OTHER for all others."""
    labels = name.lower().rstrip(".").split(".")
    ends = (".".join(labels[start:]) for start in range(len(labels)))
    return next((_SERVERS[end] for end in ends if end in _SERVERS), OTHER)


def system_of_servers(servers: Collection[tuple[int, str]]) -> str:
    """The system behind a domain's mail servers, given with their preference.

    The preferred ones decide: what comes after is there for bad hours. Among
    equals a gateway wins, as every mail may pass it.
    """
    best = min((preference for preference, _ in servers), default=0)
    found = sorted({system_of_server(name) for preference, name in servers if preference == best})
    gateways = [system for system in found if system.startswith("gateway:")]
    known = [system for system in found if system != OTHER]
    return next(iter([*gateways, *known]), OTHER)


def common_system(systems: Collection[str]) -> str:
    """What several recipients' systems are together: the one that all share, or MIXED."""
    distinct = set(systems)
    return distinct.pop() if len(distinct) == 1 else MIXED if distinct else UNKNOWN
