"""Rows of a table as records, by what its columns are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from .cells import cells_of, number_of
from .columns import Columns
from .countries import States
from .headings import KINDS
from .names import clean_text, name_form, spellings
from .persons import has_title
from .records import Record, level_of, years_of
from .tables import SheetTable
from .words import head_type, is_financing

__all__ = ["record_of", "table_records"]

_TAIL = re.compile(r"(?<=\w)\s*(?:,\s*([^,()]{2,40})|[(（]([^()（）]{2,40})[)）])$")
_NOT_CURRENT = frozenset(("0", "false", "no", "n", "否"))


_IDENTIFIER = re.compile(r"^(Q\d{1,10}|0[a-z0-9]{6}\d\d|\d{5,12})$", re.IGNORECASE)


def table_records(table: SheetTable, columns: Columns, states: States) -> Iterator[Record]:
    """Yield the rows of a table as records; rows without a name are left out."""
    countries: dict[str, frozenset[str]] = {}
    prefixed = _has_state_codes(table, columns)
    kinds: dict[str, str] = {}
    name_columns, alias_columns = columns.roles["name"], columns.roles.get("alias", ())
    country, kind, identity = columns.first("country"), columns.first("kind"), columns.first("id")
    unit, current = columns.first("unit"), columns.first("current")
    seen: Counter[str] = Counter()
    for line, cells in table.rows:
        names = [cells[name] for name in name_columns if cells.get(name)]
        label = names[0] if names else ""
        for column in alias_columns:
            names += [
                part.strip() for part in re.split(r"\s*[|;；]\s*", cells.get(column, "")) if len(part.strip()) > 1
            ]
        if not names or not any(char.isalnum() for char in names[0]):
            continue
        cell = cells.get(country, "") if country else _state_code(cells.get(identity, "")) if prefixed else ""
        if cell and cell not in countries:
            countries[cell] = states.of_cell(cell)
        found = countries.get(cell, frozenset())
        if shorter := states.without_state(names[0]):  # 印尼雅万高铁
            names.append(shorter)
        if not cell and columns.family != "state" and (tail := _TAIL.search(names[0])):
            lies_in = states.of_cell(tail[1] or tail[2])
            if not any(state.startswith("?") for state in lies_in):  # "Hambantota Port, Sri Lanka"
                found = lies_in
                names.append(names[0][: tail.start()].strip())
        said = cells.get(kind, "") if kind else ""
        if not found and columns.family == "person":
            found = states.in_text(names[0])  # "Chinese President Xi Jinping"
        if said and said not in kinds:
            kinds[said] = next((family for pattern, family in KINDS if re.search(pattern, said.casefold())), "")
        years = [year for column in columns.roles.get("date", ()) for year in years_of(cells.get(column, "")) or ()]
        numbers = [number_of(cells.get(column, "")) for column in columns.roles.get("amount", ())]
        key = cells.get(identity, "") if identity else ""
        seen[key] += 1
        yield Record(
            id=key if key and seen[key] == 1 else f"{key or table.path.name}#{line}",
            label=label or names[0],
            names=tuple(dict.fromkeys(names)),
            family=kinds.get(said) or columns.family or ("person" if has_title(names[0]) else ""),
            is_kind_sure=bool(said and kinds.get(said)) or columns.is_family_given,
            countries=found,
            years=(min(years), max(years)) if years else None,
            amounts=tuple(number for number in numbers if number),
            point=_point(cells, columns),
            place=line,
            identifiers=frozenset(_identifiers(cells, columns.identifiers)),
            type_words=frozenset({head_type(said)} - {""}) if said else frozenset(),
            is_financing=is_financing(names[0]),
            unit=_said(cells.get(unit, "")) if unit else "",
            level=level_of(said) if said else "",
            is_current=not (current and cells.get(current, "").casefold() in _NOT_CURRENT),
            values=cells,
        )


def _has_state_codes(table: SheetTable, columns: Columns) -> bool:
    """Whether ids begin with codes of states, as those of organisations that publish by IATI do: ``US-11``."""
    identity = columns.first("id")
    if not identity or columns.first("country"):
        return False
    cells = cells_of(table, identity)
    return sum(bool(_state_code(cell)) for cell in cells) > 0.25 * len(cells)


def _state_code(cell: str) -> str:
    found = re.match(r"([A-Z]{2})-\w", cell)
    return found[1] if found else ""


def _said(cell: str) -> str:
    """Return a cell that says something; those that say "nothing" are empty."""
    return "" if cell.casefold() in ("", "-", "--", "n/a", "na", "none", "unknown", "无") else cell


def _point(cells: Mapping[str, str], columns: Columns) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(cells[columns.first("latitude")]), float(cells[columns.first("longitude")])
    except (KeyError, ValueError):
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


def _identifiers(cells: Mapping[str, str], columns: Iterable[str]) -> Iterator[str]:
    for column in columns:
        for part in re.split(r"[|;,\s]+", cells.get(column, "")):
            local = part.rstrip("/").rpartition("/")[2]
            if _IDENTIFIER.fullmatch(local):
                yield local.upper()


def record_of(name: str, states: States, country: str = "", family: str = "", **features: object) -> Record:
    """Return a record made of a name alone, with what else is known: what a service or a test asks for."""
    text = clean_text(name)
    return Record(
        id=text,
        label=text,
        names=(text,) if name_form(text).key and spellings(text) else (),
        family=family,
        countries=states.of_cell(country),
        is_financing=is_financing(text),
        **features,  # type: ignore[arg-type]
    )
