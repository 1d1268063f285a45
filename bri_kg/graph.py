"""The knowledge graph: one store, asked in SPARQL or by stored question, with the sentences behind every answer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import pyoxigraph as ox

from .answers import Answer
from .errors import UsageError
from .files import GraphFile, graph_files, ontology_folder, packaged_files
from .lookup import Candidates, Labels, Lookup
from .names import expand, is_base, segment_iri, shorten
from .questions import Parameter, Question, check_given, question
from .results import Origin, collect
from .sparql import Term, evaluate, prepare
from .store import build_store, copied, kept_folder, open_store, unite

if TYPE_CHECKING:
    import rdflib

    from .citing.comparison import Comparison
    from .citing.sources import Description, Sources
    from .diagnosis import Diagnosis
    from .lineage import Citation
    from .lineage.replaying import ReplayedStore
    from .networks.multigraph import Network
    from .pictures.charts import Chart
    from .tables import Table
    from .worker import Worker

__all__ = ["KnowledgeGraph", "load"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATATYPES = {"date": _XSD + "date", "integer": _XSD + "integer", "text": _XSD + "string", "year": _XSD + "gYear"}


class KnowledgeGraph:
    """A loaded graph.

    ``store`` is the pyoxigraph store: one named graph a segment, the default graph the set union of all. ``language`` (``en`` or ``zh``) is
    the language of labels in tables, ``folder`` where the same store lies on disk, if it does.
    """

    def __init__(self, store: ox.Store, language: str = "en", folder: Path | None = None) -> None:
        self.store = store
        self._folder = folder
        self.language = language
        self.labels = Labels(store, language)
        self.lookup = Lookup(store)
        self.base_predicates: dict[str, bool] = {}  # what citing has found out; see bri_kg.lineage.grounding
        self.replayed: list[ReplayedStore] = []  # where citations were replayed, while nobody else replays there

    def __len__(self) -> int:
        """Return the number of distinct triples."""
        return sum(1 for _ in self.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))

    @cached_property
    def base_graphs(self) -> tuple[ox.NamedNode, ...]:
        """The names of the graphs that are always there, looked for once: there may be a hundred thousand of records beside them."""
        names = self.store.named_graphs()
        return tuple(name for name in names if isinstance(name, ox.NamedNode) and is_base(name.value))

    @cached_property
    def sources(self) -> Sources:
        """The segments of the paper, read from the graph when asked for."""
        from .citing.sources import Sources

        return Sources(self.store, self.labels)

    @cached_property
    def worker(self) -> Worker:
        """The process in which queries with a time limit run; it answers over the graph as it was when the process started."""
        from .worker import Worker

        return Worker(self.store, self._folder)

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The same store as an rdflib Dataset, for rdflib's own interfaces."""
        import rdflib
        from oxrdflib import OxigraphStore

        class GraphStore(OxigraphStore):
            """Lets ``Dataset.graph(name)`` name a graph: a store that is opened read-only refuses to add an empty one."""

            def add_graph(self, graph: rdflib.Graph) -> None:
                """Add nothing: a graph is there once it has a triple."""

        return rdflib.Dataset(store=GraphStore(store=self.store))

    @overload
    def query(
        self, sparql: str, /, *, timeout: float | None = ..., max_rows: int | None = ..., **terms: object
    ) -> Answer: ...

    @overload
    def query(self, sparql: str, /, **terms: object) -> Answer: ...

    def query(self, sparql: str, /, *, timeout: Any = None, max_rows: Any = None, **terms: object) -> Answer:
        """Answer a SPARQL 1.1 query: SELECT, ASK, CONSTRUCT or DESCRIBE, read-only, with the project's prefixes declared.

        ``terms`` bind variables of the query; each is an rdflib or pyoxigraph term, never text. A variable called ``timeout`` or
        ``max_rows`` cannot be bound, since these names are the limits'; call it something else in the query.

        With ``timeout``, in seconds, the query runs in a process of its own (:attr:`worker`), and so does citing it: whatever they do, this
        process lives on.
        Without, it runs in this process, faster, and cannot be stopped. At most ``max_rows`` rows are taken. An answer from which rows are
        missing says so in ``answer.cut``.

        Raises QueryError for a query that is malformed or not allowed, UsageError for a term that fits no variable, LimitError where a limit
        leaves nothing to show.
        """
        bound = {name: _engine_term(name, value) for name, value in terms.items()}
        return self._answer(sparql, bound, timeout, max_rows)

    def _answer(
        self, sparql: str, terms: dict[str, Term], timeout: float | None, max_rows: int | None, name: str = ""
    ) -> Answer:
        text = prepare(sparql, self.store, terms)
        origin = Origin(name, terms, max_rows)

        def trace(answer: Answer) -> list[list[Citation]]:
            from .citing.tracing import cite_answer

            return cite_answer(self, answer, sparql, terms, timeout)

        def why() -> Diagnosis:
            from .diagnosis import diagnose

            return diagnose(self, sparql, terms, in_worker=timeout is not None)

        if timeout is not None:
            return Answer(self.worker.run(text, timeout, max_rows), self.labels, sparql, trace, self, origin, why)
        if max_rows is not None:
            from .worker import check_limits

            check_limits(timeout, max_rows)
        return Answer(collect(evaluate(self.store, text), max_rows), self.labels, sparql, trace, self, origin, why)

    def ask(self, name: str, /, **params: object) -> Answer:
        """Answer the stored question ``name``; parameters are names people use, IRIs, terms or plain values.

        A parameter whose name is a word of Python is written with a line after it: ``from_="2013-01-01"``.

        Raises UsageError for an unknown question, a missing or unknown parameter; NameLookupError, listing candidates, for a name that
        means nothing or several things.
        """
        return self.ask_within(name, _without_lines(params))

    def ask_within(
        self, name: str, params: dict[str, object], timeout: float | None = None, max_rows: int | None = None
    ) -> Answer:
        """Answer the stored question ``name`` as :meth:`ask` does, within limits as in :meth:`query`."""
        asked = question(name)
        text = asked.sparql_in(self.language)
        return self._answer(text, self._arguments(asked, params), timeout, max_rows, name)

    def _arguments(self, asked: Question, params: dict[str, object]) -> dict[str, Term]:
        wanted = {parameter.name: parameter for parameter in asked.parameters}
        signature = " ".join(f"{one.name}={one.example}" for one in asked.parameters) or "no parameters"
        who, example = f"Question '{asked.name}'", f"bri-kg ask {asked.name} {signature}"
        check_given(who, asked.parameters, params, signature, example)
        return {name: self._argument(wanted[name], value) for name, value in params.items()}

    def _argument(self, parameter: Parameter, value: object) -> Term:
        if not isinstance(value, (str, int, float)) or hasattr(value, "n3"):
            return _engine_term(parameter.name, value)
        if not parameter.is_literal:
            kind = "" if parameter.type == "Thing" else parameter.type
            return ox.NamedNode(self.lookup.entity(str(value), kind))
        literal = ox.Literal(str(value), datatype=ox.NamedNode(_DATATYPES[parameter.type]))
        _check_literal(parameter, str(value))
        return literal

    def restrict(self, names: Iterable[str]) -> KnowledgeGraph:
        """Return the graph that only these segments, errata and other cited graphs make, with the entities, the ontology and the ledger.

        ``names`` are graph names, short names (``segment:p09s03``, ``mapping-set:states``) or ids (``p09s03``). What the rules derive in a
        graph stands in it already, since no rule joins two; the default graph is built anew. Raises UsageError for a name that is no graph here.
        """
        wanted = {_graph_name(name) for name in names}
        for name in wanted:
            if not self.store.contains_named_graph(ox.NamedNode(name)):
                raise UsageError(f"There is no graph {shorten(name)} to restrict to; name a segment, such as p09s03.")
        store = ox.Store()
        for graph in dict.fromkeys((*self.base_graphs, *map(ox.NamedNode, sorted(wanted)))):
            store.bulk_extend(self.store.quads_for_pattern(None, None, None, graph))
        unite(store)
        return KnowledgeGraph(store, self.language)

    def find(self, text: str, kind: str = "") -> Candidates:
        """Return entities whose names, in any language, contain ``text`` or come near it, best first."""
        found = self.lookup.find(text, kind)
        if self.labels.tag != "en":
            found = [one._replace(label=self.labels.label(expand(one.name) or one.name)) for one in found]
        return Candidates(found, self.language)

    def questions(self, text: str = "") -> Table:
        """Return the stored questions that hold ``text``, all by default: name, question, parameters with an example value."""
        from .questions import question_rows
        from .tables import Table

        columns, rows = question_rows(text, self.language)
        return Table(tuple(columns), tuple(map(tuple, rows)), language=self.language)

    def describe(self, entity: str) -> Description:
        """Return everything the graph says of an entity, named as people name it, with the sentences that say it.

        Raises NameLookupError, listing the candidates, if no entity or several are meant.
        """
        from .citing.grounds import identities_of, recorded_of
        from .citing.sources import describe

        iri = self.lookup.entity(entity)
        found = describe(self.store, iri, self.labels, self.lookup, self.sources)
        return found._replace(identities=identities_of(self, iri), recorded=recorded_of(self, iri))

    def compare(self, topic: str, by: str = "claimant") -> Comparison:
        """Return who holds what about a topic, side by side, by ``claimant``, ``state`` or ``administration``.

        See :func:`bri_kg.citing.comparison.compare`.
        """
        from .citing.comparison import compare

        return compare(self, topic, by)

    def card(self, answer: Answer) -> dict[str, Any]:
        """Return the card of an answer; ``bri_kg.cards.write_card(answer, path)`` writes it, and it is verified against a graph such as this."""
        return answer.card()

    def in_language(self, language: str) -> KnowledgeGraph:
        """Return the same graph with its labels in ``language``."""
        return self if language == self.language else KnowledgeGraph(self.store, language, self._folder)

    @property
    def folder(self) -> Path | None:
        """Where the same store lies on disk, if it does and is open from there: a store that is opened so cannot change."""
        if self._folder is None:
            return None
        try:
            self.store.extend(())
        except RuntimeError:  # it is open for reading only
            return self._folder
        return None

    def network(self, source: Answer | str, **params: object) -> Network:
        """Return an answer, or a stored question by name, that has the columns ``source`` and ``target`` as a network.

        See :func:`bri_kg.networks.network.build_network`.
        """
        from .networks.network import build_network

        if not isinstance(source, str):
            return build_network(self, source)
        network = build_network(self, self.ask(source, **params))
        network.graph.setdefault("title", question(source).title(self.language, params))
        return network

    def chart(self, name: str, /, **params: str) -> Chart:
        """Return the chart ``name``: ``attitudes``, ``figures``, ``projects`` or ``timeline``; see :func:`bri_kg.pictures.charts.make_chart`.

        A parameter whose name is a word of Python is written with a line after it: ``from_="2013"``.
        """
        from .pictures.charts import make_chart

        return make_chart(self, name, **_without_lines(params))


def load(
    *folders: str | Path, language: str = "en", external: Iterable[str] = (), in_memory: bool = False
) -> KnowledgeGraph:
    """Load the packaged graph, or the ontology and the graph files in ``folders`` instead.

    ``external`` names imported datasets (``bri-kg external list``) whose records stand beside the packaged graph. With ``in_memory`` the built store
    is copied from disk: half a second once, after which questions take half the time, and heavy ones a quarter. What is loaded from
    ``folders`` is in memory anyway.

    Raises DataError, naming file and line, for a broken file; UsageError for a missing folder, and for a dataset that is not imported.
    """
    names = [external] if isinstance(external, str) else [*external]
    if names and folders:
        raise UsageError("Imported datasets stand beside the packaged graph only; leave the folders out.")
    if names:
        from .external.combining import open_combined

        store, together = open_combined(names, language)
        return KnowledgeGraph(copied(store), language) if in_memory else KnowledgeGraph(store, language, together)
    if not folders:
        packaged = packaged_files()
        kept = kept_folder(packaged)
        store = open_store(packaged, kept)
        return KnowledgeGraph(copied(store), language) if in_memory else KnowledgeGraph(store, language, kept)
    files: list[GraphFile] = graph_files(ontology_folder(), "ontology")
    for folder in folders:
        files += graph_files(Path(folder))
    return KnowledgeGraph(build_store(files), language)


def _without_lines(params: dict[str, Any]) -> dict[str, Any]:
    """Take the line from ``from_``, as Python writes a name that is a word of its own."""
    import keyword

    return {name[:-1] if keyword.iskeyword(name[:-1]) and name[-1] == "_" else name: params[name] for name in params}


def _graph_name(name: str) -> str:
    return expand(str(name)) or segment_iri(str(name))


def _engine_term(name: str, value: object) -> Term:
    """Turn an rdflib or pyoxigraph term into the engine's; a plain str is refused, since it could mean an IRI, a name or a text."""
    if isinstance(value, (ox.NamedNode, ox.Literal)):
        return value
    if hasattr(value, "n3"):
        import rdflib

        try:
            if isinstance(value, rdflib.URIRef):
                return ox.NamedNode(str(value))
            if isinstance(value, rdflib.Literal):
                if value.language:
                    return ox.Literal(str(value), language=value.language)
                return ox.Literal(str(value), datatype=ox.NamedNode(str(value.datatype or _XSD + "string")))
        except ValueError as error:
            raise UsageError(f"The value of {name}, {value!r}, is no valid RDF term: {error}.") from error
    raise UsageError(
        f"The value of {name} must be an IRI or a literal, such as rdflib.URIRef or rdflib.Literal; {value!r} is neither."
    )


def _check_literal(parameter: Parameter, text: str) -> None:
    import re

    patterns = {"date": r"\d{4}-\d\d-\d\d", "year": r"\d{4}", "integer": r"[+-]?\d+", "text": r"(?s).*"}
    if not re.fullmatch(patterns[parameter.type], text):
        raise UsageError(
            f"{parameter.name}={text} is no {parameter.type}; write it as in {parameter.name}={parameter.example}."
        )
