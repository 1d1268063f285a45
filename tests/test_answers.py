"""Answers: rows and their forms, and every format read back by a reader of that format."""

import csv
import io
import json
from collections.abc import Callable

import pandas
import pyoxigraph as ox
import pytest
import rdflib
from conftest import GraphMaker
from rdflib.query import Result

from bri_kg import Answer, KnowledgeGraph
from bri_kg.answers import FORMATS, rdflib_term
from bri_kg.errors import QueryError, UsageError
from bri_kg.names import PREFIXES
from bri_kg.tables import text_table

XSD = PREFIXES["xsd"]
LAOS = rdflib.URIRef(PREFIXES["state"] + "laos")

#: Cells that a careless format breaks.
AWKWARD = [
    "plain",
    'say "hello"',
    "one, two",
    "two\nlines",
    "carriage\r\nreturn",
    "tab\there",
    "a | pipe",
    "<script>alert('x')</script>",
    "back\\slash",
    " spaces around ",
    "中老铁路",
    "=1+1",
    "[link](javascript:alert(1))",
]


@pytest.fixture
def awkward(kg: KnowledgeGraph) -> Answer:
    """One column of awkward texts and one that is unbound in every other row."""
    rows = "\n".join(f"({ox.Literal(text)} {i if i % 2 else 'UNDEF'})" for i, text in enumerate(AWKWARD))
    return kg.query(f"SELECT ?text ?n {{ VALUES (?text ?n) {{ {rows} }} }}")


@pytest.fixture
def mixed(kg: KnowledgeGraph) -> Answer:
    """One row with every kind of term."""
    return kg.query(
        """SELECT (state:laos AS ?iri) ("Laos"@en AS ?tagged) ("老挝"@zh-Hans AS ?chinese) ("text" AS ?text) (7 AS ?whole)
        (2.5 AS ?decimal) (1e3 AS ?double) (true AS ?truth) ("2017-05"^^xsd:gYearMonth AS ?month) ?nothing {}"""
    )


# Rows


def test_an_answer_knows_its_columns_in_order(mixed: Answer) -> None:
    assert mixed.columns == (
        "iri",
        "tagged",
        "chinese",
        "text",
        "whole",
        "decimal",
        "double",
        "truth",
        "month",
        "nothing",
    )
    assert mixed.form == "SELECT"
    assert mixed.boolean is None


def test_rows_are_tuples_of_rdflib_terms_with_none_for_unbound(mixed: Answer) -> None:
    (row,) = mixed
    assert row == (
        LAOS,
        rdflib.Literal("Laos", lang="en"),
        rdflib.Literal("老挝", lang="zh-Hans"),
        rdflib.Literal("text"),
        rdflib.Literal("7", datatype=rdflib.XSD.integer),
        rdflib.Literal("2.5", datatype=rdflib.XSD.decimal, normalize=False),
        rdflib.Literal("1000", datatype=rdflib.XSD.double, normalize=False),
        rdflib.Literal("true", datatype=rdflib.XSD.boolean),
        rdflib.Literal("2017-05", datatype=rdflib.XSD.gYearMonth),
        None,
    )
    assert isinstance(row[0], rdflib.URIRef)


def test_an_answer_can_be_read_twice(awkward: Answer) -> None:
    assert list(awkward) == list(awkward)
    assert len(list(awkward)) == len(awkward) == len(AWKWARD)


def test_dicts_hold_plain_text(mixed: Answer) -> None:
    (row,) = mixed.to_dicts()
    assert row["iri"] == str(LAOS)
    assert row["tagged"] == "Laos"
    assert row["whole"] == "7"
    assert row["decimal"] == "2.5"
    assert row["month"] == "2017-05"
    assert row["nothing"] is None


def test_a_row_without_columns_is_a_row(kg: KnowledgeGraph) -> None:
    empty = kg.query("SELECT * {}")
    assert (len(empty), empty.columns, list(empty)) == (1, (), [()])


@pytest.mark.parametrize(
    ("query", "form", "length", "truth"),
    [
        ("SELECT ?s { ?s a bri:Paper }", "SELECT", 1, True),
        ("SELECT ?s { ?s a bri:NoSuchClass }", "SELECT", 0, False),
        ("SELECT (false AS ?x) {}", "SELECT", 1, True),
        ("ASK { state:laos a bri:State }", "ASK", 0, True),
        ("ASK { state:laos a bri:Project }", "ASK", 0, False),
        ("CONSTRUCT { ?s a bri:Paper } WHERE { ?s a bri:Paper }", "CONSTRUCT", 1, True),
        ("CONSTRUCT { ?s a bri:X } WHERE { ?s a bri:NoSuchClass }", "CONSTRUCT", 0, False),
        ("DESCRIBE <http://example.org/nobody>", "CONSTRUCT", 0, False),
    ],
)
def test_length_and_truth(kg: KnowledgeGraph, query: str, form: str, length: int, truth: bool) -> None:
    answer = kg.query(query)
    assert (answer.form, len(answer), bool(answer)) == (form, length, truth)
    assert answer.boolean is (truth if form == "ASK" else None)


def test_triples_are_rows_without_repetition(kg: KnowledgeGraph) -> None:
    answer = kg.query("CONSTRUCT { ?s rdfs:label 'state' } WHERE { ?s a bri:State . ?s skos:prefLabel ?name }")
    assert answer.columns == ("subject", "predicate", "object")
    assert (LAOS, rdflib.RDFS.label, rdflib.Literal("state")) in list(answer)
    assert len(set(answer)) == len(answer)
    assert answer.to_dicts()[0].keys() == {"subject", "predicate", "object"}


def test_a_quoted_triple_has_no_rdflib_term() -> None:
    one = ox.NamedNode("http://a")
    with pytest.raises(UsageError, match="rdflib has no term for the quoted triple"):
        rdflib_term(ox.Triple(one, one, one))


def test_an_error_while_running_is_a_query_error(kg: KnowledgeGraph) -> None:
    from bri_kg.lookup import Labels

    class Failing:
        def __bool__(self) -> bool:
            raise RuntimeError("the disk is gone")

    with pytest.raises(QueryError, match="The query failed while it ran: the disk is gone"):
        Answer(Failing(), Labels(kg.store), "")  # type: ignore[arg-type]


def test_the_short_form_says_what_it_is(kg: KnowledgeGraph) -> None:
    assert repr(kg.query("SELECT ?a ?b { VALUES (?a ?b) { (1 2) } }")) == "<Answer SELECT: 1 rows of a, b>"
    assert repr(kg.query("ASK {}")) == "<Answer ASK: True>"


# CSV and TSV


def test_csv_comes_back_as_it_was(awkward: Answer) -> None:
    text = awkward.to_csv()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [["text", "n"], *([cell, str(i) if i % 2 else ""] for i, cell in enumerate(AWKWARD))]


def test_csv_lines_end_as_the_standard_says(kg: KnowledgeGraph) -> None:
    answer = kg.query('SELECT ?a ?b { VALUES (?a ?b) { (state:laos "x, \\"y\\"") (1 UNDEF) } }')
    assert answer.to_csv() == f'a,b\r\n{LAOS},"x, ""y"""\r\n1,\r\n'


def test_csv_can_show_labels(kg: KnowledgeGraph) -> None:
    assert kg.query("SELECT (state:laos AS ?s) (7 AS ?n) {}").to_csv(labels=True) == "s,n\r\nLaos,7\r\n"


def test_csv_of_a_yes_or_no(kg: KnowledgeGraph) -> None:
    assert kg.query("ASK {}").to_csv() == "boolean\r\ntrue\r\n"
    assert kg.query("ASK { FILTER (false) }").to_csv() == "boolean\r\nfalse\r\n"


def test_tsv_holds_terms_that_can_be_read_back(awkward: Answer, mixed: Answer) -> None:
    for answer in (awkward, mixed):
        head, *lines = answer.to_tsv().removesuffix("\n").split("\n")
        assert head == "\t".join(f"?{column}" for column in answer.columns)
        assert len(lines) == len(answer)
        for line, row in zip(lines, answer.terms, strict=True):
            cells = line.split("\t")
            triples = [f"<http://s> <http://p> {cell} ." for cell in cells if cell]
            read = [next(iter(ox.parse(one, format=ox.RdfFormat.N_TRIPLES))).object for one in triples]
            assert read == [term for term in row if term is not None]
            assert len(cells) == len(row)


def test_tsv_with_labels_has_one_line_a_row(awkward: Answer) -> None:
    head, *lines = awkward.to_tsv(labels=True).removesuffix("\n").split("\n")
    assert head == "text\tn"
    assert [line.count("\t") for line in lines] == [1] * len(AWKWARD)
    assert "carriage return\t" in lines
    assert "tab here\t5" in lines


def test_tsv_of_a_yes_or_no(kg: KnowledgeGraph) -> None:
    assert kg.query("ASK {}").to_tsv() == "?boolean\ntrue\n"


# JSON


def read_json(text: str) -> Result:
    return Result.parse(io.BytesIO(text.encode("utf-8")), format="json")


def python_value(term: object) -> tuple[object, object]:
    """The value and the language of a term: rdflib's reader writes some numbers anew."""
    return (term.toPython() if isinstance(term, rdflib.Literal) else term), getattr(term, "language", None)


def test_json_is_read_by_rdflib_as_the_same_rows(awkward: Answer, mixed: Answer) -> None:
    for answer in (awkward, mixed):
        theirs = read_json(answer.to_json())
        assert [str(variable) for variable in theirs.vars or []] == list(answer.columns)
        read = [[python_value(row.asdict().get(column)) for column in answer.columns] for row in theirs]
        assert read == [[python_value(term) for term in row] for row in answer]


def test_json_follows_the_format(mixed: Answer) -> None:
    held = json.loads(mixed.to_json())
    assert held["head"] == {"vars": list(mixed.columns)}
    (row,) = held["results"]["bindings"]
    assert row["iri"] == {"type": "uri", "value": str(LAOS)}
    assert row["chinese"] == {"type": "literal", "value": "老挝", "xml:lang": "zh-hans"}
    assert row["text"] == {"type": "literal", "value": "text"}
    assert row["whole"] == {"type": "literal", "value": "7", "datatype": XSD + "integer"}
    assert row["month"] == {"type": "literal", "value": "2017-05", "datatype": XSD + "gYearMonth"}
    assert "nothing" not in row
    assert "老挝" in mixed.to_json()


def test_json_of_a_yes_or_no(kg: KnowledgeGraph) -> None:
    for query, truth in (("ASK {}", True), ("ASK { FILTER (false) }", False)):
        text = kg.query(query).to_json()
        held = json.loads(text)
        assert (held["boolean"], "empty" in held["head"]) == (truth, not truth)
        assert read_json(text).askAnswer is truth


def test_json_of_blank_nodes_and_quoted_triples(kg: KnowledgeGraph) -> None:
    (blank,) = json.loads(kg.query("SELECT (BNODE() AS ?b) {}").to_json())["results"]["bindings"]
    assert blank["b"]["type"] == "bnode"
    (quoted,) = json.loads(kg.query("SELECT (<<( state:laos bri:value 1 )>> AS ?t) {}").to_json())["results"][
        "bindings"
    ]
    assert quoted["t"]["type"] == "triple"
    assert quoted["t"]["value"]["subject"] == {"type": "uri", "value": str(LAOS)}


def test_json_of_triples_has_their_parts_as_columns(kg: KnowledgeGraph) -> None:
    held = json.loads(kg.query("CONSTRUCT { state:laos bri:value 7 } WHERE {}").to_json())
    assert held["head"] == {"vars": ["subject", "predicate", "object"]}
    assert held["results"]["bindings"][0]["object"]["value"] == "7"


# Markdown


def test_markdown_keeps_one_row_a_line_and_its_cells_apart(awkward: Answer) -> None:
    lines = awkward.to_markdown().removesuffix("\n").split("\n")
    assert lines[:2] == ["| text | n |", "| --- | --- |"]
    assert len(lines) == 2 + len(AWKWARD)
    assert all(line.replace("\\\\", "").replace("\\|", "").count("|") == 3 for line in lines)
    assert "\r" not in "".join(lines)


def test_markdown_cannot_hold_markup(awkward: Answer) -> None:
    text = awkward.to_markdown()
    assert "a \\| pipe" in text
    assert "back\\\\slash" in text
    assert "<script" not in text
    assert "&lt;script" in text


def test_markdown_shows_labels(kg: KnowledgeGraph) -> None:
    assert kg.query("SELECT (state:laos AS ?s) {}").to_markdown() == "| s |\n| --- |\n| Laos |\n"
    assert kg.query("ASK {}").to_markdown() == "**yes**\n"
    assert kg.query("ASK { FILTER (false) }").to_markdown() == "**no**\n"


# pandas


def test_pandas_gets_numbers_as_numbers(kg: KnowledgeGraph) -> None:
    frame = kg.query(
        "SELECT ?s ?whole ?decimal ?truth { VALUES (?s ?whole ?decimal ?truth) "
        "{ (state:laos 7 2.5 true) (state:china 433000000 1e3 false) } }"
    ).to_pandas()
    assert list(frame.columns) == ["s", "whole", "decimal", "truth"]
    assert frame["whole"].sum() == 433000007
    assert pandas.api.types.is_integer_dtype(frame["whole"])
    assert frame["decimal"].tolist() == [2.5, 1000.0]
    assert frame["truth"].tolist() == [True, False]
    assert frame["s"].iloc[0] == str(LAOS)


def test_pandas_keeps_the_columns_of_an_empty_answer(kg: KnowledgeGraph) -> None:
    frame = kg.query("SELECT ?a ?b { ?a bri:nosuch ?b }").to_pandas()
    assert list(frame.columns) == ["a", "b"]
    assert len(frame) == 0
    assert kg.query("ASK {}").to_pandas()["boolean"].tolist() == [True]


def test_pandas_shows_unbound_as_missing(kg: KnowledgeGraph) -> None:
    frame = kg.query("SELECT ?a { VALUES ?a { 1 UNDEF } }").to_pandas()
    assert frame["a"].isna().tolist() == [False, True]


# Tables for people


def test_a_table_shows_labels_in_english_and_chinese(graph_of: GraphMaker) -> None:
    text = 'state:laos a bri:State ; skos:prefLabel "Laos"@en ; skos:prefLabel "老挝"@zh-Hans . state:x a bri:State .'
    query = "SELECT ?s { ?s a bri:State } ORDER BY ?s"
    assert graph_of(text).query(query).labelled() == [["Laos"], ["state:x"]]
    assert graph_of(text, language="zh").query(query).labelled() == [["老挝"], ["state:x"]]


def test_a_label_in_another_language_is_better_than_none(graph_of: GraphMaker) -> None:
    text = 'state:a skos:prefLabel "Only English"@en . state:b skos:prefLabel "只有中文"@zh-Hans . state:c rdfs:label "Bare" .'
    query = "SELECT ?s { VALUES ?s { state:a state:b state:c } }"
    assert graph_of(text, language="zh").query(query).labelled() == [["Only English"], ["只有中文"], ["Bare"]]
    assert graph_of(text).query(query).labelled() == [["Only English"], ["只有中文"], ["Bare"]]


def test_print_gives_a_table_with_labels(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = str(kg.query("SELECT ?state ?n { VALUES (?state ?n) { (state:laos 7) (state:china UNDEF) } }"))
    lines = [line.split() for line in shown.splitlines() if line]
    assert lines[0] == ["state", "n"]
    assert lines[2:] == [["Laos", "7"], ["China"], ["2", "rows"]]


@pytest.mark.parametrize("width", ["30", "60", "200"])
def test_a_table_is_no_wider_than_the_terminal(awkward: Answer, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", width)
    assert max(map(cell_len, str(awkward).splitlines())) <= int(width)


def test_markup_in_a_cell_is_shown_and_not_obeyed(kg: KnowledgeGraph) -> None:
    shown = str(kg.query('SELECT ?x { VALUES ?x { "[bold red]x[/bold red]" "[/]" "\\u001b[31mred" } }'))
    assert "[bold red]x[/bold red]" in shown
    assert "[/]" in shown
    assert "\x1b" not in shown


def test_print_of_nothing_and_of_yes_and_no(kg: KnowledgeGraph) -> None:
    assert str(kg.query("SELECT ?a ?b { ?a bri:nosuch ?b }")) == "a  b\nno rows"
    assert str(kg.query("ASK {}")) == "yes"
    assert str(kg.query("ASK { FILTER (false) }")) == "no"
    assert str(kg.query("SELECT (1 AS ?x) {}")).endswith("\n1 row")


# Formats by name


MAKERS: dict[str, Callable[[Answer], str]] = {
    "table": str,
    "csv": Answer.to_csv,
    "tsv": Answer.to_tsv,
    "json": Answer.to_json,
    "md": Answer.to_markdown,
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_has_a_name(mixed: Answer, name: str) -> None:
    assert mixed.to_format(name) == MAKERS[name](mixed)


@pytest.mark.parametrize("name", ["xml", "", "CSV", "Table"])
def test_an_unknown_format_is_refused_with_the_known_ones(mixed: Answer, name: str) -> None:
    with pytest.raises(UsageError, match=f"There is no format '{name}'; choose table, csv, tsv, json, md"):
        mixed.to_format(name)


def test_columns_that_do_not_fit_become_blocks_and_no_date_breaks() -> None:
    columns = ["thing", "day", "from", "until", "page", "kind", "voice"]
    row = ["China-Laos Railway", "2021-12-03", "2021-12-01", "2021-12-31", "p. 66", "operation started", ""]
    narrow = text_table(columns, [row], "Milestones", width=72, notes=[["— a sentence"]])
    assert narrow.splitlines() == [
        "Milestones", "", "thing  China-Laos Railway", "day    2021-12-03", "from   2021-12-01", "until  2021-12-31", "page   p. 66",
        "kind   operation started", "— a sentence", "", "1 row",
    ]  # fmt: skip
    assert len(text_table(columns, [row], width=120).splitlines()) == 6
    fitting = text_table(columns[:4], [["a very long name of a thing that folds", *row[1:4]]], width=60)
    assert all(day in fitting for day in row[1:4]) and max(map(len, fitting.splitlines())) <= 60
