"""Names to nodes and back: the entity that a person means, and the label that a node is shown by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from .errors import NameLookupError
from .names import BASE, ONTOLOGY, PREFIXES, expand, rdf, rdfs, shorten, skos

__all__ = ["Candidate", "Candidates", "Labels", "Lookup", "fold"]

_DEFAULT = ox.DefaultGraph()
_PREF, _ALT = ox.NamedNode(skos("prefLabel")), ox.NamedNode(skos("altLabel"))
_LABEL, _TYPE = ox.NamedNode(rdfs("label")), ox.NamedNode(rdf("type"))
_SUBCLASS = ox.NamedNode(rdfs("subClassOf"))
_BOOLEAN = ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
_SEGMENT = PREFIXES["segment"]
#: Relations of SKOS between a thing and an identifier, which no file of ours labels.
_MATCHES = {skos(one) for one in ("broadMatch", "closeMatch", "exactMatch", "narrowMatch", "relatedMatch")}


def fold(text: str) -> str:
    """Return ``text`` in the form in which names are compared: without case, accents, quotes and doubled spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("-", " ").replace("–", " "))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c) and c not in "\"'“”‘’《》").split())


class Candidate(NamedTuple):
    """An entity that a name may mean: its short IRI, label, kind and the name that matched."""

    name: str
    label: str
    kind: str
    matched: str


class Candidates(list[Candidate]):
    """Entities that a name may mean, best first; a notebook shows them as a table."""

    def __init__(self, found: Iterable[Candidate], language: str = "en") -> None:
        super().__init__(found)
        self.language = language

    def _repr_html_(self) -> str:
        from .notebook import candidates_to_html

        return candidates_to_html(self, self.language)


class Labels:
    """What a node is called in one language; looked up when asked for and kept."""

    def __init__(self, store: ox.Store, language: str = "en") -> None:
        self._store = store
        self.tag = "zh-hans" if language.startswith("zh") else "en"
        self._known: dict[str, str] = {}

    def label(self, iri: str) -> str:
        """Return the preferred label of ``iri`` in this language, else in another, else its short IRI."""
        if iri not in self._known:
            self._known[iri] = self._find(iri)
        return self._known[iri]

    def _find(self, iri: str) -> str:
        if iri.startswith(_SEGMENT):
            return iri.removeprefix(_SEGMENT)
        node = ox.NamedNode(iri)
        for predicate in (_PREF, _LABEL):
            found = {
                quad.object.language: quad.object.value
                for quad in sorted(
                    self._store.quads_for_pattern(node, predicate, None, _DEFAULT), key=str, reverse=True
                )
                if isinstance(quad.object, ox.Literal)
            }
            if found:
                return found.get(self.tag) or found.get("en") or min(found.values())
        if iri in _MATCHES:  # in the words of `bri-kg show`: same as, nearly the same as ...
            from .wording import word

            return word(iri.removeprefix(skos("")), self.tag)
        return shorten(iri)

    def kind(self, name: str) -> str:
        """Return the label of a kind, given as :meth:`Lookup.kind` gives it; ``Node`` where there is none."""
        if name == "Concept":  # SKOS's class, not ours
            return "概念" if self.tag == "zh-hans" else "Concept"
        if not name:
            from .wording import word

            return word("node", self.tag)
        return self.label(ONTOLOGY + name)

    def text(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
        """Return a term as a person reads it: the label of a node, the text of a literal, nothing for None."""
        if term is None:
            return ""
        if isinstance(term, ox.NamedNode):
            return self.label(term.value)
        if self.tag != "en" and isinstance(term, ox.Literal) and term.datatype == _BOOLEAN:
            from .wording import word

            return word("yes" if term.value in ("true", "1") else "no", self.tag)
        return term.value if isinstance(term, (ox.Literal, ox.BlankNode)) else str(term)

    def heading(self, column: str, value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None = None) -> str:
        """Return what a reader sees over a column: in English its name, else the label of the term that it is named after.

        Where both a class and a property have the name (``measure``), a ``value`` of the column that is not of the class tells that the property
        is meant. Parts with ``_`` between them are read one by one. A column that is named after nothing goes by its name.
        """
        if self.tag == "en":
            return column
        from .wording import HEADINGS

        kind, name = ONTOLOGY + column[:1].upper() + column[1:], ONTOLOGY + column
        terms = [iri for iri in (kind, name) if self.label(iri) != shorten(iri)]
        if len(terms) == 2 and value is not None and not self._is_a(value, kind):
            terms.reverse()
        if terms or column in HEADINGS:
            return self.label(terms[0]) if terms else HEADINGS[column]
        parts = column.split("_")
        found = [self.heading(part) for part in parts] if len(parts) > 1 else []
        return "".join(found) if found and not set(found) & set(parts) else column

    def _is_a(self, value: object, kind: str) -> bool:
        return isinstance(value, ox.NamedNode) and any(
            True for _ in self._store.quads_for_pattern(value, _TYPE, ox.NamedNode(kind), _DEFAULT)
        )


class Lookup:
    """Finds entities by the names people use, in every language of the graph."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """Folded name -> IRI -> the name as written."""
        names: dict[str, dict[str, str]] = {}
        for predicate in (_ALT, _PREF):
            for quad in self._store.quads_for_pattern(None, predicate, None, _DEFAULT):
                iri = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
                if (
                    iri.startswith(BASE)
                    and not iri.startswith((ONTOLOGY, BASE + "shape/"))
                    and isinstance(quad.object, ox.Literal)
                ):
                    names.setdefault(fold(quad.object.value), {})[iri] = quad.object.value
                    slug = iri.rpartition("/")[2]
                    names.setdefault(fold(slug), {}).setdefault(iri, slug)
        return names

    def kinds(self, iri: str) -> set[str]:
        """Return the local names of the classes of ours that ``iri`` belongs to, broader ones included; ``Concept`` for a concept."""
        types = [
            quad.object.value
            for quad in self._store.quads_for_pattern(ox.NamedNode(iri), _TYPE, None, _DEFAULT)
            if isinstance(quad.object, ox.NamedNode)
        ]
        return {name.removeprefix(ONTOLOGY) for name in types if name.startswith(ONTOLOGY)} | {
            "Concept" for name in types if name == skos("Concept")
        }

    def kind(self, iri: str) -> str:
        """Return the local name of the narrowest class of ours that ``iri`` belongs to; empty if there is none."""
        kinds = self.kinds(iri)
        broader = {other for one in kinds for other in self._broader.get(one, set())}
        return min(kinds - broader, default="")

    @cached_property
    def _broader(self) -> dict[str, set[str]]:
        broader: dict[str, set[str]] = {}
        for quad in self._store.quads_for_pattern(None, _SUBCLASS, None, _DEFAULT):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                broader.setdefault(quad.subject.value.removeprefix(ONTOLOGY), set()).add(
                    quad.object.value.removeprefix(ONTOLOGY)
                )
        return broader

    def exists(self, iri: str) -> bool:
        """Whether the graph says anything of ``iri``."""
        node = ox.NamedNode(iri)
        return any(
            next(iter(self._store.quads_for_pattern(*pattern)), None) is not None
            for pattern in ((node, None, None, _DEFAULT), (None, None, node, _DEFAULT))
        )

    def entity(self, name: str, kind: str = "") -> str:
        """Return the IRI of the one entity that ``name`` means: an IRI, a short IRI or a name people use.

        ``kind`` narrows to a class of the ontology (``State``). Raises NameLookupError, listing the candidates, if none or several fit.
        """
        iri = expand(name)
        if iri is not None and self._is_known(iri):
            if kind and kind not in self.kinds(iri):
                raise NameLookupError(f"'{name}' is no {kind}; it is {self._describe(iri)}.")
            return iri
        exact = self._exact(name, kind)
        if exact is not None:
            return exact
        found = self._names.get(fold(name), {})
        fitting = sorted(other for other in found if not kind or kind in self.kinds(other))
        if not kind:  # a concept is meant only where nothing else bears the name
            fitting = [other for other in fitting if not other.startswith(PREFIXES["concept"])] or fitting
        preferred = [other for other in fitting if fold(self._preferred(other)) == fold(name)]
        if len(fitting) == 1 or len(preferred) == 1:
            return fitting[0] if len(fitting) == 1 else preferred[0]
        if fitting:
            listed = "; ".join(f"{shorten(other)} ({self._describe(other)})" for other in fitting)
            raise NameLookupError(f"'{name}' may mean several things: {listed}. Give one of these short names.")
        if found:
            listed = "; ".join(f"{shorten(other)} ({self._describe(other)})" for other in sorted(found))
            raise NameLookupError(f"No {kind} is called '{name}'; that name belongs to {listed}.")
        near = [f"{candidate.name} ({candidate.label})" for candidate in self.find(name, kind)[:5]]
        hint = f" Near it: {'; '.join(near)}." if near else f" 'bri-kg find {name}' searches all names."
        raise NameLookupError(
            f"Nothing in the graph is called '{name}'" + (f" among {kind} nodes." if kind else ".") + hint
        )

    def _exact(self, name: str, kind: str) -> str | None:
        """Return the one entity that is called ``name`` to the letter, found without reading all names; None if it is not just one."""
        for predicate in (_PREF, _ALT):
            found = {
                quad.subject.value
                for tag in ("en", "zh-hans")
                for quad in self._store.quads_for_pattern(None, predicate, ox.Literal(name, language=tag), _DEFAULT)
                if isinstance(quad.subject, ox.NamedNode) and not quad.subject.value.startswith(ONTOLOGY)
            }
            fitting = {
                iri for iri in found if (kind in self.kinds(iri) if kind else not iri.startswith(PREFIXES["concept"]))
            }
            if fitting:
                return fitting.pop() if len(fitting) == 1 else None
        return None

    def _is_known(self, iri: str) -> bool:
        try:
            return self.exists(iri)
        except ValueError as error:
            raise NameLookupError(f"'{iri}' is no valid IRI: {error}.") from error

    def find(self, text: str, kind: str = "") -> list[Candidate]:
        """Return entities whose names contain ``text`` or come near it, best first. Raises NameLookupError for an unknown ``kind``."""
        import difflib

        if kind not in ("", "Concept") and not self._is_known(ONTOLOGY + kind):
            raise NameLookupError(
                f"There is no class '{kind}'; choose one of the ontology's, such as State or Project."
            )
        wanted = fold(text)
        holds = [name for name in self._names if wanted and wanted in name]
        ranked = sorted(holds, key=lambda name: (name != wanted, not name.startswith(wanted), len(name), name))
        ranked += [name for name in difflib.get_close_matches(wanted, list(self._names), 8, 0.6) if name not in holds]
        found: dict[str, Candidate] = {}
        for name in ranked:
            for iri, written in sorted(self._names[name].items()):
                kinds = self.kinds(iri)
                if iri not in found and (not kind or kind in kinds):
                    found[iri] = Candidate(shorten(iri), self._preferred(iri), self.kind(iri), written)
        return list(found.values())

    def _preferred(self, iri: str) -> str:
        return Labels(self._store).label(iri)

    def _describe(self, iri: str) -> str:
        kind = self.kind(iri)
        return f"{self._preferred(iri)}, {kind}" if kind else self._preferred(iri)
