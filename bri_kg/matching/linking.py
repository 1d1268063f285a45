"""What ``bri-kg link`` does: a table against the graph, or the graph against a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..graph import KnowledgeGraph
from ..writing import write_whole
from .cells import cells_of
from .chinese import can_simplify, is_traditional
from .columns import Columns, guess_columns, is_heading
from .match import ACCEPT, REVIEW, Match, Matcher, matcher_for
from .outcome import check_output, matches_to_sssom
from .rows import table_records
from .tables import SheetTable, read_table

__all__ = ["Linked", "link_graph", "link_table"]


@dataclass(frozen=True)
class Linked:
    """The result of matching: the table, which column was taken for what, and the matches.

    Of a table each record has one match, in the order of the rows; one whose cell holds several names has one for each. Of the graph held
    against a dataset each entity has its matches, and one with the verdict ``none`` if it has none.
    """

    table: SheetTable
    columns: Columns
    matches: tuple[Match, ...]


def link_table(
    kg: KnowledgeGraph,
    path: str | Path,
    columns: Mapping[str, Iterable[str]] | None = None,
    kinds: Iterable[str] = (),
    family: str = "",
    sheet: str = "",
    encoding: str = "",
    accept: float = ACCEPT,
    review: float = REVIEW,
    identifiers: bool = True,
    matcher: Matcher | None = None,
) -> Linked:
    """Match the rows of a table against a graph.

    ``columns`` names columns by role (see :data:`bri_kg.matching.columns.ROLES`), what it leaves out is guessed; ``kinds`` are the classes of
    entities that may be meant, ``family`` the sort of thing that all rows are; ``matcher`` is one made before, for several tables, which has its own
    kinds and thresholds. Raises UsageError for a table that cannot be read, a column that it lacks or an unknown class.
    """
    matcher = matcher or matcher_for(kg, kinds, accept, review, identifiers)
    table = read_table(Path(path), sheet, encoding)
    found = guess_columns(table, columns or {}, matcher.states, family)
    heading = found.first("name")
    if "name" in found.guessed and not is_heading(heading) and matcher.knows(heading):
        table.push_headings_down()
        found = guess_columns(table, columns or {}, matcher.states, family)
    if not can_simplify() and any(is_traditional(cells.get(found.first("name"), "")) for _, cells in table.rows):
        table.notes.append(
            "Traditional Chinese characters were compared as written; to match them run: python3 -m pip install 'bri-kg[link]'"
        )
    if others := [f"--name '{name}'" for name in _others_with_names(table, found, matcher)]:
        table.notes.append(f"Other columns hold names of the graph too; to match one, give {' or '.join(others)}.")
    matches = list(matcher.match_all(table_records(table, found, matcher.states)))
    return Linked(table, found, tuple(matcher.settle(matches)))


def _others_with_names(table: SheetTable, columns: Columns, matcher: Matcher) -> list[str]:
    """Return the columns that serve for nothing else and in which at least a third of the different cells are names of the graph."""
    taken = {column for names in columns.roles.values() for column in names}
    found = []
    for column in table.columns:
        cells = (
            []
            if column in taken or "name" not in columns.guessed
            else list(dict.fromkeys(cells_of(table, column)))[:60]
        )
        known = sum(map(matcher.knows, cells))
        if known > 1 and known >= len(cells) / 3:
            found.append(column)
    return found


def link_graph(kg: KnowledgeGraph, path: str | Path, **options: object) -> Linked:
    """Match the entities of a graph against the rows of a dataset: :func:`link_table` seen from the other side.

    Entities stand in the order of their names; of several rows for one entity all are kept, best first. ``options`` are as there.
    """
    linked = link_table(kg, path, **options)  # type: ignore[arg-type]
    found: dict[str, list[Match]] = {}
    for match in linked.matches:
        if match.best is not None and match.verdict != "none":
            found.setdefault(match.best.target.id, []).append(match)
    from .entities import graph_records
    from .records import Record

    kinds = options.get("kinds") or ()
    ordered: list[Match] = []
    for target in graph_records(kg, kinds):  # type: ignore[arg-type]
        matches = sorted(found.get(target.id, ()), key=lambda one: -(one.best.bits if one.best else 0.0))
        nothing = Record(id="", label="", names=(target.label,))
        ordered += matches or [Match(nothing, "none", (), "", f"{target.label}: no row found")]
    return Linked(linked.table, linked.columns, tuple(ordered))


def write_outputs(linked: Linked, outputs: Iterable[Path], language: str = "en") -> list[Path]:
    """Write the matches to files by their endings: ``.sssom.tsv``, ``.html`` (the page for review), or ``.csv``, ``.tsv`` and ``.json``.

    All are written or none. Raises UsageError for another ending and for a place in the project's own data.
    """
    from ..errors import UsageError
    from ..tables import rows_to_format
    from .outcome import COLUMNS, matches_to_rows

    contents: dict[Path, bytes] = {}
    for path in outputs:
        check_output(path)
        if path.name.endswith(".sssom.tsv"):
            text = matches_to_sssom(linked.matches, linked.table.path, path.name.removesuffix(".sssom.tsv"))
        elif path.suffix == ".html":
            from .review import review_page

            text = review_page(linked, language)
        elif path.suffix in (".csv", ".tsv", ".json"):
            text = rows_to_format(path.suffix[1:], COLUMNS, matches_to_rows(linked.matches))
        else:
            raise UsageError(
                f"{path.name}: matches are written as .sssom.tsv, .html, .csv, .tsv or .json; choose one of these endings."
            )
        contents[path] = text.encode("utf-8", "replace")
    return write_whole(contents)
