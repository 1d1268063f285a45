// The same relations as a table that follows the filters; sorted by a click on a heading, and long ones opened on demand.
const FIRST_ROWS = 100;
let allRows = false;
const collator = new Intl.Collator(data.language, { numeric: true });
const columns = {
  source: (edge) => nodes[edge.source].label,
  relation: (edge) => edge.label || say("related"),
  target: (edge) => nodes[edge.target].label,
  date: (edge) => dates(edge),
  voice: (edge) => edge.voices.map((voice) => voice.text).join("; "),
  sentences: (edge) => edge.spoken.map(([sentence]) => sentence && (sentence.reference || sentence.id)).filter(Boolean).join("; "),
};
const sortKeys = Object.assign({}, columns, { date: (edge) => edge.earliest || edge.latest });

function visibleEdges() {
  const on = edges.filter((edge) => view.edgeOn[edge.index]);
  if (!view.sort) return on;
  const key = sortKeys[view.sort.column], sign = view.sort.down ? -1 : 1;
  const keyed = on.map((edge) => [key(edge), edge]);
  keyed.sort(([one, a], [other, b]) => (!one || !other ? Number(!one) - Number(!other) : sign * collator.compare(one, other)) || a.index - b.index);
  return keyed.map(([, edge]) => edge);
}

function row(edge) {
  const made = element("tr");
  const cell = (content) => { const box = element("td"); box.append(content); made.append(box); };
  cell(nodeButton(edge.source));
  cell(edgeButton(edge));
  cell(nodeButton(edge.target));
  for (const column of ["date", "voice", "sentences"]) cell(columns[column](edge));
  if (edge.view) made.className = "claim";
  made.dataset.edge = edge.index;
  return made;
}

let tabled = "";

function showTable() {
  const wanted = view.edgeOn.map(Number).join("") + JSON.stringify(view.sort) + allRows;
  const body = byId("rows").tBodies[0];
  if (wanted !== tabled) {
    tabled = wanted;
    const on = visibleEdges(), shown = allRows ? on : on.slice(0, FIRST_ROWS);
    body.replaceChildren(...shown.map(row));
    byId("more").hidden = shown.length === on.length;
    byId("more").textContent = say("more rows", on.length);
  }
  for (const one of body.rows) {
    if (view.edge && +one.dataset.edge === view.edge.index) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  byId("visible").textContent = say("visible", view.nodeOn.filter(Boolean).length, nodes.length, view.edgeOn.filter(Boolean).length, edges.length);
  for (const head of document.querySelectorAll("#rows th")) {
    const column = head.firstElementChild.dataset.sort;
    head.setAttribute("aria-sort", view.sort && view.sort.column === column ? (view.sort.down ? "descending" : "ascending") : "none");
  }
}

function sortBy(column) {
  const down = Boolean(view.sort && view.sort.column === column && !view.sort.down);
  view.sort = { column, down };
  showTable();
  saveView();
}

function showMore() {
  allRows = true;
  showTable();
  const next = byId("rows").tBodies[0].rows[FIRST_ROWS];
  if (next) next.querySelector("button").focus();
}
