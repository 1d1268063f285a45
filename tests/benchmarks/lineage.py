"""What citations cost, over the stored questions and over a million triples in 5,000 named graphs: ratios of an answer with them to one without.

Run: python3 tests/benchmarks/lineage.py [--small]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("BRI_KG_CACHE", tempfile.mkdtemp(prefix="bri-kg-bench-"))

import pyoxigraph as ox
from run import median_ms

import bri_kg
from bri_kg.names import BASE, PREFIXES
from bri_kg.questions import questions
from bri_kg.store import unite

BRI_KG = str(Path(sys.executable).with_name("bri-kg"))
#: Over the made-up graph: a look-up, joins of two and three steps, OPTIONAL, UNION, a filter, a count, negation, a path, GRAPH and LIMIT.
QUERIES = {
    "look-up": "SELECT ?o { state:n17 bri:p1 ?o }",
    "join": "SELECT ?b ?c { state:n17 bri:p1 ?b . ?b bri:p2 ?c } LIMIT 100",
    "three steps": "SELECT ?a ?d { VALUES ?a { state:n1 state:n2 state:n3 } ?a bri:p1 ?b . ?b bri:p2 ?c . ?c bri:p3 ?d } LIMIT 100",
    "optional": "SELECT ?b ?c { VALUES ?a { state:n5 state:n6 state:n7 } ?a bri:p1 ?b OPTIONAL { ?b bri:p9 ?c } }",
    "union": "SELECT ?b { { state:n17 bri:p1 ?b } UNION { ?b bri:p2 state:n17 } }",
    "filter": "SELECT ?a ?v { ?a bri:value ?v FILTER (?v > 99990) }",
    "count": "SELECT ?a (COUNT(?b) AS ?n) { VALUES ?a { state:n1 state:n2 state:n3 state:n4 } ?a bri:p1 ?b } GROUP BY ?a",
    "not exists": "SELECT ?b { state:n17 bri:p1 ?b FILTER NOT EXISTS { ?b bri:p9 state:n17 } }",
    "path": "SELECT ?b { state:n17 bri:p1/bri:p2 ?b } LIMIT 100",
    "graph": "SELECT ?g ?b { GRAPH ?g { state:n17 bri:p1 ?b } }",
}


def made(triples: int, graphs: int) -> bri_kg.KnowledgeGraph:
    """Return a made-up graph of about ``triples`` triples in ``graphs`` named graphs."""
    dice = random.Random(7)
    nodes = triples // 50
    store = ox.Store()

    def quads() -> object:
        for number in range(triples):
            graph = ox.NamedNode(f"{PREFIXES['segment']}g{dice.randrange(graphs)}")
            subject = ox.NamedNode(f"{BASE}state/n{dice.randrange(nodes)}")
            if number % 10 == 0:
                yield ox.Quad(
                    subject, ox.NamedNode(PREFIXES["bri"] + "value"), ox.Literal(dice.randrange(100_000)), graph
                )
            else:
                predicate = ox.NamedNode(f"{PREFIXES['bri']}p{dice.randrange(1, 10)}")
                yield ox.Quad(subject, predicate, ox.NamedNode(f"{BASE}state/n{dice.randrange(nodes)}"), graph)

    store.bulk_extend(quads())  # type: ignore[arg-type]
    unite(store)
    store.optimize()
    return bri_kg.KnowledgeGraph(store)


def stored_questions(kg: bri_kg.KnowledgeGraph) -> str:
    """Return what citing the stored questions costs, and the slowest of them."""
    ratios, slowest = [], []
    for one in questions():
        params = {parameter.name: parameter.example for parameter in one.parameters}
        plain = median_ms(lambda one=one, params=params: kg.ask(one.name, **params), 7)
        cited = median_ms(lambda one=one, params=params: kg.ask(one.name, **params).cite(), 7)
        ratios.append(cited / plain)
        slowest.append((cited, plain, one.name))
    worst = ", ".join(f"{name} {cited:.0f} ms (plain {plain:.0f})" for cited, plain, name in sorted(slowest)[:-4:-1])
    return (
        f"{len(ratios)} stored questions, cited against plain: median x{statistics.median(ratios):.2f} (aim 3), largest x{max(ratios):.1f}; "
        f"slowest {worst} (aim 50)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="50,000 triples in place of a million")
    small = parser.parse_args().small
    for where, kg in (("on disk", bri_kg.load()), ("in memory", bri_kg.load(in_memory=True))):
        print(where, stored_questions(kg))

    def command(*options: str) -> Callable[[], object]:
        return lambda: subprocess.run(
            [BRI_KG, "ask", "projects-in", "country=Laos", *options],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    plain, cited = median_ms(command(), 15), median_ms(command("--cite"), 15)
    print(
        f"bri-kg ask --cite against bri-kg ask, whole process: {cited:.0f} ms, {plain:.0f} ms, x{cited / plain:.2f} (aim 1.3)"
    )
    graph = made(50_000 if small else 1_000_000, 500 if small else 5000)
    for name, query in QUERIES.items():
        plain = median_ms(lambda query=query: graph.query(query), 5)
        answer = graph.query(query)
        cited = median_ms(lambda query=query: graph.query(query).cite(), 5)
        print(
            f"{len(graph):>9,} triples, {name:<12} {len(answer):>4} rows: plain {plain:8.2f} ms, cited {cited:8.2f} ms, x{cited / plain:.1f} (aim 5)"
        )


if __name__ == "__main__":
    main()
