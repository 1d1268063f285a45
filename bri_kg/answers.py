"""What a query returns: rows of terms that know their columns, read as a table and can be taken away.

Rows are kept as the engine made them; rdflib terms are made when rows are iterated, since they cost several times as much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

import pyoxigraph as ox

from .errors import UsageError
from .lookup import Labels
from .results import Found, Origin, Result, Row, Solution, collect
from .sparql import Term

if TYPE_CHECKING:
    import pandas
    from rdflib.term import Node

    from .citing.cited import CitedAnswer
    from .diagnosis import Diagnosis
    from .graph import KnowledgeGraph
    from .lineage import Citation

__all__ = ["FORMATS", "Answer", "rdflib_term"]

FORMATS = ("table", "csv", "tsv", "json", "md")


class Answer:
    """The answer to a query.

    ``form`` is ``SELECT``, ``ASK`` or ``CONSTRUCT`` (which stands for DESCRIBE too: rows are triples with the columns subject, predicate and
    object). ``columns`` names the columns, ``terms`` holds the engine's terms, ``boolean`` the answer to ASK and is None otherwise.
    ``cut`` is None, or a sentence that says which limit left rows out; ``left_out`` the same of :meth:`voiced`. ``origin`` is what was asked, None
    for rows picked by hand.
    Iterating yields tuples of rdflib terms, None where a variable is unbound; ``bool(answer)`` is whether there is anything.
    """

    def __init__(
        self,
        result: Result | Found,
        labels: Labels,
        query: str,
        trace: Callable[[Answer], list[list[Citation]]] | None = None,
        graph: KnowledgeGraph | None = None,
        origin: Origin | None = None,
        why: Callable[[], Diagnosis] | None = None,
    ) -> None:
        found = result if isinstance(result, Found) else collect(result)
        self.query = query
        self.form, self.columns, self.boolean, self.cut = found.form, found.columns, found.boolean, found.cut
        self._solutions: Sequence[Solution] = found.rows
        if self.form == "CONSTRUCT":
            self._solutions = sorted(found.rows, key=lambda triple: " ".join(map(str, triple)))
        self._labels = labels
        self._trace = trace
        self._graph = graph
        self.origin = origin
        self._why = why
        self._diagnosis: Diagnosis | None = None
        self._citations: list[list[Citation]] | None = None
        self.left_out: str | None = None

    @overload
    def cite(self, all: Literal[False] = False) -> list[Citation]: ...

    @overload
    def cite(self, all: Literal[True]) -> list[list[Citation]]: ...

    def cite(self, all: bool = False) -> list[Citation] | list[list[Citation]]:
        """Return, in the order of the rows, the graphs on which each row stands: a set of names of segments and errata.

        The query over these graphs, the entities and the ontology (``kg.restrict(names)``) returns the row again. Of several derivations the one
        with the fewest graphs is given, with ``all`` every one that was found, the smallest first. For an ASK there is one citation; for a
        CONSTRUCT or DESCRIBE one for each triple. What is promised for aggregates and negation stands in :mod:`bri_kg.lineage`.

        Raises QueryError for what cannot be traced, by name.
        """
        if self._trace is None:
            raise UsageError("This answer was made without its graph; ask a KnowledgeGraph, and cite what it returns.")
        if self._citations is None:
            self._citations = self._trace(self)
        return self._citations if all else [found[0] for found in self._citations]

    def cited(self) -> CitedAnswer:
        """Return the answer with the sentences that each row stands on, to be read or written; raises as :meth:`cite` does."""
        from .citing.cited import CitedAnswer

        return CitedAnswer(self._known_graph(), self)

    def voiced(self, voice: str) -> Answer:
        """Return the rows that speak as ``facts``, ``claims``, ``links``, ``records``, or ``all``; ``left_out`` says how many others."""
        from .citing.cited import keep_voice

        kept = keep_voice(self._known_graph(), self, voice)
        kept.origin = self.origin._replace(voice=voice) if self.origin else None
        return kept

    def references(self, name: str = "plain") -> str:
        """Return the paper and the works behind the answer as ``plain`` text, ``bibtex`` or ``csl`` (CSL-JSON)."""
        from .citing.references import cited_references

        return cited_references(self._known_graph(), self.cited(), name)

    def card(self) -> dict[str, Any]:
        """Return the answer's card: all that is needed to run it again and see whether it is the same; see :mod:`bri_kg.cards`."""
        from .cards import make_card

        return make_card(self._known_graph(), self)

    def only(self, places: Sequence[int], citations: list[list[Citation]] | None = None) -> Answer:
        """Return an answer that holds these of the rows, with their ``citations`` where they are known."""
        rows = [self._solutions[place] for place in places] if self.boolean is None else []
        found = Found(self.form, self.columns, self.boolean, rows, self.cut)
        made = Answer(found, self._labels, self.query, self._trace, self._graph)
        made._citations = citations
        return made

    def why_empty(self) -> Diagnosis | None:
        """Return why the answer is empty: what in the query has no solution, or that the paper does not say; see :mod:`bri_kg.diagnosis`.

        Empty is an answer without rows, ASK false, rows in which nothing is bound, and aggregates over nothing. None for any other answer, and for
        one that is cut, of which nobody knows what it would have held.
        """
        if self.cut or self._why is None or self._shows_something():
            return None
        if self._diagnosis is None:
            self._diagnosis = self._why()
        found = self._diagnosis
        return None if len(self) and all(cause.kind == "undetermined" for cause in found.causes) else found

    def _shows_something(self) -> bool:
        if self.boolean is not None or not len(self):
            return bool(self.boolean)
        if len(self) == 1 and self.form == "SELECT":  # a count of nothing is 0
            return any(term is not None and getattr(term, "value", "") != "0" for term in self._solutions[0])
        return any(term is not None for row in self._solutions for term in row)

    def _known_graph(self) -> KnowledgeGraph:
        if self._graph is None:
            raise UsageError("This answer was made without its graph; ask a KnowledgeGraph, and cite what it returns.")
        return self._graph

    @property
    def terms(self) -> list[Row]:
        """The rows as tuples of the engine's terms."""
        return [tuple(solution) for solution in self._solutions]

    def __len__(self) -> int:
        return len(self._solutions)

    def __bool__(self) -> bool:
        return self.boolean if self.boolean is not None else bool(self._solutions)

    def __iter__(self) -> Iterator[tuple[Node | None, ...]]:
        made: dict[Term, Node] = {}
        for solution in self._solutions:
            yield tuple(
                None if term is None else made.get(term) or made.setdefault(term, rdflib_term(term))
                for term in solution
            )

    def to_dicts(self) -> list[dict[str, str | None]]:
        """Return one dict a row, column to text (an IRI or the text of a literal), None where unbound."""
        columns = self.columns
        if self.form == "SELECT":
            return [
                {column: None if term is None else term.value for column, term in zip(columns, solution, strict=True)}
                for solution in self._solutions
            ]
        return [dict(zip(columns, (_plain(term) for term in row), strict=True)) for row in self.terms]

    def labelled(self) -> list[list[str]]:
        """Return the rows as a person reads them: labels for nodes, text for literals, empty where unbound."""
        text = self._labels.text
        return [[text(term) for term in solution] for solution in self._solutions]

    @property
    def language(self) -> str:
        """The language of the labels: ``en`` or ``zh-hans``."""
        return self._labels.tag

    def headings(self) -> list[str]:
        """Return what a person reads over the columns: in Chinese the labels of the terms that they are named after."""
        if self._labels.tag == "en":
            return list(self.columns)
        firsts = [next((row[place] for row in self.terms if row[place]), None) for place in range(len(self.columns))]
        return [self._labels.heading(column, first) for column, first in zip(self.columns, firsts, strict=True)]

    def verdict(self) -> str:
        """Return the answer to an ASK in a word, in the language of the labels."""
        from .wording import word

        return word("yes" if self.boolean else "no", self._labels.tag)

    def to_format(self, name: str, labels: bool = False) -> str:
        """Return the answer as ``table``, ``csv``, ``tsv``, ``json`` or ``md``; with ``labels``, CSV and TSV show labels for IRIs."""
        makers = {
            "table": lambda: str(self),
            "csv": lambda: self.to_csv(labels),
            "tsv": lambda: self.to_tsv(labels),
            "json": self.to_json,
            "md": self.to_markdown,
        }
        if name not in makers:
            raise UsageError(f"There is no format '{name}'; choose {', '.join(FORMATS)}.")
        return makers[name]()

    def to_csv(self, labels: bool = False) -> str:
        """Return SPARQL 1.1 CSV: a header line, plain values, CRLF; with ``labels``, labels stand for IRIs."""
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out)
        if self.boolean is not None:
            writer.writerows([["boolean"], [str(self.boolean).lower()]])
            return out.getvalue()
        writer.writerow(self.headings() if labels else self.columns)
        writer.writerows(self.labelled() if labels else ([_plain(term) or "" for term in row] for row in self.terms))
        return out.getvalue()

    def to_tsv(self, labels: bool = False) -> str:
        """Return SPARQL 1.1 TSV: terms in N-Triples form under ``?name`` headers; with ``labels``, labels and plain headers."""
        if self.boolean is not None:
            return f"?boolean\n{str(self.boolean).lower()}\n"
        if labels:
            lines = ["\t".join(self.headings())] + [
                "\t".join(" ".join(cell.split()) for cell in row) for row in self.labelled()
            ]
        else:
            head = "\t".join(f"?{column}" for column in self.columns)
            lines = [head] + ["\t".join("" if term is None else str(term) for term in row) for row in self.terms]
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """Return SPARQL 1.1 Query Results JSON; the triples of a CONSTRUCT stand as rows of subject, predicate and object.

        The head of an answer that is cut has a member ``cut``, of one that is empty a member ``empty`` with the causes.
        """
        import json

        why = self.why_empty()
        empty: dict[str, Any] = {"empty": why.to_dicts()} if why else {}
        if self.boolean is not None:
            return json.dumps({"head": empty, "boolean": self.boolean}, ensure_ascii=False)
        bindings = [
            {column: _json_term(term) for column, term in zip(self.columns, row, strict=True) if term is not None}
            for row in self.terms
        ]
        head = {"vars": list(self.columns)} | ({"cut": self.cut} if self.cut else {}) | empty
        return json.dumps({"head": head, "results": {"bindings": bindings}}, ensure_ascii=False, indent=1)

    def to_markdown(self) -> str:
        """Return a Markdown table with labels for IRIs, after the sentence that says so if it is cut."""
        from .tables import markdown_table

        if self.boolean is not None:
            return f"**{self.verdict()}**\n"
        first = f"{self.cut}\n\n" if self.cut else ""
        return first + markdown_table(self.headings(), self.labelled())

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas DataFrame of plain values; numbers are numbers. Raises UsageError if pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise UsageError("pandas is not installed; run: python3 -m pip install pandas") from error
        if self.boolean is not None:
            return pandas.DataFrame({"boolean": [self.boolean]})
        return pandas.DataFrame(
            [[_python_value(term) for term in row] for row in self.terms], columns=list(self.columns)
        )

    def __str__(self) -> str:
        """Return a table with labels instead of IRIs, as wide as the terminal."""
        from .tables import text_table

        if self.boolean is not None:
            return self.verdict()
        first = f"{self.cut}\n" if self.cut else ""
        return first + text_table(self.headings(), self.labelled(), language=self._labels.tag)

    def _repr_html_(self) -> str:
        """Return the answer as a notebook shows it; see :mod:`bri_kg.notebook`."""
        from .notebook import answer_to_html

        return answer_to_html(self)

    def __repr__(self) -> str:
        what = f"{self.boolean}" if self.boolean is not None else f"{len(self)} rows of {', '.join(self.columns)}"
        return f"<Answer {self.form}: {what}{', cut' if self.cut else ''}>"


def _plain(term: Term | None) -> str | None:
    if term is None:
        return None
    return str(term) if isinstance(term, ox.Triple) else term.value


def _python_value(term: Term | None) -> str | int | float | bool | None:
    if isinstance(term, ox.Literal):
        kind = term.datatype.value.rpartition("#")[2]
        if kind in ("integer", "int", "long"):
            return int(term.value)
        if kind in ("decimal", "double", "float"):
            return float(term.value)
        if kind == "boolean":
            return term.value in ("true", "1")
    return _plain(term)


def _json_term(term: Term) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    found: dict[str, Any] = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif not term.datatype.value.endswith("XMLSchema#string"):
        found["datatype"] = term.datatype.value
    return found


def rdflib_term(term: Term) -> Node:
    """Return the rdflib term for an engine's term. Raises UsageError for a quoted triple, which rdflib does not have."""
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        if term.datatype.value.endswith("XMLSchema#string"):
            return rdflib.Literal(term.value)
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    raise UsageError(f"rdflib has no term for the quoted triple {term}; select its parts instead.")
