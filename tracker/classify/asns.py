"""Networks with a class, by the numbers under which they announce their addresses (autonomous systems).

For hits whose network was looked up elsewhere. The numbers are those of the list of addresses, by DB-IP
(https://db-ip.com), CC BY 4.0.
"""

from collections.abc import Mapping
from types import MappingProxyType

_NUMBERS: Mapping[str, tuple[int, ...]] = {
    "google": (15169,),
    "microsoft": (3598, 8068, 8069, 8070, 8071, 8075, 12076),
    "apple": (714, 6185),
    "relay:akamai-privacy": (36183, 20940),
    "relay-or-cdn:cloudflare": (13335,),
    "relay-or-cdn:fastly": (54113,),
    "hosting:google-cloud": (396982,),
    "hosting:aws": (14618, 16509),
    "hosting:digitalocean": (14061,),
    "hosting:ovh": (16276,),
    "hosting:vultr": (20473,),
    "hosting:hetzner": (24940,),
    "hosting:linode": (63949,),
    "hosting:oracle": (31898,),
    "hosting:scaleway": (12876,),
    "hosting:contabo": (51167,),
    "hosting:leaseweb": (28753, 30633, 59253, 60781, 395954, 396190, 396362),
    "hosting:ionos": (8560,),
    "hosting:alibaba": (45102, 134963),
    "hosting:tencent": (132203,),
    "hosting:ibm-cloud": (36351,),
    "hosting:hostinger": (47583,),
    "hosting:upcloud": (25697, 202053),
    "mailbox:yahoo": (7233, 10229, 10310, 23816, 24572, 26101, 34010, 36088, 36229, 36646, 36647, 56173),
    "mailbox:fastmail": (151847,),
    "mailbox:naver": (23576,),
    "mailbox:proton": (62371, 199218, 208172, 209103),
    "mailbox:rambler": (24638,),
    "mailbox:seznam": (43037,),
    "mailbox:vk-mailru": (47541, 47764),
    "mailbox:yandex": (13238, 44534),
    "mailbox:zoho": (2639, 56201, 139006, 205111, 397849),
    "corp-proxy:netskope": (55256,),
    "corp-proxy:zscaler": (22616, 53444, 53813, 62044, 62907),
    "corp-proxy:menlo": (62654,),
    "corp-proxy:iboss": (137922, 202276, 396253),
    "corp-proxy:prisma": (54538, 396421),
    "vendor:abnormal": (20317,),
    "vendor:appriver": (53780,),
    "vendor:barracuda": (15324,),
    "vendor:checkpoint": (25046, 30343, 31997, 40344, 398391),
    "vendor:cisco-ironport": (16417, 30215, 30238, 40427),
    "vendor:forcepoint": (13448, 42465, 43251, 44444),
    "vendor:hornetsecurity": (401943,),
    "vendor:mimecast": (30031, 33538, 37235, 39588, 42427, 60492, 136792, 208638, 397726),
    "vendor:netcraft": (210111, 212329),
    "vendor:proofpoint": (13916, 22843, 26211, 52129),
    "vendor:retarus": (48328,),
    "vendor:sophos": (58976, 399342),
    "vendor:trellix": (7754, 17330, 17370, 46484, 203724, 205272),
    "vendor:trendmicro": (16880, 132229),
    "vendor:zix": (13380, 59519),
    "vendor:symantec": (7583,),
    "vendor:kaspersky": (41983, 200107, 209030),
    "vendor:eset": (50881, 64198),
    "vendor:bitdefender": (43839, 44418),
    "vendor:fortinet": (40934, 53928, 200589),
    "vendor:paloalto": (2763, 64280),
    "vendor:cyren": (12441, 59657, 61234),
    "vendor:sonicwall": (23472, 30021, 132711),
}
CLASS_OF_ASN: Mapping[int, str] = MappingProxyType(
    {number: name for name, numbers in _NUMBERS.items() for number in numbers}
)
