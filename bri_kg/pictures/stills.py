"""Still pictures of networks for print: an SVG with title, legend, date and source line, and PNG and PDF made of it; no browser.

Where things stand is in :mod:`bri_kg.pictures.arrangement`. The same network gives the same bytes of SVG.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..networks.behind import is_beside, is_view, source_of
from ..wording import word
from .arrangement import Mark, Spot, arrange, text_width
from .layout import FAMILIES, FONTS, look
from .marks import wrapped

if TYPE_CHECKING:
    import networkx

__all__ = ["ENDINGS", "make_still"]

#: The endings of still pictures.
ENDINGS = (".svg", ".png", ".pdf")
#: Colours of relations, told apart by the colour-blind; the last stands for all others.
_INKS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B", "#56B4E9", "#6A3D9A")
_OTHER = "#9aa3ab"
#: From so many nodes on only those with the most relations have a label.
_ALL_LABELLED = 180
_LABELS_OF_A_CROWD = 100
_FONT, _HUB_FONT = 11, 13
#: Up to so many lines, those of relations without a colour of their own have a number.
_NUMBERED = 60
#: Strokes of a view, and of what is not the paper's.
_BROKEN, _DOTTED = "5 3", "1.5 2.5"


def make_still(network: networkx.MultiDiGraph, title: str, ending: str) -> bytes:
    """Return the still picture of ``network`` as ``.svg``, ``.png`` or ``.pdf``.

    Raises UsageError where vl-convert is needed and not installed.
    """
    svg = _svg(network, title)
    if ending == ".svg":
        return svg.encode("utf-8", "replace")
    try:
        import vl_convert
    except ImportError as error:
        raise UsageError(
            f"A picture as {ending} needs vl-convert; run: python3 -m pip install 'bri-kg[charts]', or write an .svg."
        ) from error
    made = vl_convert.svg_to_png(svg, scale=2) if ending == ".png" else vl_convert.svg_to_pdf(svg)
    return bytes(made)


def _svg(network: networkx.MultiDiGraph, title: str) -> str:
    from .pages import page_environment

    language = str(network.graph.get("language", "en"))
    spots, marks = arrange(network, _marks(network))
    left, top = (min(spots[n][i] + marks[n].box[i] for n in marks) for i in (0, 1))
    right, bottom = (max(spots[n][i] + marks[n].box[i + 2] for n in marks) for i in (0, 1))
    width = max(760.0, right - left + 64)
    size = max(1.0, width / 1250)  # what stands around a large picture is large too
    heading = wrapped(title, int(width / size / 11)).split("\n")
    head = (44 + 26 * len(heading)) * size
    shift = (width - (right - left)) / 2 - left, head + 16 - top
    spots = {node: (round(x + shift[0], 1), round(y + shift[1], 1)) for node, (x, y) in spots.items()}
    foot = head + 20 + bottom - top
    legend, deep = _legend(network, width / size, 20.0, language)
    source = wrapped(source_of(network, language), int((width / size - 48) / 5.4)).split("\n")
    height = foot + (deep + 14 * len(source) + 12) * size
    return str(
        page_environment()
        .get_template("network.svg.jinja")
        .render(
            title=title,
            heading=heading,
            say=partial(_say, language),
            font=FONTS["zh" if language.startswith("zh") else "en"],
            width=round(width),
            height=round(height),
            size=round(size, 3),
            foot=round(foot, 1),
            nodes=[(*spots[node], marks[node]) for node in sorted(marks, key=lambda n: (-marks[n].radius, str(n)))],
            is_directed=network.is_directed(),
            ties=_ties(network, spots, marks),
            legend=legend,
            source=source,
            deep=deep,
            counts=(len(network), network.number_of_edges()),
        )
    )


def _say(language: str, key: str, *values: object) -> str:
    return word(key, language, *values)


# Nodes


def _marks(network: networkx.MultiDiGraph) -> dict[Any, Mark]:
    degree = dict(network.degree())
    ranked = sorted(degree, key=lambda node: (-degree[node], str(node)))
    named = set(ranked if len(ranked) <= _ALL_LABELLED else ranked[:_LABELS_OF_A_CROWD])
    hubs = {*network.graph.get("ends", ())} or {
        node for node in ranked[: max(1, len(ranked) // 12)] if degree[node] > 3
    }
    return {
        node: _mark(
            look(data.get("type", "")), degree[node], str(data.get("label", node)) * (node in named), node in hubs
        )
        for node, data in network.nodes(data=True)
    }


def _mark(family: Any, degree: int, label: str, is_hub: bool) -> Mark:
    lines = tuple(wrapped(label, 26, 4).split("\n")) if label.strip() else ()
    return Mark(family, round(4.5 + min(13.0, 1.7 * degree**0.6), 1), lines, _HUB_FONT if is_hub else _FONT)


# Relations


def _said(data: dict[str, Any]) -> str:
    return str(data.get("label") or "")


def _dashes(data: dict[str, Any]) -> str:
    """Return the strokes of a line: whole for a fact, broken for a view, dotted for what is not the paper's."""
    voice = str(data.get("voice") or "")
    return _BROKEN if is_view(voice) else _DOTTED if is_beside(voice) else ""


def _inks(network: networkx.MultiDiGraph) -> dict[str, str]:
    """Return a colour for each relation that has one of its own, the most frequent first."""
    counts = Counter(_said(data) for *_, data in network.edges(data=True))
    ranked = sorted(counts, key=lambda label: (-counts[label], label))
    own = ranked if len(ranked) <= len(_INKS) else ranked[: len(_INKS) - 1]
    return dict(zip(own, _INKS, strict=False))


def _numbers(network: networkx.MultiDiGraph) -> dict[str, str]:
    """Return a number for each relation that has no colour of its own, where the lines are few enough to bear numbers."""
    if network.number_of_edges() > _NUMBERED:
        return {}
    inks = _inks(network)
    rest = {_said(data) for *_, data in network.edges(data=True)} - set(inks)
    return {label: str(number) for number, label in enumerate(sorted(rest), 1)}


def _ties(network: networkx.MultiDiGraph, spots: dict[Any, Spot], marks: dict[Any, Mark]) -> list[dict[str, Any]]:
    """Return the lines: one for each pair of nodes, colour and stroke, those of one pair curved apart."""
    inks = _inks(network)
    numbers = _numbers(network)
    lanes: dict[tuple[Any, Any], set[tuple[Any, Any, str, str, str]]] = {}
    for a, b, data in network.edges(data=True):
        pair = (a, b) if str(a) <= str(b) else (b, a)
        ink = inks.get(_said(data), _OTHER)
        number = numbers.get(_said(data), "") if ink == _OTHER else ""
        lanes.setdefault(pair, set()).add((a, b, ink, _dashes(data), number))
    ties = []
    for (first, last), drawn in lanes.items():
        if first == last:
            continue
        for lane, (a, b, ink, dashes, number) in enumerate(sorted(drawn, key=str)):
            bend = (lane - (len(drawn) - 1) / 2) * min(26.0, 90.0 / len(drawn))
            line = _tie(spots[a], spots[b], marks[b].radius, bend if a == first else -bend)
            ties.append(line | {"ink": ink, "dashes": dashes, "number": number})
    ties.sort(key=lambda tie: (tie["ink"] != _OTHER, str(tie)))
    _place_numbers(ties, spots, marks)
    return ties


def _tie(start: Spot, end: Spot, radius: float, bend: float) -> dict[str, Any]:
    """Return the path of a line from centre to rim, and of its head."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = math.hypot(across, down) or 1.0
    middle = (start[0] + end[0]) / 2 - down / length * bend, (start[1] + end[1]) / 2 + across / length * bend
    from_middle = end[0] - middle[0], end[1] - middle[1]
    far = math.hypot(*from_middle) or 1.0
    way = from_middle[0] / far, from_middle[1] / far
    tip = end[0] - way[0] * (radius * 1.12 + 1), end[1] - way[1] * (radius * 1.12 + 1)
    foot = tip[0] - way[0] * 6, tip[1] - way[1] * 6
    wings = [(foot[0] + s * way[1] * 2.6, foot[1] - s * way[0] * 2.6) for s in (1, -1)]
    curve = f"Q{_at(middle)} {_at(foot)}" if abs(bend) > 0.1 else f"L{_at(foot)}"
    along = {
        part: tuple((1 - part) ** 2 * start[i] + 2 * part * (1 - part) * middle[i] + part**2 * end[i] for i in (0, 1))
        for part in (0.5, 0.4, 0.6, 0.3, 0.7)
    }
    return {
        "along": [*along.values()],
        "line": f"M{_at(start)}{curve}",
        "tip": f"M{_at(tip)}L{_at(wings[0])} {_at(wings[1])}z",
    }


def _place_numbers(ties: list[dict[str, Any]], spots: dict[Any, Spot], marks: dict[Any, Mark]) -> None:
    """Give the number of each line the first place along it that lies on no node, label or other number."""
    taken = [[spots[node][i % 2] + side for i, side in enumerate(mark.box)] for node, mark in marks.items()]
    for tie in ties:
        free = (
            (x, y)
            for x, y in tie["along"]
            if not any(left - 5 < x < right + 5 and top - 6 < y < bottom + 6 for left, top, right, bottom in taken)
        )
        if tie["number"]:
            x, y = tie["middle"] = next(free, tie["along"][0])
            taken.append([x - 5, y - 6, x + 5, y + 6])


def _at(spot: Spot) -> str:
    return f"{round(spot[0], 1)} {round(spot[1], 1)}"


# The legend


def _legend(
    network: networkx.MultiDiGraph, width: float, top: float, language: str
) -> tuple[list[dict[str, Any]], float]:
    """Return the entries of the legend, in rows across the page, and where it ends."""
    families = {look(data.get("type", "")) for _, data in network.nodes(data=True)}
    order = {family: place for place, family in enumerate(FAMILIES.values())}
    kinds = [
        {"look": family, "text": word(family.family, language)}
        for family in sorted(families, key=lambda family: (order.get(family, len(order)), family))
    ]
    inks = _inks(network)
    counts = Counter(_said(data) for *_, data in network.edges(data=True))
    lines = [
        {"ink": ink, "dashes": "", "text": f"{label or word('related', language)} ({counts[label]})"}
        for label, ink in inks.items()
    ]
    numbers = _numbers(network)
    for label, number in numbers.items():
        lines.append(
            {
                "ink": _OTHER,
                "dashes": "",
                "number": number,
                "text": f"{label or word('related', language)} ({counts[label]})",
            }
        )
    if rest := [label for label in counts if label not in inks and label not in numbers]:
        text = word("other relations", language, len(rest), sum(counts[label] for label in rest))
        lines.append({"ink": _OTHER, "dashes": "", "text": text})
    drawn = {_dashes(data) for *_, data in network.edges(data=True)}
    for dashes, key in ((_BROKEN, "a view"), (_DOTTED, "not the paper's")):
        if dashes in drawn:
            lines.append({"ink": "#444444", "dashes": dashes, "text": word(key, language)})
    entries = []
    y = top
    for row in (kinds, lines):
        x = 24.0
        for entry in row:
            text = wrapped(str(entry["text"]), 60, 1)
            across = text_width(text, 12) + 44
            if x > 24 and x + across > width - 20:
                x, y = 24.0, y + 20
            entries.append({**entry, "text": text, "x": round(x, 1), "y": round(y, 1)})
            x += across
        y += 24
    return entries, y
