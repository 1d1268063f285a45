"""A network cut by time, and two networks beside each other: what went, what stayed, what appeared."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..names import shorten
from ..pictures.layout import FAMILIES, look
from ..tables import Cell, Table
from ..wording import word

if TYPE_CHECKING:
    import networkx

__all__ = ["SECOND_PHASE", "compare_networks", "compare_phases", "cut_by_time", "edge_span", "split_phases"]

#: The first day of the second phase of the BRI in Southeast Asia, as the heading of the paper's second part prints it (segment h2).
SECOND_PHASE = "2018-09-01"

_EVENTS = FAMILIES["Record"]


def edge_span(network: networkx.MultiDiGraph, source: Any, target: Any, data: dict[str, Any]) -> tuple[str, str]:
    """Return the first and last day on which an edge can lie, ISO dates, empty where open; both empty if it has no date.

    An edge without dates of its own has those of the events at its ends: who came to a summit came when it was held. Bounds that
    contradict each other, which two records can give between them, are no bounds.
    """
    spans = [(data.get("earliest", ""), data.get("latest", ""))]
    if not any(spans[0]):
        ends = (network.nodes[end] for end in (source, target))
        events = [end for end in ends if look(end.get("type", "")) == _EVENTS]
        spans = [(end.get("earliest", ""), end.get("latest", "")) for end in events]
    spans = [span for span in spans if any(span)]
    if not spans or any(first > last for first, last in spans if first and last):
        return "", ""
    first, last = [one for one, _ in spans], [other for _, other in spans]
    return "" if "" in first else min(first), "" if "" in last else max(last)


def cut_by_time(network: networkx.MultiDiGraph, first: str = "", last: str = "") -> networkx.MultiDiGraph:
    """Return the part of ``network`` whose edges can lie between the days ``first`` and ``last`` (ISO; empty for no bound), with their nodes.

    An edge that may lie inside is kept, so that one dated 2018 is in both halves of that year; an edge without any date is not
    (:func:`edge_span`). The network itself stays as it is. Raises UsageError for a day that no calendar has.
    """
    for day in filter(None, (first, last)):
        _known_day(day)
    kept = []
    edges = network.edges(keys=True) if network.is_multigraph() else network.edges()
    for edge in edges:
        start, end = edge_span(network, edge[0], edge[1], network.edges[edge])
        if (start or end) and (not end or not first or end >= first) and (not start or not last or start <= last):
            kept.append(edge)
    return network.edge_subgraph(kept).copy()


def _known_day(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise UsageError(f"'{day}' is no day; write it as in {SECOND_PHASE}.") from error


def split_phases(
    network: networkx.MultiDiGraph, since: str = SECOND_PHASE
) -> tuple[networkx.MultiDiGraph, networkx.MultiDiGraph]:
    """Return the part of ``network`` before the day ``since``, and the part from it on; see :func:`cut_by_time` for what is in both or neither.

    Raises UsageError for a day that no calendar has.
    """
    eve = (_known_day(since) - timedelta(days=1)).isoformat()
    return cut_by_time(network, last=eve), cut_by_time(network, first=since)


def compare_phases(network: networkx.MultiDiGraph, since: str = SECOND_PHASE) -> Table:
    """Return what went, stayed and appeared on the day ``since``: nodes and relations dated before it, on both sides of it, or from it on.

    Range: change is one of went, stayed, appeared. What "went" is not said to have ended: the paper dates it only before that day. The
    remarks count relations without a date, which are in neither phase. Source: none, it is the difference of two sets, the cross-sections.
    Raises UsageError for a day that no calendar has.
    """
    table = compare_networks(*split_phases(network, since))
    edges = network.edges(data=True)
    undated = sum(not any(edge_span(network, source, target, data)) for source, target, data in edges)
    remark = word("undated relations", table.language, undated, network.number_of_edges())
    return table.with_title(table.title, (*table.remarks, remark))


def compare_networks(first: networkx.MultiDiGraph, second: networkx.MultiDiGraph) -> Table:
    """Return the nodes and relations of two networks: only in the ``first`` (went), in both (stayed), only in the ``second`` (appeared)."""
    language = str(second.graph.get("language", first.graph.get("language", "en")))
    rows: list[tuple[Cell, ...]] = []
    for change, wanted in (("went", (True, False)), ("stayed", (True, True)), ("appeared", (False, True))):
        said = word(change, language)
        found: list[tuple[Cell, ...]] = []
        for node in {*first, *second}:
            if (node in first, node in second) == wanted:
                data = [network.nodes[node] for network in (first, second) if node in network]
                found.append((said, shorten(str(node)), _label(data, node), "", "", "", _segments(data)))
        edges = [_edges(network) for network in (first, second)]
        for key in {**edges[0], **edges[1]}:
            if (key in edges[0], key in edges[1]) == wanted:
                data = [known[key] for known in edges if key in known]
                source, relation, target = key
                ends = [
                    _label([network.nodes[end] for network in (first, second) if end in network], end)
                    for end in (source, target)
                ]
                relation_label = _label(data, relation)
                found.append(
                    (
                        said,
                        shorten(str(source)),
                        ends[0],
                        relation_label,
                        shorten(str(target)),
                        ends[1],
                        _segments(data),
                    )
                )
        rows += sorted(found, key=lambda row: (bool(row[4]), *map(str, row[1:])))
    counts = [sum(row[0] == word(change, language) for row in rows) for change in ("went", "stayed", "appeared")]
    sentences = {**first.graph.get("sentences", {}), **second.graph.get("sentences", {})}
    return Table(
        ("change", "node", "label", "relation", "target", "target label", "segments"),
        tuple(rows),
        remarks=(word("change counts", language, *counts),),
        sentences=sentences,
        language=language,
    )


def _edges(network: networkx.MultiDiGraph) -> dict[tuple[Any, Hashable, Any], dict[str, Any]]:
    if network.is_multigraph():
        return {(source, key, target): data for source, target, key, data in network.edges(keys=True, data=True)}
    return {(source, data.get("label", ""), target): data for source, target, data in network.edges(data=True)}


def _label(data: list[dict[str, Any]], name: Any) -> str:
    return str(next((one["label"] for one in data if one.get("label")), name))


def _segments(data: list[dict[str, Any]]) -> str:
    return " ".join(dict.fromkeys(segment for one in data for segment in one.get("segments", ())))
