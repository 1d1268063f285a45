"""How long linking takes: the graph against 50,000 rows, and two tables of a million and 100,000 rows against each other.

The rows are made up: names of the graph as they are, with a slip of the pen, in another order or with words besides, among names that are
put together from common words. The truth is known, so that what is found is counted too. How many pairs the keys bring together, and how many
are compared in a second, is counted apart from the time that is told. The greatest memory is the process's own; Spark's is Java's, 2 GB by
default.

Run: python3 tests/benchmarks/linking.py [--small] [--graph-only | --tables-only] [--spark 'local[2]']
     (with /usr/bin/time -v before it to see the memory from outside)

On two cores, 2026-11-24: a million rows against 100,000 in 23 s, 1.2 GB; 1.7 million pairs, 74,000 a second in all, 179,000 while compared.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import bri_kg
from bri_kg.matching.entities import graph_records
from bri_kg.matching.linking import link_table

SETTINGS = Path(bri_kg.__file__).parent / "matching" / "bulk_settings.json"
PLACES = "Batu Dawei Hat Kota Lampang Luang Mandalay Medan Nam Ngum Pahang Pak Penang Phu Sabah San Tanjung Thanh Vinh Yangon".split()
THINGS = (
    "Hospital,Water Supply,"
    "Primary School,Coal-Fired Power Station,Hydropower Project,Bridge,Expressway,Railway Upgrade,Industrial Park,Port Expansion,"
    "Cement Plant,Transmission Line,Stadium,Irrigation Scheme,Telecom Network,University,Economic Zone,Gas Pipeline,Rural Road,Airport Terminal"
).split(",")
COUNTRIES = (
    "Laos,Cambodia,Myanmar,Viet Nam,Thailand,Malaysia,Indonesia,Philippines,Singapore,Brunei,Kenya,Pakistan,Peru".split(
        ","
    )
)


def slip(dice: random.Random, name: str) -> str:
    """Return a name with one letter left out, doubled or swapped."""
    place = dice.randrange(1, max(2, len(name) - 2))
    kind = dice.randrange(3)
    if kind == 0:
        return name[:place] + name[place + 1 :]
    if kind == 1:
        return name[:place] + name[place] + name[place:]
    return name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :]


def word(dice: random.Random) -> str:
    """Return a made-up word of a place."""
    return "".join(
        dice.choice("bcdghklmnprstvw") + dice.choice("aeiou") for _ in range(dice.randrange(2, 4))
    ).capitalize()


def made_name(dice: random.Random) -> str:
    """Return the name of a thing that is not in the graph."""
    return f"{dice.choice(PLACES)} {word(dice)} {word(dice)} {dice.choice(THINGS)}"


def graph_rows(count: int, path: Path) -> dict[int, str]:
    """Write ``count`` rows, of which a tenth name an entity of the graph, and return which row names which."""
    dice = random.Random(5)
    targets = [
        one
        for one in graph_records(bri_kg.load(), ["Project", "State", "Organisation", "Agreement"])
        if one.label.isascii()
    ]
    truth = {}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "country", "year"])
        for place in range(count):
            if place % 10:
                writer.writerow([made_name(dice), dice.choice(COUNTRIES), dice.randrange(2000, 2024)])
                continue
            target = dice.choice(targets)
            name = target.label if dice.random() < 0.5 or len(target.label) < 8 else slip(dice, target.label)
            truth[place + 2] = target.id
            writer.writerow([name, "", ""])
    return truth


def table_pair(rows: int, others: int, folder: Path) -> tuple[Path, Path, int]:
    """Write two tables that share a tenth of the smaller one's things, and return their paths and how many are shared."""
    dice = random.Random(6)
    left, right = folder / "left.csv", folder / "right.csv"
    shared = [(made_name(dice), dice.choice(COUNTRIES), dice.randrange(2000, 2024)) for _ in range(others // 10)]
    for path, count, change in ((left, others, True), (right, rows, False)):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["name", "country", "year"])
            for place in range(count):
                if place < len(shared):
                    name, country, year = shared[place]
                    writer.writerow([slip(dice, name) if change and place % 2 else name, country, year])
                else:
                    writer.writerow([made_name(dice), dice.choice(COUNTRIES), dice.randrange(2000, 2024)])
    return left, right, len(shared)


def main() -> None:
    """Print what each took and found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a hundredth of the rows")
    parser.add_argument("--graph-only", action="store_true", help="leave the two large tables out")
    parser.add_argument("--tables-only", action="store_true", help="leave the graph out")
    parser.add_argument("--spark", default="", help="compare the two large tables on this Spark master too")
    given = parser.parse_args()
    small = 100 if given.small else 1
    with tempfile.TemporaryDirectory() as made:
        if not given.tables_only:
            against_graph(Path(made), 50_000 // small)
        if not given.graph_only:
            tables(Path(made), 1_000_000 // small, 100_000 // small, given.spark)


def against_graph(folder: Path, count: int) -> None:
    """Link the graph against a table and print what it took and found."""
    truth = graph_rows(count, folder / "rows.csv")
    kg = bri_kg.load()
    start, start_cpu = time.perf_counter(), time.process_time()
    linked = link_table(kg, folder / "rows.csv", identifiers=False)
    took, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    accepted = {one.record.place: one.best.target.id for one in linked.matches if one.verdict == "accept" and one.best}
    right = sum(truth.get(place) == found for place, found in accepted.items())
    print(f"graph against {len(linked.matches):,} rows: {took:.1f} s ({cpu:.1f} s of one core)")
    print(f"    accepted {len(accepted):,}, right {right:,} of {len(truth):,}")


def tables(folder: Path, rows: int, others: int, spark: str) -> None:
    """Match two tables and print what it took and found, on DuckDB and on Spark where asked for."""
    from bri_kg.matching import bulk

    left, right, shared = table_pair(rows, others, folder)
    counted = {}
    compare = bulk._compare

    def counting(database: Any, *rest: Any) -> str:
        start = time.perf_counter()
        keys = [rule[0] for rule in json.loads(SETTINGS.read_text(encoding="utf-8"))["blocking"]]
        both = " UNION ".join(
            f"SELECT l.unique_id AS a, r.unique_id AS b FROM left_table l JOIN right_table r ON l.{key} = r.{key}"
            for key in keys
        )
        counted["pairs"] = database.execute(f"SELECT count(*) FROM ({both})").fetchall()[0][0]
        counted["apart"] = time.perf_counter() - start
        start = time.perf_counter()
        found = compare(database, *rest)
        counted["seconds"] = time.perf_counter() - start
        return found

    bulk._compare = counting  # type: ignore[assignment]
    found: dict[str, list[list[str]]] = {}
    for engine in ("", spark) if spark else ("",):
        start, start_cpu = time.perf_counter(), time.process_time()
        _, found[engine] = bulk.link_tables(left, right, spark=engine)
        took, cpu = time.perf_counter() - start, time.process_time() - start_cpu
        took -= 0 if engine else counted["apart"]
        accepted = [row for row in found[engine] if row[2] == "accept"]
        good = sum(int(row[0]) == int(row[5]) and int(row[0]) < shared + 2 for row in accepted)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{others:,} rows against {rows:,} on {engine or 'DuckDB'}: {took:.1f} s ({cpu:.1f} s of processor), {memory:,.0f} MB"
        )
        print(f"    accepted {len(accepted):,}, right {good:,} of {shared:,}")
        if not engine:
            pairs = counted["pairs"]
            print(
                f"    {pairs:,.0f} pairs of {rows * others:,}; {pairs / took:,.0f} a second, "
                f"{pairs / counted['seconds']:,.0f} while they are compared"
            )
    if spark:
        print(f"    the same rows from both: {found[''] == found[spark]}")


if __name__ == "__main__":
    main()
