"""What is matched: a record, whether it is a row of a table or an entity of the graph, with the features that are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .headings import LEVELS
from .names import NameForm, acronym_of, name_form, name_forms, spellings
from .words import head_type, is_part, project_in_title

__all__ = [
    "DEFAULT_KINDS",
    "FAMILIES",
    "Record",
    "family_of",
    "level_of",
    "years_of",
]

#: Kinds of entity that tables speak of. Components, notions, issues, phases and works cited are matched only where asked for.
DEFAULT_KINDS = (
    "State",
    "Government",
    "Organisation",
    "Person",
    "Place",
    "Project",
    "Agreement",
    "Initiative",
    "Strategy",
    "Programme",
    "Law",
    "Mechanism",
    "Group",
    "Partnership",
    "Event",
    "Document",
)
#: The family to which kinds belong for comparison: kinds of one family may be the same thing, kinds of two may not.
FAMILIES: dict[str, str] = {
    "State": "state",
    "Government": "government",
    "Administration": "government",
    "Organisation": "organisation",
    "Company": "organisation",
    "GovernmentBody": "organisation",
    "ResearchInstitution": "organisation",
    "InternationalOrganisation": "organisation",
    "Community": "organisation",
    "Mechanism": "mechanism",
    "FreeTradeArea": "mechanism",
    "Person": "person",
    "Place": "place",
    "Region": "place",
    "Project": "project",
    "Agreement": "agreement",
    "Partnership": "mechanism",
    "Document": "document",
    "Initiative": "undertaking",
    "Strategy": "undertaking",
    "Programme": "undertaking",
    "Law": "law",
    "Group": "group",
    "Event": "event",
    "Summit": "event",
    "Forum": "event",
    "Meeting": "event",
}
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")


@dataclass(eq=False)
class Record:
    """One side of a comparison.

    ``names`` are all its names as written, ``label`` the one it is shown by; ``family`` is the sort of thing (see :data:`FAMILIES`), empty where
    unknown, and not sure where a heading alone says it; ``countries`` are IRIs of states; ``years`` the first and the last year it is dated to;
    ``amounts`` plain numbers; ``point`` latitude and longitude; ``place`` the line of a row in its file; ``unit`` the part of the thing that it
    is about; ``level`` says whether a place is a ``settlement`` or an ``area``; ``is_current`` is false of what its own list calls superseded;
    ``said`` describes it; ``elsewhere`` are keys of names that other languages have for it, ``codes`` are codes of a state; ``spelt_out`` are
    names in which a short form was spelt out, each with the entity whose short form it is and which that name therefore does not mean.
    """

    id: str
    label: str
    names: tuple[str, ...]
    family: str = ""
    is_kind_sure: bool = True
    kind: str = ""
    countries: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None
    amounts: tuple[float, ...] = ()
    point: tuple[float, float] | None = None
    place: int = 0
    identifiers: frozenset[str] = frozenset()
    type_words: frozenset[str] = frozenset()
    is_financing: bool = False
    unit: str = ""
    level: str = ""
    is_current: bool = True
    said: str = ""
    elsewhere: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    spelt_out: Mapping[str, str] = field(default_factory=dict, repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def forms(self) -> tuple[NameForm, ...]:
        """The forms in which its names are compared, each once."""
        found: dict[str, NameForm] = {}
        for name in self.names:
            for form in name_forms(name):
                if form.key not in found or found[form.key].year:
                    found[form.key] = form
        title = project_in_title(self.names[0]) if self.is_financing and self.names else ""
        for spelling in spellings(title) if title else ():
            for said in (
                spelling,
                re.sub(r"^(?:phase|section|stage|lot) \w+ of (?:the )?", "", spelling, flags=re.IGNORECASE),
            ):
                form = name_form(said)
                found.setdefault(form.key, form)
        return tuple(found.values())

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """Keys of the acronyms that stand in brackets behind its names; what they stand for may be another thing with the same letters."""
        return frozenset(name_form(found).key for name in self.names if (found := acronym_of(name)))

    @property
    def compared(self) -> tuple[object, ...]:
        """All of it that is compared, but for other cells of its row: records that have this in common match alike."""
        return (
            self.names, self.family, self.is_kind_sure, self.countries, self.years, self.amounts, self.point, self.identifiers,
            self.type_words, self.unit, self.level, self.is_current,
        )  # fmt: skip

    @cached_property
    def context(self) -> frozenset[str]:
        """The words of its description."""
        return frozenset(name_form(self.said).tokens) if self.said else frozenset()

    @cached_property
    def heads(self) -> frozenset[str]:
        """The types that its names and its kind say it is of."""
        found = {head_type(form.text) for form in self.forms} | self.type_words
        return frozenset(found - {""})

    @cached_property
    def is_part(self) -> bool:
        """Whether it is about a part or a phase: its name says so, or it has a unit."""
        return bool(self.unit) or any(is_part(name) for name in self.names[:1])


def family_of(kinds: Iterable[str]) -> str:
    """Return the family of an entity of these classes; empty if none of them has one."""
    found = {FAMILIES[kind] for kind in kinds if kind in FAMILIES}
    if len(found) > 1:
        found -= {"document", "group", "undertaking"}  # what else it is says more
    return "mechanism" if "mechanism" in found else min(found, default="")


def years_of(text: str) -> tuple[int, int] | None:
    """Return the first and the last year that a text names; None without one."""
    years = [int(year) for year in _YEAR.findall(text)]
    return (min(years), max(years)) if years else None


def level_of(text: str) -> str:
    """Return whether a kind or a description says that a place is a ``settlement`` or an ``area``; empty where it says neither."""
    return next((level for pattern, level in LEVELS if re.search(pattern, text.casefold())), "")
