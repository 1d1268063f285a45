// A still picture of what is visible, with title, legend and source: taken away as SVG or PNG, and printed.
const SVG = "http://www.w3.org/2000/svg";
const clean = (text) => text.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");

function svg(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = clean(text);
  return made;
}

function shapeOf(shape, x, y, size, colour) {
  const look = { fill: colour, stroke: "#1b1f24", "stroke-width": 0.6 };
  const around = (corners) => svg("path", Object.assign({ d: "M" + corners.map(([dx, dy]) => tenth(x + dx * size) + " " + tenth(y + dy * size)).join("L") + "Z" }, look));
  const turned = (count, from, radius = () => 1) => around(Array.from({ length: count }, (_, n) => [radius(n) * Math.cos(from + (2 * Math.PI * n) / count), radius(n) * Math.sin(from + (2 * Math.PI * n) / count)]));
  if (shape === "square") return around([[-1, -1], [1, -1], [1, 1], [-1, 1]]);
  if (shape === "diamond") return turned(4, 0, () => 1.2);
  if (shape === "triangle") return turned(3, -Math.PI / 2, () => 1.2);
  if (shape === "triangleDown") return turned(3, Math.PI / 2, () => 1.2);
  if (shape === "hexagon") return turned(6, 0);
  if (shape === "star") return turned(10, -Math.PI / 2, (n) => (n % 2 ? 0.55 : 1.25));
  return svg("circle", Object.assign({ cx: tenth(x), cy: tenth(y), r: tenth(size) }, look));
}
const tenth = (value) => Math.round(10 * value) / 10;
const letters = (text) => Array.from(text).reduce((sum, letter) => sum + (letter.codePointAt(0) > 0x2e80 ? 1 : 0.56), 0);

function folds(text, most) {
  const made = [""];
  for (const word of text.split(/(?<=[ ，。：、—])/)) {
    if (letters(made[made.length - 1] + word) > most && made[made.length - 1]) made.push("");
    made[made.length - 1] += word;
  }
  return made;
}

function stillPicture() {
  const width = 1400, side = 250, top = 76, height = 1000, bottom = 52;
  const on = nodes.filter((node) => view.nodeOn[node.index]);
  const places = network.getPositions(on.map((node) => node.index));
  const xs = on.map((node) => places[node.index].x), ys = on.map((node) => places[node.index].y);
  const left = Math.min(...xs), high = Math.min(...ys), wide = Math.max(1, Math.max(...xs) - left), deep = Math.max(1, Math.max(...ys) - high);
  const margin = 46, scale = Math.min((width - side - 2 * margin) / wide, (height - top - bottom - 2 * margin) / deep, 2.2);
  const shiftX = margin + (width - side - 2 * margin - wide * scale) / 2, shiftY = top + margin + (height - top - bottom - 2 * margin - deep * scale) / 2;
  const at = (index) => [shiftX + (places[index].x - left) * scale, shiftY + (places[index].y - high) * scale];
  const shrink = Math.max(0.35, Math.min(1, scale));
  const size = (node) => Math.max(2.5, sizeOf(node) * shrink * 0.75);
  const root = svg("svg", { xmlns: SVG, viewBox: "0 0 " + width + " " + height, width, height, role: "img", "font-family": "system-ui, 'Noto Sans', 'Noto Sans CJK SC', 'Liberation Sans', sans-serif" });
  const counts = say("visible", on.length, nodes.length, view.edgeOn.filter(Boolean).length, edges.length);
  root.append(svg("title", {}, data.title), svg("desc", {}, counts + " " + say("source", data.source)), svg("rect", { width, height, fill: "#ffffff" }));
  root.append(svg("text", { x: 24, y: 36, "font-size": 22, "font-weight": 600, fill: "#1b1f24" }, folds(data.title, 95)[0]), svg("text", { x: 24, y: 60, "font-size": 13, fill: "#57606a" }, counts));
  const lineGroup = svg("g", { fill: "none", stroke: "#9aa3ab", "stroke-width": 0.8 });
  const marked = view.marked;
  for (const edge of edges) {
    if (!view.edgeOn[edge.index] || edge.source === edge.target) continue;
    const [x1, y1] = at(edge.source), [x2, y2] = at(edge.target);
    const turn = edge.pair.bundled ? 0 : bend(edge);
    const mx = (x1 + x2) / 2 + turn * (y1 - y2) * 0.9, my = (y1 + y2) / 2 + turn * (x2 - x1) * 0.9;
    const away = Math.hypot(x2 - mx, y2 - my) || 1, reach = size(nodes[edge.target]) + 1.5;
    const tip = [x2 - ((x2 - mx) / away) * reach, y2 - ((y2 - my) / away) * reach];
    const angle = Math.atan2(y2 - my, x2 - mx);
    const barb = (turned) => tenth(tip[0] - 5 * Math.cos(angle + turned)) + " " + tenth(tip[1] - 5 * Math.sin(angle + turned));
    const d = "M" + tenth(x1) + " " + tenth(y1) + (turn ? "Q" + tenth(mx) + " " + tenth(my) + " " : "L") + tenth(tip[0]) + " " + tenth(tip[1]) + "M" + barb(0.4) + "L" + tenth(tip[0]) + " " + tenth(tip[1]) + "L" + barb(-0.4);
    const look = { d };
    if (edge.view || edge.beside) look["stroke-dasharray"] = edge.view ? "4 3" : "1.5 2.5";
    if (marked && marked.edges.has(edge.index)) Object.assign(look, { stroke: MARKED, "stroke-width": 1.8 });
    lineGroup.append(svg("path", look));
  }
  const shapeGroup = svg("g", {}), nameGroup = svg("g", { "font-size": 11.5, "text-anchor": "middle", fill: "#1b1f24", stroke: "#ffffff", "stroke-width": 2.6, "paint-order": "stroke", "stroke-linejoin": "round" });
  for (const node of on) shapeGroup.append(shapeOf(node.look[2], ...at(node.index), size(node), node.look[1]));
  const overlaps = (box, other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1];
  const bodies = on.map((node) => { const [x, y] = at(node.index), half = size(node); return [x - half, y - half, x + half, y + half]; });
  const taken = [];
  const first = marked ? bySize.filter((node) => marked.nodes.has(node.index)) : [];
  new Set([...first, ...bySize]).forEach((node) => {
    if (!view.nodeOn[node.index]) return;
    const [x, y] = at(node.index), text = short(node.label), half = letters(text) * 5.9 + 2, away = size(node);
    const eager = taken.length < 12 || first.includes(node);
    const spots = [[0, away + 12], [0, -away - 5], [away + half + 2, 4], [-away - half - 2, 4]];
    for (const [dx, dy, avoids] of [...spots.map((spot) => [...spot, true]), ...(eager ? spots : [])]) {
      const box = [x + dx - half, y + dy - 11, x + dx + half, y + dy + 3];
      if (box[0] < 2 || box[2] > width - side || taken.some((one) => overlaps(box, one)) || (avoids && bodies.some((one) => overlaps(box, one)))) continue;
      taken.push(box);
      nameGroup.append(svg("text", { x: tenth(x + dx), y: tenth(y + dy) }, text));
      return;
    }
  });
  root.append(lineGroup, shapeGroup, nameGroup);
  const seen = new Map();
  for (const node of on) seen.set(node.look[0], node.look);
  let y = top + 30;
  for (const [family, colour, shape] of data.looks.filter((one) => seen.has(one[0]))) {
    root.append(shapeOf(shape, width - side + 26, y, 7, colour), svg("text", { x: width - side + 44, y: y + 4.5, "font-size": 13, fill: "#1b1f24" }, family));
    y += 26;
  }
  for (const [key, dashes, drawn] of [["a view", "4 3", (edge) => edge.view], ["not the paper's", "1.5 2.5", (edge) => edge.beside]]) {
    if (!edges.some((edge) => drawn(edge) && view.edgeOn[edge.index])) continue;
    root.append(svg("path", { d: "M" + (width - side + 16) + " " + y + "h22", stroke: "#57606a", "stroke-width": 1.2, "stroke-dasharray": dashes }));
    const told = folds(say(key), 15.5);
    told.forEach((line, place) => root.append(svg("text", { x: width - side + 44, y: y + 4.5 + 17 * place, "font-size": 13, fill: "#1b1f24" }, line)));
    y += 17 * told.length + 9;
  }
  folds(say("source", data.source), 190).forEach((line, place) => root.append(svg("text", { x: 24, y: height - 34 + 16 * place, "font-size": 11.5, fill: "#57606a" }, line)));
  return root;
}

const svgText = () => new XMLSerializer().serializeToString(stillPicture());

function pngOf(text) {
  return new Promise((done, refuse) => {
    const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      canvas.toBlob(done, "image/png");
    };
    image.onerror = () => { URL.revokeObjectURL(address); refuse(new Error("the picture cannot be drawn")); };
    image.src = address;
  });
}

function beforePrint() {
  byId("still").replaceChildren(stillPicture());
  allRows = true;
  showTable();
}

function afterPrint() {
  byId("still").replaceChildren();
  allRows = false;
  showTable();
}
