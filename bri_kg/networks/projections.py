"""Who meets through what: actors tied by the events, documents and undertakings that they share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..names import bri, concept, shorten
from ..pictures.layout import FAMILIES, look
from ..tables import Table
from ..wording import FACTUAL, word

if TYPE_CHECKING:
    import networkx

__all__ = ["THROUGH", "list_meetings", "project_actors"]

#: Families of kinds through which actors can meet, by the name under which they are asked for.
THROUGH: dict[str, tuple[str, ...]] = {
    "events": ("Record",),
    "documents": ("Document",),
    "undertakings": ("Policy", "Project", "Undertaking"),
}
#: Relations by which an actor takes no part in a thing: it stayed away, is spoken of, or is what a measure is aimed at.
_NO_PART = {concept("did-not-attend"), bri("about"), bri("counters"), bri("directedAt")}
_ACTORS = {FAMILIES[name] for name in ("State", "Organisation", "Group", "Person")}


def project_actors(network: networkx.MultiDiGraph, through: Iterable[str] = tuple(THROUGH)) -> networkx.Graph:
    """Return the actors (states, organisations, groups, persons) of ``network``, tied where both have a relation to the same thing.

    ``through`` names the sorts of thing: ``events``, ``documents``, ``undertakings``. Only relations between an actor and a thing count,
    whatever their direction; what actors do to each other does not, nor does having stayed away, being spoken of or being aimed at. In a
    network of views those are tied who hold a view of the same thing, and ``voice`` says so.

    Edges have ``weight``, the number of things shared (1 or more); ``share``, in which a thing with n actors counts 1/(n-1), so that a crowd
    ties less than a pair (Newman's collaboration weight); ``through``, the things; ``label``, what these are called; ``segments`` behind
    both relations; and ``voice``, in which each thing shared speaks as a fact only if both relations to it do.

    Sources: Breiger 1974, "The duality of persons and groups", Social Forces 53(2), 181-190; Newman 2001, "Scientific collaboration
    networks II", Physical Review E 64, 016132. Made by networkx. Raises UsageError for another sort of thing.
    """
    import networkx
    from networkx.algorithms import bipartite

    things = _things(through)
    ties = networkx.Graph()
    for source, target, data in network.edges(data=True):
        if data.get("relation") in _NO_PART:
            continue
        for actor, thing in ((source, target), (target, source)):
            if _look(network, actor) in _ACTORS and _look(network, thing) in things:
                ties.add_node(actor, bipartite=0)
                ties.add_node(thing, bipartite=1)
                known = ties.get_edge_data(actor, thing, {"segments": set(), "voices": set()})
                segments = known["segments"] | {*data.get("segments", ())}
                voices = known["voices"] | {voice for voice in data.get("voice", "").split("; ") if voice}
                ties.add_edge(actor, thing, segments=segments, voices=voices)
    actors = sorted((node for node, side in ties.nodes(data="bipartite") if side == 0), key=str)
    language = str(network.graph.get("language", "en"))
    projected = networkx.Graph(**network.graph)
    if not actors:
        return projected
    shared = bipartite.weighted_projected_graph(ties, actors)
    shares = bipartite.collaboration_weighted_projected_graph(ties, actors)
    projected.add_nodes_from((actor, {**network.nodes[actor], "segments": []}) for actor in actors)
    for one, other in sorted((sorted(pair, key=str) for pair in shared.edges()), key=str):
        common = sorted({*ties[one]} & {*ties[other]}, key=str)
        segments = sorted({*_segments(ties, one, common), *_segments(ties, other, common)})
        voices = {voice for thing in common for voice in _voices(ties[one][thing], ties[other][thing], language)}
        projected.add_edge(
            one,
            other,
            weight=shared[one][other]["weight"],
            share=round(shares[one][other]["weight"], 6),
            through=common,
            label="; ".join(str(network.nodes[thing].get("label", thing)) for thing in common),
            segments=segments,
            voice="; ".join(sorted(voices)),
        )
        for node in (one, other):
            projected.nodes[node]["segments"] = sorted({*projected.nodes[node]["segments"], *segments})
    return projected


def _look(network: networkx.MultiDiGraph, node: Any) -> Any:
    return look(network.nodes[node].get("type", ""))


def _things(through: Iterable[str]) -> set[Any]:
    wanted = [*through]
    for name in wanted:
        if name not in THROUGH:
            raise UsageError(f"Actors do not meet through '{name}' here; choose {', '.join(THROUGH)}.")
    return {FAMILIES[family] for name in wanted for family in THROUGH[name]}


def _segments(ties: networkx.Graph, actor: Any, things: Iterable[Any]) -> set[str]:
    return {segment for thing in things for segment in ties[actor][thing]["segments"]}


def _voices(one: dict[str, Any], other: dict[str, Any], language: str) -> set[str]:
    """Return the voices in which two actors share a thing: that of a fact, if both relations are stated, else those of the views."""
    views = [leg["voices"] for leg in (one, other) if leg["voices"] and not leg["voices"] & FACTUAL]
    return {voice for voices in views for voice in voices} or {word("fact", language)}


def list_meetings(network: networkx.MultiDiGraph, through: Iterable[str] = tuple(THROUGH)) -> Table:
    """Return the pairs of actors that share events, documents or undertakings: how many (``shared``), ``share``, and which.

    Range: shared is a whole number from 1; share is above 0 and at most ``shared``. Sources and definitions: :func:`project_actors`.
    """
    projected = project_actors(network, through)
    label = {node: str(data.get("label", node)) for node, data in projected.nodes(data=True)}
    rows = [
        (
            shorten(str(one)),
            label[one],
            shorten(str(other)),
            label[other],
            data["weight"],
            data["share"],
            data["label"],
            " ".join(data["segments"]),
        )
        for one, other, data in projected.edges(data=True)
    ]
    rows.sort(key=lambda row: (-row[4], -row[5], row[1], row[3]))
    return Table(
        ("node", "label", "other", "other label", "shared", "share", "through", "segments"),
        tuple(rows),
        sentences=network.graph.get("sentences", {}),
        language=str(network.graph.get("language", "en")),
    )
