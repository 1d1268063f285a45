"""States and groups of states in the texts of records: by code, by name, or by all members."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..lookup import fold
from ..names import IDENTIFIERS, PREFIXES, bri, skos
from ..wording import word
from .matches import Links
from .words import said

__all__ = ["Parties"]

_CODES = ("iso3166-1-alpha-2", "iso3166-1-alpha-3", "iso3166-1-numeric", "un-m49")


class Parties:
    """Knows by which codes and names records may call a state, an organisation or a group of the paper."""

    def __init__(self, kg: KnowledgeGraph, links: Links) -> None:
        self._store, self._kg = kg.store, kg
        self._links = links
        self.forms = cache(self._forms)

    def labels(self, terms: Iterable[str]) -> str:
        """Return the labels of nodes in one text."""
        labels = self._kg.labels
        return word("join", labels.tag).join(labels.label(term) for term in terms)

    def and_more(self, labels: str, others: int) -> str:
        """Return labels of parties and how many more there are."""
        return said("and more", self._kg.labels.tag, labels, others)

    def names(self, term: str, texts: Iterable[str]) -> bool:
        """Whether texts of a record, each a code, a name or a list of names, name a party; a group is named too where all its members are."""
        texts = list(texts)
        codes, names = self.forms(term)
        for text in texts:
            code = text.strip().lstrip("0").casefold()
            if code in codes or any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", fold(text)) for name in names):
                return True
        members = self._members(term)
        return bool(members) and all(self.names(member, texts) for member in members)

    def others(self, terms: Iterable[str], texts: Iterable[str]) -> int:
        """Return how many texts of a list name none of these parties, nor a member of one."""
        known = [one for term in terms for one in (term, *self._members(term))]
        return sum(not any(self.names(term, [text]) for term in known) for text in texts)

    def listed(self, organisation: str, text: str) -> list[str]:
        """Return what a text lists in brackets right behind a name of an organisation: its members, as far as the text counts them."""
        for name in sorted(self.forms(organisation)[1], key=len, reverse=True):
            found = re.search(rf"(?<!\w){re.escape(name)}\s*\(([^()]*)\)", text, re.IGNORECASE)
            if found:
                return [one.strip() for one in found.group(1).split(",") if one.strip()]
        return []

    def is_called(self, term: str, entry: str) -> bool:
        """Whether an entry of a list is a name of a state, or the first words of one, as "Lao" is of "Lao PDR"."""
        called = fold(entry).removeprefix("the ")
        return any(name == called or name.startswith(f"{called} ") for name in self.forms(term)[1])

    def may_be_in(self, terms: Iterable[str], state: str) -> bool:
        """Whether an office in the state with this Wikidata IRI can be that of a post at ``terms``; only two known states can differ."""
        known = {
            link.object
            for link in self._links.of(term for term in terms if term.startswith(PREFIXES["state"]))
            if link.predicate == "exactMatch" and link.object.startswith(IDENTIFIERS["wikidata"])
        }
        return not state or not known or state in known

    def _members(self, term: str) -> tuple[str, ...]:
        quads = self._store.quads_for_pattern(
            None, ox.NamedNode(bri("countedAmong")), ox.NamedNode(term), ox.DefaultGraph()
        )
        return tuple(sorted({q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)} - {term}))

    def _forms(self, term: str) -> tuple[frozenset[str], frozenset[str]]:
        codes = set()
        for link in self._links.of([term]):
            list_and_code = link.object.removeprefix(IDENTIFIERS["code"])
            scheme, _, code = list_and_code.partition("/")
            if link.predicate == "exactMatch" and scheme in _CODES:
                codes.add(code.lstrip("0").casefold())
        names = {
            fold(quad.object.value)
            for predicate in ("prefLabel", "altLabel")
            for quad in self._store.quads_for_pattern(
                ox.NamedNode(term), ox.NamedNode(skos(predicate)), None, ox.DefaultGraph()
            )
            if isinstance(quad.object, ox.Literal)
        }
        short = {name for name in names if len(name) > 2} if term.startswith(PREFIXES["state"]) else names
        return frozenset(codes), frozenset(short)
