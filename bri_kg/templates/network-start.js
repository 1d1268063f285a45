// Everything is tied together here: each change of the view passes through refresh, which shows it in picture, details, table and address.
function refresh() {
  filter();
  if (view.path) view.path = shortestPath(...view.path.ends);
  paint();
  showDetails();
  showTable();
  select();
  network.redraw();
  saveView();
}

function search() {
  const list = byId("found"), typed = byId("search").value;
  const hits = namesHolding(typed);
  list.replaceChildren(...hits.slice(0, 30).map((node) => { const item = element("li"); item.append(nodeButton(node.index)); return item; }));
  if (typed.trim() && !hits.length) list.append(element("li", say("no name")));
}

function onClick(event) {
  if (event.nodes.length) return choose(event.nodes[0]);
  const id = network.getEdgeAt(event.pointer.DOM);
  if (typeof id === "string") return showPair(id.slice(1));
  if (typeof id === "number") return showEdge(id);
  if (view.node || view.edge || view.pair || view.path) letGo();
  return undefined;
}

function wire() {
  network.on("click", onClick);
  network.on("doubleClick", (event) => { if (event.nodes.length) focusOn(1); });
  byId("canvas").addEventListener("keydown", onKey);
  byId("search").addEventListener("input", () => { search(); saveView(); });
  byId("search").addEventListener("keydown", (event) => {
    const first = byId("found").querySelector("button");
    if (event.key === "Enter" && first) first.click();
  });
  byId("filters").addEventListener("change", () => { stopPlaying(); refresh(); });
  for (const [mark, on] of [["every", true], ["no", false]]) {
    for (const control of document.querySelectorAll("[data-" + mark + "]")) {
      control.addEventListener("click", () => {
        for (const input of document.querySelectorAll("#" + control.dataset[mark] + " input")) input.checked = on;
        refresh();
      });
    }
  }
  byId("reset").addEventListener("click", () => { showAll(); refresh(); fit(); });
  if (byId("play")) byId("play").addEventListener("click", play);
  byId("size").addEventListener("change", () => { orderNames(); refresh(); });
  byId("focus").addEventListener("change", () => { refresh(); fit(); if (!view.node) tell(say("alone")); });
  byId("bundle").addEventListener("change", () => { view.opened.clear(); refresh(); });
  byId("move").hidden = still();
  byId("move").addEventListener("click", letMove);
  byId("fit").addEventListener("click", () => fit());
  byId("in").addEventListener("click", () => zoom(1.25));
  byId("out").addEventListener("click", () => zoom(0.8));
  endFields.forEach((id, place) => {
    byId(id).addEventListener("focus", listNames, { once: true });
    byId(id).addEventListener("input", () => setEnd(place, null));
    byId(id).addEventListener("keydown", (event) => { if (event.key === "Enter") findPath(); });
  });
  byId("path-find").addEventListener("click", findPath);
  byId("path-clear").addEventListener("click", clearPath);
  for (const control of document.querySelectorAll("[data-take]")) control.addEventListener("click", () => take(control.dataset.take));
  for (const control of document.querySelectorAll("[data-sort]")) control.addEventListener("click", () => sortBy(control.dataset.sort));
  for (const control of document.querySelectorAll("[data-skip]")) control.addEventListener("click", () => { byId(control.dataset.skip).focus(); byId(control.dataset.skip).scrollIntoView(); });
  byId("more").addEventListener("click", showMore);
  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", afterPrint);
  addEventListener("hashchange", restoreView);
}

startPicture();
wire();
if (matchMedia("(max-width: 60rem)").matches) byId("filters").open = false;
if (location.hash.length > 1) restoreView();
else if (data.ends.length === 2) {
  showPath(nodes[data.ends[0]], nodes[data.ends[1]]);
  fit();
}
else showTable();
network.once("afterDrawing", () => { document.body.dataset.ready = "true"; });
window.briNetwork = { network, shapes, lines, nodes, edges, sentences, view, choose, showEdge, showPair, showPath, refresh, measures, dates };
