"""The figures: trade, finance and other numbers, a panel for each measure in its unit or currency, with how exact each number is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ..names import bri, concept, shorten
from ..wording import word
from .marks import INK, Marks, Row, behind, called, cut, inline, iri_of, read_date, records, tooltips

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["MEASURES_OF_TOPIC", "figure_marks", "plot_figures"]

_TOOLTIP = {
    "what": "what",
    "measure": "measure",
    "figure": "figure",
    "axis": "unit",
    "voice": "voice",
    "sentences": "sentences",
}
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
_EXACTNESS_COLOURS = {
    "exact": "#0072B2",
    "more-than": "#E69F00",
    "at-least": "#E69F00",
    "less-than": "#CC79A7",
    "approximate": "#56B4E9",
    "order-of-magnitude": "#ffffff",
    "derived": "#009E73",
}


def figure_marks(kg: KnowledgeGraph, topic: str) -> Marks:
    """Return one row for each figure of the question ``figures-in-full``; ``panel`` is its measure in its unit or currency.

    Figures of two panels share no axis: not two units, not two currencies, not two stages such as announced and approved.
    """
    language = kg.language
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in records(kg, "figures-in-full"):
        key = tuple(iri_of(row[name]) for name in ("statistic", "measure", "value", "unit", "bound", "date"))
        one = found.setdefault(key, {"graphs": set(), "about": set(), "actor": set(), "derived": False})
        one["graphs"].add(iri_of(row["segment"]))
        one["about"] |= {iri_of(row["about"])} - {""}
        one["actor"] |= {iri_of(row["actor"])} - {""}
        one["derived"] |= iri_of(row["derived"]) in ("true", "1")
    currencies = _currencies(kg)
    rows = []
    for (statistic, measure, value, unit, bound, day), one in found.items():
        name = measure.removeprefix(concept(""))
        in_money = unit in currencies
        of_topic = next(
            (one for one, names in MEASURES_OF_TOPIC.items() if name in names), "finance" if in_money else "other"
        )
        if topic not in ("all", of_topic) and not (topic == "economy" and of_topic != "other"):
            continue
        about = {iri for iri in one["about"] if "Record" not in kg.lookup.kinds(iri)} or one["about"]
        parts = [word("join", language).join(sorted(called(kg, iri) for iri in about | one["actor"]))]
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
                "kind": "derived" if one["derived"] else exactness if exactness in _EXACTNESS_COLOURS else "exact",
                "bound": kg.labels.label(bound) if bound else "",
                "is_rank": unit == concept("rank"),
                "order": (
                    list(MEASURES_OF_TOPIC).index(of_topic) if of_topic in MEASURES_OF_TOPIC else 9,
                    *_place(name),
                ),
                **behind(kg, one["graphs"], [statistic]),
            }
        )
    for panel in {row["panel"] for row in rows}:
        _scale([row for row in rows if row["panel"] == panel], language)
    rows.sort(key=lambda row: (row.pop("order"), row["panel"], -row["value"], row["what"]))
    notes = [word("chart axes", language)]
    if topic != "all":
        notes.append(word("chart other figures", language))
    return Marks(rows, notes, [])


def _place(measure: str) -> tuple[int, str]:
    names = [name for listed in MEASURES_OF_TOPIC.values() for name in listed]
    return (names.index(measure) if measure in names else len(names), measure)


def _currencies(kg: KnowledgeGraph) -> set[str]:
    quads = kg.store.quads_for_pattern(None, ox.NamedNode(bri("currency")), None, ox.DefaultGraph())
    return {iri_of(quad.object) for quad in quads}


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


def plot_figures(marks: Marks, language: str) -> Any:
    """Draw a panel for each measure, headed by its unit, with an axis of its own that starts at nought; ranks, which have no length, as points."""
    import altair as alt

    width, step = 620, 42
    kinds = [kind for kind in _EXACTNESS_COLOURS if any(row["kind"] == kind for row in marks.rows)]
    names = {kind: word(f"chart kind {kind}", language) for kind in kinds}
    panels = []
    for panel in dict.fromkeys(row["panel"] for row in marks.rows):
        rows = [
            {**row, "row": number, "exactness": names[row["kind"]]}
            for number, row in enumerate(marks.rows)
            if row["panel"] == panel
        ]
        for place, row in enumerate(rows):
            row |= {"y": place * step + 29, "above": place * step + 12, "zero": 0, "label": cut(row["what"], 100)}
            row["arrow"] = {"more-than": "▶", "at-least": "▶", "less-than": "◀"}.get(row["kind"], "")
        most = max(row["number"] for row in rows)
        height = len(rows) * step
        x = alt.Scale(domain=[0, most * 1.28 or 1], range=[0, width], nice=False)
        ticks: dict[str, Any] = (
            {"values": sorted({row["number"] for row in rows}), "format": "d", "grid": False}
            if rows[0]["is_rank"]
            else {"tickCount": 6}
        )
        axis = alt.Axis(title=None, gridColor="#eaeef2", **ticks)
        y = alt.Scale(domain=[0, height], range=[0, height], nice=False)

        def down(field: str, scale: Any = y) -> Any:
            return alt.Y(field=field, type="quantitative", scale=scale, axis=None)

        tooltip = tooltips(_TOOLTIP, language)
        colour = alt.Color(
            field="exactness",
            type="nominal",
            scale=alt.Scale(domain=list(names.values()), range=[_EXACTNESS_COLOURS[kind] for kind in kinds]),
            legend=alt.Legend(
                title=word("chart column exactness", language),
                orient="top",
                symbolType="square",
                symbolStrokeColor="#57606a",
                symbolStrokeWidth=1,
                symbolSize=120,
                labelLimit=300,
                columns=4,
            ),
        )
        across = alt.X(field="number", type="quantitative", scale=x, axis=axis)
        base = alt.Chart(inline(rows))
        if rows[0]["is_rank"]:
            shapes = [
                base.mark_point(filled=True, size=110, opacity=1, stroke="#57606a", strokeWidth=0.5).encode(
                    x=across, y=down("y"), color=colour, tooltip=tooltip
                )
            ]
        else:
            rough = "datum.kind == 'order-of-magnitude'"
            bar = {"x": across, "x2": alt.X2(field="zero"), "y": down("y"), "color": colour, "tooltip": tooltip}
            shapes = [
                base.transform_filter(f"!({rough})").mark_bar(height=13).encode(**bar),
                base.transform_filter(rough)
                .mark_bar(height=13, stroke="#57606a", strokeDash=[4, 3], strokeWidth=1.2)
                .encode(**bar),
                base.mark_text(fontSize=13, baseline="middle", align="left", dx=-2).encode(
                    x=across, y=down("y"), text=alt.Text(field="arrow", type="nominal"), color=colour
                ),
            ]
        figures = base.mark_text(
            align="left", baseline="middle", dx=14, fontSize=11, fontWeight="bold", color=INK
        ).encode(x=across, y=down("y"), text=alt.Text(field="figure", type="nominal"), tooltip=tooltip)
        labels = base.mark_text(align="left", baseline="middle", fontSize=11, color=INK).encode(
            x=alt.value(2), y=down("above"), text=alt.Text(field="label", type="nominal"), tooltip=tooltip
        )
        title = alt.TitleParams(
            cut(
                word("chart panel", language, rows[0]["measure"][:1].upper() + rows[0]["measure"][1:], rows[0]["axis"]),
                100,
            ),
            anchor="start",
            fontSize=12.5,
            color=INK,
            offset=6,
        )
        panels.append(alt.layer(*shapes, figures, labels).properties(width=width, height=height, title=title))
    return alt.vconcat(*panels, spacing=14).resolve_scale(x="independent", y="independent", color="shared")
