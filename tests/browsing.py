"""A headless browser without network, for the tests of pages: what a page does that it should not is written down."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx
import pytest

from bri_kg import KnowledgeGraph
from bri_kg.pictures.pages import draw

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]
_ESCAPES = {"n": "\n", "\\": "\\"}


def _injections() -> list[str]:
    lines = Path(__file__).with_name("pages").joinpath("injections.txt").read_text(encoding="utf-8").split("\n")
    texts = [line for line in lines if line and not line.startswith("# ")]
    return [
        re.sub(r"\\(u[0-9a-f]{4}|n|\\)", lambda m: _ESCAPES.get(m[1]) or chr(int(m[1][1:], 16)), text) for text in texts
    ]


INJECTIONS = _injections()


def in_xml(text: str) -> str:
    """``text`` as a file may hold it: characters that XML has no way to write are replaced."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


class Watch:
    """A page in the browser, and everything it did that it should not do."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: Path) -> "Page":
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("body[data-ready=true]", timeout=15_000)
        return self.page


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    if not Path(CHROMIUM).exists():
        message = "no Chromium for the tests of pages; get it with: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


Open = Callable[..., Watch]


@pytest.fixture
def watch(browser: "Browser") -> Iterator[Open]:
    contexts = []

    def new(**options: Any) -> Watch:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 800}, **options))
        return Watch(contexts[-1].new_page())

    yield new
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def everything(kg: KnowledgeGraph) -> networkx.MultiDiGraph:
    return kg.network("network-everything")


@pytest.fixture(scope="module")
def page_of_everything(everything: networkx.MultiDiGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(everything, tmp_path_factory.mktemp("page") / "everything.html", "Everything")


@pytest.fixture(scope="module")
def opened(
    browser: "Browser", page_of_everything: Path, everything: networkx.MultiDiGraph
) -> Iterator[tuple["Page", Watch]]:
    """The page of everything, opened once; each test leaves it as it was."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    watched = Watch(context.new_page())
    yield watched.open(page_of_everything), watched
    assert watched.complaints == []
    assert watched.requests == [page_of_everything.as_uri()]
    context.close()


@pytest.fixture
def page(opened: tuple["Page", Watch]) -> Iterator["Page"]:
    page, _ = opened
    page.evaluate(
        """() => {
            document.getElementById("path-clear").click();
            document.getElementById("search").value = "";
            document.getElementById("size").value = "degree";
            document.getElementById("bundle").checked = true;
            Object.assign(briNetwork.view, { node: null, edge: null, pair: null, path: null, sort: null });
            document.getElementById("reset").click();
        }"""
    )
    yield page


def little(**edge: Any) -> networkx.MultiDiGraph:
    """Two nodes and an edge between them."""
    network = networkx.MultiDiGraph(sentences={"p01s01": {"reference": "p. 53", "gist": "G", "notes": "", "works": []}})
    network.add_node("a", label="A", kind="State", type="State", names=["A"])
    network.add_node("b", label="B", kind="Project", type="Project", names=["B"])
    network.add_edge("a", "b", **{"label": "ties", "relation": "r", "segments": ["p01s01"], "voice": "", **edge})
    return network
