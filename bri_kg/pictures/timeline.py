"""The timeline: every dated event, document, milestone and measure, its date as the range of days that the printed date allows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ..names import bri, shorten
from ..wording import word
from .marks import INK, SOFT, Marks, Row, behind, called, cut, inline, iri_of, read_date, records, text_marks, tooltips

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["LEFT", "is_stretched", "plot_timeline", "read_date", "timeline_marks"]

_TOOLTIP = {
    "what": "what",
    "kind": "kind",
    "date": "date",
    "phase_name": "phase",
    "actors": "actors",
    "voice": "voice",
    "sentences": "sentences",
}
#: How far the picture reaches to the left of its plot.
LEFT = -370
#: Groups of the timeline, in the order in which they stand, and the classes in each; any other event is an event.
GROUPS = {
    "phases": {"Phase"},
    "events": set[str](),
    "launches": {"Establishment", "Launch", "Transition"},
    "documents": {"Accession", "Adoption", "EntryIntoForce", "Signature"},
    "projects": {"Financing", "Milestone"},
    "measures": {"Measure"},
}
#: Okabe and Ito's colours: before the first phase, in more than one, in each.
_BEFORE, _EITHER, _PHASES = "#767676", "#CC79A7", ("#0072B2", "#D55E00", "#009E73", "#56B4E9")


def timeline_marks(kg: KnowledgeGraph, by: str, actor: str, first: int | None, last: int | None) -> Marks:
    """Return one row for each record and date of the question ``timeline``, by kind of record or by actor.

    A date is a range from the first to the last day on which it can lie; where one of them is unknown, ``start`` or ``end`` is None.
    """
    language = kg.language
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in records(kg, "timeline"):
        key = iri_of(row["record"]), iri_of(row["date"])
        one = found.setdefault(key, {"graphs": set(), "actors": set(), "bounds": (row["earliest"], row["latest"])})
        one["graphs"].add(iri_of(row["segment"]))
        one["actors"] |= {iri_of(row["actor"])} - {""}
    phases = _phase_bounds(kg)
    wanted = kg.lookup.entity(actor) if actor else ""
    rows = []
    for (record, day), one in found.items():
        earliest, latest = (iri_of(bound) for bound in one["bounds"])
        start, end = _year(earliest) if earliest else None, _year(latest, True) if latest else None
        if start is None and end is None:
            continue
        if (wanted and wanted not in one["actors"]) or not _within(start, end, first, last):
            continue
        kind = kg.lookup.kind(record)
        shared = {
            "record": shorten(record),
            "what": called(kg, record),
            "kind": kg.labels.kind(kind),
            "date": read_date(day, language),
            "start": start,
            "end": end,
            "exact": earliest == latest,
            "loose": not (earliest and latest) or any(sign in day for sign in "~?%"),
            "phase": _phase_of(start, end, phases) if kind != "Phase" else "",
            "actors": word("join", language).join(sorted(map(kg.labels.label, one["actors"]))),
            **behind(kg, one["graphs"], [record]),
        }
        if by == "actor" and kind != "Phase":
            names = [kg.labels.label(one) for one in sorted(one["actors"])] or [word("chart no actor", language)]
        else:
            group = next((name for name, kinds in GROUPS.items() if kind in kinds), "events")
            names = [word(f"chart group {group}", language)]
        rows += [
            {**shared, "group": name} for name in names if not wanted or name == kg.labels.label(wanted) or by == "kind"
        ]
    order = _group_order(rows, by, language)
    rows.sort(key=lambda row: (order[row["group"]], row["start"] or row["end"], row["end"] or 9999, row["what"]))
    undated = len({iri_of(row["record"]) for row in _undated(kg)})
    notes = [word("chart ranges", language), word("chart phases", language)]
    years = [year for row in rows for year in (row["start"], row["end"]) if year is not None]
    if years and is_stretched(min(years), max(years)):
        notes.append(word("chart stretched", language))
    if undated:
        notes.append(word("chart undated", language, undated))
    return Marks(rows, notes, [])


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
    for row in records(kg, "phases"):
        node = row["phase"]
        days: dict[str, list[str]] = {"earliest": [], "latest": []}
        for name, kept in days.items():
            for quad in kg.store.quads_for_pattern(node, ox.NamedNode(bri(name)), None, row["segment"]):
                kept.append(iri_of(quad.object))
        start = _year(min(days["earliest"])) if days["earliest"] else 0.0
        found.setdefault(iri_of(node), []).append(
            (start, _year(max(days["latest"]), True) if days["latest"] else 9999.0)
        )
    widest = [(iri, min(a for a, _ in spans), max(b for _, b in spans)) for iri, spans in found.items()]
    return [(kg.labels.label(iri), start, end) for iri, start, end in sorted(widest, key=lambda one: one[1:])]


def _phase_of(start: float | None, end: float | None, phases: list[tuple[str, float, float]]) -> str:
    """Return the phase that a range lies in, ``<`` where it lies before all of them, ``?`` where it may lie in more than one of these."""
    start, end = start if start is not None else -9999.0, end if end is not None else 9999.0
    names = [name for name, first, last in phases if start < last and end > first]
    if start < min((first for _, first, _ in phases), default=9999.0):
        names.append("<")
    return names[0] if len(names) == 1 else "?"


def _group_order(rows: list[Row], by: str, language: str) -> dict[str, int]:
    if by == "kind":
        return {word(f"chart group {name}", language): place for place, name in enumerate(GROUPS)}
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["group"]] = counts.get(row["group"], 0) + 1
    first, final = word("chart group phases", language), word("chart no actor", language)
    ranked = sorted(counts, key=lambda name: (name != first, name == final, -counts[name], name))
    return {name: place for place, name in enumerate(ranked)}


def _year(day: str, end: bool = False) -> float:
    """Return a day as a number of years, its end with ``end``: no time zone has a part in it."""
    found = date.fromisoformat(day)
    if end:
        found += timedelta(days=1)
    start = date(found.year, 1, 1)
    return round(found.year + (found - start).days / (date(found.year + 1, 1, 1) - start).days, 4)


def plot_timeline(marks: Marks, language: str) -> Any:
    """Draw one line a record: a bar from the first to the last day it can have happened, a diamond where the day is known."""
    import altair as alt

    step, width = 17, 640
    rows: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    place = 0.0
    for row in marks.rows:
        if not heads or heads[-1]["group"] != row["group"]:
            heads.append({"group": row["group"], "y": (place + 1) * step})
            place += 1.7
        rows.append({**row, "row": len(rows), "y": place * step + step / 2})
        place += 1
    height = place * step + 6
    first = min(row["start"] if row["start"] is not None else row["end"] for row in rows)
    last = max(row["end"] if row["end"] is not None else row["start"] for row in rows)
    low, high = int(first), int(-(-last // 1))
    domain, span = _stretched(low, high, width)
    phases = _phases(rows, language)
    for row in rows:
        row["left"] = row["start"] if row["start"] is not None else low
        row["right"] = row["end"] if row["end"] is not None else high
        row["label"] = cut(row["what"], 60)
        row["phase_name"] = _phase_name(row["phase"], language)
        row["edge"] = "◀" if row["start"] is None else "▶" if row["end"] is None else ""
        row["tip"] = row["left"] if row["start"] is None else row["right"]
        row["middle"] = (row["left"] + row["right"]) / 2
    x = alt.Scale(domain=domain, range=span, nice=False, zero=False)
    years = [year for year in range(low, high + 1) if year >= domain[-2] or year % 10 == 0]
    axis = alt.Axis(
        values=years,
        format="d",
        title=None,
        grid=True,
        gridColor="#eaeef2",
        labelFlush=False,
        labelOverlap=True,
        orient="top",
        tickSize=4,
    )
    y = alt.Y(
        field="y", type="quantitative", scale=alt.Scale(domain=[0, height], range=[0, height], nice=False), axis=None
    )
    shades = alt.Scale(domain=[name for name, _ in phases], range=[colour for _, colour in phases])
    legend = alt.Legend(
        title=word("chart column phase", language),
        orient="top",
        symbolType="square",
        columns=3,
        titleOrient="left",
        labelLimit=400,
    )
    colour, stroke = (
        channel(field="phase_name", type="nominal", scale=shades, legend=legend) for channel in (alt.Color, alt.Stroke)
    )
    tooltip = tooltips(_TOOLTIP, language)
    base = alt.Chart(inline(rows))
    lines = base.mark_rule(color="#f0f2f4").encode(x=alt.value(0), x2=alt.value(width), y=y)
    bars = (
        base.transform_filter("!datum.exact")
        .mark_bar(height=9, strokeWidth=1.4)
        .encode(
            x=alt.X(field="left", type="quantitative", scale=x, axis=axis),
            x2=alt.X2(field="right"),
            y=y,
            color=colour,
            stroke=stroke,
            opacity=alt.condition("datum.loose", alt.value(0.45), alt.value(1)),
            tooltip=tooltip,
        )
    )
    days = (
        base.transform_filter("datum.exact")
        .mark_point(shape="diamond", filled=True, size=75, opacity=1)
        .encode(x=alt.X(field="middle", type="quantitative", scale=x, axis=axis), y=y, color=colour, tooltip=tooltip)
    )
    edges = base.mark_text(fontSize=9, baseline="middle").encode(
        x=alt.X(field="tip", type="quantitative", scale=x, axis=axis),
        y=y,
        text=alt.Text(field="edge", type="nominal"),
        color=colour,
        tooltip=tooltip,
    )
    labels = base.mark_text(align="right", baseline="middle", fontSize=11, color=INK).encode(
        x=alt.value(-8), y=y, text=alt.Text(field="label", type="nominal"), tooltip=tooltip
    )
    dates = base.mark_text(align="left", baseline="middle", fontSize=9.5, color=SOFT).encode(
        x=alt.value(width + 10), y=y, text=alt.Text(field="date", type="nominal")
    )
    headings = text_marks(heads, "group", align="left", baseline="middle", fontSize=12, fontWeight="bold").encode(
        x=alt.value(LEFT), y=y
    )
    return alt.layer(lines, bars, days, edges, labels, dates, headings).properties(width=width, height=height)


def _stretched(low: int, high: int, width: int) -> tuple[list[int], list[float]]:
    """Return domain and range of the years: those before 2010 share a quarter of the width where they would take more."""
    if is_stretched(low, high):
        return [low, 2010, high], [0, round(width * 0.24), width]
    return [low, high], [0, width]


def _phases(rows: list[dict[str, Any]], language: str) -> list[tuple[str, str]]:
    """Return what the phases of the rows are called, in the order of time, with their colours."""
    seen = {
        row["phase"]: min(other["start"] or other["end"] for other in rows if other["phase"] == row["phase"])
        for row in rows
    }
    single = sorted(seen.keys() - {"<", "?", ""}, key=lambda phase: (seen[phase], phase))
    colours = {
        "<": _BEFORE,
        **{phase: _PHASES[place % len(_PHASES)] for place, phase in enumerate(single)},
        "?": _EITHER,
        "": "#333333",
    }
    return [(_phase_name(phase, language), colour) for phase, colour in colours.items() if phase in seen]


def _phase_name(phase: str, language: str) -> str:
    keys = {"": "chart group phases", "<": "chart before phases", "?": "chart either phase"}
    # Vega stumbles over a scale or legend with a name that every JavaScript object has, such as "constructor"; none has a space
    return word(keys[phase], language) if phase in keys else f"{phase} "
