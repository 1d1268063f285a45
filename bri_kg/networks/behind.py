"""What stands behind an edge of a network: the graphs on which it rests, as sentences of the paper, mappings of ours and records of datasets.

A sentence speaks in its own voice and with its dates. A mapping and a record speak in theirs, which is never the paper's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ..citing.grounds import BESIDE, beside_of, dataset_in_words, dataset_of, link_in_words, links_behind
from ..errors import QueryError, UsageError
from ..names import PREFIXES, bri, graph_kind, shorten
from ..wording import FACTUAL, NOT_THE_PAPERS, word

if TYPE_CHECKING:
    import networkx

    from ..answers import Answer
    from ..graph import KnowledgeGraph

__all__ = ["Behind", "Told", "is_beside", "is_view", "source_of"]

_DEFAULT = ox.DefaultGraph()
#: What the description of every imported dataset says, and none else.
_IMPORTED = ox.NamedNode(PREFIXES["ext"] + "rowsTaken")
#: So many mappings are told one by one; of more, the set alone.
_MOST = 5


def is_beside(voice: str) -> bool:
    """Whether an edge's voice, of several joined by ``; ``, is no voice of the paper at all."""
    return bool(voice) and {*voice.split("; ")} <= NOT_THE_PAPERS


def is_view(voice: str) -> bool:
    """Whether an edge's voice is somebody's view and nowhere stated as fact."""
    return bool(voice) and not is_beside(voice) and not FACTUAL & {*voice.split("; ")}


def source_of(network: networkx.MultiDiGraph, language: str) -> str:
    """Return the source line of a network: the paper, the edition of the graph, and what stands beside the paper in it."""
    edition, beside = network.graph.get("edition"), network.graph.get("beside")
    parts = [word("the paper", language)]
    parts += [word("edition", language, edition)] if edition else []
    parts += [word("beside source", language, "; ".join(map(str, beside)))] if beside else []
    return " ".join(parts)


class Told(NamedTuple):
    """What one graph, or one mapping of a set, says for an edge.

    ``voice`` and ``origin``, the mapping set or the dataset in words, are empty for a sentence, which speaks in its own voice and is the paper's.
    """

    id: str
    reference: str
    gist: str
    notes: str = ""
    works: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    voice: str = ""
    origin: str = ""

    def shown(self) -> dict[str, Any]:
        """Return it as a network keeps it under its id."""
        shown = {"reference": self.reference, "gist": self.gist, "notes": self.notes, "works": list(self.works)}
        return shown | ({"links": dict(self.links)} if self.links else {})


class Behind:
    """Finds what stands behind the edges that an answer makes."""

    def __init__(self, kg: KnowledgeGraph, answer: Answer) -> None:
        self._kg, self._answer = kg, answer
        self._has_records = next(iter(kg.store.quads_for_pattern(None, _IMPORTED, None, _DEFAULT)), None) is not None
        self._shown: dict[str, Told] = {}

    def graphs(self, source: str, target: str, stated: set[str], rows: Iterable[int]) -> set[str]:
        """Return the names of the graphs on which an edge rests.

        ``stated`` are those that the answer itself names. Without one they are the graphs with a record or triple that ties both ends; and what the
        ``rows`` are cited with, where no graph ties them, or where records stand beside the paper, since a sentence that ties the two may have
        nothing to do with a record that does.
        """
        if stated and (not self._has_records or all(graph_kind(one) in ("segment", "erratum") for one in stated)):
            return stated
        if self._has_records:
            return stated | self._cited(rows) or {*_linking_graphs(self._kg.store, source, target)}
        return {*_linking_graphs(self._kg.store, source, target)} or self._cited(rows)

    def told(self, source: str, target: str, graphs: set[str]) -> list[Told]:
        """Return what the graphs say for an edge: sentences in reading order, then mappings, records and descriptions of datasets."""
        found = []
        for one in self._kg.sources.sentences(graphs):
            links = tuple((work, self._addresses[work]) for work in one.works if work in self._addresses)
            found.append(Told(one.id, one.reference, one.gist, one.notes, tuple(one.works), links))
        ends = ox.NamedNode(source), ox.NamedNode(target)
        for graph in sorted(graphs):
            found += self._beside(graph, ends, graphs)
        return found

    def record(
        self, source: str, relation: str, target: str, graphs: Iterable[str]
    ) -> tuple[str, str, dict[str, set[str]]]:
        """Return the date bounds of an edge in the sentences among ``graphs``, and the voices of each sentence by its id."""
        return _edge_record(
            self._kg, source, relation, target, [one for one in graphs if graph_kind(one) not in BESIDE]
        )

    @cached_property
    def _citations(self) -> Sequence[Iterable[str]] | None:
        try:
            return self._answer.cite()
        except (QueryError, UsageError):  # what cannot be traced is drawn without it
            return None

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return _addresses(self._kg)

    def _cited(self, rows: Iterable[int]) -> set[str]:
        if self._citations is None:
            return set()
        return {name for row in rows for name in self._citations[row] if graph_kind(name) != "base"}

    def _beside(self, graph: str, ends: Sequence[ox.NamedNode], graphs: Iterable[str]) -> list[Told]:
        kind = graph_kind(graph)
        if kind not in BESIDE:
            return []
        voice, set_name = word(BESIDE[kind], self._kg.language), shorten(graph)
        links = links_behind(self._kg, graph, ends, graphs, _MOST) if kind == "mapping-set" else []
        if links:
            return [
                Told(
                    shorten(one.node),
                    set_name,
                    link_in_words(self._kg, one),
                    works=(dataset_in_words(self._kg, one.source),) if one.source else (),
                    voice=voice,
                    origin=set_name,
                )
                for one in links
            ]
        if graph not in self._shown:
            shown = beside_of(self._kg, graph, ())
            dataset = dataset_of(self._kg, graph) if kind == "record" else graph
            origin = set_name if kind == "mapping-set" else dataset_in_words(self._kg, dataset)
            self._shown[graph] = Told(set_name, set_name, shown.note if shown else "", voice=voice, origin=origin)
        return [self._shown[graph]]


def _linking_graphs(store: ox.Store, source: str, target: str) -> Iterable[str]:
    """Yield the graphs of segments in which one triple, or one record, ties ``source`` to ``target``."""
    ends = ox.NamedNode(source), ox.NamedNode(target)
    for one, other in (ends, ends[::-1]):
        for quad in store.quads_for_pattern(one, None, other, None):
            if isinstance(quad.graph_name, ox.NamedNode):
                yield quad.graph_name.value
    for quad in store.quads_for_pattern(None, None, ends[0], None):
        if isinstance(quad.graph_name, ox.NamedNode) and any(
            True for _ in store.quads_for_pattern(quad.subject, None, ends[1], quad.graph_name)
        ):
            yield quad.graph_name.value


def _edge_record(
    kg: KnowledgeGraph, source: str, relation: str, target: str, graphs: Iterable[str]
) -> tuple[str, str, dict[str, set[str]]]:
    """Return the date bounds of an edge in ``graphs``, and the voices of each sentence by its id.

    A sentence that states the relation as a plain triple speaks as of its source, and dates come from records in the same voice; otherwise
    the records that tie both ends speak, those that name the relation before all others.
    """
    earliest: list[str] = []
    latest: list[str] = []
    voices: dict[str, set[str]] = {}
    named = relation.startswith("http")
    for graph in graphs:
        name = ox.NamedNode(graph)
        quads = kg.store.quads_for_pattern(ox.NamedNode(source), None, ox.NamedNode(target), name)
        direct = {quad.predicate.value for quad in quads}
        own = kg.sources.voice(source, graph)[0]
        tied = {record: kg.sources.voice(record, graph)[0] for record in _records(kg.store, source, target, name)}
        if named and relation in direct:
            tied = {record: voice for record, voice in tied.items() if voice == own}
            spoken = {own}
        else:
            naming = {record: voice for record, voice in tied.items() if _names(kg.store, record, relation, name)}
            tied = naming or tied
            spoken = {*tied.values(), *([own] if direct and not named else [])} or {own}
        for record in tied:
            for quad in kg.store.quads_for_pattern(ox.NamedNode(record), None, None, name):
                if isinstance(quad.object, ox.Literal):
                    if quad.predicate.value == bri("earliest"):
                        earliest.append(quad.object.value)
                    if quad.predicate.value == bri("latest"):
                        latest.append(quad.object.value)
        if sentence := kg.sources.sentence(graph):
            voices.setdefault(sentence.id, set()).update(spoken)
    return min(earliest, default=""), max(latest, default=""), voices


def _records(store: ox.Store, source: str, target: str, graph: ox.NamedNode) -> set[str]:
    """Return the nodes other than the two ends that have both of them as values in ``graph``."""
    of_source, of_target = (
        {
            quad.subject.value
            for quad in store.quads_for_pattern(None, None, ox.NamedNode(end), graph)
            if isinstance(quad.subject, ox.NamedNode)
        }
        for end in (source, target)
    )
    return of_source & of_target - {source, target}


def _names(store: ox.Store, record: str, relation: str, graph: ox.NamedNode) -> bool:
    """Whether ``record`` has ``relation`` as a property or as a value in ``graph``."""
    quads = store.quads_for_pattern(ox.NamedNode(record), None, None, graph)
    return any(
        relation in (quad.predicate.value, quad.object.value if isinstance(quad.object, ox.NamedNode) else "")
        for quad in quads
    )


def _addresses(kg: KnowledgeGraph) -> dict[str, str]:
    """Return the web addresses of works by their labels: as printed, or repaired where the printed one is broken."""
    found: dict[str, str] = {}
    for name in ("printedAddress", "repairedAddress"):
        for quad in kg.store.quads_for_pattern(None, ox.NamedNode(bri(name)), None, _DEFAULT):
            value = quad.object.value if isinstance(quad.object, (ox.Literal, ox.NamedNode)) else ""
            if (
                isinstance(quad.subject, ox.NamedNode)
                and value.startswith(("http://", "https://"))
                and " " not in value
            ):
                found[kg.labels.label(quad.subject.value)] = value
    return found
