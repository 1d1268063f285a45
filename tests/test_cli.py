"""The command ``bri-kg`` as people run it: a process, its two streams and its exit code."""

import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bri_kg import KnowledgeGraph
from bri_kg.questions import questions

COMMAND = Path(sys.executable).with_name("bri-kg")
COMMANDS = [
    "ask",
    "chart",
    "check",
    "compare",
    "coverage",
    "crosscheck",
    "draw",
    "export",
    "external",
    "federate",
    "find",
    "link",
    "measure",
    "questions",
    "reconcile",
    "show",
    "sparql",
    "tour",
    "verify",
]
PAPER = Path(__file__).resolve().parents[2] / "shared" / "paper" / "paper.txt"
LAOS = "SELECT ?project { ?project bri:hostCountry state:laos }"
#: More subjects than are drawn.
CROWD = """SELECT ?source ?target {
    { SELECT ?source { ?s ?p ?o BIND (IRI(CONCAT("urn:x:", MD5(CONCAT(STR(?s), STR(?p), STR(?o))))) AS ?source) } LIMIT 5200 }
    BIND (state:laos AS ?target)
}"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def environment(kg: KnowledgeGraph) -> dict[str, str]:
    """The environment for the processes; ``kg`` has filled the cache that it names."""
    kept = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES", "PYTHONWARNINGS")}
    return {**kept, "PYTHONWARNINGS": "error"}


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    assert COMMAND.exists(), "bri-kg is not installed beside this Python; run: python3 -m pip install '.[test]'"

    def run(*words: str, stdin: str = "", command: Sequence[str] = (str(COMMAND),), **more: str) -> object:
        return subprocess.run(
            [*command, *words],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**environment, **more},
            timeout=60,
        )

    return run  # type: ignore[return-value]


def _tsv(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def _on_terminal(environment: dict[str, str], folder: Path, *words: str) -> str:
    """What the command writes to a terminal of 100 columns."""
    import pty

    main, other = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, *words], stdin=other, stdout=other, stderr=other, cwd=folder, env={**environment, "COLUMNS": "100"}
    )
    os.close(other)
    written = b""
    try:
        while chunk := os.read(main, 65536):
            written += chunk
    except OSError:  # Linux says so at the end
        pass
    os.close(main)
    assert process.wait(60) == 0
    return written.decode("utf-8").replace("\r\n", "\n")


# Help


@pytest.mark.parametrize("command", COMMANDS)
def test_each_help_has_an_example_that_runs(run: Run, command: str, tmp_path: Path) -> None:
    helped = run(command, "--help")
    assert (helped.returncode, helped.stderr) == (0, "")
    [example] = re.findall(r"Example: (bri-kg .*?)(?:\n\s*\n|\Z)", helped.stdout, re.DOTALL)
    words = shlex.split(" ".join(example.split()))
    assert words[:2] == ["bri-kg", command]
    if command == "link":
        (tmp_path / "projects.csv").write_text("Project,Country\nLao-China railway,Laos\n", encoding="utf-8")
    if command == "verify":
        assert run("ask", "projects-in", "country=Laos", "--card", "laos.json").returncode == 0
    if command != "check":  # it takes seconds and has its own test, with the same words
        done = run(*words[1:])
        assert done.returncode == 0, done.stderr
        assert done.stdout or command in ("draw", "export")


def test_help_lists_every_command(run: Run) -> None:
    helped = run("--help")
    assert helped.returncode == 0
    listed = re.findall(r"^  ([a-z]+)  ", helped.stdout.partition("Commands:")[2], re.MULTILINE)
    assert sorted(listed) == COMMANDS


def test_the_version_is_said(run: Run) -> None:
    import bri_kg

    assert run("--version").stdout == f"bri-kg {bri_kg.__version__}\n"


@pytest.mark.parametrize("words", [["ask", "projects-in", "country=Laos"], ["find", "AIIB"], ["--version"]], ids=str)
def test_python_m_bri_kg_does_the_same(run: Run, words: list[str]) -> None:
    as_module = run(*words, command=(sys.executable, "-m", "bri_kg"))
    assert (as_module.returncode, as_module.stdout) == (0, run(*words).stdout)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_printed(run: Run, shell: str) -> None:
    done = run("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0, done.stderr
    assert "_BRI_KG_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("line", "offered"),
    [("bri-kg ask proj", "projects-in"), ("bri-kg cov", "coverage"), ("bri-kg draw n", "network-of")],
)
def test_completion_offers_names(run: Run, line: str, offered: str) -> None:
    done = run(_BRI_KG_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(line.count(" ")))
    assert offered in done.stdout.split()


# Answers


@pytest.mark.parametrize("name", ["table", "csv", "tsv", "json", "md"])
@pytest.mark.parametrize(
    "words",
    [
        ["ask", "projects-in", "country=Laos"],
        ["sparql", LAOS],
        ["find", "AIIB"],
        ["show", "AIIB"],
        ["questions", "project"],
        ["draw", "--list"],
        ["coverage"],
    ],
    ids=lambda words: words[0],
)
def test_rows_come_in_every_format(run: Run, words: list[str], name: str) -> None:
    done = run(*words, "--format", name)
    assert done.returncode == 0, done.stderr
    text = done.stdout
    assert text.endswith("\n")
    if name == "json":
        assert json.loads(text)
    elif name == "csv":
        rows = list(csv.reader(io.StringIO(text)))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
    elif name == "tsv":
        rows = _tsv(text)
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
    elif name == "md":
        lines = text.splitlines()
        assert set(lines[1]) == set("|- ")
        assert all(line.startswith("| ") and line.endswith(" |") for line in lines)
    else:
        assert "\t" not in text
        assert "\x1b" not in text


def test_a_pipe_gets_tsv_and_a_terminal_a_table(run: Run, environment: dict[str, str], tmp_path: Path) -> None:
    piped = run("ask", "projects-in", "country=Laos").stdout
    rows = _tsv(piped)
    assert rows[0][0] == "?project"
    assert "<https://w3id.org/bri-kg/project/china-laos-railway>" in {row[0] for row in rows[1:]}
    shown = _on_terminal(environment, tmp_path, "ask", "projects-in", "country=Laos")
    assert "China-Laos Railway" in shown
    assert "\t" not in shown
    assert "https://" not in shown
    assert max(map(len, shown.splitlines())) <= 100
    assert re.search(r"^\d+ rows$", shown, re.MULTILINE)


@pytest.mark.parametrize("words", [["find", "铁路"], ["questions", "project"], ["coverage", "--by", "page"]], ids=str)
def test_other_lists_are_tables_on_a_terminal_too(
    environment: dict[str, str], tmp_path: Path, words: list[str]
) -> None:
    shown = _on_terminal(environment, tmp_path, *words)
    assert "───" in shown
    assert "\t" not in shown


def test_show_is_text_on_a_terminal_and_in_a_pipe(run: Run, environment: dict[str, str], tmp_path: Path) -> None:
    shown = _on_terminal(environment, tmp_path, "show", "AIIB")
    assert shown == run("show", "AIIB").stdout
    assert shown.startswith("Asian Infrastructure Investment Bank  (International organisation, organisation:aiib)\n")
    for part in ("亚投行", "Facts (", "Claims, recommendations, positions and promises (", "stated as fact"):
        assert part in shown
    assert re.search(r"— p\. \d+(-\d+)? \(p\d\ds\d\d\)", shown)


def test_labels_stand_for_iris_when_wished(run: Run) -> None:
    for words in (["ask", "projects-in", "country=Laos"], ["sparql", LAOS]):
        rows = _tsv(run(*words, "--labels").stdout)
        assert rows[0][0] == "project"
        assert "China-Laos Railway" in {row[0] for row in rows[1:]}


def test_chinese(run: Run) -> None:
    assert "中老铁路" in run("ask", "projects-in", "country=老挝", "--labels", "--lang", "zh").stdout
    assert "中老铁路" in run("sparql", LAOS, "--labels", "-l", "zh").stdout
    assert run("show", "AIIB", "--lang", "zh").stdout.startswith("亚洲基础设施投资银行  (国际组织, organisation:aiib)")
    assert re.search(r"^projects-in\t[^\t]*[\u4e00-\u9fff]", run("questions", "--lang", "zh").stdout, re.MULTILINE)


def test_find_finds_in_chinese(run: Run) -> None:
    rows = _tsv(run("find", "铁路").stdout)
    assert rows[0] == ["name", "label", "kind", "matched"]
    assert ["project:china-laos-railway", "China-Laos Railway", "Project", "中老铁路"] in rows
    assert {row[2] for row in _tsv(run("find", "铁路", "--kind", "Project").stdout)[1:]} == {"Project"}


def test_questions_lists_every_stored_question(run: Run) -> None:
    rows = _tsv(run("questions").stdout)
    stored = questions()
    assert rows[0] == ["name", "question", "parameters"]
    assert [row[0] for row in rows[1:]] == [one.name for one in stored]
    assert len(stored) >= 25
    for row, one in zip(rows[1:], stored, strict=True):
        assert row[1] == one.text
        assert all(f"{parameter.name}=" in row[2] for parameter in one.parameters)
        assert [word.partition("=")[2] for word in shlex.split(row[2])] == [p.example for p in one.parameters]
    some = {row[0] for row in _tsv(run("questions", "RAILWAY").stdout)[1:]}
    assert some == {one.name for one in stored if "railway" in f"{one.name} {one.text}".casefold()}


@pytest.mark.parametrize("one", [one for one in questions() if one.parameters], ids=lambda one: one.name)
def test_the_examples_of_parameters_are_answered(kg: KnowledgeGraph, one: object) -> None:
    given = {parameter.name: parameter.example for parameter in one.parameters}  # type: ignore[attr-defined]
    assert len(kg.ask(one.name, **given)) > 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        (LAOS, ["?project"]),
        ("ASK { project:china-laos-railway a bri:Project }", ["?boolean"]),
        ("CONSTRUCT { ?s bri:hostCountry ?o } WHERE { ?s bri:hostCountry ?o }", ["?subject", "?predicate", "?object"]),
        ("DESCRIBE state:laos", ["?subject", "?predicate", "?object"]),
    ],
    ids=["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"],
)
def test_a_query_is_a_word_a_file_or_standard_input(run: Run, tmp_path: Path, query: str, columns: list[str]) -> None:
    (tmp_path / "问 1.rq").write_text(query, encoding="utf-8")
    given = run("sparql", query)
    assert given.returncode == 0, given.stderr
    rows = _tsv(given.stdout)
    assert rows[0] == columns
    assert len(rows) > 1
    assert run("sparql", "@问 1.rq").stdout == given.stdout
    assert run("sparql", "-", stdin=query).stdout == given.stdout


@pytest.mark.parametrize("words", [["sparql", "SELECT ?s ?p ?o { ?s ?p ?o }"], ["ask", "network-everything"]], ids=str)
def test_a_reader_that_has_seen_enough_hears_no_complaint(environment: dict[str, str], words: list[str]) -> None:
    bri = subprocess.Popen([COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    assert bri.stdout is not None
    head = subprocess.run(["head", "-n", "1"], stdin=bri.stdout, capture_output=True, encoding="utf-8")
    bri.stdout.close()
    assert bri.stderr is not None
    complaint = bri.stderr.read()
    bri.stderr.close()
    bri.wait(60)
    assert head.stdout.startswith("?")
    assert complaint == b""
    assert bri.returncode == 0


# Pictures and the tour


@pytest.mark.parametrize("name", ["x.svg", "x.html"])
def test_draw_writes_the_picture_and_says_so(run: Run, tmp_path: Path, name: str) -> None:
    done = run("draw", "network-of", "entity=AIIB", "-o", name)
    assert (done.returncode, done.stdout) == (0, "")
    assert re.fullmatch(rf"Wrote {name} \([\d,]+ kB\)\. Open it in a browser\.\n", done.stderr)
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert "What is one entity tied to, by facts, positions and claims? (AIIB)" in text
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(("name", "start"), [("x.png", b"\x89PNG\r\n"), ("x.pdf", b"%PDF-")])
def test_draw_makes_pictures_for_print(run: Run, tmp_path: Path, name: str, start: bytes) -> None:
    done = run("draw", "network-path", "from=AIIB", "to=老挝", "-o", name)
    assert (done.returncode, done.stdout) == (0, "")
    assert re.fullmatch(rf"Wrote {name} \([\d,]+ kB\)\.\n", done.stderr)
    assert (tmp_path / name).read_bytes().startswith(start)


def test_draw_offers_a_cut_of_a_crowd_and_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "crowd.rq").write_text(CROWD, encoding="utf-8")
    done = run("draw", "@crowd.rq", "--most", "300", "-o", "x.svg", "--title", "A crowd")
    assert done.returncode == 0, done.stderr
    root = ET.parse(tmp_path / "x.svg").getroot()
    title = root.findtext("{http://www.w3.org/2000/svg}title") or ""
    assert re.fullmatch(r"A crowd \(the 300 of 5,\d{3} nodes that have the most relations\)", title)
    assert (root.findtext("{http://www.w3.org/2000/svg}desc") or "").startswith("300 nodes, ")


def test_draw_lists_its_views_and_each_can_be_drawn(run: Run, kg: KnowledgeGraph) -> None:
    listed = _tsv(run("draw", "--list").stdout)
    assert listed[0] == ["name", "purpose", "parameters"]
    assert len(listed) > 10
    for name, purpose, parameters in listed[1:]:
        assert purpose.endswith(("?", "."))
        given = dict(word.split("=", 1) for word in shlex.split(parameters))
        assert len(kg.network(name, **given)) > 5, name
    told = _tsv(run("draw", "--list", "--lang", "zh").stdout)
    assert [row[0] for row in told] == [row[0] for row in listed]
    assert all(re.search("[\u4e00-\u9fff]", row[1]) for row in told[1:])


def test_draw_takes_a_query_of_the_readers_own(run: Run, tmp_path: Path) -> None:
    query = "SELECT ?source ?target ?segment { GRAPH ?segment { ?source bri:hostCountry ?target } }"
    (tmp_path / "own.rq").write_text(query, encoding="utf-8")
    done = run("draw", "@own.rq", "-o", "own.svg", "--title", "Whose & where", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    root = ET.parse(tmp_path / "own.svg").getroot()
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Whose & where"
    assert "中国" in "".join(root.itertext()) or "老挝" in "".join(root.itertext())


@pytest.mark.parametrize("name", ["x.svg", "x.html"])
def test_a_picture_is_the_same_bytes_in_every_process(run: Run, tmp_path: Path, name: str) -> None:
    written = []
    for seed in ("1", "2"):
        assert run("draw", "-o", name, PYTHONHASHSEED=seed).returncode == 0
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("x.graphml", ["x.graphml"]),
        ("x.gexf", ["x.gexf"]),
        ("x.cyjs", ["x.cyjs"]),
        ("x.csv", ["x-nodes.csv", "x-edges.csv"]),
    ],
)
def test_export_writes_the_files_and_says_so(run: Run, tmp_path: Path, name: str, written: list[str]) -> None:
    done = run("export", "network-of", "entity=AIIB", "-o", name)
    assert (done.returncode, done.stdout) == (0, "")
    said = [re.fullmatch(r"Wrote (\S+) \([\d,]+ kB\)\.", line) for line in done.stderr.splitlines()]
    assert [line and line[1] for line in said] == written
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(written)
    assert "organisation:aiib" in (tmp_path / written[-1]).read_text(encoding="utf-8")


def test_export_takes_a_query_of_the_readers_own_and_a_projection(run: Run, tmp_path: Path) -> None:
    query = "SELECT ?source ?relation ?target { VALUES ?relation { bri:attended } ?source ?relation ?target }"
    (tmp_path / "own.rq").write_text(query, encoding="utf-8")
    done = run("export", "@own.rq", "--through", "events", "-o", "own.csv", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"(已写入 own-(nodes|edges)\.csv（\d kB）。\n){2}", done.stderr)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "own-edges.csv").read_text(encoding="utf-8"))))
    assert rows
    assert {row["type"] for row in rows} == {"Undirected"}


def test_measure_lists_its_measures_and_each_runs(run: Run) -> None:
    listed = _tsv(run("measure", "--list").stdout)
    assert listed[0] == ["measure", "what", "range", "from"]
    assert len(listed) == 10
    for name, *_ in listed[1:]:
        done = run("measure", name, "network-documents", "--top", "2")
        assert done.returncode == 0, done.stderr
        rows = _tsv(done.stdout)
        assert rows[0][-1] == "segments"
        assert 1 <= len(rows) <= 3
        assert all(len(row) == len(rows[0]) for row in rows)


def test_measure_has_parameters_formats_and_sentences(run: Run) -> None:
    values = json.loads(run("measure", "betweenness", "network-of", "entity=AIIB", "-f", "json").stdout)
    assert values[0]["node"] == "organisation:aiib"
    assert values[0]["betweenness"] == max(one["betweenness"] for one in values)
    told = run("measure", "degree", "--through", "events,documents", "--top", "1", "--cite", "-f", "table").stdout
    assert re.search(r"— p\. \d+(-\d+)? \(\w+\)", told)
    assert "Source: Freeman 1979." in told
    later = run("measure", "phases", "network-documents", "--since", "2030-01-01", "-f", "csv").stdout
    assert {row["change"] for row in csv.DictReader(io.StringIO(later))} == {"went"}
    assert "取值" in run("measure", "cores", "--top", "1", "--lang", "zh", "-f", "table").stdout
    assert _tsv(run("measure", "--list", "--lang", "zh").stdout)[1][2] == "0 至 1"


def test_the_tour_answers_five_questions_and_writes_the_picture(run: Run, tmp_path: Path) -> None:
    done = run("tour")
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["bri-kg-tour.html"]
    assert f"The picture: {tmp_path.resolve() / 'bri-kg-tour.html'}" in done.stdout
    assert re.findall(r"^(\d)\. .+\?", done.stdout, re.MULTILINE) == list("12345")
    stops = re.split(r"^\d\. ", done.stdout, flags=re.MULTILINE)[1:]
    for stop in stops:
        [line] = re.findall(r"^   (bri-kg ask .*)$", stop, re.MULTILINE)
        answered = run(*shlex.split(line)[1:])
        assert answered.returncode == 0
        assert len(answered.stdout.splitlines()) > 1
        assert re.search(r"^   - .+ {3}— p\. \d+(-\d+)? \(\w+\)", stop, re.MULTILINE)
        assert re.search(r"^     [pt]\d\w+(?:, note [^:]+)?: .{20}", stop, re.MULTILINE)


def test_the_tour_speaks_chinese_and_writes_where_it_is_told(run: Run, tmp_path: Path) -> None:
    done = run("tour", "--lang", "zh", "-o", "图.svg")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^1\. [\u4e00-\u9fff]", done.stdout, re.MULTILINE)
    assert [path.name for path in tmp_path.iterdir()] == ["图.svg"]


# Coverage and checks


def test_coverage_counts_every_segment(run: Run) -> None:
    for key, first in (("section", "Title, abstract and introduction"), ("page", "53")):
        done = run("coverage", "--by", key)
        rows = _tsv(done.stdout)
        assert rows[0] == [key, "stated", "claimed", "restates", "structure", "nothing", "open", "all"]
        assert rows[1][0] == first
        assert rows[-1][0] == "all"
        assert rows[-1][-1] == "342"
        for place in range(1, 8):
            assert sum(int(row[place]) for row in rows[1:-1]) == int(rows[-1][place])
        assert all(sum(map(int, row[1:-1])) == int(row[-1]) for row in rows[1:])
        silent = [line for line in done.stderr.splitlines() if line.startswith("nothing: ")]
        assert len(silent) == int(rows[-1][5])


@pytest.mark.skipif(not PAPER.exists(), reason=f"no copy of the paper's text at {PAPER}")
def test_coverage_shows_each_sentence_beside_its_triples(run: Run) -> None:
    done = run("coverage", "--paper", str(PAPER), "--format", "json")
    assert done.returncode == 0, done.stderr
    assert "All 342 digests match" in done.stderr
    rows = {row["segment"]: row for row in json.loads(done.stdout)}
    assert len(rows) == 342
    assert "bri:participatedIn event:first-belt-and-road-forum" in rows["p09s03"]["triples"]
    assert all(row["text"] and row["gist"] for row in rows.values())


@pytest.mark.parametrize("text", ["", "Another text.\n" * 9000])
def test_another_text_fails_the_check_of_digests(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "paper.txt").write_text(text, encoding="utf-8")
    done = run("coverage", "--paper", "paper.txt")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"bri-kg: paper\.txt: the text of 342 segments is another than .*\n", done.stderr)


def test_check_finds_no_fault_of_ours_and_tells_the_papers(run: Run) -> None:
    done = run("check")
    assert done.returncode == 0, done.stdout
    assert done.stderr.endswith("No faults in the graph.\n")
    rows = _tsv(done.stdout)
    assert rows[0] == ["about", "check", "where", "what"]
    assert {row[0] for row in rows[1:]} == {"finding about the paper"}
    assert {row[1] for row in rows[1:]} == {"erratum", "inconsistency", "rule"}


# Errors: one sentence and an exit code

WRONG: list[tuple[int, list[str], str]] = [
    (2, [], "see 'bri-kg --help'"),
    (2, ["nope"], "No such command 'nope'"),
    (2, ["--nope"], "No such option: --nope"),
    (2, ["find"], "see 'bri-kg find --help'"),
    (2, ["find", "a", "b"], "unexpected extra argument"),
    (2, ["find", "a", "--nope"], "No such option: --nope"),
    (2, ["find", "a", "--format"], "requires an argument"),
    (2, ["find", "rail", "--kind", "Nope"], "no class 'Nope'"),
    (2, ["find", "rail", "--kind", "No pe"], "No pe"),
    (2, ["draw", "--nope"], "No such option: --nope"),
    (2, ["show"], "see 'bri-kg show --help'"),
    (2, ["export", "-o", "x.xlsx"], "x.xlsx: a network is exported as .graphml, .gexf, .cyjs, .json, .csv"),
    (2, ["export", "-o", "no/x.gexf"], "no/x.gexf cannot be written: No such file or directory"),
    (2, ["export", "projects", "-o", "x.gexf"], "needs the columns source and target"),
    (2, ["export", "network-of", "-o", "x.gexf"], "needs entity=..."),
    (2, ["export", "--through", "weddings"], "do not meet through 'weddings'"),
    (2, ["measure"], "Which measure? Choose betweenness, "),
    (2, ["measure", "fame"], "no measure 'fame'; choose betweenness, "),
    (2, ["measure", "degree", "projects"], "needs the columns source and target"),
    (2, ["measure", "degree", "-f", "xml"], "no format 'xml'"),
    (2, ["measure", "degree", "--top", "-1"], "-1 is negative"),
    (2, ["measure", "--list", "--lang", "fr"], "no language 'fr'"),
    (2, ["measure", "phases", "--since", "2018"], "'2018' is no day"),
    (2, ["sparql"], "see 'bri-kg sparql --help'"),
    (2, ["ask"], "Which question?"),
    (2, ["ask", "nope"], "no question 'nope'"),
    (2, ["ask", "project-in", "country=Laos"], "near it: projects-in"),
    (2, ["ask", "projects-in"], "needs country=...; for example: bri-kg ask projects-in country=Laos"),
    (2, ["ask", "projects-in", "Laos"], "'Laos' is no parameter"),
    (2, ["ask", "projects-in", "country="], "'country=' is no parameter"),
    (2, ["ask", "projects-in", "land=Laos"], "has no parameter 'land'; it takes country=Laos"),
    (2, ["ask", "projects-in", "country=Laos", "year=2013"], "no parameter 'year'"),
    (2, ["ask", "projects-in", "country=Atlantis"], "called 'Atlantis'"),
    (2, ["ask", "projects-in", "country=AIIB"], "No State is called 'AIIB'"),
    (2, ["ask", "projects-in", "country=Laos", "--format", "xml"], "no format 'xml'"),
    (2, ["ask", "projects-in", "country=Laos", "--format"], "--format needs a value"),
    (2, ["ask", "projects-in", "country=Laos", "--lang", "fr"], "no language 'fr'; choose en or zh"),
    (2, ["ask", "projects-in", "country=Laos", "--nope"], "no option --nope"),
    (2, ["find", "AIIB", "--format", "xml"], "no format 'xml'"),
    (2, ["show", "AIIB", "--format", "xml"], "no format 'xml'"),
    (2, ["sparql", LAOS, "--format", "xml"], "no format 'xml'"),
    (2, ["questions", "--format", "xml"], "no format 'xml'"),
    (2, ["coverage", "--format", "xml"], "no format 'xml'"),
    (2, ["questions", "--lang", "fr"], "no language 'fr'"),
    (2, ["find", "AIIB", "--lang", "fr"], "no language 'fr'"),
    (2, ["show", "AIIB", "--lang", "fr"], "no language 'fr'"),
    (2, ["tour", "--lang", "fr"], "no language 'fr'"),
    (2, ["show", "Atlantis"], "called 'Atlantis'"),
    (2, ["show", ""], "called ''"),
    (2, ["show", "<no iri>"], "no valid IRI"),
    (2, ["coverage", "--by", "chapter"], "choose section or page"),
    (2, ["coverage", "--paper", "nowhere.txt"], "nowhere.txt cannot be read"),
    (2, ["sparql", "@nowhere.rq"], "nowhere.rq cannot be read"),
    (2, ["draw", "nope"], "no question 'nope'"),
    (2, ["draw", "@nowhere.rq"], "nowhere.rq cannot be read"),
    (2, ["draw", "network-of"], "needs entity=..."),
    (2, ["draw", "network-of", "AIIB"], "'AIIB' is no parameter"),
    (2, ["draw", "projects-in", "country=Laos"], "needs the columns source and target"),
    (2, ["draw", "-o", "x.jpg"], "x.jpg: a picture is written as .html, .svg, .png, .pdf"),
    (2, ["draw", "--list", "--format", "xml"], "no format 'xml'"),
    (2, ["draw", "network-path", "from=AIIB"], "needs to=..."),
    (2, ["draw", "--most", "0"], "0 is too few"),
    (2, ["draw", "network-path", "from=AIIB", "to=AIIB"], "they are the same"),
    (2, ["draw", "-o", "nowhere/x.svg"], "nowhere/x.svg cannot be written"),
    (2, ["draw", "@empty.rq"], "nothing to draw"),
    (2, ["tour", "-o", "x.jpg"], "x.jpg: a picture is written as"),
    (3, ["sparql", ""], "has no SELECT, ASK, CONSTRUCT or DESCRIBE"),
    (3, ["sparql", "SELECT ?x"], "not SPARQL 1.1"),
    (3, ["sparql", "SELECT ?x {\n ?x nope:y ?z\n}"], "not SPARQL 1.1"),
    (3, ["sparql", "SELECT ?x { SERVICE <http://127.0.0.1/> { ?x ?y ?z } }"], "SERVICE is not allowed"),
    (3, ["sparql", "SELECT ?x { SERVICE SILENT <http://127.0.0.1/> { ?x ?y ?z } }"], "SERVICE is not allowed"),
    (3, ["sparql", "INSERT DATA { state:laos a bri:Project }"], "read-only: INSERT"),
    (3, ["sparql", "LOAD <file:///etc/passwd>"], "read-only: LOAD"),
    (3, ["sparql", "DELETE WHERE { ?s ?p ?o }"], "read-only: DELETE"),
    (3, ["sparql", "SELECT ?x FROM <http://127.0.0.1/x> { ?x ?y ?z }"], "outside this graph"),
    (3, ["draw", "@bad.rq"], "not SPARQL 1.1"),
    (4, ["draw", "@crowd.rq", "-o", "x.svg"], "Draw a cut of it with --most 2000"),
]


@pytest.mark.parametrize(
    ("code", "words", "said"), WRONG, ids=[" ".join(words)[:60] or "nothing" for _, words, _ in WRONG]
)
def test_what_goes_wrong_is_one_sentence_and_an_exit_code(
    run: Run, tmp_path: Path, code: int, words: list[str], said: str
) -> None:
    files = {
        "bad.rq": "SELECT ?x",
        "crowd.rq": CROWD,
        "empty.rq": "SELECT ?source ?target { ?source bri:nothing ?target }",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = run(*words)
    assert (done.returncode, done.stdout if words[:1] != ["tour"] else "") == (code, ""), done.stderr
    assert re.fullmatch(r"bri-kg: [^\n]+\n", done.stderr), done.stderr
    assert said in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == set(files)


@pytest.mark.parametrize(
    ("words", "candidates"),
    [
        (["show", "Laoss"], ["state:laos (Laos)"]),
        (["show", "supportive"], ["concept:supportive (", "concept:supportive-attitude ("]),
        (["ask", "financed-by", "financier=Asian Infrastructure Bank"], ["organisation:aiib"]),
        (["draw", "network-of", "entity=China Laos Railwy"], ["project:china-laos-railway"]),
    ],
)
def test_an_unknown_name_lists_candidates(run: Run, words: list[str], candidates: list[str]) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert all(candidate in done.stderr for candidate in candidates), done.stderr
