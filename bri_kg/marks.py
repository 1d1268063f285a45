"""What the charts show: rows of stored questions made ready to be drawn, each with the sentences that it stands on.

Nothing is drawn that is not such a row. A row is a dict of texts and numbers; ``segments``, ``pages``, ``sentences`` and ``voice`` are in
every row that the paper states anything of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from .names import BASE, bri, concept, shorten
from .wording import word

if TYPE_CHECKING:
    from .graph import KnowledgeGraph

__all__ = [
    "MEASURES_OF_TOPIC",
    "STANCES",
    "Marks",
    "attitude_marks",
    "figure_marks",
    "is_stretched",
    "project_marks",
    "read_date",
    "region",
    "timeline_marks",
]

Row = dict[str, Any]

#: Groups of the timeline, in the order in which they stand, and the classes in each; any other event is an event.
GROUPS = {
    "phases": {"Phase"},
    "events": set[str](),
    "launches": {"Establishment", "Launch", "Transition"},
    "documents": {"Accession", "Adoption", "EntryIntoForce", "Signature"},
    "projects": {"Financing", "Milestone"},
    "measures": {"Measure"},
}
#: Directions of the attitudes of the graph, for the colours; the words in a cell are always the attitude itself.
STANCES = {
    "support": "fully-supportive supportive-attitude among-first-to-support welcoming enthusiastic relatively-positive",
    "talking": "willing-to-communicate-and-explore",
    "attention": "attaching-importance",
    "waiting": "wait-and-see hesitant",
    "no mention": "no-mention-or-concern-only",
    "doubt": "wary-attitude doubting",
    "against": "rejecting opposed",
}
_STANCE_OF = {concept(name): stance for stance, names in STANCES.items() for name in names.split()}
#: What the trade and the finance figures measure; every other measure that is in a currency belongs to finance.
MEASURES_OF_TOPIC = {
    "trade": ("trade-volume", "growth-rate", "share-of-goods-at-zero-tariff", "trading-partner-rank"),
    "finance": ("total-investment", "total-cost", "announced-amount", "approved-amount", "share-of-financing"),
}
#: Steps in which large numbers are written, largest first.
_STEPS = {
    "en": ((1e9, "billion"), (1e6, "million")),
    "zh": ((1e8, "亿"), (1e4, "万")),
}


class Marks(NamedTuple):
    """The rows of a chart, what must be said beside them, and other things the picture needs (``extra``)."""

    rows: list[Row]
    notes: list[str]
    extra: dict[str, Any]


def _behind(kg: KnowledgeGraph, graphs: Iterable[str], nodes: Iterable[str]) -> Row:
    """Return the sentences behind ``graphs`` as a row shows them, and in whose voice they speak of ``nodes``."""
    graphs = sorted(set(graphs))
    found = kg.sources.sentences(graphs)
    voices = {kg.sources.voice(node, graph)[0] for node in sorted(set(nodes)) for graph in graphs}
    return {
        "segments": [one.id for one in found],
        "pages": sorted({page for one in found for page in range(one.page, one.page_end + 1)}),
        "sentences": "\n".join(f"{one.reference}: {one.gist}" for one in found),
        "voice": "; ".join(sorted(voices)),
    }


def _records(kg: KnowledgeGraph, name: str, **params: object) -> list[dict[str, Any]]:
    answer = kg.ask(name, **params)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.terms]


def _iri(term: Any) -> str:
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else ""


# Dates


def read_date(text: str, language: str = "en") -> str:
    """Return a date of the graph as a person reads it: ``2018~`` as "about 2018", ``../2018-08`` as "by 2018-08"."""
    first, slash, last = text.partition("/")
    if slash and first in ("", ".."):
        return word("chart by date", language, read_date(last, language))
    if slash and last in ("", ".."):
        return word("chart since date", language, read_date(first, language))
    if slash:
        return word("to", language, read_date(first, language), read_date(last, language))
    if text.endswith(("~", "?", "%")):
        return word("chart about", language, read_date(text[:-1], language))
    year, _, unit = text.partition("-")
    if unit in ("33", "34", "35", "36", "40", "41"):
        part = word(("chart quarter", "chart half")[int(unit) >= 40], language, int(unit) - (39 if int(unit) >= 40 else 32))
        return word("chart part of year", language, part, year)
    return text


def _year(day: str, end: bool = False) -> float:
    """Return a day as a number of years, its end with ``end``: no time zone has a part in it."""
    found = date.fromisoformat(day)
    if end:
        found += timedelta(days=1)
    start = date(found.year, 1, 1)
    return round(found.year + (found - start).days / (date(found.year + 1, 1, 1) - start).days, 4)


def timeline_marks(kg: KnowledgeGraph, by: str, actor: str, first: int | None, last: int | None) -> Marks:
    """Return one row for each record and date of the question ``timeline``, by kind of record or by actor.

    A date is a range from the first to the last day on which it can lie; where one of them is unknown, ``start`` or ``end`` is None.
    """
    language = kg.language
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in _records(kg, "timeline"):
        key = _iri(row["record"]), _iri(row["date"])
        one = found.setdefault(key, {"graphs": set(), "actors": set(), "bounds": (row["earliest"], row["latest"])})
        one["graphs"].add(_iri(row["segment"]))
        one["actors"] |= {_iri(row["actor"])} - {""}
    phases = _phase_bounds(kg)
    wanted = kg.lookup.entity(actor) if actor else ""
    rows = []
    for (record, day), one in found.items():
        earliest, latest = (_iri(bound) for bound in one["bounds"])
        start, end = _year(earliest) if earliest else None, _year(latest, True) if latest else None
        if start is None and end is None:
            continue
        if (wanted and wanted not in one["actors"]) or not _within(start, end, first, last):
            continue
        kind = kg.lookup.kind(record)
        shared = {
            "record": shorten(record),
            "what": _called(kg, record),
            "kind": kg.labels.kind(kind),
            "date": read_date(day, language),
            "start": start,
            "end": end,
            "exact": earliest == latest,
            "phase": _phase_of(start, end, phases) if kind != "Phase" else "",
            "actors": word("join", language).join(sorted(map(kg.labels.label, one["actors"]))),
            **_behind(kg, one["graphs"], [record]),
        }
        if by == "actor" and kind != "Phase":
            names = [kg.labels.label(one) for one in sorted(one["actors"])] or [word("chart no actor", language)]
        else:
            group = next((name for name, kinds in GROUPS.items() if kind in kinds), "events")
            names = [word(f"chart group {group}", language)]
        rows += [{**shared, "group": name} for name in names if not wanted or name == kg.labels.label(wanted) or by == "kind"]
    order = _group_order(rows, by, language)
    rows.sort(key=lambda row: (order[row["group"]], row["start"] or row["end"], row["end"] or 9999, row["what"]))
    undated = len({_iri(row["record"]) for row in _undated(kg)})
    notes = [word("chart ranges", language), word("chart phases", language)]
    years = [year for row in rows for year in (row["start"], row["end"]) if year is not None]
    if years and is_stretched(min(years), max(years)):
        notes.append(word("chart stretched", language))
    if undated:
        notes.append(word("chart undated", language, undated))
    return Marks(rows, notes, {"undated": undated})


def is_stretched(low: float, high: float) -> bool:
    """Whether a timeline between two years draws the years since 2010 wider, since nearly everything lies there."""
    return low < 2005 and high > 2012


def _undated(kg: KnowledgeGraph) -> list[dict[str, Any]]:
    """Return the events of the paper that have no date: they are counted, and not drawn."""
    answer = kg.query(
        """SELECT DISTINCT ?record WHERE {
            GRAPH ?segment { ?record a bri:Event . }
            FILTER NOT EXISTS { ?record bri:date ?date . }
        } ORDER BY ?record"""
    )
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.terms]


def _within(start: float | None, end: float | None, first: int | None, last: int | None) -> bool:
    return (first is None or end is None or end > first) and (last is None or start is None or start < last + 1)


def _phase_bounds(kg: KnowledgeGraph) -> list[tuple[str, float, float]]:
    """Return the phases into which the authors divide the years, each with the widest bounds that a sentence gives it."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in _records(kg, "phases"):
        node = row["phase"]
        days: dict[str, list[str]] = {"earliest": [], "latest": []}
        for name, kept in days.items():
            for quad in kg.store.quads_for_pattern(node, ox.NamedNode(bri(name)), None, row["segment"]):
                kept.append(_iri(quad.object))
        start = _year(min(days["earliest"])) if days["earliest"] else 0.0
        found.setdefault(_iri(node), []).append((start, _year(max(days["latest"]), True) if days["latest"] else 9999.0))
    widest = [(iri, min(a for a, _ in spans), max(b for _, b in spans)) for iri, spans in found.items()]
    return [(kg.labels.label(iri), start, end) for iri, start, end in sorted(widest, key=lambda one: one[1:])]


def _phase_of(start: float | None, end: float | None, phases: list[tuple[str, float, float]]) -> str:
    """Return the phase that a range lies in, ``<`` where it lies before all of them, ``?`` where it may lie in more than one of these."""
    start, end = start if start is not None else -9999.0, end if end is not None else 9999.0
    names = [name for name, first, last in phases if start < last and end > first]
    if start < min((first for _, first, _ in phases), default=9999.0):
        names.append("<")
    return names[0] if len(names) == 1 else "?"


def _called(kg: KnowledgeGraph, iri: str) -> str:
    """Return the label of a node; a measure, whose label is only its kind, with the instruments or else the actors that it has."""
    label = kg.labels.label(iri)
    if kg.lookup.kind(iri) != "Measure":
        return label
    for name in ("instrument", "actor"):
        quads = kg.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(bri(name)), None, ox.DefaultGraph())
        if found := sorted({kg.labels.label(_iri(quad.object)) for quad in quads}):
            return f"{label} · {word('join', kg.language).join(found)}"
    return label


def _group_order(rows: list[Row], by: str, language: str) -> dict[str, int]:
    if by == "kind":
        return {word(f"chart group {name}", language): place for place, name in enumerate(GROUPS)}
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["group"]] = counts.get(row["group"], 0) + 1
    first, final = word("chart group phases", language), word("chart no actor", language)
    ranked = sorted(counts, key=lambda name: (name != first, name == final, -counts[name], name))
    return {name: place for place, name in enumerate(ranked)}


# Attitudes


def attitude_marks(kg: KnowledgeGraph, holders: str) -> Marks:
    """Return one row for each holder and undertaking: the attitudes that the question ``network-positions`` finds, or silence.

    With ``holders`` as ``states``, the member states of ASEAN and every other state whose attitude the paper tells; else everybody.
    """
    language = kg.language
    cells: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in _records(kg, "network-positions"):
        cell = cells.setdefault((_iri(row["source"]), _iri(row["target"])), {})
        cell.setdefault(_iri(row["relation"]), set()).add(_iri(row["segment"]))
    asean = BASE + "organisation/asean"
    members = {_iri(row["member"]) for row in _records(kg, "members-of", whole=ox.NamedNode(asean))} if kg.lookup.exists(asean) else set()
    members = {iri for iri in members if "State" in kg.lookup.kinds(iri)}
    speaking = {holder for holder, _ in cells if holders == "all" or "State" in kg.lookup.kinds(holder)}
    towards = {
        undertaking
        for holder, undertaking in cells
        if holder in speaking or "Initiative" in kg.lookup.kinds(undertaking)
    }
    rows: list[Row] = []
    for holder in sorted(members | speaking, key=lambda iri: (iri not in members, kg.labels.label(iri))):
        for undertaking in sorted(towards, key=lambda iri: _column_order(kg, iri, cells)):
            attitudes = cells.get((holder, undertaking), {})
            stances = {_STANCE_OF.get(attitude, "other") for attitude in attitudes}
            graphs = {graph for found in attitudes.values() for graph in found}
            named = sorted(map(kg.labels.label, attitudes))
            rows.append(
                {
                    "holder": kg.labels.label(holder),
                    "member": holder in members,
                    "undertaking": kg.labels.label(undertaking),
                    "attitude": "; ".join(named) if named else word("chart silent", language),
                    "stance": "silent" if not stances else "several" if len(stances) > 1 else stances.pop(),
                    **_behind(kg, graphs, _positions(kg, holder, undertaking)),
                }
            )
    for row in rows:
        if row["stance"] == "silent":
            row["voice"], row["sentences"] = "", word("chart silence", language)
    return Marks(rows, [word("chart lumped", language), word("chart silence", language)], {})


def _column_order(kg: KnowledgeGraph, iri: str, cells: dict[tuple[str, str], dict[str, set[str]]]) -> tuple[Any, ...]:
    told = sum(1 for _, undertaking in cells if undertaking == iri)
    return ("Initiative" not in kg.lookup.kinds(iri), -told, kg.labels.label(iri))


def _positions(kg: KnowledgeGraph, holder: str, undertaking: str) -> set[str]:
    """Return the records of what ``holder`` thinks of ``undertaking``."""
    held, meant = (
        {
            _iri(quad.subject)
            for quad in kg.store.quads_for_pattern(None, ox.NamedNode(bri(name)), ox.NamedNode(iri), ox.DefaultGraph())
        }
        for name, iri in (("holder", holder), ("towards", undertaking))
    )
    return held & meant


# Figures


def figure_marks(kg: KnowledgeGraph, topic: str) -> Marks:
    """Return one row for each figure of the question ``figures-in-full``; ``panel`` is its measure in its unit or currency.

    Figures of two panels share no axis: not two units, not two currencies, not two stages such as announced and approved.
    """
    language = kg.language
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in _records(kg, "figures-in-full"):
        key = tuple(_iri(row[name]) for name in ("statistic", "measure", "value", "unit", "bound", "date"))
        one = found.setdefault(key, {"graphs": set(), "about": set(), "actor": set(), "derived": False})
        one["graphs"].add(_iri(row["segment"]))
        one["about"] |= {_iri(row["about"])} - {""}
        one["actor"] |= {_iri(row["actor"])} - {""}
        one["derived"] |= _iri(row["derived"]) in ("true", "1")
    currencies = _currencies(kg)
    rows = []
    for (statistic, measure, value, unit, bound, day), one in found.items():
        name = measure.removeprefix(concept(""))
        in_money = unit in currencies
        of_topic = next((one for one, names in MEASURES_OF_TOPIC.items() if name in names), "finance" if in_money else "other")
        if topic not in ("all", of_topic) and not (topic == "economy" and of_topic != "other"):
            continue
        about = {iri for iri in one["about"] if "Record" not in kg.lookup.kinds(iri)} or one["about"]
        parts = [word("join", language).join(sorted(_called(kg, iri) for iri in about | one["actor"]))]
        parts += [read_date(day, language)] if day else []
        exactness = bound.removeprefix(concept("")) or "exact"
        rows.append(
            {
                "statistic": shorten(statistic),
                "what": " · ".join(part for part in parts if part),
                "topic": of_topic,
                "measure": kg.labels.label(measure),
                "unit": kg.labels.label(unit) if unit else "",
                "panel": f"{measure} {unit}",
                "value": float(value),
                "kind": "derived" if one["derived"] else exactness if f"chart exactness {exactness}" in _EXACTNESS else "exact",
                "bound": kg.labels.label(bound) if bound else "",
                "is_rank": unit == concept("rank"),
                "order": (list(MEASURES_OF_TOPIC).index(of_topic) if of_topic in MEASURES_OF_TOPIC else 9, *_place(name)),
                **_behind(kg, one["graphs"], [statistic]),
            }
        )
    for panel in {row["panel"] for row in rows}:
        _scale([row for row in rows if row["panel"] == panel], language)
    rows.sort(key=lambda row: (row.pop("order"), row["panel"], -row["value"], row["what"]))
    notes = [word("chart axes", language)]
    if topic != "all":
        notes.append(word("chart other figures", language))
    return Marks(rows, notes, {})


_EXACTNESS = {f"chart exactness {name}" for name in "approximate at-least exact less-than more-than order-of-magnitude".split()}


def _place(measure: str) -> tuple[int, str]:
    names = [name for listed in MEASURES_OF_TOPIC.values() for name in listed]
    return (names.index(measure) if measure in names else len(names), measure)


def _currencies(kg: KnowledgeGraph) -> set[str]:
    quads = kg.store.quads_for_pattern(None, ox.NamedNode(bri("currency")), None, ox.DefaultGraph())
    return {_iri(quad.object) for quad in quads}


def _scale(rows: list[Row], language: str) -> None:
    """Give the rows of one panel their common step, the number in it, and the figure in words."""
    largest = max(row["value"] for row in rows)
    steps = _STEPS["zh" if language.startswith("zh") else "en"]
    size, name = next(((size, name) for size, name in steps if largest >= size), (1.0, ""))
    for row in rows:
        row["number"] = round(row["value"] / size, 6)
        row["axis"] = word("chart unit", language, name, row["unit"]).strip() if name else row["unit"]
        said = f"{row['number']:,.10g}"
        said = said if row["is_rank"] else word("chart unit", language, said, row["axis"])
        row["figure"] = word(f"chart exactness {row['kind']}", language, said)


# Projects on the map


@cache
def region() -> dict[str, Any]:
    """Return the outlines of the region, and the label points of states in them; see ``outlines/README.md``."""
    path = Path(__file__).with_name("outlines") / "region.geojson"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def project_marks(kg: KnowledgeGraph) -> Marks:
    """Return one row for each project and host country of the question ``projects``, with the country's label point where there is one.

    No project has a place of its own here, since the paper gives no coordinates; ``extra["places"]`` holds one row for each country.
    """
    points = {
        feature["properties"]["state"]: feature["properties"]["label_point"]
        for feature in region()["features"]
        if "state" in feature["properties"]
    }
    language = kg.language
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in _records(kg, "projects"):
        one = found.setdefault((_iri(row["country"]), _iri(row["project"])), {"kinds": set(), "graphs": set()})
        one["kinds"].add(_iri(row["kind"]))
        one["graphs"] |= {_iri(row["segment"])} - {""}
    rows: list[Row] = []
    for (country, project), one in found.items():
        graphs = one["graphs"] or _graphs_of(kg, project)
        rows.append(
            {
                "project": kg.labels.label(project),
                "kind": word("join", language).join(sorted(map(kg.labels.label, one["kinds"]))),
                "state": shorten(country) if country else "",
                "country": kg.labels.label(country) if country else word("chart no host", language),
                "point": points.get(shorten(country)) if country else None,
                **_behind(kg, graphs, [project]),
            }
        )
    rows.sort(key=lambda row: (not row["point"], not row["state"], row["country"], row["project"]))
    places = []
    for country in dict.fromkeys(row["country"] for row in rows if row["point"]):
        there = [row for row in rows if row["country"] == country]
        places.append(
            {
                "country": country,
                "longitude": there[0]["point"][0],
                "latitude": there[0]["point"][1],
                "projects": len(there),
                "names": "\n".join(row["project"] for row in there),
                "sentences": "\n".join(dict.fromkeys(line for row in there for line in row["sentences"].split("\n"))),
            }
        )
    notes = [word("chart places", language), word("chart borders", language)]
    return Marks(rows, notes, {"places": places})


def _graphs_of(kg: KnowledgeGraph, iri: str) -> set[str]:
    """Return the segments that speak of a node at all."""
    node = ox.NamedNode(iri)
    quads = [*kg.store.quads_for_pattern(node, None, None, None), *kg.store.quads_for_pattern(None, None, node, None)]
    return {_iri(quad.graph_name) for quad in quads if _iri(quad.graph_name).startswith((BASE + "segment/", BASE + "erratum/"))}
