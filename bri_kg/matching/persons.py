"""Persons' names: titles before and after them, initials, middle names, family names that stand first, and what follows a comma.

Two names are held together word by word. An initial stands for a name that begins with it, a middle name may be left out, "Jr." is another person.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .names import NameForm, name_form

__all__ = ["Likeness", "compare_persons", "has_title", "is_chinese", "person_forms"]

_TITLE = (
    r"h\. ?[erm]\.?|his excellency|her excellency|(?:the )?(?:rt\.? )?hon(?:ou?rable|\.)?|mrs?|ms|miss|mx|sir|madam|dame|lord|dr|prof|professor"
    r"|(?:vice[- ]|deputy )?(?:president|premier|chair(?:man|woman|person)?|prime minister|pm|minister|foreign minister|fm)|pres"
    r"|(?:prime |foreign )?min|(?:general )?secretary(?: general| of state)?|secretary-general|sec(?:y)?|gen(?:eral)?|amb(?:assador)?"
    r"|sen(?:ator)?|rep|gov(?:ernor)?|chancellor|king|queen|prince|princess|sultan|datuk|dato|tun|tan sri|state councill?or|president-elect"
    r"|former|ex|then|comrade"
)
_BEFORE = re.compile(rf"^(?:(?:{_TITLE})(?:\.\s*|\s+|(?<=\.)\s*))+(?=\S)", re.IGNORECASE)
_SURE_TITLE = re.compile(
    r"(?:h\. ?e\.|mr|mrs|ms|dr|prof|sen|amb|hon)\.? (?=[^\W\d_])|(?:premier|president|prime minister|ambassador) [A-Z]",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\s*,\s*(?-i:SM|MM|MP|MEP|DPM|PhD|Esq|QC|KC)$|\s*(?:,|–|—|\s-\s|/)\s*(?:{_TITLE})\b.*$|\s*[(（\[].*$",
    re.IGNORECASE,
)
_OF_STATE = re.compile(r"\s+of (?:the )?[A-Z][\w .']+$")
_OFFICE = re.compile(
    r"(?P<before>(?:[\w.,-]+ ){0,6}?)(?:[Pp]resident|[Pp]remier|[Pp]rime [Mm]inister|PM|FM|[Mm]inister|[Ss]ecretary(?: of [Ss]tate)?|[Aa]mbassador"
    r"|[Cc]hair(?:man|woman)|[Cc]hancellor|[Ss]enator|[Gg]overnor|[Ll]eader)\.? (?P<name>(?:[A-Z][\w'-]*\.? ){0,3}[A-Z][\w'-]+)$"
)
#: Words before a title that make of the name another's.
_NOT_HIS = re.compile(
    r"\b(to|for|under|by|from|with|aide|adviser|advisor|spokes\w+|wife|son|daughter|deputy|vice|assistant)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(国家主席|主席|总统|總統|总理|總理|总书记|總書記|外交?部?长|外交?部?長|部长|部長|大使|国务卿|國務卿|国务委员|先生|女士|教授|博士|同志|首相|国王)$"
)
_BORN = re.compile(r"[,\s]+(jr|sr|ii|iii|iv|junior|senior)\.?$", re.IGNORECASE)
_TURNED = re.compile(r"^([^,，]+)[,，]\s*([^,，]+)$")


class Likeness(NamedTuple):
    """How two names of persons stand to each other: bits, and words for it."""

    bits: float
    said: str


@lru_cache(maxsize=50_000)
def person_forms(text: str) -> tuple[NameForm, ...]:
    """Return the forms of a person's name without titles and remarks, "Trump, Donald J." turned about; none of a name without letters."""
    plain = _OF_STATE.sub("", _AFTER.sub("", text.strip())) or text.strip()
    found = [_turned(_BEHIND.sub("", _BEFORE.sub("", plain)) or plain)]
    office = _OFFICE.match(plain)
    if office and not _NOT_HIS.search(
        office["before"] or ""
    ):  # "Chinese President Xi Jinping", but no "aide to President Xi"
        found.append(office["name"])
    forms = [name_form(one) for one in dict.fromkeys(found)]
    return tuple(form for form in forms if form.key)


def _turned(name: str) -> str:
    turned = _TURNED.match(name)
    whole = f"{turned[2]} {turned[1]}" if turned else name
    return _BEFORE.sub("", whole) or whole


def has_title(text: str) -> bool:
    """Whether a name begins as that of a person does: "H.E. Mr ...", "Dr. ..."."""
    return bool(_SURE_TITLE.match(text))


def is_chinese(names: tuple[str, ...], most: int = 3) -> bool:
    """Whether a person's name is a Chinese one, of two or three characters; those of two (``most``) are borne by many."""
    return not any("·" in name for name in names) and any(
        re.fullmatch(f"[\u4e00-\u9fff]{{2,{most}}}", name) for name in names
    )


def compare_persons(one: NameForm, other: NameForm, chinese: bool = False) -> Likeness:
    """Return how near a record's name is to a person's name that is not the same by letters; in a ``chinese`` one no middle name is left out."""
    mine, theirs = _words(one.text), _words(other.text)
    if bool(_born(one.text)) != bool(_born(other.text)):
        return Likeness(-9.0, f"'{other.text}' is another generation")
    if other.is_run or one.is_run:
        return Likeness(-6.0, f"'{other.text}' is another name")
    if len(mine) > 1 and len(theirs) > 1:
        if not chinese and _is_fuller(mine, theirs):
            return Likeness(2.2, f"'{other.text}' with a middle name")
        turned = len(mine) == len(theirs) == 2  # J. Xi and Xi J. for Xi Jinping
        for a, b in ((mine, theirs), (mine[::-1], theirs[::-1]), (mine, theirs[::-1]))[: 3 if turned else 1]:
            if _is_initialled(a, b):
                return Likeness(0.0, f"'{other.text}' by initials")
        if _is_near(mine, theirs):
            return Likeness(-0.6, f"'{other.text}' but for a letter or two")
    if len(mine) == 1 and len(theirs) > 1 and mine[0] in (theirs[0], theirs[-1]) and len(mine[0]) > 1:
        return Likeness(-1.8, f"one word of '{other.text}'")
    return Likeness(-6.0, f"'{other.text}' is another name")


def _words(text: str) -> list[str]:
    return [name_form(word).key or word.casefold() for word in re.findall(r"[^\W\d_]+", _BORN.sub("", text))]


def _born(text: str) -> str:
    found = _BORN.search(text)
    return found[1].casefold() if found else ""


def _is_fuller(mine: list[str], theirs: list[str]) -> bool:
    """Whether one has the first and the last word of the other, and words or initials between them that the other leaves out."""
    few, many = sorted((mine, theirs), key=len)
    return len(many) > len(few) and few[0] == many[0] and few[-1] == many[-1] and _in_order(few, many)


def _in_order(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(word in rest for word in few)


def _is_initialled(mine: list[str], theirs: list[str]) -> bool:
    """Whether one side has initials for words of the other, D. J. Trump or Lee H. L., and at least one word is the same on both."""
    if len(mine) == len(theirs):
        pairs = list(zip(mine, theirs, strict=True))
        return any(a == b and len(a) > 1 for a, b in pairs) and all(
            a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in pairs
        )
    is_last = mine[-1] == theirs[-1] and len(mine[-1]) > 1 and mine[0] != theirs[0]
    return is_last and mine[0][0] == theirs[0][0] and 1 in (len(mine[0]), len(theirs[0]))


def _is_near(mine: list[str], theirs: list[str]) -> bool:
    from rapidfuzz.distance import DamerauLevenshtein

    if len(mine) != len(theirs):
        return False
    wrong = [DamerauLevenshtein.distance(a, b) for a, b in zip(mine, theirs, strict=True)]
    return (
        sum(wrong) <= 2
        and max(wrong) <= 2
        and all(count <= len(b) // 3 for count, b in zip(wrong, theirs, strict=True))
    )
