"""Loading: files to one store, rules inside each segment, the default graph as set union, and the cache that is never needed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import PREFIX_LINE, GraphMaker

import bri_kg
from bri_kg import KnowledgeGraph
from bri_kg.errors import DataError, UsageError
from bri_kg.files import GraphFile, content_hash, graph_files, ontology_folder
from bri_kg.names import PREFIXES, bri, expand, shorten, skos
from bri_kg.store import build_store, cache_folder, open_store, unite

TRIPLES = "SELECT ?s ?p ?o { ?s ?p ?o }"
HEAVY = ["rdflib", "networkx", "pyvis", "pandas", "typer", "rich", "jinja2", "igraph", "pyshacl", "IPython"]


def node(name: str) -> ox.NamedNode:
    iri = expand(name)
    assert iri is not None
    return ox.NamedNode(iri)


def objects(kg: KnowledgeGraph, subject: str, predicate: str, graph: str = "") -> list[str]:
    """The objects of a triple in the default graph or in a named one, in a fixed order."""
    where = node(graph) if graph else ox.DefaultGraph()
    found = kg.store.quads_for_pattern(node(subject), node(predicate), None, where)
    return sorted(shorten(quad.object.value) for quad in found if not isinstance(quad.object, ox.Triple))


def quads(store: ox.Store) -> set[ox.Quad]:
    return set(store)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PREFIX_LINE + text, encoding="utf-8")
    return path


def small_files(folder: Path, text: str = "state:laos a bri:State .") -> list[GraphFile]:
    write(folder, "small.ttl", text)
    return graph_files(folder)


def run_python(code: str, **environment: str) -> str:
    """The output of a Python process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        cwd=Path(bri_kg.__file__).parents[1],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# Graphs


def test_a_fact_that_two_segments_state_counts_once(graph_of: GraphMaker) -> None:
    kg = graph_of(
        """
        segment:p01s01 { state:laos bri:involves state:china . state:laos bri:partOf place:southeast-asia . }
        segment:p01s02 { state:laos bri:involves state:china . }
        """
    )
    count = "SELECT (COUNT(*) AS ?n) { state:laos ?p ?o }"
    assert kg.query(count).to_dicts() == [{"n": "2"}]
    stated = ox.Store()
    stated.extend(kg.store.quads_for_pattern(node("state:laos"), None, None, None))
    stated.clear_graph(ox.DefaultGraph())
    switched = stated.query(count, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(switched, ox.QuerySolutions)
    assert next(switched)["n"].value == "3", "Oxigraph's own switch keeps the duplicate"
    each = kg.query("SELECT ?segment { GRAPH ?segment { state:laos bri:involves ?o } } ORDER BY ?segment")
    assert [shorten(row["segment"] or "") for row in each.to_dicts()] == ["segment:p01s01", "segment:p01s02"]


def test_the_union_is_made_anew_and_never_doubled(graph_of: GraphMaker) -> None:
    kg = graph_of("segment:p01s01 { state:laos bri:involves state:china . }")
    before = len(kg)
    unite(kg.store)
    assert len(kg) == before
    kg.store.remove_graph(node("segment:p01s01"))
    unite(kg.store)
    assert objects(kg, "state:laos", "bri:involves") == []


def test_segment_graphs_bear_the_names_of_the_segments(kg: KnowledgeGraph) -> None:
    names = {graph.value for graph in kg.store.named_graphs() if isinstance(graph, ox.NamedNode)}
    assert PREFIXES["segment"] + "p09s03" in names
    assert PREFIXES["segment"] + "fn04" in names
    assert PREFIXES["erratum"] + "jakarta-bandung-testing-year" in names
    assert "https://w3id.org/bri-kg/graph/paper" in names
    assert "https://w3id.org/bri-kg/graph/entities/states" in names
    assert "https://w3id.org/bri-kg/graph/ontology/bri" in names
    assert objects(kg, "statistic:leaders-at-first-forum", "bri:value", "segment:p09s03") == ["7"]


def test_what_stands_outside_graphs_goes_into_the_graph_of_the_file(tmp_path: Path) -> None:
    write(
        tmp_path, "deep/one.trig", "state:laos a bri:State . segment:p01s01 { state:laos bri:involves state:china . }"
    )
    write(tmp_path, "two.ttl", "state:china a bri:State .")
    (tmp_path / "three.nt").write_text("<http://a> <http://b> <http://c> .\n", encoding="utf-8")
    (tmp_path / "four.nq").write_text(
        "<http://a> <http://b> <http://d> .\n<http://a> <http://b> <http://e> <http://g> .\n", encoding="utf-8"
    )
    kg = bri_kg.load(tmp_path)
    graph = "https://w3id.org/bri-kg/graph/"
    for name, inside in (("deep/one", "state:laos"), ("two", "state:china")):
        assert "bri:State" in objects(kg, inside, "rdf:type", graph + name)
    assert objects(kg, "http://a", "http://b", graph + "three") == ["http://c"]
    assert objects(kg, "http://a", "http://b", graph + "four") == ["http://d"]
    assert objects(kg, "http://a", "http://b", "http://g") == ["http://e"]
    assert objects(kg, "http://a", "http://b") == ["http://c", "http://d", "http://e"]


def test_several_folders_make_one_graph(tmp_path: Path) -> None:
    write(tmp_path / "a", "a.ttl", "state:laos a bri:State .")
    write(tmp_path / "b", "b.ttl", "state:china a bri:State .")
    kg = bri_kg.load(tmp_path / "a", str(tmp_path / "b"))
    assert len(kg.query("SELECT ?s { ?s a bri:State }")) == 2


# Broken and missing files


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("broken.ttl", "state:laos a bri:State .\nstate:china a bri:State\n\nstate:japan a bri:State .\n", 5),
        ("broken.ttl", "state:laos a nosuchprefix:State .\n", 2),
        ("broken.trig", "segment:p01s01 {\n    state:laos a bri:State .\n    state:china a .\n}\n", 4),
        ("broken.trig", 'segment:p01s01 { state:laos bri:gloss "no end }\n', 2),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_leaves_nothing_behind(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    write(tmp_path, "a-sound.ttl", "state:viet-nam a bri:State .")
    broken = write(tmp_path, name, text)
    with pytest.raises(DataError) as caught:
        bri_kg.load(tmp_path)
    assert f"{broken}:{line}: " in str(caught.value)
    assert "nothing was loaded" in str(caught.value)
    with pytest.raises(DataError):
        open_store(graph_files(tmp_path))
    assert not [path for path in cache_folder().iterdir() if path.name.startswith("building-")]


def test_a_broken_file_can_be_mended_and_loaded(tmp_path: Path) -> None:
    write(tmp_path, "one.ttl", "state:laos a .")
    with pytest.raises(DataError):
        bri_kg.load(tmp_path)
    write(tmp_path, "one.ttl", "state:laos a bri:State .")
    assert "bri:State" in objects(bri_kg.load(tmp_path), "state:laos", "rdf:type")


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.ttl"
    path.write_bytes(b'<http://a> <http://b> "caf\xe9" .\n')
    with pytest.raises(DataError, match=r"latin\.ttl"):
        bri_kg.load(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no folder .*nowhere"):
        bri_kg.load(tmp_path / "nowhere")


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("no graph", encoding="utf-8")
    with pytest.raises(DataError, match=r"holds no \.ttl, \.trig, \.nt, \.nq or \.sssom\.tsv file"):
        bri_kg.load(tmp_path)


# The cache


def test_the_second_load_equals_the_first(kg: KnowledgeGraph) -> None:
    again = bri_kg.load()
    assert quads(again.store) == quads(kg.store)
    assert len(again) == len(kg) > 20_000


def test_a_plain_answer_imports_nothing_heavy() -> None:
    code = (
        "import sys, bri_kg\n"
        "kg = bri_kg.load()\n"
        "assert list(kg.ask('milestones-of', project='中老铁路').to_dicts())\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert run_python(code) == "[]"
    assert run_python(f"import sys, rdflib\nprint([name for name in {HEAVY} if name in sys.modules])") == "['rdflib']"


def test_a_changed_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRI_KG_CACHE", str(tmp_path / "cache"))
    before = small_files(tmp_path / "data")
    first, first_hash = open_store(before), content_hash(before)
    after = small_files(tmp_path / "data", "state:laos a bri:State . state:china a bri:State .")
    second = open_store(after)
    assert content_hash(after) != first_hash
    assert not list(first.quads_for_pattern(node("state:china"), None, None, None))
    assert list(second.quads_for_pattern(node("state:china"), None, None, None))
    assert len(list((tmp_path / "cache").iterdir())) == 1, "the stale store is thrown away"


def test_the_hash_knows_names_and_borders_of_files(tmp_path: Path) -> None:
    def made(**texts: str) -> str:
        shutil.rmtree(tmp_path / "data", ignore_errors=True)
        for name, text in texts.items():
            write(tmp_path / "data", f"{name}.ttl", text)
        return content_hash(graph_files(tmp_path / "data"))

    hashes = [made(a="#1", b="#2"), made(a="#1", c="#2"), made(a="#1\n#2", b=""), made(a="#1", b="#3")]
    assert len(set(hashes)) == 4
    assert made(a="#1", b="#2") == hashes[0]


def garbage_everywhere(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"garbage")


def current_cut(folder: Path) -> None:
    (folder / "CURRENT").write_bytes(b"")


def manifest_cut(folder: Path) -> None:
    """The engine opens such a store without complaint, and it is empty."""
    path = next(folder.glob("MANIFEST-*"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def table_cut(folder: Path) -> None:
    path = max(folder.glob("*.sst"), key=lambda one: one.stat().st_size)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def table_gone(folder: Path) -> None:
    min(folder.glob("*.sst")).unlink()


def all_gone(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


@pytest.mark.parametrize("harm", [garbage_everywhere, current_cut, manifest_cut, table_cut, table_gone, all_gone])
def test_a_broken_cache_is_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], None]
) -> None:
    monkeypatch.setenv("BRI_KG_CACHE", str(tmp_path / "cache"))
    files = small_files(tmp_path / "data")
    wanted = quads(build_store(files))
    assert quads(open_store(files)) == wanted
    (folder,) = (tmp_path / "cache").iterdir()
    harm(folder)
    assert quads(open_store(files)) == wanted
    assert quads(open_store(files)) == wanted
    assert list((tmp_path / "cache").iterdir()) == [folder]


def file_in_its_place(place: Path) -> None:
    place.write_text("in the way", encoding="utf-8")


def file_above_it(place: Path) -> None:
    place.parent.rmdir()
    place.parent.write_text("in the way", encoding="utf-8")


@pytest.mark.parametrize("block", [file_in_its_place, file_above_it])
def test_without_a_writable_cache_the_graph_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: Callable[[Path], None]
) -> None:
    place = tmp_path / "home" / "cache"
    place.parent.mkdir()
    block(place)
    monkeypatch.setenv("BRI_KG_CACHE", str(place))
    files = small_files(tmp_path / "data")
    assert quads(open_store(files)) == quads(build_store(files))
    assert not place.is_dir()


def test_processes_that_build_at_once_all_get_the_graph(tmp_path: Path, kg: KnowledgeGraph) -> None:
    code = "import bri_kg; kg = bri_kg.load(); print(len(kg), len(kg.store))"
    environment = {**os.environ, "BRI_KG_CACHE": str(tmp_path / "cache")}
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(3)
    ]
    assert [process.communicate()[0].split() for process in started] == [[str(len(kg)), str(len(kg.store))]] * 3
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_the_cache_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRI_KG_CACHE", "/own")
    assert cache_folder() == Path("/own")
    monkeypatch.delenv("BRI_KG_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert cache_folder() == Path("/xdg/bri-kg")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert cache_folder() == Path("/home/somebody/.cache/bri-kg")


# Rules: bounds of dates

BOUNDS = [
    ('"2017"^^xsd:gYear', "2017-01-01", "2017-12-31"),
    ('"2017-05"^^xsd:gYearMonth', "2017-05-01", "2017-05-31"),
    ('"2017-04"^^xsd:gYearMonth', "2017-04-01", "2017-04-30"),
    ('"2017-06"^^xsd:gYearMonth', "2017-06-01", "2017-06-30"),
    ('"2017-09"^^xsd:gYearMonth', "2017-09-01", "2017-09-30"),
    ('"2017-11"^^xsd:gYearMonth', "2017-11-01", "2017-11-30"),
    ('"2017-12"^^xsd:gYearMonth', "2017-12-01", "2017-12-31"),
    ('"1900-02"^^xsd:gYearMonth', "1900-02-01", "1900-02-28"),
    ('"2000-02"^^xsd:gYearMonth', "2000-02-01", "2000-02-29"),
    ('"2015-02"^^xsd:gYearMonth', "2015-02-01", "2015-02-28"),
    ('"2016-02"^^xsd:gYearMonth', "2016-02-01", "2016-02-29"),
    ('"2017-09-27"^^xsd:date', "2017-09-27", "2017-09-27"),
    ('"2016-02-29"^^xsd:date', "2016-02-29", "2016-02-29"),
    ('"2013/2018"^^edtf:', "2013-01-01", "2018-12-31"),
    ('"2013-09/2013-10"^^edtf:', "2013-09-01", "2013-10-31"),
    ('"2018-08-27/2018-09"^^edtf:', "2018-08-27", "2018-09-30"),
    ('"../2018-08"^^edtf:', "", "2018-08-31"),
    ('"2018-09/.."^^edtf:', "2018-09-01", ""),
    ('"/2018"^^edtf:', "", "2018-12-31"),
    ('"2018/"^^edtf:', "2018-01-01", ""),
    ('"2018~"^^edtf:', "2018-01-01", "2018-12-31"),
    ('"2018-05?"^^edtf:', "2018-05-01", "2018-05-31"),
    ('"2018~/2019?"^^edtf:', "2018-01-01", "2019-12-31"),
    ('"2017-33"^^edtf:', "2017-01-01", "2017-03-31"),
    ('"2017-34"^^edtf:', "2017-04-01", "2017-06-30"),
    ('"2017-35"^^edtf:', "2017-07-01", "2017-09-30"),
    ('"2017-36"^^edtf:', "2017-10-01", "2017-12-31"),
    ('"2017-40"^^edtf:', "2017-01-01", "2017-06-30"),
    ('"2017-41"^^edtf:', "2017-07-01", "2017-12-31"),
    ('"2017-40/2018-33"^^edtf:', "2017-01-01", "2018-03-31"),
]
NO_BOUNDS = [
    '"in May"',
    '"201"^^xsd:gYear',
    '"20175"^^xsd:gYear',
    '"2017-5"^^xsd:gYearMonth',
    '"2017-00"^^xsd:gYearMonth',
    '"2017-13"^^xsd:gYearMonth',
    '"2017-02-30"^^xsd:date',
    '"2015-02-29"^^xsd:date',
    '"1900-02-29"^^xsd:date',
    '"2017-04-31"^^xsd:date',
    '"2017-01-00"^^xsd:date',
    '"2017-41-01"^^edtf:',
    '"2017-21"^^edtf:',
    '"2017-05-1"^^xsd:date',
    '"05-2017"^^edtf:',
    '"201X"^^edtf:',
    '"../.."^^edtf:',
    '""^^edtf:',
]


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    folder = tmp_path_factory.mktemp("dated")
    dates = [date for date, _, _ in BOUNDS] + NO_BOUNDS
    text = "\n".join(
        f"segment:p{i:03} {{ event:e{i} a bri:Event ; bri:date {date} . }}" for i, date in enumerate(dates)
    )
    write(folder, "dated.trig", text)
    return bri_kg.load(folder)


@pytest.mark.parametrize(("place", "earliest", "latest"), [(i, *bounds[1:]) for i, bounds in enumerate(BOUNDS)])
def test_a_date_has_its_first_and_last_day(dated: KnowledgeGraph, place: int, earliest: str, latest: str) -> None:
    found = {
        (shorten(quad.predicate.value), str(quad.object))
        for quad in dated.store.quads_for_pattern(node(f"event:e{place}"), None, None, node(f"segment:p{place:03}"))
        if quad.predicate.value in (bri("earliest"), bri("latest"))
    }
    date = f"^^<{PREFIXES['xsd']}date>"
    wanted = {("bri:earliest", f'"{earliest}"{date}'), ("bri:latest", f'"{latest}"{date}')}
    assert found == {pair for pair in wanted if not pair[1].startswith('""')}


@pytest.mark.parametrize("place", range(len(NO_BOUNDS)), ids=NO_BOUNDS)
def test_a_malformed_date_has_no_bounds(dated: KnowledgeGraph, place: int) -> None:
    event = f"event:e{len(BOUNDS) + place}"
    assert objects(dated, event, "bri:date") != []
    assert objects(dated, event, "bri:earliest") + objects(dated, event, "bri:latest") == []


# Rules: shortcuts

SHORTCUTS = [
    (
        "participation:a bri:participant state:laos ; bri:participatedIn event:forum ; bri:attendance concept:attended .",
        "state:laos bri:attended event:forum",
    ),
    (
        "signature:a bri:signatory state:laos ; bri:signatory state:china ; bri:signedDocument agreement:mou .",
        "state:laos bri:signed agreement:mou",
    ),
    (
        "accession:a bri:accedingParty state:laos ; bri:accededTo agreement:pact .",
        "state:laos bri:partyTo agreement:pact",
    ),
    (
        "accession:a bri:accedingParty state:laos ; bri:accededTo organisation:bank .",
        "state:laos bri:memberOf organisation:bank",
    ),
    ("launch:a bri:launchOf initiative:road ; bri:actor state:china .", "state:china bri:launched initiative:road"),
    (
        "adoption:a bri:adoptedDocument document:plan ; bri:actor state:laos ; bri:adoptionKind concept:adopted .",
        "state:laos bri:adopted document:plan",
    ),
    (
        "establishment:a bri:establishmentOf mechanism:talks ; bri:actor state:laos .",
        "state:laos bri:established mechanism:talks",
    ),
    (
        "establishment:a bri:establishmentOf mechanism:talks ; bri:actor state:laos ; bri:establishmentStage concept:established .",
        "state:laos bri:established mechanism:talks",
    ),
    ("financing:a bri:financed project:dam ; bri:financier state:china .", "state:china bri:finances project:dam"),
    (
        "alignment:a bri:aligns strategy:one ; bri:aligns strategy:two ; bri:alignmentStatus concept:aligned .",
        "strategy:one bri:alignedWith strategy:two",
    ),
    (
        "alignment:a bri:aligns strategy:one ; bri:aligns strategy:two ; bri:alignmentStatus concept:aligned .",
        "strategy:two bri:alignedWith strategy:one",
    ),
    ("post:a bri:postHolder person:li ; bri:postAt state:china .", "person:li bri:affiliatedWith state:china"),
]
NO_SHORTCUTS = [
    (
        "participation:a bri:participant state:laos ; bri:participatedIn event:forum ; bri:attendance concept:did-not-attend .",
        "state:laos bri:attended event:forum",
    ),
    (
        "participation:a bri:participant state:laos ; bri:participatedIn event:forum .",
        "state:laos bri:attended event:forum",
    ),
    (
        "accession:a bri:accedingParty state:laos ; bri:accededTo organisation:bank .",
        "state:laos bri:partyTo organisation:bank",
    ),
    (
        "accession:a bri:accedingParty state:laos ; bri:accededTo agreement:pact .",
        "state:laos bri:memberOf agreement:pact",
    ),
    ("launch:a bri:launchOf initiative:road ; bri:country state:china .", "state:china bri:launched initiative:road"),
    (
        "adoption:a bri:adoptedDocument document:plan ; bri:actor state:laos ; bri:adoptionKind concept:deliberated .",
        "state:laos bri:adopted document:plan",
    ),
    (
        "establishment:a bri:establishmentOf mechanism:talks ; bri:actor state:laos ; bri:establishmentStage concept:planned .",
        "state:laos bri:established mechanism:talks",
    ),
    ("financing:a bri:financed project:dam ; bri:actor state:china .", "state:china bri:finances project:dam"),
    ("alignment:a bri:aligns strategy:one ; bri:aligns strategy:two .", "strategy:one bri:alignedWith strategy:two"),
    (
        "alignment:a bri:aligns strategy:one ; bri:aligns strategy:two ; bri:alignmentStatus concept:aligned .",
        "strategy:one bri:alignedWith strategy:one",
    ),
    ("post:a bri:postHolder person:li ; bri:country state:china .", "person:li bri:affiliatedWith state:china"),
    ("signature:a bri:signatory state:laos ; bri:about agreement:mou .", "state:laos bri:signed agreement:mou"),
] + [
    (
        f"alignment:a bri:aligns strategy:one ; bri:aligns strategy:two ; bri:alignmentStatus concept:alignment-{status} .",
        "strategy:one bri:alignedWith strategy:two",
    )
    for status in ("proposed", "explored", "delayed")
]
PACT = "agreement:pact a bri:Agreement ."


def states(kg: KnowledgeGraph, triple: str, graph: str) -> bool:
    subject, predicate, value = triple.split()
    return ox.Quad(node(subject), node(predicate), node(value), node(graph)) in kg.store


@pytest.mark.parametrize(("records", "edge"), SHORTCUTS, ids=[edge for _, edge in SHORTCUTS])
def test_a_record_gives_its_shortcut_in_its_own_graph(graph_of: GraphMaker, records: str, edge: str) -> None:
    kg = graph_of(f"{PACT} segment:p01s01 {{ {records} }}")
    assert states(kg, edge, "segment:p01s01")
    assert kg.query(f"ASK {{ {edge} }}")


@pytest.mark.parametrize(("records", "edge"), NO_SHORTCUTS)
def test_what_is_not_so_gives_no_shortcut(graph_of: GraphMaker, records: str, edge: str) -> None:
    assert not graph_of(f"{PACT} segment:p01s01 {{ {records} }}").query(f"ASK {{ {edge} }}")


@pytest.mark.parametrize(("records", "edge"), SHORTCUTS, ids=[edge for _, edge in SHORTCUTS])
def test_two_segments_are_never_joined(graph_of: GraphMaker, records: str, edge: str) -> None:
    subject, _, rest = records.removesuffix(" .").partition(" ")
    graphs = " ".join(f"segment:p01s{i:02} {{ {subject} {pair} . }}" for i, pair in enumerate(rest.split(" ; ")))
    assert not graph_of(f"{PACT} {graphs}").query(f"ASK {{ {edge} }}")


def test_every_shortcut_of_the_rules_is_tested() -> None:
    rules = (ontology_folder() / "rules" / "shortcuts.ru").read_text(encoding="utf-8")
    derived = {line.split()[6] for line in rules.splitlines() if line.startswith("INSERT")}
    assert {edge.split()[1] for _, edge in SHORTCUTS} == derived == {edge.split()[1] for _, edge in NO_SHORTCUTS}


# Rules: taxonomy and labels


def test_what_belongs_to_a_class_belongs_to_the_broader_ones_in_the_same_graph(graph_of: GraphMaker) -> None:
    kg = graph_of("segment:p01s01 { event:forum a bri:Forum . } segment:p01s02 { event:forum bri:date 1 . }")
    assert objects(kg, "event:forum", "rdf:type", "segment:p01s01") == [
        "bri:Event",
        "bri:Forum",
        "bri:Meeting",
        "bri:Record",
    ]
    assert objects(kg, "event:forum", "rdf:type", "segment:p01s02") == []


def test_a_narrower_relation_gives_the_broader_one(graph_of: GraphMaker) -> None:
    kg = graph_of(
        """segment:p01s01 {
            claim:one a bri:Claim ; bri:claimant person:li .
            recommendation:two a bri:Recommendation ; bri:recommender person:wu .
            position:three a bri:Position ; bri:holder state:laos ; bri:reportedBy person:li .
        }"""
    )
    assert objects(kg, "claim:one", "bri:attributedTo", "segment:p01s01") == ["person:li"]
    assert objects(kg, "recommendation:two", "bri:attributedTo", "segment:p01s01") == ["person:wu"]
    assert objects(kg, "position:three", "bri:attributedTo", "segment:p01s01") == ["state:laos"]


def test_records_are_labelled_in_both_languages(graph_of: GraphMaker) -> None:
    kg = graph_of(
        """
        state:laos a bri:State ; skos:prefLabel "Laos"@en ; skos:prefLabel "老挝"@zh-Hans .
        event:forum a bri:Forum ; skos:prefLabel "The forum"@en ; skos:prefLabel "论坛"@zh-Hans .
        segment:p01s01 {
            participation:a a bri:Participation ; bri:participant state:laos ; bri:participatedIn event:forum ;
                bri:attendance concept:did-not-attend .
            claim:b a bri:Claim ; bri:claimant state:laos ; bri:gloss "All is well."@en ; bri:gloss "一切都好。"@zh-Hans .
        }
        segment:fn01 { erratum:c a bri:Erratum ; bri:concerns participation:a . }
        """
    )
    assert objects(kg, "state:laos", "rdfs:label") == ["Laos", "老挝"]
    assert objects(kg, "claim:b", "rdfs:label", "segment:p01s01") == ["All is well.", "一切都好。"]
    english, chinese = objects(kg, "participation:a", "rdfs:label", "segment:p01s01")
    assert english == "Participation: Laos · The forum · did not attend"
    assert chinese.startswith("参与: 老挝 · 论坛 · ")
    erratum, _ = objects(kg, "erratum:c", "rdfs:label", "segment:fn01")
    assert erratum == "Erratum: Participation: Laos · The forum · did not attend"


def test_every_record_of_the_paper_has_a_label_in_both_languages(kg: KnowledgeGraph) -> None:
    for language in ("en", "zh-Hans"):
        bare = kg.query(
            f"""SELECT DISTINCT ?node {{ ?node a bri:Record
                FILTER NOT EXISTS {{ ?node rdfs:label ?label FILTER (LANGMATCHES(LANG(?label), "{language}")) }} }}"""
        )
        assert bare.to_dicts() == []


# The same store for rdflib


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")  # inside rdflib
@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s ?name { ?s a bri:State ; skos:prefLabel ?name }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?g ?value { GRAPH ?g { ?s bri:value ?value } }",
        "SELECT ?s ?date { ?s bri:date ?date }",
        "SELECT ?kind (COUNT(DISTINCT ?s) AS ?n) { ?s a bri:Project . OPTIONAL { ?s bri:projectKind ?kind } } GROUP BY ?kind",
    ],
)
def test_rdflib_sees_the_same_rows(kg: KnowledgeGraph, query: str) -> None:
    theirs = kg.dataset.query(query, initNs=PREFIXES)
    ours = kg.query(query)
    assert sorted(map(str, ours)) == sorted(str(tuple(row)) for row in theirs)
    assert len(ours) > 0


def test_rdflib_counts_the_same_triples(kg: KnowledgeGraph) -> None:
    import rdflib

    assert len(kg.dataset.default_graph) == len(kg)
    segment = kg.dataset.graph(rdflib.URIRef(PREFIXES["segment"] + "p09s03"))
    held = list(kg.store.quads_for_pattern(None, None, None, node("segment:p09s03")))
    assert len(segment) == len(held) > 5
    laos = rdflib.URIRef(PREFIXES["state"] + "laos")
    assert rdflib.Literal("Laos", lang="en") in set(kg.dataset.default_graph.objects(laos, rdflib.SKOS.prefLabel))
    assert skos("prefLabel") == str(rdflib.SKOS.prefLabel)


def test_a_copy_in_memory_answers_and_cites_the_same(kg: KnowledgeGraph) -> None:
    copy = bri_kg.load(in_memory=True)
    assert copy.folder is None and quads(copy.store) == quads(bri_kg.load().store)
    answer = copy.ask("projects-in", country="Laos")
    assert answer.terms == kg.ask("projects-in", country="Laos").terms
    assert answer.cite() == kg.ask("projects-in", country="Laos").cite()
    copy.store.add(ox.Quad(node("state:laos"), node("bri:about"), node("state:china")))  # it may be added to
    asked = "ASK { state:laos bri:about state:china }"
    assert copy.query(asked).boolean and copy.query(asked, timeout=20).boolean
    assert not kg.query(asked).boolean
