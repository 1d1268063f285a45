"""Treaties called after their parties, as lists of trade agreements call them: "ASEAN - China", "ASEAN Australia New Zealand FTA".

Such a title says between whom and no more, so that it is held against the free trade areas and economic agreements of the very same parties.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from .countries import States
from .names import name_form, spellings
from .records import Record

__all__ = ["Parties", "Tie"]

#: What a treaty's title may say besides its parties and still mean the whole of what they agreed.
_WHOLE = frozenset(
    "free trade area agreement treaty preferential economic partnership cooperation comprehensive framework closer regional bilateral".split()
)
#: What makes of it a treaty on one subject, a change or an accession.
_PART = frozenset(
    """services service goods investment investments dispute settlement mechanism early harvest program protocol amendment amended amending
    accession consolidated additional second first subsequent movement persons""".split()
)
_TRADE = re.compile(r"\btrade\b|\bfta\b|\beconomic (co-?operation|partnership)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?(?=\s|$)")
_NETWORK = re.compile(r"\bnetwork\b", re.IGNORECASE)


class Tie(NamedTuple):
    """How a treaty called after its parties stands to a target: the feature, its bits and its words."""

    feature: str
    bits: float
    said: str


class _Said(NamedTuple):
    parties: tuple[str, ...]
    rest: tuple[str, ...]


class Parties:
    """Finds the parties in names: the states of a graph, and its international organisations, among ``targets``."""

    def __init__(self, states: States, targets: Iterable[Record]) -> None:
        targets = list(targets)
        self._names = dict(states.names())
        for target in targets:
            if target.kind == "InternationalOrganisation":
                for form in target.forms:
                    if len(form.key) > 4 and not form.is_run:
                        self._names[form.key] = target.id
        self._longest = max((len(name.split()) for name in self._names), default=1)
        self._of_target: dict[str, tuple[frozenset[str], str, bool]] = {}
        for target in targets:
            is_area = target.kind == "FreeTradeArea"
            if is_area or (target.family == "agreement" and any(map(_TRADE.search, target.names))):
                found = self._find(target.label)
                said = {party for name in (*target.names, target.said) for party in self._find(name).parties}
                if len(said) > 1:
                    hub = found.parties[0] if found.parties else ""
                    is_network = any(map(_NETWORK.search, target.names))
                    self._of_target[target.id] = (frozenset(said), hub, is_network)
        self.by_parties: dict[str, list[str]] = {}
        for iri, (all_parties, _, _) in self._of_target.items():
            for party in all_parties:
                self.by_parties.setdefault(party, []).append(iri)

    def said(self, record: Record) -> list[_Said]:
        """Return what a treaty's titles say of parties, of those titles that say at least two and nothing that is not understood."""
        if record.family != "agreement":
            return []
        found = (self._find(spelling) for name in record.names for spelling in spellings(name))
        return [one for one in found if len(one.parties) > 1 and set(one.rest) <= _WHOLE | _PART]

    def near(self, record: Record) -> set[str]:
        """Return the targets between parties of which a treaty's title names two or more."""
        found: set[str] = set()
        for one in self.said(record):
            of_each = [set(self.by_parties.get(party, ())) for party in one.parties]
            found |= {iri for each in of_each for iri in each if sum(iri in other for other in of_each) > 1}
        return found

    def tie(self, record: Record, target: Record) -> Tie | None:
        """Return how a treaty called after its parties stands to a target; None where it is not of the same parties."""
        known = self._of_target.get(target.id)
        if known is None:
            return None
        theirs, hub, is_network = known
        for one in self.said(record):
            mine = frozenset(one.parties)
            if is_network and len(theirs) > 2 and mine < theirs and hub in mine:
                return Tie("party of network", 6.0, "its parties are among those of the network")
            if mine != theirs or any(form.numbers for form in target.forms if not form.is_run):
                continue  # a numbered version is another than the plain one
            is_part = bool(set(one.rest) & _PART)
            if target.family != "agreement":
                said = "the same parties" + (", on one subject" if is_part else ", who made it by this treaty")
                return Tie("party part" if is_part else "party area", 5.5, said)
            if not is_part and record.years and target.years and _gap(record.years, target.years) == 0:
                return Tie("party agreement", 6.0, "the same parties in the same year")
        return None

    def _find(self, text: str) -> _Said:
        words = name_form(_POSSESSIVE.sub("", text)).key.split()
        parties: list[str] = []
        rest: list[str] = []
        place = 0
        while place < len(words):
            for length in range(min(self._longest, len(words) - place), 0, -1):
                iri = self._names.get(" ".join(words[place : place + length]))
                if iri:
                    if iri not in parties:
                        parties.append(iri)
                    place += length
                    break
            else:
                rest.append(words[place])
                place += 1
        return _Said(tuple(parties), tuple(rest))


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)
