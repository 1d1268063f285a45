"""Names as they are compared: one form for spelling, case, accents, punctuation and abbreviations, in any script.

Latin, Cyrillic and the like are cut into words; scripts that write without spaces (Chinese, Thai, Lao, Khmer, Burmese) into pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["NameForm", "acronym_of", "clean_text", "name_form", "spellings"]

#: What people write short or in another spelling, and the words that are compared instead.
_WORDS: dict[str, tuple[str, ...]] = {
    short: tuple(words.split())
    for short, words in {
        "acad": "academy",
        "assoc": "association",
        "bldg": "building",
        "btwn": "between",
        "centre": "center",
        "co": "company",
        "corp": "corporation",
        "dept": "department",
        "dev": "development",
        "econ": "economic",
        "expy": "expressway",
        "fta": "free trade area",
        "govt": "government",
        "harbour": "harbor",
        "hsr": "high speed railway",
        "hwy": "highway",
        "inst": "institute",
        "intl": "international",
        "ip": "industrial park",
        "labour": "labor",
        "ltd": "limited",
        "min": "ministry",
        "mou": "memorandum of understanding",
        "natl": "national",
        "natural": "",
        "phnompenh": "phnom penh",
        "pres": "president",
        "programme": "program",
        "programmes": "program",
        "proj": "project",
        "rail": "railway",
        "railroad": "railway",
        "rly": "railway",
        "rwy": "railway",
        "sez": "special economic zone",
        "univ": "university",
        "us": "united states",
        "usa": "united states",
        "centres": "center",
        "highspeed": "high speed",
        # adjectives of states, since titles say "Lao-China" and "China-Laos" alike
        "bruneian": "brunei",
        "burma": "myanmar",
        "burmese": "myanmar",
        "cambodian": "cambodia",
        "chinese": "china",
        "indonesian": "indonesia",
        "lao": "laos",
        "laotian": "laos",
        "malaysian": "malaysia",
        "philippine": "philippines",
        "singaporean": "singapore",
        "sino": "china",
        "thai": "thailand",
        "vietnamese": "vietnam",
        # given names for which people use short forms
        "bob": "robert",
        "jim": "james",
        "joe": "joseph",
        "mike": "michael",
        # points of the compass, and a city with what is around it
        "eastern": "east",
        "northern": "north",
        "southern": "south",
        "western": "west",
        "southeastern": "southeast",
        "northeastern": "northeast",
        "southwestern": "southwest",
        "northwestern": "northwest",
        "metropolitan": "metro",
    }.items()
}
#: What sorts of things are called in languages of the region, without accents, and in English.
_FOREIGN_TYPES = {
    "kawasan industri": "industrial park",
    "kawasan ekonomi khusus": "special economic zone",
    "khu cong nghiep": "industrial park",
    "duong sat": "railway",
    "kereta cepat": "high speed railway",
    "kereta api": "railway",
    "jalan tol": "toll road",
    "pelabuhan ": "port ",
    "jambatan ": "bridge ",
    "jembatan ": "bridge ",
}
#: Words that tell nothing apart.
_EMPTY = frozenset("a an and at by de for from in la of on the to with 的 与 和".split())
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "i": "1", "ii": "2", "iii": "3", "iv": "4"}
_LETTERS = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
#: Scripts written without spaces between words.
_RUN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IS_RUN = re.compile(f"[{_RUN}]")
_PIECE = re.compile(rf"[{_RUN}]+|\d+(?:[.+]\d+)+|[^\W_{_RUN}]+")
_MARKS = re.compile("[\u0300-\u036f]")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
#: Quotation marks and what nobody sees, which fall out of a name, and & for "and".
_DROPPED = {
    **dict.fromkeys(map(ord, "\"'`´‘’“”„«»《》〈〉「」『』")),
    **dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]),
    ord("&"): " and ",
}
_ZH_NUMBER = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5"}


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name ready to be compared.

    ``key`` is what equal names share; ``bag`` the same without regard to the order of words; ``tokens`` are words, and pairs of characters of
    scripts without spaces; ``numbers`` are the numbers in it; ``text`` is the name as written.
    """

    text: str
    key: str
    bag: str
    tokens: tuple[str, ...]
    numbers: frozenset[str]
    is_acronym: bool

    @property
    def is_run(self) -> bool:
        """Whether the name is in a script without spaces."""
        return bool(_IS_RUN.search(self.key))


def clean_text(value: object) -> str:
    """Return a cell's text without marks that nobody sees, and with single spaces."""
    text = unicodedata.normalize("NFC", str(value))
    return " ".join(_HIDDEN.sub("", text).split())


@lru_cache(maxsize=200_000)
def name_form(text: str) -> NameForm:
    """Return the form in which ``text`` is compared."""
    words = _words(text)
    tokens: list[str] = []
    numbers: set[str] = set()
    for word in words:
        if word[0].isdigit():
            numbers.add(word)
        if _IS_RUN.match(word):
            numbers.update(_ZH_NUMBER[one] for one in re.findall("第?([一二三四五])期", word))
            tokens += [word[place : place + 2] for place in range(len(word) - 1)] or [word]
        else:
            tokens.append(word)
    return NameForm(
        text=text,
        key=" ".join(words),
        bag=" ".join(sorted(words)),
        tokens=tuple(dict.fromkeys(tokens)),
        numbers=frozenset(numbers),
        is_acronym=len(words) == 1 and len(words[0]) <= 3 and not _IS_RUN.match(words[0]),
    )


def _words(text: str) -> list[str]:
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", folded).casefold().translate(_LETTERS)
        folded = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", folded)))
    folded = folded.translate(_DROPPED)
    if "." in folded:
        folded = _INITIALS.sub(lambda match: match[0].replace(".", "") + " ", folded)
    if "co-op" in folded:
        folded = folded.replace("co-op", "coop")
    if " " in folded:
        for foreign, english in _FOREIGN_TYPES.items():
            if foreign in folded:
                folded = folded.replace(foreign, english)
    words: list[str] = []
    for piece in _PIECE.findall(folded):
        words += _spelt(piece)
    for place in range(len(words) - 2, -1, -1):
        if words[place] in ("north", "south") and words[place + 1] in ("east", "west"):
            words[place : place + 2] = [words[place] + words[place + 1]]
    for place in range(len(words) - 2, 0, -1):
        if words[place] == "states" and words[place - 1 : place + 2] == ["united", "states", "america"]:
            del words[place + 1]
    return words or _PIECE.findall(folded)  # a name may be of empty words only, such as "The The"


@lru_cache(maxsize=200_000)
def _spelt(piece: str) -> tuple[str, ...]:
    """Return the words that are compared for one: -isation for -ization, 1 for first, 115 for 115th, 2 for II; none for an empty word."""
    return tuple(_spelling(word) for word in _WORDS.get(piece, (piece,)) if word not in _EMPTY)


def _spelling(word: str) -> str:
    if word in _ORDINALS:
        return _ORDINALS[word]
    if word[0].isdigit():
        return re.sub(r"(?<=\d)(st|nd|rd|th)$", "", word).lstrip("0") or "0"
    if len(word) > 6 and "iz" in word:
        return re.sub(r"iz(?=(e|ed|es|ing|ation|ations|er|ers)$)", "is", word)
    return word


_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_ACRONYM_LAST = re.compile(r"[(（]\s*([A-Z][A-Za-z0-9&-]{1,9}[A-Z0-9])\s*[)）]$")
_YEAR_LAST = re.compile(r"(?<=\w)(?:,| of)? (?:19|20)\d\d$")
_REMARK_LAST = re.compile(r",\s*(regional|unspecified)$", re.IGNORECASE)
_MARKED = re.compile(r"[(\[/|;]")
_SIDES = re.compile(r"\s*[/／|;；]\s*|\s+[–—-]{1,2}\s+")


@lru_cache(maxsize=200_000)
def spellings(text: str) -> tuple[str, ...]:
    """Return the names that one cell may hold: the whole, without its brackets, an acronym in brackets, and each language of a bilingual cell."""
    text = text.strip()
    if text.isascii() and not _MARKED.search(text) and not _REMARK_LAST.search(text) and not _YEAR_LAST.search(text):
        return (text,)
    found = [text]
    plain = _REMARK_LAST.sub("", text)  # lists of regions for aid say "Asia, regional"
    if plain != text:
        found.append(plain)
    undated = _YEAR_LAST.sub("", text)  # "BUILD Act of 2018": the year counts as a date
    if undated != text:
        found.append(undated)
    insides = [inside.strip() for inside in _BRACKETS.findall(text)]
    has_number = any(re.search(r"\d", inside) for inside in insides)  # "(10+1)" tells apart, "(Phase 2)" too
    outside = text if has_number else " ".join(_BRACKETS.sub(" ", text).split())
    if outside and outside != text:
        found.append(outside)
    for inside in insides:
        if inside and _is_other_script(inside, outside) and _breadth(inside) >= 0.3 * _breadth(outside):
            found.append(inside)
    for whole in (text, outside):
        parts = [part for part in _SIDES.split(whole) if part]
        if len(parts) > 1 and any(_is_other_script(part, parts[0]) for part in parts[1:]):
            found += parts
    if " " in outside and _IS_RUN.search(outside) and re.search(r"[A-Za-z]{3}", outside):
        runs = [part for part in outside.split() if _IS_RUN.search(part)]
        rest = " ".join(part for part in outside.split() if not _IS_RUN.search(part))
        found += [" ".join(runs), rest] if len(rest) > 3 else []
    return tuple(dict.fromkeys(found))


def acronym_of(text: str) -> str:
    """Return the acronym that a name ends in, in brackets; empty if there is none."""
    if not text.rstrip().endswith((")", "）")):
        return ""
    found = _ACRONYM_LAST.search(text.strip())
    return found[1] if found else ""


def _breadth(text: str) -> int:
    """Return how much a text says: a character of a script without spaces counts for three letters."""
    return sum(3 if _IS_RUN.match(char) else 1 for char in text)


def _is_other_script(one: str, other: str) -> bool:
    return bool(_IS_RUN.search(one)) != bool(_IS_RUN.search(other)) and bool(other)
