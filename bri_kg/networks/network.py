"""Networks: an answer with the columns ``source`` and ``target`` as a networkx graph whose edges keep their sentences; paths and neighbourhoods."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ..citing.sources import AUTHORS
from ..errors import UsageError
from ..lookup import Labels
from ..names import BASE, ONTOLOGY, PREFIXES, bri, skos
from ..wording import word
from .chains import keep_shortest_chains

if TYPE_CHECKING:
    import networkx

    from ..answers import Answer
    from ..graph import KnowledgeGraph
    from .multigraph import Network

__all__ = ["Step", "build_network", "keep_most_tied", "neighbourhood", "shortest_path"]

_DEFAULT = ox.DefaultGraph()
_RESERVED = {"source", "target", "relation", "segment", "label"}
#: Sort key of a step: (node, relation, node, graph).
Step = tuple[str, str, str, str]


def build_network(kg: KnowledgeGraph, answer: Answer) -> Network:
    """Return ``answer`` as a directed multigraph: one edge for each source, relation and target.

    The answer needs the columns ``source`` and ``target``; ``relation`` (a property or a concept) tells parallel edges apart, ``segment``
    names the graph that states the edge, and without it the segments are looked up: those with a record or triple that ties both ends.
    Nodes are IRIs with ``label``, ``label_zh``, ``kind`` (the label of the class), ``type`` (its local name), ``names``, ``earliest``, ``latest``
    and ``segments``; edges have ``relation``, ``label``, ``earliest``, ``latest`` (ISO dates or empty), ``segments`` (ids in reading order),
    ``voice`` and ``voices`` (id to the voice of that sentence); the network's own attribute ``sentences`` maps each id to its reference,
    gist, notes, works and, where the graph has them, ``links`` (work to web address), ``language`` is that of its labels, ``edition`` the version
    and day of the graph.

    An answer with the columns ``from`` and ``to`` is cut to the shortest chains between the two nodes there, the network's ``ends``; edges are
    walked both ways, and the authors, who hold most claims, are not walked through.

    Raises UsageError for an answer that lacks the columns, whose ends are no nodes, or in which no chain ties the two.
    """
    from .multigraph import Network

    missing = {"source", "target"} - set(answer.columns)
    if missing:
        raise UsageError(
            f"A network needs the columns source and target; this answer has {', '.join(answer.columns) or 'no columns'}."
        )
    place = {column: number for number, column in enumerate(answer.columns)}
    edges: dict[tuple[str, str, str], set[str]] = {}
    for row in answer.terms:
        source, target = row[place["source"]], row[place["target"]]
        if not isinstance(source, ox.NamedNode) or not isinstance(target, ox.NamedNode):
            raise UsageError(f"A network is drawn between nodes; '{source}' and '{target}' are not both nodes.")
        relation = row[place["relation"]] if "relation" in place else None
        name = relation.value if isinstance(relation, (ox.NamedNode, ox.Literal)) else ""
        stated = edges.setdefault((source.value, name, target.value), set())
        segment = row[place["segment"]] if "segment" in place else None
        if isinstance(segment, ox.NamedNode):
            stated.add(segment.value)
    network = Network(sentences={}, language=kg.language, edition=_edition(kg.store))
    if edges and {"from", "to"} <= set(answer.columns):
        edges, network.graph["ends"] = _chains(kg, answer, edges)
        network.graph["title"] = word("chains", kg.language, *map(kg.labels.label, network.graph["ends"]))
    addresses = _addresses(kg)
    for (source_iri, relation_iri, target_iri), stated in edges.items():
        graphs = stated or set(_linking_graphs(kg.store, source_iri, target_iri))
        behind = kg.sources.sentences(graphs)
        sentences = [sentence.id for sentence in behind]
        for sentence in behind:
            network.graph["sentences"][sentence.id] = {
                "reference": sentence.reference,
                "gist": sentence.gist,
                "notes": sentence.notes,
                "works": list(sentence.works),
            }
            if links := {work: addresses[work] for work in sentence.works if work in addresses}:
                network.graph["sentences"][sentence.id]["links"] = links
        for iri in (source_iri, target_iri):
            if iri not in network:
                network.add_node(iri, **_node_attributes(kg, iri))
            network.nodes[iri]["segments"] = sorted({*network.nodes[iri]["segments"], *sentences})
        earliest, latest, voices = _edge_record(kg, source_iri, relation_iri, target_iri, graphs)
        network.add_edge(
            source_iri,
            target_iri,
            key=relation_iri,
            relation=relation_iri,
            label=kg.labels.label(relation_iri) if relation_iri.startswith("http") else relation_iri,
            earliest=earliest,
            latest=latest,
            segments=sentences,
            voice="; ".join(sorted({voice for said in voices.values() for voice in said})),
            voices={one: "; ".join(sorted(said)) for one, said in voices.items()},
        )
    return network


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


def _edition(store: ox.Store) -> str:
    """Return version and day of the graph, as its ontology states them: ``0.1.0, 2026-11-24``."""
    ontology = ox.NamedNode(ONTOLOGY.rstrip("#"))
    told: list[str] = []
    for names in (("owl", "versionInfo"),), (("dcterms", "modified"), ("dcterms", "created")):
        found = [
            quad.object.value
            for prefix, name in names
            for quad in store.quads_for_pattern(ontology, ox.NamedNode(PREFIXES[prefix] + name), None, _DEFAULT)
            if isinstance(quad.object, ox.Literal)
        ]
        told += found[:1]
    return ", ".join(told)


def _chains(
    kg: KnowledgeGraph, answer: Answer, edges: dict[tuple[str, str, str], set[str]]
) -> tuple[dict[tuple[str, str, str], set[str]], tuple[str, str]]:
    """Return the edges on the shortest chains between the nodes in the columns ``from`` and ``to``, and these two nodes."""
    places = [answer.columns.index(column) for column in ("from", "to")]
    ends = {tuple(row[place] for place in places) for row in answer.terms}
    start, goal = ends.pop()
    if ends or not isinstance(start, ox.NamedNode) or not isinstance(goal, ox.NamedNode):
        raise UsageError("Chains are drawn between one node and another: the columns from and to hold one node each.")
    kept = keep_shortest_chains(edges, start.value, goal.value, AUTHORS)
    if not kept:
        names = kg.labels.label(start.value), kg.labels.label(goal.value)
        why = "they are the same" if start == goal else "no chain of these ties leads from the one to the other"
        raise UsageError(f"There is no way to draw between {names[0]} and {names[1]}: {why}. Choose another pair.")
    return {tie: stated for tie, stated in edges.items() if tie in kept}, (start.value, goal.value)


def _node_attributes(kg: KnowledgeGraph, iri: str) -> dict[str, Any]:
    node = ox.NamedNode(iri)
    names = {
        quad.object.value
        for predicate in ("prefLabel", "altLabel")
        for quad in kg.store.quads_for_pattern(node, ox.NamedNode(skos(predicate)), None, _DEFAULT)
        if isinstance(quad.object, ox.Literal)
    }
    bounds = {
        name: [
            quad.object.value
            for quad in kg.store.quads_for_pattern(node, ox.NamedNode(bri(name)), None, _DEFAULT)
            if isinstance(quad.object, ox.Literal)
        ]
        for name in ("earliest", "latest")
    }
    kind = kg.lookup.kind(iri)
    return {
        "label": kg.labels.label(iri),
        "label_zh": Labels(kg.store, "zh").label(iri),
        "kind": kg.labels.kind(kind),
        "type": kind,
        "names": sorted(names),
        "earliest": min(bounds["earliest"], default=""),
        "latest": max(bounds["latest"], default=""),
        "segments": [],
    }


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


def _steps(store: ox.Store, iri: str) -> Iterable[Step]:
    """Yield the relations of ours that leave or enter ``iri`` in the sentences, as (subject, property, object, graph)."""
    node = ox.NamedNode(iri)
    for one, other in ((node, None), (None, node)):
        for quad in store.quads_for_pattern(one, None, other, None):
            if (
                isinstance(quad.graph_name, ox.NamedNode)
                and quad.graph_name.value.startswith((PREFIXES["segment"], PREFIXES["erratum"]))
                and isinstance(quad.subject, ox.NamedNode)
                and isinstance(quad.object, ox.NamedNode)
                and quad.predicate.value.startswith(ONTOLOGY)
                and quad.object.value.startswith(BASE)
                and not quad.object.value.startswith((ONTOLOGY, PREFIXES["concept"]))
            ):
                yield quad.subject.value, quad.predicate.value, quad.object.value, quad.graph_name.value


def neighbourhood(kg: KnowledgeGraph, entity: str, steps: int = 1) -> dict[str, int]:
    """Return the nodes within ``steps`` relations of ``entity`` with their distance, found breadth-first.

    Relations are walked both ways and only where a sentence states them; records count as nodes, so that two actors of one event are two
    steps apart. Raises UsageError if ``steps`` is negative.
    """
    if steps < 0:
        raise UsageError(f"A neighbourhood has 0 or more steps; {steps} is negative.")
    start = kg.lookup.entity(entity)
    distance = {start: 0}
    queue = deque([start])
    while queue:
        iri = queue.popleft()
        if distance[iri] == steps:
            continue
        for subject, _, target, _ in _steps(kg.store, iri):
            other = target if subject == iri else subject
            if other not in distance:
                distance[other] = distance[iri] + 1
                queue.append(other)
    return distance


def keep_most_tied(network: networkx.MultiDiGraph, most: int) -> networkx.MultiDiGraph:
    """Return a copy with only the ``most`` nodes that have the most relations, and the relations among them.

    Raises UsageError if ``most`` is not positive.
    """
    if most < 1:
        raise UsageError(f"A cut keeps 1 node or more; {most} is too few.")
    kept = network.copy()
    degree = dict(network.degree())
    kept.remove_nodes_from(sorted(degree, key=lambda node: (-degree[node], str(node)))[most:])
    return kept


def shortest_path(kg: KnowledgeGraph, source: str, target: str) -> list[Step]:
    """Return a shortest chain of stated relations between two entities, each with the graph that states it; empty if there is none.

    Relations are walked both ways, breadth-first, and the authors, who hold most claims, are not walked through.
    """
    start, goal = kg.lookup.entity(source), kg.lookup.entity(target)
    came: dict[str, Step | None] = {start: None}
    queue = deque([start])
    barred = AUTHORS - {start, goal}
    while queue and goal not in came:
        iri = queue.popleft()
        for step in sorted(_steps(kg.store, iri)):
            other = step[2] if step[0] == iri else step[0]
            if other not in came and other not in barred:
                came[other] = step
                queue.append(other)
    path: list[Step] = []
    node = goal
    while (reached := came.get(node)) is not None:
        path.append(reached)
        node = reached[0] if reached[2] == node else reached[2]
    return path[::-1]
