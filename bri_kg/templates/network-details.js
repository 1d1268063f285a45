// The details on the right: what is said of a node or a line, facts and views apart, each sentence with page, footnotes and works.
function sentenceBox(sentence, voice) {
  const box = element("div", undefined, isBeside(voice) ? "sentence beside" : isFact(voice) ? "sentence" : "sentence claim");
  if (sentence) {
    const gist = element("span", sentence.gist || sentence.id);
    if (sentence.gist && !isBeside(voice)) gist.lang = "en";
    box.append(gist);
  }
  const where = element("span", undefined, "where");
  const add = (part) => { if (where.childNodes.length) where.append(" · "); where.append(part); };
  if (sentence) {
    add(sentence.reference || sentence.id);
    if (sentence.notes) add(say("footnote", sentence.notes));
    sentence.works.forEach(([work, address], place) => (place ? where.append("; ", workLink(work, address)) : add(workLink(work, address))));
  }
  if (voice && voice.text) add(voice.text);
  box.append(where);
  return box;
}

// A link only where the graph has a web address; anything else is text.
function workLink(work, address) {
  if (!/^https?:\/\/[^\s/]/i.test(address)) return work;
  const link = element("a", work);
  link.href = address;
  link.rel = "noopener noreferrer external";
  return link;
}

function nodeButton(index) {
  return button(nodes[index].label, () => choose(index, true));
}

function edgeButton(edge) {
  return button(edge.label || say("related"), () => showEdge(edge.index, true));
}

// The sentences of some edges: first the facts, then the views, then what is not the paper's, each under its heading; ``head`` says what stands over
// those of an edge.
function sayApart(list, head) {
  const parts = [];
  const sorts = [["facts here", "facts", isFact], ["views here", "views", (voice) => !isFact(voice) && !isBeside(voice)], ["beside here", "besides", isBeside]];
  for (const [key, sort, wanted] of sorts) {
    const told = list
      .map((edge) => [edge, edge.spoken.filter(([, voice]) => wanted(voice))])
      .filter(([edge, spoken]) => spoken.length || (sort === "facts" && !edge.spoken.length));
    if (!told.length) continue;
    parts.push(element("h3", say(key, told.length), sort));
    for (const [edge, spoken] of told) {
      if (head) parts.push(head(edge));
      if (dates(edge) && head) parts.push(element("p", dates(edge), "kind"));
      for (const [sentence, voice] of spoken) parts.push(sentenceBox(sentence, voice));
      if (!spoken.length) parts.push(element("p", say("no sentence here"), "kind"));
    }
  }
  return parts;
}

function nodePanel(node) {
  const visible = node.edges.filter((edge) => view.edgeOn[edge.index]);
  const parts = [element("h2", node.label), element("p", [node.kind, ...node.names].join(" · "), "kind")];
  if (dates(node)) parts.push(element("p", dates(node), "kind"));
  const share = (value) => (value / 1e6).toLocaleString(data.language, { maximumSignificantDigits: 2 });
  parts.push(element("p", say("how central", node.edges.length, share(node.betweenness), share(node.pagerank)), "kind"));
  const acts = element("p", undefined, "acts");
  const act = (key, run) => acts.append(button(say(key), run), " ");
  act("one step", () => focusOn(1));
  act("two steps", () => focusOn(2));
  act("path here", () => { byId("path-from").value = node.label; setEnd(0, node); byId("path-to").focus(); });
  act("path hither", () => { byId("path-to").value = node.label; setEnd(1, node); findPath(); });
  parts.push(acts, element("h3", say("facts and views", visible.length)));
  const head = (edge) => {
    const heading = element("h4");
    if (edge.source === node.index) heading.append(edgeButton(edge), " → ", nodeButton(edge.target));
    else heading.append(nodeButton(edge.source), " → ", edgeButton(edge), " → " + say("this"));
    return heading;
  };
  return parts.concat(sayApart(visible, head));
}

function edgeHead(edge) {
  const heading = element("h4");
  heading.append(nodeButton(edge.source), " → ", edgeButton(edge), " → ", nodeButton(edge.target));
  return heading;
}

function edgePanel(edge) {
  const ends = element("p", undefined, "ends");
  ends.append(nodeButton(edge.source), " → ", nodeButton(edge.target));
  const parts = [element("h2", edge.label || say("related")), ends];
  if (dates(edge)) parts.push(element("p", dates(edge), "kind"));
  if (!edge.beside) parts.push(element("h3", say("sentences", edge.spoken.filter(([sentence, voice]) => sentence && !isBeside(voice)).length)));
  return parts.concat(sayApart([edge]));
}

function pairPanel(pair) {
  const visible = pair.edges.filter((edge) => view.edgeOn[edge.index]);
  const parts = [element("h2", say("bundled", visible.length))];
  if (byId("bundle").checked) {
    const acts = element("p", undefined, "acts");
    acts.append(button(say("unopened"), () => { view.opened.delete(pair.key); refresh(); }));
    parts.push(acts);
  }
  return parts.concat(sayApart(visible, edgeHead));
}

function pathPanel(path) {
  const [from, to] = path.ends;
  if (!path.nodes.length) return [element("h2", say("no path", from.label, to.label))];
  const parts = [element("h2", say("path steps", from.label, to.label, path.nodes.length - 1))];
  const list = element("ol");
  for (let place = 1; place < path.nodes.length; place += 1) {
    const ends = [path.nodes[place - 1], path.nodes[place]];
    const item = element("li");
    const ties = path.edges.map((index) => edges[index]).filter((edge) => ends.includes(edge.source) && ends.includes(edge.target) && (edge.source !== edge.target));
    for (const edge of ties) {
      item.append(edgeHead(edge));
      if (dates(edge)) item.append(element("p", dates(edge), "kind"));
      for (const [sentence, voice] of edge.spoken) item.append(sentenceBox(sentence, voice));
    }
    list.append(item);
  }
  parts.push(list);
  return parts;
}

function showDetails() {
  const panel = byId("panel");
  if (view.path) panel.replaceChildren(...pathPanel(view.path));
  else if (view.node) panel.replaceChildren(...nodePanel(view.node));
  else if (view.edge) panel.replaceChildren(...edgePanel(view.edge));
  else if (view.pair) panel.replaceChildren(...pairPanel(view.pair));
  else panel.replaceChildren(element("h2", say("what you see")), element("p", say("alone")));
}

function pick(what) {
  Object.assign(view, { node: null, edge: null, pair: null, path: null }, what);
}

// Choose a node, given by its number or its name; with ``toPanel`` the reader is taken to what is said of it.
function choose(wanted, toPanel) {
  const node = typeof wanted === "number" ? nodes[wanted] : nodeById.get(wanted);
  if (!node) return;
  pick({ node });
  refresh();
  look(node);
  tell(say("said node", node.label, node.kind, node.edges.filter((edge) => view.edgeOn[edge.index]).length));
  byId("panel").scrollTop = 0;
  if (toPanel) byId("panel").focus({ preventScroll: true });
}

// Bring a node into the picture if it is not there.
function look(node) {
  const place = network.getPosition(node.index), at = network.canvasToDOM(place), box = byId("canvas").getBoundingClientRect();
  const margin = 40;
  if (at.x < margin || at.y < margin || at.x > box.width - margin || at.y > box.height - margin) network.moveTo({ position: place, animation: false });
}

function showEdge(number, toPanel) {
  const edge = edges[number];
  if (!edge) return;
  pick({ edge });
  refresh();
  tell([nodes[edge.source].label, edge.label || say("related"), nodes[edge.target].label].join(" → "));
  byId("panel").scrollTop = 0;
  if (toPanel) byId("panel").focus({ preventScroll: true });
}

function showPair(key) {
  const pair = pairs.get(key);
  if (!pair) return;
  view.opened.add(key);
  pick({ pair });
  refresh();
  byId("panel").scrollTop = 0;
  tell(say("bundled", pair.edges.filter((edge) => view.edgeOn[edge.index]).length));
}

function letGo() {
  pick({});
  refresh();
  tell(say("let go"));
}

function focusOn(steps) {
  byId("focus").value = String(steps);
  refresh();
  fit();
}
