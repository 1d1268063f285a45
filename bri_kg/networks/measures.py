"""Measures of a network: who is central, who belongs together, who stands between; each defined, with its source, computed by igraph.

A measure takes a network and returns a :class:`~bri_kg.tables.Table`, one row a node, with the segments behind the node's relations.
Unless it says otherwise it counts ties: two nodes are tied if there is any relation between them, whatever its direction, sort and number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import UsageError
from ..names import shorten
from ..tables import Cell, Table
from ..wording import word
from .behind import is_beside, is_view
from .phases import SECOND_PHASE, compare_phases
from .projections import THROUGH, list_meetings, project_actors

if TYPE_CHECKING:
    import igraph
    import networkx

__all__ = [
    "MEASURES",
    "Measure",
    "find_brokers",
    "find_communities",
    "find_cores",
    "list_measures",
    "measure_network",
    "rank_by_betweenness",
    "rank_by_degree",
    "rank_by_eigenvector",
    "rank_by_pagerank",
]

#: The seed of the one measure that draws lots.
_SEED = 53
#: Decimals that are the same on every machine.
_DECIMALS = 6


def rank_by_degree(network: networkx.MultiDiGraph) -> Table:
    """Return the degree of each node: the number of its relations, of those that leave and enter it, and of its neighbours.

    Parallel relations count one by one, a loop counts twice; ``out`` and ``in`` are there if the network has directions.
    Range: whole numbers from 0. Source: Freeman 1979, "Centrality in social networks: conceptual clarification", Social Networks 1, 215-239.
    """
    nodes = _nodes(network)
    columns: dict[str, list[Cell]] = {"degree": [network.degree(node) for node in nodes]}
    if network.is_directed():
        columns["out"] = [network.out_degree(node) for node in nodes]
        columns["in"] = [network.in_degree(node) for node in nodes]
    columns["neighbours"] = [*_ties(network).degree()]
    return _ranked(network, columns)


def rank_by_betweenness(network: networkx.MultiDiGraph) -> Table:
    """Return the betweenness of each node: the share of pairs of other nodes whose shortest paths lead over it.

    Where a pair has several shortest paths, each counts for its part. Range: 0 (none) to 1 (all pairs, as the centre of a star).
    Source: Freeman 1977, "A set of measures of centrality based on betweenness", Sociometry 40, 35-41.
    """
    ties = _ties(network)
    pairs = max((len(network) - 1) * (len(network) - 2) / 2, 1)
    return _ranked(network, {"betweenness": [_rounded(value / pairs) for value in ties.betweenness(directed=False)]})


def rank_by_eigenvector(network: networkx.MultiDiGraph) -> Table:
    """Return the eigenvector centrality of each node: it is central if its neighbours are, in proportion to the sum of their values.

    The values are those of the principal eigenvector of the ties. In a network of several parts they cannot be compared across parts: they are
    computed in the largest (of equal ones the first by name), and are 0 elsewhere. Range: 0 to 1, where the most central node has 1.
    Source: Bonacich 1972, "Factoring and weighting approaches to status scores and clique identification", Journal of Mathematical
    Sociology 2, 113-120.
    """
    ties = _ties(network)
    values = [0.0] * len(network)
    largest = max(ties.connected_components(), key=lambda part: (len(part), -min(part)))
    if len(largest) > 1:
        found = ties.induced_subgraph(largest).eigenvector_centrality(scale=True)
        for node, value in zip(sorted(largest), found, strict=True):
            values[node] = _rounded(value)
    return _ranked(network, {"eigenvector": [*values]})


def rank_by_pagerank(network: networkx.MultiDiGraph) -> Table:
    """Return the PageRank of each node: the share of time that a walker spends there who follows relations in their direction.

    Parallel relations count one by one. With 15 in 100 steps, and where no relation leaves, the walker goes on from any node (damping 0.85).
    In a network without directions relations are walked both ways. Range: above 0, at most 1; all add up to 1.
    Source: Brin and Page 1998, "The anatomy of a large-scale hypertextual web search engine", Computer Networks 30, 107-117.
    """
    import igraph

    number = {node: place for place, node in enumerate(_nodes(network))}
    edges = sorted((number[source], number[target]) for source, target in network.edges())
    graph = igraph.Graph(len(number), edges, directed=network.is_directed())
    return _ranked(network, {"pagerank": [_rounded(value) for value in graph.pagerank(damping=0.85)]})


def find_communities(network: networkx.MultiDiGraph) -> Table:
    """Return the community of each node, so that there are more ties within communities than chance would put there (modularity).

    Found by the Leiden algorithm with a fixed seed, until nothing improves: the same network gives the same communities, though another division
    may be as good. Range: communities are numbered from 1, the largest first; modularity, in the remarks, is at most 1, and 0 if ties fall as
    by chance. Sources: Traag, Waltman and van Eck 2019, "From Louvain to Leiden", Scientific Reports 9, 5233; modularity: Newman and Girvan
    2004, "Finding and evaluating community structure in networks", Physical Review E 69, 026113.
    """
    import random

    import igraph

    ties = _ties(network)
    igraph.set_random_number_generator(random.Random(_SEED))
    try:
        found = ties.community_leiden(objective_function="modularity", n_iterations=-1)
    finally:
        igraph.set_random_number_generator(random)
    parts = sorted((sorted(part) for part in found), key=lambda part: (-len(part), part))
    number = {node: place for place, part in enumerate(parts, 1) for node in part}
    modularity = found.modularity
    columns: dict[str, list[Cell]] = {
        "community": [number[place] for place in range(len(network))],
        "neighbours": [*ties.degree()],
    }
    table = _ranked(network, columns, descending=False)
    quality = "-" if math.isnan(modularity) else f"{modularity:.4f}"
    return table.with_title("", (word("modularity", table.language, len(parts), quality), *table.remarks))


def find_cores(network: networkx.MultiDiGraph) -> Table:
    """Return the core of each node: the greatest k for which it is in a part of the network where each has k or more neighbours.

    Range: whole numbers from 0; at most the number of neighbours. Source: Seidman 1983, "Network structure and minimum degree", Social
    Networks 5, 269-287.
    """
    ties = _ties(network)
    return _ranked(network, {"core": [*ties.coreness()], "neighbours": [*ties.degree()]})


def find_brokers(network: networkx.MultiDiGraph) -> Table:
    """Return the constraint of each node, by which its neighbours are tied to each other; the least constrained, first, are brokers.

    Constraint is Burt's: for each neighbour j the square of the part of i's ties that go to j, straight or over another neighbour, summed. It
    is low where neighbours are strangers to each other, so that what passes between them passes here (structural holes). ``cut`` says whether
    the network falls into more parts without the node. Range: above 0; 1 for one neighbour; at most 1.125, which a triangle has; empty
    for a node without ties. Source: Burt 1992, Structural Holes, Harvard University Press, chapter 2. Gould and Fernandez's roles
    (Sociological Methodology 19, 1989, 89-126) need a division into groups and are in neither igraph nor networkx.
    """
    ties = _ties(network)
    language = str(network.graph.get("language", "en"))
    cuts = {*ties.articulation_points()}
    columns: dict[str, list[Cell]] = {
        "constraint": [None if math.isnan(value) else _rounded(value) for value in ties.constraint()],
        "neighbours": [*ties.degree()],
        "cut": [word("yes" if place in cuts else "no", language) for place in range(len(network))],
    }
    return _ranked(network, columns, descending=False)


def _nodes(network: networkx.MultiDiGraph) -> list[Any]:
    """Return the nodes in an order that does not hang on how the network was made."""
    return sorted(network, key=str)


def _ties(network: networkx.MultiDiGraph) -> igraph.Graph:
    """Return the ties of ``network``: a graph without directions, loops and parallel edges, its nodes numbered as in :func:`_nodes`."""
    import igraph

    number = {node: place for place, node in enumerate(_nodes(network))}
    pairs = ((number[source], number[target]) for source, target in network.edges())
    return igraph.Graph(len(number), sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}))


def _rounded(value: float) -> float:
    return round(value, _DECIMALS) + 0.0  # no negative zero


def _ranked(network: networkx.MultiDiGraph, columns: dict[str, list[Cell]], descending: bool = True) -> Table:
    """Return one row a node, ordered by the first of ``columns``, whose values stand in the order of :func:`_nodes`.

    Of equal ones those with more neighbours come first, where that is a column, and then the label decides.
    """
    rows: list[tuple[Cell, ...]] = []
    names = ("node", "label", "kind", *columns, "segments")
    for place, node in enumerate(_nodes(network)):
        data = network.nodes[node]
        values = (column[place] for column in columns.values())
        first = (shorten(str(node)), str(data.get("label", node)), str(data.get("kind", "")))
        rows.append((*first, *values, " ".join(data.get("segments", ()))))

    def order(row: tuple[Cell, ...]) -> tuple[Any, ...]:
        value = row[3]
        neighbours = row[names.index("neighbours")] if "neighbours" in columns else 0
        signed = (-value if descending else value) if isinstance(value, (int, float)) else math.inf
        return signed, -float(neighbours or 0), row[1], row[0]

    language = str(network.graph.get("language", "en"))
    return Table(
        names,
        tuple(sorted(rows, key=order)),
        remarks=_views(network, language),
        sentences=network.graph.get("sentences", {}),
        language=language,
    )


def _views(network: networkx.MultiDiGraph, language: str) -> tuple[str, ...]:
    """Return the remarks that say how many relations are somebody's view, and how many not the paper's; none if all are its facts."""
    voices = [voice for *_, voice in network.edges(data="voice") if voice]
    counts = {"views among": sum(map(is_view, voices)), "beside among": sum(map(is_beside, voices))}
    return tuple(word(key, language, count, network.number_of_edges()) for key, count in counts.items() if count)


class Measure(NamedTuple):
    """A measure as the command line lists it: its name, what it says of a node and its range, in English and Chinese, and its source."""

    name: str
    function: Callable[..., Table]
    what: tuple[str, str]
    range: tuple[str, str]
    source: str

    def in_language(self, language: str) -> tuple[str, str]:
        """Return what the measure says and its range in ``language``."""
        place = int(language.startswith("zh"))
        return self.what[place], self.range[place]


MEASURES: dict[str, Measure] = {
    one.name: one
    for one in (
        Measure(
            "betweenness",
            rank_by_betweenness,
            (
                "Who lies on the shortest paths between others: the share of pairs of other nodes.",
                "谁处于他者之间的最短路径上：占其他节点对的比例。",
            ),
            ("0 to 1", "0 至 1"),
            "Freeman 1977",
        ),
        Measure(
            "brokers",
            find_brokers,
            (
                "Who stands between neighbours that are strangers to each other: Burt's constraint, the least first.",
                "谁处于互不相识的邻居之间：伯特约束系数，由低到高。",
            ),
            ("above 0, at most 1.125; low is free", "大于 0，至多 1.125；越低越自由"),
            "Burt 1992",
        ),
        Measure(
            "communities",
            find_communities,
            (
                "What belongs together: more ties within a community than chance would put there.",
                "哪些节点同属一群：群内联系多于随机情形。",
            ),
            ("numbered from 1, the largest first", "自 1 起编号，最大者在前"),
            "Traag, Waltman and van Eck 2019; Newman and Girvan 2004",
        ),
        Measure(
            "cores",
            find_cores,
            (
                "How deep in the core: the greatest k of a part in which each has k neighbours.",
                "处于多深的核心：各节点至少有 k 个邻居的子网中最大的 k。",
            ),
            ("whole number from 0", "自 0 起的整数"),
            "Seidman 1983",
        ),
        Measure(
            "degree",
            rank_by_degree,
            ("How many relations and how many neighbours.", "有多少关系、多少邻居。"),
            ("whole number from 0", "自 0 起的整数"),
            "Freeman 1979",
        ),
        Measure(
            "eigenvector",
            rank_by_eigenvector,
            (
                "Who is tied to the central: each is as central as its neighbours.",
                "谁与中心者相连：节点的中心度取决于邻居。",
            ),
            ("0 to 1, the greatest is 1", "0 至 1，最大者为 1"),
            "Bonacich 1972",
        ),
        Measure(
            "meetings",
            list_meetings,
            (
                "Who meets through what: pairs of actors with events, documents or undertakings in common.",
                "谁通过什么相遇：共有事件、文件或事业的行为体对。",
            ),
            (
                "shared: whole number from 1; share: each thing counts 1/(n-1) for its n actors",
                "共有数：自 1 起的整数；份额：有 n 个行为体的事物计 1/(n-1)",
            ),
            "Breiger 1974; Newman 2001",
        ),
        Measure(
            "pagerank",
            rank_by_pagerank,
            (
                "Where relations lead: the share of time of a walker who follows them.",
                "关系指向何处：沿关系行走者停留时间的比例。",
            ),
            ("above 0; all add up to 1", "大于 0；总和为 1"),
            "Brin and Page 1998",
        ),
        Measure(
            "phases",
            compare_phases,
            (
                "What went, stayed and appeared with the second phase, by the dates of relations.",
                "第二阶段前后什么消失、延续、出现，以关系的日期为准。",
            ),
            ("went, stayed, appeared", "消失、延续、出现"),
            "set difference of two cross-sections",
        ),
    )
}


def list_measures(language: str = "en") -> tuple[Sequence[str], list[list[str]]]:
    """Return the columns and rows of the list of measures: name, what it says, range, source."""
    rows = [[one.name, *one.in_language(language), one.source] for one in MEASURES.values()]
    return ("measure", "what", "range", "from"), rows


def measure_network(
    network: networkx.MultiDiGraph, name: str, through: Iterable[str] = (), since: str = SECOND_PHASE
) -> Table:
    """Return the measure ``name`` of ``network``, with its definition as title and its range and source as remark.

    With ``through`` (``events``, ``documents``, ``undertakings``) the actors tied by these are measured instead
    (:func:`~bri_kg.networks.projections.project_actors`); ``since`` is the first day of the second phase, for ``phases``. Raises UsageError for
    an unknown measure, a network without nodes, and a parameter that does not fit.
    """
    if name not in MEASURES:
        raise UsageError(f"There is no measure '{name}'; choose {', '.join(MEASURES)}.")
    one, sorts = MEASURES[name], tuple(through)
    if not network:
        raise UsageError("There is nothing to measure: the network has no nodes. Check the query or its parameters.")
    if one.function is list_meetings:
        table = list_meetings(network, sorts or tuple(THROUGH))
    elif one.function is compare_phases:
        if sorts:
            raise UsageError(
                "The measure phases compares relations as they are dated; ask for it without a projection."
            )
        table = compare_phases(network, since)
    else:
        projected = project_actors(network, sorts) if sorts else network
        if not projected:
            raise UsageError(
                f"No actor in this network meets others through {', '.join(sorts)}; choose another network."
            )
        table = one.function(projected)
    what, range_ = one.in_language(table.language)
    return table.with_title(what, (*table.remarks, word("measured", table.language, range_, one.source)))
