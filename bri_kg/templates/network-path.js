// The shortest path between two nodes over what is visible, walked both ways, and the fields in which its ends are named.
const ends = [null, null];
const endFields = ["path-from", "path-to"];

// Breadth-first; of the ties between two nodes of the path all visible ones are kept, facts before views.
function shortestPath(from, to) {
  const came = new Map([[from.index, null]]);
  const queue = [from.index];
  for (let place = 0; place < queue.length && !came.has(to.index); place += 1) {
    const index = queue[place];
    for (const edge of nodes[index].edges) {
      const other = otherEnd(edge, index);
      if (view.edgeOn[edge.index] && view.nodeOn[other] && !came.has(other)) { came.set(other, index); queue.push(other); }
    }
  }
  if (!came.has(to.index)) return { ends: [from, to], nodes: [], edges: [] };
  const along = [];
  for (let index = to.index; index !== null; index = came.get(index)) along.unshift(index);
  const ties = [];
  for (let place = 1; place < along.length; place += 1) {
    const between = nodes[along[place]].edges.filter((edge) => view.edgeOn[edge.index] && otherEnd(edge, along[place]) === along[place - 1]);
    ties.push(...between.sort((one, other) => one.view - other.view || one.index - other.index).map((edge) => edge.index));
  }
  return { ends: [from, to], nodes: along, edges: ties };
}

function setEnd(place, node) { ends[place] = node; byId("path-note").textContent = ""; }

function readEnd(place) {
  const typed = byId(endFields[place]).value.trim();
  if (!typed) return null;
  return ends[place] && ends[place].label === typed ? ends[place] : namesHolding(typed)[0] || null;
}

function findPath() {
  const found = [readEnd(0), readEnd(1)];
  const unknown = endFields.some((id, place) => byId(id).value.trim() && !found[place]);
  if (!found[0] || !found[1]) { byId("path-note").textContent = say(unknown ? "no name" : "path two"); return; }
  showPath(found[0], found[1], true);
}

function showPath(from, to, toPanel) {
  [from, to].forEach((node, place) => { ends[place] = node; byId(endFields[place]).value = node.label; });
  byId("focus").value = "0";
  pick({ path: { ends: [from, to], nodes: [], edges: [] } });
  refresh();
  const path = view.path;
  const told = path.nodes.length ? say("path steps", from.label, to.label, path.nodes.length - 1) : say("no path", from.label, to.label);
  byId("path-note").textContent = told;
  byId("panel").scrollTop = 0;
  if (path.nodes.length) fit(path.nodes);
  if (toPanel && path.nodes.length) byId("panel").focus({ preventScroll: true });
}

function emptyEnds() {
  ends.fill(null);
  for (const id of endFields) byId(id).value = "";
  byId("path-note").textContent = "";
}

function clearPath() {
  emptyEnds();
  if (view.path) letGo();
}

function listNames() {
  const list = byId("names");
  if (list.childElementCount) return;
  list.append(...nodes.map((node) => Object.assign(document.createElement("option"), { value: node.label })));
}
