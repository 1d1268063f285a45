// What is visible, taken away as tables and graphs for other programs; made in the page, sent nowhere.
const hostless = (text) => text.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "network";
const full = (relation) => (relation ? iri(relation) : "");
const isIri = (text) => /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(text);

// A cell that a spreadsheet would run as a formula begins with an apostrophe.
function cell(value) {
  const text = String(value);
  return '"' + (/^[=+\-@\t\r\n]/.test(text) ? "'" + text : text).replace(/"/g, '""') + '"';
}

function csvText() {
  const head = ["source", "relation", "target", "earliest", "latest", "voice", "segments", "references", "gists", "source_iri", "relation_iri", "target_iri"];
  const lines = visibleEdges().map((edge) => {
    const told = edge.spoken.map(([sentence]) => sentence).filter(Boolean);
    return [columns.source(edge), edge.label, columns.target(edge), edge.earliest, edge.latest, columns.voice(edge), told.map((one) => one.id).join(" "),
      told.map((one) => one.reference).join("; "), told.map((one) => one.gist).join(" | "), nodes[edge.source].id, full(edge.relation), nodes[edge.target].id];
  });
  return "\ufeff" + [head, ...lines].map((line) => line.map(cell).join(",") + "\r\n").join("");
}

function graphmlText() {
  const space = "http://graphml.graphdrawing.org/xmlns";
  const made = document.implementation.createDocument(space, "graphml", null);
  const add = (parent, name, attributes, text) => {
    const one = made.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, clean(String(value)));
    if (text !== undefined) one.textContent = clean(String(text));
    parent.append(one);
    return one;
  };
  const root = made.documentElement;
  const keys = {
    graph: ["title", "source", "language"],
    node: ["label", "iri", "kind", "names", "earliest", "latest", "x", "y"],
    edge: ["label", "relation", "earliest", "latest", "voice", "segments", "sentences"],
  };
  for (const [sort, names] of Object.entries(keys)) {
    for (const name of names) add(root, "key", { id: sort + "-" + name, for: sort, "attr.name": name, "attr.type": name === "x" || name === "y" ? "double" : "string" });
  }
  const graph = add(root, "graph", { edgedefault: "directed" });
  const values = (parent, sort, list) => list.forEach((value, place) => { if (value !== "") add(parent, "data", { key: sort + "-" + keys[sort][place] }, value); });
  values(graph, "graph", [data.title, data.source, data.language]);
  for (const node of nodes) {
    if (!view.nodeOn[node.index]) continue;
    const place = network.getPosition(node.index);
    values(add(graph, "node", { id: "n" + node.index }), "node", [node.label, node.id, node.kind, node.names.join(" | "), node.earliest, node.latest, place.x, place.y]);
  }
  for (const edge of edges) {
    if (!view.edgeOn[edge.index]) continue;
    const told = edge.spoken.map(([sentence]) => sentence).filter(Boolean);
    values(add(graph, "edge", { id: "e" + edge.index, source: "n" + edge.source, target: "n" + edge.target }), "edge", [edge.label, full(edge.relation), edge.earliest, edge.latest,
      columns.voice(edge), told.map((one) => one.id).join(" "), told.map((one) => one.reference + ": " + one.gist).join(" | ")]);
  }
  return '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(made) + "\n";
}

// Relations are statements told of, with their voice and sentences: a view does not become a fact on the way out.
function jsonldText() {
  const named = (iri) => (isIri(iri) ? { "@id": iri } : iri);
  const context = {
    rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#", rdfs: "http://www.w3.org/2000/01/rdf-schema#", skos: "http://www.w3.org/2004/02/skos/core#", dcterms: "http://purl.org/dc/terms/",
    label: "rdfs:label", altLabel: "skos:altLabel", kind: "dcterms:type", date: "dcterms:date", voice: "skos:note", sentence: "dcterms:source",
    subject: "rdf:subject", predicate: "rdf:predicate", object: "rdf:object", gist: "dcterms:abstract", reference: "dcterms:bibliographicCitation",
  };
  const id = (node) => (isIri(node.id) ? node.id : "urn:x-bri-kg:" + encodeURIComponent(node.id));
  const told = new Set();
  const things = nodes.filter((node) => view.nodeOn[node.index]).map((node) => ({ "@id": id(node), label: node.label, altLabel: node.names, kind: node.kind, date: dates(node) || undefined }));
  const ties = edges.filter((edge) => view.edgeOn[edge.index]).map((edge) => ({
    "@type": "rdf:Statement", subject: { "@id": id(nodes[edge.source]) }, predicate: edge.relation ? named(full(edge.relation)) : undefined, object: { "@id": id(nodes[edge.target]) },
    label: edge.label, date: dates(edge) || undefined, voice: edge.voices.map((voice) => voice.text).filter(Boolean),
    sentence: edge.spoken.filter(([sentence]) => sentence).map(([sentence]) => { told.add(sentence); return named(graphOf(sentence.id)); }),
  }));
  const ours = new Set(edges.flatMap((edge) => edge.spoken.filter(([sentence, voice]) => sentence && isBeside(voice)).map(([sentence]) => sentence)));
  const sources = Array.from(told, (one) => ({ "@id": graphOf(one.id), reference: one.reference, gist: { "@value": one.gist, "@language": ours.has(one) ? data.language : "en" } }));
  const set = { "@type": "dcterms:Dataset", "dcterms:title": { "@value": data.title, "@language": data.language }, "dcterms:bibliographicCitation": data.source, "dcterms:license": { "@id": "https://creativecommons.org/licenses/by/4.0/" } };
  return JSON.stringify({ "@context": context, "@graph": [set, ...things, ...ties, ...sources] }, null, 1).replace(/[\ud800-\udfff]/gu, "\ufffd") + "\n";
}

const takers = {
  PNG: async () => ["png", await pngOf(svgText())],
  SVG: () => ["svg", new Blob(['<?xml version="1.0" encoding="UTF-8"?>\n', svgText(), "\n"], { type: "image/svg+xml" })],
  CSV: () => ["csv", new Blob([csvText()], { type: "text/csv;charset=utf-8" })],
  GraphML: () => ["graphml", new Blob([graphmlText()], { type: "application/xml" })],
  "JSON-LD": () => ["jsonld", new Blob([jsonldText()], { type: "application/ld+json" })],
};

async function take(format) {
  const [ending, blob] = await takers[format]();
  const link = element("a");
  link.download = hostless(data.title) + "." + ending;
  link.href = URL.createObjectURL(blob);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  tell(say("taken", link.download));
}
