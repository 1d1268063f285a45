"""What the cells and the heading of a column look like: words, numbers, years, states, titles of persons. For :mod:`.columns` to guess by."""

from __future__ import annotations

import re

from .countries import States
from .persons import person_forms
from .records import years_of
from .tables import SheetTable

__all__ = [
    "are_dates", "are_numbers", "are_states", "are_titles", "are_words", "cells_of", "number_of", "says_chinese", "says_foreign", "share_distinct",
    "share_filled",
]  # fmt: skip


def are_titles(table: SheetTable, column: str) -> bool:
    """Whether a column holds titles of persons, Mr or Dr, and no names."""
    cells = cells_of(table, column)
    return bool(cells) and sum(person_forms(f"{cell} X")[0].key == "x" for cell in cells) > 0.6 * len(cells)


def says_foreign(column: str) -> bool:
    """Whether a heading says that its names are in another language than English or Chinese."""
    return bool(
        re.search(
            r"[ _(.-](ar|es|fr|ru|de|pt|vi|id|french|spanish|russian|arabic)\W*$|french|spanish|russian|arabic|currency",
            column.casefold(),
        )
    )


def cells_of(table: SheetTable, column: str) -> list[str]:
    """Return the first cells of a column that are not empty."""
    return [cells[column] for _, cells in table.rows[:300] if cells.get(column)]


def says_chinese(column: str) -> bool:
    """Whether an English heading says that its names are Chinese: those in English come before them."""
    return bool(re.search(r"[ _(.-](cn|zh|chinese)\W*$|chinese", column.casefold()))


def share_distinct(table: SheetTable, column: str) -> float:
    """Return the share of rows that the different cells of a column make up."""
    return len(set(cells_of(table, column))) / max(1, min(300, len(table.rows)))


def share_filled(table: SheetTable, column: str) -> float:
    """Return the share of rows in which a column has a cell."""
    return len(cells_of(table, column)) / max(1, min(300, len(table.rows)))


def are_words(table: SheetTable, column: str) -> bool:
    """Whether most cells of a column hold letters."""
    cells = cells_of(table, column)
    return sum(any(char.isalpha() for char in cell) for cell in cells) > 0.5 * len(cells)


def are_numbers(table: SheetTable, column: str) -> bool:
    """Whether most cells of a column are numbers."""
    cells = cells_of(table, column)
    return bool(cells) and sum(number_of(cell) is not None for cell in cells) > 0.6 * len(cells)


def are_dates(table: SheetTable, column: str) -> bool:
    """Whether most cells of a column name a year."""
    cells = cells_of(table, column)
    return bool(cells) and sum(years_of(cell) is not None for cell in cells) > 0.5 * len(cells)


def are_states(table: SheetTable, column: str, states: States) -> bool:
    """Whether cells look like countries: short words of which few differ, or names of states."""
    cells = cells_of(table, column)
    known = sum(any(not one.startswith("?") for one in states.of_cell(cell)) for cell in cells[:80])
    return bool(cells) and (known > 0 or all(len(cell) <= 60 and not cell[:1].isdigit() for cell in cells[:80]))


def number_of(text: str) -> float | None:
    """Return the number that a cell holds, with its million or 亿; None where it is none."""
    found = re.fullmatch(
        r"[^\d-]{0,6}(-?\d[\d,. ]*)\s*(million|billion|bn|mn|m|亿|万|百万)?\D{0,12}", text.strip(), re.IGNORECASE
    )
    if not found:
        return None
    digits = found[1].replace(" ", "").rstrip(".,")
    digits = (
        digits.replace(",", "")
        if re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d+)?|-?\d+(\.\d+)?", digits)
        else digits.replace(".", "").replace(",", ".")
    )
    scale = {"million": 1e6, "mn": 1e6, "m": 1e6, "百万": 1e6, "billion": 1e9, "bn": 1e9, "亿": 1e8, "万": 1e4}
    try:
        return float(digits) * scale.get((found[2] or "").casefold(), 1.0)
    except ValueError:
        return None
