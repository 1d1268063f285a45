"""Which states a text, a cell or a code means: by the graph's own names, by the codes that its links give, and by adjectives such as "Lao"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from ..names import PREFIXES, bri, rdf, skos
from .names import clean_text, name_form

__all__ = ["States"]

#: Adjectives and older names, by the English label of the state in the graph.
_ADJECTIVES = {
    "Australia": "australian",
    "Cambodia": "khmer",
    "India": "indian",
    "Japan": "japanese",
    "Kazakhstan": "kazakh",
    "New Zealand": "zealand",
    "Philippines": "filipino",
    "South Korea": "korean",
    "Sri Lanka": "lankan",
    "United States": "american",
}
_DEFAULT = ox.DefaultGraph()
_CODES = "https://w3id.org/bri-kg/code/"
#: What cells say that name no state.
_SEVERAL = re.compile(
    r"(multiple|several|various|multi|other|all|regional|region|global|world|international|n\.?/?a\.?|none|unknown|tbd|-+|\?+)\W*(countries|country)?\W*|多国|区域|全球|其他|不详",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[;,/|、，；]\s*|\s+(?:and|&|und|et|y)\s+")


class States:
    """The states of a graph, found by name or code."""

    def __init__(self, store: ox.Store) -> None:
        self._by_key: dict[str, str] = {}
        self._by_code: dict[str, str] = {}
        self._codes: dict[str, set[str]] = {}
        self._elsewhere: dict[str, set[str]] = {}
        latin: dict[str, str] = {}
        self._runs: list[tuple[str, str]] = []
        for quad in store.quads_for_pattern(None, ox.NamedNode(rdf("type")), ox.NamedNode(bri("State")), _DEFAULT):
            if not isinstance(quad.subject, ox.NamedNode):
                continue
            iri = quad.subject.value
            for predicate in ("prefLabel", "altLabel"):
                for named in store.quads_for_pattern(quad.subject, ox.NamedNode(skos(predicate)), None, _DEFAULT):
                    if not isinstance(named.object, ox.Literal):
                        continue
                    form = name_form(named.object.value)
                    self._by_key[form.key] = iri
                    if form.is_run:
                        self._runs.append((form.key, iri))
                    elif len(form.key) > 3:
                        latin[form.key] = iri
                    for adjective in _ADJECTIVES.get(named.object.value, "").split():
                        latin[adjective] = iri
            self._read_codes(store, quad.subject)
        self._read_names()
        self._latin = latin
        self._runs.sort(key=lambda one: -len(one[0]))
        self._words = sorted({len(name.split()) for name in latin}, reverse=True)

    def _read_names(self) -> None:
        """Read what states are called in other languages (``state_names.tsv``); a name of the graph's own goes before."""
        text = Path(__file__).with_name("state_names.tsv").read_text(encoding="utf-8")
        own = set(self._by_key)
        known = set(self._by_key.values())
        for line in text.splitlines():
            state, _, rest = line.partition("\t")
            iri = PREFIXES["state"] + state
            if iri in known:
                form = name_form(rest.partition("\t")[0])
                for key in {form.key, form.bag} - own:
                    if self._by_key.setdefault(key, iri) == iri:
                        self._elsewhere.setdefault(iri, set()).add(key)

    def codes_of(self, iri: str) -> frozenset[str]:
        """Return the codes of a state that the graph's links give, in small letters."""
        return frozenset(self._codes.get(iri, ()))

    def names_elsewhere(self, iri: str) -> frozenset[str]:
        """Return the keys of the names that other languages have for a state."""
        return frozenset(self._elsewhere.get(iri, ()))

    def _read_codes(self, store: ox.Store, state: ox.NamedNode) -> None:
        for quad in store.quads_for_pattern(state, ox.NamedNode(skos("exactMatch")), None, _DEFAULT):
            if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(_CODES + "iso3166-1-"):
                code = quad.object.value.rpartition("/")[2].upper()
                self._by_code[code] = state.value
                self._codes.setdefault(state.value, set()).add(code.casefold())

    @property
    def has_codes(self) -> bool:
        """Whether the graph's links give codes of states."""
        return bool(self._by_code)

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield the names of states in scripts with spaces, as they are compared, each with its state."""
        yield from self._latin.items()

    def name_of(self, iri: str) -> str:
        """Return a state as it stands in an explanation."""
        return iri.removeprefix(PREFIXES["state"]).replace("-", " ")

    def in_text(self, text: str) -> frozenset[str]:
        """Return the states that a name or a sentence speaks of."""
        words = name_form(text).key.split()
        found = set()
        for length in self._words:
            for place in range(len(words) - length + 1):
                iri = self._latin.get(" ".join(words[place : place + length]))
                if iri:
                    found.add(iri)
        if re.search(r"\bU\.?S\.?(A\.?)?(?![\w])", text) and "us" in self._by_key:
            found.add(self._by_key["us"])
        key = name_form(text).key
        for run, iri in self._runs:  # the longest first: 印度尼西亚 does not name 印度
            if run in key:
                found.add(iri)
                key = key.replace(run, " ")
        return frozenset(found)

    def are_known(self, cell: str) -> bool:
        """Whether a cell names states of the graph and nothing else."""
        found = self.of_cell(cell)
        return bool(found) and not any(state.startswith("?") for state in found)

    def is_name(self, key: str) -> bool:
        """Whether a name, as it is compared, is a state's."""
        return key in self._by_key

    def without_state(self, text: str) -> str:
        """Return a name in a script without spaces but for the state that it begins with, 雅万高铁 for 印尼雅万高铁; empty for another."""
        if text.isascii():
            return ""
        form = name_form(text)
        first = next((run for run, _ in self._runs if form.is_run and form.key.startswith(run)), "")
        return form.key[len(first) :] if first and len(form.key) - len(first) > 3 else ""

    def of_cell(self, cell: str) -> frozenset[str]:
        """Return what a cell of a column of countries means: IRIs of states; ``?`` and the text for each that the graph does not have."""
        text = clean_text(cell)
        if not text or _SEVERAL.fullmatch(text):
            return frozenset()
        whole = self._one(text)
        if whole:
            return frozenset([whole])
        found = set()
        for part in _BETWEEN.split(text):
            if part:
                found.add(self._one(part) or "?" + name_form(part).key)
        return frozenset(found)

    def _one(self, text: str) -> str:
        code = self._by_code.get(text.upper()) if len(text) <= 3 else None
        if code:
            return code
        form = name_form(text)
        key = form.key
        if key in self._by_key:
            return self._by_key[key]
        if form.bag in self._by_key:
            return self._by_key[form.bag]
        return self._latin.get(key, "")
