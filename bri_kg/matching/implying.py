"""What names imply by where they stand: the state that a list of its bodies leaves out, the plant in a park, the works at a place."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from .initials import could_be_short_for
from .names import NameForm, acronym_of, name_form, spellings
from .records import Record
from .words import head_type

__all__ = [
    "capital_area",
    "described",
    "describes",
    "implied_keys",
    "is_work_at_place",
    "may_stand_in",
    "strange_acronym",
]

_PART = re.compile(r"(.{6,}?)(?:\s+[-–—]\s+|[:,]\s+)(.{3,})")
#: How lists write the National Capital Region of a state short.
_CAPITAL_REGION = "NCR"
#: Words that say of a government that it is that of the whole state.
_OF_ALL = frozenset("central federal national people peoples royal union".split())


def implied_keys(record: Record, state_name: Callable[[str], str]) -> dict[str, str]:
    """Return the names that a record has by what stands beside them, as they are compared, each with the feature that it makes.

    A list of a state's bodies leaves the state out ("State Department"), or says "Central Government"; one of funds puts a subject behind a colon.
    """
    found: dict[str, str] = {}
    body, colon, _ = record.label.partition(": ")
    if colon:
        found[name_form(body).key] = "subject"
    states = [state for state in record.countries if not state.startswith("?")]
    if len(states) == 1 and record.family in ("", "government", "organisation"):
        state = name_form(state_name(states[0])).key.split()
        for form in record.forms:
            words = form.key.split()
            if len(words) > 1 and not set(state) <= set(words):
                found.setdefault(" ".join(sorted([*words, *state])), "name")
            if "government" in words and len(words) < 4:
                plain = [word for word in words if word not in _OF_ALL]
                found.setdefault(" ".join(sorted({*plain, *state})), "government")
    return found


def describes(record: Record, target: Record, state_name: Callable[[str], str]) -> bool:
    """Whether a record of a place is called what the target is: the National Capital Region in the Philippines, a "capital region of" them."""
    return bool(
        capital_area(target.said) and record.countries and described(record, state_name) & {capital_area(target.said)}
    )


def capital_area(said: str) -> frozenset[str]:
    """Return the words of a description of which every state has one, "Capital region of"; nothing of another."""
    return (
        frozenset(name_form(said).tokens) if said.casefold().startswith("capital ") and " of " in said else frozenset()
    )


def described(record: Record, state_name: Callable[[str], str]) -> set[frozenset[str]]:
    """Return the words of the name by which a record is shown, with the states it lies in."""
    lies_in = {token for state in record.countries for token in name_form(state_name(state).removeprefix("?")).tokens}
    found = {frozenset(name_form(name).tokens) - {"national"} | lies_in for name in spellings(record.label)}
    if record.label == _CAPITAL_REGION:
        found.add(frozenset(("capital", "region")) | lies_in)
    return found


def strange_acronym(record: Record, target: Record, is_named: bool) -> str:
    """Return the acronym beside a record's name that cannot be short for any of the target's, IBRD beside World Bank; empty if there is none."""
    if not is_named or target.family not in ("agreement", "law", "mechanism", "organisation", "project", "undertaking"):
        return ""
    short = next((found for name in record.names[:1] if (found := acronym_of(name))), "")
    if len(short) < 3 or not short.replace("-", "").isupper():
        return ""
    return "" if could_be_short_for(short, target.forms) else short


def may_stand_in(record: Record, target: Record, one: NameForm, other: NameForm) -> bool:
    """Whether a record names a part by the whole name of what it stands in: a plant in a park, "X Railway - Y station"."""
    if target.heads & {"zone", "park"} and record.heads & {"plant", "power plant"}:
        return set(other.tokens) < set(one.tokens) and len(other.tokens) > 1
    return target.family == "project" and any(name_form(whole).bag == other.bag for whole in _wholes(record.label))


@lru_cache(maxsize=10_000)
def _wholes(label: str) -> tuple[str, ...]:
    """Return what stands before a dash, colon or comma in a name if a sort of thing stands behind it."""
    found = _PART.match(label)
    return (found[1],) if found and head_type(found[2]) not in ("", head_type(found[1])) else ()


def is_work_at_place(record: Record, target: Record) -> bool:
    """Whether a record is of works where the target is the place itself: a port among projects."""
    return record.family == "project" and target.family == "place" and bool(record.heads & target.heads)
