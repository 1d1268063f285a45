"""Gathers the paper's facts that other data can speak of: each room of facts asks the graph by SPARQL."""

from __future__ import annotations

from collections.abc import Iterator

from ..graph import KnowledgeGraph
from ..names import PREFIXES
from . import factqueries as queries
from .facts import ASPECTS, PaperFact, all_of, grouped, local_name, rows_of, stated_in
from .happenings import happenings
from .offices import offices
from .standings import standings

__all__ = ["paper_facts"]


def paper_facts(kg: KnowledgeGraph) -> list[PaperFact]:
    """Return the comparable facts of the paper, by what they are about, aspect and node."""
    found = [*happenings(kg), *standings(kg), *offices(kg), *_laws(kg), *_fates(kg), *_money(kg)]
    return sorted(
        found, key=lambda fact: (fact.entity, ASPECTS.index(fact.aspect), fact.earliest, fact.node, fact.value)
    )


def _fates(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    """Yield what became of agreements that were given up, and of bills."""
    for row in rows_of(kg, queries.FATES):
        graphs = stated_in(kg, row["node"])
        yield PaperFact(row["node"], row["entity"], "fate", local_name(row["kind"]), row["kind"], graphs=graphs)


def _laws(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    """Yield titles of laws, and those that the paper prints and an erratum corrects."""
    laws = rows_of(kg, queries.TITLES)
    adopted = {row["entity"]: row["node"] for row in rows_of(kg, queries.FATES)}
    for row in laws:
        graphs = stated_in(kg, adopted.get(row["entity"], row["entity"]))
        yield PaperFact(row["entity"], row["entity"], "title", "", row["value"], graphs=graphs)
    known = {row["entity"] for row in laws}
    for row in rows_of(kg, queries.PRINTED):
        if row["about"] in known and row["property"] == PREFIXES["skos"] + "prefLabel":
            graphs = stated_in(kg, row["node"], "printedValue")
            yield PaperFact(row["node"], row["about"], "title", "", row["value"], graphs=graphs, printed=True)


def _money(kg: KnowledgeGraph) -> Iterator[PaperFact]:
    for (node,), rows in grouped(rows_of(kg, queries.MONEY), "node"):
        row, about = rows[0], all_of(rows, "entity")
        projects = [one for one in about if one.startswith(PREFIXES["project"])]
        yield PaperFact(
            node,
            (projects or list(about))[0],
            "amount",
            local_name(row["kind"]),
            row["value"],
            row.get("earliest", ""),
            row.get("latest", ""),
            unit=local_name(row["unit"]),
            terms=(local_name(row["bound"]),) if "bound" in row else (),
            graphs=stated_in(kg, node),
            also=about,
            lenders=all_of(rows, "lender"),
        )
    for (node, entity), rows in grouped(rows_of(kg, queries.FINANCIERS), "node", "entity"):
        terms, graphs = all_of(rows, "term"), all_of(rows, "graph")
        yield PaperFact(node, entity, "financier", terms=terms, graphs=graphs)
