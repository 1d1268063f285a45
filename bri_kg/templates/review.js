"use strict";
// What comes from the table and the graph is only ever set as text: no markup is built from it.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const list = document.getElementById("matches");
  const filter = document.getElementById("filter");
  const decisions = new Map(); // place of a row -> {decision, candidate}

  function element(name, text, parent) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (parent) parent.append(made);
    return made;
  }

  function chosen(place) {
    const row = data.rows[place];
    const made = decisions.get(place);
    return row.candidates[made ? made.candidate : 0];
  }

  function parts(holder, candidate) {
    holder.replaceChildren();
    const table = element("table", undefined, holder);
    for (const [feature, bits, said] of candidate.parts) {
      const line = element("tr", undefined, table);
      element("td", feature, line);
      element("td", (bits > 0 ? "+" : "") + bits.toFixed(1), line).className = "bits";
      element("td", said, line);
    }
  }

  function draw(place) {
    const row = data.rows[place];
    const item = element("li");
    item.className = "match";
    item.tabIndex = -1;
    item.dataset.place = String(place);
    const pair = element("div", undefined, item);
    pair.className = "pair";
    const left = element("div", undefined, pair);
    element("strong", row.name, left);
    element("small", " " + words.row + " " + row.row, left);
    const cells = element("details", undefined, left);
    element("summary", words.row, cells);
    const table = element("table", undefined, cells);
    for (const [column, cell] of row.cells) {
      const line = element("tr", undefined, table);
      element("td", column, line);
      element("td", cell, line);
    }
    const right = element("div", undefined, pair);
    const label = element("strong", "", right);
    const told = element("small", "", right);
    if (row.candidates.length > 1) {
      const choice = element("select", undefined, element("label", words.other + " ", element("div", undefined, right)));
      row.candidates.forEach((one, number) => {
        element("option", one.label + " (" + one.score.toFixed(2) + ")", choice).value = String(number);
      });
      choice.addEventListener("change", () => {
        decisions.set(place, { decision: decisions.get(place)?.decision ?? "", candidate: Number(choice.value) });
        show(item, place);
      });
    }
    const why = element("details", undefined, right);
    element("summary", words.why, why);
    const holder = element("div", undefined, why);
    const actions = element("div", undefined, item);
    actions.className = "bar actions";
    for (const decision of ["accept", "reject"]) {
      const button = element("button", words[decision], actions);
      button.type = "button";
      button.addEventListener("click", () => decide(place, decision));
    }
    const undo = element("button", words.undo, actions);
    undo.type = "button";
    undo.addEventListener("click", () => decide(place, ""));
    element("span", "", actions).className = "state";
    item.fill = () => {
      const candidate = chosen(place);
      label.textContent = candidate.label;
      told.textContent = " " + candidate.id + " · " + words.score + " " + candidate.score.toFixed(2) + " · " + candidate.predicate + (row.remark ? " · " + row.remark : "");
      parts(holder, candidate);
    };
    show(item, place);
    return item;
  }

  function show(item, place) {
    const decision = decisions.get(place)?.decision ?? "";
    item.dataset.decision = decision;
    item.querySelector(".state").textContent = decision ? words[decision + "ed"] : "";
    item.setAttribute("aria-label", data.rows[place].name + ": " + (decision ? words[decision + "ed"] : words.undecided));
    item.fill();
  }

  function isShown(place) {
    const decision = decisions.get(place)?.decision ?? "";
    return filter.value === "all" || filter.value === (decision || "undecided");
  }

  function redraw(focus) {
    list.replaceChildren();
    data.rows.forEach((_, place) => {
      if (isShown(place)) list.append(draw(place));
    });
    count();
    const items = [...list.children];
    if (focus !== undefined && items.length) {
      (items.find((one) => Number(one.dataset.place) >= focus) ?? items[items.length - 1]).focus();
    }
  }

  function count() {
    const made = [...decisions.values()].filter((one) => one.decision).length;
    document.getElementById("count").textContent = words.decided.replace("{}", made).replace("{}", data.rows.length);
    document.getElementById("empty").hidden = list.children.length > 0;
  }

  function decide(place, decision) {
    decisions.set(place, { decision, candidate: decisions.get(place)?.candidate ?? 0 });
    const item = [...list.children].find((one) => Number(one.dataset.place) === place);
    if (!item) return;
    if (isShown(place)) {
      show(item, place);
      count();
      item.focus();
    } else {
      const next = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      count();
      if (next) next.focus();
    }
  }

  function current() {
    return document.activeElement?.closest?.("li.match") ?? null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || ["SELECT", "INPUT", "TEXTAREA"].includes(event.target.tagName)) return;
    const item = current();
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = item ? (step > 0 ? item.nextElementSibling : item.previousElementSibling) : list.firstElementChild;
      if (next) next.focus();
      event.preventDefault();
    } else if (item && { a: 1, r: 1, u: 1 }[event.key]) {
      decide(Number(item.dataset.place), { a: "accept", r: "reject", u: "" }[event.key]);
      event.preventDefault();
    }
  });

  function decided() {
    return data.rows
      .map((row, place) => ({ row, place, made: decisions.get(place) }))
      .filter((one) => one.made && one.made.decision)
      .map((one) => ({ ...one, candidate: chosen(one.place) }));
  }

  function save(name, text, type) {
    const link = element("a");
    const address = URL.createObjectURL(new Blob([text], { type }));
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  const flat = (text) => String(text).replace(/\s+/g, " ").trim();
  const quoted = (text, split) => (text.includes('"') || text.includes(split) ? '"' + text.replaceAll('"', '""') + '"' : text);

  function sssom() {
    const name = data.table.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") + "-reviewed";
    const today = new Date().toISOString().slice(0, 10);
    const head = [
      'sssom_version: "1.1"',
      "mapping_set_id: https://w3id.org/bri-kg/mapping-set/" + name,
      "mapping_set_title: " + JSON.stringify(flat(data.table)),
      'mapping_set_description: "Matches that bri-kg link found and a person decided."',
      "license: https://creativecommons.org/licenses/by/4.0/",
      "mapping_date: " + today,
      "curie_map:",
      ...Object.entries(data.prefixes).map(([prefix, space]) => "  " + prefix + ": " + space),
      "  row: " + data.record + name + "/",
      "extension_definitions:",
      ...["file", "row"].flatMap((one) => ["  - slot_name: evidence_" + one, "    property: bri:evidence" + (one === "file" ? "File" : "Row"), "    type_hint: xsd:string"]),
    ];
    const columns = "subject_id subject_label predicate_id predicate_modifier object_id object_label mapping_justification confidence mapping_tool mapping_tool_version mapping_date evidence_file evidence_row".split(" ");
    const rows = decided().map(({ row, made, candidate }) => [
      candidate.id, candidate.label, candidate.predicate, made.decision === "reject" ? "Not" : "",
      "row:" + row.id, row.name, "semapv:ManualMappingCuration", candidate.score.toFixed(3), "bri-kg link", data.version, today, data.table, String(row.row),
    ]);
    rows.sort((one, other) => (one[0] + one[4] < other[0] + other[4] ? -1 : 1));
    const table = [columns, ...rows].map((row) => row.map((cell) => quoted(flat(cell), "\t")).join("\t"));
    return [name, head.map((line) => "#" + line + "\n").join("") + table.join("\n") + "\n"];
  }

  function csv() {
    const rows = decided().map(({ row, made, candidate }) => [row.row, row.name, made.decision, candidate.id, candidate.label, candidate.score, candidate.predicate]);
    const safe = (text) => (/^[=+\-@\t\r]/.test(text) ? "'" + text : text); // a spreadsheet would run such a cell as a formula
    return [["row", "name", "decision", "node", "label", "score", "predicate"], ...rows]
      .map((row) => row.map((cell) => quoted(safe(flat(cell)), ",")).join(",")).join("\r\n") + "\r\n";
  }

  document.getElementById("sssom").addEventListener("click", () => {
    const [name, text] = sssom();
    save(name + ".sssom.tsv", text, "text/tab-separated-values");
  });
  document.getElementById("csv").addEventListener("click", () => save("decisions.csv", "\ufeff" + csv(), "text/csv"));
  filter.addEventListener("change", () => redraw());
  redraw();
  document.body.dataset.ready = "true";
  window.reviewed = { sssom: () => sssom()[1], csv };
})();
