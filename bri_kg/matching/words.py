"""What sort of thing a name says it is: its type words, read as rules.

A gas pipeline is no oil pipeline, a railway no road, a plant no park, a port no zone, a province no city. Of several type words the head counts:
the last one in English and Chinese (``X Special Economic Zone Access Road`` is a road), the one before "of" (``Port of X`` is a port).
"""

from __future__ import annotations

import re
from functools import lru_cache

from .chinese import simplified

__all__ = ["PARTS", "are_compatible", "head_type", "is_financing", "is_part", "project_in_title"]

_TYPES: dict[str, str] = {
    # English
    "gas pipeline": r"(natural )?gas (trunk ?line|pipe ?lines?)|(natural )?gas pipelines?",
    "oil pipeline": r"(crude )?(oil|petroleum) pipe ?lines?|crude pipe ?lines?|(crude|refined) oil pipe ?lines?",
    "pipeline": r"pipe ?lines?",
    "railway": r"(high[- ]speed )?rail(way|road|ways| link| line|s)?|hsr|metro line|train line",
    "road": r"express ?ways?|high ?ways?|motor ?ways?|toll roads?|roads?|freeways?",
    "bridge": r"bridges?",
    "airport": r"airports?",
    "port": r"(deep[- ]?(sea|water) |sea|river )?ports?|harbou?rs?|wharf|seaports?",
    "port city": r"port city",
    "power plant": r"power (plants?|stations?)|(hydro|coal|gas|solar|wind)[- ]?(fired )?(power )?(plants?|stations?|farms?)|hydropower|dams?",
    "power line": r"transmission lines?|loop lines?|substations?|power grid",
    "plant": r"plants?|factory|factories|smelters?|refinery|refineries|mills?|(steel|iron|cement|alumini?um|paper|t[iy]re) ?(works|project)",
    "mine": r"mines?|coal ?fields?|oil ?fields?|gas ?fields?",
    "park": r"(industrial |technology |science )?(parks?|estates?)",
    "zone": r"((special|cross[- ]border) )?(economic )?(co-?operation )?zones?|sez|economic zone",
    "corridor": r"(economic |trade )?corridors?",
    "waterway": r"water ?ways?|canals?|navigation channel",
    "river": r"rivers?",
    "station": r"stations?|depots?|terminals?",
    "tunnel": r"tunnels?",
    "hospital": r"hospitals?|clinics?",
    "hotel": r"hotels?|resorts?",
    "stadium": r"stadiums?|stadia|museums?|theatres?|theaters?",
    "bank": r"banks?",
    "fund": r"funds?",
    "ministry": r"ministry|ministries|department",
    "authority": r"authorit(y|ies)|agenc(y|ies)|commissions?|councils?|boards?|offices?|secretariats?|bureaus?",
    "embassy": r"embass(y|ies)|consulates?",
    "university": r"universit(y|ies)|univ|universitas|universiti|colleges?",
    "school": r"schools?|facult(y|ies)",
    "academy": r"academ(y|ies)",
    "institute": r"institutes?|institutions?",
    "center": r"cent(er|re)s?",
    "laboratory": r"laborator(y|ies)|labs?",
    "company": r"compan(y|ies)|corporation|corp|limited|ltd|inc|gmbh|group holdings?|berhad|sdn bhd|bhd",
    "journal": r"journals?|newspapers?|magazines?",
    "agreement": r"agreements?|treat(y|ies)|conventions?|pacts?",
    "memorandum": r"memorand(um|a)( of understanding)?|mous?",
    "declaration": r"declarations?|communiqu[eé]s?|statements?",
    "plan": r"plans?( of action)?|masterplans?",
    "protocol": r"protocols?",
    "law": r"acts?|bills?|laws?",
    "summit": r"summits?|forums?|fora|conferences?|meetings?",
    "province": r"provinces?|sheng|provinsi",
    "district": r"districts?|count(y|ies)|municipalit(y|ies)|townships?|prefectures?",
    "city": r"cit(y|ies)|towns?|kota",
    "island": r"islands?|islets?",
    "sea": r"seas?|gulf|bay|strait",
    # Chinese
    "gas pipeline ": r"天然气管[道线]|气管道",
    "oil pipeline ": r"(原油|石油|油)管[道线]",
    "pipeline ": r"管道|管线",
    "railway ": r"铁路|高铁|铁道|轻轨|地铁",
    "road ": r"高速公路|公路|高速|道路",
    "bridge ": r"大桥|桥梁|桥",
    "airport ": r"机场",
    "port ": r"深水港|海港|港口|港",
    "power plant ": r"(水|火|核)?电站|电厂|水电",
    "plant ": r"工厂|炼厂|钢厂|水泥厂|厂",
    "park ": r"产业园区?|工业园区?|园区|科技园",
    "zone ": r"经济特区|特区|经济合作区|合作区|自贸区|经济区|开发区",
    "corridor ": r"走廊|通道",
    "bank ": r"银行",
    "ministry ": r"部委|外交部|商务部",
    "university ": r"大学|学院",
    "institute ": r"研究院|研究所",
    "center ": r"中心",
    "company ": r"公司|(?<!国)集团",
    "agreement ": r"协定|协议|条约|公约",
    "memorandum ": r"备忘录",
    "declaration ": r"宣言|声明|公报",
    "plan ": r"规划|计划",
    "law ": r"法案|法",
    "province ": r"省",
    "city ": r"市|城",
    "island ": r"岛",
    "station ": r"车站|站",
    "summit ": r"峰会|论坛|会议",
}
_LATIN = {kind: pattern for kind, pattern in _TYPES.items() if not kind.endswith(" ")}
_HAN = {kind.strip(): pattern for kind, pattern in _TYPES.items() if kind.endswith(" ")}
_NAMES = {f"t{place}": kind for place, kind in enumerate([*_LATIN, *_HAN])}
_PATTERN = re.compile(
    "|".join(
        [
            *(rf"\b(?P<t{place}>{pattern})\b" for place, pattern in enumerate(_LATIN.values())),
            *(f"(?P<t{place}>{pattern})" for place, pattern in enumerate(_HAN.values(), len(_LATIN))),
        ]
    ),
    re.IGNORECASE,
)
#: Types one of which may stand for the other, since people use both words.
_ALIKE = [
    {"gas pipeline", "pipeline"},
    {"oil pipeline", "pipeline"},
    {"zone", "park"},
    {"agreement", "declaration", "memorandum", "plan", "protocol"},
    {"institute", "academy", "center"},
    {"city", "district"},
    {"waterway", "river"},
    {"authority", "ministry", "institute"},
    {"bank", "fund"},
    {"plant", "power plant"},
    {"summit", "declaration"},
]
#: Of these pairs above the narrower words differ so much that they are told apart wherever both stand.
_APART = [
    {"zone", "park"},
    {"agreement", "memorandum"},
    {"agreement", "declaration"},
    {"declaration", "memorandum"},
    {"agreement", "plan"},
    {"declaration", "plan"},
    {"agreement", "protocol"},
    {"city", "district"},
    {"institute", "center"},
    {"institute", "ministry"},
    {"plant", "power plant"},
    {"summit", "declaration"},
    {"bank", "fund"},
    {"waterway", "river"},
]
#: Words that make of a name a part, a section or a phase of the thing.
PARTS = re.compile(
    r"\b(phases?|sections?|segments?|lots?|packages?|stations?|depots?|spurs?|branch(?:es)?|sub-?projects?|components?|stages?"
    r"|extensions?|units?|blocks?|terminals?|feasibility stud(?:y|ies)|amendments?|accessions?|protocols?|annex(?:es)?"
    r"|secretariats?|offices?|subsidiar(?:y|ies))\b|[一二三四五]期|期工程|段|车站|秘书处|办公室|分行|可行性",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\b(provid|contribut|pledg|disburs|commit|donat|sign|extend|grant|lend|financ|participat|approv|award)\w*\b.*\b(for|to|in)\b"
    r"|\b(loan|grant|credit|tranche|debt|syndicat\w+|buyer.?s credit)\b|贷款|赠款|援助|融资",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\b(?:loan|grant|credit|financing|facility|tranche|syndicate|funding|aid|million|billion|fund\w*|provides?|support|finance)\b"
    r".*?\b(?:for|to finance|to support|toward|towards|in)\b\s+(?:the\s+)?(.+)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*[\(\[](?:linked to|see)[^)\]]*[\)\]]?\s*$|\s+(?:financed|funded)\s+(?:through|by)\b.*$", re.IGNORECASE
)


@lru_cache(maxsize=200_000)
def head_type(text: str) -> str:
    """Return the type that a name says its thing is of; empty where it does not say."""
    plain = re.sub(r"[(（\[].*?[)）\]]", " ", text if text.isascii() else simplified(text)).strip()
    plain = (
        re.split(r"\b(?:in|near|at|between|for|to|from|on|under)\b", plain, maxsplit=1, flags=re.IGNORECASE)[0] or plain
    )
    before, of, _ = plain.partition(" of ")
    first = _last_type(before) if of else ""
    return first or _last_type(plain)


def _last_type(text: str) -> str:
    found = ""
    for match in _PATTERN.finditer(text):
        found = _NAMES[match.lastgroup] if match.lastgroup in _NAMES else _of(match)
    return found


def _of(match: re.Match[str]) -> str:
    return next(_NAMES[name] for name, text in match.groupdict().items() if text is not None and name in _NAMES)


def are_compatible(one: str, other: str) -> bool:
    """Whether things of these two types may be the same thing."""
    if not one or not other or one == other:
        return True
    pair = {one, other}
    return any(pair <= group for group in _ALIKE) and pair not in _APART


def is_part(text: str) -> bool:
    """Whether a name speaks of a part, phase or branch of something."""
    return bool(PARTS.search(text))


@lru_cache(maxsize=100_000)
def is_financing(text: str) -> bool:
    """Whether a title tells of money given for something rather than naming the thing."""
    return len(text) > 24 and bool(_MONEY.search(text))


@lru_cache(maxsize=100_000)
def project_in_title(text: str) -> str:
    """Return what a title of a financing record says the money is for; empty where it does not say."""
    found = _PURPOSE.search(_TAIL.sub("", text))
    return found[1].strip(" .,;") if found else ""
