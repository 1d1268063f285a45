"""Names as they are compared: one form for spelling, case, accents, punctuation and abbreviations, in any script.

Latin, Cyrillic and the like are cut into words; scripts that write without spaces (Chinese, Thai, Lao, Khmer, Burmese) into pairs of characters.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from .chinese import simplified
from .spelling import CHINESE, EMPTY, FOREIGN_TYPES, LETTERS, ORDINALS, PHRASES, WORDS

__all__ = ["NameForm", "acronym_of", "clean_text", "name_form", "name_forms", "spellings"]

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
#: Marks of footnotes: small raised figures, and a figure or a letter in square brackets at the end.
_RAISED = re.compile(r"(?<=[^\W\d_]|[)）])[¹²³⁰-⁹]+")
_NOTE_LAST = re.compile(r"\s*(?:\[(?:\d{1,2}|[a-z])\]|[*†‡§]+|(?<=[)）])[¹²³⁰-⁹]+)\s*$", re.IGNORECASE)
_PLUS = re.compile(r"(?<=[a-z])\s*\+\s*(?=\w)")
_PHRASES = [(re.compile(pattern), words) for pattern, words in PHRASES.items()]
_CHINESE = [(re.compile(pattern), words) for pattern, words in CHINESE.items()]
_ZH_NUMBER = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5"}


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name ready to be compared.

    ``key`` is what equal names share; ``bag`` the same without regard to the order of words; ``tokens`` are words, and pairs of characters of
    scripts without spaces; ``numbers`` are the numbers in it; ``text`` is the name as written; ``year`` is one that stands in the name and was
    left out of the form.
    """

    text: str
    key: str
    bag: str
    tokens: tuple[str, ...]
    numbers: frozenset[str]
    is_acronym: bool
    year: str = ""

    @property
    def is_run(self) -> bool:
        """Whether the name is in a script without spaces."""
        return bool(_IS_RUN.search(self.key))


def clean_text(value: object) -> str:
    """Return a cell's text without marks that nobody sees, and with single spaces."""
    text = unicodedata.normalize("NFC", str(value))
    if "&" in text and ";" in text:
        text = html.unescape(text)
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
        folded = _RAISED.sub("", folded)
        folded = unicodedata.normalize("NFKC", folded).casefold().translate(LETTERS)
        folded = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", folded)))
        if _IS_RUN.search(folded):
            folded = simplified(folded)
            for pattern, said in _CHINESE:
                folded = pattern.sub(said, folded)
    folded = _NOTE_LAST.sub("", folded).translate(_DROPPED)
    if "." in folded:
        folded = _INITIALS.sub(lambda match: match[0].replace(".", "") + " ", folded)
    if "co-op" in folded:
        folded = folded.replace("co-op", "coop")
    if "+" in folded:
        folded = _PLUS.sub(" plus ", folded)
    if " " in folded:
        for foreign, english in FOREIGN_TYPES.items():
            if foreign in folded:
                folded = folded.replace(foreign, english)
        if "china" in folded:
            for pattern, said in _PHRASES:
                folded = pattern.sub(said, folded)
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
    return tuple(_spelling(word) for word in WORDS.get(piece, (piece,)) if word not in EMPTY)


def _spelling(word: str) -> str:
    if word in ORDINALS:
        return ORDINALS[word]
    if word[0].isdigit():
        return re.sub(r"(?<=\d)(st|nd|rd|th)$", "", word).lstrip("0") or "0"
    if len(word) > 6 and "iz" in word:
        return re.sub(r"iz(?=(e|ed|es|ing|ation|ations|er|ers)$)", "is", word)
    return word


_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_ACRONYM_LAST = re.compile(r"[(（]\s*([A-Z][A-Za-z0-9&-]{1,9}[A-Z0-9])\s*[)）]$")
_ACRONYM_TAIL = re.compile(r"(?<=\w)\s*(?:[–—]\s*|\s-\s+|,\s+)([A-Z][A-Z0-9&-]{1,7}[A-Z0-9])$")
_ACRONYM_FIRST = re.compile(r"^([A-Z][A-Z0-9&-]{1,7}[A-Z0-9])(?:\s*[–—:]\s*|\s+-\s+|\s*[(（])(?=\w)")
_YEAR = r"(?:1[89]|20)\d\d"
_YEAR_LAST = re.compile(
    rf"(?<=\w)(?:,| of)? {_YEAR}$|\s*[(（]{_YEAR}(?:\s*[-–—]\s*{_YEAR})?[)）]$|(?<=[\u4e00-\u9fff])[(（]?{_YEAR}年?[)）]?$"
)
_YEAR_FIRST = re.compile(rf"^{_YEAR}(?: |年)(?=\w)")
_YEARS = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_REMARK_LAST = re.compile(r",\s*(regional|unspecified)$", re.IGNORECASE)
_WORKS_LAST = re.compile("(?<=[\u4e00-\u9fff]{3})(?:建设)?(?:项目|工程)$")
_PHASE_LAST = re.compile(r"\s*[(（](?:phase|stage|lot|section|part) [\dIVX]+[)）]$", re.IGNORECASE)
_FORMERLY = re.compile(r"\s*[(（](?:formerly|former|previously|also|a\.?k\.?a\.?|ex)\b[^()（）]*[)）]$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\(?\d{1,3}[.)]\s+(?=[^\W\d])")
_COMPASS = re.compile(r"^(N|S|E|W|NE|NW|SE|SW)\.? (?=[A-Z][a-z]|[a-z]{3})")
_DIRECTIONS = {"N": "North", "S": "South", "E": "East", "W": "West"}
_MARKED = re.compile(r"[(\[/|;,:*]|^\W?\d| \d{4}$|^[NSEW]{1,2}[. ]| -{1,2} ")
_SIDES = re.compile(r"\s*[/／|;；]\s*|\s+[–—-]{1,2}\s+")


@lru_cache(maxsize=200_000)
def spellings(text: str) -> tuple[str, ...]:
    """Return the names that one cell may hold: the whole, without brackets, number or year, and each language of a bilingual cell."""
    text = text.strip()
    if text.isascii() and not _MARKED.search(text):
        return (text,)
    text = _NOTE_LAST.sub("", text) or text
    found = [text]
    for pattern in (
        _REMARK_LAST,
        _NUMBERED,
        _YEAR_LAST,
        _YEAR_FIRST,
        _WORKS_LAST,
        _ACRONYM_TAIL,
        _PHASE_LAST,
        _FORMERLY,
    ):
        plain = pattern.sub(
            "", text
        )  # lists of regions for aid say "Asia, regional"; "BUILD Act of 2018": the year counts as a date
        if plain != text:
            found.append(plain)
    if compass := _COMPASS.match(text):
        first, *second = (_DIRECTIONS[letter] for letter in compass[1])
        found.append(f"{first}{''.join(second).casefold()} {text[compass.end() :]}")
    insides = [inside.strip() for inside in _BRACKETS.findall(text)]
    has_number = any(re.search(r"\d", inside) for inside in insides)  # "(10+1)" tells apart, "(Phase 2)" too
    outside = text if has_number else " ".join(_BRACKETS.sub(" ", text).split())
    if outside and outside != text:
        found.append(outside)
        undated = _YEAR_LAST.sub("", outside)
        if undated != outside:
            found.append(undated)
    for inside in insides:
        if inside and _is_other_script(inside, outside) and _breadth(inside) >= 0.3 * _breadth(outside):
            found.append(inside)
    if (acronym := _ACRONYM_FIRST.match(text)) and _is_short_for(acronym[1], text[acronym.end() :]):
        found.append(text[acronym.end() :].rstrip(" )）"))
    for whole in (text, outside):
        parts = [part for part in _SIDES.split(whole) if part]
        if len(parts) > 1 and any(_is_other_script(part, parts[0]) for part in parts[1:]):
            found += parts
    if " " in outside and _IS_RUN.search(outside) and re.search(r"[A-Za-z]{3}", outside):
        runs = [part for part in outside.split() if _IS_RUN.search(part)]
        rest = " ".join(part for part in outside.split() if not _IS_RUN.search(part))
        found += [" ".join(runs), rest] if len(rest) > 3 else []
    return tuple(one for one in dict.fromkeys(found) if one)


def _is_short_for(acronym: str, name: str) -> bool:
    """Whether the letters of an acronym begin words of a name, in their order: AIIB, but not ENN before "(China)"."""
    starts = iter(word[0] for word in re.findall(r"[^\W\d_]+", name.casefold()))
    return all(letter in starts for letter in acronym.casefold() if letter.isalpha())


def name_forms(text: str) -> list[NameForm]:
    """Return the forms of the names that a cell may hold; one from which a year was taken keeps it in ``year``."""
    found = []
    years = _YEARS.findall(text)
    for spelling in spellings(text):
        form = name_form(spelling)
        if form.key:
            left = [year for year in years if year not in spelling] if years else []
            found.append(replace(form, year=left[0]) if left else form)
    return found


@lru_cache(maxsize=100_000)
def acronym_of(text: str) -> str:
    """Return the acronym that stands beside a name, in brackets behind it or before it with a dash; empty if there is none."""
    text = _NOTE_LAST.sub("", text.strip())
    found = _ACRONYM_LAST.search(text) if text.endswith((")", "）")) else None
    found = found or _ACRONYM_FIRST.match(text) or _ACRONYM_TAIL.search(text)
    return found[1] if found else ""


def _breadth(text: str) -> int:
    """Return how much a text says: a character of a script without spaces counts for three letters."""
    return sum(3 if _IS_RUN.match(char) else 1 for char in text)


def _is_other_script(one: str, other: str) -> bool:
    return bool(_IS_RUN.search(one)) != bool(_IS_RUN.search(other)) and bool(other)
