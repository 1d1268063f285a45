"""Networks: an answer with the columns ``source`` and ``target`` as a networkx graph whose edges keep their sentences; paths and neighbourhoods."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ..citing.grounds import text_of
from ..citing.sources import AUTHORS
from ..errors import UsageError
from ..lookup import Labels
from ..names import BASE, ONTOLOGY, PREFIXES, bri, graph_kind, shorten, skos
from ..wording import word
from .behind import Behind
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
    names the graph that states the edge, and without it the segments are looked up: those with a record or triple that ties both ends. An edge
    that rests on mappings of ours or on records of an imported dataset has them among its ``segments``, by id, and their voice.
    Nodes are IRIs with ``label``, ``label_zh``, ``kind`` (the label of the class), ``type`` (its local name), ``names``, ``earliest``, ``latest``
    and ``segments``; edges have ``relation``, ``label``, ``earliest``, ``latest`` (ISO dates or empty), ``segments`` (ids in reading order),
    ``voice`` and ``voices`` (id to the voice of that sentence); the network's own attribute ``sentences`` maps each id to its reference,
    gist, notes, works and, where the graph has them, ``links`` (work to web address), ``language`` is that of its labels, ``edition`` the version
    and day of the graph; ``beside``, where there are any, the mapping sets and datasets on which edges rest beside the paper.

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
    place = {column: at for at, column in enumerate(answer.columns)}
    edges: dict[tuple[str, str, str], set[str]] = {}
    rows: dict[tuple[str, str, str], list[int]] = {}
    for number, row in enumerate(answer.terms):
        source, target = row[place["source"]], row[place["target"]]
        if not isinstance(source, ox.NamedNode) or not isinstance(target, ox.NamedNode):
            raise UsageError(f"A network is drawn between nodes; '{source}' and '{target}' are not both nodes.")
        relation = row[place["relation"]] if "relation" in place else None
        name = relation.value if isinstance(relation, (ox.NamedNode, ox.Literal)) else ""
        tie = source.value, name, target.value
        stated = edges.setdefault(tie, set())
        rows.setdefault(tie, []).append(number)
        segment = row[place["segment"]] if "segment" in place else None
        if isinstance(segment, ox.NamedNode):
            stated.add(segment.value)
    network = Network(sentences={}, language=kg.language, edition=_edition(kg.store))
    if edges and {"from", "to"} <= set(answer.columns):
        edges, network.graph["ends"] = _chains(kg, answer, edges)
        network.graph["title"] = word("chains", kg.language, *map(kg.labels.label, network.graph["ends"]))
    behind = Behind(kg, answer)
    origins: dict[str, None] = {}
    for (source_iri, relation_iri, target_iri), stated in edges.items():
        graphs = behind.graphs(source_iri, target_iri, stated, rows[source_iri, relation_iri, target_iri])
        told = behind.told(source_iri, target_iri, graphs)
        for one in told:
            network.graph["sentences"].setdefault(one.id, one.shown())
            origins |= dict.fromkeys([one.origin] if one.origin else [])
        for iri in (source_iri, target_iri):
            if iri not in network:
                network.add_node(iri, **_node_attributes(kg, iri))
            network.nodes[iri]["segments"] = sorted({*network.nodes[iri]["segments"], *(one.id for one in told)})
        earliest, latest, voices = behind.record(source_iri, relation_iri, target_iri, graphs)
        voices |= {one.id: {one.voice} for one in told if one.voice}
        network.add_edge(
            source_iri,
            target_iri,
            key=relation_iri,
            relation=relation_iri,
            label=kg.labels.label(relation_iri) if relation_iri.startswith("http") else relation_iri,
            earliest=earliest,
            latest=latest,
            segments=[one.id for one in told],
            voice="; ".join(sorted({voice for said in voices.values() for voice in said})),
            voices={one: "; ".join(sorted(said)) for one, said in voices.items()},
        )
    if origins:
        network.graph["beside"] = sorted(origins)
    return network


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
    label = kg.labels.label(iri)
    is_record = graph_kind(iri) == "record"
    if is_record and label == shorten(iri):
        label = text_of(kg, iri, PREFIXES["ext"] + "name") or label
    return {
        "label": label,
        "label_zh": Labels(kg.store, "zh").label(iri),
        "kind": word("record voice", kg.language) if is_record else kg.labels.kind(kind),
        "type": kind,
        "names": sorted(names),
        "earliest": min(bounds["earliest"], default=""),
        "latest": max(bounds["latest"], default=""),
        "segments": [],
    }


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
