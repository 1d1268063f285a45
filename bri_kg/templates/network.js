"use strict";
(function () {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const picture = read("picture");
  const details = read("details");
  const say = (key, ...values) => values.reduce((text, value) => text.replace("{}", () => value), details.words[key]);
  const byId = (id) => document.getElementById(id);
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const ink = dark ? "#e6edf3" : "#1b1f24";
  const label = new Map(picture.nodes.map((node) => [node.id, node.label]));
  const shown = (text) => (text.length > 30 ? text.slice(0, 29) + "…" : text);
  const nodes = new vis.DataSet(picture.nodes.map((node) => Object.assign({}, node, { label: shown(node.label) })));
  const edges = new vis.DataSet(picture.edges);
  const network = new vis.Network(byId("canvas"), { nodes, edges }, {
    physics: false,
    interaction: { hover: true, keyboard: { enabled: true, bindToWindow: false }, hideEdgesOnDrag: picture.edges.length > 1500 },
    nodes: { font: { color: ink, size: 13, strokeWidth: 3, strokeColor: dark ? "#14181d" : "#ffffff" }, borderWidth: 1 },
    edges: { color: { color: dark ? "#6b7682" : "#9aa3ab", highlight: "#d55e00", hover: "#d55e00" }, arrows: { to: { enabled: true, scaleFactor: 0.5 } }, smooth: false },
  });

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function sentence(id, voice) {
    const known = details.sentences[id] || {};
    const claim = voice && !details.words.factual.includes(voice);
    const box = element("div", undefined, claim ? "sentence claim" : "sentence");
    box.append(element("span", known.gist || id));
    const parts = [known.reference || id];
    if (known.notes) parts.push(say("footnote", known.notes));
    if (known.works && known.works.length) parts.push(known.works.join("; "));
    if (voice) parts.push(voice);
    box.append(element("span", parts.join(" · "), "where"));
    return box;
  }

  function nodeButton(id) {
    const button = element("button", label.get(id));
    button.type = "button";
    button.addEventListener("click", () => choose(id));
    return button;
  }

  function showEdge(number) {
    const edge = picture.edges[number];
    const said = details.edges[number];
    const panel = byId("panel");
    panel.replaceChildren(element("h2", said.label || say("related")));
    const ends = element("p");
    ends.append(nodeButton(edge.from), document.createTextNode(" → "), nodeButton(edge.to));
    panel.append(ends);
    if (said.earliest) panel.append(element("p", said.earliest === said.latest ? said.earliest : say("to", said.earliest, said.latest), "kind"));
    panel.append(element("h3", say("sentences", said.segments.length)));
    for (const id of said.segments) panel.append(sentence(id, (said.voices || {})[id] || said.voice));
  }

  function showNode(id) {
    const known = details.nodes[id] || {};
    const panel = byId("panel");
    panel.replaceChildren(element("h2", label.get(id)), element("p", [known.kind].concat((known.names || []).filter((name) => name !== label.get(id))).join(" · "), "kind"));
    const incident = picture.edges.map((edge, number) => [edge, number]).filter(([edge]) => edge.from === id || edge.to === id);
    panel.append(element("h3", say("facts and views", incident.length)));
    for (const [edge, number] of incident) {
      const said = details.edges[number];
      const heading = element("h3");
      const other = nodeButton(edge.from === id ? edge.to : edge.from);
      if (edge.from === id) heading.append(document.createTextNode((said.label || say("related")) + " → "), other);
      else heading.append(other, document.createTextNode(" → " + (said.label || say("related")) + " → " + say("this")));
      panel.append(heading);
      for (const one of said.segments) panel.append(sentence(one, (said.voices || {})[one] || said.voice));
    }
  }

  function choose(id) {
    network.selectNodes([id]);
    network.focus(id, { scale: 1.1, animation: false });
    showNode(id);
    byId("panel").focus({ preventScroll: true });
  }

  network.on("click", (event) => {
    if (event.nodes.length) showNode(event.nodes[0]);
    else if (event.edges.length) showEdge(event.edges[0]);
  });

  const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  byId("search").addEventListener("input", (event) => {
    const wanted = folded(event.target.value.trim());
    const list = byId("found");
    list.replaceChildren();
    if (!wanted) return;
    const hits = picture.nodes.filter((node) => [node.label].concat((details.nodes[node.id] || {}).names || []).some((name) => folded(name).includes(wanted)));
    for (const node of hits.slice(0, 30)) {
      const item = element("li");
      item.append(nodeButton(node.id));
      list.append(item);
    }
    if (!hits.length) list.append(element("li", say("no name")));
  });
  byId("search").addEventListener("keydown", (event) => {
    const first = byId("found").querySelector("button");
    if (event.key === "Enter" && first) first.click();
  });

  const alone = new Set(picture.nodes.map((node) => node.id));
  for (const edge of picture.edges) { alone.delete(edge.from); alone.delete(edge.to); }
  const chosen = (id) => new Set(Array.from(document.querySelectorAll("#" + id + " input:checked"), (input) => input.value));
  function within(item) {
    if (!byId("from")) return true;
    if (!item.earliest && !item.latest) return byId("undated").checked;
    const from = byId("from").value, to = byId("to").value;
    return (!item.latest || item.latest.slice(0, 4) >= from) && (!item.earliest || item.earliest.slice(0, 4) <= to);
  }
  function filter() {
    const kinds = chosen("kinds"), relations = chosen("relations");
    const visible = new Map(picture.nodes.map((node) => {
      const known = details.nodes[node.id] || {};
      const dated = known.earliest || known.latest;
      return [node.id, kinds.has(known.kind || say("node")) && (!dated || within(known))];
    }));
    const tied = new Set();
    edges.update(picture.edges.map((edge, number) => {
      const said = details.edges[number];
      const on = relations.has(said.label) && visible.get(edge.from) && visible.get(edge.to) && within(said);
      if (on) { tied.add(edge.from); tied.add(edge.to); }
      return { id: edge.id, hidden: !on };
    }));
    nodes.update(picture.nodes.map((node) => ({ id: node.id, hidden: !(visible.get(node.id) && (tied.has(node.id) || alone.has(node.id))) })));
  }
  byId("tools").addEventListener("change", filter);
  byId("reset").addEventListener("click", () => {
    for (const input of document.querySelectorAll("#tools input[type=checkbox]")) input.checked = true;
    for (const [id, edge] of [["from", "min"], ["to", "max"]]) if (byId(id)) byId(id).value = byId(id)[edge];
    filter();
    network.fit();
  });
  // The best-tied nodes keep a readable name at every scale, so that the first view already says who is who.
  const hubs = picture.nodes.slice().sort((one, other) => other.size - one.size).slice(0, 14).map((node) => node.id);
  function nameHubs() {
    const size = Math.round(Math.max(13, 13 / network.getScale()));
    nodes.update(hubs.map((id) => ({ id, font: { size } })));
  }
  network.on("zoom", nameHubs);
  network.once("afterDrawing", () => { document.body.dataset.ready = "true"; });
  network.fit();
  nameHubs();
  window.briNetwork = { network, nodes, edges, picture, details, choose, showEdge };
})();
