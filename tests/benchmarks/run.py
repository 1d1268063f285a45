"""Side by side in one run: what BRI-KG takes, and what one would use instead. Prints ratios; no test depends on them.

Run: python3 tests/benchmarks/run.py [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("BRI_KG_CACHE", tempfile.mkdtemp(prefix="bri-kg-bench-"))

import networkx
import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql import prepareQuery

import bri_kg
from bri_kg.files import packaged_files
from bri_kg.names import PREFIXES
from bri_kg.networks.network import neighbourhood
from bri_kg.pictures.pages import draw
from bri_kg.questions import questions
from bri_kg.sparql import prepare

BRI_KG = str(Path(sys.executable).with_name("bri-kg"))
RDFLIB_ASK = """
import rdflib, sys
dataset = rdflib.Dataset(default_union=True)
for path in sys.argv[2:]:
    dataset.parse(path)
rows = list(dataset.query(sys.argv[1]))
"""


def median_ms(run: Callable[[], object], times: int) -> float:
    """Return the median time of ``run`` in milliseconds, after one run to warm up."""
    run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def process(*command: str) -> Callable[[], object]:
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def report(what: str, ours: float, theirs: float, instead: str, aim: str) -> None:
    ratio = ours / theirs
    print(f"{what:<58} {ours:>9.2f} ms  {theirs:>9.2f} ms {instead:<34} x{ratio:<8.3f} aim {aim}")


def whole_process(times: int) -> None:
    ask = median_ms(process(BRI_KG, "ask", "projects-in", "country=Laos"), times)
    report(
        "bri-kg ask, whole process",
        ask,
        median_ms(process(sys.executable, "-c", "pass"), times),
        "python3 -c pass",
        "at most 10",
    )
    query = "PREFIX bri: <https://w3id.org/bri-kg/ontology#> SELECT * { GRAPH ?g { ?p bri:hostCountry <https://w3id.org/bri-kg/state/laos> } }"
    files = [str(file.path) for file in packaged_files() if file.path.suffix != ".tsv"]  # rdflib reads no mapping sets
    report(
        "bri-kg ask, whole process",
        ask,
        median_ms(process(sys.executable, "-c", RDFLIB_ASK, query, *files), 2),
        "rdflib on the same files",
        "at most 0.125",
    )


def warm_queries(kg: bri_kg.KnowledgeGraph, times: int) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=kg.store.dump(format=ox.RdfFormat.N_QUADS), format="nquads")
    plain, prepared = [], []
    asked = questions()
    for one in asked:
        params = {parameter.name: parameter.example for parameter in one.parameters}
        text = prepare(one.sparql, kg.store, kg._arguments(one, params))
        ours = median_ms(lambda one=one, params=params: kg.ask(one.name, **params), times)
        ready = prepareQuery(text, initNs=PREFIXES)
        counter = iter(range(10**6))
        plain.append(
            median_ms(
                lambda text=text, counter=counter: list(dataset.query(f"{text}\n# {next(counter)}", initNs=PREFIXES)), 2
            )
            / ours
        )
        prepared.append(median_ms(lambda ready=ready: list(dataset.query(ready)), 2) / ours)
    print(
        f"{len(asked)} stored questions warm, kg.ask against rdflib: median {statistics.median(plain):.0f} times faster (aim 20), "
        f"with the query prepared {statistics.median(prepared):.0f} times (aim 2); slowest question {min(plain):.1f} and "
        f"{min(prepared):.1f} times; the text varies from run to run"
    )


def rows_to_dicts(kg: bri_kg.KnowledgeGraph, times: int) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o }"
    engine = median_ms(lambda: [None for _ in kg.store.query(query)], times)
    report(
        "rows to dicts (all triples)",
        median_ms(lambda: kg.query(query).to_dicts(), times),
        engine,
        "iterating the engine's rows",
        "at most 1.6",
    )


def paths(times: int) -> None:
    store = ox.Store()
    bri, base = PREFIXES["bri"], "https://w3id.org/bri-kg/state/"
    graph = networkx.gnm_random_graph(200_000, 1_000_000, seed=1)
    store.bulk_extend(
        ox.Quad(
            ox.NamedNode(f"{base}n{a}"),
            ox.NamedNode(bri + "involves"),
            ox.NamedNode(f"{base}n{b}"),
            ox.NamedNode(f"{PREFIXES['segment']}g{a % 5000}"),
        )
        for a, b in graph.edges()
    )
    label = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
    store.add(ox.Quad(ox.NamedNode(f"{base}n1"), label, ox.Literal("One", language="en"), ox.NamedNode(f"{base}names")))
    store.add(ox.Quad(ox.NamedNode(f"{base}n1"), label, ox.Literal("One", language="en")))
    kg = bri_kg.KnowledgeGraph(store)
    ours = median_ms(lambda: neighbourhood(kg, f"{base}n1", 2), times)
    step = "(bri:involves|^bri:involves)"
    path = f"SELECT (COUNT(*) AS ?n) {{ {{ SELECT DISTINCT ?x {{ GRAPH ?g {{ <{base}n1> {step}/{step} ?x }} }} }} }}"
    star = f"ASK {{ GRAPH ?g {{ <{base}n1> {step}* <{base}n0> }} }}"
    report(
        "neighbourhood of 2 steps, a million triples",
        ours,
        median_ms(lambda: list(store.query(path, prefixes=PREFIXES)), 3),
        "SPARQL path / in one graph",
        "below 1",
    )
    report(
        "neighbourhood of 2 steps, a million triples",
        ours,
        median_ms(lambda: store.query(star, prefixes=PREFIXES), 3),
        "SPARQL path *",
        "below 1",
    )


def pages(folder: Path) -> None:
    for size, limit, weight in ((200, 300, 1000), (2000, 1500, 1600)):
        made = networkx.MultiDiGraph(networkx.gnm_random_graph(size, 2 * size, seed=2, directed=True))
        for node in made:
            made.nodes[node].update(label=f"Node {node}", kind="State", type="State", names=[f"Node {node}"])
        for number, (_, _, data) in enumerate(made.edges(data=True)):
            data.update(
                label="involves",
                relation="involves",
                segments=["p01s01"],
                voice="stated as fact",
                earliest="",
                latest="",
                number=number,
            )
        named = networkx.relabel_nodes(made, str)
        path = folder / f"{size}.html"
        taken = median_ms(lambda named=named, path=path: draw(named, path, "Made up by the benchmark"), 3)
        print(
            f"page of {size:,} nodes: {taken:.0f} ms (aim {limit}), {path.stat().st_size / 1000:.0f} kB (aim {weight})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, and no million triples")
    quick = parser.parse_args().quick
    times = 5 if quick else 15
    kg = bri_kg.load()
    print(
        json.dumps(
            {
                "python": sys.version.split()[0],
                "pyoxigraph": ox.__version__,
                "rdflib": rdflib.__version__,
                "triples": len(kg),
            }
        )
    )
    whole_process(times)
    warm_queries(kg, times)
    rows_to_dicts(kg, times)
    with tempfile.TemporaryDirectory() as folder:
        pages(Path(folder))
    if not quick:
        paths(times)


if __name__ == "__main__":
    main()
