"""What the project's own links (``graph_data/links``) say of a record: it carries an identifier that they affirm or deny, or bears the name of one.

A person decided those, so that they go before what names say: the channel 44001 is narrower than the World Bank, Q1461 is not Metro Manila.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pyoxigraph as ox

from ..links.stored import stored_mappings
from ..names import PREFIXES, rdfs, shorten
from .entities import local_identifier
from .features import Part
from .records import Record

__all__ = ["Decision", "Decisions"]

_SOURCE, _PROPERTY, _TARGET = (
    PREFIXES["owl"] + name for name in ("annotatedSource", "annotatedProperty", "annotatedTarget")
)
_LABEL, _MODIFIER = PREFIXES["sssom"] + "object_label", PREFIXES["sssom"] + "predicate_modifier"
_COMMENT = rdfs("comment")


class Decision(NamedTuple):
    """A row of a link set: ``target`` of the graph, how it stands to ``found`` elsewhere, whether that is denied, and the remark on it."""

    target: str
    predicate: str
    found: str
    label: str
    is_denied: bool
    comment: str


class Decisions:
    """The rows of the link sets in a store, by identifier and by the name that they print."""

    def __init__(self, store: ox.Store | None) -> None:
        self._by_identifier: dict[str, list[Decision]] = {}
        self._by_label: dict[str, list[Decision]] = {}
        for one in _rows(store) if store is not None else ():
            if local := local_identifier(one.found):
                self._by_identifier.setdefault(local, []).append(one)
            if one.label:
                self._by_label.setdefault(one.label.casefold(), []).append(one)

    def of(self, record: Record) -> dict[str, Decision]:
        """Return what is known of a record, by target: by its identifiers, or where it has none that is known by its name."""
        by_id = (one for identifier in record.identifiers for one in self._by_identifier.get(identifier, ()))
        found = _agreed(by_id, by_identifier=True)
        if found or not self._by_label or not record.forms:
            return found
        return _agreed(self._by_label.get(record.label.casefold(), ()))

    @staticmethod
    def part(record: Record, target: Record, decision: Decision) -> Part | None:
        """Return the part that a decision makes; None where a name is the target's own, so that its letters decide."""
        what = shorten(decision.found)
        by_identifier = local_identifier(decision.found) in record.identifiers
        if not by_identifier and record.label.casefold() in map(str.casefold, target.names):
            return None
        if decision.is_denied:
            why = f": {decision.comment}" if decision.comment else ""
            return Part("link", -12.0 if by_identifier else -4.0, f"our links say that {what} is not it{why}")
        if by_identifier:
            return Part("link", 9.0, f"our links have {what} under this id")
        return Part("link", 2.5 if record.forms[0].is_acronym else 6.0, f"our links have {what} under this name")


def _agreed(decisions: Iterable[Decision], by_identifier: bool = False) -> dict[str, Decision]:
    """Return one decision a target, of several that affirm the one that says least.

    Of the same thing elsewhere what is affirmed counts, since it says less than what is denied: a loan is not the project and yet tells of money for
    it. Of several things the denial counts where each is a row's own identifier (one may be an error of its list), and else none does.
    """
    found: dict[str, Decision] = {}
    torn = set()
    rows = list(decisions)
    affirmed = {(one.target, one.found) for one in rows if not one.is_denied}
    for one in rows:
        if one.is_denied and (one.target, one.found) in affirmed:
            continue
        other = found.setdefault(one.target, one)
        if other.is_denied != one.is_denied:
            torn.add(one.target)
            found[one.target] = one if one.is_denied else other
        elif other.predicate == "skos:exactMatch":
            found[one.target] = one
    return {target: one for target, one in found.items() if by_identifier or target not in torn}


def _rows(store: ox.Store) -> Iterable[Decision]:
    for _, values in stored_mappings(store):
        said = {name: found[0] for name, found in values.items()}
        if _TARGET in said and said[_TARGET] != PREFIXES["sssom"] + "NoTermFound":
            yield Decision(
                said[_SOURCE],
                shorten(said[_PROPERTY]),
                said[_TARGET],
                said.get(_LABEL, ""),
                _MODIFIER in said,
                said.get(_COMMENT, ""),
            )
