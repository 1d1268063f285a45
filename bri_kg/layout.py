"""How a network looks: a place for every node, computed beforehand, and a colour and shape for every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import networkx

__all__ = ["FAMILIES", "Look", "look", "place_nodes"]


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
    **dict.fromkeys(("Component", "Issue", "PolicyConcept"), "Notion"),
    **dict.fromkeys(("Region",), "Place"),
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
    """Return a place for each node by Fruchterman and Reingold's layout (1991), the same each time for the same network.

    ``scale`` is the wished length of an edge in pixels. igraph lays out; it does 2,000 nodes where networkx takes many seconds.
    """
    import random

    import igraph

    nodes = list(network)
    if not nodes:
        return {}
    number = {node: index for index, node in enumerate(nodes)}
    ties = sorted({(min(number[a], number[b]), max(number[a], number[b])) for a, b in network.edges() if a != b})
    graph = igraph.Graph(len(nodes), ties)
    state = random.Random(53)
    igraph.set_random_number_generator(state)
    try:
        many = len(nodes) > 600
        found = graph.layout("drl" if many and ties else "fr") if many else graph.layout_fruchterman_reingold(niter=800)
    finally:
        igraph.set_random_number_generator(random)
    span = max(1.0, max(abs(value) for point in found for value in point))
    size = scale * max(1.0, len(nodes) ** 0.5)
    return {
        node: (round(found[i][0] / span * size * 1.35, 1), round(found[i][1] / span * size, 1))
        for i, node in enumerate(nodes)
    }
