"""Competency questions: expected answers, written from the paper before any query ran, on both engines."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from bri_kg.answers import Answer
from bri_kg.graph import KnowledgeGraph
from bri_kg.names import PREFIXES, expand, shorten
from bri_kg.questions import question_names, questions
from bri_kg.sparql import prepare

KEY = [
    item
    for path in sorted(Path(__file__).with_name("questions").glob("*.json"))
    for item in json.loads(path.read_text(encoding="utf-8"))
]


def text(term: object) -> str:
    """Return a term as the key writes it: a short IRI, or the text of a literal."""
    if term is None:
        return ""
    if isinstance(term, (ox.NamedNode, rdflib.URIRef)):
        return shorten(term.value if isinstance(term, ox.NamedNode) else str(term))
    return term.value if isinstance(term, (ox.Literal, ox.BlankNode)) else str(term)


def ask(kg: KnowledgeGraph, item: dict[str, Any]) -> Answer:
    return kg.ask(item["name"], **item["params"]) if "name" in item else kg.query(item["sparql"])


@pytest.mark.parametrize("item", KEY, ids=[item["id"] for item in KEY])
def test_the_graph_gives_the_papers_answer(kg: KnowledgeGraph, item: dict[str, Any]) -> None:
    answer = ask(kg, item)
    if answer.boolean is not None:
        assert answer.boolean is item["expected"]
        return
    places = [answer.columns.index(column) for column in item["columns"]]
    got = {tuple(text(row[place]) for place in places) for row in answer.terms}
    if "expected" in item:
        assert got == rows_of(item["expected"])
    else:  # an answer that is too large to be written out, or depends on modelling: what must be in it, and what must not
        assert rows_of(item["contains"]) - got == set()
        assert rows_of(item["absent"]) & got == set()


def rows_of(written: list[list[str]]) -> set[tuple[str, ...]]:
    return {tuple(map(str, row)) for row in written}


def test_the_key_is_wide_enough() -> None:
    assert len({item["id"] for item in KEY}) == len(KEY) >= 100
    assert len([item for item in KEY if not item["answerable"]]) >= 10
    assert len(question_names()) >= 50


def test_every_stored_question_has_an_expected_answer() -> None:
    assert set(question_names()) - {item.get("name") for item in KEY} == set()


@pytest.mark.parametrize("item", KEY, ids=[item["id"] for item in KEY])
def test_the_basis_of_an_answer_is_segments_of_the_paper(kg: KnowledgeGraph, item: dict[str, Any]) -> None:
    for segment in item["basis"]:
        assert kg.sources.sentence(PREFIXES["segment"] + segment), segment


@pytest.fixture(scope="module")
def rdflib_dataset(kg: KnowledgeGraph) -> rdflib.Dataset:
    """The same quads in rdflib's own store, for rdflib's own engine."""
    dataset = rdflib.Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own parser uses what rdflib deprecates
        dataset.parse(data=kg.store.dump(format=ox.RdfFormat.N_QUADS).decode(), format="nquads")
    return dataset


#: Questions on which rdflib's engine gives other rows, each with the cause. There are none.
DEVIATIONS: dict[str, str] = {}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's engine uses what rdflib deprecates
@pytest.mark.parametrize("item", KEY, ids=[item["id"] for item in KEY])
def test_rdflibs_own_engine_gives_the_same_rows(
    kg: KnowledgeGraph, rdflib_dataset: rdflib.Dataset, item: dict[str, Any]
) -> None:
    if "name" in item:
        stored = next(one for one in questions() if one.name == item["name"])
        query = prepare(stored.sparql, kg.store, kg._arguments(stored, item["params"]))
    else:
        query = item["sparql"]
    ours = ask(kg, item)
    theirs = rdflib_dataset.query(query, initNs=PREFIXES)
    if ours.boolean is not None:
        assert theirs.askAnswer is ours.boolean
        return
    assert [str(variable) for variable in theirs.vars or []] == list(ours.columns)
    got = sorted(tuple(map(text, row)) for row in theirs)
    assert got == sorted(tuple(map(text, row)) for row in ours.terms)


def test_a_question_in_chinese_stands_beside_each_in_english() -> None:
    assert [one.name for one in questions() if not one.text_zh] == []


def test_each_example_parameter_means_something(kg: KnowledgeGraph) -> None:
    for one in questions():
        kg.ask(one.name, **{parameter.name: parameter.example for parameter in one.parameters})


def test_the_short_names_of_the_key_exist(kg: KnowledgeGraph) -> None:
    cells = {
        cell
        for item in KEY
        for key in ("expected", "contains", "absent")
        if isinstance(item.get(key), list)
        for row in item[key]
        for cell in row
    }
    short = {cell: iri for cell in cells if (iri := expand(str(cell))) and not str(cell).startswith("http")}
    assert [cell for cell, iri in short.items() if not kg.lookup.exists(iri)] == []
