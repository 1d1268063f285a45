"""The notebooks: committed without outputs, run top to bottom, in the public interface, and what they show, without a request."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

import nbclient
import nbformat
import pytest
from browsing import INJECTIONS, Open
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from test_cited import Reader

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.errors import UsageError
from bri_kg.networks.multigraph import Network
from bri_kg.tables import Table

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
NAMES = [path.stem for path in PATHS]
#: Runs before each notebook: a warning is an error, and whatever asks for an address on the network fails.
GUARD = """
import socket, warnings
warnings.simplefilter("error")
def _no_network(*_, **__):
    raise OSError("a notebook asks for nothing from the network")
socket.getaddrinfo = socket.create_connection = socket.gethostbyname = _no_network
"""


def read(name: str) -> NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a copy of the notebook in an empty folder, to its end."""
    notebook = nbformat.from_dict({**notebook, "cells": [new_code_cell(GUARD), *notebook.cells]})
    client = nbclient.NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(folder)}}, allow_errors=True
    )
    client.execute()
    notebook.cells.pop(0)
    return notebook


def faults(notebook: NotebookNode) -> list[str]:
    """Return what is wrong with a notebook that has run: errors, which warnings are too, complaints, and cells that say nothing."""
    found = []
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"{cell.source}\n{output.ename}: {output.evalue}")
            elif output.get("name") == "stderr":
                found.append(f"{cell.source}\n{output.text}")
        said = [output.get("text") or "".join(map(str, output.get("data", {}).values())) for output in cell.outputs]
        if not cell.outputs or not "".join(said).strip():
            found.append(f"{cell.source}\nsays nothing")
    return found


@cache
def _done(name: str, folder: Path) -> NotebookNode:
    return run(read(name), folder)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], NotebookNode]:
    """Gives a notebook by name, run once."""
    folder = tmp_path_factory.mktemp("notebooks")
    return lambda name: _done(name, folder)


def html_of(notebook: NotebookNode) -> list[str]:
    return [
        output.data["text/html"]
        for cell in code_cells(notebook)
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    ]


# As committed


def has_outputs(notebook: NotebookNode) -> bool:
    return any(cell.outputs or cell.execution_count is not None for cell in code_cells(notebook))


def test_there_are_five_and_the_readme_names_each() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(NAMES) == 5
    assert re.findall(r"\]\((.+?)\.ipynb\)", readme) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid_and_has_no_outputs(name: str) -> None:
    notebook = read(name)
    nbformat.validate(notebook)
    assert not has_outputs(notebook), f"{name}: clear all outputs before committing"


def test_outputs_and_counts_are_seen() -> None:
    assert has_outputs(new_notebook(cells=[new_code_cell("1", outputs=[new_output("stream", text="1")])]))
    assert has_outputs(new_notebook(cells=[new_code_cell("1", execution_count=1)]))
    assert not has_outputs(new_notebook(cells=[new_code_cell("1")]))


def typed_figures(text: str) -> list[str]:
    """Return the figures in a text that a change of the graph could make wrong: all but years, pages of the paper and numbers of sections."""
    text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)|^#+ \d\.", " ", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(
        r"(?i)\bpp\. 53-79\b|\bTable 1\b|\b(19|20)\d\d\b|\b0 means never, 1 always\b|\bsection \d\b", " ", text
    )
    return re.findall(r"\d+", text)


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_is_typed_by_hand(name: str) -> None:
    assert [figure for text in texts(read(name)) for figure in typed_figures(text)] == []


def test_typed_figures_are_seen() -> None:
    assert typed_figures("## 1. Of 12 projects\n`p10s04`, from 2018 on, 3 are (pp. 53-79) [there](1-tour.ipynb)") == [
        "12",
        "3",
    ]


def strange_names(source: str) -> set[str]:
    """Return what a cell takes that is no promise: names that bri_kg does not export, private ones, and packages beyond the standard library."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id == "bri_kg" and node.attr not in bri_kg.__all__:
                found.add(f"bri_kg.{node.attr}")
            if node.attr.startswith("_"):
                found.add(node.attr)
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found |= set(modules) - {"bri_kg", "pathlib", "tempfile"}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_keeps_to_the_public_interface(name: str) -> None:
    assert set().union(*(strange_names(cell.source) for cell in code_cells(read(name)))) == set()


def test_strange_names_are_seen() -> None:
    source = "import pandas\nfrom bri_kg.errors import UsageError\nbri_kg.draw, bri_kg.errors, kg._folder"
    assert strange_names(source) == {"pandas", "bri_kg.errors", "_folder"}


def exercise(notebook: NotebookNode) -> tuple[str, str]:
    """Return the code of the answer as it is told in the collapsed text, and as it runs in the cell below."""
    asked = [place for place, cell in enumerate(notebook.cells) if cell.source.startswith("## Exercise")]
    assert len(asked) == 1
    told, cell = notebook.cells[asked[0] + 1 : asked[0] + 3]
    assert told.source.startswith("<details>\n<summary>Answer</summary>\n\n") and told.source.endswith("</details>")
    assert cell.cell_type == "code" and cell.metadata["jupyter"]["source_hidden"] is True
    (code,) = re.findall(r"```python\n(.*?)\n```", told.source, re.DOTALL)
    return code, cell.source


@pytest.mark.parametrize("name", NAMES)
def test_each_has_one_exercise_whose_answer_is_what_runs(name: str) -> None:
    code, cell = exercise(read(name))
    assert code == cell


@pytest.mark.parametrize("name", NAMES)
def test_links_between_notebooks_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", "\n".join(texts(read(name)))):
        assert (FOLDER / target).exists(), target


# Run


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_from_top_to_bottom(done: Callable[[str], NotebookNode], name: str) -> None:
    assert faults(done(name)) == []
    shown = html_of(done(name))
    assert len(shown) >= 5
    assert any(re.search(r"p\. \d+(-\d+)? \(\w+\)", unescape(one)) for one in shown), "no page and sentence anywhere"


def test_errors_warnings_complaints_requests_and_silence_are_caught(tmp_path: Path) -> None:
    wrong = {
        "print(1 / 0)": "ZeroDivisionError",
        "print(1)\nimport warnings; warnings.warn('old')": "UserWarning: old",
        "import sys; print('odd', file=sys.stderr)": "odd",
        "x = 1": "says nothing",
        "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:1'))": "asks for nothing from the network",
    }
    found = "\n".join(faults(run(new_notebook(cells=[new_markdown_cell("x"), *map(new_code_cell, wrong)]), tmp_path)))
    assert [fault for fault in wrong.values() if fault not in found] == []
    assert faults(run(new_notebook(cells=[new_code_cell("print(1)")]), tmp_path)) == []


def test_what_is_shown_makes_no_request_and_draws(
    done: Callable[[str], NotebookNode],
    watch: Open,
    tmp_path: Path,
) -> None:
    shown = [one for name in NAMES for one in html_of(done(name))]
    framed = [one for one in shown if "<iframe" in one]
    assert len(framed) >= 8
    path = tmp_path / "shown.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><title>x</title>{''.join(shown)}", encoding="utf-8")
    watched = watch()
    watched.page.goto(path.as_uri())
    drawn = 0
    for frame in watched.page.frames[1:]:
        frame.frame_element().scroll_into_view_if_needed()  # what is out of sight is not drawn
        frame.wait_for_selector("body[data-ready=true]", timeout=15_000)
        assert frame.locator("#canvas canvas, #picture svg").first.bounding_box()["width"] > 200
        drawn += 1
    assert drawn == len(framed)
    assert [request for request in watched.requests if request not in (path.as_uri(), "about:srcdoc")] == []
    assert watched.complaints == []


# What the library shows in a notebook


def test_a_network_and_its_parts_show_their_page_in_a_frame_of_their_own(kg: KnowledgeGraph) -> None:
    network = kg.network("network-alignments")
    assert isinstance(network, Network)
    for one in (network, network.copy(), bri_kg.cut_by_time(network)):
        tags = Reader(one._repr_html_())
        assert tags.tags.count("iframe") == 1
        attributes = dict(tags.attributes)
        assert attributes["sandbox"] == "allow-scripts allow-downloads allow-popups"
        assert "default-src 'none'" in attributes["srcdoc"]
        assert "No picture?" in tags.text
    assert network.graph["title"] == "Which strategies and initiatives are aligned with each other, and whose are they?"
    assert kg.network("network-of", entity="AIIB").graph["title"].endswith("(AIIB)")


def test_an_empty_network_says_so(kg: KnowledgeGraph) -> None:
    empty = kg.network(kg.query("SELECT ?source ?target { ?source bri:none ?target }"))
    assert "<iframe" not in empty._repr_html_() and "nothing to draw" in empty._repr_html_()


def test_markup_in_a_network_or_chart_stays_text(watch: Open, tmp_path: Path) -> None:
    network = Network(title=INJECTIONS[0] + '"><script>window.__hit=1</script>', language="en", sentences={})
    for place, text in enumerate(INJECTIONS):
        network.add_node(f"n{place}", label=text, kind=text, type="State", names=[text], segments=[])
        network.add_edge(f"n{place}", "n0", key=text, label=text, relation=text, segments=[], voice=text)
    shown = network._repr_html_()
    assert set(Reader(shown).tags) == {"div", "iframe", "p"}
    path = tmp_path / "hostile.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><title>x</title>{shown}", encoding="utf-8")
    watched = watch()
    page: Page = watched.page
    page.goto(path.as_uri())
    frame = page.frames[1]
    frame.wait_for_selector("body[data-ready=true]", timeout=15_000)
    assert page.evaluate("window.__hit") is None and frame.evaluate("window.__hit") is None
    assert frame.evaluate("(() => { try { return parent.document.title } catch { return null } })()") is None
    assert watched.requests == [path.as_uri(), "about:srcdoc"] or watched.requests == [path.as_uri()]
    assert watched.complaints == []


def test_every_table_escapes_what_it_shows(kg: KnowledgeGraph, graph_of: Callable[..., KnowledgeGraph]) -> None:
    attack = "<img src=x onerror=alert(1)>\"'</summary></details><script>alert(1)</script>"
    text = attack.replace('"', '\\"')
    hostile = graph_of(
        f"""state:laos a bri:State ; skos:prefLabel "{text}"@en . initiative:a a bri:Initiative ; skos:prefLabel "{text}a"@en .
        segment:a a bri:Segment ; bri:page 1 ; bri:readingOrder 1 ; bri:gist "{text}"@en .
        segment:a {{ claim:a a bri:Claim ; bri:claimant state:laos ; bri:about initiative:a ; bri:gloss "{text}"@en . }}"""
    )
    table = Table(
        ("label", "segments"), ((attack, "a"),), attack, (attack,), {"a": {"reference": attack, "gist": attack}}
    )
    for shown in (
        hostile.find("img")._repr_html_(),
        hostile.compare("initiative:a", by="claimant")._repr_html_(),
        hostile.query("SELECT ?a ?b { ?a bri:about ?b }").cited()._repr_html_(),
        table._repr_html_(),
    ):
        found = Reader(shown)
        assert not {"script", "img"} & set(found.tags)
        assert {name for name, _ in found.attributes} <= {"title", "style", "scope", "colspan"}
        assert escape(attack) in shown


def test_a_chart_shows_its_page(kg: KnowledgeGraph) -> None:
    chart = kg.chart("timeline", by="actor", actor="AIIB")
    found = Reader(chart._repr_html_())
    assert found.tags == ["div", "div", "iframe", "p"]
    assert chart.title in dict(found.attributes)["srcdoc"]


def test_cited_answers_stand_open_and_long_ones_are_cut(kg: KnowledgeGraph) -> None:
    answer = kg.ask("projects-in", country="Laos")
    found = Reader(answer.cited()._repr_html_())
    assert found.tags.count("tr") == 1 + 2 * len(answer) and "details" not in found.tags
    assert "p. 66 (p22s04) · stated as fact: " in found.text
    assert Reader(kg.query("ASK { state:laos a bri:State }").cited()._repr_html_()).text.startswith("yes")
    long = kg.query("SELECT ?s ?o { ?s bri:about ?o }")
    assert "the first 200 shown" in long.cited()._repr_html_()


def headings(shown: str) -> list[str]:
    return re.findall(r"<th [^>]*>([^<]*)", shown)


def test_what_the_citation_says_is_not_said_twice(kg: KnowledgeGraph) -> None:
    shown = kg.ask("hesitant-but-signed")._repr_html_()
    assert headings(shown) == ["actor", "undertaking", "attitude", "document", "date", "page and sentence"]
    other = kg.query(
        "SELECT ?project ?cited_note { ?project bri:hostCountry state:laos BIND (segment:p01s01 AS ?cited_note) }"
    )
    assert headings(other._repr_html_())[1] == "cited note", "a sentence that the row does not stand on is kept"


def test_thousands_are_parted_and_years_are_not(kg: KnowledgeGraph) -> None:
    shown = kg.query(
        'SELECT (12345678 AS ?a) ("2018"^^xsd:gYear AS ?b) (2018 AS ?c) ("12345678" AS ?d) {}'
    )._repr_html_()
    assert re.findall(r"<td[^>]*>([^<]*)</td>", shown)[:4] == ["12,345,678", "2018", "2018", "12345678"]


def test_many_references_are_counted(kg: KnowledgeGraph) -> None:
    shown = kg.ask("stances-on", topic="BRI")._repr_html_()
    assert re.search(r"<summary [^>]*>p\. [^<]* … \(\d\d\) · the authors", shown)


def test_an_empty_answer_says_why(kg: KnowledgeGraph) -> None:
    shown = kg.ask("projects-in", country="Vietnam")._repr_html_()
    assert "no rows" in shown and "the paper does not say" in shown and "<table" not in shown


def test_a_comparison_names_each_group_once(kg: KnowledgeGraph) -> None:
    comparison = kg.compare("BRI", by="administration")
    found = Reader(comparison._repr_html_())
    assert found.tags.count("tr") == 1 + len(comparison.views)
    groups = re.findall(r"<tr><td [^>]*>([^<]*)", comparison._repr_html_())
    assert [group for group in groups if group] == list(dict.fromkeys(view.group_label for view in comparison.views))
    assert "p. 74 (p37s02)" in found.text


def test_questions_are_listed_as_a_table(kg: KnowledgeGraph) -> None:
    table = kg.questions("country")
    assert table.columns == ("name", "question", "parameters")
    assert "projects-in" in table.column("name") and len(table) < len(kg.questions())
    assert "country=Laos" in table._repr_html_()


def test_a_word_of_python_takes_a_line(kg: KnowledgeGraph) -> None:
    asked = kg.ask("events-between", from_="2013-01-01", to="2014-12-31")
    assert asked.to_csv() == kg.ask("events-between", **{"from": "2013-01-01", "to": "2014-12-31"}).to_csv()
    assert kg.chart("timeline", from_="2019").rows == kg.chart("timeline", **{"from": "2019"}).rows
    with pytest.raises(UsageError, match="no parameter 'to_'"):
        kg.ask("events-between", from_="2013-01-01", to_="2014-12-31")


def test_rows_of_a_table_are_picked_by_value(kg: KnowledgeGraph) -> None:
    table = Table(("a", "other label"), ((1, "x"), (2, "x"), (1, "y")), "t", ("all",))
    assert [*table.where(a=1, other_label="x")] == [(1, "x")]
    assert (table.where(a=1).remarks, table.where().rows) == ((), table.rows)
    with pytest.raises(UsageError, match="no column 'b'"):
        table.where(b=1)


def test_the_phases_are_the_two_sides_of_the_border(kg: KnowledgeGraph) -> None:
    network = kg.network("network-documents")
    first, second = bri_kg.split_phases(network)
    assert {*first.edges} == {*bri_kg.cut_by_time(network, last="2018-08-31").edges}
    assert {*second.edges} == {*bri_kg.cut_by_time(network, first=bri_kg.SECOND_PHASE).edges}


def test_every_name_of_the_public_interface_is_there() -> None:
    for name in bri_kg.__all__:
        assert getattr(bri_kg, name) is not None


def test_names_that_nothing_has(kg: KnowledgeGraph) -> None:
    found = kg.find("no such name anywhere")
    assert found == [] and found._repr_html_() == "<div><p>no rows</p></div>"
