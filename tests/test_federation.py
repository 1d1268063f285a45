"""Federated queries against real SPARQL servers on the loopback, Oxigraph's and Virtuoso, which serve a small set shaped after Wikidata."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from bri_kg import KnowledgeGraph
from bri_kg.errors import DataError, QueryError, UsageError
from bri_kg.federation import BATCH, federate, federated_text
from bri_kg.federation.queries import FOLDER, FederatedQuery, federated_query, federated_rows, read_federated

DATA = Path(__file__).parent / "federation" / "wikidata-shaped.ttl"
COMMAND = Path(sys.executable).with_name("bri-kg")
NAMES = sorted(path.stem for path in FOLDER.glob("*.rq"))
EXAMPLES = {name: dict(part.split("=", 1) for part in federated_query(name).signature.split()) for name in NAMES}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loopback is asked without a proxy, whatever the environment has."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def endpoint(request: pytest.FixtureRequest) -> str:
    """The address of a server that has loaded the set: Oxigraph's and Virtuoso's in turn, or one that BRI_KG_TEST_ENDPOINT names.

    Comunica 5 passes too (``comunica-sparql-file-http tests/federation/wikidata-shaped.ttl``); Comunica 3 drops rows whose OPTIONAL finds nothing.
    """
    return os.environ.get("BRI_KG_TEST_ENDPOINT") or str(request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running Oxigraph server, which can be read and not written."""
    program = Path(sys.executable).with_name("oxigraph")
    assert program.exists(), "oxigraph is not installed beside this Python; run: python3 -m pip install '.[test]'"
    folder = tmp_path_factory.mktemp("oxigraph")
    subprocess.run([program, "load", "--location", folder / "store", "--file", DATA], check=True, capture_output=True)
    port = _free_port()
    with _running(
        [program, "serve-read-only", "--location", folder / "store", "--bind", f"127.0.0.1:{port}"], folder, port
    ):
        yield f"http://127.0.0.1:{port}/query"


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running Virtuoso server, an engine that shares nothing with ours."""
    if not shutil.which("virtuoso-t"):
        pytest.skip("Virtuoso is not installed; run: apt-get install virtuoso-opensource-7-bin")
    folder = tmp_path_factory.mktemp("virtuoso")
    port, sql = _free_port(), _free_port()
    (folder / "v.ini").write_text(
        f"[Database]\nDatabaseFile=v.db\nErrorLogFile=v.log\nLockFile=v.lck\nTransactionFile=v.trx\nxa_persistent_file=v.pxa\nFileExtend=200\n"
        f"TempStorage=TempDatabase\n[TempDatabase]\nDatabaseFile=t.db\nTransactionFile=t.trx\n"
        f"[Parameters]\nServerPort=127.0.0.1:{sql}\nDirsAllowed={folder}\nNumberOfBuffers=2000\nMaxDirtyBuffers=1000\nServerThreads=5\n"
        f"[HTTPServer]\nServerPort=127.0.0.1:{port}\nServerRoot={folder}\nServerThreads=5\n[SPARQL]\nResultSetMaxRows=10000\n"
    )
    shutil.copy(DATA, folder / "set.ttl")
    with _running(["virtuoso-t", "+foreground", "+configfile", folder / "v.ini"], folder, port):
        load = f"DB.DBA.TTLP(file_to_string_output('{folder}/set.ttl'), '', 'urn:set')"
        done = subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load};"],
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert "Done." in done.stdout, done.stdout + done.stderr
        yield f"http://127.0.0.1:{port}/sparql"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def _running(words: list[object], folder: Path, port: int) -> Iterator[None]:
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([str(word) for word in words], stdout=log, stderr=log, cwd=folder)
    try:
        for _ in range(600):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(10)


def _short(kg: KnowledgeGraph, name: str, endpoint: str, **params: str) -> list[list[str]]:
    answer = federate(kg, name, endpoint, params).answer
    return [
        [re.sub(r".*/|T00:00:00Z$", "", "" if term is None else term.value) for term in row] for row in answer.terms
    ]


# What the stored queries find


def test_heads_of_government_on_a_day(kg: KnowledgeGraph, endpoint: str) -> None:
    """By hand from leaders.csv: who is a prime minister, or premier of China, and held the office on 14 May 2017."""
    assert _short(kg, "wikidata-heads-of-government", endpoint, date="2017-05-14") == [
        ["cambodia", "Q424", "Q57788", "Hun Sen", "1998-01-01", ""],
        ["china", "Q148", "Q18111", "Li Keqiang", "2013-03-15", ""],
        ["new-zealand", "Q664", "Q3606816", "Jacinda Ardern", "2017-01-01", ""],
        ["singapore", "Q334", "Q57643", "Lee Hsien Loong", "2004-01-01", ""],
        ["thailand", "Q869", "Q2108126", "Prayut Chan-o-cha", "2014-01-01", "2022-01-01"],
    ]


def test_the_day_decides_and_deprecated_statements_are_passed_over(kg: KnowledgeGraph, endpoint: str) -> None:
    before = _short(kg, "wikidata-heads-of-government", endpoint, date="2005-01-01")
    assert ["china", "Q148", "Q16628", "Wen Jiabao", "2003-03-16", "2013-03-15"] in before
    assert "Li Keqiang" not in {row[3] for row in before}
    during = _short(kg, "wikidata-heads-of-government", endpoint, date="2022-01-01")
    assert {row[3] for row in during if row[0] == "thailand"} == {"Prayut Chan-o-cha"}
    assert '"Prawit Wongsuwan"' in DATA.read_text(encoding="utf-8")


def test_members_stand_beside_the_sentence_of_the_paper(kg: KnowledgeGraph, endpoint: str) -> None:
    rows = _short(kg, "wikidata-members", endpoint, organisation="ASEAN")
    assert [row[:3] for row in rows[:2]] == [["brunei", "Q921", "t1r09"], ["cambodia", "Q424", "t1r10"]]
    assert len(rows) == 9
    assert all(row[2].startswith("t1r") for row in rows)


def test_names_coordinates_posts_and_population(kg: KnowledgeGraph, endpoint: str) -> None:
    names = _short(kg, "wikidata-names", endpoint)
    assert ["laos", "Q819", "Laos"] in names
    assert ["laos", "Q819", "老挝"] in names
    assert ["asean", "Q7768", "Association of Southeast Asian Nations"] in names
    points = [
        [place, item, point.upper()] for place, item, point in _short(kg, "wikidata-coordinates", endpoint)
    ]  # Virtuoso writes it large
    assert ["laos", "Q819", "POINT(102.534 19.4318)"] in points
    posts = _short(kg, "wikidata-posts", endpoint)
    assert ["lee-hsien-loong", "Q57643", "Q866756", "Prime Minister of Singapore", "2004-01-01", ""] in posts
    assert _short(kg, "wikidata-population", endpoint) == [
        ["laos", "Q819", "1", "2020-01-01"],
        ["singapore", "Q334", "2", "2020-01-01"],
    ]


def test_any_endpoint_can_be_asked_what_it_says(kg: KnowledgeGraph, endpoint: str) -> None:
    answer = federate(kg, "statements", endpoint, {"thing": "Laos"})
    assert {row[2].value.rpartition("/")[2] for row in answer.answer.terms} == {
        "P625",
        "P6",
        "P1082",
        "rdf-schema#label",
    }
    assert answer.silent == answer.sent - 1  # of all identifiers of Laos the endpoint knows Wikidata's only


@pytest.mark.parametrize("name", NAMES)
def test_the_join_is_that_of_an_engine_with_federation(kg: KnowledgeGraph, oxigraph: str, name: str) -> None:
    """The whole query, as it is shown, run by Oxigraph's own SERVICE over the same graph, gives the same rows."""
    whole = federated_text(kg, name, EXAMPLES[name], oxigraph)
    expected = {tuple(row) for row in kg.store.query(whole)}
    found = federate(kg, name, oxigraph, EXAMPLES[name]).answer.terms
    assert expected
    assert len(found) == len(expected)
    assert set(found) == expected


# Whose is what


def test_each_row_says_what_is_ours_and_what_is_theirs(kg: KnowledgeGraph, endpoint: str) -> None:
    answer = federate(kg, "wikidata-members", endpoint, {"organisation": "ASEAN"})
    assert (answer.query.ours, answer.query.theirs) == (("state", "item", "segment"), ("their_start", "their_end"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.asked)
    assert (answer.sent, answer.silent, answer.strays, answer.requests) == (19, 10, 0, 1)
    found = json.loads(answer.to_format("json"))
    assert found["head"]["vars"] == list(answer.query.columns)
    half = found["halves"][0]
    assert [one["graph"] for one in half["ours"]] == ["t1r09", "mapping-set:organisations", "mapping-set:states"]
    assert "country-codes/country-codes.csv" in half["ours"][2]["says"]
    assert half["theirs"] == {"endpoint": endpoint, "time": answer.asked}
    assert len(found["halves"]) == len(found["results"]["bindings"]) == 9
    head, first, *_ = answer.to_format("csv").splitlines()
    assert head == "state,item,segment,their_start,their_end,segments,voice,their_endpoint,their_time"
    assert first.endswith(
        f't1r09 mapping-set:organisations mapping-set:states,"stated as fact; a link of ours, not the paper\'s",{endpoint},{answer.asked}'
    )
    table = str(answer)
    assert table.count(f"  — theirs: {endpoint}, asked {answer.asked}") == 9
    assert table.count("  — p. 58 (t1r") == 9  # Table 1, to which each row of ours owes its sentence
    assert answer.remarks() == [
        f"Ours: state, item, segment. Theirs, and not the paper's: their_start, their_end; from {endpoint}, asked {answer.asked}.",
        "Nothing there for 10 of the 19 rows of identifiers that were sent.",
    ]


def test_in_chinese(kg: KnowledgeGraph, endpoint: str) -> None:
    answer = federate(kg.in_language("zh"), "wikidata-heads-of-government", endpoint, {"date": "2017-05-14"})
    head, *_ = answer.to_format("md").splitlines()
    assert "对方首脑" in head
    assert not re.search(r"their_|[a-z]{4}", head)
    assert "对方（非论文内容）" in answer.remarks()[0]
    assert all(row[1] for row in federated_rows("zh")[1])


def test_identifiers_go_in_batches(kg: KnowledgeGraph, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = federate(kg, "wikidata-names", endpoint)
    assert whole.requests == 1
    assert whole.sent <= BATCH
    monkeypatch.setattr("bri_kg.federation.BATCH", 7)
    told: list[tuple[int, int]] = []
    parted = federate(kg, "wikidata-names", endpoint, tell=lambda *counts: told.append(counts))
    assert parted.requests == -(-whole.sent // 7)
    assert told == [(whole.sent, parted.requests)]
    assert (parted.answer.terms, parted.silent) == (whole.answer.terms, whole.silent)
    cut = federate(kg, "wikidata-names", endpoint, max_rows=20)
    assert cut.requests < parted.requests
    assert (len(cut), cut.cut) == (20, "Cut: the first 20 rows; the limit is --max-rows 20.")


def test_the_engine_of_the_graph_still_refuses_service(kg: KnowledgeGraph, endpoint: str) -> None:
    whole = federated_text(kg, "wikidata-coordinates", {}, endpoint)
    with pytest.raises(QueryError, match="SERVICE"):
        kg.query(whole)
    inside = GOOD.replace("?item .\n", "?item . OPTIONAL { SERVICE <http://127.0.0.1:9/> { ?thing ?p ?o } }\n")
    with pytest.raises(QueryError, match="SERVICE"):
        federate(kg, FederatedQuery("mine", inside, "mine.rq"), endpoint)


# Wrong words


@pytest.mark.parametrize(
    ("name", "params", "said"),
    [
        ("wikidata-name", {}, "There is no federated query 'wikidata-name'; near it: wikidata-names"),
        (
            "wikidata-members",
            {},
            "needs organisation=...; for example: bri-kg federate wikidata-members organisation=ASEAN --show",
        ),
        ("wikidata-names", {"country": "Laos"}, "has no parameter 'country'; it takes no parameters."),
        ("wikidata-heads-of-government", {"date": "yesterday"}, "date=yesterday is no date"),
        ("wikidata-members", {"organisation": "Atlantis"}, "Atlantis"),
        ("missing.rq", {}, "The query file missing.rq cannot be read"),
    ],
)
def test_wrong_words_are_told(kg: KnowledgeGraph, name: str, params: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        federate(kg, name, "http://127.0.0.1:9/", params)


def test_what_has_no_link_is_not_asked(kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="has nothing to send for 'wikidata-members'"):
        federate(kg, "wikidata-members", "http://127.0.0.1:9/", {"organisation": "AIIB"})


GOOD = """#+ question: Q?
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?their_name
WHERE {
    ?thing skos:exactMatch ?item .
    SERVICE ?endpoint { ?item rdfs:label ?their_name . }
}
ORDER BY ?thing
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("#+ question: Q?\n", "", "header '#+ question"),
        ("question", "answer", "'#+ answer:' is not a header"),
        ("Q?\n", "Q?\n#+ param: x\n", "write '#+ param: NAME TYPE EXAMPLE'"),
        ("Q?\n", "Q?\n#+ param: x text y\n", "the parameter x is no variable"),
        ("SELECT DISTINCT", "SELECT", "write SELECT DISTINCT"),
        ("SELECT DISTINCT ?thing ?their_name", "CONSTRUCT { ?thing a ?thing }", "there is no SELECT"),
        ("?their_name\n", "(STR(?item) AS ?x)\n", "expressions and FROM are not taken"),
        ("?thing ?their_name", "?thing ?none ?their_name", "?none is selected and never bound"),
        ("?their_name", "?name", "?name: a column is called ?their_... if, and only if"),
        ("?thing", "?their_thing", "?their_thing: a column is called"),
        ("SERVICE ?endpoint", "OPTIONAL", "SERVICE ?endpoint { ... } is missing"),
        ("SERVICE ?endpoint", "SERVICE <http://127.0.0.1/>", "write SERVICE ?endpoint { ... }"),
        ("SERVICE ?endpoint", "SERVICE SILENT ?endpoint", "write SERVICE ?endpoint { ... }"),
        ("?their_name . }", "?their_name . } ?thing a ?kind .", "must stand last"),
        ("{ ?item rdfs", "{ ?other rdfs", "share no variable"),
        ("ORDER BY ?thing", "ORDER BY DESC(?thing)", "only ORDER BY with variables"),
        ("ORDER BY ?thing", "ORDER BY ?item", "ORDER BY ?item: it is not selected"),
        ("ORDER BY ?thing", "LIMIT 5", "only ORDER BY with variables"),
        ("rdfs:label", "none:label", "the prefix none: is not declared"),
    ],
)
def test_a_broken_file_is_told(kg: KnowledgeGraph, tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(GOOD, encoding="utf-8")
    assert read_federated(path).shared == ("item",)
    assert old in GOOD
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(said)) as caught:
        federated_text(kg, read_federated(path))
    assert str(caught.value).startswith(str(path))


def test_a_variable_that_the_graph_leaves_open_is_told(kg: KnowledgeGraph) -> None:
    query = FederatedQuery(
        "mine",
        GOOD.replace("?item .\n", "?item . OPTIONAL { ?thing bri:none ?x }\n").replace(
            "{ ?item", "{ ?x a ?item . ?item"
        ),
        "mine.rq",
    )
    assert query.shared == ("item", "x")
    with pytest.raises(QueryError, match=r"leaves \?item or \?x unbound"):
        federate(kg, query, "http://127.0.0.1:9/")


def test_a_query_of_ones_own_is_asked(kg: KnowledgeGraph, endpoint: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(GOOD, encoding="utf-8")
    answer = federate(kg, str(path), endpoint)
    assert ("Laos", "en") in {
        (row[1].value, row[1].language) for row in answer.answer.terms if isinstance(row[1], ox.Literal)
    }


# The command


@pytest.fixture
def run(kg: KnowledgeGraph, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, "federate", *words], capture_output=True, encoding="utf-8", cwd=tmp_path, timeout=60
        )

    return run


def test_the_command(run: Callable[..., subprocess.CompletedProcess[str]], endpoint: str) -> None:
    done = run("wikidata-members", "organisation=ASEAN", "--endpoint", endpoint, "--format", "csv", "--labels")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 10)
    assert done.stdout.splitlines()[1].startswith("Brunei,wikidata:Q921,t1r09,")
    assert done.stderr.startswith(
        f"Asking {endpoint}: 19 rows of identifiers; requests: 1.\nOurs: state, item, segment. Theirs, and not the paper's:"
    )
    listed = run("--list", "--format", "csv")
    assert [line.partition(",")[0] for line in listed.stdout.splitlines()] == ["name", *NAMES]
    cut = run("wikidata-names", "--endpoint", endpoint, "--max-rows", "3")
    assert (cut.returncode, len(cut.stdout.splitlines())) == (4, 4)
    assert cut.stderr.endswith("bri-kg: Cut: the first 3 rows; the limit is --max-rows 3.\n")


def test_nothing_is_asked_without_an_endpoint(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = run("wikidata-names")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "bri-kg: No endpoint is asked by itself. Give one, as in --endpoint https://query.wikidata.org/sparql, or --show to see what would be sent.\n"
    )
    assert run().returncode == 2
    shown = run("wikidata-names", "--show")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert (
        "SERVICE <https://query.wikidata.org/sparql> {\n        VALUES (?item) {\n            (<http://www.wikidata.org/entity/Q"
        in shown.stdout
    )


@pytest.mark.parametrize("name", NAMES)
def test_each_stored_query_says_where_its_properties_were_seen(name: str) -> None:
    query = federated_query(name)
    content = (FOLDER / f"{name}.rq").read_text(encoding="utf-8")
    comments = "\n".join(line for line in content.splitlines() if re.match(r"# ", line))
    for used in set(re.findall(r"\b(?:wdt|ps|pq|p):(P\d+)", query.remote)):
        assert re.search(rf"\b{used}\b", comments), used
    assert ("https://" in comments) == name.startswith("wikidata-")
    assert query.wording("zh") != query.wording("en")


def test_the_server_of_these_tests_is_a_real_one(endpoint: str) -> None:
    """It is another program, speaks the protocol, and refuses what is no SPARQL."""
    request = urllib.request.Request(endpoint, b"query=SELECT", {"Content-Type": "application/x-www-form-urlencoded"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    with refused.value as error:
        assert error.code == 400
