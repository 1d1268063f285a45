"""What a card says and what is found when it is run again, compared part by part and told in sentences."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..names import graph_kind, shorten
from ..questions import question, question_names
from ..sparql import TOKEN
from . import graph_entry, segment_entry
from .reading import shown, shown_json

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["compare_answers", "compare_asked", "compare_graphs", "compare_segments", "count", "remarks"]

#: Rows that a card may ask for, if it does not hold more.
MAX_ROWS = 100_000
_SHOWN = 10


def compare_asked(card: Mapping[str, Any], kg: KnowledgeGraph) -> list[str]:
    """Say where a card that names a stored question does not hold that question."""
    if card["question"] is None:
        return []
    name = card["question"]["name"]
    if name not in question_names():
        return [f"There is no stored question '{shown(name)}'."]
    asked = question(name)
    found = []
    if (card["question"]["en"], card["question"]["zh"]) != (asked.text, asked.text_zh):
        found.append(f"The question {name} is worded '{asked.wording(card['language'])}'.")
    if card["query"] != asked.sparql_in(kg.language):
        found.append(f"The query is not that of the stored question {name}.")
    if set(card["parameters"]) != {one.name for one in asked.parameters}:
        found.append(f"The parameters are not those of the stored question {name}.")
    return found


def compare_answers(card: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[str]:
    """Say which rows, citations and labels, and what else of the answer, are not as the card says."""
    found = []
    for part in ("form", "columns", "headings", "boolean"):
        if card[part] != fresh[part]:
            found.append(
                f"{part.capitalize()}: the card has {shown_json(card[part])}, now it is {shown_json(fresh[part])}."
            )
    if bool(card["cut"]) != bool(fresh["cut"]):
        found.append(f"The card's answer is {'cut' if card['cut'] else 'whole'}, now it is not.")
    elif card["cut"] != fresh["cut"] and card["max_rows"] is not None and card["max_rows"] <= MAX_ROWS:
        found.append(f"The answer is cut otherwise than the card says: {fresh['cut']}")
    before, now = _rows_of(card), _rows_of(fresh)
    lost = Counter({key: len(places) for key, places in before.items()})
    gained = Counter({key: len(places) for key, places in now.items()})
    for rows, source, words in (
        (lost - gained, before, "in the card but not found"),
        (gained - lost, now, "found but not in the card"),
    ):
        if rows:
            found.append(f"{count(rows.total(), 'row')} {words}:" + _listed([source[key][0][1] for key in rows]))
    if lost == gained and _keys(card) != _keys(fresh) and "ORDER" in _words(card):
        found.append(
            "The rows are the same in another order; rows that tie may change places between a graph in memory and one on disk."
        )
    changed = []
    for key in before.keys() & now.keys() if card["form"] != "ASK" else before.keys():
        was, are = ([_citation_in_words(one) for _, _, one in places] for places in (before[key], now.get(key, [])))
        if key in now and sorted(was) != sorted(are):
            changed.append((before[key][0][0], was, are))
    for place, was, are in sorted(changed)[:_SHOWN]:
        found.append(f"Row {place}: the citation in the card is {' / '.join(was)}, now it is {' / '.join(are)}.")
    if len(changed) > _SHOWN:
        found.append(f"The citations of {len(changed) - _SHOWN} more rows are not as the card says.")
    wrong = sorted(
        iri
        for iri in card["labels"].keys() | fresh["labels"].keys()
        if card["labels"].get(iri) != fresh["labels"].get(iri)
    )
    for iri in wrong[:_SHOWN]:
        inside, outside = (shown_json(one["labels"].get(iri)) for one in (card, fresh))
        found.append(f"The label of {shown(shorten(iri))} in the card is {inside}, now it is {outside}.")
    if len(wrong) > _SHOWN:
        found.append(f"{len(wrong) - _SHOWN} more labels are not as the card says.")
    return found


def compare_segments(card: Mapping[str, Any], fresh: Mapping[str, Any] | None, kg: KnowledgeGraph) -> list[str]:
    """Say of which segments the ledger holds something else than the card."""
    found = []
    for name, entry in card["segments"].items():
        held = segment_entry(kg, name)
        if held is None:
            found.append(f"Segment {shown(name)} is not in this graph.")
            continue
        for part, words in (("sha256", "digest"), ("gist", "gist"), ("page", "page"), ("page_end", "last page")):
            if entry[part] != held[part]:
                found.append(
                    f"Segment {name}: the {words} in the card is {shown_json(entry[part])}, in the ledger {shown_json(held[part])}."
                )
    if fresh:
        named = card["segments"].keys() ^ fresh["segments"].keys()
        if named:
            found.append(
                f"The card's list of segments is not that of its citations: {shown(', '.join(sorted(named)))}."
            )
    return _first(found)


def compare_graphs(card: Mapping[str, Any], fresh: Mapping[str, Any] | None, kg: KnowledgeGraph) -> list[str]:
    """Say which of the other cited graphs, mapping sets and records of datasets, hold something else than the card says."""
    found = []
    for name, entry in card["graphs"].items():
        held = graph_entry(kg, name)
        if held is None:
            dataset = shorten(name).removeprefix("record:").partition("/")[0] if graph_kind(name) == "record" else ""
            remedy = f"; it is of an imported dataset: verify with --with {shown(dataset)}" * bool(dataset)
            found.append(f"The graph {shown(shorten(name))} is not here{remedy}.")
        elif held != entry:
            found.append(f"The graph {shown(shorten(name))} holds something else than the card says.")
    if fresh and (named := card["graphs"].keys() ^ fresh["graphs"].keys()):
        found.append(
            f"The card's list of other graphs is not that of its citations: {shown(', '.join(sorted(named)))}."
        )
    return _first(found)


def _first(found: list[str]) -> list[str]:
    """Return as many differences as can be read, and how many more there are."""
    most = 2 * _SHOWN
    return found if len(found) <= most else [*found[:most], f"{len(found) - most} more such differences."]


def remarks(card: Mapping[str, Any], fresh: Mapping[str, Any], is_changed: bool) -> list[str]:
    """Say what else is to be known: an order that the query leaves open, another version or engine."""
    found = []
    if _keys(card) != _keys(fresh) and not is_changed:
        found.append("The rows stand in another order, which the query leaves open.")
    made, now = (
        f"bri-kg {one['bri_kg']} and {one['engine']['name']} {one['engine']['version']}" for one in (card, fresh)
    )
    if made != now:
        found.append(f"The card was made with {shown(made)}; these are {now}.")
    return found


def _words(card: Mapping[str, Any]) -> set[str]:
    return {match.group().upper() for match in TOKEN.finditer(card["query"]) if match.lastgroup == "word"}


def _rows_of(card: Mapping[str, Any]) -> dict[str, list[tuple[int, dict[str, Any], Mapping[str, Any]]]]:
    """Return key to place, row and citation; one entry, without a row, for an ASK."""
    found: dict[str, list[tuple[int, dict[str, Any], Mapping[str, Any]]]] = {}
    rows = card["rows"] if card["form"] != "ASK" else [{}]
    for place, (row, citation) in enumerate(zip(rows, card["citations"], strict=True), 1):
        found.setdefault(_key(row), []).append((place, row, citation))
    return found


def _keys(card: Mapping[str, Any]) -> list[str]:
    return [_key(row) for row in card["rows"]]


def _key(row: Mapping[str, Any]) -> str:
    """Return the row as text, its blank nodes numbered in it: their labels are others at each run."""
    numbers: dict[str, str] = {}

    def plain(term: Any) -> Any:
        if term["type"] == "triple":
            return {part: plain(one) for part, one in sorted(term["value"].items())}
        if term["type"] == "bnode":
            return {"bnode": numbers.setdefault(term["value"], str(len(numbers)))}
        return term

    return json.dumps({column: plain(row[column]) for column in sorted(row)}, sort_keys=True)


def _citation_in_words(citation: Mapping[str, Any]) -> str:
    errata = (f"{name} of {segment}" if segment else name for name, segment in sorted(citation["errata"].items()))
    named = [*citation["segments"], *errata, *citation["other"]]
    holders = " ".join(shorten(holder) for holder in citation["holders"])
    marks = "".join(f", {mark}" for mark in citation["marks"])
    return shown(f"{' '.join(named) or 'nothing'} ({citation['voice']}{' of ' * bool(holders)}{holders}{marks})")


def _listed(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        "\n    "
        + shown("  ".join(f"?{column}={_term_in_words(term)}" for column, term in row.items()) or "an empty row")
        for row in rows[:_SHOWN]
    ]
    return "".join(lines) + (f"\n    and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else "")


def _term_in_words(term: Mapping[str, Any]) -> str:
    if term["type"] == "uri":
        return shorten(term["value"])
    if term["type"] == "triple":
        return f"<< {' '.join(_term_in_words(term['value'][part]) for part in ('subject', 'predicate', 'object'))} >>"
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    tag = f"@{term['xml:lang']}" if "xml:lang" in term else ""
    return (
        json.dumps(term["value"], ensure_ascii=False)
        + tag
        + (f"^^{shorten(term['datatype'])}" if "datatype" in term else "")
    )


def count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
