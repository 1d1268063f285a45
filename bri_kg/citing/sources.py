"""The sentences behind the graph: what a segment is, what is said of an entity, where it is said, and in whose voice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pyoxigraph as ox

from ..lookup import Labels, Lookup
from ..names import ONTOLOGY, PREFIXES, bri, concept, rdf, rdfs, segment_iri, shorten, skos
from ..wording import word

__all__ = ["AUTHORS", "Description", "Fact", "Identity", "Recorded", "Sentence", "Sources", "Value", "describe"]

_DEFAULT = ox.DefaultGraph()
_TYPE = ox.NamedNode(rdf("type"))
_ATTRIBUTED, _REPORTED = ox.NamedNode(bri("attributedTo")), ox.NamedNode(bri("reportedBy"))
_SEGMENT, _ERRATUM = PREFIXES["segment"], PREFIXES["erratum"]
#: The paper's authors.
AUTHORS = {PREFIXES["person"] + "zhang-jie", PREFIXES["person"] + "liang-hong"}
_HIDDEN = {
    rdf("type"),
    bri("earliest"),
    bri("latest"),
    bri("attributedTo"),
    "http://www.w3.org/2000/01/rdf-schema#label",
}
_RECORD = "Record"


class Sentence(NamedTuple):
    """A segment of the paper: where it stands, what it says in our words, which footnotes it calls."""

    id: str
    kind: str
    page: int
    page_end: int
    paragraph: int
    order: int
    gist: str
    disposition: str
    footnotes: tuple[str, ...]
    inferred_footnotes: tuple[str, ...]
    works: tuple[str, ...]

    @property
    def iri(self) -> str:
        """The IRI of the segment, which is the name of its graph."""
        return segment_iri(self.id)

    @property
    def reference(self) -> str:
        """Page and id, as in ``p. 57-58 (p09s03)``."""
        pages = f"p. {self.page}-{self.page_end}" if self.page_end != self.page else f"p. {self.page}"
        return f"{pages} ({self.id})"

    @property
    def notes(self) -> str:
        """The footnotes, those whose marker is lost in brackets, as in ``fn04 [fn06]``."""
        return " ".join([*self.footnotes, *(f"[{note}]" for note in self.inferred_footnotes)])


class Value(NamedTuple):
    """One value of a fact: the property, the value as read, the ids of the segments that state it, and its voice."""

    property: str
    text: str
    segments: tuple[str, ...]
    voice: str


class Fact(NamedTuple):
    """A record, or the plain triples about an entity, with its values and the sentences that state them.

    ``voice`` is ``stated as fact``, ``the authors' own view``, ``held by ..., as the authors report`` or ``corrected by erratum``; a single
    value that an erratum corrects has that voice though its record is stated as fact.
    """

    node: str
    kind: str
    values: tuple[Value, ...]
    sentences: tuple[Sentence, ...]
    voice: str
    holders: tuple[str, ...] = ()


class Identity(NamedTuple):
    """An identity elsewhere, or a search for one without result: the property, the identifier, that in words, and what shows it.

    It is a link of ours and says nothing of the paper; ``graph`` is the mapping set in which it stands.
    """

    property: str
    identifier: str
    said: str
    shown: str
    graph: str


class Recorded(NamedTuple):
    """What a record of an imported dataset says of a node: property and value as text, the record's graph, and the record in words."""

    property: str
    text: str
    graph: str
    shown: str


class Description(NamedTuple):
    """Everything the graph says of an entity: its names, the facts, and apart from them what is claimed, by claimant.

    ``identities`` are its identities elsewhere, links of ours, and ``recorded`` is what records of imported datasets say of it; both are apart
    from all that the paper says.
    """

    iri: str
    label: str
    kind: str
    names: tuple[str, ...]
    summary: str
    facts: tuple[Fact, ...]
    claims: dict[str, tuple[Fact, ...]]
    language: str = "en"
    identities: tuple[Identity, ...] = ()
    recorded: tuple[Recorded, ...] = ()

    def __str__(self) -> str:
        count, language = sum(map(len, self.claims.values())), self.language
        lines = [f"{self.label}  ({self.kind}, {shorten(self.iri)})", self.summary]
        if self.names:
            lines.append(word("also", language, "; ".join(self.names)))
        lines += ["", word("facts", language, len(self.facts)), ""]
        for fact in self.facts:
            lines += _fact_lines(fact)
        lines += [word("claims", language, count), ""]
        for holder, facts in self.claims.items():
            lines += [f"  {holder}", ""]
            for fact in facts:
                lines += _fact_lines(fact)
        if self.identities:
            lines += [word("identities", language, len(self.identities)), ""]
            for one in self.identities:
                lines += [f"  • {one.said}", f"      — {one.shown}"]
        if self.recorded:
            lines += [""] * bool(self.identities) + [word("what records say", language, len(self.recorded)), ""]
            for shown in dict.fromkeys(one.shown for one in self.recorded):
                lines += [f"      {one.property}: {one.text}" for one in self.recorded if one.shown == shown]
                lines += [f"      — {shown}"]
        return "\n".join(lines).rstrip() + "\n"

    def _repr_html_(self) -> str:
        """Return the description as a notebook shows it; see :mod:`bri_kg.notebook`."""
        from ..notebook import description_to_html

        return description_to_html(self)

    def rows(self) -> tuple[list[str], list[list[str]]]:
        """Return the description as a table: one row a value, with page, segment, gist, footnotes and voice."""
        columns = ["record", "kind", "property", "value", "voice", "page", "segment", "gist", "footnotes"]
        rows = []
        for fact in [*self.facts, *(fact for facts in self.claims.values() for fact in facts)]:
            known = {sentence.id: sentence for sentence in fact.sentences}
            for value in fact.values:
                for one in value.segments:
                    sentence = known[one]
                    where = [str(sentence.page), sentence.id, sentence.gist, sentence.notes]
                    rows.append([shorten(fact.node), fact.kind, value.property, value.text, value.voice, *where])
        for link in self.identities:
            voice = word("link voice", self.language)
            where = ["", shorten(link.graph), link.shown, ""]
            rows.append(["", word("links", self.language), link.property, link.identifier, voice, *where])
        for said in self.recorded:
            where = ["", shorten(said.graph), said.shown, ""]
            voice = word("record voice", self.language)
            rows.append(["", word("external records", self.language), said.property, said.text, voice, *where])
        return columns, rows


def _fact_lines(fact: Fact) -> list[str]:
    several = len(fact.sentences) > 1
    lines = [f"  • {fact.kind}"]
    for value in fact.values:
        marks = f"   [{', '.join(value.segments)}]" if several else ""
        marks += f"   ({value.voice})" if value.voice != fact.voice else ""
        lines.append(f"      {value.property}: {value.text}{marks}")
    for sentence in fact.sentences:
        notes = f" · {sentence.notes}" if sentence.notes else ""
        lines.append(f"      — {sentence.reference}{notes} · {fact.voice}: {sentence.gist}")
    return [*lines, ""]


class Sources:
    """Reads segments from the graph; each is read once and kept."""

    def __init__(self, store: ox.Store, labels: Labels) -> None:
        self._store = store
        self._labels = labels
        self._known: dict[str, Sentence | None] = {}

    def sentence(self, iri: str) -> Sentence | None:
        """Return the segment behind a graph name: the segment itself, or the one whose erratum it is; None for other graphs."""
        if iri not in self._known:
            self._known[iri] = self._read(iri)
        return self._known[iri]

    def sentences(self, iris: Iterable[str]) -> list[Sentence]:
        """Return the segments behind graph names, each once, in reading order."""
        found = {sentence.id: sentence for iri in iris if (sentence := self.sentence(iri))}
        return sorted(found.values(), key=lambda sentence: sentence.order)

    def all(self) -> list[Sentence]:
        """Return every segment of the paper in reading order."""
        quads = self._store.quads_for_pattern(None, ox.NamedNode(bri("readingOrder")), None, _DEFAULT)
        return self.sentences(quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode))

    def _read(self, iri: str) -> Sentence | None:
        if iri.startswith(_ERRATUM):
            for quad in self._store.quads_for_pattern(ox.NamedNode(iri), _TYPE, None, None):
                if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(_SEGMENT):
                    return self.sentence(quad.graph_name.value)
            return None
        if not iri.startswith(_SEGMENT):
            return None
        values: dict[str, list[str]] = {}
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), None, None, _DEFAULT):
            if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
                values.setdefault(quad.predicate.value.removeprefix(ONTOLOGY), []).append(quad.object.value)
        if "page" not in values:
            return None
        notes = sorted(values.get("footnote", []))
        inferred = sorted(values.get("inferredFootnote", []))
        works = set(values.get("cites", []))
        for note in notes + inferred:
            for quad in self._store.quads_for_pattern(ox.NamedNode(note), ox.NamedNode(bri("cites")), None, _DEFAULT):
                works.add(quad.object.value if isinstance(quad.object, ox.NamedNode) else "")
        page = int(values["page"][0])
        return Sentence(
            id=iri.removeprefix(_SEGMENT),
            kind=values.get("segmentKind", [""])[0].removeprefix(concept("")),
            page=page,
            page_end=int(values.get("pageEnd", [str(page)])[0]),
            paragraph=int(values.get("paragraph", ["0"])[0]),
            order=int(values.get("readingOrder", ["0"])[0]),
            gist=values.get("gist", [""])[0],
            disposition=values.get("disposition", [""])[0].removeprefix(concept("")),
            footnotes=tuple(note.removeprefix(_SEGMENT) for note in notes),
            inferred_footnotes=tuple(note.removeprefix(_SEGMENT) for note in inferred),
            works=tuple(self._labels.label(work) for work in sorted(works - {""})),
        )

    def voice(self, node: str, graph: str) -> tuple[str, tuple[str, ...]]:
        """Return in whose voice ``graph`` speaks of ``node``, and the labels of those whose view it is (empty for facts)."""
        if graph.startswith(_ERRATUM):
            return word("corrected", self._labels.tag), ()
        about, where = ox.NamedNode(node), ox.NamedNode(graph)
        held = self._store.quads_for_pattern(about, _ATTRIBUTED, None, where)
        holders = [quad.object.value for quad in held if isinstance(quad.object, ox.NamedNode)]
        reporters = any(True for _ in self._store.quads_for_pattern(about, _REPORTED, None, where))
        if not holders:
            return word("fact", self._labels.tag), ()
        names = tuple(sorted(self._labels.label(holder) for holder in holders))
        if set(holders) == AUTHORS and not reporters:
            return word("own view", self._labels.tag), (word("authors", self._labels.tag),)
        return word("held", self._labels.tag, word("join", self._labels.tag).join(names)), names


def describe(store: ox.Store, iri: str, labels: Labels, lookup: Lookup, sources: Sources) -> Description:
    """Return everything the graph says of ``iri``: facts with their sentences, and claims apart, under those who hold them."""
    node = ox.NamedNode(iri)
    # record or entity -> property, value -> graphs
    found: dict[str, dict[tuple[str, str], set[str]]] = {}
    ends: tuple[tuple[ox.NamedNode | None, ox.NamedNode | None], ...] = ((node, None), (None, node))
    for one, far in ends:
        for quad in store.quads_for_pattern(one, None, far, None):
            graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            if not graph.startswith((_SEGMENT, _ERRATUM)) or quad.predicate.value in _HIDDEN:
                continue
            if subject != iri and _RECORD in lookup.kinds(subject):
                _collect_record(store, subject, graph, found, labels)
            elif not _is_repeated(store, quad, graph, lookup):
                other = quad.object if subject == iri else quad.subject
                key = labels.label(quad.predicate.value), labels.text(other)
                if subject != iri:
                    key = f"{labels.label(subject)} – {key[0]}", labels.label(iri)
                found.setdefault(iri, {}).setdefault(key, set()).add(graph)
    facts: list[Fact] = []
    claims: dict[str, list[Fact]] = {}
    for subject, values in found.items():
        fact = _fact(iri, subject, values, labels, lookup, sources)
        if fact.holders:
            claims.setdefault(word("join", labels.tag).join(fact.holders), []).append(fact)
        else:
            facts.append(fact)
    order = _in_reading_order
    names = {
        quad.object.value
        for predicate in ("prefLabel", "altLabel")
        for quad in store.quads_for_pattern(node, ox.NamedNode(skos(predicate)), None, _DEFAULT)
        if isinstance(quad.object, ox.Literal)
    }
    summary = [
        quad.object.value
        for name in ("http://purl.org/dc/terms/description", skos("definition"), bri("gist"))
        for quad in store.quads_for_pattern(node, ox.NamedNode(name), None, _DEFAULT)
        if isinstance(quad.object, ox.Literal)
    ]
    return Description(
        iri=iri,
        label=labels.label(iri),
        kind=labels.kind(lookup.kind(iri)),
        names=tuple(sorted(names - {labels.label(iri)})),
        summary=summary[0] if summary else "",
        facts=tuple(sorted(facts, key=order)),
        claims={holder: tuple(sorted(claims[holder], key=order)) for holder in sorted(claims)},
        language=labels.tag,
    )


def _in_reading_order(fact: Fact) -> tuple[int, str]:
    return (fact.sentences[0].order if fact.sentences else 0, fact.node)


def _collect_record(
    store: ox.Store, subject: str, graph: str, found: dict[str, dict[tuple[str, str], set[str]]], labels: Labels
) -> None:
    """Add what ``graph`` says of the record, and what errata put right in it."""
    values = found.setdefault(subject, {})
    for quad in store.quads_for_pattern(ox.NamedNode(subject), None, None, None):
        name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        if name != graph and not name.startswith(_ERRATUM):
            continue
        if quad.predicate.value not in _HIDDEN and not quad.predicate.value.startswith(rdf("")):
            if isinstance(quad.object, ox.Literal) and quad.object.language not in (None, labels.tag):
                continue
            values.setdefault((labels.label(quad.predicate.value), labels.text(quad.object)), set()).add(name)


def _is_repeated(store: ox.Store, quad: ox.Quad, graph: str, lookup: Lookup) -> bool:
    """Whether a derived shortcut only repeats a record, or a narrower relation, that stands in the same graph."""
    for narrower in store.quads_for_pattern(None, ox.NamedNode(rdfs("subPropertyOf")), quad.predicate, _DEFAULT):
        if any(True for _ in store.quads_for_pattern(quad.subject, narrower.subject, quad.object, ox.NamedNode(graph))):  # type: ignore[arg-type]
            return True
    for origin in store.quads_for_pattern(quad.predicate, ox.NamedNode(bri("derivedFrom")), None, _DEFAULT):
        for record in store.quads_for_pattern(None, _TYPE, origin.object, ox.NamedNode(graph)):
            if isinstance(record.subject, ox.NamedNode) and all(
                any(True for _ in store.quads_for_pattern(record.subject, None, end, ox.NamedNode(graph)))
                for end in (quad.subject, quad.object)
            ):
                return True
    return False


def _fact(
    iri: str, subject: str, values: dict[tuple[str, str], set[str]], labels: Labels, lookup: Lookup, sources: Sources
) -> Fact:
    graphs = {graph for found in values.values() for graph in found}
    printed = {graph for graph in graphs if not graph.startswith(_ERRATUM)}
    voices = [sources.voice(subject, graph) for graph in sorted(printed or graphs)]
    holders = next((holders for _, holders in voices if holders), ())
    voice = next((voice for voice, held in voices if held), voices[0][0] if voices else "")
    kind = lookup.kind(subject)
    title = labels.kind(kind) if kind else word("plain fact", labels.tag)
    listed = tuple(
        Value(
            name,
            text,
            tuple(sentence.id for sentence in sources.sentences(found)),
            voice if found & printed else sources.voice(subject, min(found))[0],
        )
        for (name, text), found in sorted(values.items())
    )
    return Fact(
        subject,
        title if subject != iri or kind else word("stated of it", labels.tag),
        listed,
        tuple(sources.sentences(graphs)),
        voice,
        holders,
    )
