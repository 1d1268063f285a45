"""How long linking takes: the graph against 50,000 rows, and two tables of a million and 100,000 rows against each other.

The rows are made up: names of the graph as they are, with a slip of the pen, in another order or with words besides, among names that are
put together from common words. The truth is known, so that what is found is counted too.

Run: python3 tests/benchmarks/linking.py [--small] [--graph-only]
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
import time
from pathlib import Path

import bri_kg
from bri_kg.matching.linking import link_table
from bri_kg.matching.records import graph_records

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
    given = parser.parse_args()
    small = 100 if given.small else 1
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        truth = graph_rows(50_000 // small, folder / "rows.csv")
        kg = bri_kg.load()
        start, start_cpu = time.perf_counter(), time.process_time()
        linked = link_table(kg, folder / "rows.csv", identifiers=False)
        took, cpu = time.perf_counter() - start, time.process_time() - start_cpu
        accepted = {
            one.record.place: one.best.target.id for one in linked.matches if one.verdict == "accept" and one.best
        }
        right = sum(truth.get(place) == found for place, found in accepted.items())
        print(f"graph against {len(linked.matches):,} rows: {took:.1f} s ({cpu:.1f} s of one core)")
        print(f"    accepted {len(accepted):,}, right {right:,} of {len(truth):,}")
        if given.graph_only:
            return
        from bri_kg.matching.bulk import link_tables

        left, right_path, shared = table_pair(1_000_000 // small, 100_000 // small, folder)
        start = time.perf_counter()
        _, rows = link_tables(left, right_path)
        took = time.perf_counter() - start
        accepted_rows = [row for row in rows if row[2] == "accept"]
        good = sum(int(row[0]) == int(row[5]) and int(row[0]) < shared + 2 for row in accepted_rows)
        print(
            f"{100_000 // small:,} rows against {1_000_000 // small:,}: {took:.1f} s; accepted {len(accepted_rows):,}, right {good:,} of {shared:,}"
        )


if __name__ == "__main__":
    main()
