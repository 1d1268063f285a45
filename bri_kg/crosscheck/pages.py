"""Public pages that speak of facts for which no dataset has a record: what they print, typed by hand, with address and publisher.

``graph_data/links/page-records.tsv`` has a row a page and thing, all read on :data:`READ` in stored copies; a value stands in it as the
page prints it. The row is record and link in one: ``about`` names the thing of the paper that the page names.
"""

from __future__ import annotations

import csv
from functools import cache

from ..files import data_folder
from ..names import PREFIXES, expand
from .matches import Link

__all__ = ["PAGES", "READ", "page_links", "page_values"]

#: Name of the dataset that the pages make.
PAGES = "pages"
#: The day on which they were read.
READ = "2026-11-24"
_FILE = "page-records.tsv"
_NO_VALUES = ("id", "about")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (data_folder() / "links" / _FILE).open(encoding="utf-8", newline="") as file:
        return tuple({**row, "line": str(line)} for line, row in enumerate(csv.DictReader(file, delimiter="\t"), 2))


def _iri(row: dict[str, str]) -> str:
    return f"{PREFIXES['record']}{PAGES}/{row['id']}"


@cache
def page_links() -> tuple[Link, ...]:
    """Return a link for each page, from the thing that it names to what it prints."""
    return tuple(
        Link(str(expand(row["about"])), "exactMatch", _iri(row), _iri(row), PAGES, READ, _FILE, row["line"], "")
        for row in _rows()
    )


@cache
def page_values() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return what each page prints, by the name of its record and of the field."""
    return {
        _iri(row): {name: (value,) for name, value in row.items() if value and name not in _NO_VALUES}
        for row in _rows()
    }
