"""Places for print: each connected part by itself, nodes pushed apart until no label lies on another, and the parts packed into a page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from ..networks.chains import distances
from .layout import place_nodes

if TYPE_CHECKING:
    import networkx

__all__ = ["Mark", "Spot", "arrange", "text_width"]

#: Width to height of a page.
SHAPE = 1.4

Spot = tuple[float, float]


class Mark(NamedTuple):
    """A node as it is drawn: its family's look, radius, lines of its label, their font size, and whether they stand above the node."""

    look: Any
    radius: float
    lines: tuple[str, ...]
    font: int
    above: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The room that the node needs around its centre: left, top, right, bottom."""
        across = max([text_width(line, self.font) for line in self.lines], default=0.0) / 2 + 2
        wide, near = max(across, self.radius * 1.3), self.radius * 1.5
        far = self.radius * 1.3 + (self.font + 1.5) * len(self.lines) + 5 if self.lines else near
        return (-wide, -far, wide, near) if self.above else (-wide, -near, wide, far)

    @property
    def first_line(self) -> float:
        """How far below the node's centre the first line of its label stands."""
        if self.above:
            return -self.radius * 1.3 - 4 - (self.font + 1.5) * (len(self.lines) - 1)
        return self.radius * 1.3 + self.font + 0.5


def text_width(text: str, font: float) -> float:
    """Return about how wide a text is in Helvetica and its kin."""
    narrow, wide = set("ijltfrI.,:;'|!()[]- "), set("mwMW@%")
    units = sum(
        1.0
        if ord(sign) > 0x2E80
        else 0.31
        if sign in narrow
        else 0.87
        if sign in wide
        else 0.69
        if sign.isupper()
        else 0.56
        for sign in text
    )
    return units * font


def arrange(network: networkx.MultiDiGraph, marks: dict[Any, Mark]) -> tuple[dict[Any, Spot], dict[Any, Mark]]:
    """Return a place for each node of ``network``, and ``marks`` with each label on the side of its node where fewer lines are.

    A network with ``ends``, of chains between two nodes, is laid out in columns from the one to the other.
    """
    ends = network.graph.get("ends", ())
    marks, laid = dict(marks), []
    for part in _parts(network):
        is_named = any(marks[node].lines for node in part)
        places = _in_steps(part, ends[0], marks) if ends else _placed(part, is_named)
        for node, spot in places.items():
            marks[node] = marks[node]._replace(above=_is_freer_above(part, node, spot, places))
        laid.append(_spread(places, marks))
    return _packed(laid, marks), marks


def _is_freer_above(part: networkx.MultiDiGraph, node: Any, spot: Spot, places: dict[Any, Spot]) -> bool:
    """Whether fewer lines leave the node upwards than downwards."""
    beside = {*part.pred[node], *part.succ[node]} - {node}
    ways = [(places[other][0] - spot[0], places[other][1] - spot[1]) for other in beside]
    down = sum(dy > 0 and abs(dx) < 1.6 * dy for dx, dy in ways)
    up = sum(dy < 0 and abs(dx) < -1.6 * dy for dx, dy in ways)
    return up < down


def _parts(network: networkx.MultiDiGraph) -> list[networkx.MultiDiGraph]:
    """Return the connected parts, the largest first, each with nodes and edges in the network's order."""
    import networkx

    connected = networkx.weakly_connected_components if network.is_directed() else networkx.connected_components
    order = {node: number for number, node in enumerate(network)}
    found = [sorted(part, key=order.__getitem__) for part in connected(network)]
    parts, home = [], {}
    for nodes in sorted(found, key=lambda nodes: (-len(nodes), order[nodes[0]])):
        parts.append(networkx.MultiDiGraph())
        parts[-1].add_nodes_from(nodes)
        home.update(dict.fromkeys(nodes, parts[-1]))
    for one, other in network.edges():
        home[one].add_edge(one, other)
    return parts


def _placed(part: networkx.MultiDiGraph, is_named: bool) -> dict[Any, Spot]:
    """Return a place for each node of a connected part, its longer side laid across the page, its relations rather to the right."""
    if len(part) == 1:
        return dict.fromkeys(part, (0.0, 0.0))
    places = place_nodes(part, (62.0 if len(part) <= 60 else 36.0) * (1.0 if is_named else 0.5))
    mean = [sum(spot[i] for spot in places.values()) / len(places) for i in (0, 1)]
    xx, yy, xy = (
        sum((p[a] - mean[a]) * (p[b] - mean[b]) for p in places.values()) for a, b in ((0, 0), (1, 1), (0, 1))
    )
    turn = -0.5 * math.atan2(2 * xy, xx - yy)
    cos, sin = math.cos(turn), math.sin(turn)
    reach = max(math.dist(spot, mean) for spot in places.values()) or 1.0
    turned = {}
    for node, spot in places.items():
        x, y = spot[0] - mean[0], spot[1] - mean[1]
        drawn_in = (
            (reach / (math.hypot(x, y) or reach)) ** 0.25 if len(part) > 60 else 1.0
        )  # long arms leave a page empty
        turned[node] = (x * cos - y * sin) * drawn_in, (x * sin + y * cos) * drawn_in
    across, down = (max(spot[i] for spot in turned.values()) - min(spot[i] for spot in turned.values()) for i in (0, 1))
    stretch = min(1.8, max(1.0, SHAPE * down / (across or 1.0))) ** 0.5 if len(part) > 15 else 1.0
    to_the_right = sum(turned[b][0] - turned[a][0] for a, b in part.edges()) >= 0
    return {node: (x * stretch if to_the_right else -x * stretch, y / stretch) for node, (x, y) in turned.items()}


def _in_steps(part: networkx.MultiDiGraph, start: Any, marks: dict[Any, Mark]) -> dict[Any, Spot]:
    """Return places in columns, one for each number of steps from ``start``."""
    away = distances(((a, "", b) for a, b in part.edges()), start)
    columns: dict[int, list[Any]] = {}
    for node in part:
        columns.setdefault(away.get(node, 0), []).append(node)
    places: dict[Any, Spot] = {}
    for step, nodes in sorted(columns.items()):
        beside = {node: [places[o][1] for o in {*part.pred[node], *part.succ[node]} if o in places] for node in nodes}
        nodes.sort(key=lambda node: (sum(beside[node]) / (len(beside[node]) or 1), str(node)))
        tall = [max(58.0, marks[node].box[3] - marks[node].box[1] + 12) for node in nodes]
        y = -sum(tall) / 2
        for node, high in zip(nodes, tall, strict=True):
            places[node] = step * 250.0, y + high / 2
            y += high
    return places


def _spread(places: dict[Any, Spot], marks: dict[Any, Mark]) -> dict[Any, Spot]:
    """Push nodes apart, each pair along the shorter way, until no two boxes overlap or the patience ends."""
    nodes = list(places)
    boxes = {node: marks[node].box for node in nodes}
    widest = max(box[2] for box in boxes.values())
    room = sum((box[2] - box[0]) * (box[3] - box[1]) for box in boxes.values())
    spans = [max(spot[i] for spot in places.values()) - min(spot[i] for spot in places.values()) + 60 for i in (0, 1)]
    grown = max(1.0, (2.2 * room / (spans[0] * spans[1])) ** 0.5)
    at = {node: [x * grown, y * grown] for node, (x, y) in places.items()}
    for _ in range(max(20, min(400, 150_000 // len(nodes)))):
        moved = False
        nodes.sort(key=lambda node: at[node][0])
        for place, one in enumerate(nodes):
            a, spot = boxes[one], at[one]
            for other in nodes[place + 1 :]:
                b, there = boxes[other], at[other]
                if there[0] - spot[0] > a[2] + widest + 6:
                    break
                across = min(spot[0] + a[2], there[0] + b[2]) - max(spot[0] + a[0], there[0] + b[0]) + 5
                down = min(spot[1] + a[3], there[1] + b[3]) - max(spot[1] + a[1], there[1] + b[1]) + 4
                if across <= 0 or down <= 0:
                    continue
                moved = True
                way = 0 if across < 2.2 * down else 1  # labels are wide: pushed the shorter way, all would pile up
                step = (across, down)[way] * 0.5 + 0.1
                side = 1 if there[way] >= spot[way] else -1
                spot[way] -= side * step
                there[way] += side * step
        if not moved:
            break
    return {node: (x, y) for node, (x, y) in at.items()}


def _packed(parts: list[dict[Any, Spot]], marks: dict[Any, Mark]) -> dict[Any, Spot]:
    """Lay the parts side by side in rows, so wide that the whole comes nearest to the shape of a page."""
    boxes = []
    for part in parts:
        low = [min(spot[i] + marks[node].box[i] for node, spot in part.items()) for i in (0, 1)]
        high = [max(spot[i] + marks[node].box[i + 2] for node, spot in part.items()) for i in (0, 1)]
        boxes.append((low, high[0] - low[0] + 26, high[1] - low[1] + 22))
    best: tuple[float, list[Spot]] | None = None
    widest = max(box[1] for box in boxes)
    for tried in range(24):
        limit = widest * 1.13**tried
        corners, x, y, row, far = [], 0.0, 0.0, 0.0, 0.0
        for _, across, down in boxes:
            if x and x + across > limit:
                x, y, row = 0.0, y + row, 0.0
            corners.append((x, y))
            x, row = x + across, max(row, down)
            far = max(far, x)
        off = abs(math.log(far / (y + row) / SHAPE)) + 0.15 * math.log(far * (y + row))
        if best is None or off < best[0]:
            best = off, corners
    assert best is not None
    return {
        node: (spot[0] - box[0][0] + corner[0], spot[1] - box[0][1] + corner[1])
        for part, box, corner in zip(parts, boxes, best[1], strict=True)
        for node, spot in part.items()
    }
