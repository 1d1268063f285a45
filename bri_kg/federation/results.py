"""SPARQL 1.1 Query Results JSON from an endpoint elsewhere, read with suspicion: what is no table of RDF terms is refused, with row and reason."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from ..errors import EndpointError

__all__ = ["TIMED_OUT", "RemoteTerm", "one_line", "read_results"]

#: What Blazegraph, and so Wikidata, writes when its time runs out: instead of the results, or into the midst of them
#: (https://github.com/osm-search/wikipedia-wikidata/issues/4).
TIMED_OUT = "java.util.concurrent.TimeoutException"

RemoteTerm = ox.NamedNode | ox.BlankNode | ox.Literal

#: Characters that a terminal obeys instead of showing; none has a place in a name or a date.
_CONTROLS = dict.fromkeys([*range(9), *range(11, 13), *range(14, 32), *range(127, 160)], "\ufffd")


def read_results(content: bytes, wanted: Sequence[str], url: str) -> list[dict[str, RemoteTerm]]:
    """Return the rows of SPARQL 1.1 Query Results JSON. Raises EndpointError, naming ``url`` and the row, where it is not that, or lacks a column."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        if TIMED_OUT.encode() in content:
            raise EndpointError(
                f"{url} ran out of its own time in the midst of its answer; ask for less, or ask again."
            ) from error
        told = one_line(str(error))
        raise EndpointError(f"{url} answers with broken JSON ({told}); ask again, or tell its keepers.") from error
    try:
        variables, rows = found["head"]["vars"], found["results"]["bindings"]
        sound = isinstance(variables, list) and isinstance(rows, list)
    except (KeyError, TypeError, IndexError):
        sound = False
    if not sound:
        raise EndpointError(
            f"{url} answers with JSON that is no table of SPARQL results (head.vars and results.bindings); check the address."
        )
    for name in wanted:
        if name not in variables:
            had = ", ".join(one_line(str(one)) for one in variables[:12]) or "none"
            raise EndpointError(f"{url} answers without the column {name}; it has {had}.")
    blank: dict[str, ox.BlankNode] = {}
    made = []
    for number, row in enumerate(rows, 1):
        try:
            made.append({name: _term(row[name], blank) for name in wanted if name in row})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise EndpointError(
                f"{url}: row {number} of its answer holds no RDF term ({one_line(str(error))})."
            ) from error
    return made


def _term(found: Mapping[str, Any], blank: dict[str, ox.BlankNode]) -> RemoteTerm:
    kind, value = found["type"], found["value"]
    if not isinstance(value, str):
        raise ValueError(f"the value is {value!r}")
    if kind == "uri":
        return ox.NamedNode(value)
    if kind == "bnode":
        return blank.setdefault(value, ox.BlankNode())
    if kind not in ("literal", "typed-literal"):
        raise ValueError(f"the type is {kind!r}")
    value = value.translate(_CONTROLS)
    if found.get("xml:lang"):
        return ox.Literal(value, language=found["xml:lang"])
    return ox.Literal(value, datatype=ox.NamedNode(found["datatype"])) if found.get("datatype") else ox.Literal(value)


def one_line(text: str, most: int = 120) -> str:
    """Return text of others on one line, short, without characters that a terminal obeys."""
    line = " ".join(text.translate(_CONTROLS).split())
    return line if len(line) <= most else line[:most] + " ..."
