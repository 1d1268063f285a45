// The whole view in the address after "#", so that a link leads back to it. What is read from there is compared with what is known, never run.
const LISTS = { k: "kinds", r: "relations", v: "voices", c: "claimants", h: "phases" };
const shortId = (node) => (node.id.startsWith(data.base) ? node.id.slice(data.base.length) : "~" + node.id);
const edgeKey = (edge) => [shortId(nodes[edge.source]), edge.relation || edge.label, shortId(nodes[edge.target])].join(" ");
let saving = 0, restoring = false, saved = "";

function writeView() {
  const made = new URLSearchParams();
  for (const [key, id] of Object.entries(LISTS)) {
    const boxes = Array.from(document.querySelectorAll("#" + id + " input"));
    const off = boxes.filter((box) => !box.checked), on = boxes.filter((box) => box.checked);
    if (!off.length) continue;
    const keepsOff = off.length <= on.length;
    for (const box of keepsOff ? off : on) made.append(keepsOff ? key : key + "+", box.value);
    if (!on.length) made.append(key + "+", "");
  }
  if (byId("from") && (byId("from").value !== byId("from").min || byId("to").value !== byId("to").max)) made.set("y", byId("from").value + "-" + byId("to").value);
  if (byId("undated") && !byId("undated").checked) made.set("u", "0");
  if (byId("search").value) made.set("q", byId("search").value);
  if (view.node) made.set("n", shortId(view.node));
  if (view.edge) made.set("e", edgeKey(view.edge));
  if (view.pair) for (const end of [view.pair.edges[0].source, view.pair.edges[0].target]) made.append("o", shortId(nodes[end]));
  if (view.path) for (const node of view.path.ends) made.append("p", shortId(node));
  if (byId("focus").value !== "0") made.set("f", byId("focus").value);
  if (byId("size").value !== "degree") made.set("m", byId("size").value);
  if (byId("bundle").checked !== data.bundle) made.set("b", byId("bundle").checked ? "1" : "0");
  if (view.sort) made.set("s", (view.sort.down ? "-" : "") + view.sort.column);
  return made.toString();
}

function saveView() {
  if (restoring) return;
  clearTimeout(saving);
  saving = setTimeout(() => {
    saved = writeView();
    byId("link").href = "#" + saved;
    try { history.replaceState(null, "", "#" + saved); } catch { /* a page that may not say where it is keeps its address */ }
  }, 200);
}

function restoreView() {
  const hash = location.hash.slice(1, 50000);
  if (hash === saved) return;
  let read;
  try { read = new URLSearchParams(hash); } catch { return; }
  restoring = true;
  showAll();
  pick({});
  emptyEnds();
  view.opened.clear();
  for (const [key, id] of Object.entries(LISTS)) {
    const off = new Set(read.getAll(key)), on = read.has(key + "+") ? new Set(read.getAll(key + "+")) : null;
    for (const box of document.querySelectorAll("#" + id + " input")) box.checked = on ? on.has(box.value) : !off.has(box.value);
  }
  const span = /^(-?\d{1,4})-(-?\d{1,4})$/.exec(read.get("y") || "");
  if (span && byId("from")) [byId("from").value, byId("to").value] = [span[1], span[2]];
  if (byId("undated")) byId("undated").checked = read.get("u") !== "0";
  const known = (id, value, other) => (Array.from(byId(id).options, (option) => option.value).includes(value) ? value : other);
  byId("focus").value = known("focus", read.get("f"), "0");
  byId("size").value = known("size", read.get("m"), "degree");
  byId("bundle").checked = read.has("b") ? read.get("b") === "1" : data.bundle;
  byId("search").value = (read.get("q") || "").slice(0, 200);
  search();
  const sort = read.get("s") || "", column = sort.replace(/^-/, "");
  view.sort = Object.hasOwn(columns, column) ? { column, down: sort.startsWith("-") } : null;
  const node = (short) => (typeof short === "string" ? nodeById.get(iri(short)) || null : null);
  const wanted = read.get("e");
  const path = read.getAll("p").slice(0, 2).map(node), opened = read.getAll("o").slice(0, 2).map(node);
  orderNames();
  if (path.length === 2 && path[0] && path[1]) showPath(path[0], path[1]);
  else if (node(read.get("n"))) pick({ node: node(read.get("n")) });
  else if (wanted) pick({ edge: edges.find((edge) => edgeKey(edge) === wanted) || null });
  else if (opened.length === 2 && opened[0] && opened[1]) {
    const key = opened.map((one) => one.index).sort((one, other) => one - other).join("-");
    if (pairs.has(key)) { view.opened.add(key); pick({ pair: pairs.get(key) }); }
  }
  refresh();
  if (byId("focus").value !== "0" && view.node) fit();
  restoring = false;
  saved = hash;
  byId("link").href = "#" + hash;
}
