"""Cards of answers: written whole, verified the same, and found out when anything in them is altered."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from conftest import GraphMaker

from bri_kg import KnowledgeGraph, cards
from bri_kg.cards import card_to_html, checksum, graph_hash, write_card
from bri_kg.cards.verification import Verdict, read_card, verify_apart, verify_card
from bri_kg.errors import LimitError, QueryError, UsageError
from bri_kg.questions import questions

COMMAND = Path(sys.executable).with_name("bri-kg")
HOSTILE = (
    "</title><script>alert(1)</script><img src=http://example.org/x onerror=alert(1)>\x1b[2J\u202e\x9b31m\"'{{ 7*7 }}"
)
COUNT = "SELECT ?kind (COUNT(?one) AS ?number) { ?one a ?kind } GROUP BY ?kind ORDER BY ?kind"
WITHOUT = (
    "SELECT ?project { ?project a bri:Project FILTER NOT EXISTS { ?project bri:hostCountry ?state } } ORDER BY ?project"
)
CRASH = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUERIES = [
    "SELECT ?project ?segment { GRAPH ?segment { ?project bri:hostCountry state:laos } } ORDER BY ?project ?segment",
    COUNT,
    WITHOUT,
    "SELECT ?none { ?none bri:hostCountry state:laos , state:singapore }",
    "ASK { ?project bri:hostCountry state:laos }",
    "ASK { ?project bri:hostCountry state:nowhere }",
    "CONSTRUCT { ?project bri:hostCountry ?state } WHERE { ?project bri:hostCountry ?state }",
    'SELECT ?project ?note { ?project bri:hostCountry state:laos BIND ("a\\tb\\n\'<&" AS ?note) }',
]

Alter = Callable[[dict[str, Any]], object]


@pytest.fixture
def laos(kg: KnowledgeGraph, tmp_path: Path) -> Path:
    return write_card(kg.ask("projects-in", country="Laos"), tmp_path / "laos.json")


def _rewrite(path: Path, alter: Alter, mend: bool = True) -> Path:
    """Alter a card; with ``mend``, as a forger does who computes its checksum anew."""
    card = json.loads(path.read_text(encoding="utf-8"))
    alter(card)
    if mend:
        card["checksum"] = checksum(card)
    path.write_text(json.dumps(card), encoding="utf-8")
    return path


# Written


def test_card_holds_what_was_asked_and_what_it_stands_on(kg: KnowledgeGraph, laos: Path) -> None:
    card = json.loads(laos.read_text(encoding="utf-8"))
    answer = kg.ask("projects-in", country="Laos")
    assert card["question"]["name"] == "projects-in"
    assert card["parameters"] == {"country": {"type": "uri", "value": "https://w3id.org/bri-kg/state/laos"}}
    assert card["columns"] == list(answer.columns)
    assert card["rows"] == json.loads(answer.to_json())["results"]["bindings"]
    for citation, held in zip(card["citations"], answer.cited().rows, strict=True):
        assert {f"https://w3id.org/bri-kg/segment/{one}" for one in citation["segments"]} == set(held.citation)
        assert citation["marks"] == list(held.marks)
    for one, entry in card["segments"].items():
        sentence = kg.sources.sentence(f"https://w3id.org/bri-kg/segment/{one}")
        assert sentence and (entry["page"], entry["gist"]) == (sentence.page, sentence.gist)
        assert re.fullmatch("[0-9a-f]{64}", entry["sha256"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", card["written"])
    assert card["engine"] == {"name": "pyoxigraph", "version": ox.__version__}
    assert kg.card(answer)["rows"] == card["rows"]


def test_errata_are_cited_with_what_they_correct(kg: KnowledgeGraph, tmp_path: Path) -> None:
    query = "SELECT ?erratum ?p ?o { GRAPH ?erratum { ?s ?p ?o } FILTER STRSTARTS(STR(?erratum), STR(erratum:)) } ORDER BY ?erratum ?p ?o"
    path = write_card(kg.query(query), tmp_path / "errata.json")
    card = read_card(path)
    assert card["rows"]
    for citation in card["citations"]:
        assert citation["errata"] and set(citation["errata"].values()) <= set(card["segments"])
    assert verify_card(kg, path).state == "same"


def test_hash_is_that_of_the_sorted_canonical_quads(kg: KnowledgeGraph, graph_of: GraphMaker) -> None:
    small = graph_of("segment:p01s01 { segment:p01s01 bri:page 53 ; bri:gist _:a . _:a bri:gist _:b . }")
    lines = {str(quad) + " .\n" for quad in small.store if "p01s01" in str(quad.graph_name)}
    assert len(lines) == 3
    again = graph_of("segment:p01s01 { _:z bri:gist _:y . segment:p01s01 bri:gist _:z ; bri:page 53 . }")
    other = graph_of("segment:p01s01 { _:z bri:gist _:y . segment:p01s01 bri:gist _:y ; bri:page 53 . }")
    assert graph_hash(small) == graph_hash(again) != graph_hash(other)
    quads = [f"{quad} .\n" for quad in kg.store if isinstance(quad.graph_name, ox.NamedNode)]  # no blank nodes in it
    assert graph_hash(kg, anew=True) == graph_hash(kg) == hashlib.sha256("".join(sorted(quads)).encode()).hexdigest()


def test_files_are_written_whole_or_not_at_all(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = kg.ask("projects-in", country="Laos")
    for name in ("card.html", "missing/card.json", "."):
        with pytest.raises(UsageError):
            write_card(answer, tmp_path / name)
    (tmp_path / "taken.html").mkdir()
    with pytest.raises(UsageError, match="is no file"):
        write_card(answer, tmp_path / "taken.json")
    with monkeypatch.context() as patch:
        patch.setattr(cards, "card_to_html", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_card(answer, tmp_path / "card.json")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.html"]
    write_card(answer, tmp_path / "card")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["card", "card.html", "taken.html"]


def test_no_card_where_it_could_not_be_run_again(kg: KnowledgeGraph, tmp_path: Path) -> None:
    answer = kg.query("SELECT ?s { ?s ?p ?o } LIMIT 3")
    with pytest.raises(UsageError, match="not known what was asked"):
        answer.only([0]).card()
    answer.cut = "Cut: the first 3 rows; the query took longer than 1 second; give it longer with --timeout, now 1."
    with pytest.raises(LimitError, match="has no card"):
        answer.card()
    with pytest.raises(QueryError):
        kg.query("CONSTRUCT { [] bri:page ?page } WHERE { ?s bri:page ?page }").card()


# The same


@pytest.mark.parametrize("query", QUERIES)
def test_free_queries_verify_the_same(kg: KnowledgeGraph, tmp_path: Path, query: str) -> None:
    verdict = verify_card(kg, write_card(kg.query(query, timeout=30), tmp_path / "card.json"))
    assert verdict.state == "same", str(verdict)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_stored_questions_verify_the_same(kg: KnowledgeGraph, tmp_path: Path, language: str) -> None:
    asked = kg.in_language(language)
    for one in questions()[::3]:
        path = tmp_path / f"{one.name}.json"
        answer = asked.ask_within(one.name, {param.name: param.example for param in one.parameters})
        verdict = verify_card(kg, write_card(answer, path))
        assert verdict.state == "same", f"{one.name}: {verdict}"


def test_voice_and_limit_of_rows_are_kept(kg: KnowledgeGraph, tmp_path: Path) -> None:
    facts = kg.ask("positions-on", undertaking="GSI").voiced("claims")
    assert verify_card(kg, write_card(facts, tmp_path / "claims.json")).state == "same"
    cut = write_card(kg.query("SELECT ?s { ?s a bri:Project } ORDER BY ?s", max_rows=2), tmp_path / "cut.json")
    assert read_card(cut)["cut"]
    assert verify_card(kg, cut).state == "same"


def test_terms_bound_to_a_free_query_are_bound_again(kg: KnowledgeGraph, tmp_path: Path) -> None:
    terms = {"state": ox.NamedNode("https://w3id.org/bri-kg/state/laos"), "text": ox.Literal("x\n\"'", language="en")}
    query = "SELECT ?project ?text { ?project bri:hostCountry ?state } ORDER BY ?project"
    assert verify_card(kg, write_card(kg.query(query, **terms), tmp_path / "card.json")).state == "same"


def test_blank_nodes_are_the_same_under_other_labels(graph_of: GraphMaker, tmp_path: Path) -> None:
    text = "segment:p01s01 { segment:p01s01 bri:page 53 . project:a bri:note %s . project:b bri:note _:y . _:y bri:note %s . }"
    query = "SELECT ?s ?o { ?s bri:note ?o } ORDER BY ?s"
    path = write_card(graph_of(text % ("_:x", "_:x")).query(query), tmp_path / "card.json")
    assert verify_card(graph_of(text % ("_:z", "_:z")), path).state == "same"
    assert verify_card(graph_of(text % ("_:y", "_:y")), path).state == "graph differs"


@pytest.mark.parametrize("function", ["STRUUID()", "UUID()", "RAND()", "NOW()", "BNODE()"])
def test_values_of_the_moment_have_no_card(kg: KnowledgeGraph, function: str) -> None:
    with pytest.raises(QueryError):
        kg.query(f"SELECT ({function} AS ?one) {{ state:laos a bri:State }}").card()


# Altered

ALTERATIONS: dict[str, tuple[Alter, str]] = {
    "row edited": (
        lambda card: card["rows"][0]["project"].update(value="urn:x:other"),
        "1 row in the card but not found",
    ),
    "row left out": (lambda card: (card["rows"].pop(), card["citations"].pop()), "1 row found but not in the card"),
    "row doubled": (
        lambda card: (card["rows"].append(card["rows"][0]), card["citations"].append(card["citations"][0])),
        "1 row in the card but not found",
    ),
    "rows turned round": (lambda card: (card["rows"].reverse(), card["citations"].reverse()), "in another order"),
    "citation swapped": (lambda card: card["citations"].reverse(), "the citation in the card is"),
    "segment left out": (lambda card: card["citations"][0]["segments"].pop(), "the citation in the card is"),
    "segment added": (lambda card: card["citations"][0]["segments"].append("p09s03"), "the citation in the card is"),
    "mark left out": (lambda card: card["citations"][0].update(marks=[]), "Row 1: the citation in the card is"),
    "voice turned": (lambda card: card["citations"][0].update(voice="claims"), "Row 1: the citation in the card is"),
    "digest edited": (lambda card: _first(card).update(sha256="0" * 64), "the digest in the card is"),
    "gist edited": (lambda card: _first(card).update(gist="All is well."), "the gist in the card is"),
    "page edited": (lambda card: _first(card).update(page=1), "the page in the card is"),
    "segment invented": (lambda card: card["segments"].update({"p99 s<99>": _first(card)}), "is not in this graph"),
    "segment not cited": (
        lambda card: card["segments"].update({"p09s03": _first(card)}),
        "list of segments is not that of its citations",
    ),
    "label edited": (lambda card: card["labels"].update({next(iter(card["labels"])): "Other"}), "The label of"),
    "heading edited": (lambda card: card["headings"].__setitem__(0, "victim"), "Headings: the card has"),
    "query edited": (lambda card: card.update(query=card["query"] + "LIMIT 1"), "is not that of the stored question"),
    "query widened": (
        lambda card: card.update(
            question=None,
            query=card["query"].replace("?country .", "?any .").replace("WHERE {", "WHERE { FILTER BOUND(?country)"),
        ),
        "found but not in the card",
    ),
    "query that writes": (lambda card: card.update(question=None, query="CLEAR ALL"), "read-only"),
    "query that calls": (
        lambda card: card.update(
            question=None, query="SELECT ?country { SERVICE <http://127.0.0.1:9/> { ?country ?p ?o } }"
        ),
        "SERVICE is not allowed",
    ),
    "query that is none": (lambda card: card.update(question=None, query="\x00\x1b[2J"), "cannot be run again"),
    "question renamed": (lambda card: card["question"].update(name="../../etc/passwd"), "There is no stored question"),
    "question reworded": (lambda card: card["question"].update(en="Who is to blame?"), "is worded"),
    "parameter edited": (
        lambda card: card["parameters"]["country"].update(value="https://w3id.org/bri-kg/state/myanmar"),
        "found but not in the card",
    ),
    "parameter of no use": (
        lambda card: card["parameters"].update(zzz={"type": "literal", "value": "x"}),
        "has no variable ?zzz",
    ),
    "parameter that breaks out": (
        lambda card: card["parameters"]["country"].update(value="urn:x> } } #"),
        "is no RDF term",
    ),
    "parameter named like a limit": (
        lambda card: card["parameters"].update(timeout={"type": "literal", "value": "x"}),
        "cannot be called timeout",
    ),
    "cut hidden": (lambda card: card.update(cut="Cut: the first 3 rows.", max_rows=3), "cut"),
    "hash method": (lambda card: card["graph"].update(algorithm="none"), "computed otherwise"),
    "hostile text": (lambda card: card["rows"][0]["project"].update(value=HOSTILE), "in the card but not found"),
}


def _first(card: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(iter(card["segments"].values()))
    return found


@pytest.mark.parametrize("name", ALTERATIONS)
def test_every_alteration_is_found_out(kg: KnowledgeGraph, laos: Path, name: str) -> None:
    alter, words = ALTERATIONS[name]
    forged = verify_card(kg, _rewrite(laos, alter))
    assert forged.state == "changed"
    assert words in str(forged)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", str(forged))
    card = json.loads(laos.read_text(encoding="utf-8"))
    clumsy = verify_card(kg, _rewrite(laos, lambda one: one.update(checksum="0" * 64), mend=False))
    assert (clumsy.state, clumsy.changes) == ("altered", forged.changes)
    assert "checksum does not fit" in clumsy.summary
    assert card["checksum"] != "0" * 64


def test_what_only_the_checksum_tells_is_told(kg: KnowledgeGraph, laos: Path) -> None:
    verdict = verify_card(kg, _rewrite(laos, lambda card: card.update(written="1999-01-01T00:00:00+00:00"), mend=False))
    assert (verdict.state, verdict.changes) == ("altered", ())
    assert "as the card says" in str(verdict)


def test_false_hash_of_the_graph_is_a_graph_that_differs(kg: KnowledgeGraph, laos: Path) -> None:
    verdict = verify_card(kg, _rewrite(laos, lambda card: card["graph"].update(hash="f" * 64)))
    assert (verdict.state, verdict.changes) == ("graph differs", ())
    assert "citations and digests are the same" in verdict.summary


def test_another_version_is_remarked(kg: KnowledgeGraph, laos: Path) -> None:
    verdict = verify_card(kg, _rewrite(laos, lambda card: card.update(bri_kg="99\x1b[2J")))
    assert verdict.state == "same"
    assert "99\\u001B[2J" in verdict.remarks[0]


def test_an_engine_that_is_not_found_out_is_told(kg: KnowledgeGraph, laos: Path) -> None:
    verdict = verify_card(kg, _rewrite(laos, lambda card: card.update(engine={"name": "other", "version": "0"})))
    assert verdict.state == "same"
    assert "other 0" in verdict.remarks[0]
    moved = verify_card(kg, _rewrite(laos, lambda card: card.update(written="1999-01-01T00:00:00+00:00")))
    assert moved.state == "same"  # the one thing that nothing tells


def test_the_limit_of_a_card_is_one_that_json_keeps(kg: KnowledgeGraph, laos: Path, tmp_path: Path) -> None:
    query = "SELECT ?s { ?s bri:memberOf organisation:asean } ORDER BY ?s"
    with pytest.raises(UsageError, match="a limit of at most 9,007,199,254,740,991 rows"):
        kg.query(query, max_rows=1 << 53).card()
    path = write_card(kg.query(query, max_rows=cards.MOST_ROWS), tmp_path / "most.json")
    assert verify_card(kg, path).state == "same"
    with pytest.raises(UsageError) as refused:
        read_card(_rewrite(laos, lambda card: card.update(written="yesterday")))
    assert str(refused.value).endswith(
        "is no whole card: 'written' is no date and time such as 2026-01-31T12:00:00+00:00, but \"yesterday\"."
    )


def test_another_graph_is_told_and_whether_the_rows_are_the_same(graph_of: GraphMaker, tmp_path: Path) -> None:
    text = 'segment:p01s01 { segment:p01s01 bri:page 53 ; bri:gist "A" ; bri:sha256 "%s" . project:a bri:hostCountry state:laos . }'
    before = graph_of(text % "aa")
    query = "SELECT ?project { ?project bri:hostCountry state:laos } ORDER BY ?project"
    path = write_card(before.query(query), tmp_path / "card.json")
    assert verify_card(before, path).state == "same"
    more = verify_card(graph_of(text % "aa" + "segment:p01s02 { segment:p01s02 bri:page 54 . }"), path)
    assert (more.state, more.changes) == ("graph differs", ())
    gained = verify_card(graph_of(text % "aa" + "segment:p01s02 { project:b bri:hostCountry state:laos . }"), path)
    assert gained.state == "graph differs"
    assert "1 row found but not in the card:\n    ?project=project:b" in str(gained)
    digest = verify_card(graph_of(text % "bb"), path)
    assert digest.state == "graph differs"
    assert digest.changes == ('Segment p01s01: the digest in the card is "aa", in the ledger "bb".',)


# Refused

BROKEN: dict[str, str | bytes] = {
    "empty": "",
    "not JSON": "{'format': 1}",
    "not UTF-8": b"\xff\xfe\x00",
    "a list": "[]",
    "a number": "1e999",
    "NaN": '{"format": NaN}',
    "deep": "[" * 200_000,
    "deep inside": '{"a":' * 100_000,
    "long number": '{"card_version": ' + "9" * 10_000 + "}",
    "other format": '{"format": "card"}',
    "twice": '{"format": "BRI-KG answer card", "format": "BRI-KG answer card"}',
    "other version": '{"format": "BRI-KG answer card", "card_version": 1}',
    "version true": '{"format": "BRI-KG answer card", "card_version": true}',
    "hostile version": '{"format": "BRI-KG answer card", "card_version": "\\u001b[2J\\u202e"}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_card_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    path, content = tmp_path / "card.json", BROKEN[name]
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError) as refused:
        read_card(path)
    assert "\n" not in str(refused.value) and "\x1b" not in str(refused.value) and "\u202e" not in str(refused.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.json", Path(os.devnull)):
        with pytest.raises(UsageError):
            read_card(path)


def test_every_member_is_needed_and_no_other_taken(laos: Path) -> None:
    whole = laos.read_text(encoding="utf-8")
    for key in json.loads(whole):
        laos.write_text(whole, encoding="utf-8")
        with pytest.raises(UsageError, match=f"lacks '{key}'|no card|of version"):
            read_card(_rewrite(laos, lambda card, key=key: card.pop(key), mend=False))
        for wrong in (12.5, [[1]], {"\x1b": None}):
            laos.write_text(whole, encoding="utf-8")
            with pytest.raises(UsageError):
                read_card(_rewrite(laos, lambda card, key=key, wrong=wrong: card.update({key: wrong}), mend=False))
    laos.write_text(whole, encoding="utf-8")
    with pytest.raises(UsageError, match="unknown member"):
        read_card(_rewrite(laos, lambda card: card.update(note="trust me")))


@pytest.mark.parametrize(
    "alter",
    [
        lambda card: card["citations"].pop(),
        lambda card: card.update(form="ASK"),
        lambda card: card.update(boolean=True),
        lambda card: card["columns"].append("project"),
        lambda card: card["rows"][0].update(other={"type": "uri", "value": "urn:x"}),
        lambda card: card["rows"][0].update(project={"type": "uri", "value": 1}),
        lambda card: card["rows"][0].update(project={"type": "triple", "value": {}}),
        lambda card: card["rows"][0].update(project=None),
        lambda card: card["citations"][0]["marks"].append("proven"),
        lambda card: card["citations"][0].pop("voice"),
        lambda card: card.update(max_rows=0),
        lambda card: card.update(max_rows=True),
        lambda card: card.update(max_rows=10**400),
        lambda card: card.update(max_rows=1 << 53),
        lambda card: card.update(written="yesterday"),
        lambda card: card.update(written=""),
        lambda card: card.update(written="2026-02-30T00:00:00+00:00"),
        lambda card: card.update(written="2026-01-31"),
        lambda card: card.update(written="2026-01-31T12:00:00"),
        lambda card: card.update(written="2026-01-31T12:00:00+00:00 \x1b[2J"),
        lambda card: card.update(language="../zh"),
    ],
)
def test_cards_that_contradict_themselves_are_refused(laos: Path, alter: Alter) -> None:
    with pytest.raises(UsageError, match="is no whole card"):
        read_card(_rewrite(laos, alter))


def test_query_of_a_card_has_the_limits_of_a_free_query(kg: KnowledgeGraph, laos: Path) -> None:
    def alter(card: dict[str, Any]) -> None:
        card.update(question=None, parameters={}, query=CRASH)

    with pytest.raises(LimitError, match="longer than 1 second"):
        verify_card(kg, _rewrite(laos, alter), timeout=1)
    altered = verify_card(kg, _rewrite(laos, lambda card: card.update(checksum=""), mend=False), timeout=1)
    assert altered.state == "altered" and "longer than 1 second" in str(altered)


def test_tracing_without_end_is_stopped(kg: KnowledgeGraph, laos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bri_kg.cards.verification._COMMAND", "import time; time.sleep(60)")
    monkeypatch.setattr("bri_kg.cards.verification._START", 0.2)
    with pytest.raises(LimitError, match="more time or memory"):
        verify_apart(laos, 0.1)


# Pages


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def _page(path: Path) -> _Page:
    page = _Page()
    page.feed(path.with_suffix(".html").read_text(encoding="utf-8"))
    return page


def test_page_shows_the_card(laos: Path) -> None:
    page, card = _page(laos), read_card(laos)
    assert page.tags[0] == ("html", {"lang": "en"})
    for text in (
        card["question"]["en"],
        card["query"],
        card["graph"]["hash"],
        card["checksum"],
        *(card["labels"][one["value"]] for row in card["rows"] for one in row.values() if one["type"] == "uri"),
        *(entry[part] for entry in card["segments"].values() for part in ("gist", "sha256")),
    ):
        assert text in page.text
    targets = {one["id"] for _, one in page.tags if "id" in one}
    links = {str(one["href"]) for tag, one in page.tags if tag == "a"}
    assert links and {link[1:] for link in links} <= targets


def test_page_speaks_the_language_of_the_labels(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = write_card(kg.in_language("zh").ask("projects-in", country="老挝"), tmp_path / "laos.json")
    page = _page(path)
    assert page.tags[0] == ("html", {"lang": "zh-Hans"})
    assert "论文提到某国有哪些项目？进展如何？" in page.text


def test_hostile_strings_stay_text(graph_of: GraphMaker, tmp_path: Path) -> None:
    gist = str(ox.Literal(HOSTILE))
    small = graph_of(
        f"""segment:p01s01 {{ segment:p01s01 bri:page 53 ; bri:gist {gist} ; bri:sha256 {gist} . <javascript:alert(1)> bri:hostCountry state:laos ;
        skos:prefLabel {gist}@en ; bri:note {gist}^^<urn:x:</small><script>> . }}""".replace(
            "<script>>", "%3Cscript%3E>"
        ).replace("</small>", "")
    )
    path = write_card(
        small.query("SELECT ?s ?p ?o { GRAPH segment:p01s01 { ?s ?p ?o } } ORDER BY ?s ?p ?o"), tmp_path / "x y<&>.json"
    )
    page = _page(path)
    assert not {"script", "img", "iframe", "object", "form", "base"} & {tag for tag, _ in page.tags}
    assert not any(key.startswith("on") for _, one in page.tags for key in one)
    assert all(str(one.get("href", "#")).startswith(("#", "data:,")) for _, one in page.tags)
    assert not any("src" in one for _, one in page.tags)
    assert "<script>alert(1)</script>" in page.text and "{{ 7*7 }}" in page.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", path.with_suffix(".html").read_text(encoding="utf-8"))
    assert verify_card(small, path).state == "same"


def test_triples_and_empty_cells_have_a_place_on_the_page(laos: Path) -> None:
    iri, text = {"type": "uri", "value": "urn:x:<b>"}, {"type": "literal", "value": "<i>", "xml:lang": "en"}
    triple = {"type": "triple", "value": {"subject": iri, "predicate": iri, "object": text}}
    _rewrite(laos, lambda one: one["rows"].__setitem__(0, {"project": triple, "date": {"type": "bnode", "value": "b"}}))
    card = read_card(laos)
    html = card_to_html(card)
    assert "&lt;&lt; <bdi>urn:x:&lt;b&gt;</bdi>" in html and '<bdi lang="en">&lt;i&gt;</bdi>' in html and "_:b" in html


def test_page_makes_no_request(laos: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("no Chromium for the tests of pages; get it with: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        address = laos.with_suffix(".html").as_uri()
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.set_viewport_size({"width": 360, "height": 700})
        narrow = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()
    assert [one for one in requests if one != address and not one.startswith("data:")] == []
    assert complaints == []
    assert wide and narrow


# At the command line


@pytest.fixture
def run(kg: KnowledgeGraph, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(COMMAND), *words], capture_output=True, encoding="utf-8", cwd=tmp_path, timeout=120)

    return run


def test_card_goes_from_ask_to_verify(run: Callable[..., Any], tmp_path: Path) -> None:
    asked = run("ask", "projects-in", "country=Laos", "--card", "laos.json", "--format", "csv")
    assert asked.returncode == 0 and "laos.json" in asked.stderr
    assert asked.stdout == run("ask", "projects-in", "country=Laos", "--format", "csv").stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["laos.html", "laos.json"]
    done = run("verify", "laos.json")
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("same: 3 rows")
    _rewrite(tmp_path / "laos.json", lambda card: card["rows"][0]["project"].update(value=HOSTILE))
    done = run("verify", "laos.json")
    assert done.returncode == 1 and done.stdout.startswith("changed:") and "\x1b" not in done.stdout
    _rewrite(tmp_path / "laos.json", lambda card: card.update(checksum="0"), mend=False)
    done = run("verify", "laos.json")
    assert done.returncode == 1 and done.stdout.startswith("altered:")
    (tmp_path / "laos.json").write_text("{}", encoding="utf-8")
    done = run("verify", "laos.json")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_card_goes_from_sparql_to_verify(run: Callable[..., Any], tmp_path: Path) -> None:
    asked = run("sparql", COUNT, "--card", "count.json", "--lang", "zh")
    assert asked.returncode == 0, asked.stderr
    assert run("verify", "count.json").returncode == 0
    cut = run("sparql", WITHOUT, "--max-rows", "2", "--card", "cut.json")
    assert cut.returncode == 4
    assert run("verify", "cut.json").returncode == 0
    _rewrite(tmp_path / "cut.json", lambda card: card["graph"].update(hash="0" * 64))
    differs = run("verify", "cut.json")
    assert differs.returncode == 1 and differs.stdout.startswith("graph differs:")
    _rewrite(tmp_path / "cut.json", lambda card: card.update(query=CRASH))
    assert run("verify", "cut.json", "--timeout", "1").returncode == 4
    assert run("sparql", WITHOUT, "--card", "no/such/folder.json").returncode == 2
    assert run("verify", "cut.json", "--timeout", "0").returncode == 2


def test_plain_ask_imports_no_cards() -> None:
    code = (
        "import sys; from bri_kg.commands.asking import run; run(['projects-in', 'country=Laos', '--format=csv']);"
        "print([one for one in sys.modules if one in ('bri_kg.cards', 'bri_kg.cards.verification', 'jinja2')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stderr) == (0, "[]\n")


def test_verdict_reads_as_text() -> None:
    assert str(Verdict(True, True, ("A.",), ("B.",), 1)).splitlines()[1:] == [
        "- The graph is another than the card says.",
        "- A.",
        "  (B.)",
    ]
