"""Several names in one cell: "China-Laos Railway; ECRL", 中老铁路、雅万高铁, "Laos and Thailand"."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["CellNames", "names_in_cell"]

#: What stands between names and seldom in one, and what stands in names too.
_BETWEEN = re.compile(r"\s*[;；、\n/／+＋]\s*|\s+[|｜&]\s+")
_WITHIN = re.compile(
    r"\s*[|,，]\s*|\s+(?:and|&|und|et|y|dan|và)\s+|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff])", re.IGNORECASE
)
_MOST = 12


class CellNames(NamedTuple):
    """The names that a cell may hold; ``is_sure`` if what stands between them hardly ever stands in a name."""

    names: tuple[str, ...]
    is_sure: bool


def names_in_cell(text: str) -> CellNames | None:
    """Return the names that a cell seems to hold, two at least; None for a cell with one."""
    for pattern, is_sure in ((_BETWEEN, True), (_WITHIN, False)):
        if pattern.search(text):
            found = tuple(part for one in pattern.split(text) if (part := one.strip(" .,;")) and len(part) > 1)
            if not is_sure or len(found) < 2:
                found = tuple(re.sub(r"^(?:and|&)\s+", "", one) for one in found)
            if 1 < len(found) <= _MOST:
                return CellNames(found, is_sure)
    return None
