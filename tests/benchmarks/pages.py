"""Pages of networks side by side in headless Chromium: ours, pyvis as it comes and without physics, gravis, ipysigma. No test depends on it.

Run: python3 tests/benchmarks/pages.py [--rivals PYTHON] [--served FOLDER] [--sizes 200 2000] [--times 3]

``--rivals`` is a Python that has gravis and ipysigma (python3 -m venv x && x/bin/pip install gravis ipysigma). A page of ipysigma's fetches its
script from the network; ``--served`` is a folder of npm's (npm install requirejs @jupyter-widgets/html-manager) from which the fetches are
answered at once, and without it there is no picture to measure. All other requests fail at once, as without network; they are counted.

A picture is **stable** at the last moment at which the screen changed, told by the browser's own screencast at 640 x 400, which sends a frame for
each change: nothing differs for 1.5 s after it (3 s within the first 10 s, in which a library may still be computing), and what is seen is a
picture, not a blank page or a bar of progress: its frame has more than 20 kB as PNG, and the time of the **first** such frame is given too. One
that still moves after 40 s is not stable. The time runs from the start of the navigation and holds reading the file, running the scripts, laying
out and drawing. Bytes are those of the file and of what was fetched. **Frames a second** are counted in the page while the mouse drags the
picture to and fro and turns its wheel for 3 s, after it is stable or, where it never is, after 40 s.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("BRI_KG_CACHE", tempfile.mkdtemp(prefix="bri-kg-bench-"))

import networkx
from playwright.sync_api import Browser, Page, Route, sync_playwright

import bri_kg
from bri_kg.pictures.pages import draw

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PATIENCE, QUIET, QUIET_AT_FIRST, PICTURE = 40.0, 1.5, 3.0, 20_000
FRAMES = "() => { window.__f = 0; const step = () => { window.__f += 1; requestAnimationFrame(step); }; requestAnimationFrame(step); }"

RIVALS = """
import json, sys
import networkx
kind, source, path = sys.argv[1:]
graph = networkx.node_link_graph(json.load(open(source, encoding="utf-8")), edges="links")
if kind == "gravis":
    import gravis
    gravis.d3(graph, node_label_data_source="label").export_html(path, overwrite=True)
else:
    from ipysigma import Sigma
    Sigma.write_html(graph, path, fullscreen=True, node_label="label")
"""


class Outcome(NamedTuple):
    """What was seen of a page: seconds to a first and to a stable picture (None: not within the patience), frames a second, and what it fetched."""

    first: float | None
    stable: float | None
    frames: float
    requests: int
    fetched: int


def make_network(size: int) -> networkx.MultiDiGraph:
    """Return a network of this size with labels, dates and real sentences, as long as those of the paper's graph."""
    sentences = bri_kg.load().network("network-everything").graph["sentences"]
    ids = sorted(sentences)
    made = networkx.MultiDiGraph(networkx.gnm_random_graph(size, 2 * size, seed=2, directed=True))
    for node, data in made.nodes(data=True):
        label = f"Entity number {node} of the graph"
        data.update(label=label, kind="State", type="State", names=[label])
    for number, (*_, data) in enumerate(made.edges(data=True)):
        data.update(
            label=f"relation {number % 30}",
            relation=f"https://w3id.org/bri-kg/ontology#r{number % 30}",
            segments=[ids[number % len(ids)]],
            voice="stated as fact",
            earliest=f"20{number % 23:02}-01-01",
            latest=f"20{number % 23:02}-12-31",
        )
    network = networkx.relabel_nodes(made, lambda node: f"https://w3id.org/bri-kg/project/entity-{node}")
    network.graph.update(language="en", sentences=sentences)
    return network


def write_pages(network: networkx.MultiDiGraph, folder: Path, rivals: str) -> dict[str, Path]:
    """Write the page of each library; those that are not installed are left out, and said."""
    import json

    pages = {"bri-kg": draw(network, folder / "ours.html", "Made up by the benchmark")}
    from pyvis.network import Network

    for name, physics in (("pyvis as it comes", True), ("pyvis without physics", False)):
        picture = Network(directed=True, cdn_resources="in_line")
        for node, data in network.nodes(data=True):
            picture.add_node(node, label=data["label"])
        picture.add_edges([(a, b) for a, b in network.edges()])
        picture.toggle_physics(physics)
        pages[name] = folder / f"{name.replace(' ', '-')}.html"
        pages[name].write_text(picture.generate_html(notebook=False), encoding="utf-8")
    plain = networkx.DiGraph()
    plain.add_nodes_from((node, {"label": data["label"]}) for node, data in network.nodes(data=True))
    plain.add_edges_from(network.edges())
    source = folder / "plain.json"
    source.write_text(json.dumps(networkx.node_link_data(plain, edges="links")), encoding="utf-8")
    for name in ("gravis", "ipysigma"):
        path = folder / f"{name}.html"
        done = subprocess.run([rivals, "-c", RIVALS, name, str(source), str(path)], capture_output=True, text=True)
        if done.returncode:
            print(f"{name} is left out: {(done.stderr.strip().splitlines() or ['?'])[-1]}", file=sys.stderr)
        else:
            pages[name] = path
            text = path.read_text(
                encoding="utf-8"
            )  # npm has another build of require.js than the one whose digest is named
            path.write_text(re.sub(r'integrity="[^"]*"', "", text), encoding="utf-8")
    return pages


def _answer(route: Route, seen: list[int], served: Path | None, rivals: str) -> None:
    url = route.request.url
    if url.startswith(("file:", "data:", "blob:")):
        route.continue_()
        return
    seen.append(0)
    if served:
        prefix = Path(rivals).parent.parent
        for mark, path in (
            ("require.js", served / "node_modules/requirejs/require.js"),
            ("embed-amd.js", served / "node_modules/@jupyter-widgets/html-manager/dist/embed-amd.js"),
            ("/ipysigma@", prefix / "share/jupyter/nbextensions/ipysigma/index.js"),
        ):
            if mark in url and path.exists():
                seen[-1] = path.stat().st_size
                route.fulfill(path=path, content_type="text/javascript", headers={"Access-Control-Allow-Origin": "*"})
                return
    route.abort()


def look_at(browser: Browser, path: Path, served: Path | None, rivals: str) -> Outcome:
    """Open a page, wait until its picture is stable, and move it."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    requests: list[int] = []
    page.route("**/*", lambda route: _answer(route, requests, served, rivals))
    screen = page.context.new_cdp_session(page)
    changes: list[tuple[float, int]] = []
    last = [b""]

    def note(event: dict[str, Any]) -> None:
        screen.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})
        frame = base64.b64decode(event["data"])
        if frame != last[0]:
            last[0] = frame
            changes.append((event["metadata"]["timestamp"], len(frame)))

    screen.on("Page.screencastFrame", note)
    screen.send("Page.startScreencast", {"format": "png", "maxWidth": 640, "maxHeight": 400})
    start = time.time()
    page.goto(path.as_uri(), wait_until="commit", timeout=60_000)
    stable = None
    while time.time() - start < PATIENCE:
        page.wait_for_timeout(100)
        passed = time.time() - start
        if changes and changes[-1][1] > PICTURE:
            quiet = time.time() - changes[-1][0]
            if quiet > (QUIET_AT_FIRST if passed < 10 else QUIET):
                stable = changes[-1][0] - start
                break
    screen.send("Page.stopScreencast")
    frames = move(page)
    page.close()
    first = next((moment - start for moment, size in changes if size > PICTURE), None)
    return Outcome(first, stable, frames, len(requests), sum(requests))


def move(page: Page, seconds: float = 3.0) -> float:
    """Drag the picture to and fro and turn the wheel; return the frames a second that the page drew."""
    page.evaluate(FRAMES)
    x, y, step = 700.0, 420.0, 0
    page.mouse.move(x, y)
    begun, counted = time.perf_counter(), page.evaluate("window.__f")
    while time.perf_counter() - begun < seconds:
        page.mouse.down()
        for _ in range(8):
            step += 1
            page.mouse.move(x + 90 * (step % 9 - 4) / 4, y + 60 * (step % 7 - 3) / 3)
            if time.perf_counter() - begun > seconds:
                break
        page.mouse.up()
        page.mouse.wheel(0, 120 if step % 2 else -120)
    frames = page.evaluate("window.__f") - counted
    return float(frames / (time.perf_counter() - begun))


def main() -> None:
    """Print a table for each size, and how ours stands to the others."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rivals", default=sys.executable, help="a Python that has gravis and ipysigma")
    parser.add_argument("--served", type=Path, help="a folder of npm's that answers ipysigma's fetches")
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 2000])
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        print(f"Chromium {browser.version}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for size in given.sizes:
            pages = write_pages(make_network(size), Path(folder), given.rivals)
            print(f"\n{size:,} nodes, {2 * size:,} relations")
            print(f"{'':24}{'first, s':>10}{'stable, s':>12}{'kB':>9}{'frames/s':>10}{'requests':>10}   ours to it")
            ours = None
            for name, path in pages.items():
                times = 1 if name in ("pyvis as it comes", "gravis") else given.times  # both take long
                seen = [look_at(browser, path, given.served, given.rivals) for _ in range(times)]
                known = [one.stable for one in seen if one.stable is not None]
                stable = statistics.median(known) if len(known) * 2 > len(seen) else None
                frames, kilobytes = (
                    statistics.median(one.frames for one in seen),
                    (path.stat().st_size + seen[0].fetched) / 1000,
                )
                ours = ours or (stable, kilobytes, frames)
                firsts = [one.first for one in seen if one.first is not None]
                first = f"{statistics.median(firsts):.2f}" if firsts else "-"
                said = f"{stable:.2f}" if stable is not None else f"not in {PATIENCE:.0f}"
                ratios = ""
                if name != "bri-kg":
                    if stable and ours[0]:
                        ratios += f"time {ours[0] / stable:.2f}, "
                    ratios += f"bytes {ours[1] / kilobytes:.2f}, frames {ours[2] / frames:.1f}"
                row = (
                    f"{name:24}{first:>10}{said:>12}{kilobytes:>9,.0f}{frames:>10.1f}{seen[0].requests:>10}   {ratios}"
                )
                print(row, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
