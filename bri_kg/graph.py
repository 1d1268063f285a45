"""The knowledge graph: one store, asked in SPARQL or by stored question, with the sentences behind every answer."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from .answers import Answer
from .errors import UsageError
from .files import GraphFile, graph_files, ontology_folder, packaged_files
from .lookup import Candidate, Labels, Lookup
from .questions import Parameter, Question, question
from .sparql import Term, evaluate, prepare
from .store import build_store, open_store

if TYPE_CHECKING:
    import networkx
    import rdflib

    from .sources import Description, Sources

__all__ = ["KnowledgeGraph", "load"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATATYPES = {"date": _XSD + "date", "integer": _XSD + "integer", "text": _XSD + "string", "year": _XSD + "gYear"}


class KnowledgeGraph:
    """A loaded graph.

    ``store`` is the pyoxigraph store: one named graph a segment, the default graph the set union of all. ``language`` (``en`` or ``zh``) is
    the language of labels in tables.
    """

    def __init__(self, store: ox.Store, language: str = "en") -> None:
        self.store = store
        self.language = language
        self.labels = Labels(store, language)
        self.lookup = Lookup(store)

    def __len__(self) -> int:
        """Return the number of distinct triples."""
        return sum(1 for _ in self.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))

    @cached_property
    def sources(self) -> Sources:
        """The segments of the paper, read from the graph when asked for."""
        from .sources import Sources

        return Sources(self.store, self.labels)

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The same store as an rdflib Dataset, for rdflib's own interfaces."""
        import rdflib
        from oxrdflib import OxigraphStore

        return rdflib.Dataset(store=OxigraphStore(store=self.store))

    def query(self, sparql: str, **terms: object) -> Answer:
        """Answer a SPARQL 1.1 query: SELECT, ASK, CONSTRUCT or DESCRIBE, read-only, with the project's prefixes declared.

        ``terms`` bind variables of the query; each is an rdflib or pyoxigraph term, never text. Raises QueryError for a query that is
        malformed or not allowed, UsageError for a term that fits no variable.
        """
        bound = {name: _engine_term(name, value) for name, value in terms.items()}
        return Answer(evaluate(self.store, prepare(sparql, self.store, bound)), self.labels, sparql)

    def ask(self, name: str, **params: object) -> Answer:
        """Answer the stored question ``name``; parameters are names people use, IRIs, terms or plain values.

        Raises UsageError for an unknown question, a missing or unknown parameter; NameLookupError, listing candidates, for a name that
        means nothing or several things.
        """
        asked = question(name)
        return Answer(
            evaluate(self.store, prepare(asked.sparql, self.store, self._arguments(asked, params))),
            self.labels,
            asked.sparql,
        )

    def _arguments(self, asked: Question, params: dict[str, object]) -> dict[str, Term]:
        wanted = {parameter.name: parameter for parameter in asked.parameters}
        signature = " ".join(f"{one.name}={one.example}" for one in asked.parameters) or "no parameters"
        for given in params:
            if given not in wanted:
                raise UsageError(f"Question '{asked.name}' has no parameter '{given}'; it takes {signature}.")
        for needed in wanted:
            if needed not in params:
                raise UsageError(
                    f"Question '{asked.name}' needs {needed}=...; for example: bri-kg ask {asked.name} {signature}"
                )
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

    def find(self, text: str, kind: str = "") -> list[Candidate]:
        """Return entities whose names, in any language, contain ``text`` or come near it, best first."""
        return self.lookup.find(text, kind)

    def describe(self, entity: str) -> Description:
        """Return everything the graph says of an entity, named as people name it, with the sentences that say it.

        Raises NameLookupError, listing the candidates, if no entity or several are meant.
        """
        from .sources import describe

        return describe(self.store, self.lookup.entity(entity), self.labels, self.lookup, self.sources)

    def network(self, source: Answer | str, **params: object) -> networkx.MultiDiGraph:
        """Return an answer, or a stored question by name, that has the columns ``source`` and ``target`` as a network.

        See :func:`bri_kg.network.build_network`.
        """
        from .network import build_network

        answer = self.ask(source, **params) if isinstance(source, str) else source
        return build_network(self, answer)


def load(*folders: str | Path, language: str = "en") -> KnowledgeGraph:
    """Load the packaged graph, or the ontology and the graph files in ``folders`` instead.

    Raises DataError, naming file and line, for a broken file; UsageError for a missing folder.
    """
    if not folders:
        return KnowledgeGraph(open_store(packaged_files()), language)
    files: list[GraphFile] = graph_files(ontology_folder(), "ontology")
    for folder in folders:
        files += graph_files(Path(folder))
    return KnowledgeGraph(build_store(files), language)


def _engine_term(name: str, value: object) -> Term:
    """Turn an rdflib or pyoxigraph term into the engine's; a plain str is refused, since it could mean an IRI, a name or a text."""
    if isinstance(value, (ox.NamedNode, ox.BlankNode, ox.Literal)):
        return value
    if hasattr(value, "n3"):
        import rdflib

        if isinstance(value, rdflib.URIRef):
            return ox.NamedNode(str(value))
        if isinstance(value, rdflib.Literal):
            if value.language:
                return ox.Literal(str(value), language=value.language)
            return ox.Literal(str(value), datatype=ox.NamedNode(str(value.datatype or _XSD + "string")))
    raise UsageError(
        f"The value of {name} must be an RDF term, such as rdflib.URIRef or rdflib.Literal; {value!r} is none."
    )


def _check_literal(parameter: Parameter, text: str) -> None:
    import re

    patterns = {"date": r"\d{4}-\d\d-\d\d", "year": r"\d{4}", "integer": r"[+-]?\d+", "text": r"(?s).*"}
    if not re.fullmatch(patterns[parameter.type], text):
        raise UsageError(
            f"{parameter.name}={text} is no {parameter.type}; write it as in {parameter.name}={parameter.example}."
        )
