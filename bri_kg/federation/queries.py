"""Stored federated queries: one ``.rq`` file each, in which one ``SERVICE ?endpoint { ... }`` says what is asked of an endpoint elsewhere.

The file is a SPARQL 1.1 query that any engine with federation can run. Here it is taken apart: what stands before ``SERVICE`` is asked of the
graph and gives our things and their identifiers; what stands inside is sent to the endpoint, with these identifiers in front as ``VALUES``. For that

- ``SERVICE ?endpoint { ... }`` stands last in the ``WHERE``, and what stands before speaks of no variable that only it can bind;
- ``SELECT DISTINCT`` and ``ORDER BY`` name variables only, and each selected variable that the endpoint alone binds is called ``?their_...``, so
  that no column of theirs is ever taken for one of ours.

The header lines are those of a stored question, and ``#+ endpoint: URL``, an endpoint for which the query is written. Nothing is ever sent there by
itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from ..errors import DataError, UsageError
from ..questions import Question, read_headers
from ..sparql import TOKEN, Term

__all__ = ["THEIRS", "FederatedQuery", "federated_query", "federated_rows", "read_federated"]

FOLDER = Path(__file__).resolve().parent / "stored"
#: How the name of a column begins that the endpoint alone fills.
THEIRS = "their_"

_KEYS = ("question", "question-zh", "endpoint")


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.upper() in words


class FederatedQuery:
    """A stored federated query: its name, wording, parameters, the ``endpoint`` it is written for, and its parts.

    ``columns`` are selected; ``ours`` are those of them that the graph binds; ``shared`` are the variables of both parts, whose values are sent.
    """

    def __init__(self, name: str, content: str, where: str) -> None:
        self.name, self._where = name, where
        headers, self.parameters = read_headers(content, where, _KEYS)
        text, text_zh, self.endpoint = (headers.get(key, "") for key in _KEYS)
        self._question = Question(name, text, text_zh, self.parameters, content)
        self._content = content
        self._take_apart(
            [
                _Token(m.lastgroup or "", m.group(), m.start(), m.end())
                for m in TOKEN.finditer(content)
                if m.lastgroup != "space"
            ]
        )
        known = {one.name for one in self.parameters}
        theirs, ours = _variables(self.remote), _variables(self.local)
        self.ours = tuple(name for name in self.columns if name in ours)
        self.shared = tuple(sorted(ours & theirs - known))
        if not self.shared:
            raise self._fault(
                "the graph's part and the SERVICE share no variable, so that no identifier would be sent; use one in both"
            )
        for column in self.columns:
            if column not in ours | theirs:
                raise self._fault(f"?{column} is selected and never bound")
            if (column not in ours) != column.startswith(THEIRS):
                raise self._fault(
                    f"?{column}: a column is called ?{THEIRS}... if, and only if, the endpoint alone binds it; rename it"
                )
        for parameter in known:
            if parameter not in ours | theirs:
                raise self._fault(f"the parameter {parameter} is no variable of the query")

    @property
    def signature(self) -> str:
        """The parameters with their example values, as the command line takes them."""
        return self._question.signature

    def wording(self, language: str = "en") -> str:
        """Return the question in ``language`` (``en`` or ``zh``)."""
        return self._question.wording(language)

    @property
    def theirs(self) -> tuple[str, ...]:
        """The selected columns that the endpoint alone fills."""
        return tuple(name for name in self.columns if name not in self.ours)

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The variables that are asked of the graph: what is selected and what is shared."""
        return tuple(dict.fromkeys([*self.ours, *self.shared]))

    def local_sparql(self) -> str:
        """Return the query that is asked of the graph."""
        select = " ".join(f"?{name}" for name in self.kept)
        order = " ".join(f"?{name}" for name in self.kept)
        return f"{self._prefixes(self.local)}SELECT DISTINCT {select}\nWHERE {{{self.local}}}\nORDER BY {order}\n"

    def local_terms(self, terms: Mapping[str, Term]) -> dict[str, Term]:
        """Return those of the parameters' values that the graph's part uses."""
        used = _variables(self.local)
        return {name: term for name, term in terms.items() if name in used}

    def remote_sparql(self, rows: Iterable[Sequence[Term]], terms: Mapping[str, Term], limit: int) -> str:
        """Return the query that is sent, with ``rows`` of values of the shared variables, the parameters it uses, and a limit of rows."""
        asked = dict.fromkeys([*self.shared, *self.theirs])
        select = f"SELECT DISTINCT {' '.join(f'?{name}' for name in asked)}"
        body = f"{self._values(rows, terms)}{self.remote.rstrip()}"
        return f"{self._prefixes(self.remote)}{select}\nWHERE {{\n{body}\n}}\nLIMIT {limit}\n"

    def whole_sparql(self, rows: Iterable[Sequence[Term]], terms: Mapping[str, Term], endpoint: str) -> str:
        """Return the whole federated query as another engine would run it over the graph, the values that are sent written into ``SERVICE``."""
        given = "".join(f"    {_block([name], [[term]])}\n" for name, term in self.local_terms(terms).items())
        service = f"SERVICE {ox.NamedNode(endpoint)} {{\n{self._values(rows, terms, 8)}{self.remote.rstrip()}\n    }}"
        select = f"SELECT DISTINCT {' '.join(f'?{name}' for name in self.columns)}"
        order = f"ORDER BY {' '.join(f'?{name}' for name in self.order)}\n" if self.order else ""
        prefixes = self._prefixes(self.local + self.remote)
        return f"{prefixes}{select}\nWHERE {{\n{given}    {self.local.strip()}\n    {service}\n}}\n{order}"

    def _values(self, rows: Iterable[Sequence[Term]], terms: Mapping[str, Term], indent: int = 4) -> str:
        used = _variables(self.remote)
        blocks = [_block(self.shared, rows, indent)] + [
            _block([name], [[term]]) for name, term in terms.items() if name in used
        ]
        return "".join(f"{' ' * indent}{block}\n" for block in blocks)

    def _prefixes(self, part: str) -> str:
        """Return the declarations of the prefixes that ``part`` uses; the project's own need none here, and are declared for others."""
        from ..names import PREFIXES

        used = {match.group().partition(":")[0] for match in TOKEN.finditer(part) if match.lastgroup == "name"}
        known = PREFIXES | self._declared
        for prefix in used - {*known}:
            raise self._fault(f"the prefix {prefix}: is not declared")
        return "".join(f"PREFIX {prefix}: <{known[prefix]}>\n" for prefix in sorted(used))

    def _fault(self, what: str) -> DataError:
        return DataError(f"{self._where}: {what}.")

    def _take_apart(self, tokens: Sequence[_Token]) -> None:
        start = next((place for place, token in enumerate(tokens) if token.is_word("SELECT")), None)
        if start is None:
            raise self._fault("there is no SELECT; a federated query is one")
        self._declared = self._declarations(tokens[:start])
        place = start + 1
        if place >= len(tokens) or not tokens[place].is_word("DISTINCT"):
            raise self._fault("write SELECT DISTINCT: rows of two places that are the same are shown once")
        place += 1
        columns = []
        while place < len(tokens) and tokens[place].kind == "variable":
            columns.append(tokens[place].text[1:])
            place += 1
        self.columns = tuple(dict.fromkeys(columns))
        place += place < len(tokens) and tokens[place].is_word("WHERE")
        if not columns or place >= len(tokens) or tokens[place].text != "{":
            raise self._fault("write SELECT DISTINCT, variables and WHERE { ... }; expressions and FROM are not taken")
        opened, depth = place, 0
        service = closed = None
        for place in range(opened, len(tokens)):
            depth += {"{": 1, "}": -1}.get(tokens[place].text, 0)
            if depth == 1 and service is None and tokens[place].is_word("SERVICE"):
                service = place
            if depth == 1 and service is not None and closed is None and tokens[place].text == "}":
                closed = place
            if depth == 0:
                break
        if service is None or closed is None:
            raise self._fault("the SERVICE ?endpoint { ... } is missing from its WHERE, or is inside another group")
        if [token.text for token in tokens[service + 1 : service + 3]] != ["?endpoint", "{"]:
            raise self._fault("write SERVICE ?endpoint { ... }; the endpoint is named by whoever asks")
        if closed + 1 != place or depth:
            raise self._fault("SERVICE ?endpoint { ... } must stand last in its WHERE")
        self.local = self._content[tokens[opened].end : tokens[service].start]
        self.remote = self._content[tokens[service + 2].end : tokens[closed].start]
        rest = tokens[place + 1 :]
        if rest and not (
            rest[0].is_word("ORDER")
            and len(rest) > 2
            and rest[1].is_word("BY")
            and {one.kind for one in rest[2:]} == {"variable"}
        ):
            raise self._fault("after WHERE { ... } only ORDER BY with variables is taken; a limit is --max-rows")
        self.order = tuple(token.text[1:] for token in rest[2:])
        for name in self.order:
            if name not in self.columns:
                raise self._fault(f"ORDER BY ?{name}: it is not selected")

    def _declarations(self, tokens: Sequence[_Token]) -> dict[str, str]:
        found = {}
        for place in range(0, len(tokens), 3):
            words = tokens[place : place + 3]
            if len(words) < 3 or not words[0].is_word("PREFIX") or words[1].kind != "name" or words[2].kind != "iri":
                raise self._fault("only PREFIX declarations may stand before SELECT")
            found[words[1].text.removesuffix(":")] = words[2].text[1:-1]
        return found


def _block(names: Sequence[str], rows: Iterable[Sequence[Term]], indent: int = 4) -> str:
    """Return a ``VALUES`` block; the engine's own serialiser writes each term."""
    written = [f"({' '.join(map(str, row))})" for row in rows]
    head, parting = f"VALUES ({' '.join(f'?{name}' for name in names)})", f"\n{' ' * (indent + 4)}"
    return (
        f"{head} {{ {written[0]} }}"
        if len(written) == 1
        else f"{head} {{{parting}{parting.join(written)}\n{' ' * indent}}}"
    )


def _variables(part: str) -> set[str]:
    return {match.group()[1:] for match in TOKEN.finditer(part) if match.lastgroup == "variable"}


def read_federated(path: Path) -> FederatedQuery:
    """Read one file. Raises DataError, naming the file, where it is not as this module's text has it; UsageError if it cannot be read."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The query file {path} cannot be read: {error}.") from error
    return FederatedQuery(path.stem, content, str(path))


def federated_query(name: str) -> FederatedQuery:
    """Return the stored federated query ``name``, or that of a file of your own if ``name`` ends in ``.rq``.

    Raises UsageError, with the nearest names, if there is none.
    """
    if name.endswith(".rq"):
        return read_federated(Path(name))
    paths = {path.stem: path for path in sorted(FOLDER.glob("*.rq"))}
    if name not in paths:
        import difflib

        near = difflib.get_close_matches(name, paths, 3, 0.5)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise UsageError(
            f"There is no federated query '{name}'{hint}. 'bri-kg federate --list' lists them all; a file of your own ends in .rq."
        )
    return read_federated(paths[name])


def federated_rows(language: str = "en") -> tuple[list[str], list[list[str]]]:
    """Return the stored federated queries as a table: name, question, parameters with an example value, the endpoint each is written for."""
    found = [read_federated(path) for path in sorted(FOLDER.glob("*.rq"))]
    rows = [[one.name, one.wording(language), one.signature, one.endpoint] for one in found]
    return ["name", "question", "parameters", "endpoint"], rows
