"""The matrix of attitudes: who takes which attitude to what, in the words of the graph, and where the paper is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ..names import BASE, bri, concept
from ..wording import word
from .marks import INK, Marks, Row, behind, inline, iri_of, records, text_marks, tooltips, wrapped

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["LEFT", "STANCES", "attitude_marks", "plot_attitudes"]

_TOOLTIP = {
    "holder": "holder",
    "undertaking": "undertaking",
    "attitude": "attitude",
    "voice": "voice",
    "sentences": "sentences",
}
#: How far the picture reaches to the left of its plot.
LEFT = -190
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


def attitude_marks(kg: KnowledgeGraph, holders: str) -> Marks:
    """Return one row for each holder and undertaking: the attitudes that the question ``network-positions`` finds, or silence.

    With ``holders`` as ``states``, the member states of ASEAN and every other state whose attitude the paper tells; else everybody.
    """
    language = kg.language
    cells: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in records(kg, "network-positions"):
        cell = cells.setdefault((iri_of(row["source"]), iri_of(row["target"])), {})
        cell.setdefault(iri_of(row["relation"]), set()).add(iri_of(row["segment"]))
    asean = BASE + "organisation/asean"
    members = (
        {iri_of(row["member"]) for row in records(kg, "members-of", whole=ox.NamedNode(asean))}
        if kg.lookup.exists(asean)
        else set()
    )
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
                    **behind(kg, graphs, _positions(kg, holder, undertaking)),
                }
            )
    for row in rows:
        if row["stance"] == "silent":
            row["voice"], row["sentences"] = "", word("chart stance silent", language)
    return Marks(rows, [word("chart lumped", language), word("chart silence", language)], [])


def _column_order(kg: KnowledgeGraph, iri: str, cells: dict[tuple[str, str], dict[str, set[str]]]) -> tuple[Any, ...]:
    told = sum(1 for _, undertaking in cells if undertaking == iri)
    return ("Initiative" not in kg.lookup.kinds(iri), -told, kg.labels.label(iri))


def _positions(kg: KnowledgeGraph, holder: str, undertaking: str) -> set[str]:
    """Return the records of what ``holder`` thinks of ``undertaking``."""
    held, meant = (
        {
            iri_of(quad.subject)
            for quad in kg.store.quads_for_pattern(None, ox.NamedNode(bri(name)), ox.NamedNode(iri), ox.DefaultGraph())
        }
        for name, iri in (("holder", holder), ("towards", undertaking))
    )
    return held & meant


def plot_attitudes(marks: Marks, language: str) -> Any:
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
            {
                **row,
                "row": number,
                "x": x,
                "y": y,
                "x2": x + wide,
                "y2": y + high,
                "cx": x + wide / 2,
                "direction": name,
            }
            | _centred(wrapped(row["attitude"], 20, 4), y + high / 2, 12)
        )
    heads: list[Row] = [{"name": wrapped(name, 18, 5), "cx": n * wide + wide / 2} for n, name in enumerate(columns)]
    sides = [_centred(wrapped(name, 30, 3), n * high + high / 2, 13) for n, name in enumerate(holders)]
    width, height = wide * len(columns), high * len(holders)
    stances = [
        stance for stance in [*STANCES, "several", "other", "silent"] if any(row["stance"] == stance for row in rows)
    ]
    across = alt.Scale(domain=[0, width], range=[0, width], nice=False)
    down = alt.Scale(domain=[0, height], range=[0, height], nice=False)

    def at(channel: Any, field: str, scale: Any) -> Any:
        return channel(field=field, type="quantitative", scale=scale, axis=None)

    tooltip = tooltips(_TOOLTIP, language)
    base = alt.Chart(inline(rows))
    cells = base.mark_rect(stroke="#b6bec6", strokeWidth=1).encode(
        x=at(alt.X, "x", across),
        x2=alt.X2(field="x2"),
        y=at(alt.Y, "y", down),
        y2=alt.Y2(field="y2"),
        color=alt.Color(
            field="direction",
            type="nominal",
            scale=alt.Scale(
                domain=[word(f"chart stance {one}", language) for one in stances],
                range=[_STANCE_COLOURS[one] for one in stances],
            ),
            legend=alt.Legend(
                title=word("chart column attitude", language),
                orient="top",
                symbolType="square",
                symbolSize=160,
                symbolStrokeColor="#b6bec6",
                symbolStrokeWidth=1,
                columns=4,
                labelLimit=320,
                direction="horizontal",
            ),
        ),
        tooltip=tooltip,
    )
    said = base.mark_text(fontSize=10.5, lineHeight=12, lineBreak="\n", baseline="middle").encode(
        x=at(alt.X, "cx", across),
        y=at(alt.Y, "top", down),
        text=alt.Text(field="text", type="nominal"),
        color=alt.condition("datum.stance == 'silent'", alt.value("#6e7781"), alt.value(INK)),
        tooltip=tooltip,
    )
    over = text_marks(heads, "name", baseline="line-bottom", fontWeight="bold", lineHeight=13).encode(
        x=at(alt.X, "cx", across), y=alt.value(-8 - 13 * (max(one["name"].count("\n") for one in heads)))
    )
    beside = text_marks(sides, "text", align="right", baseline="middle", lineHeight=13).encode(
        x=alt.value(-10), y=at(alt.Y, "top", down)
    )
    layers = [cells, said, over, beside]
    edge = sum(1 for holder in holders if any(row["holder"] == holder and row["member"] for row in rows))
    if 0 < edge < len(holders):
        layers.append(
            alt.Chart(inline([{"cy": edge * high}]))
            .mark_rule(color=INK, strokeWidth=1.5)
            .encode(x=alt.value(LEFT), x2=alt.value(width), y=at(alt.Y, "cy", down))
        )
    return alt.layer(*layers).properties(width=width, height=height)


def _centred(text: str, middle: float, line: float) -> dict[str, Any]:
    """Return ``text`` with the height of its first line that puts its lines around ``middle``."""
    return {"text": text, "top": middle - text.count("\n") * line / 2}
