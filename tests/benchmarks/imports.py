"""How fast a large table is imported, beside morph-kgc on the same mapping.

    python3 tests/benchmarks/imports.py [--rows 1000000] [--morph FOLDER/bin/python]

A table of the shape of AidData's records is made (ten columns), imported by ``bri_kg.external``, and, where ``--morph`` names a Python that
has morph-kgc, turned into RDF by it with an RML mapping of the same columns. What each does: ours reads each row, checks every value (numbers,
dates, UTF-8, ids that repeat), and writes TriG, a named graph a record with type, dataset and line; morph-kgc reads the table, and writes
N-Triples with the type and the values, unchecked, without graphs, dataset and line. So ours states two triples a row more.
Each runs in a process of its own,
whose greatest memory is told; then the store in which records are asked is built, which morph-kgc leaves to others, and then the one
with a small dataset more, which takes over what is built.

On two busy cores, a million rows (2026-11-24): 91,000 rows/s against morph-kgc's 34,000; the store 149 to 177 s with 0.9 GB (206 s, 1.8 GB when
loaded in one piece), the one with a dataset more 30 s. The engine's own work, 190 s of processor, is what takes the time.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

COLUMNS = "id title country status sector committed started ended amount basis".split()
DESCRIPTION = """name = "bench"
title = "Benchmark"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
source = "https://example.org/"
version = "1"
format = "csv"
id = "{id}"
class = "FinanceRecord"
values = [
    { column = "title", property = "name" },
    { column = "country", property = "countryCode" },
    { column = "status", property = "status" },
    { column = "sector", property = "sector" },
    { column = "committed", property = "commitmentDate", datatype = "date" },
    { column = "started", property = "actualStart", datatype = "date" },
    { column = "ended", property = "actualEnd", datatype = "date" },
    { column = "amount", property = "amount", datatype = "decimal" },
    { column = "basis", property = "priceBasis" },
]
"""
MAPPED = {
    "title": ("name", ""), "country": ("countryCode", ""), "status": ("status", ""), "sector": ("sector", ""),
    "committed": ("commitmentDate", "xsd:date"), "started": ("actualStart", "xsd:date"), "ended": ("actualEnd", "xsd:date"),
    "amount": ("amount", "xsd:decimal"), "basis": ("priceBasis", ""),
}  # fmt: skip
OURS = """
import json, resource, sys, time
from pathlib import Path
from bri_kg.external.descriptions import read_description
from bri_kg.external.importing import import_files
start = time.perf_counter()
kept = import_files([Path(sys.argv[1])], read_description(Path(sys.argv[2])))
print(json.dumps([time.perf_counter() - start, time.process_time(), kept.triples, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
STORE = """
import json, resource, sys, time
import bri_kg
from bri_kg.external.combining import open_combined
bri_kg.load()
start, cpu = time.perf_counter(), time.process_time()
store, folder = open_combined([sys.argv[1]])
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
assert store.query("ASK { ?r a <https://w3id.org/bri-kg/external#FinanceRecord> }")
size = sum(path.stat().st_size for path in folder.iterdir())
print(json.dumps([seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, size]))
"""
MORPH = """
import json, resource, sys, time, morph_kgc
start = time.perf_counter()
sys.argv = ["morph_kgc", sys.argv[1]]
try:
    import runpy
    runpy.run_module("morph_kgc", run_name="__main__")
except SystemExit:
    pass
seconds = time.perf_counter() - start
own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
print(json.dumps([seconds, cpu, max(own.ru_maxrss, children.ru_maxrss) / 1024]))
"""


def make_table(path: Path, rows: int) -> None:
    """Write a table with ``rows`` rows, each with its own title, some with commas, quotes and other scripts."""
    chance = random.Random(1)
    words = "railway port bridge power station loan grant phase section road dam line 铁路 cầu “new” Vientiane Kyaukphyu".split()
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for number in range(rows):
            title = " ".join(chance.choices(words, k=8)) + (', "phase 2"' if number % 50 == 0 else "")
            dates = [
                f"{chance.randint(2000, 2023)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}" for _ in range(3)
            ]
            dates[2] = dates[2] if number % 3 else ""
            state, status = (
                chance.choice(["LAO", "MMR", "VNM", "IDN", "KHM"]),
                chance.choice(["Completion", "Implementation", "Pipeline"]),
            )
            table.writerow(
                [
                    number,
                    title,
                    state,
                    status,
                    "TRANSPORT AND STORAGE",
                    *dates,
                    f"{chance.uniform(1e5, 5e9):.2f}",
                    "constant 2021",
                ]
            )


def mapping(path: Path, table: Path) -> None:
    """Write the RML mapping of the same columns."""
    ext = "https://w3id.org/bri-kg/external#"
    lines = [
        "@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix rml: <http://semweb.mmlab.be/ns/rml#> .",
        "@prefix ql: <http://semweb.mmlab.be/ns/ql#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .",
        f'<#m> a rr:TriplesMap ; rml:logicalSource [ rml:source "{table}" ; rml:referenceFormulation ql:CSV ] ;',
        f'rr:subjectMap [ rr:template "https://w3id.org/bri-kg/record/bench/{{id}}" ; rr:class <{ext}FinanceRecord> ] ;',
        " ;\n".join(
            f'rr:predicateObjectMap [ rr:predicate <{ext}{name}> ; rr:objectMap [ rml:reference "{column}"'
            + (f" ; rr:datatype {kind}" if kind else "")
            + " ] ]"
            for column, (name, kind) in MAPPED.items()
        )
        + " .",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    """Run both and print what they took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--morph", help="a Python with morph-kgc")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        table, description = folder / "table.csv", folder / "bench.toml"
        make_table(table, given.rows)
        description.write_text(DESCRIPTION, encoding="utf-8")
        environment = {**os.environ, "BRI_KG_DATA": str(folder / "data"), "BRI_KG_CACHE": str(folder / "cache")}
        print(f"{given.rows:,} rows, {table.stat().st_size / 1e6:,.0f} MB")
        seconds, cpu, triples, memory = _json([sys.executable, "-c", OURS, str(table), str(description)], environment)
        _tell("bri-kg external add", seconds, cpu, given.rows, triples, memory)
        if given.morph:
            rml, config, output = folder / "m.ttl", folder / "config.ini", folder / "out.nt"
            mapping(rml, table)
            config.write_text(f"[CONFIGURATION]\noutput_file={output}\n[D]\nmappings={rml}\n", encoding="utf-8")
            seconds, cpu, memory = _json([given.morph, "-c", MORPH, str(config)], environment)
            with output.open("rb") as file:
                _tell("morph-kgc", seconds, cpu, given.rows, sum(1 for _ in file), memory)
        more, small = folder / "more.toml", folder / "small.csv"
        more.write_text(DESCRIPTION.replace('name = "bench"', 'name = "more"'), encoding="utf-8")
        make_table(small, 1_000)
        _json([sys.executable, "-c", OURS, str(small), str(more)], environment)
        for names in ("bench", "bench,more"):
            seconds, cpu, memory, size = _json([sys.executable, "-c", STORE, names], environment)
            print(
                f"the store for --with {names}, built once: {seconds:.1f} s ({cpu:.1f} s of processor), {memory:,.0f} MB, "
                f"{size / 1e9:.1f} GB on disk"
            )


def _json(command: list[str], environment: dict[str, str]) -> list[float]:
    done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _tell(name: str, seconds: float, cpu: float, rows: int, triples: float, memory: float) -> None:
    rates = f"{rows / seconds:,.0f} rows/s, {triples / seconds:,.0f} triples/s ({triples:,.0f})"
    print(f"{name}: {seconds:.1f} s ({cpu:.1f} s of processor), {rates}, {memory:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
