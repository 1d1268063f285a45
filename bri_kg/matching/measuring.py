"""How good the matcher is: precision and recall against a gold sample, by scheme and kind, with bootstrap intervals.

A gold sample is a TSV with the columns ``dataset_file row record_id record_label subject_id predicate kind scheme trap``: which entity of the graph
(``subject_id``; empty for none) a row of a dataset means, and how the two stand to each other. Only accepted matches count as found; one with the
right entity and too strong a predicate is an error, counted against precision and recall alike. A column ``note`` may say what is right as well,
``also: skos:closeMatch`` or ``also: bri:partOfRecord project:x``, or that a row is ``doubtful``: that one counts neither way.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ..errors import DataError, UsageError
from ..graph import KnowledgeGraph
from ..names import shorten
from .columns import guess_columns
from .match import Match, Matcher, matcher_for
from .records import Record
from .rows import record_of, table_records
from .tables import TABLE_ENDINGS, read_table

__all__ = ["Judged", "Measure", "judge", "measure_groups", "read_gold"]

GOLD_COLUMNS = ("dataset_file", "row", "record_id", "record_label", "subject_id", "predicate", "kind", "scheme", "trap")
#: How much a predicate asserts; what is not here asserts least.
_STRENGTH = {"owl:sameAs": 3, "skos:exactMatch": 2, "skos:closeMatch": 1}
_RUNS = 1000
_ALSO = re.compile(r"also: (\w+:\w+)(?: (\w+:[\w-]+))?")


class Judged(NamedTuple):
    """A gold row beside what the matcher said: ``outcome`` is right, wrong, over-asserted, missed, invented, rightly none or doubtful."""

    gold: dict[str, str]
    match: Match
    outcome: str

    @property
    def is_claimed(self) -> bool:
        """Whether the matcher accepted a match."""
        return self.match.verdict == "accept" and self.outcome != "doubtful"

    @property
    def is_due(self) -> bool:
        """Whether there is a match to be found."""
        return bool(self.gold["subject_id"]) and self.outcome != "doubtful"

    @property
    def is_same(self) -> bool:
        """Whether the predicate is one that the sample gives."""
        return (self.match.predicate, "") in _allowed(self.gold)


class Measure(NamedTuple):
    """Precision and recall of a group with their 95 % intervals; None where nothing was claimed, or nothing due."""

    group: str
    rows: int
    precision: float | None
    precision_interval: tuple[float, float] | None
    recall: float | None
    recall_interval: tuple[float, float] | None
    over_asserted: int
    same_predicate: float | None
    reviewed: float | None


def read_gold(path: Path) -> list[dict[str, str]]:
    """Read a gold sample. Raises DataError, naming line and remedy, for one that lacks a column or a cell."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        for column in GOLD_COLUMNS:
            if column not in (reader.fieldnames or ()):
                raise DataError(f"{path}:1: the column {column} is missing; add it.")
        rows = []
        for place, row in enumerate(reader, 2):
            if not row["dataset_file"] or not (row["row"] or row["record_id"] or row["record_label"]):
                raise DataError(
                    f"{path}: row {place} names no record; fill in dataset_file and row, record_id or record_label."
                )
            rows.append({column: (row.get(column) or "").strip() for column in (*GOLD_COLUMNS, "note")})
    return rows


def judge(kg: KnowledgeGraph, gold: Iterable[dict[str, str]], root: Path, kinds: Iterable[str] = ()) -> list[Judged]:
    """Match the records of a gold sample, whose files lie under ``root``, and judge each.

    Identities that the graph's links give are not used as evidence, since the sample may hold the same. A file that is no table
    (Turtle) is matched by the labels in the sample alone.
    """
    matcher = matcher_for(kg, kinds, identifiers=False)
    matches: dict[tuple[str, str], list[Match]] = {}
    judged = []
    for row in gold:
        name = row["dataset_file"]
        match = _matched(matches, matcher, root / name, row, "")
        if match is None and (column := _column_of(matches, name, row)):  # as a user would say: --name country_code
            match = _matched(matches, matcher, root / name, row, column)
        match = match or matcher.match(record_of(row["record_label"], matcher.states))
        judged.append(Judged(row, match, _outcome(row, match)))
    return judged


def _matched(
    matches: dict[tuple[str, str], list[Match]], matcher: Matcher, path: Path, row: dict[str, str], column: str
) -> Match | None:
    """Return what became of the record that a gold row names, with the names in ``column`` or where they are guessed; None where it is not found."""
    key = (row["dataset_file"], column)
    if key not in matches:
        matches[key] = matcher.settle(list(matcher.match_all(_records(path, matcher, column))))
    found = _find([match.record for match in matches[key]], row)
    return next((match for match in matches[key] if match.record is found), None) if found else None


def _column_of(matches: dict[tuple[str, str], list[Match]], name: str, row: dict[str, str]) -> str:
    """Return the column that prints a gold row's label where the names stand in another; empty if none does."""
    records = [match.record for match in matches[name, ""]]
    found = next((test for test in map(partial(_first, records), _tests(row)) if test is not None), None)
    printed = [key for key, cell in found.values.items() if cell == row["record_label"]] if found else []
    length = {key: sum(len(one.values.get(key, "")) for one in records) for key in printed}
    return max(printed, key=lambda key: length[key], default="")  # of codes and names the names


def _records(path: Path, matcher: Matcher, column: str = "") -> Iterator[Record]:
    if path.suffix.lower() in TABLE_ENDINGS:
        table = read_table(path)
        try:
            columns = guess_columns(table, {"name": [column]} if column else {}, matcher.states)
        except UsageError:
            return  # an outline without names: its rows are matched by the labels in the sample
        yield from table_records(table, columns, matcher.states)


def _find(records: Sequence[Record], row: dict[str, str]) -> Record | None:
    """Return the record that a gold row names: by its line, by ``column=value`` (several with `` & `` between), by its id, or by its label.

    One that bears the label goes before one that does not. None where the record is called otherwise: the gold row then speaks of something else
    that stands in it, such as the capital of a state.
    """
    label = row["record_label"]
    found = [one for test in _tests(row) if (one := _first(records, test)) is not None]
    for one in found:
        if label in one.names:
            return one
    return found[0] if found and label not in found[0].values.values() else None


def _first(records: Sequence[Record], test: Callable[[Record], bool]) -> Record | None:
    return next(filter(test, records), None)


def _tests(row: dict[str, str]) -> list[Callable[[Record], bool]]:
    """Return the ways in which a gold row names a record, the surest first."""
    label, given = row["record_label"], row["record_id"]
    conditions = [one.strip().partition("=")[::2] for one in row["row"].split(" & ")] if "=" in row["row"] else []
    return [
        lambda one: row["row"].isdigit() and one.place == int(row["row"]),
        lambda one: bool(conditions) and all(_has(one, column, value) for column, value in conditions),
        lambda one: bool(given) and given in (one.id, *one.values.values()),
        lambda one: label in one.names,
    ]


def _has(record: Record, column: str, value: str) -> bool:
    """Whether a record has a value in a column, whose name may lack, or have before it, the objects in which it stands."""
    column, value = column.strip(), value.strip()
    return any(
        value in cell.split("|") and (key == column or key.endswith(f".{column}") or column.endswith(f".{key}"))
        for key, cell in record.values.items()
    )


def _outcome(gold: dict[str, str], match: Match) -> str:
    best = match.best
    if "doubtful" in gold.get("note", ""):
        return "doubtful"
    if match.verdict != "accept" or best is None:
        return "missed" if gold["subject_id"] else "rightly none"
    node = shorten(best.target.id)
    if (match.predicate, node) in _allowed(gold):
        return "right"
    if not gold["subject_id"]:
        return "invented"
    if node != shorten(gold["subject_id"]):
        return "wrong"
    if gold["predicate"] and _STRENGTH.get(match.predicate, 0) > _STRENGTH.get(gold["predicate"], 0):
        return "over-asserted"
    return "right"


def _allowed(gold: dict[str, str]) -> set[tuple[str, str]]:
    """Return the predicates that a gold row gives, each with the node for which it holds, or none for that of the row."""
    also = _ALSO.findall(gold.get("note", ""))
    own = {(gold["predicate"], "")} if gold["subject_id"] else set()
    own |= {(predicate, "") for predicate, node in also if not node}
    return own | {(predicate, shorten(gold["subject_id"])) for predicate, _ in own} | {pair for pair in also if pair[1]}


def measure_groups(judged: Sequence[Judged]) -> list[Measure]:
    """Return the measures of all, of all but the states, of each scheme and kind, and of the traps."""
    groups: dict[str, list[Judged]] = {"all": list(judged)}
    groups["without states"] = [one for one in judged if one.gold["kind"].casefold() not in ("state", "country")]
    for column in ("scheme", "kind"):
        for one in judged:
            groups.setdefault(f"{column} {one.gold[column] or 'unnamed'}", []).append(one)
    groups["traps"] = [one for one in judged if one.gold["trap"]]
    return [_measure(name, rows) for name, rows in groups.items() if rows]


def _measure(name: str, rows: Sequence[Judged]) -> Measure:
    dice = random.Random(20)
    precision, recall = _precision(rows), _recall(rows)
    samples = [[rows[dice.randrange(len(rows))] for _ in rows] for _ in range(_RUNS if len(rows) > 1 else 1)]
    due = [one for one in rows if one.is_due]
    right = [one for one in rows if one.outcome == "right"]
    seen = [
        one
        for one in due
        if one.match.best
        and one.match.verdict != "none"
        and shorten(one.match.best.target.id) == shorten(one.gold["subject_id"])
    ]
    return Measure(
        name,
        len(rows),
        precision,
        _interval(_precision(sample) for sample in samples),
        recall,
        _interval(_recall(sample) for sample in samples),
        sum(one.outcome == "over-asserted" for one in rows),
        sum(one.is_same for one in right) / len(right) if right else None,
        len(seen) / len(due) if due else None,
    )


def _precision(rows: Sequence[Judged]) -> float | None:
    claimed = [one for one in rows if one.is_claimed]
    return sum(one.outcome == "right" for one in claimed) / len(claimed) if claimed else None


def _recall(rows: Sequence[Judged]) -> float | None:
    due = [one for one in rows if one.is_due]
    return sum(one.outcome == "right" for one in due) / len(due) if due else None


def _interval(values: Iterable[float | None]) -> tuple[float, float] | None:
    found = sorted(value for value in values if value is not None)
    if not found:
        return None
    return found[int(0.025 * (len(found) - 1))], found[int(0.975 * (len(found) - 1))]


def measure_rows(measures: Iterable[Measure]) -> tuple[list[str], list[list[str]]]:
    """Return measures as columns and rows for a listing."""

    def said(value: float | None, interval: tuple[float, float] | None = None) -> str:
        if value is None:
            return "-"
        return f"{value:.3f}" + (f" ({interval[0]:.3f}-{interval[1]:.3f})" if interval else "")

    columns = ["group", "rows", "precision", "recall", "over_asserted", "same predicate", "found or in review"]
    return columns, [
        [
            one.group,
            str(one.rows),
            said(one.precision, one.precision_interval),
            said(one.recall, one.recall_interval),
            str(one.over_asserted),
            said(one.same_predicate),
            said(one.reviewed),
        ]
        for one in measures
    ]
