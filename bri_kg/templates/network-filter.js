// What is visible: the filters on the left, the years and their play button, and the neighbourhood of what is chosen.
const view = {
  nodeOn: nodes.map(() => true),
  edgeOn: edges.map(() => true),
  node: null, // one of node, edge and pair is chosen, or none
  edge: null,
  pair: null,
  path: null, // {ends: [node, node], nodes: [...], edges: [...]}
  opened: new Set(),
  sort: null,
};
const ticked = (id) => (byId(id) ? new Set(Array.from(document.querySelectorAll("#" + id + " input:checked"), (input) => input.value)) : null);

function timeFilter() {
  if (!byId("from")) return () => true;
  const from = byId("from").value || "0", to = byId("to").value || "9999";
  const undated = byId("undated").checked, phases = ticked("phases");
  return (item) => {
    const { earliest, latest } = item;
    if (!earliest && !latest) return undated;
    if ((latest && +latest.slice(0, 4) < +from) || (earliest && +earliest.slice(0, 4) > +to)) return false;
    return (phases.has("1") && (!earliest || earliest < data.phase)) || (phases.has("2") && (!latest || latest >= data.phase));
  };
}

function filter() {
  const kinds = ticked("kinds"), relations = ticked("relations"), sorts = ticked("voices"), holders = ticked("claimants");
  const within = timeFilter();
  const heard = voices.map((voice) => !sorts || !voice.text || (sorts.has(String(voice.sort)) && (!voice.holders.length || !holders || voice.holders.some((one) => holders.has(one)))));
  const hears = new Map(voices.map((voice, place) => [voice, heard[place]]));
  const visible = nodes.map((node) => kinds.has(node.kind) && (!(node.earliest || node.latest) || within(node)));
  view.edgeOn = edges.map((edge) =>
    relations.has(edge.label) && visible[edge.source] && visible[edge.target] && within(edge) && (!edge.voices.length || edge.voices.some((voice) => hears.get(voice))));
  const near = +byId("focus").value && view.node ? reach(view.node.index, +byId("focus").value) : null;
  if (near) view.edgeOn = edges.map((edge) => view.edgeOn[edge.index] && near.has(edge.source) && near.has(edge.target));
  const tied = new Set();
  for (const edge of edges) if (view.edgeOn[edge.index]) tied.add(edge.source).add(edge.target);
  view.nodeOn = nodes.map((node, index) => visible[index] && (near ? near.has(index) : tied.has(index) || !node.edges.length));
}

// The nodes within so many steps over what is visible.
function reach(start, steps) {
  const found = new Set([start]);
  let edge = [start];
  for (let step = 0; step < steps; step += 1) {
    const next = [];
    for (const index of edge) {
      for (const tie of nodes[index].edges) {
        const other = otherEnd(tie, index);
        if (view.edgeOn[tie.index] && !found.has(other)) { found.add(other); next.push(other); }
      }
    }
    edge = next;
  }
  return found;
}

const years = Array.from(new Set([...nodes, ...edges].flatMap((item) => [item.earliest.slice(0, 4), item.latest.slice(0, 4)]).filter((year) => /^\d{4}$/.test(year)))).map(Number).sort((one, other) => one - other);
let playing = 0;

function stopPlaying() {
  clearTimeout(playing);
  playing = 0;
  if (!byId("play")) return;
  byId("play").textContent = say("play");
  byId("play").setAttribute("aria-pressed", "false");
}

// The last year moves from the first one on to the end: the network as it grows.
function play() {
  if (playing) return stopPlaying();
  const from = +byId("from").value, last = +byId("to").max;
  const steps = years.filter((year) => year >= from && year <= last);
  byId("play").textContent = say("pause");
  byId("play").setAttribute("aria-pressed", "true");
  const step = (place) => {
    if (place >= steps.length) return stopPlaying();
    byId("to").value = steps[place];
    refresh();
    tell(say("year now", steps[place]));
    playing = setTimeout(step, still() ? 1600 : 800, place + 1);
  };
  step(0);
}

function showAll() {
  stopPlaying();
  for (const input of document.querySelectorAll("#filters input[type=checkbox]")) input.checked = true;
  for (const [id, end] of [["from", "min"], ["to", "max"]]) if (byId(id)) byId(id).value = byId(id)[end];
  byId("focus").value = "0";
}
