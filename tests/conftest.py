"""The paper's graph, loaded once, and small graphs written in the test that needs them."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.names import PREFIXES

#: The browser for tests of pages.
pytest_plugins = ["browsing"]

#: All prefixes of the project on one line, so that line 2 of a file is the first line of its text.
PREFIX_LINE = " ".join(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in PREFIXES.items()) + "\n"

GraphMaker = Callable[..., KnowledgeGraph]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test is a test we do not have: in CI, which installs all that tests need, it fails."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache and a data folder of the session's own, for this process and those that it starts: what the user imported is not touched."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRI_KG_CACHE", str(folder))
        patch.setenv("BRI_KG_DATA", str(tmp_path_factory.mktemp("data")))
        yield folder


@pytest.fixture(scope="session")
def kg(cache: Path) -> KnowledgeGraph:
    """The paper's graph."""
    return bri_kg.load()


@pytest.fixture
def graph_of(tmp_path: Path) -> GraphMaker:
    """Makes a graph from TriG text, in which the project's prefixes are declared, beside the ontology."""

    def make(text: str, language: str = "en", name: str = "small.trig") -> KnowledgeGraph:
        folder = tmp_path / "graph"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(PREFIX_LINE + text, encoding="utf-8")
        return bri_kg.load(folder, language=language)

    return make
