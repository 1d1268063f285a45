"""Rows of .xlsx workbooks as text, read by openpyxl; a formula is the text it was written as, and nothing is computed."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ..errors import DataError, UsageError
from .reading import Broken, Source

__all__ = ["cell_text", "check_archive", "read_sheet"]

_MAX_RATIO, _FREE_BYTES = 200, 16 << 20
_MOST_ROWS = 1 << 20
#: What a spreadsheet shows where there is no value; such a cell says nothing.
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


def read_sheet(
    source: Source, sheet: str = "", wanted: Collection[str] = (), preamble: int = 0
) -> Iterator[tuple[int, list[str] | Broken]]:
    """Yield the first row of a sheet, the first one unless it is named, as the header, and then each row with its number.

    As many rows as ``preamble`` may stand before the header, which has all the ``wanted`` names.

    Raises DataError for a file that is no workbook, or a bomb; UsageError for a sheet that is not there or where openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise UsageError(
            "Workbooks need openpyxl; run: python3 -m pip install openpyxl, or save the sheet as CSV."
        ) from error
    check_archive(source.path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, of which nothing is read
            book = openpyxl.load_workbook(source.again(), read_only=True, data_only=False, keep_links=False)
            try:
                if sheet and sheet not in book.sheetnames:
                    raise UsageError(
                        f"{source.path} has no sheet '{sheet}'; its sheets are {', '.join(book.sheetnames)}."
                    )
                chosen = book[sheet] if sheet else book.worksheets[0]
                chosen.reset_dimensions()  # what a file says of its size may be less than it holds
                yield from _rows(chosen, wanted, preamble)
            finally:
                book.close()
    except (*_DAMAGE, KeyError, ValueError, IndexError, SyntaxError, TypeError, AttributeError) as error:
        said = " ".join(str(error.args[0] if error.args else error).split()).rstrip(".")
        raise DataError(f"{source.path} is no workbook that can be read: {said}.") from error


def _rows(sheet: Any, wanted: Collection[str], preamble: int) -> Iterator[tuple[int, list[str] | Broken]]:
    width = before = 0
    rows = sheet.iter_rows(values_only=True)
    if preamble:
        top = list(islice(rows, preamble + 1))
        names = [{cell_text(cell).strip() for cell in row} for row in top]
        before = next((place for place, row in enumerate(names) if row.issuperset(wanted)), 0)
        rows = chain(top[before:], rows)
    for number, row in enumerate(rows, before + 1):
        if number > _MOST_ROWS:
            raise ValueError(f"it has a row beyond the {_MOST_ROWS:,} that a sheet may have")
        cells = [cell_text(cell) for cell in row]
        if not any(cells):
            continue
        if not width:
            while cells and not cells[-1]:
                cells.pop()
            width = len(cells)
        elif any(cells[width:]):
            yield number, Broken(f"it has {len(cells)} cells, the header {width}")
            continue
        yield number, (cells + [""] * width)[:width]


def cell_text(cell: Any) -> str:
    """Return what a cell holds as text: dates as ISO writes them, whole numbers without a point, nothing for an empty cell or an error."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat() if (cell.hour, cell.minute, cell.second) != (0, 0, 0) else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    text = str(getattr(cell, "text", cell))  # an array formula is an object with its text
    return "" if text in _ERRORS else text


def check_archive(path: Path) -> None:
    """Raise DataError for an archive that unpacks to far more than it holds, or with XML that declares a document type."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
            if size > _FREE_BYTES + _MAX_RATIO * path.stat().st_size:
                raise DataError(
                    f"{path} unpacks to {size:,} bytes, far more than a workbook of its size does; refused."
                )
            for one in archive.infolist():
                if one.filename.endswith((".xml", ".rels")):
                    with archive.open(one) as member:
                        if b"<!DOCTYPE" in member.read(4096).upper():
                            raise DataError(f"{path}: {one.filename} has a document type declaration; refused.")
    except _DAMAGE as error:
        raise DataError(f"{path} is no .xlsx workbook: {error}. Save it anew, or as CSV.") from error
