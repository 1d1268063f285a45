"""The ontology against the pitfalls that OOPS! scans for, and against this project's own rules.

One SPARQL query a check (``pitfalls/``, ``house/``); a row is a term that falls into it. Each query has a fixture of
the same name that falls into it with exactly the terms that its ``#+ expect:`` lines name, beside terms that do not.
OOPS! P37 (ontology not available on the Web) is no check of files and has no query.
"""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib.namespace

HERE = Path(__file__).parent
ONTOLOGY = HERE.parents[1] / "ontology"
OWN = "https://w3id.org/bri-kg/"

CHECKS = sorted([*HERE.glob("pitfalls/*.rq"), *HERE.glob("house/*.rq")])
FIXTURES = sorted([*HERE.glob("fixtures/*.ttl"), *HERE.glob("house/fixtures/*.ttl")])


def fixture_of(check: Path) -> Path:
    folder = HERE / "fixtures" if check.parent.name == "pitfalls" else check.parent / "fixtures"
    return folder / f"{check.stem}.ttl"


def load(files: Iterable[Path]) -> pyoxigraph.Store:
    """Every file as a graph named ``file:<its name>``, and the set union of all as the default graph."""
    store = pyoxigraph.Store()
    for file in files:
        graph = pyoxigraph.NamedNode(f"file:{file.name}")
        for quad in pyoxigraph.parse(path=file):
            triple = (quad.subject, quad.predicate, quad.object)
            store.add(pyoxigraph.Quad(*triple))
            store.add(pyoxigraph.Quad(*triple, graph))
    return store


def find(store: pyoxigraph.Store, check: Path) -> list[tuple[str, str]]:
    """The rows of a check as (term, detail)."""
    rows = store.query(check.read_text("utf-8"))
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in rows.variables]
    assert names in (["term"], ["term", "detail"]), f"{check.name} selects {names}"
    return [(getattr(row[0], "value", str(row[0])), str(row[1]) if len(names) == 2 else "") for row in rows]


def header(file: Path, key: str) -> list[str]:
    start = f"#+ {key}: "
    return [line.removeprefix(start) for line in file.read_text("utf-8").splitlines() if line.startswith(start)]


def reused_terms(store: pyoxigraph.Store) -> set[str]:
    """Every IRI of the graph, datatypes too, that is neither ours nor a licence."""
    found: set[str] = set()
    for quad in store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()):
        for node in (quad.subject, quad.predicate, quad.object):
            if isinstance(node, pyoxigraph.NamedNode):
                found.add(node.value)
            elif isinstance(node, pyoxigraph.Literal):
                found.add(node.datatype.value)
    return {iri for iri in found if not iri.startswith((OWN, "https://creativecommons.org/licenses/"))}


def unknown_terms(terms: Iterable[str]) -> list[str]:
    """Those that rdflib's list of their vocabulary lacks or, where it has no list, ``verified-terms.txt``."""
    vocabularies = [
        value for value in vars(rdflib.namespace).values() if isinstance(value, type(rdflib.namespace.DefinedNamespace))
    ]
    verified = {
        line for line in (HERE / "verified-terms.txt").read_text("utf-8").splitlines() if not line.startswith("#")
    }
    unknown = []
    for term in sorted(terms):
        homes = [vocabulary for vocabulary in vocabularies if term.startswith(str(vocabulary))]
        known = any(rdflib.URIRef(term) in home for home in homes) if homes else term in verified
        if not known:
            unknown.append(term)
    return unknown


@pytest.fixture(scope="module")
def ontology() -> pyoxigraph.Store:
    return load(sorted(ONTOLOGY.glob("*.ttl")))


def test_every_check_has_its_fixture_and_every_fixture_its_check() -> None:
    assert [fixture_of(check) for check in CHECKS] == sorted(FIXTURES, key=lambda file: (file.parts[-3], file.name))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.stem)
def test_check_says_what_it_looks_for(check: Path) -> None:
    key = "pitfall" if check.parent.name == "pitfalls" else "rule"
    (title,) = header(check, key)
    (remedy,) = header(check, "remedy")
    assert remedy.endswith(".")
    if key == "pitfall":
        assert title.split()[0] == check.stem.split("-")[0]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.stem)
def test_ontology_passes(ontology: pyoxigraph.Store, check: Path) -> None:
    assert find(ontology, check) == [], header(check, "remedy")[0]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.stem)
def test_fixture_trips(check: Path) -> None:
    fixture = fixture_of(check)
    expected = header(fixture, "expect")
    assert expected
    assert {term for term, _ in find(load([fixture]), check)} == set(expected)


def test_reused_terms_exist(ontology: pyoxigraph.Store) -> None:
    assert unknown_terms(reused_terms(ontology)) == []


def test_mistyped_reused_terms_are_found() -> None:
    fixture = HERE / "mistyped-terms.ttl"
    assert unknown_terms(reused_terms(load([fixture]))) == sorted(header(fixture, "expect"))
