// The picture by keyboard: arrows walk from node to node, Enter reads, plus and minus zoom, 0 shows all, Escape lets go.
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The nearest visible node that way; one aside counts as further off.
function nextNode(from, [dx, dy]) {
  const start = network.getPosition(from.index);
  let best = null, least = Infinity;
  for (const node of nodes) {
    if (node === from || !view.nodeOn[node.index]) continue;
    const place = network.body.nodes[node.index], x = place.x - start.x, y = place.y - start.y;
    const along = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (along <= 0 || aside > 1.5 * along) continue;
    const cost = along + 2 * aside;
    if (cost < least) { least = cost; best = node; }
  }
  return best;
}

function zoom(factor) {
  network.moveTo({ scale: Math.min(10, Math.max(0.02, network.getScale() * factor)), animation: false });
  showArrows();
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const arrow = ARROWS[event.key];
  if (arrow) {
    const from = view.node && view.nodeOn[view.node.index] ? view.node : null;
    const next = from ? nextNode(from, arrow) : bySize.find((node) => view.nodeOn[node.index]);
    if (next) choose(next.index);
  } else if (event.key === "Enter") byId("panel").focus();
  else if (event.key === "+" || event.key === "=") zoom(1.25);
  else if (event.key === "-") zoom(0.8);
  else if (event.key === "0") fit();
  else if (event.key === "Escape") letGo();
  else return;
  event.preventDefault();
}
