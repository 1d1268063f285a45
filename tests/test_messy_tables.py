"""Twelve tables as researchers keep them, matched as a newcomer would, against what their rows mean.

The tables and their keys (tests/links/messy) were written by a session that had not seen the
matcher; it was measured on them before any rule was changed for them (``FIRST``). What a key calls ``review`` should be shown to a person and not
be accepted; ``also:`` in its note names an answer that is as good.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bri_kg import KnowledgeGraph
from bri_kg.matching.linking import link_table
from bri_kg.matching.match import Match, Matcher, matcher_for
from bri_kg.names import shorten

LINKS = Path(__file__).parent / "links"
MESSY = LINKS / "messy"
#: Precision and recall at first sight; at the start of that session the recall was 0.575.
FIRST = (0.973, 0.806)
_NODE = re.compile(r"[a-z]+:[a-z0-9-]+")


class Keyed(NamedTuple):
    """A row of a key: where it stands, what it says, what it means, and what is right as well."""

    line: int
    text: str
    expected: str
    note: str


def read_keys() -> Iterator[tuple[Path, str, str, list[Keyed]]]:
    """Yield each column of each table (and sheet) that has a key, with its rows."""
    for path in sorted(MESSY.glob("*.key.tsv")):
        name = path.name.removesuffix(".key.tsv")
        [table] = [one for one in MESSY.glob(f"{name}.*") if one != path]
        groups: dict[tuple[str, str], list[Keyed]] = {}
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                sheet, _, line = row["row"].rpartition("!")
                keyed = Keyed(int(line), row["text"], row["expected"], row["note"])
                groups.setdefault((sheet, row["column"]), []).append(keyed)
        for (sheet, column), rows in groups.items():
            yield table, sheet, column, rows


def outcome_of(row: Keyed, matches: list[Match]) -> str:
    """Return whether a row is ``right``, ``looked at`` (a person is asked where that is wanted), ``rightly none``, ``missed`` or ``wrong``."""
    accepted = {shorten(match.best.target.id) for match in matches if match.best and match.verdict == "accept"}
    asked = {shorten(match.best.target.id) for match in matches if match.best and match.verdict == "review"}
    wanted = set(_NODE.findall(row.expected))
    also = set(_NODE.findall(row.note))
    if accepted:
        return "right" if accepted <= wanted or ("also:" in row.note and accepted <= also) else "wrong"
    if row.expected == "review":
        return "looked at" if asked or "also: no match" in row.note else "not shown"
    if not row.expected:
        return "rightly none"
    return "looked at" if asked & wanted and "also: review" in row.note else "missed"


@pytest.fixture(scope="module")
def matcher(kg: KnowledgeGraph) -> Matcher:
    return matcher_for(kg)


@pytest.fixture(scope="module")
def outcomes(kg: KnowledgeGraph, matcher: Matcher) -> list[tuple[str, Keyed, str]]:
    found = []
    for table, sheet, column, rows in read_keys():
        linked = link_table(kg, table, columns={"name": [column]}, sheet=sheet, matcher=matcher)
        for row in rows:
            matches = [match for match in linked.matches if match.record.place == row.line]
            found.append((f"{table.name} {sheet} {column}", row, outcome_of(row, matches)))
    return found


def measure(outcomes: list[tuple[str, Keyed, str]]) -> tuple[float, float]:
    counts = Counter(outcome for _, _, outcome in outcomes)
    due = [one for one in outcomes if one[1].expected not in ("", "review") and one[2] != "looked at"]
    right = sum(one[2] == "right" for one in due)
    return counts["right"] / (counts["right"] + counts["wrong"]), right / len(due)


def test_the_tables_are_matched_better_than_at_first_sight(outcomes: list[tuple[str, Keyed, str]]) -> None:
    assert len(outcomes) > 480
    wrong = [(where, row.text) for where, row, outcome in outcomes if outcome == "wrong"]
    assert len(wrong) <= 1, wrong
    precision, recall = measure(outcomes)
    assert precision >= 0.99 > FIRST[0]
    assert recall >= 0.93 > FIRST[1]
    shown = [outcome for _, row, outcome in outcomes if row.expected == "review"]
    assert shown.count("not shown") <= 6 and len(shown) > 20


def test_what_is_wrong_or_missed_would_be_seen(outcomes: list[tuple[str, Keyed, str]]) -> None:
    where, row, _ = next(one for one in outcomes if one[2] == "right")
    worse = [*outcomes, (where, row, "wrong"), (where, row, "missed")]
    assert all(after < before for before, after in zip(measure(outcomes), measure(worse), strict=True))
    row = Keyed(2, "x", "", "")
    assert outcome_of(row, []) == "rightly none" and outcome_of(row._replace(expected="state:laos"), []) == "missed"
    assert outcome_of(row._replace(expected="review"), []) == "not shown"


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("01_projekte_semikolon.csv", "Projekt"),
        ("02_projets_windows1252.csv", "Projet"),
        ("03_people_utf16.tsv", "Delegate"),
        ("04_master.xlsx", "Proj. name"),
        ("05_zh_hans.csv", "项目名称"),
        ("06_zh_hant.csv", "項目"),
        ("07_loans.jsonl", "project"),
        ("08_footnotes.csv", "Name of project"),
        ("09_gb18030.csv", "协定/倡议"),
        ("10_organisations.csv", "Lender/agency"),
        ("11_agreements_initiatives.tsv", "Instrument"),
        ("12_country_panel.csv", "country"),
    ],
)
def test_the_column_of_names_is_guessed(kg: KnowledgeGraph, matcher: Matcher, name: str, column: str) -> None:
    assert link_table(kg, MESSY / name, matcher=matcher).columns.first("name") == column
