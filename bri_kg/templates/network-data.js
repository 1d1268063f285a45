// What the page knows: nodes, edges and sentences, read from the short columns in the page; and small tools that all parts use.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const say = (key, ...values) => values.reduce((text, value) => text.replace("{}", () => value), data.words[key]);
const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const FACTUAL = 2; // the first sorts of voice, stated as fact and corrected by erratum, are no views
const BESIDE = 5; // from this sort on it is not the paper that speaks: links of ours, external records
const isFact = (voice) => !voice || !voice.text || voice.sort < FACTUAL;
const isBeside = (voice) => Boolean(voice && voice.text) && voice.sort >= BESIDE;

// The name of the graph behind an id: of a segment, or, with a prefix, of a mapping, a record or a dataset.
function graphOf(id) {
  const at = id.indexOf(":"), prefix = id.slice(0, Math.max(at, 0));
  return Object.hasOwn(data.beside, prefix) ? data.beside[prefix] + id.slice(at + 1) : data.segment + encodeURIComponent(id);
}

function iri(short) { return short.startsWith("~") ? short.slice(1) : data.base + short; }

const sentences = data.sentences.id.map((id, place) => ({
  id,
  reference: data.sentences.reference[place],
  gist: data.sentences.gist[place],
  notes: data.sentences.notes[place],
  works: data.sentences.works[place].map(([work, address]) => [data.strings[work], data.strings[address]]),
}));
const voices = data.voices.map(([text, sort, holders]) => ({ text, sort, holders }));
const nodes = data.nodes.id.map((id, index) => ({
  index,
  id: iri(id),
  label: data.nodes.label[index],
  names: data.nodes.names[index] || [],
  kind: data.strings[data.nodes.kind[index]],
  look: data.looks[data.nodes.look[index]],
  x: data.nodes.x[index],
  y: data.nodes.y[index],
  earliest: data.strings[data.nodes.from[index]],
  latest: data.strings[data.nodes.to[index]],
  betweenness: data.nodes.betweenness[index],
  pagerank: data.nodes.pagerank[index],
  edges: [],
}));
const edges = data.edges.source.map((source, index) => {
  const said = data.said[data.edges.said[index]];
  const spoken = [];
  for (let place = 0; place < said.length; place += 2) spoken.push([sentences[said[place]], voices[said[place + 1]]]);
  const edge = {
    index,
    source,
    target: data.edges.target[index],
    label: data.strings[data.edges.label[index]],
    relation: data.strings[data.edges.relation[index]],
    earliest: data.strings[data.edges.from[index]],
    latest: data.strings[data.edges.to[index]],
    spoken,
    voices: Array.from(new Set(spoken.map(([, voice]) => voice))),
  };
  edge.beside = edge.voices.length > 0 && edge.voices.every(isBeside);
  edge.view = !edge.beside && edge.voices.some((voice) => voice.text) && !edge.voices.some((voice) => voice.sort < FACTUAL);
  nodes[source].edges.push(edge);
  if (edge.target !== source) nodes[edge.target].edges.push(edge);
  return edge;
});
const nodeById = new Map(nodes.map((node) => [node.id, node]));

// Parallel edges: those between the same two nodes, whatever their direction.
const pairs = new Map();
for (const edge of edges) {
  const key = Math.min(edge.source, edge.target) + "-" + Math.max(edge.source, edge.target);
  if (!pairs.has(key)) pairs.set(key, { key, edges: [] });
  edge.pair = pairs.get(key);
  edge.pair.edges.push(edge);
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function button(text, act, className) {
  const made = element("button", text, className);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function tell(text) { byId("status").textContent = text; }

// A date as exact as it is known: a span of whole years or months is told in years or months.
function dates({ earliest, latest }) {
  if (earliest === latest) return earliest;
  if (!earliest) return say("until", latest);
  if (!latest) return say("since", earliest);
  const [year, month] = latest.split("-");
  const isMonths = earliest.endsWith("-01") && +latest.slice(8) === new Date(Date.UTC(+year, +month, 0)).getUTCDate();
  const kept = isMonths ? (earliest.endsWith("-01-01") && latest.endsWith("-12-31") ? 4 : 7) : 10;
  const first = earliest.slice(0, kept), last = latest.slice(0, kept);
  return first === last ? first : say("to", first, last);
}

const otherEnd = (edge, index) => (edge.source === index ? edge.target : edge.source);

// Names that hold what is typed, the best first: the whole label, then labels, then other names.
function namesHolding(typed) {
  const wanted = folded(typed.trim());
  if (!wanted) return [];
  const found = [[], [], [], []];
  for (const node of nodes) {
    const label = folded(node.label);
    if (label === wanted) found[0].push(node);
    else if (node.names.some((name) => folded(name) === wanted)) found[1].push(node);
    else if (label.includes(wanted)) found[2].push(node);
    else if (node.names.some((name) => folded(name).includes(wanted))) found[3].push(node);
  }
  return found.flat();
}
