"""Which column of a table says what: named by the user, or guessed from headings in English, Chinese and other languages, and from the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..errors import UsageError
from .cells import (
    are_dates,
    are_numbers,
    are_states,
    are_titles,
    are_words,
    cells_of,
    says_chinese,
    says_foreign,
    share_distinct,
    share_filled,
)
from .countries import States
from .headings import HEADINGS, KINDS, KINDS_BY_HEADING, NAME_PARTS
from .mending import drop_totals, push_headings, repeat_above, take_sections
from .tables import SheetTable

__all__ = ["ROLES", "Columns", "guess_columns", "is_heading"]

ROLES = tuple(HEADINGS)
_MANY = ("alias", "date", "amount")
#: Headings of the country to which something goes, and the sorts that need not be of it.
_TARGETED = re.compile(r"recipient|host|hôte|beneficiary|destination|partner|受援|东道|東道", re.IGNORECASE)
_OF_COUNTRIES = re.compile(
    r"(name of )?(the )?(country|countries|nation|state|land|pays|país|paese|negara|quốc gia|国家|國家|国|國)s?(\W.*)?|(country|state)[ _]name"
)
_GIVERS = re.compile(
    r"lender|bailleur|funder|financ|donor|creditor|contractor|investor|builder|贷款|貸款|出资|承包|投资方",
    re.IGNORECASE,
)
_ELSEWHERE = ("organisation", "person", "government")
_IDENTIFIERS = re.compile(r"wikidata|qid|\bror|geonames?|isni|iati|wof_?id|aiddata.*id", re.IGNORECASE)


@dataclass
class Columns:
    """The columns by role; of ``alias``, ``date`` and ``amount`` there may be several. ``guessed`` are the roles that were not given."""

    roles: dict[str, tuple[str, ...]]
    guessed: frozenset[str]
    family: str = ""
    identifiers: tuple[str, ...] = field(default=())
    is_family_given: bool = False

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
    if not given:
        push_headings(table, states)
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
    drop_totals(table, roles["name"][0])
    is_given = bool(family)
    sort = family or _family(table, roles, states)
    if sort != "state" and "country" not in roles and (column := _states_by_cells(table, taken, states)):
        roles["country"] = (column,)
        guessed.add("country")
        sort = family or _family(table, roles, states)
    if sort != "state" and "country" not in roles and (column := take_sections(table, roles["name"][0], states)):
        roles["country"] = (column,)
        guessed.add("country")
    family = sort
    if family == "state" and "country" in guessed:  # a state's country is itself
        del roles["country"]
    country = next(iter(roles.get("country", ())), "")
    given_by = _GIVERS.search(" ".join(roles["name"]))
    if "country" in guessed and (
        (family in _ELSEWHERE and _TARGETED.search(country)) or (given_by and not _GIVERS.search(country))
    ):
        del roles["country"]  # where money goes is not where the giver is
    elif "country" in guessed and country:
        repeat_above(table, country)
    columns = Columns(roles, frozenset(guessed), family, is_family_given=is_given)
    if (
        "name" in guessed or roles["name"][0] in _by_heading(table, "name", set(), states)[:1]
    ):  # else they are another column's
        columns.identifiers = tuple(
            name
            for name in table.columns
            if _IDENTIFIERS.search(name) and "country" not in name.casefold() and "position" not in name.casefold()
        )
    return columns


def _join_names(table: SheetTable) -> None:
    """Give a table in which given and family names stand apart, and no whole names, a column of both."""
    named = [
        column
        for column in table.columns
        if any(re.fullmatch(pattern, column.strip().casefold()) for pattern in HEADINGS["name"][:2])
    ]
    if any(not are_titles(table, column) for column in named):
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


def is_heading(text: str) -> bool:
    """Whether a text is what headings look like, of whatever role."""
    return any(re.fullmatch(pattern, text.strip().casefold()) for patterns in HEADINGS.values() for pattern in patterns)


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
            matching = [
                column for column in matching if are_words(table, column) and share_filled(table, column) >= 0.6
            ]
            matching = [column for column in matching if not are_titles(table, column)]
            matching.sort(
                key=lambda column: (
                    says_foreign(column),
                    says_chinese(column),
                    -round(share_distinct(table, column), 1),
                )
            )
        if role == "country":
            matching = [column for column in matching if not says_foreign(column)]
            matching = [column for column in matching if are_states(table, column, states)]
        if role in ("amount", "latitude", "longitude"):
            matching = [column for column in matching if are_numbers(table, column)]
        if role == "date":
            matching = [column for column in matching if are_dates(table, column)]
        found += [column for column in matching if column not in found]
        if found and role not in ("alias",):
            break
    return found[:8]


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
        if cells and known >= 0.8 * len(cells):
            return column
    return ""


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
    elif cells and are_states >= (0.3 if _OF_COUNTRIES.fullmatch(heading) else 0.6) * len(cells):
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
