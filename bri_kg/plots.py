"""How the charts look: rows of :mod:`bri_kg.marks` as Altair charts. Colours are told apart by the colour-blind, and words repeat them.

Everything that comes from the graph enters as inline data or as plain text; no expression is built from it.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from .marks import STANCES, Marks, is_stretched, region
from .wording import word

if TYPE_CHECKING:
    import altair

__all__ = ["LEFT", "TOOLTIPS", "plot_attitudes", "plot_figures", "plot_projects", "plot_timeline", "wrapped"]

_INK, _SOFT = "#1b1f24", "#57606a"
#: How far a chart reaches to the left of its plot.
LEFT = {"attitudes": -190, "timeline": -370}
#: Fields of a row that a tooltip tells, and the keys of their headings.
TOOLTIPS = {
    "timeline": {"what": "what", "kind": "kind", "date": "date", "phase_name": "phase", "actors": "actors", "voice": "voice", "sentences": "sentences"},
    "attitudes": {"holder": "holder", "undertaking": "undertaking", "attitude": "attitude", "voice": "voice", "sentences": "sentences"},
    "figures": {"what": "what", "measure": "measure", "figure": "figure", "axis": "unit", "voice": "voice", "sentences": "sentences"},
    "projects": {"country": "country", "names": "projects", "sentences": "sentences"},
}
#: Okabe and Ito's colours: before the first phase, in more than one, in each.
_BEFORE, _EITHER, _PHASES = "#767676", "#CC79A7", ("#0072B2", "#D55E00", "#009E73", "#56B4E9")
_STANCE_COLOURS = {
    "support": "#7fb8de",
    "talking": "#cfe4f3",
    "attention": "#ded3ee",
    "waiting": "#fbe3ae",
    "no mention": "#dcdfe3",
    "doubt": "#f6bd8b",
    "against": "#e58a56",
    "several": "#c3d6b6",
    "other": "#f3efc2",
    "silent": "#ffffff",
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


def wrapped(text: str, width: int, most: int = 0) -> str:
    """Return ``text`` in lines of at most ``width`` columns, Chinese signs counted twice; at most ``most`` lines, the last then ending in "…"."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and _columns(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        while _columns(piece) > width:
            cut = next(n for n in range(len(piece), 0, -1) if _columns(piece[:n]) <= width or n == 1)
            lines.append(piece[:cut])
            piece = piece[cut:]
        line += piece
    lines = [one for one in [*lines, line.rstrip()] if one]
    if most and len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][: width - 1].rstrip() + "…"]
    return "\n".join(lines)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _pieces(text: str) -> list[str]:
    """Cut after spaces, and around each Chinese sign."""
    pieces = [""]
    for sign in " ".join(text.split()):
        if unicodedata.east_asian_width(sign) in "WF":
            pieces += [sign, ""]
        elif sign == " ":
            pieces[-1] += sign
            pieces.append("")
        else:
            pieces[-1] += sign
    return [piece for piece in pieces if piece]


def _cut(text: str, width: int) -> str:
    return wrapped(text, width, 1)


def _data(rows: list[dict[str, Any]]) -> Any:
    import altair as alt

    kept = [{key: value for key, value in row.items() if key not in ("segments", "pages", "point")} for row in rows]
    return alt.Data(values=kept)


def _tooltip(name: str, language: str) -> list[altair.Tooltip]:
    import altair as alt

    return [
        alt.Tooltip(field=field, type="nominal", title=word(f"chart column {key}", language))
        for field, key in TOOLTIPS[name].items()
    ]


def _text(rows: list[dict[str, Any]], field: str, **look: Any) -> altair.Chart:
    import altair as alt

    return alt.Chart(_data(rows)).mark_text(**{"fontSize": 11, "color": _INK, "lineBreak": "\n", **look}).encode(
        text=alt.Text(field=field, type="nominal")
    )


# Timeline


def plot_timeline(marks: Marks, language: str) -> altair.LayerChart:
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
        row["label"] = _cut(row["what"], 60)
        row["phase_name"] = _phase_name(row["phase"], language)
        row["edge"] = "◀" if row["start"] is None else "▶" if row["end"] is None else ""
        row["tip"] = row["left"] if row["start"] is None else row["right"]
        row["middle"] = (row["left"] + row["right"]) / 2
    x = alt.Scale(domain=domain, range=span, nice=False, zero=False)
    years = [year for year in range(low, high + 1) if year >= domain[-2] or year % 10 == 0]
    axis = alt.Axis(values=years, format="d", title=None, grid=True, gridColor="#eaeef2", labelFlush=False, labelOverlap=True, orient="top", tickSize=4)
    y = alt.Y(field="y", type="quantitative", scale=alt.Scale(domain=[0, height], range=[0, height], nice=False), axis=None)
    shades = alt.Scale(domain=[name for name, _ in phases], range=[colour for _, colour in phases])
    colour = alt.Color(
        field="phase_name",
        type="nominal",
        scale=shades,
        legend=alt.Legend(title=word("chart column phase", language), orient="top", symbolType="square", columns=0, titleOrient="left", labelLimit=400),
    )
    stroke = alt.Stroke(field="phase_name", type="nominal", scale=shades, legend=None)
    tooltip = _tooltip("timeline", language)
    base = alt.Chart(_data(rows))
    lines = base.mark_rule(color="#f0f2f4").encode(x=alt.value(0), x2=alt.value(width), y=y)
    bars = base.transform_filter("!datum.exact").mark_bar(height=9, strokeWidth=1.4).encode(
        x=alt.X(field="left", type="quantitative", scale=x, axis=axis), x2=alt.X2(field="right"), y=y, color=colour, stroke=stroke, opacity=alt.condition("datum.edge == ''", alt.value(1), alt.value(0.45)), tooltip=tooltip
    )
    days = base.transform_filter("datum.exact").mark_point(shape="diamond", filled=True, size=75, opacity=1).encode(
        x=alt.X(field="middle", type="quantitative", scale=x, axis=axis), y=y, color=colour, tooltip=tooltip
    )
    edges = base.mark_text(fontSize=9, baseline="middle").encode(
        x=alt.X(field="tip", type="quantitative", scale=x, axis=axis), y=y, text=alt.Text(field="edge", type="nominal"), color=colour, tooltip=tooltip
    )
    labels = base.mark_text(align="right", baseline="middle", fontSize=11, color=_INK).encode(
        x=alt.value(-8), y=y, text=alt.Text(field="label", type="nominal"), tooltip=tooltip
    )
    dates = base.mark_text(align="left", baseline="middle", fontSize=9.5, color=_SOFT).encode(
        x=alt.value(width + 10), y=y, text=alt.Text(field="date", type="nominal")
    )
    headings = _text(heads, "group", align="left", baseline="middle", fontSize=12, fontWeight="bold").encode(
        x=alt.value(LEFT["timeline"]), y=y
    )
    return alt.layer(lines, bars, days, edges, labels, dates, headings).properties(width=width, height=height)


def _stretched(low: int, high: int, width: int) -> tuple[list[int], list[float]]:
    """Return domain and range of the years: those before 2010 share a quarter of the width where they would take more."""
    if is_stretched(low, high):
        return [low, 2010, high], [0, round(width * 0.24), width]
    return [low, high], [0, width]


def _phases(rows: list[dict[str, Any]], language: str) -> list[tuple[str, str]]:
    """Return what the phases of the rows are called, in the order of time, with their colours."""
    seen = {row["phase"]: min(other["start"] or other["end"] for other in rows if other["phase"] == row["phase"]) for row in rows}
    single = sorted(seen.keys() - {"<", "?", ""}, key=lambda phase: (seen[phase], phase))
    colours = {"<": _BEFORE, **{phase: _PHASES[place % len(_PHASES)] for place, phase in enumerate(single)}, "?": _EITHER, "": "#333333"}
    return [(_phase_name(phase, language), colour) for phase, colour in colours.items() if phase in seen]


def _phase_name(phase: str, language: str) -> str:
    keys = {"": "chart group phases", "<": "chart before phases", "?": "chart either phase"}
    return word(keys[phase], language) if phase in keys else phase


# Attitudes


def plot_attitudes(marks: Marks, language: str) -> altair.LayerChart:
    """Draw a cell for each holder and undertaking, with the attitude in words; a white cell is one of which the paper says nothing."""
    import altair as alt

    wide, high = 118, 54
    holders = list(dict.fromkeys(row["holder"] for row in marks.rows))
    columns = list(dict.fromkeys(row["undertaking"] for row in marks.rows))
    rows = []
    for number, row in enumerate(marks.rows):
        x, y = columns.index(row["undertaking"]) * wide, holders.index(row["holder"]) * high
        name = word(f"chart stance {row['stance']}", language)
        rows.append(
            {**row, "row": number, "x": x, "y": y, "x2": x + wide, "y2": y + high, "cx": x + wide / 2, "direction": name}
            | _centred(wrapped(row["attitude"], 20, 4), y + high / 2, 12)
        )
    heads = [{"name": wrapped(name, 18, 5), "cx": n * wide + wide / 2} for n, name in enumerate(columns)]
    sides = [_centred(wrapped(name, 30, 3), n * high + high / 2, 13) for n, name in enumerate(holders)]
    width, height = wide * len(columns), high * len(holders)
    stances = [stance for stance in [*STANCES, "several", "other", "silent"] if any(row["stance"] == stance for row in rows)]
    across = alt.Scale(domain=[0, width], range=[0, width], nice=False)
    down = alt.Scale(domain=[0, height], range=[0, height], nice=False)

    def at(channel: Any, field: str, scale: Any) -> Any:
        return channel(field=field, type="quantitative", scale=scale, axis=None)

    tooltip = _tooltip("attitudes", language)
    base = alt.Chart(_data(rows))
    cells = base.mark_rect(stroke="#b6bec6", strokeWidth=1).encode(
        x=at(alt.X, "x", across),
        x2=alt.X2(field="x2"),
        y=at(alt.Y, "y", down),
        y2=alt.Y2(field="y2"),
        color=alt.Color(
            field="direction",
            type="nominal",
            scale=alt.Scale(domain=[word(f"chart stance {one}", language) for one in stances], range=[_STANCE_COLOURS[one] for one in stances]),
            legend=alt.Legend(title=word("chart column attitude", language), orient="top", symbolType="square", symbolSize=160, symbolStrokeColor="#b6bec6", symbolStrokeWidth=1, columns=4, labelLimit=320, direction="horizontal"),
        ),
        tooltip=tooltip,
    )
    said = base.mark_text(fontSize=10.5, lineHeight=12, lineBreak="\n", baseline="middle").encode(
        x=at(alt.X, "cx", across),
        y=at(alt.Y, "top", down),
        text=alt.Text(field="text", type="nominal"),
        color=alt.condition("datum.stance == 'silent'", alt.value("#6e7781"), alt.value(_INK)),
        tooltip=tooltip,
    )
    over = _text(heads, "name", baseline="line-bottom", fontWeight="bold", lineHeight=13).encode(x=at(alt.X, "cx", across), y=alt.value(-8 - 13 * (max(one["name"].count("\n") for one in heads))))
    beside = _text(sides, "text", align="right", baseline="middle", lineHeight=13).encode(x=alt.value(-10), y=at(alt.Y, "top", down))
    layers = [cells, said, over, beside]
    edge = sum(1 for holder in holders if any(row["holder"] == holder and row["member"] for row in rows))
    if 0 < edge < len(holders):
        layers.append(alt.Chart(_data([{"cy": edge * high}])).mark_rule(color=_INK, strokeWidth=1.5).encode(x=alt.value(LEFT["attitudes"]), x2=alt.value(width), y=at(alt.Y, "cy", down)))
    return alt.layer(*layers).properties(width=width, height=height)


def _centred(text: str, middle: float, line: float) -> dict[str, Any]:
    """Return ``text`` with the height of its first line that puts its lines around ``middle``."""
    return {"text": text, "top": middle - text.count("\n") * line / 2}


# Figures


def plot_figures(marks: Marks, language: str) -> altair.VConcatChart:
    """Draw a panel for each measure in its unit, with an axis of its own that starts at nought; ranks, which have no length, as points."""
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
            row |= {"y": place * step + 29, "above": place * step + 12, "zero": 0, "label": _cut(row["what"], 100)}
            row["arrow"] = {"more-than": "▶", "at-least": "▶", "less-than": "◀"}.get(row["kind"], "")
        most = max(row["number"] for row in rows)
        height = len(rows) * step
        x = alt.Scale(domain=[0, most * 1.28 or 1], range=[0, width], nice=False)
        axis = alt.Axis(title=rows[0]["axis"], titleAnchor="start", tickCount=6, gridColor="#eaeef2", titleFontWeight="normal")
        if rows[0]["is_rank"]:
            axis = alt.Axis(title=rows[0]["axis"], titleAnchor="start", values=[1], format="d", grid=False, titleFontWeight="normal")
        y = alt.Scale(domain=[0, height], range=[0, height], nice=False)

        def down(field: str, scale: Any = y) -> Any:
            return alt.Y(field=field, type="quantitative", scale=scale, axis=None)

        tooltip = _tooltip("figures", language)
        colour = alt.Color(
            field="exactness",
            type="nominal",
            scale=alt.Scale(domain=list(names.values()), range=[_EXACTNESS_COLOURS[kind] for kind in kinds]),
            legend=alt.Legend(title=word("chart column exactness", language), orient="top", symbolType="square", symbolStrokeColor="#57606a", symbolStrokeWidth=1, symbolSize=120, labelLimit=300, columns=4),
        )
        across = alt.X(field="number", type="quantitative", scale=x, axis=axis)
        base = alt.Chart(_data(rows))
        if rows[0]["is_rank"]:
            shapes = [base.mark_point(filled=True, size=110, opacity=1, stroke="#57606a", strokeWidth=0.5).encode(x=across, y=down("y"), color=colour, tooltip=tooltip)]
        else:
            rough = "datum.kind == 'order-of-magnitude'"
            bar = {"x": across, "x2": alt.X2(field="zero"), "y": down("y"), "color": colour, "tooltip": tooltip}
            shapes = [
                base.transform_filter(f"!({rough})").mark_bar(height=13).encode(**bar),
                base.transform_filter(rough).mark_bar(height=13, stroke="#57606a", strokeDash=[4, 3], strokeWidth=1.2).encode(**bar),
                base.mark_text(fontSize=13, baseline="middle", align="left", dx=-2).encode(x=across, y=down("y"), text=alt.Text(field="arrow", type="nominal"), color=colour),
            ]
        figures = base.mark_text(align="left", baseline="middle", dx=14, fontSize=11, fontWeight="bold", color=_INK).encode(
            x=across, y=down("y"), text=alt.Text(field="figure", type="nominal"), tooltip=tooltip
        )
        labels = base.mark_text(align="left", baseline="middle", fontSize=11, color=_INK).encode(
            x=alt.value(2), y=down("above"), text=alt.Text(field="label", type="nominal"), tooltip=tooltip
        )
        title = alt.TitleParams(_cut(rows[0]["measure"][:1].upper() + rows[0]["measure"][1:], 80), anchor="start", fontSize=12.5, color=_INK, offset=6)
        panels.append(alt.layer(*shapes, figures, labels).properties(width=width, height=height, title=title))
    return alt.vconcat(*panels, spacing=14).resolve_scale(x="independent", y="independent", color="shared")


# Projects


def plot_projects(marks: Marks, language: str) -> altair.HConcatChart:
    """Draw the lands alike, a numbered symbol at the label point of each host country, and beside the map the projects by country."""
    import altair as alt

    width, height, scale = 600, 500, 665
    projection = alt.Projection(type="mercator", scale=scale, center=[116.3, 9.2], translate=[width / 2, height / 2])
    shapes = [{"type": "Feature", "properties": {}, "geometry": feature["geometry"]} for feature in region()["features"]]
    land = alt.Chart(alt.Data(values=shapes)).mark_geoshape(fill="#e9edf0", stroke="#aeb7bf", strokeWidth=0.6, clip=True)
    places = [{**place, "row": -1, "count": str(place["projects"])} for place in marks.extra["places"]]
    tooltip = _tooltip("projects", language)
    base = alt.Chart(_data(places)).encode(
        longitude=alt.Longitude(field="longitude", type="quantitative"), latitude=alt.Latitude(field="latitude", type="quantitative")
    )
    most = max((place["projects"] for place in places), default=1)
    dots = base.mark_circle(color="#D55E00", opacity=1, stroke="#ffffff", strokeWidth=1).encode(
        size=alt.Size(
            field="projects",
            type="quantitative",
            scale=alt.Scale(domain=[0, most], range=[0, 150 * most]),
            legend=alt.Legend(title=word("chart number of projects", language), values=sorted({1, most}), format="d", orient="none", legendX=10, legendY=height - 92, symbolFillColor="#D55E00", symbolStrokeColor="#ffffff", fillColor="#ffffffdd", padding=6),
        ),
        tooltip=tooltip,
    )
    numbers = base.mark_text(color="#ffffff", fontWeight="bold", fontSize=11, baseline="middle").encode(text=alt.Text(field="count", type="nominal"), tooltip=tooltip)
    halo, names = (
        base.mark_text(align="left", baseline="middle", dx=17, fontSize=12, fontWeight="bold", **look).encode(text=alt.Text(field="country", type="nominal"))
        for look in ({"stroke": "#ffffff", "strokeWidth": 3, "strokeJoin": "round", "color": "#ffffff"}, {"color": _INK})
    )
    picture = alt.layer(land, dots, halo, numbers, names).properties(width=width, height=height, projection=projection)
    lines: list[dict[str, Any]] = []
    for number, row in enumerate(marks.rows):
        if not lines or lines[-1]["country"] != row["country"]:
            offset = 0 if not lines else lines[-1]["y"] + 21
            lines.append({"country": row["country"], "names": "", "sentences": "", "text": row["country"], "y": offset, "head": True, "row": -1})
        lines.append({**row, "names": f"{row['project']} ({row['kind']})", "text": _cut(f"{row['project']} ({row['kind']})", 96), "y": lines[-1]["y"] + 14, "head": False, "row": number})
    down = alt.Scale(domain=[0, height], range=[0, height], nice=False)

    def column(head: bool, **look: Any) -> Any:
        return (
            alt.Chart(_data([one for one in lines if one["head"] == head]))
            .mark_text(align="left", baseline="top", color=_INK, **look)
            .encode(
                x=alt.value(0 if head else 8),
                y=alt.Y(field="y", type="quantitative", scale=down, axis=None),
                text=alt.Text(field="text", type="nominal"),
                **({} if head else {"tooltip": tooltip}),
            )
        )

    beside = alt.layer(column(True, fontSize=11.5, fontWeight="bold"), column(False, fontSize=10.5)).properties(width=470, height=height, view=alt.ViewConfig(stroke=None))
    return alt.hconcat(picture, beside, spacing=18)
