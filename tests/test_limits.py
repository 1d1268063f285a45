"""Queries that take too long, too much or the process with them, in real worker processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from bri_kg import KnowledgeGraph, worker
from bri_kg.citing.tracing import cite_answer
from bri_kg.errors import LimitError, QueryError, UsageError
from bri_kg.questions import questions
from bri_kg.sandbox import MAX_BYTES
from bri_kg.sparql import prepare
from bri_kg.worker import Worker

LAOS = "SELECT ?project { ?project bri:hostCountry state:laos } ORDER BY ?project"
FEW = "SELECT ?s { ?s a bri:State } ORDER BY ?s LIMIT 3"
ROWS = "SELECT ?a ?b { ?a ?b ?c . ?d ?e ?f }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
MEMORY_BOMB = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
TRIPLES_BOMB = "CONSTRUCT { ?a ?e ?f } { ?a ?b ?c . ?d ?e ?f }"
DEEP = "ASK { " + "FILTER EXISTS { " * 5_000 + "}" * 5_000 + " }"
#: The rows of LAOS at once, then nothing for ever.
BURST = """SELECT ?project {
    { ?project bri:hostCountry state:laos }
    UNION { ?project bri:hostCountry state:thailand . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (CONCAT(STR(?c), STR(?f), STR(?i)) = "no") }
}"""


def _runs(pid: int | None) -> bool:
    """Whether a process runs, one that ended and waits for its parent excepted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _eventually(holds: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


@pytest.fixture
def one(kg: KnowledgeGraph) -> Iterator[Worker]:
    with Worker(kg.store, kg._folder) as made:
        yield made


@pytest.fixture
def small(kg: KnowledgeGraph) -> Iterator[Worker]:
    with Worker(kg.store, kg._folder, memory=300 << 20) as made:
        yield made


def test_worker_answers_as_the_process_itself(kg: KnowledgeGraph) -> None:
    for text in (LAOS, FEW, "ASK { ?s a bri:State }", "ASK { ?s a bri:Nothing }", "DESCRIBE state:laos"):
        here, there = kg.query(text), kg.query(text, timeout=30)
        assert (there.form, there.columns, there.boolean, there.terms) == (
            here.form,
            here.columns,
            here.boolean,
            here.terms,
        )
        assert there.cut is None
    kinds = (
        'SELECT * { VALUES (?x ?y) { (1 "a"@en) (UNDEF <urn:x:y>) } BIND (TRIPLE(<urn:x:s>, <urn:x:p>, "1") AS ?z) }'
    )
    assert kg.query(kinds, timeout=30).terms == kg.query(kinds).terms
    laos = ox.NamedNode("https://w3id.org/bri-kg/state/laos")
    bound = kg.query("SELECT ?p { ?p bri:hostCountry ?where }", timeout=30, where=laos)
    assert len(bound) == len(kg.query(LAOS)) > 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?p { ?p bri:hostCountry state:laos }",
        "SELECT ?a ?b { ?a bri:hostCountry ?b } ORDER BY ?a LIMIT 4",
        "SELECT ?a (COUNT(?b) AS ?n) { { ?a bri:hostCountry ?b } UNION { ?a bri:hostCountry ?b } } GROUP BY ?a",
        "SELECT ?a { ?a (bri:hostCountry|^bri:hostCountry)+ state:laos }",
        "ASK { ?a bri:hostCountry ?b }",
        "CONSTRUCT { ?b bri:made ?a } WHERE { ?a bri:hostCountry ?b }",
        "DESCRIBE state:laos",
    ],
)
def test_an_answer_of_the_worker_is_cited_there_as_in_the_process_itself(kg: KnowledgeGraph, query: str) -> None:
    answer = kg.query(query, timeout=30)
    assert answer.cite(all=True) == kg.query(query).cite(all=True)
    assert [found.marks for found in answer.cite()] == [found.marks for found in kg.query(query).cite()]


def test_citing_keeps_the_time_limit(kg: KnowledgeGraph) -> None:
    query = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"  # answered at once, but every triple of the graph contributes
    start = time.monotonic()
    with pytest.raises(
        LimitError, match=r"Citing the answer took longer than 0.2 seconds; give it longer with --timeout"
    ):
        cite_answer(kg, kg.query(query), query, {}, timeout=0.2)
    assert time.monotonic() - start < 10
    assert kg.query("ASK { ?s ?p ?o }", timeout=30).boolean


def test_every_stored_question_runs_in_the_worker(kg: KnowledgeGraph) -> None:
    """Above all no file is opened late, when nothing can be opened any more."""
    for question in questions():
        params: dict[str, object] = {parameter.name: parameter.example for parameter in question.parameters}
        assert kg.ask_within(question.name, params, timeout=30).terms == kg.ask(question.name, **params).terms


def test_graph_that_lies_in_no_folder(graph_of: Callable[..., KnowledgeGraph]) -> None:
    small = graph_of("segment:p09s03 { state:laos bri:hostCountry [ bri:knows state:laos ] }")
    query = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER (?g = segment:p09s03) } ORDER BY ?s"
    assert small.query(query, timeout=30).terms == small.query(query).terms
    assert len(small.query(query)) == 2


def test_folder_that_is_gone(kg: KnowledgeGraph, tmp_path: Path) -> None:
    with Worker(kg.store, tmp_path / "gone") as made:
        assert made.run("SELECT ?s { ?s a bri:State } LIMIT 2", 30).rows


def test_second_query_needs_no_start(one: Worker) -> None:
    times = []
    pids = set()
    for _ in range(4):
        start = time.perf_counter()
        one.run(FEW, 30)
        times.append(time.perf_counter() - start)
        pids.add(one.pid)
    assert len(pids) == 1
    assert min(times[1:]) < times[0] / 4


@pytest.mark.parametrize("timeout", [0.2, 1])
@pytest.mark.parametrize("query", [ENDLESS, BURST, ROWS, TRIPLES_BOMB])
def test_time_is_kept(one: Worker, query: str, timeout: float) -> None:
    one.run(FEW, 30)
    pid = one.pid
    start = time.monotonic()
    try:
        found = one.run(query, timeout)
    except LimitError as error:
        assert query in (ENDLESS, TRIPLES_BOMB)
        assert f"longer than {timeout:g} second" in str(error) or "MB" in str(error)
        assert error.exit_code == 4
    else:
        assert found.cut is not None and found.cut.startswith(f"Cut: the first {len(found.rows):,} rows; ")
    assert time.monotonic() - start < timeout + 2
    assert not _runs(pid)
    assert len(one.run(FEW, 30).rows) == 3


def test_rows_found_before_the_end_are_kept(kg: KnowledgeGraph, one: Worker) -> None:
    found = one.run(prepare(BURST, kg.store), 0.5)
    assert {tuple(row) for row in found.rows} == set(kg.query(LAOS).terms)
    assert found.cut == (
        f"Cut: the first {len(found.rows)} rows; the query took longer than 0.5 seconds; "
        "give it longer with --timeout, now 0.5."
    )


def test_alarm_ends_the_worker_when_the_parent_does_not(one: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker._Clock, "_ring", lambda self: None)
    start = time.monotonic()
    with pytest.raises(LimitError, match=r"longer than 0\.5 seconds"):
        one.run(ENDLESS, 0.5)
    assert time.monotonic() - start < 2.5


def test_memory_is_bounded(small: Worker) -> None:
    with pytest.raises(LimitError, match="more than 300 MB of memory") as caught:
        small.run(MEMORY_BOMB, 30)
    assert caught.value.exit_code == 4
    assert len(small.run(FEW, 30).rows) == 3


@pytest.mark.parametrize("value", ["?long", "CONCAT(STR(?c), ?long)"])
def test_answer_has_to_fit_into_the_parent(one: Worker, value: str) -> None:
    """Also where the rows repeat one long text, which is sent but once."""
    found = one.run(f'SELECT ?x {{ ?a ?b ?c BIND ("{"x" * 40_000}" AS ?long) BIND ({value} AS ?x) }}', 60)
    assert found.cut is not None and "gave more than an answer can hold" in found.cut
    assert 0.9 * MAX_BYTES < len(found.rows) * 40_000 <= MAX_BYTES


def test_deep_query_ends_only_the_worker(one: Worker) -> None:
    with pytest.raises(LimitError, match="nests more deeply than the engine can follow"):
        one.run(DEEP, 30)
    assert len(one.run(FEW, 30).rows) == 3


def test_the_guard_refuses_the_deep_query_before(kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError):
        kg.query(DEEP, timeout=30)


def test_twenty_hostile_queries_in_a_row(small: Worker) -> None:
    hostile = [DEEP, MEMORY_BOMB, ENDLESS, "SELECT * {", BURST]
    for query in hostile * 4:
        try:
            found = small.run(query, 1)
        except (LimitError, QueryError):
            continue
        assert found.cut
    assert len(small.run(FEW, 30).rows) == 3


def test_wrong_query_leaves_the_worker_as_it_is(one: Worker) -> None:
    one.run(FEW, 30)
    pid = one.pid
    with pytest.raises(QueryError, match=r"not SPARQL 1\.1"):
        one.run("SELECT * {", 30)
    one.run(FEW, 30)
    assert one.pid == pid


def test_no_network_and_no_files(one: Worker, tmp_path: Path) -> None:
    """The guard refuses these; here the worker gets them without it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(QueryError):
            one.run(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", 30)
        one.run(f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}", 30)
        with pytest.raises(TimeoutError):
            server.accept()
    limits = Path(f"/proc/{one.pid}/limits").read_text()
    assert limits.split("Max core file size")[1].split()[0] == "0"
    assert limits.split("Max file size")[1].split()[0] == "0"
    free = int(limits.split("Max open files")[1].split()[0])
    assert set(range(free)) <= {int(path.name) for path in Path(f"/proc/{one.pid}/fd").iterdir()}


def test_worker_that_dies_at_start(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    with Worker(kg.store, kg._folder) as made:
        with monkeypatch.context() as patch:
            patch.setattr(worker, "_COMMAND", "raise SystemExit(7)")
            with pytest.raises(LimitError, match=r"did not start \(exit code 7\)"):
                made.run(FEW, 30)
            assert made.pid is None
            patch.setattr(worker, "_COMMAND", "import time; time.sleep(60)")
            patch.setattr(worker, "_START", 0.3)
            with pytest.raises(LimitError, match="did not start within"):
                made.run(FEW, 30)
            patch.setattr(sys, "executable", "/no/such/python")
            with pytest.raises(LimitError, match="cannot be started"):
                made.run(FEW, 30)
        assert len(made.run(FEW, 30).rows) == 3


def test_worker_that_somebody_kills(one: Worker) -> None:
    one.run(FEW, 30)
    assert one.pid
    os.kill(one.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert len(one.run(FEW, 30).rows) == 3
    threading.Timer(0.3, os.kill, (one.pid, signal.SIGKILL)).start()
    with pytest.raises(LimitError, match="ended from outside"):
        one.run(ENDLESS, 30)


def test_threads_wait_for_each_other(one: Worker) -> None:
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(len(one.run(FEW, 30).rows))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [3] * 8


def test_worker_outlives_the_thread_that_started_it(one: Worker) -> None:
    thread = threading.Thread(target=one.run, args=(FEW, 30))
    thread.start()
    thread.join()
    pid = one.pid
    assert len(one.run(FEW, 30).rows) == 3
    assert one.pid == pid


def test_no_process_is_left_by_close_and_garbage(kg: KnowledgeGraph) -> None:
    made = Worker(kg.store, kg._folder)
    made.run(FEW, 30)
    pid = made.pid
    assert _runs(pid)
    made.close()
    assert not _runs(pid)
    assert made.pid is None
    made.close()
    made.run(FEW, 30)
    pid = made.pid
    del made
    assert not _runs(pid)


SCRIPT = """
import sys, bri_kg
kg = bri_kg.load()
kg.query("ASK { ?s ?p ?o }", timeout=30)
print(kg.worker.pid, flush=True)
try:
    sys.argv[1] == "idle" and sys.stdin.read()
    kg.query(sys.argv[1], timeout=60)
except KeyboardInterrupt:
    pid = kg.worker.pid
    rows = len(kg.query("SELECT ?s { ?s a bri:State } LIMIT 3", timeout=30))
    print(pid, rows, flush=True)
"""


@pytest.mark.parametrize("task", ["idle", ENDLESS])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_is_left_when_the_parent_is_killed(kg: KnowledgeGraph, task: str, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, task], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        assert _runs(pid)
        parent.send_signal(number)
        parent.wait(10)
        assert _eventually(lambda: not _runs(pid))


def test_interrupt_ends_the_query_and_not_the_caller(kg: KnowledgeGraph) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, ENDLESS], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        os.killpg(parent.pid, signal.SIGINT)  # as a terminal does: to the worker as well
        assert parent.stdout.readline() == "None 3\n"
        assert not _runs(pid)
        assert parent.wait(10) == 0


def test_forked_process_leaves_the_worker_to_its_parent(kg: KnowledgeGraph) -> None:
    script = """
import os, bri_kg
kg = bri_kg.load()
kg.query("ASK { ?s ?p ?o }", timeout=30)
pid = kg.worker.pid
if not (child := os.fork()):
    assert kg.worker.pid is None
    assert kg.query("ASK { ?s ?p ?o }", timeout=30).boolean
    kg.worker.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert kg.query("ASK { ?s ?p ?o }", timeout=30).boolean
assert kg.worker.pid == pid
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_cut_answer_says_so_in_each_form(kg: KnowledgeGraph) -> None:
    sentence = "Cut: the first 2 rows; the limit is --max-rows 2."
    for answer in (kg.query(FEW, max_rows=2), kg.query(FEW, max_rows=2, timeout=30)):
        assert answer.cut == sentence
        assert answer.terms == kg.query(FEW).terms[:2]
        assert str(answer).splitlines()[0] == sentence
        assert answer.to_markdown().startswith(f"{sentence}\n\n| s |\n")
        assert json.loads(answer.to_json())["head"] == {"vars": ["s"], "cut": sentence}
        assert repr(answer).endswith("cut>")
    assert kg.query(FEW, max_rows=1).cut == "Cut: the first row; the limit is --max-rows 1."
    for limits in ({"max_rows": 3}, {"max_rows": 3, "timeout": 30}, {}):
        whole = kg.query(FEW, **limits)
        assert whole.cut is None
        assert "cut" not in json.loads(whole.to_json())["head"]
    triples = kg.query("DESCRIBE state:laos", max_rows=2)
    assert len(triples) == 2 and triples.cut == sentence
    assert kg.query("ASK { ?s ?p ?o }", max_rows=1).cut is None


@pytest.mark.parametrize(
    "limits",
    [{"timeout": bad} for bad in (0, -1, float("nan"), float("inf"), "5", True, ox.Literal(1))]
    + [{"max_rows": bad} for bad in (0, -1, 1.5, "5", True)],
)
def test_limits_that_mean_nothing(kg: KnowledgeGraph, limits: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="does not work"):
        kg.query(FEW, **limits)


@pytest.mark.parametrize("command", [["sparql", ROWS], ["ask", "projects-in", "country=Laos"]])
@pytest.mark.parametrize("format", ["table", "md", "json", "csv", "tsv"])
def test_command_with_a_cut_answer(kg: KnowledgeGraph, command: list[str], format: str) -> None:
    done = _command(*command, "--max-rows", "1", "--format", format)
    sentence = "Cut: the first row; the limit is --max-rows 1."
    assert (done.returncode, done.stderr) == (4, f"bri-kg: {sentence}\n")
    if format == "json":
        assert json.loads(done.stdout)["head"]["cut"] == sentence
    elif format in ("table", "md"):
        assert done.stdout.splitlines()[0] == sentence
    else:
        assert len(done.stdout.splitlines()) == 2


def test_command_whose_time_is_over(kg: KnowledgeGraph) -> None:
    done = _command("sparql", ENDLESS, "--timeout", "0.5")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("bri-kg: The query took longer than 0.5 seconds, with no row to show")
    done = _command("ask", "projects-in", "country=Laos", "--timeout=30", "-f", "tsv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == _command("ask", "projects-in", "country=Laos", "-f", "tsv").stdout


@pytest.mark.parametrize("words", [["--timeout", "soon"], ["--max-rows", "1.5"], ["--timeout=0"], ["--max-rows=0"]])
@pytest.mark.parametrize("command", [["sparql", FEW], ["ask", "projects-in", "country=Laos"]])
def test_command_with_limits_that_mean_nothing(kg: KnowledgeGraph, command: list[str], words: list[str]) -> None:
    done = _command(*command, *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def _command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "bri_kg", *words], capture_output=True, encoding="utf-8", timeout=60
    )
