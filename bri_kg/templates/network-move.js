// "Let it move": nodes push each other off and ties pull, for five seconds at most; never for those who asked for reduced motion.
const LONGEST = 5000;
let moving = 0;

function stopMoving() {
  cancelAnimationFrame(moving);
  moving = 0;
  byId("move").textContent = say("move");
  byId("move").setAttribute("aria-pressed", "false");
  network.redraw();
}

function letMove() {
  if (moving) return stopMoving();
  if (still()) return undefined;
  byId("move").textContent = say("still");
  byId("move").setAttribute("aria-pressed", "true");
  const on = nodes.filter((node) => view.nodeOn[node.index]).map((node) => ({ body: network.body.nodes[node.index], dx: 0, dy: 0 }));
  const place = new Map(on.map((one) => [one.body.id, one]));
  const ties = [];
  for (const pair of pairs.values()) {
    const edge = pair.edges.find((one) => view.edgeOn[one.index]);
    if (edge && edge.source !== edge.target) ties.push([place.get(edge.source), place.get(edge.target)]);
  }
  const length = 110, far = 4 * length, began = performance.now();
  const frame = (now) => {
    const left = 1 - (now - began) / LONGEST;
    if (left <= 0) return stopMoving();
    const cells = new Map();
    for (const one of on) {
      one.dx = one.dy = 0;
      one.cell = [Math.floor(one.body.x / far), Math.floor(one.body.y / far)];
      const key = one.cell.join();
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(one);
    }
    for (const one of on) {
      for (let x = -1; x <= 1; x += 1) {
        for (let y = -1; y <= 1; y += 1) {
          for (const other of cells.get(one.cell[0] + x + "," + (one.cell[1] + y)) || []) {
            const dx = one.body.x - other.body.x, dy = one.body.y - other.body.y, apart = dx * dx + dy * dy;
            if (one === other || apart > far * far) continue;
            const push = (length * length) / Math.max(apart, 100);
            one.dx += dx * push || 0.1;
            one.dy += dy * push;
          }
        }
      }
    }
    for (const [one, other] of ties) {
      const dx = one.body.x - other.body.x, dy = one.body.y - other.body.y, pull = Math.hypot(dx, dy) / length;
      one.dx -= dx * pull; one.dy -= dy * pull; other.dx += dx * pull; other.dy += dy * pull;
    }
    const most = 24 * left;
    let stirred = 0;
    for (const one of on) {
      const far = Math.hypot(one.dx, one.dy) || 1, step = Math.min(most, 0.05 * far);
      one.body.x += (one.dx / far) * step;
      one.body.y += (one.dy / far) * step;
      stirred = Math.max(stirred, step);
    }
    network.redraw();
    if (stirred < 0.2) return stopMoving();
    moving = requestAnimationFrame(frame);
    return undefined;
  };
  moving = requestAnimationFrame(frame);
  return undefined;
}
