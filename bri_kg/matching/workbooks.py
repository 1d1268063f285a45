"""Excel workbooks as lines of cells: which sheet holds the table, merged cells filled, dates and numbers as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import DataError, UsageError
from .names import clean_text

__all__ = ["read_workbook"]


def read_workbook(path: Path, sheet: str, notes: list[str]) -> list[tuple[int, list[str]]]:
    """Return the lines of a sheet of a workbook with their places, merged cells filled; ``notes`` says which sheet was read.

    ``sheet`` names it, by default the one with the largest table. Raises UsageError for a workbook that is broken, or has no such sheet.
    """
    import warnings
    import zipfile

    from ..external.workbook import cell_text, check_archive

    try:
        import openpyxl
    except ImportError as error:
        raise UsageError("Excel files need openpyxl; run: python3 -m pip install 'bri-kg[link]'") from error
    try:
        check_archive(path)
        with (
            path.open("rb") as file,
            warnings.catch_warnings(),
        ):  # openpyxl leaves a damaged file open that it opened itself
            warnings.simplefilter("ignore")  # styles and validations that openpyxl does not keep are no matter here
            book = openpyxl.load_workbook(file, data_only=True)
    except DataError as error:
        raise UsageError(str(error)) from error
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, TypeError) as error:
        raise UsageError(f"{path} is no whole Excel workbook ({error}); save it again as .xlsx, or as .csv.") from error
    names = [one.title for one in book.worksheets]
    if sheet and sheet not in names:
        raise UsageError(f"{path} has no sheet '{sheet}'; choose {', '.join(names)}.")
    if not names:
        raise UsageError(f"{path} has no sheet with cells; give a workbook with a table.")
    chosen = book[sheet] if sheet else max(book.worksheets, key=_cells_in_rows)
    if len(names) > 1:
        notes.append(f"Sheet '{chosen.title}' of {', '.join(names)} was read; choose another with --sheet.")
    lines = [
        (place, [clean_text(cell_text(value)) for value in row])
        for place, row in enumerate(chosen.iter_rows(values_only=True), 1)
    ]
    for area in chosen.merged_cells.ranges:
        text = lines[area.min_row - 1][1][area.min_col - 1]
        if text and area.max_row - area.min_row < 50 and area.max_col - area.min_col < 50:
            is_title = area.max_col - area.min_col + 1 >= max(2, chosen.max_column - 1)
            for row in range(area.min_row - 1, area.max_row):
                for column in range(area.min_col - 1, area.max_col):
                    if not is_title and column < len(lines[row][1]):
                        lines[row][1][column] = text
    return lines


def _cells_in_rows(sheet: Any) -> int:
    """Return how many cells of a sheet stand beside another: a table has many, a page of remarks none. The first of several such sheets counts."""
    rows = ([cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True, max_row=5000))
    return sum(len(row) for row in rows if len(row) > 1)
