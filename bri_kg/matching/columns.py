"""Which column of a table says what: named by the user, or guessed from headings in English, Chinese and other languages, and from the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..errors import UsageError
from .countries import States
from .headings import HEADINGS, KINDS, KINDS_BY_HEADING, NAME_PARTS
from .records import years_of
from .tables import SheetTable

__all__ = ["ROLES", "Columns", "cells_of", "guess_columns", "number_of"]

ROLES = tuple(HEADINGS)
_MANY = ("alias", "date", "amount")
_IDENTIFIERS = re.compile(r"wikidata|qid|\bror|geonames?|isni|iati", re.IGNORECASE)


@dataclass
class Columns:
    """The columns by role; of ``alias``, ``date`` and ``amount`` there may be several. ``guessed`` are the roles that were not given."""

    roles: dict[str, tuple[str, ...]]
    guessed: frozenset[str]
    family: str = ""
    identifiers: tuple[str, ...] = field(default=())

    def said(self) -> str:
        """Return in one line which column is what, for the user to check."""
        parts = []
        for role in ROLES:
            found = self.roles.get(role, ())
            if found:
                listed = ", ".join(f"'{name}'" for name in found)
                parts.append(f"{role} = {listed}{' (guessed)' if role in self.guessed else ''}")
        if self.family:
            parts.append(f"rows are of the sort '{self.family}'")
        return "; ".join(parts)

    def first(self, role: str) -> str:
        """Return the column of a role; empty if there is none."""
        return next(iter(self.roles.get(role, ())), "")


def guess_columns(table: SheetTable, given: Mapping[str, Iterable[str]], states: States, family: str = "") -> Columns:
    """Return which column is what: as ``given`` by role, and guessed where nothing is given; a role given as ``-`` has no column.

    Raises UsageError for a column that the table lacks, or if no column of names can be found.
    """
    roles: dict[str, tuple[str, ...]] = {}
    for role, names in given.items():
        wanted = [name for name in names if name]
        if wanted == ["-"]:
            roles[role] = ()
        elif wanted:
            roles[role] = tuple(_column(table, name) for name in wanted)
    if "name" not in roles:
        _join_names(table)
    taken = {name for names in roles.values() for name in names}
    guessed = set()
    order = ("country", "latitude", "longitude", "id", "name", "alias", "kind", "unit", "current", "date", "amount")
    for role in sorted(
        (role for role in order if role not in roles),
        key=lambda role: (role == "country" and _is_country_table(table), order.index(role)),
    ):
        found = _by_heading(table, role, taken, states)
        if role == "name" and not found:
            found = _by_cells(table, taken)
        if found:
            roles[role] = tuple(found if role in _MANY else found[:1])
            taken.update(roles[role])
            guessed.add(role)
    if not roles.get("name"):
        raise UsageError(
            f"{table.path}: no column of names was found among {', '.join(table.columns[:20])}; name one with --name."
        )
    sort = family or _family(table, roles, states)
    if sort != "state" and "country" not in roles and (column := _states_by_cells(table, taken, states)):
        roles["country"] = (column,)
        guessed.add("country")
        sort = family or _family(table, roles, states)
    family = sort
    if family == "state" and "country" in guessed:  # a state's country is itself
        del roles["country"]
    columns = Columns(roles, frozenset(guessed), family)
    columns.identifiers = tuple(
        name
        for name in table.columns
        if _IDENTIFIERS.search(name) and "country" not in name.casefold() and "position" not in name.casefold()
    )
    return columns


def _join_names(table: SheetTable) -> None:
    """Give a table in which given and family names stand apart, and no whole names, a column of both."""
    if any(
        re.fullmatch(pattern, column.strip().casefold()) for column in table.columns for pattern in HEADINGS["name"][:2]
    ):
        return
    for given, family in NAME_PARTS:
        pair = [
            next((column for column in table.columns if re.fullmatch(pattern, column.strip().casefold())), "")
            for pattern in (given, family)
        ]
        if all(pair):
            table.columns.append("full name")
            for _, cells in table.rows:
                cells["full name"] = " ".join(cells[column] for column in pair if cells.get(column))
            return


def _column(table: SheetTable, name: str) -> str:
    if name in table.columns:
        return name
    for column in table.columns:
        if column.casefold() == name.casefold():
            return column
    if name.isdigit() and 1 <= int(name) <= len(table.columns):
        return table.columns[int(name) - 1]
    raise UsageError(f"{table.path} has no column '{name}'; it has {', '.join(table.columns[:30])}.")


def _is_country_table(table: SheetTable) -> bool:
    """Whether a table has no better column of names than one of countries."""
    return not any(
        re.fullmatch(pattern, column.strip().casefold()) for column in table.columns for pattern in HEADINGS["name"][:4]
    )


def _by_heading(table: SheetTable, role: str, taken: set[str], states: States) -> list[str]:
    free = [column for column in table.columns if column not in taken]
    found: list[str] = []
    for pattern in HEADINGS[role]:
        matching = [column for column in free if re.fullmatch(pattern, column.strip().casefold().rpartition(": ")[2])]
        if role == "name":
            matching = [column for column in matching if _is_wordy(table, column) and _filled(table, column) >= 0.6]
            matching.sort(
                key=lambda column: (_is_foreign(column), _is_chinese(column), -round(_distinct(table, column), 1))
            )
        if role == "country":
            matching = [column for column in matching if not _is_foreign(column)]
            matching = [column for column in matching if _is_of_states(table, column, states)]
        if role in ("amount", "latitude", "longitude"):
            matching = [column for column in matching if _is_numeric(table, column)]
        if role == "date":
            matching = [column for column in matching if _is_dated(table, column)]
        found += [column for column in matching if column not in found]
        if found and role not in ("alias",):
            break
    return found[:8]


def _is_foreign(column: str) -> bool:
    """Whether a heading says that its names are in another language than English or Chinese."""
    return bool(
        re.search(
            r"[ _(.-](ar|es|fr|ru|de|pt|vi|id|french|spanish|russian|arabic)\W*$|french|spanish|russian|arabic|currency",
            column.casefold(),
        )
    )


def _by_cells(table: SheetTable, taken: set[str]) -> list[str]:
    """Return the column whose cells look most like names: words, mostly different from each other."""
    best = (0.0, "")
    for column in table.columns:
        cells = [cells.get(column, "") for _, cells in table.rows[:500]]
        filled = [cell for cell in cells if cell]
        if column in taken or not filled:
            continue
        words = sum(any(char.isalpha() for char in cell) and 2 < len(cell) < 160 for cell in filled)
        score = words / len(cells) * (len(set(filled)) / len(filled)) ** 0.5
        best = max(best, (score, column), key=lambda one: one[0])
    return [best[1]] if best[0] > 0.3 else []


def _states_by_cells(table: SheetTable, taken: set[str], states: States) -> str:
    """Return the column of which most cells are names of states, whatever it is called; empty if there is none."""
    for column in table.columns:
        cells = [] if column in taken else cells_of(table, column)[:80]
        known = sum(any(not one.startswith("?") for one in states.of_cell(cell)) for cell in cells)
        if cells and known >= 0.6 * len(cells):
            return column
    return ""


def cells_of(table: SheetTable, column: str) -> list[str]:
    """Return the first cells of a column that are not empty."""
    return [cells[column] for _, cells in table.rows[:300] if cells.get(column)]


def _is_chinese(column: str) -> bool:
    """Whether an English heading says that its names are Chinese: those in English come before them."""
    return bool(re.search(r"[ _(.-](cn|zh|chinese)\W*$|chinese", column.casefold()))


def _distinct(table: SheetTable, column: str) -> float:
    """Return the share of rows that the different cells of a column make up."""
    return len(set(cells_of(table, column))) / max(1, min(300, len(table.rows)))


def _filled(table: SheetTable, column: str) -> float:
    """Return the share of rows in which a column has a cell."""
    return len(cells_of(table, column)) / max(1, min(300, len(table.rows)))


def _is_wordy(table: SheetTable, column: str) -> bool:
    cells = cells_of(table, column)
    return sum(any(char.isalpha() for char in cell) for cell in cells) > 0.5 * len(cells)


def _is_numeric(table: SheetTable, column: str) -> bool:
    cells = cells_of(table, column)
    return bool(cells) and sum(number_of(cell) is not None for cell in cells) > 0.6 * len(cells)


def _is_dated(table: SheetTable, column: str) -> bool:
    cells = cells_of(table, column)
    return bool(cells) and sum(years_of(cell) is not None for cell in cells) > 0.5 * len(cells)


def _is_of_states(table: SheetTable, column: str, states: States) -> bool:
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


def _family(table: SheetTable, roles: Mapping[str, tuple[str, ...]], states: States) -> str:
    """Return the sort of thing that all rows are, where headings and cells say so."""
    names = roles["name"]
    heading = " ".join(names).casefold()
    country = next(iter(roles.get("country", ())), "")
    cells = [cells for _, cells in table.rows[:400] if cells.get(names[0])]
    alone = [states.of_cell(one[names[0]]) for one in cells]
    are_states = sum(any(not state.startswith("?") for state in found) for found in alone)
    if country and country not in names:
        same = sum(bool(found & states.of_cell(one.get(country, ""))) for found, one in zip(alone, cells, strict=True))
        if are_states and same >= 0.8 * are_states and are_states >= 0.3 * len(cells):
            return "state"
    elif are_states >= 0.6 * len(cells) and cells:
        return "state"
    if re.search(r"subcountry|placetype|shapename|geonameid", " ".join(table.columns).casefold()):
        return "place"
    for pattern, family in KINDS_BY_HEADING:
        if any(re.fullmatch(pattern, column.strip().casefold()) for column in table.columns):
            return family
    for pattern, family in KINDS:
        if family != "state" and re.search(pattern, heading):
            return "" if family == "place" and not country else family  # a column of places may hold states too
    return ""
