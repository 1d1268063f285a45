"""The files of the graph: house style, the ledger, names, and nothing of the paper's own wording.

Style is read line by line, since a fact is a line; each rule has a snippet that breaks it.
"""

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest

from bri_kg import KnowledgeGraph
from bri_kg.files import data_folder, ontology_folder
from bri_kg.ledger import DISPOSITIONS
from bri_kg.names import BASE, KINDS, ONTOLOGY, PREFIXES, bri, expand, shorten, skos

SHARED = Path(__file__).resolve().parents[2] / "shared"
FILES = sorted(path for path in data_folder().rglob("*") if path.suffix in (".ttl", ".trig"))
NAMES = [path.relative_to(data_folder()).as_posix() for path in FILES]

IRI = r"<[^<>\s]*>"
NAME = r"[a-z][\w-]*:(?:[\w%](?:[\w.%-]*[\w%-])?)?"
NODE = rf"(?:{IRI}|{NAME})"
TEXT = r'"(?:[^"\\]|\\.)*"'
LITERAL = rf"{TEXT}(?:@[a-z]{{2,3}}(?:-[A-Z][a-z]+)?|\^\^{NODE})?"
NUMBER = r"[+-]?\d+(?:\.\d+)?|true|false"
PAIR = rf"(?P<predicate>a|{NODE}) (?P<object>{NODE}|{LITERAL}|{NUMBER}) (?P<end>[;.])"
PREFIX = re.compile(rf"@prefix (?P<prefix>[a-z][\w-]*): (?P<iri>{IRI}) \.")
SUBJECT = re.compile(rf"(?P<subject>{NODE}) {PAIR}")
MORE = re.compile(PAIR)
GRAPH = re.compile(rf"(?P<graph>{NODE}) \{{")
NO_LITERALS = re.compile(rf"{IRI}|{TEXT}(?:@[\w-]+)?|(?P<prefix>[a-z][\w-]*):")


@cache
def derived() -> frozenset[str]:
    """Short names of the properties that rules derive, as the ontology says."""
    quads = ox.parse(path=str(ontology_folder() / "bri.ttl"))
    marked = {shorten(quad.subject.value) for quad in quads if quad.predicate.value == bri("derivedFrom")}  # type: ignore[union-attr]
    return frozenset(marked | {"rdfs:label"})


def style_faults(content: bytes, name: str) -> list[str]:
    """What in a Turtle or TriG file is against the house style: ``line: rule``, in the order of the lines."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ["1: not UTF-8"]
    faults = [
        f"1: {rule}" for sign, rule in (("\ufeff", "byte-order mark"), ("\r", "CR"), ("\t", "tab")) if sign in text
    ]
    if not text.endswith("\n") or text.endswith("\n\n"):
        faults.append("1: ends with other than one line end")
    if faults:
        return faults
    lines = text.removesuffix("\n").split("\n")
    start = next((i for i, line in enumerate(lines) if not line.startswith("@prefix ")), len(lines))
    faults += _prefix_faults(lines, start)
    faults += _body_faults(lines, start, name)
    return faults


def _prefix_faults(lines: list[str], start: int) -> list[str]:
    faults = []
    given = [match["prefix"] if (match := PREFIX.fullmatch(line)) else "" for line in lines[:start]]
    faults += [f"{i + 1}: prefix line is malformed" for i, prefix in enumerate(given) if not prefix]
    if given != sorted(set(given)):
        faults.append("1: prefixes are not alphabetical, each once")
    faults += [
        f"{i + 1}: prefix among the triples"
        for i, line in enumerate(lines[start:], start)
        if line.startswith("@prefix")
    ]
    used = {match["prefix"] for line in lines[start:] for match in NO_LITERALS.finditer(line) if match["prefix"]}
    used |= {name.partition(":")[0] for line in lines[start:] for name in re.findall(rf"\^\^({NAME})", line)}
    faults += [
        f"{given.index(prefix) + 1}: prefix {prefix} is not used" for prefix in given if prefix and prefix not in used
    ]
    if start and (start == len(lines) or lines[start]):
        faults.append(f"{start + 1}: no blank line after the prefixes")
    return faults


def _body_faults(lines: list[str], start: int, name: str) -> list[str]:
    faults: list[str] = []
    graph, subject, previous = "", "", "@prefix"
    subjects: dict[str, list[str]] = {}
    for i, line in enumerate(lines[start:], start):
        indent = "    " if graph else ""
        number = i + 1
        if not line:
            if not previous or subject:
                faults.append(f"{number}: blank line inside a subject, or a second one")
        elif line != line.rstrip():
            faults.append(f"{number}: space at the end")
        elif not graph and (match := GRAPH.fullmatch(line)) and name.endswith(".trig"):
            graph = match["graph"]
            if graph in subjects:
                faults.append(f"{number}: graph {graph} stands twice")
            if previous:
                faults.append(f"{number}: no blank line before the graph")
            subjects[graph] = []
        elif graph and line == "}":
            if subject or not subjects[graph] or not previous:
                faults.append(f"{number}: graph ends badly or is empty")
            graph = ""
        elif not subject and (match := SUBJECT.fullmatch(line.removeprefix(indent))) and line.startswith(indent):
            if previous and not previous.endswith("{"):
                faults.append(f"{number}: no blank line before the subject")
            known = subjects.setdefault(graph, [])
            if match["subject"] in known:
                faults.append(f"{number}: subject {match['subject']} stands twice")
            known.append(match["subject"])
            faults += _pair_faults(match, number)
            subject = match["subject"] if match["end"] == ";" else ""
        elif subject and line.startswith(indent + "    ") and (match := MORE.fullmatch(line[len(indent) + 4 :])):
            faults += _pair_faults(match, number)
            if match["predicate"] == "a":
                faults.append(f"{number}: 'a' is not on the subject's line")
            subject = subject if match["end"] == ";" else ""
        else:
            faults.append(
                f"{number}: no line of the house style (one predicate and one object a line, named nodes only)"
            )
        previous = line
    if subject or graph:
        faults.append(f"{len(lines)}: ends inside a subject or graph")
    entities = subjects.get("", [])
    if name.startswith("entities/"):
        header = f"<{BASE}graph/{name.removesuffix('.ttl')}>"
        if entities[:1] != [header]:
            faults.append("1: the first subject is not the header")
        if entities[1:] != sorted(entities[1:]):
            faults.append("1: subjects are not alphabetical")
    return faults


def _pair_faults(match: re.Match[str], number: int) -> list[str]:
    if match["predicate"] in derived():
        return [f"{number}: {match['predicate']} is derived by rules and must not be typed"]
    return []


# House style


def test_there_are_files_to_read() -> None:
    assert len([name for name in NAMES if name.startswith("entities/")]) >= 15
    assert len([name for name in NAMES if name.startswith("statements/")]) >= 11
    assert "paper.ttl" in NAMES


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_file_is_in_house_style(path: Path) -> None:
    assert style_faults(path.read_bytes(), path.relative_to(data_folder()).as_posix()) == []


HEAD = """@prefix bri: <https://w3id.org/bri-kg/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix state: <https://w3id.org/bri-kg/state/> .

"""
GOOD = (
    HEAD
    + """<https://w3id.org/bri-kg/graph/entities/x> dcterms:title "X"@en .

state:a a bri:State ;
    skos:prefLabel "A; \\"b\\", [c] @prefix"@en ;
    skos:prefLabel "甲"@zh-Hans .

state:b a bri:State .
"""
)
GOOD_TRIG = """@prefix bri: <https://w3id.org/bri-kg/ontology#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf> .
@prefix segment: <https://w3id.org/bri-kg/segment/> .
@prefix state: <https://w3id.org/bri-kg/state/> .

segment:a {
    state:a a bri:State ;
        bri:value -2.5 ;
        bri:date "2013/2018"^^edtf: .

    state:b bri:partOf state:a .
}

segment:b {
    state:a bri:isDerived true .
}
"""


def test_a_file_in_house_style_passes() -> None:
    assert style_faults(GOOD.encode(), "entities/x.ttl") == []
    assert style_faults(GOOD_TRIG.encode(), "statements/x.trig") == []


BAD = {
    "not UTF-8": ('"A;', '"\udce9;'),
    "byte-order mark": ("@prefix bri:", "\ufeff@prefix bri:"),
    "CR": (" .\n\nstate:b", " .\r\n\r\nstate:b"),
    "tab": ("    skos:prefLabel", "\tskos:prefLabel"),
    "ends with other": ("state:b a bri:State .\n", "state:b a bri:State ."),
    "prefixes are not alphabetical": ("@prefix dcterms: <http://purl.org/dc/terms/> .\n", ""),
    "prefix dcterms is not used": ("> dcterms:title", "> bri:title"),
    "prefix line is malformed": ("@prefix bri: ", "@prefix bri:  "),
    "prefix among the triples": ("state:b a", "@prefix x: <http://x> .\n\nstate:b a"),
    "no blank line after the prefixes": ("\n\n<https", "\n<https"),
    "no blank line before the subject": (" .\n\nstate:b", " .\nstate:b"),
    "blank line inside a subject": (" ;\n    skos", " ;\n\n    skos"),
    "or a second one": (" .\n\nstate:b", " .\n\n\nstate:b"),
    "space at the end": ("state:b a bri:State .", "state:b a bri:State . "),
    "one predicate and one object a line": ('"甲"@zh-Hans .', '"甲"@zh-Hans , "乙"@zh-Hans .'),
    "one object a line": ("a bri:State .", "a bri:State ; bri:partOf state:a ."),
    "no line of the house style": ("    skos:prefLabel", "  skos:prefLabel"),
    "named nodes only": ("a bri:State .", "bri:partOf [ a bri:State ] ."),
    "(one predicate and": ("state:b a", "_:b a"),
    "named nodes only)": ("a bri:State .", "bri:partOf ( state:a ) ."),
    "'a' is not on the subject's line": ("state:b a bri:State .", "state:b bri:partOf state:a ;\n    a bri:State ."),
    "bri:signed is derived": ("a bri:State .", "bri:signed state:a ."),
    "bri:earliest is derived": ("a bri:State .", 'bri:earliest "2017-01-01" .'),
    "bri:attributedTo is derived": ("a bri:State .", "bri:attributedTo state:a ."),
    "rdfs:label is derived": ("a bri:State .", 'rdfs:label "B"@en .'),
    "subject state:a stands twice": ("state:b a", "state:a a"),
    "subjects are not alphabetical": ("state:b a", "state:0 a"),
    "the first subject is not the header": ("graph/entities/x>", "graph/entities/y>"),
    "ends inside a subject": ("state:b a bri:State .", "state:b a bri:State ;"),
}


@pytest.mark.parametrize("rule", BAD)
def test_what_is_against_the_house_style_is_found(rule: str) -> None:
    old, new = BAD[rule]
    assert old in GOOD
    if rule.startswith("prefixes are not"):
        bad = GOOD.replace(old, "").replace("@prefix state:", old + "@prefix state:")
    else:
        head, _, tail = GOOD.rpartition(old)
        bad = head + new + tail
    faults = style_faults(bad.encode("utf-8", "surrogateescape"), "entities/x.ttl")
    assert [fault for fault in faults if rule in fault], faults


BAD_TRIG = {
    "graph segment:a stands twice": ("segment:b {", "segment:a {"),
    "no blank line before the graph": ("}\n\nsegment:b", "}\nsegment:b"),
    "graph ends badly or is empty": ("    state:a bri:isDerived true .\n", ""),
    "no line of the house style": ("    state:b bri", "  state:b bri"),
    "ends inside a subject or graph": ("true .\n}\n", "true .\n"),
    "bri:finances is derived": ("bri:partOf", "bri:finances"),
}


@pytest.mark.parametrize("rule", BAD_TRIG)
def test_what_is_against_the_house_style_in_graphs_is_found(rule: str) -> None:
    old, new = BAD_TRIG[rule]
    assert GOOD_TRIG.count(old) == 1
    faults = style_faults(GOOD_TRIG.replace(old, new).encode(), "statements/x.trig")
    assert [fault for fault in faults if rule in fault], faults


def test_the_ontology_says_which_properties_are_derived() -> None:
    assert {
        "bri:signed",
        "bri:attended",
        "bri:finances",
        "bri:launched",
        "bri:earliest",
        "bri:attributedTo",
    } <= derived()
    assert "bri:signatory" not in derived()


# Statements

Quads = list[ox.Quad]


def quads_of(paths: list[Path]) -> Quads:
    return [quad for path in paths for quad in ox.parse(path=str(path))]


def short(term: object) -> str:
    return shorten(term.value) if isinstance(term, (ox.NamedNode, ox.Literal)) else str(term)


@pytest.fixture(scope="module")
def stated() -> Quads:
    return quads_of([path for path in FILES if path.parent.name == "statements"])


@pytest.fixture(scope="module")
def ledger() -> dict[str, dict[str, list[str]]]:
    """Segment id to property to values, as ``paper.ttl`` has them."""
    held: dict[str, dict[str, list[str]]] = {}
    for quad in quads_of([data_folder() / "paper.ttl"]):
        if short(quad.subject).startswith("segment:"):
            values = held.setdefault(short(quad.subject).removeprefix("segment:"), {})
            values.setdefault(short(quad.predicate), []).append(short(quad.object))
    return held


def graphs_in_file(path: Path) -> list[str]:
    return re.findall(rf"^({NODE}) \{{$", path.read_text(encoding="utf-8"), re.MULTILINE)


def order_faults(graphs: list[str], order: dict[str, int]) -> list[str]:
    """Graphs that stand before one that the paper has earlier; an erratum's graph stands where its segment does."""
    segments = [name.removeprefix("segment:") for name in graphs if name.startswith("segment:")]
    return [b for a, b in pairwise(segments) if order.get(b, 0) <= order.get(a, 0)]


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name == "statements"], ids=lambda path: path.stem
)
def test_graphs_stand_in_reading_order(path: Path, ledger: dict[str, dict[str, list[str]]]) -> None:
    order = {name: int(values["bri:readingOrder"][0]) for name, values in ledger.items()}
    graphs = graphs_in_file(path)
    assert order_faults(graphs, order) == []
    for name in graphs:
        assert name.startswith(("segment:", "erratum:"))
        assert name.startswith("erratum:") or name.removeprefix("segment:") in order
    sections = {
        ledger[name.removeprefix("segment:")]["bri:inSection"][0] for name in graphs if name.startswith("segment:")
    }
    number = re.match(r"section-([\d.]+)-", path.name)
    assert number
    assert sections == {f"section:{number[1]}"}


def test_graphs_out_of_order_are_found() -> None:
    assert order_faults(["segment:a", "segment:c", "erratum:x", "segment:b"], {"a": 1, "b": 2, "c": 3}) == ["b"]


def test_no_segment_has_graphs_in_two_files() -> None:
    graphs = [name for path in FILES if path.suffix == ".trig" for name in graphs_in_file(path)]
    assert [name for name, count in Counter(graphs).items() if count > 1] == []


def untyped_records(quads: Quads) -> set[str]:
    """Records that a graph speaks of without saying what they are, as ``graph: record``; rules never look into another graph."""
    typed = {(quad.graph_name, quad.subject) for quad in quads if short(quad.predicate) == "rdf:type"}
    records = {subject for _, subject in typed}
    return {
        f"{short(quad.graph_name)}: {short(quad.subject)}"
        for quad in quads
        if quad.subject in records
        and (quad.graph_name, quad.subject) not in typed
        and short(quad.subject).partition(":")[0] in RECORD_KINDS
        and short(quad.graph_name).startswith("segment:")
    }


RECORD_KINDS = set(KINDS) - {
    "agreement", "component", "document", "event", "government", "group", "initiative", "issue", "law", "mechanism", "notion",
    "organisation", "paper", "partnership", "person", "phase", "place", "programme", "project", "section", "segment", "state",
    "strategy", "work",
}  # fmt: skip


def test_every_record_is_typed_in_each_graph_that_speaks_of_it(stated: Quads) -> None:
    assert untyped_records(stated) == set()


def test_a_record_without_its_type_is_found() -> None:
    text = "".join(f"@prefix {one}: <{PREFIXES[one]}> .\n" for one in ("bri", "segment", "signature", "state"))
    text += """
    segment:a { signature:x a bri:Signature ; bri:signatory state:a . }
    segment:b { signature:x bri:signatory state:b . }
    """
    assert untyped_records(list(ox.parse(text, format=ox.RdfFormat.TRIG))) == {"segment:b: signature:x"}


def test_every_entity_that_is_spoken_of_is_declared(stated: Quads, kg: KnowledgeGraph) -> None:
    entities = set(KINDS) - RECORD_KINDS
    spoken = {
        term.value
        for quad in stated
        for term in (quad.subject, quad.object)
        if isinstance(term, ox.NamedNode) and short(term).partition(":")[0] in entities
    }
    pref = ox.NamedNode(skos("prefLabel"))
    bare = {
        shorten(iri)
        for iri in spoken
        if not short(ox.NamedNode(iri)).startswith("segment:")
        and not list(kg.store.quads_for_pattern(ox.NamedNode(iri), pref, None, ox.DefaultGraph()))
    }
    assert bare == set()


# The ledger


def test_the_ledger_has_every_segment_in_order(ledger: dict[str, dict[str, list[str]]]) -> None:
    assert len(ledger) == 342
    assert [int(values["bri:readingOrder"][0]) for values in ledger.values()] == list(range(1, 343))
    kinds = Counter(values["bri:segmentKind"][0] for values in ledger.values())
    assert kinds["concept:sentence"] == 276
    assert kinds["concept:footnote-segment"] == 41
    assert kinds["concept:heading"] == 10
    assert kinds["concept:table-row"] == 10
    pages = [int(values["bri:page"][0]) for values in ledger.values()]
    assert (pages[0], max(pages)) == (53, 79)


def ledger_faults(ledger: dict[str, dict[str, list[str]]]) -> list[str]:
    """Segments whose gist, disposition or reason is missing or more than one."""
    faults = []
    for name, values in ledger.items():
        disposition = [value.removeprefix("concept:") for value in values.get("bri:disposition", [])]
        if len(disposition) != 1 or disposition[0] not in DISPOSITIONS:
            faults.append(f"{name}: disposition")
        if len(values.get("bri:gist", [])) != 1 or len(values["bri:gist"][0].split()) < 2:
            faults.append(f"{name}: gist")
        if ("nothing" in disposition) != ("bri:dispositionReason" in values):
            faults.append(f"{name}: reason")
        if ("restates" in disposition) != ("bri:restates" in values):
            faults.append(f"{name}: restates")
    return faults


def test_every_segment_has_a_gist_and_a_disposition(ledger: dict[str, dict[str, list[str]]]) -> None:
    assert ledger_faults(ledger) == []


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"bri:gist": ["It says so."]}, "disposition"),
        ({"bri:gist": ["It says so."], "bri:disposition": ["concept:asserted"]}, "disposition"),
        ({"bri:gist": ["It says so."], "bri:disposition": ["concept:stated", "concept:claimed"]}, "disposition"),
        ({"bri:disposition": ["concept:stated"]}, "gist"),
        ({"bri:gist": ["?"], "bri:disposition": ["concept:stated"]}, "gist"),
        ({"bri:gist": ["It says so."], "bri:disposition": ["concept:nothing"]}, "reason"),
        ({"bri:gist": ["It says so."], "bri:disposition": ["concept:restates"]}, "restates"),
    ],
)
def test_a_fault_of_the_ledger_is_found(values: dict[str, list[str]], fault: str) -> None:
    assert ledger_faults({"p01s01": values}) == [f"p01s01: {fault}"]


def segment_faults(ledger: dict[str, dict[str, list[str]]], segments: list[dict[str, object]]) -> list[str]:
    """Segments of which the ledger has another kind, page, place, digest or footnote than the cut text of the paper."""
    faults = []
    if list(ledger) != [segment["id"] for segment in segments]:
        faults.append("the segments are others, or in another order")
    for segment in segments:
        values = ledger.get(str(segment["id"]), {})
        ranges = [f"{start}-{end}" for start, end in segment["ranges"]]  # type: ignore[attr-defined]
        expected = {
            "bri:page": [str(segment["page"])],
            "bri:pageEnd": [str(segment["page_end"])] if "page_end" in segment else [],
            "bri:paragraph": [str(segment["paragraph"])] if "paragraph" in segment else [],
            "bri:inSection": [f"section:{segment['section']}"],
            "bri:sha256": [str(segment["sha256"])],
            "bri:textRange": ranges,
            "bri:footnote": [f"segment:fn{note:02}" for note in segment.get("footnotes", [])],  # type: ignore[attr-defined]
            "bri:inferredFootnote": [f"segment:fn{note:02}" for note in segment.get("footnotes_inferred", [])],  # type: ignore[attr-defined]
        }
        for name, wanted in expected.items():
            if sorted(values.get(name, [])) != sorted(wanted):
                faults.append(f"{segment['id']}: {name}")
    return faults


@pytest.fixture
def segments() -> list[dict[str, object]]:
    path = SHARED / "paper" / "segments.jsonl"
    if not path.is_file():
        pytest.skip("../shared/paper is not here: without the paper's text, digests cannot be held against it")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_ledger_is_the_cut_text(ledger: dict[str, dict[str, list[str]]], segments: list[dict[str, object]]) -> None:
    assert segment_faults(ledger, segments) == []
    for segment in segments:
        assert (
            hashlib.sha256(str(segment["text"]).encode()).hexdigest() == segment["sha256"] or len(segment["ranges"]) > 1
        )  # type: ignore[arg-type]


def test_a_ledger_that_differs_from_the_text_is_found() -> None:
    segment = {"id": "a", "page": 53, "section": "1", "ranges": [[0, 5]], "sha256": "00", "footnotes": [4]}
    right = {
        "bri:page": ["53"],
        "bri:inSection": ["section:1"],
        "bri:textRange": ["0-5"],
        "bri:sha256": ["00"],
        "bri:footnote": ["segment:fn04"],
    }
    assert segment_faults({"a": right}, [segment]) == []
    assert segment_faults({"a": right | {"bri:sha256": ["01"]}}, [segment]) == ["a: bri:sha256"]
    assert segment_faults({"a": right | {"bri:pageEnd": ["54"]}}, [segment]) == ["a: bri:pageEnd"]
    assert segment_faults({"a": right | {"bri:footnote": []}}, [segment]) == ["a: bri:footnote"]
    assert "the segments are others, or in another order" in segment_faults({"a": right, "b": right}, [segment])


# Names


def name_faults(quads: Quads) -> list[str]:
    """Entities without exactly one preferred name in each language, and names that two entities of one kind share."""
    entities = {quad.subject for quad in quads if short(quad.predicate) == "rdf:type"}
    names: dict[tuple[str, str], list[str]] = {}
    bearers: dict[tuple[str, str, str], set[str]] = {}
    for quad in quads:
        if short(quad.predicate) in ("skos:prefLabel", "skos:altLabel") and isinstance(quad.object, ox.Literal):
            entity, language = short(quad.subject), quad.object.language or ""
            if short(quad.predicate) == "skos:prefLabel":
                names.setdefault((entity, language), []).append(quad.object.value)
            bearers.setdefault((entity.partition(":")[0], language, quad.object.value.casefold()), set()).add(entity)
    faults = [
        f"{short(entity)}: {len(names.get((short(entity), language), []))} names in {language}"
        for entity in entities
        for language in ("en", "zh-hans")
        if len(names.get((short(entity), language), [])) != 1
    ]
    faults += [f"{' and '.join(sorted(those))}: '{key[2]}'" for key, those in bearers.items() if len(those) > 1]
    return sorted(faults)


def test_every_entity_has_one_name_in_each_language_and_shares_none_with_its_kind() -> None:
    entities = quads_of([path for path in FILES if path.parent.name == "entities"])
    assert len({quad.subject for quad in entities}) > 300
    assert name_faults(entities) == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('state:a a bri:State ; skos:prefLabel "A"@en .', ["state:a: 0 names in zh-hans"]),
        (
            'state:a a bri:State ; skos:prefLabel "A"@en ; skos:prefLabel "B"@en ; skos:prefLabel "甲"@zh-Hans .',
            ["state:a: 2 names in en"],
        ),
        (
            'state:a a bri:State ; skos:prefLabel "A"@en ; skos:prefLabel "甲"@zh-Hans . '
            'state:b a bri:State ; skos:prefLabel "B"@en ; skos:altLabel "a"@en ; skos:prefLabel "乙"@zh-Hans .',
            ["state:a and state:b: 'a'"],
        ),
        (
            'state:a a bri:State ; skos:prefLabel "A"@en ; skos:prefLabel "甲"@zh-Hans . '
            'place:a a bri:Place ; skos:prefLabel "A"@en ; skos:prefLabel "甲"@zh-Hans .',
            [],
        ),
    ],
)
def test_a_fault_of_names_is_found(text: str, faults: list[str]) -> None:
    prefixes = "".join(f"@prefix {one}: <{PREFIXES[one]}> .\n" for one in ("bri", "place", "skos", "state"))
    assert name_faults(list(ox.parse(prefixes + text, format=ox.RdfFormat.TURTLE))) == faults


def test_entities_stand_in_the_file_of_their_kind() -> None:
    kinds = {}
    for path in (path for path in FILES if path.parent.name == "entities"):
        text = path.read_text(encoding="utf-8")
        kinds[path.stem] = {line.partition(":")[0] for line in text.splitlines() if re.match(rf"{NAME} a ", line)}
    assert {stem: len(kind) for stem, kind in kinds.items() if len(kind) != 1} == {}
    assert kinds["states"] == {"state"}
    assert len({min(kind) for kind in kinds.values()}) == len(kinds)


def test_no_entity_file_says_what_the_paper_says() -> None:
    """Entity files make an entity recognisable; dates, figures and relations to undertakings stand in segment graphs."""
    said = {
        "bri:date",
        "bri:value",
        "bri:hostCountry",
        "bri:underInitiative",
        "bri:involves",
        "bri:gloss",
        "bri:attitude",
    }
    entities = quads_of([path for path in FILES if path.parent.name == "entities"])
    assert {
        f"{short(quad.subject)} {short(quad.predicate)}" for quad in entities if short(quad.predicate) in said
    } == set()


# The paper's words


@pytest.fixture
def paper_words() -> Path:
    path = SHARED / "checks" / "paper_words.py"
    if not path.is_file():
        pytest.skip("../shared/checks is not here: without the paper's text, its words cannot be sought in the project")
    return path


def words_found(checker: Path, project: Path) -> str:
    done = subprocess.run([sys.executable, checker, project], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def make_project(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", "-C", folder, *command], check=True, capture_output=True)
    return folder


def test_no_run_of_the_papers_words_stands_in_the_graph(paper_words: Path, tmp_path: Path) -> None:
    project = make_project(
        tmp_path, {name: path.read_text(encoding="utf-8") for name, path in zip(NAMES, FILES, strict=True)}
    )
    assert words_found(paper_words, project) == "0 lines with 9 or more of the paper's words in a row\n"


def test_a_run_of_the_papers_words_is_found(
    paper_words: Path, tmp_path: Path, segments: list[dict[str, object]]
) -> None:
    words = next(str(segment["text"]).split() for segment in segments if segment["id"] == "p09s04")
    project = make_project(tmp_path, {"nine.ttl": " ".join(words[:9]) + "\n", "eight.ttl": " ".join(words[:8]) + "\n"})
    assert words_found(paper_words, project).splitlines()[0] == "nine.ttl:1: words of p09s04"
    assert "1 lines" in words_found(paper_words, project)


def test_names_and_kinds_agree() -> None:
    assert expand("state:laos") == BASE + "state/laos"
    assert PREFIXES["bri"] == ONTOLOGY
    used = {
        quad.subject.value.removeprefix(BASE).partition("/")[0]
        for quad in quads_of(FILES)
        if isinstance(quad.subject, ox.NamedNode)
    }
    assert used - set(KINDS) == {"graph", "record"}  # records of datasets stand in graph_data/geometry
