"""Which column of a table says what: named by the user, or guessed from headings in English, Chinese and other languages, and from the cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..errors import UsageError
from .countries import States
from .headings import HEADINGS, KINDS, KINDS_BY_HEADING, NAME_PARTS
from .names import clean_text, name_form, spellings
from .records import Record, level_of, years_of
from .tables import SheetTable
from .words import head_type, is_financing

__all__ = ["ROLES", "Columns", "guess_columns", "table_records"]

ROLES = tuple(HEADINGS)
_NOT_CURRENT = frozenset(("0", "false", "no", "n", "否"))
_MANY = ("alias", "date", "amount")
_IDENTIFIERS = re.compile(r"wikidata|qid|\bror|geonames?|isni|iati", re.IGNORECASE)
_IDENTIFIER = re.compile(r"^(Q\d{1,10}|0[a-z0-9]{6}\d\d|\d{5,12})$", re.IGNORECASE)


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
    family = family or _family(table, roles, states)
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


def _cells(table: SheetTable, column: str) -> list[str]:
    return [cells[column] for _, cells in table.rows[:300] if cells.get(column)]


def _is_chinese(column: str) -> bool:
    """Whether an English heading says that its names are Chinese: those in English come before them."""
    return bool(re.search(r"[ _(.-](cn|zh|chinese)\W*$|chinese", column.casefold()))


def _distinct(table: SheetTable, column: str) -> float:
    """Return the share of rows that the different cells of a column make up."""
    return len(set(_cells(table, column))) / max(1, min(300, len(table.rows)))


def _filled(table: SheetTable, column: str) -> float:
    """Return the share of rows in which a column has a cell."""
    return len(_cells(table, column)) / max(1, min(300, len(table.rows)))


def _is_wordy(table: SheetTable, column: str) -> bool:
    cells = _cells(table, column)
    return sum(any(char.isalpha() for char in cell) for cell in cells) > 0.5 * len(cells)


def _is_numeric(table: SheetTable, column: str) -> bool:
    cells = _cells(table, column)
    return bool(cells) and sum(_number(cell) is not None for cell in cells) > 0.6 * len(cells)


def _is_dated(table: SheetTable, column: str) -> bool:
    cells = _cells(table, column)
    return bool(cells) and sum(years_of(cell) is not None for cell in cells) > 0.5 * len(cells)


def _is_of_states(table: SheetTable, column: str, states: States) -> bool:
    """Whether cells look like countries: short words of which few differ, or names of states."""
    cells = _cells(table, column)
    known = sum(any(not one.startswith("?") for one in states.of_cell(cell)) for cell in cells[:80])
    return bool(cells) and (known > 0 or all(len(cell) <= 60 and not cell[:1].isdigit() for cell in cells[:80]))


def _number(text: str) -> float | None:
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
        said = cells.get(kind, "") if kind else ""
        if said and said not in kinds:
            kinds[said] = next((family for pattern, family in KINDS if re.search(pattern, said.casefold())), "")
        years = [year for column in columns.roles.get("date", ()) for year in years_of(cells.get(column, "")) or ()]
        numbers = [_number(cells.get(column, "")) for column in columns.roles.get("amount", ())]
        key = cells.get(identity, "") if identity else ""
        seen[key] += 1
        yield Record(
            id=key if key and seen[key] == 1 else f"{key or table.path.name}#{line}",
            label=label or names[0],
            names=tuple(dict.fromkeys(names)),
            family=(kinds.get(said) or columns.family) if said else columns.family,
            countries=countries.get(cell, frozenset()),
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
    cells = _cells(table, identity)
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
