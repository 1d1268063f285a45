"""What people leave out or put between the rows of a table: headings that are a row, countries said once, states as titles of sections, totals.

Each function changes a table that was read and says so in its notes.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .cells import cells_of
from .countries import States
from .tables import SheetTable

__all__ = ["drop_totals", "push_headings", "repeat_above", "take_sections"]

_TOTAL = re.compile(r"(?:grand |sub-?)?totals?\b(?:\s*[:(].*)?|(?:总计|合计|小计|共计|總計|合計|小計).*", re.IGNORECASE)


def push_headings(table: SheetTable, states: States) -> None:
    """Make a row of headings that are none: one names a state, and so do the cells under it."""
    for column in table.columns:
        cells = cells_of(table, column)[:80]
        is_of_states = len(cells) > 1 and sum(map(states.are_known, cells)) >= 0.8 * len(cells)
        if is_of_states and states.are_known(column):
            table.push_headings_down()
            return


def repeat_above(table: SheetTable, column: str) -> None:
    """Fill the empty cells of a column of countries whose cells stand only where they change."""
    cells = [row.get(column, "") for _, row in table.rows]
    filled = [cell for cell in cells if cell]
    changes = all(one != other for one, other in pairwise(filled))
    if cells[:1] == filled[:1] and 1 < len(filled) <= 0.7 * len(cells) and changes:
        above = ""
        for _, row in table.rows:
            above = row.get(column, "") or above
            row[column] = above
        table.notes.append(
            f"Empty cells of '{column}' were taken to repeat the one above; if they are not, give --country -."
        )


def take_sections(table: SheetTable, names: str, states: States) -> str:
    """Take rows that hold nothing but a state in the column of names for titles of what follows.

    Returns the column that then holds the state of each row; empty where there are fewer than two such rows.
    """
    titles = {line for line, row in table.rows if list(row) == [names] and states.are_known(row[names])}
    if not 2 <= len(titles) <= 0.5 * len(table.rows):
        return ""
    column, state = "section", ""
    kept = []
    for line, row in table.rows:
        state = row[names] if line in titles else state
        if line not in titles:
            kept.append((line, {**row, column: state} if state else row))
    table.rows = kept
    table.columns.append(column)
    listed = ", ".join(map(str, sorted(titles)[:8]))
    table.notes.append(f"{len(titles)} lines that hold a state alone were taken for titles of sections: {listed}.")
    return column


def drop_totals(table: SheetTable, names: str) -> None:
    """Take away the rows between others that are totals."""
    totals = [line for line, row in table.rows if _TOTAL.fullmatch(row.get(names, ""))]
    if totals:
        table.rows = [(line, row) for line, row in table.rows if line not in totals]
        table.notes.append(f"{len(totals)} lines of totals were skipped: {', '.join(map(str, totals[:8]))}.")
