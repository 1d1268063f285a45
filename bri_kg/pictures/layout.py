"""How a network looks: a place for every node, computed beforehand, and a colour and shape for every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import networkx

__all__ = ["FAMILIES", "FONTS", "Look", "look", "place_nodes", "push_apart"]


#: Fonts of still pictures by language.
FONTS = {
    "en": "Liberation Sans, Helvetica, Arial, sans-serif",
    "zh": "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, sans-serif",
}


class Look(NamedTuple):
    """Colour (Okabe and Ito's palette, told apart by the colour-blind) and vis-network shape of a family of kinds."""

    family: str
    colour: str
    shape: str


FAMILIES: dict[str, Look] = {
    "State": Look("States", "#0072B2", "dot"),
    "Organisation": Look("Organisations", "#56B4E9", "square"),
    "Group": Look("Groups", "#A6CEE3", "square"),
    "Person": Look("Persons", "#CC79A7", "dot"),
    "Policy": Look("Policies", "#E69F00", "diamond"),
    "Project": Look("Projects", "#D55E00", "triangle"),
    "Document": Look("Documents", "#009E73", "square"),
    "Undertaking": Look("Mechanisms and partnerships", "#8C6D1F", "hexagon"),
    "Record": Look("Events", "#F0E442", "star"),
    "Place": Look("Places", "#7F7F7F", "triangleDown"),
    "Text": Look("Sentences and footnotes", "#BBBBBB", "dot"),
    "Notion": Look("Concepts and issues", "#B39DDB", "hexagon"),
}
_OTHER = Look("Other", "#999999", "dot")
_FAMILY_OF = {
    **dict.fromkeys(
        (
            "Administration",
            "Company",
            "Government",
            "GovernmentBody",
            "InternationalOrganisation",
            "ResearchInstitution",
        ),
        "Organisation",
    ),
    **dict.fromkeys(("Initiative", "Programme", "Strategy"), "Policy"),
    **dict.fromkeys(("Agreement", "Law", "Paper", "Work"), "Document"),
    **dict.fromkeys(("Community", "FreeTradeArea", "Mechanism", "Partnership"), "Undertaking"),
    **dict.fromkeys(("Component", "Concept", "Issue", "PolicyConcept"), "Notion"),
    **dict.fromkeys(("Region",), "Place"),
    **dict.fromkeys(("Footnote", "Segment"), "Text"),
}
_EVENTS = """
    Accession Adoption Amount Attribution Claim Commitment CooperativeActivity Crisis EntryIntoForce Erratum
    Establishment Event Financing Forum Inconsistency Launch LegalCase Measure Meeting Milestone Negotiation
    Participation Phase Position Post Recommendation Signature Speech Statistic StrategicAlignment Summit
    TakingOffice Transition Visit
""".split()
_FAMILY_OF.update(dict.fromkeys(_EVENTS, "Record"))


def look(kind: str) -> Look:
    """Return colour and shape for a class of the ontology, given by its local name."""
    return FAMILIES.get(_FAMILY_OF.get(kind, kind), _OTHER)


def place_nodes(network: networkx.MultiDiGraph, scale: float = 90.0) -> dict[str, tuple[float, float]]:
    """Return a place for each node, the same each time for the same network.

    Up to 500 nodes Kamada and Kawai's layout (1989), whose distances read well, then evened by Fruchterman and Reingold's (1991), so that the
    neighbours of a hub do not lie on each other; beyond, the latter alone, which igraph does for 2,000 nodes where networkx takes many
    seconds. Parts that no edge ties lie in rows beside and below the largest. ``scale`` is the wished length of an edge in pixels.
    """
    import random

    import igraph

    nodes = list(network)
    if not nodes:
        return {}
    number = {node: index for index, node in enumerate(nodes)}
    ties = sorted({(min(number[a], number[b]), max(number[a], number[b])) for a, b in network.edges() if a != b})
    graph = igraph.Graph(len(nodes), ties)
    igraph.set_random_number_generator(random.Random(53))
    try:
        found = _in_parts(graph)
    finally:
        igraph.set_random_number_generator(random)
    span = max(1.0, max(abs(value) for point in found for value in point))
    size = scale * max(1.0, len(nodes) ** 0.5)
    return {
        node: (round(found[i][0] / span * size * 1.35, 1), round(found[i][1] / span * size, 1))
        for i, node in enumerate(nodes)
    }


def _in_parts(graph: Any) -> list[tuple[float, float]]:
    """Return a place for each node: each connected part laid out by itself, the largest first, the others in rows beside and below it."""
    parts = sorted(graph.connected_components(), key=lambda part: (-len(part), part))
    made = [_laid_out(graph.induced_subgraph(part)) for part in parts]
    most = made[0]
    spans = [max(spot[axis] for spot in most) - min(spot[axis] for spot in most) for axis in (0, 1)]
    scale = min(1.0, (spans[0] * spans[1] / len(most)) ** 0.5 / 1.2) or 1.0  # the others as dense as the largest part
    made[1:] = [[(x * scale, y * scale) for x, y in spots] for spots in made[1:]]
    gap = 1.4 * scale
    extents = [
        [max(spot[axis] for spot in spots) - min(spot[axis] for spot in spots) + gap for axis in (0, 1)]
        for spots in made
    ]
    width = max(extents[0][0], 1.1 * sum(across * down for across, down in extents) ** 0.5)
    found: list[tuple[float, float]] = [(0.0, 0.0)] * graph.vcount()
    left = top = deep = 0.0
    for part, spots, (across, down) in zip(parts, made, extents, strict=True):
        if left and left + across > width + 0.001:
            left, top, deep = 0.0, top + deep, 0.0
        corner = [min(spot[axis] for spot in spots) for axis in (0, 1)]
        for node, (x, y) in zip(part, spots, strict=True):
            found[node] = (x - corner[0] + left, y - corner[1] + top)
        left, deep = left + across, max(deep, down)
    middle = [(min(spot[axis] for spot in found) + max(spot[axis] for spot in found)) / 2 for axis in (0, 1)]
    return [(x - middle[0], y - middle[1]) for x, y in found]


def _laid_out(graph: Any) -> list[tuple[float, float]]:
    count = graph.vcount()
    if count > 500:
        found = graph.layout_fruchterman_reingold(niter=300 if count > 1000 else 800, grid="auto")
    elif count > 1:
        read_well = graph.layout_kamada_kawai(maxiter=3000)
        found = graph.layout_fruchterman_reingold(seed=read_well, niter=150, start_temp=1.0, grid=False)
    else:
        found = [(0.0, 0.0)]
    return [(x, y) for x, y in found]


def push_apart(
    places: dict[str, tuple[float, float]], sizes: dict[str, float], gap: float = 6.0, rounds: int = 60
) -> dict[str, tuple[float, float]]:
    """Return places at which nodes of these ``sizes`` (half their width) do not lie on each other, each moved as little as a few rounds find."""
    spots = {node: [x, y] for node, (x, y) in places.items()}
    cell = 2 * max(sizes.values(), default=1.0) + gap
    for _ in range(rounds):
        grid: dict[tuple[int, int], list[str]] = {}
        for node, (x, y) in spots.items():
            grid.setdefault((int(x // cell), int(y // cell)), []).append(node)
        is_moved = False
        for (column, row), here in grid.items():
            near = [
                other for dx, dy in ((0, 1), (1, -1), (1, 0), (1, 1)) for other in grid.get((column + dx, row + dy), ())
            ]
            for place, node in enumerate(here):
                for other in (*here[place + 1 :], *near):
                    dx, dy = spots[other][0] - spots[node][0], spots[other][1] - spots[node][1]
                    wanted = sizes[node] + sizes[other] + gap
                    apart = (dx * dx + dy * dy) ** 0.5
                    if apart < wanted:
                        is_moved = True
                        if apart < 0.01:
                            dx, dy, apart = 1.0, 0.5, 1.118
                        push = (wanted - apart) / apart / 2
                        spots[node][0] -= dx * push
                        spots[node][1] -= dy * push
                        spots[other][0] += dx * push
                        spots[other][1] += dy * push
        if not is_moved:
            break
    return {node: (x, y) for node, (x, y) in spots.items()}
