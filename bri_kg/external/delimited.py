"""Rows of CSV and TSV files, each with the number of its first line; a row that does not fit the header is handed on as broken."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from ..errors import DataError
from .reading import MAX_CHARACTERS, Broken, Source

__all__ = ["header_of", "read_rows"]

Row = list[str] | Broken


def header_of(line: str, delimiter: str) -> list[str]:
    """Return the names of the columns in a header line."""
    csv.field_size_limit(MAX_CHARACTERS)
    try:
        found = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [name.strip().removeprefix("\ufeff") for name in found]


def read_rows(source: Source, delimiter: str) -> Iterator[tuple[int, Row]]:
    """Yield the header and then each row, with its line; rows without any cell are left out."""
    csv.field_size_limit(MAX_CHARACTERS)
    reader = csv.reader(source.lines(), delimiter=delimiter, strict=True)
    rows = _rows(reader)
    first = next(rows, None)
    if first is None or isinstance(first[1], Broken):
        why = first[1].why if first and isinstance(first[1], Broken) else "it is empty"
        raise DataError(f"{source.path}: there is no header line: {why}.")
    header = [name.strip().removeprefix("\ufeff") for name in first[1]]
    yield first[0], header
    wanted = len(header)
    for line, row in rows:
        if not row:
            continue
        if row.__class__ is list and len(row) != wanted:
            cells = "cell" if len(row) == 1 else "cells"
            yield line, Broken(f"it has {len(row)} {cells}, the header {wanted}")
        else:
            yield line, row


def _rows(reader: Iterable[list[str]]) -> Iterator[tuple[int, Row]]:
    step = iter(reader)
    after = 0
    while True:
        line = after + 1
        try:
            for row in step:
                yield line, row
                line = step.line_num + 1  # type: ignore[attr-defined]
            return
        except csv.Error as error:
            after = step.line_num  # type: ignore[attr-defined]
            said = str(error)
            if "unexpected end of data" in said:
                why = "a quote is opened and never closed"
            elif "expected after" in said:
                why = "there is text after a closing quote; a quote within a cell is written twice"
            elif "field larger" in said:
                why = f"a cell has more than {MAX_CHARACTERS:,} characters; a quote may not be closed"
            else:
                why = said
            yield line, Broken(why + (f" (lines {line} to {after} are lost with it)" if after > line else ""))
