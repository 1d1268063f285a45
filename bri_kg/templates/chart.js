"use strict";
(async () => {
  const spec = JSON.parse(document.getElementById("spec").textContent);
  const refuse = () => Promise.reject(new Error("a chart loads nothing"));
  const made = await vegaEmbed("#picture", spec, {
    actions: false,
    ast: true,
    renderer: "svg",
    loader: { load: refuse, sanitize: refuse, http: refuse, file: refuse },
  });
  // Vega calls groups of marks symbols without giving them a name; their marks, and the table, say what there is.
  for (const group of document.querySelectorAll("#picture [role=graphics-symbol]:not([aria-label])")) {
    group.removeAttribute("role");
    group.removeAttribute("aria-roledescription");
  }
  const choose = (item) => {
    const row = item && item.datum && document.getElementById(`row-${item.datum.row}`);
    if (!row) return;
    for (const other of document.querySelectorAll("tr.chosen")) other.classList.remove("chosen");
    row.classList.add("chosen");
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  };
  made.view.addEventListener("click", (event, item) => choose(item));
  window.briChart = made.view;
  document.body.dataset.ready = "true";
})();
