"""Short forms that are initials: MCKIP for Malaysia-China Kuantan Industrial Park, with or without its small words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from .names import NameForm, name_form

__all__ = ["could_be_short_for", "initials_bits", "initials_of", "is_short_form", "mixed"]

_SHORT = re.compile(r"[A-Z][A-Za-z0-9&.+-]{0,10}[A-Z0-9.]")
_WORD = re.compile(r"[^\W_]+")
#: Longer names than this have no initials that people use.
_MOST = 7


def is_short_form(text: str) -> bool:
    """Whether a name is one short word in capitals."""
    return bool(_SHORT.fullmatch(text)) and sum(char.isupper() for char in text) >= 2


@lru_cache(maxsize=20_000)
def initials_of(form: NameForm) -> frozenset[str]:
    """Return the keys of a name's initials: of its words as they are compared and as they are written; none of one word, or of many."""
    if form.is_run:
        return frozenset()
    found = set()
    for words in (form.key.split(), _WORD.findall(form.text.casefold())):
        for some in (words, [word for word in words if word not in ("of", "the", "and", "on", "in", "for", "a")]):
            if 1 < len(some) <= _MOST:
                found.add("".join(word[0] for word in some))
    return frozenset(found)


def initials_bits(short: str) -> float:
    """Return what it speaks for that a short form has the initials of a name: the more letters, the less by chance."""
    return {0: -9.0, 1: -9.0, 2: -0.8, 3: 0.3, 4: 1.6}.get(len(short), 2.0)


def mixed(short: str) -> str:
    """Return the letters of a short form without their order: ACFTA and CAFTA are one."""
    return "".join(sorted(short))


def could_be_short_for(acronym: str, names: Iterable[NameForm]) -> bool:
    """Whether an acronym beside a name can be made of the letters of one of ``names``, in their order or as its initials in any."""
    short = [char for char in acronym.casefold() if char.isalnum()]
    for form in names:
        if form.is_run:
            continue
        if name_form(acronym).key == form.key or any(sorted(short) == sorted(one) for one in initials_of(form)):
            return True
        for text in (form.text.casefold(), form.key):
            letters = iter(char for char in text if char.isalnum())
            if all(char in letters for char in short):
                return True
    return False
