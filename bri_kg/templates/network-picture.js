// The picture: vis-network draws nodes and lines at the places that were found beforehand; names are drawn here, as many as find room.
let theme = {};
const MARKED = "#d55e00";
const FONT = "px system-ui, 'Noto Sans', 'Noto Sans CJK SC', sans-serif";
const shapes = new vis.DataSet(), lines = new vis.DataSet();
const drawn = { nodes: [], lines: new Map() };
let network = null;
const measures = {
  degree: (node) => 8 + Math.min(19, 2.6 * node.edges.length ** 0.6),
  betweenness: (node) => 6 + 21 * Math.sqrt(node.betweenness / most.betweenness),
  pagerank: (node) => 6 + 21 * Math.sqrt(node.pagerank / most.pagerank),
  equal: () => 11,
};
const most = {};
for (const key of ["betweenness", "pagerank"]) most[key] = nodes.reduce((max, node) => Math.max(max, node[key]), 1);
const sizeOf = (node) => Math.round(10 * measures[byId("size").value](node)) / 10;

function readTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  theme = dark
    ? { ink: "#e6edf3", paper: "#14181d", line: "#6b7682", faint: "#2a3138", halo: "#14181d", marked: "#ff9d5c" }
    : { ink: "#1b1f24", paper: "#ffffff", line: "#9aa3ab", faint: "#e4e8ec", halo: "#ffffff", marked: "#a34700" };
}

// Parallel edges curve apart: the first runs straight, the others to either side of it.
function bend(edge) {
  const lane = edge.pair.edges.indexOf(edge);
  if (!lane && edge.source !== edge.target) return 0;
  const side = edge.source <= edge.target ? 1 : -1;
  return Math.round(100 * side * (0.12 + 0.16 * (lane >> 1)) * (lane % 2 ? -1 : 1)) / 100;
}

// What is marked, so that all else steps back: the path, or what is chosen with its ties.
function marks() {
  if (view.path && view.path.nodes.length) return { nodes: new Set(view.path.nodes), edges: new Set(view.path.edges) };
  const tied = view.edge ? [view.edge] : view.pair ? view.pair.edges : view.node ? view.node.edges : null;
  if (!tied) return null;
  const on = tied.filter((edge) => view.edgeOn[edge.index]);
  const found = { nodes: new Set(on.flatMap((edge) => [edge.source, edge.target])), edges: new Set(on.map((edge) => edge.index)) };
  if (view.node) found.nodes.add(view.node.index);
  return found;
}

const isBundled = (pair) => byId("bundle").checked && !view.opened.has(pair.key) && pair.edges.filter((edge) => view.edgeOn[edge.index]).length > 1;

function paint() {
  const marked = (view.marked = marks());
  const changes = [];
  for (const node of nodes) {
    const look = { id: node.index, hidden: !view.nodeOn[node.index], opacity: marked && !marked.nodes.has(node.index) ? 0.22 : 1, size: sizeOf(node) };
    const key = look.hidden + "|" + look.opacity + "|" + look.size;
    if (drawn.nodes[node.index] !== key) { drawn.nodes[node.index] = key; changes.push(look); }
  }
  if (changes.length) shapes.update(changes);
  const lineChanges = [];
  const put = (id, look) => {
    const key = JSON.stringify(look);
    if (drawn.lines.get(id) !== key) { drawn.lines.set(id, key); lineChanges.push(Object.assign({ id }, look)); }
  };
  const inked = (isMarked) => ({ color: !marked ? theme.line : isMarked ? MARKED : theme.faint, highlight: MARKED, hover: MARKED });
  for (const pair of pairs.values()) {
    const bundled = isBundled(pair);
    pair.bundled = bundled;
    for (const edge of pair.edges) {
      const isMarked = Boolean(marked && marked.edges.has(edge.index));
      put(edge.index, { hidden: !view.edgeOn[edge.index] || bundled, color: inked(isMarked), width: isMarked ? 2 : 1 });
    }
    if (pair.edges.length > 1) {
      const on = pair.edges.filter((edge) => view.edgeOn[edge.index]);
      const isMarked = Boolean(marked && on.some((edge) => marked.edges.has(edge.index)));
      put("b" + pair.key, { hidden: !bundled, color: inked(isMarked), width: 1.5 + Math.log2(Math.max(1, on.length)), dashes: on.length > 0 && strokes(on) });
    }
  }
  if (lineChanges.length) lines.update(lineChanges);
}

// Names in the order in which they get room: what is chosen, then what is marked, then the largest.
let dragging = false;
function drawNames(context) {
  if (dragging) return;
  const scale = network.getScale(), box = byId("canvas").getBoundingClientRect();
  const from = network.DOMtoCanvas({ x: 0, y: 0 }), to = network.DOMtoCanvas({ x: box.width, y: box.height });
  const pixel = 1 / scale, cell = 90 * pixel;
  const cellsOf = (area) => {
    const cells = [];
    for (let x = Math.floor(area[0] / cell); x <= Math.floor(area[2] / cell); x += 1) for (let y = Math.floor(area[1] / cell); y <= Math.floor(area[3] / cell); y += 1) cells.push(x + "," + y);
    return cells;
  };
  const occupy = (taken, area) => { for (const key of cellsOf(area)) { if (!taken.has(key)) taken.set(key, []); taken.get(key).push(area); } };
  const isFree = (taken, area) => cellsOf(area).every((key) => !(taken.get(key) || []).some((other) => area[0] < other[2] && area[2] > other[0] && area[1] < other[3] && area[3] > other[1]));
  const names = new Map(), bodies = new Map();
  for (const node of nodes) {
    if (!view.nodeOn[node.index]) continue;
    const { x, y, options } = network.body.nodes[node.index];
    if (x > from.x && x < to.x && y > from.y && y < to.y) occupy(bodies, [x - options.size, y - options.size, x + options.size, y + options.size]);
  }
  context.save();
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  // Write where there is room; the eager may lie on nodes, the forced on anything.
  const write = (text, width, x, y, size, colour, mood) => {
    const half = ((width * size) / 2) * pixel, high = size * 0.62 * pixel;
    const area = [x - half - 7 * pixel, y - high - 1 * pixel, x + half + 7 * pixel, y + high + 1 * pixel];
    const isSeen = x + half > from.x && x - half < to.x && y + high > from.y && y - high < to.y;
    const isWhole = x - half > from.x && x + half < to.x;
    if (!isSeen || (mood !== "forced" && (!isWhole || !isFree(names, area) || (mood !== "eager" && !isFree(bodies, area))))) return false;
    occupy(names, area);
    context.font = size * pixel + FONT;
    context.lineWidth = 3 * pixel;
    context.strokeStyle = theme.halo;
    context.fillStyle = colour;
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
    return true;
  };
  const measured = (item, text) => {
    if (item.wide === undefined) { context.font = "100" + FONT; item.wide = context.measureText(text).width / 100; }
    return item.wide;
  };
  const nameNode = (node, mood, size = 12) => {
    if (!view.nodeOn[node.index]) return;
    const { x, y, options } = network.body.nodes[node.index];
    const text = short(node.label), wide = measured(node, text), away = options.size + 9 * pixel, aside = options.size + (wide * size * pixel) / 2 + 4 * pixel;
    const spots = mood === "forced" ? [[0, away]] : [[0, away], [0, -away], [aside, 0], [-aside, 0]];
    for (const tried of mood === "eager" ? ["modest", "eager"] : [mood]) {
      for (const [dx, dy] of spots) if (write(text, wide, x + dx, y + dy, size, theme.ink, tried)) return;
    }
  };
  const marked = view.marked;
  if (view.node) nameNode(view.node, "forced", 13.5);
  if (marked) for (const index of marked.nodes) if (!view.node || index !== view.node.index) nameNode(nodes[index], view.path && marked.nodes.size < 9 ? "forced" : "eager");
  const inFocus = marked && marked.edges.size <= 40 ? Array.from(marked.edges, (index) => edges[index]) : [];
  for (const edge of inFocus) {
    const middle = edge.pair.bundled ? null : middleOf(edge.index);
    const text = short(edge.label || say("related"));
    if (middle) write(text, measured(edge, text), middle.x, middle.y, 11, theme.marked, "eager");
  }
  for (const pair of pairs.values()) {
    const middle = pair.bundled && (!marked || marked.edges.has(pair.edges[0].index)) && scale > 0.5 ? middleOf("b" + pair.key) : null;
    const count = "×" + pair.edges.filter((edge) => view.edgeOn[edge.index]).length;
    if (middle) write(count, 0.6 * count.length, middle.x, middle.y, 11, theme.ink, "eager");
  }
  if (!marked) bySize.slice(0, 500).forEach((node, rank) => nameNode(node, rank < nodes.length / 25 ? "eager" : "modest"));
  context.restore();
}
const short = (text) => (text.length > 40 ? text.slice(0, 39) + "…" : text);
let bySize = nodes.slice();
const orderNames = () => { bySize = nodes.slice().sort((one, other) => sizeOf(other) - sizeOf(one)); };

function middleOf(id) {
  const line = network.body.edges[id];
  return line && line.connected && line.edgeType ? line.edgeType.getPoint(0.5) : null;
}

// A line of views is broken, one of what is not the paper's dotted.
function strokes(list) {
  return list.every((edge) => edge.beside) ? [2, 4] : list.every((edge) => edge.view);
}

function startPicture() {
  readTheme();
  byId("bundle").checked = data.bundle;
  orderNames();
  shapes.add(nodes.map((node) => ({ id: node.index, x: node.x, y: node.y, shape: node.look[2], color: node.look[1], size: sizeOf(node) })));
  const straight = { enabled: false };
  lines.add(edges.map((edge) => {
    const roundness = bend(edge);
    return { id: edge.index, from: edge.source, to: edge.target, dashes: strokes([edge]), smooth: roundness ? { enabled: true, type: "curvedCW", roundness } : straight };
  }));
  lines.add(Array.from(pairs.values()).filter((pair) => pair.edges.length > 1).map((pair) => (
    { id: "b" + pair.key, from: pair.edges[0].source, to: pair.edges[0].target, hidden: true, smooth: straight, arrows: { to: { enabled: false } } })));
  filter();
  paint();
  network = new vis.Network(byId("canvas"), { nodes: shapes, edges: lines }, {
    physics: false,
    interaction: { hover: edges.length < LARGE, keyboard: false, hideEdgesOnDrag: edges.length > LARGE, hideEdgesOnZoom: edges.length > LARGE, selectConnectedEdges: false, tooltipDelay: 1e9 },
    layout: { improvedLayout: false },
    nodes: { borderWidth: 1, borderWidthSelected: 4, chosen: { label: false } },
    edges: { arrows: { to: { enabled: true, scaleFactor: 0.5 } }, smooth: false, selectionWidth: 1.5, hoverWidth: 0.5 },
  });
  network.on("afterDrawing", drawNames);
  network.on("zoom", showArrows);
  network.on("dragStart", () => { dragging = edges.length > LARGE; });
  network.on("dragEnd", () => { dragging = false; network.redraw(); });
  fit();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readTheme(); paint(); network.redraw(); });
}

// At a distance the arrows of a large network are too small to see and cost half the time of drawing.
const LARGE = 1500;
let arrows = true;
function showArrows() {
  const wanted = edges.length <= LARGE || network.getScale() > 0.5;
  if (wanted !== arrows) network.setOptions({ edges: { arrows: { to: { enabled: wanted, scaleFactor: 0.5 } } } });
  arrows = wanted;
}

function select() {
  const id = view.edge ? (view.edge.pair.bundled ? "b" + view.edge.pair.key : view.edge.index) : view.pair && view.pair.bundled ? "b" + view.pair.key : null;
  network.setSelection({ nodes: view.node ? [view.node.index] : [], edges: id === null ? [] : [id] }, { highlightEdges: false });
}

// Show all that is visible, or these nodes, with room for their names.
function fit(list) {
  const shown = (list || nodes.map((node) => node.index)).filter((index) => view.nodeOn[index]);
  if (!shown.length) return;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const index of shown) {
    const place = network.body.nodes[index];
    left = Math.min(left, place.x); right = Math.max(right, place.x); top = Math.min(top, place.y); bottom = Math.max(bottom, place.y);
  }
  const box = byId("canvas").getBoundingClientRect();
  const scale = Math.min((box.width - 110) / Math.max(1, right - left), (box.height - 80) / Math.max(1, bottom - top), 1.3);
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale: Math.max(0.01, scale), animation: false });
  showArrows();
}
