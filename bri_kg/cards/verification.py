"""Verification of a card: it is read with distrust, run again under the limits of a free query, and compared part by part.

A card comes from anywhere. What has not the shape of a card is refused. Its query passes the same refusals as any other and its rows are found in
the worker process, within a time and a memory. Tracing them happens in the process that verifies; the command line gives that a process of its
own, which is killed when its time is over.

What running again cannot tell: whether ``written``, ``bri_kg`` and ``engine``, the time, version and engine that the card names, are true. The time
must be one in the form in which cards have it; another version or engine than here is told in a note. Only the checksum guards them, and whoever
computes that anew is not found out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import pyoxigraph as ox

from .. import __version__
from ..citing.voices import VOICES
from ..errors import BriKgError, CheckFailed, LimitError, QueryError, UsageError
from ..lineage.citation import MARKS
from ..names import graph_kind, shorten
from ..questions import question, question_names
from ..sparql import TOKEN, Term
from . import (
    ALGORITHM,
    CARD_VERSION,
    FORMAT,
    MOST_ROWS,
    checksum,
    graph_entry,
    graph_hash,
    make_card,
    segment_entry,
)

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["Verdict", "read_card", "verify_apart", "verify_card"]

#: A card is read whole; one that is longer than this is none of ours.
MAX_BYTES = 256 << 20
#: Rows that a card may ask for, if it does not hold more.
MAX_ROWS = 100_000
_SHOWN = 10
_MAX_TEXT = 400
_START = 120.0
_ERRORS: dict[int, type[BriKgError]] = {1: CheckFailed, 2: UsageError, 3: QueryError, 4: LimitError}
_COMMAND = "import sys; sys.path[:] = sys.argv[4:]; from bri_kg.cards.verification import serve; serve(*sys.argv[1:4])"

#: What the members of a card are: a type, a tuple of values or types, a list of one kind, a mapping with given keys or, under ``*``, with any.
_SHAPE: dict[str, Any] = {
    "format": str,
    "card_version": int,
    "written": str,
    "bri_kg": str,
    "engine": {"name": str, "version": str},
    "graph": {"algorithm": str, "hash": str},
    "language": ("en", "zh"),
    "question": (None, {"name": str, "en": str, "zh": str}),
    "query": str,
    "parameters": {"*": "term"},
    "max_rows": (None, int),
    "voice": ("", *VOICES),
    "form": ("SELECT", "ASK", "CONSTRUCT"),
    "columns": [str],
    "headings": [str],
    "boolean": (None, bool),
    "rows": [{"*": "term"}],
    "cut": (None, str),
    "citations": [
        {
            "segments": [str],
            "errata": {"*": str},
            "other": [str],
            "marks": [MARKS],
            "voice": VOICES[:-1],
            "holders": [str],
        }
    ],
    "segments": {"*": {"page": int, "page_end": int, "gist": str, "sha256": str}},
    "graphs": {"*": {"note": str, "sha256": str}},
    "labels": {"*": str},
    "checksum": str,
}


class Verdict(NamedTuple):
    """What came of running a card again.

    ``altered`` is whether the card was changed after it was written, ``graph_differs`` whether the graph is another, ``changes`` says in sentences
    what is not as the card says, ``remarks`` what else is to be known; ``rows`` is the number of rows in the card.
    """

    altered: bool
    graph_differs: bool
    changes: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    rows: int = 0

    @property
    def state(self) -> str:
        """``same``, ``changed``, ``graph differs`` or ``altered``; the last says most against a card."""
        if self.altered:
            return "altered"
        return "graph differs" if self.graph_differs else "changed" if self.changes else "same"

    @property
    def summary(self) -> str:
        """The verdict in one sentence."""
        rest = "and it does not hold" if self.changes else "and rows, citations and digests are the same"
        return {
            "altered": "altered: the card was changed after it was written, its checksum does not fit.",
            "graph differs": f"graph differs: this is not the graph that the card was made from, {rest}.",
            "changed": "changed: the card does not hold here.",
            "same": f"same: {_count(self.rows, 'row')}, citations, digests and graph are as the card says.",
        }[self.state]

    def __str__(self) -> str:
        found = [f"- {change}" for change in self.changes]
        if not found and self.state == "altered":
            found = ["- Run again, question, rows, citations and digests are as the card says."]
        if self.altered and self.graph_differs:
            found.insert(0, "- The graph is another than the card says.")
        return "\n".join([self.summary, *found, *(f"  ({remark})" for remark in self.remarks)]) + "\n"


def verify_card(kg: KnowledgeGraph, path: str | Path, timeout: float = 30.0) -> Verdict:
    """Run the card in the file ``path`` again over ``kg`` and say what is not as it says.

    ``timeout`` holds for finding the rows, not for tracing them. Raises UsageError, in one sentence, for what is no card, and LimitError where the
    query of an unaltered card does not end within its limits.
    """
    card = read_card(path)
    kg = kg.in_language(card["language"])
    altered = checksum(card) != card["checksum"]
    here = graph_hash(kg)
    if here != card["graph"]["hash"]:
        here = graph_hash(kg, anew=True)  # what is kept in the cache may be stale
    changes, remarks = _compare_asked(card, kg), []
    if card["graph"]["algorithm"] != ALGORITHM:
        changes.append(f"The hash of the graph is computed otherwise here: {ALGORITHM}.")
    try:
        fresh = _run_again(kg, card, timeout)
    except LimitError as error:
        if not altered:
            raise
        changes.append(f"The query cannot be run again: {error}")
        fresh = None
    except (QueryError, UsageError) as error:
        changes.append(f"The query cannot be run again: {error}")
        fresh = None
    if fresh:
        changes += _compare_answers(card, fresh)
        remarks += _remarks(card, fresh, bool(changes))
    changes += _compare_segments(card, fresh, kg)
    changes += _compare_graphs(card, fresh, kg)
    return Verdict(altered, here != card["graph"]["hash"], tuple(changes), tuple(remarks), len(card["citations"]))


# Reading


def read_card(path: str | Path) -> dict[str, Any]:
    """Return the card in a file. Raises UsageError, in one sentence, for a file that cannot be read or holds no card of ours."""
    path = Path(path)
    try:
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is no file; give the JSON file of a card.")
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path} is larger than any card; give the JSON file of a card.")
        card = json.loads(path.read_bytes().decode("utf-8"), object_pairs_hook=_members, parse_constant=_refuse)
    except OSError as error:
        raise UsageError(f"The card {path} cannot be read: {error.strerror}.") from error
    except RecursionError as error:
        raise UsageError(f"{path} is no card: it nests too deeply.") from error
    except ValueError as error:
        raise UsageError(f"{path} is no card: it is no JSON text in UTF-8 ({_shown(str(error))}).") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise UsageError(f"{path} is no card: its member 'format' is not '{FORMAT}'.")
    if type(card.get("card_version")) is not int or card["card_version"] != CARD_VERSION:
        version = _shown(json.dumps(card.get("card_version")))
        raise UsageError(
            f"{path} is a card of version {version}; this bri-kg {__version__} reads version {CARD_VERSION}."
        )
    try:
        if wrong := _misfit(card, _SHAPE, "") or _mismatch(card):
            raise UsageError(f"{path} is no whole card: {wrong}.")
    except RecursionError as error:
        raise UsageError(f"{path} is no card: it nests too deeply.") from error
    return card


def _members(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member stands there twice")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _misfit(value: Any, shape: Any, where: str) -> str:
    """Return what in ``value`` has not the ``shape``, as the end of a sentence; empty if nothing."""
    place = f"'{_shown(where)}'" if where else "the card"
    if shape == "term":
        return "" if _is_term(value) else f"{place} is no term"
    if isinstance(shape, tuple):
        choices = [one for one in shape if one is None or isinstance(one, str)]
        if any(value is None if one is None else type(value) is str and value == one for one in choices):
            return ""
        others = [one for one in shape if one is not None and not isinstance(one, str)]
        return _misfit(value, others[0], where) if others else f"{place} has another value than a card can have"
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{place} is no list"
        return next((wrong for n, one in enumerate(value, 1) if (wrong := _misfit(one, shape[0], f"{where} {n}"))), "")
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{place} is no object"
        kinds = dict.fromkeys(value, shape["*"]) if "*" in shape else shape
        for key in kinds:
            if key not in value:
                return f"{place} lacks '{key}'"
        for key in value:
            if key not in kinds:
                return f"{place} has the unknown member '{_shown(key)}'"
        found = (_misfit(value[key], kind, f"{where}.{key}" if where else key) for key, kind in kinds.items())
        return next((wrong for wrong in found if wrong), "")
    return "" if type(value) is shape else f"{place} is no {shape.__name__}"


def _is_term(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("type") not in ("uri", "bnode", "literal", "triple"):
        return False
    if value["type"] == "triple":
        parts = value.get("value")
        return (
            set(value) == {"type", "value"}
            and isinstance(parts, dict)
            and set(parts) == {"subject", "predicate", "object"}
            and all(map(_is_term, parts.values()))
        )
    allowed = {"type", "value"} | ({"xml:lang", "datatype"} if value["type"] == "literal" else set())
    return "value" in value and set(value) <= allowed and all(isinstance(one, str) for one in value.values())


def _mismatch(card: Mapping[str, Any]) -> str:
    """Return how the members of a card contradict one another, as the end of a sentence; empty if they do not."""
    expected = 1 if card["form"] == "ASK" else len(card["rows"])
    if len(card["citations"]) != expected:
        return f"it has {len(card['citations'])} citations for {expected} rows"
    if (card["form"] == "ASK") != (card["boolean"] is not None) or (card["form"] == "ASK" and card["rows"]):
        return "its answer does not fit its form"
    columns = set(card["columns"])
    if len(columns) < len(card["columns"]) or any(not columns.issuperset(row) for row in card["rows"]):
        return "its rows do not fit its columns"
    if card["max_rows"] is not None and card["max_rows"] < 1:
        return "its limit of rows is below 1"
    if card["max_rows"] is not None and card["max_rows"] > MOST_ROWS:
        return f"its limit of rows is above {MOST_ROWS:,}"
    if not _is_time(card["written"]):
        return f"'written' is no date and time such as 2026-01-31T12:00:00+00:00, but {_json(card['written'])}"
    return ""


def _is_time(text: str) -> bool:
    """Whether a text is a date and time as cards have it: to the second, in UTC."""
    try:
        return datetime.fromisoformat(text).isoformat(timespec="seconds") == text and text.endswith("+00:00")
    except ValueError:
        return False


# Running again


def _run_again(kg: KnowledgeGraph, card: Mapping[str, Any], timeout: float) -> dict[str, Any]:
    """Return the card that the query of ``card`` makes now."""
    terms = {name: _term(name, one) for name, one in card["parameters"].items()}
    most = max(MAX_ROWS, len(card["rows"]) + 1)
    limit = min(card["max_rows"] or most, most)
    answer = kg.query(card["query"], timeout=timeout, max_rows=limit, **terms)
    return make_card(kg, answer.voiced(card["voice"]) if card["voice"] else answer)


def _term(name: str, value: Mapping[str, Any]) -> Term:
    if name in ("timeout", "max_rows"):
        raise UsageError(f"A parameter cannot be called {name}.")
    try:
        if value["type"] == "uri":
            return ox.NamedNode(value["value"])
        if value["type"] == "literal" and "xml:lang" in value:
            return ox.Literal(value["value"], language=value["xml:lang"])
        if value["type"] == "literal":
            kind = value.get("datatype", "http://www.w3.org/2001/XMLSchema#string")
            return ox.Literal(value["value"], datatype=ox.NamedNode(kind))
    except ValueError as error:
        raise UsageError(f"The value of the parameter {_shown(name)} is no RDF term: {_shown(str(error))}.") from error
    raise UsageError(f"The value of the parameter {_shown(name)} must be an IRI or a literal.")


# Comparing


def _compare_asked(card: Mapping[str, Any], kg: KnowledgeGraph) -> list[str]:
    """Say where a card that names a stored question does not hold that question."""
    if card["question"] is None:
        return []
    name = card["question"]["name"]
    if name not in question_names():
        return [f"There is no stored question '{_shown(name)}'."]
    asked = question(name)
    found = []
    if (card["question"]["en"], card["question"]["zh"]) != (asked.text, asked.text_zh):
        found.append(f"The question {name} is worded '{asked.wording(card['language'])}'.")
    if card["query"] != asked.sparql_in(kg.language):
        found.append(f"The query is not that of the stored question {name}.")
    if set(card["parameters"]) != {one.name for one in asked.parameters}:
        found.append(f"The parameters are not those of the stored question {name}.")
    return found


def _compare_answers(card: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[str]:
    found = []
    for part in ("form", "columns", "headings", "boolean"):
        if card[part] != fresh[part]:
            found.append(f"{part.capitalize()}: the card has {_json(card[part])}, now it is {_json(fresh[part])}.")
    if bool(card["cut"]) != bool(fresh["cut"]):
        found.append(f"The card's answer is {'cut' if card['cut'] else 'whole'}, now it is not.")
    elif card["cut"] != fresh["cut"] and card["max_rows"] is not None and card["max_rows"] <= MAX_ROWS:
        found.append(f"The answer is cut otherwise than the card says: {fresh['cut']}")
    before, now = _rows_of(card), _rows_of(fresh)
    lost = Counter({key: len(places) for key, places in before.items()})
    gained = Counter({key: len(places) for key, places in now.items()})
    for rows, source, words in (
        (lost - gained, before, "in the card but not found"),
        (gained - lost, now, "found but not in the card"),
    ):
        if rows:
            found.append(f"{_count(rows.total(), 'row')} {words}:" + _listed([source[key][0][1] for key in rows]))
    if lost == gained and _keys(card) != _keys(fresh) and "ORDER" in _words(card):
        found.append(
            "The rows are the same in another order; rows that tie may change places between a graph in memory and one on disk."
        )
    changed = []
    for key in before.keys() & now.keys() if card["form"] != "ASK" else before.keys():
        was, are = ([_citation_in_words(one) for _, _, one in places] for places in (before[key], now.get(key, [])))
        if key in now and sorted(was) != sorted(are):
            changed.append((before[key][0][0], was, are))
    for place, was, are in sorted(changed)[:_SHOWN]:
        found.append(f"Row {place}: the citation in the card is {' / '.join(was)}, now it is {' / '.join(are)}.")
    if len(changed) > _SHOWN:
        found.append(f"The citations of {len(changed) - _SHOWN} more rows are not as the card says.")
    wrong = sorted(
        iri
        for iri in card["labels"].keys() | fresh["labels"].keys()
        if card["labels"].get(iri) != fresh["labels"].get(iri)
    )
    for iri in wrong[:_SHOWN]:
        found.append(
            f"The label of {_shown(shorten(iri))} in the card is {_json(card['labels'].get(iri))}, now it is {_json(fresh['labels'].get(iri))}."
        )
    if len(wrong) > _SHOWN:
        found.append(f"{len(wrong) - _SHOWN} more labels are not as the card says.")
    return found


def _compare_segments(card: Mapping[str, Any], fresh: Mapping[str, Any] | None, kg: KnowledgeGraph) -> list[str]:
    """Say of which segments the ledger holds something else than the card."""
    found = []
    for name, entry in card["segments"].items():
        held = segment_entry(kg, name)
        if held is None:
            found.append(f"Segment {_shown(name)} is not in this graph.")
            continue
        for part, words in (("sha256", "digest"), ("gist", "gist"), ("page", "page"), ("page_end", "last page")):
            if entry[part] != held[part]:
                found.append(
                    f"Segment {name}: the {words} in the card is {_json(entry[part])}, in the ledger {_json(held[part])}."
                )
    if fresh:
        named = card["segments"].keys() ^ fresh["segments"].keys()
        if named:
            found.append(
                f"The card's list of segments is not that of its citations: {_shown(', '.join(sorted(named)))}."
            )
    if len(found) > 2 * _SHOWN:
        found = [*found[: 2 * _SHOWN], f"{len(found) - 2 * _SHOWN} more such differences."]
    return found


def _compare_graphs(card: Mapping[str, Any], fresh: Mapping[str, Any] | None, kg: KnowledgeGraph) -> list[str]:
    """Say which of the other cited graphs, mapping sets and records of datasets, hold something else than the card says."""
    found = []
    for name, entry in card["graphs"].items():
        held = graph_entry(kg, name)
        if held is None:
            dataset = shorten(name).removeprefix("record:").partition("/")[0] if graph_kind(name) == "record" else ""
            remedy = f"; it is of an imported dataset: verify with --with {_shown(dataset)}" * bool(dataset)
            found.append(f"The graph {_shown(shorten(name))} is not here{remedy}.")
        elif held != entry:
            found.append(f"The graph {_shown(shorten(name))} holds something else than the card says.")
    if fresh and (named := card["graphs"].keys() ^ fresh["graphs"].keys()):
        found.append(
            f"The card's list of other graphs is not that of its citations: {_shown(', '.join(sorted(named)))}."
        )
    if len(found) > 2 * _SHOWN:
        found = [*found[: 2 * _SHOWN], f"{len(found) - 2 * _SHOWN} more such differences."]
    return found


def _remarks(card: Mapping[str, Any], fresh: Mapping[str, Any], is_changed: bool) -> list[str]:
    found = []
    if _keys(card) != _keys(fresh) and not is_changed:
        found.append("The rows stand in another order, which the query leaves open.")
    made, now = (
        f"bri-kg {one['bri_kg']} and {one['engine']['name']} {one['engine']['version']}" for one in (card, fresh)
    )
    if made != now:
        found.append(f"The card was made with {_shown(made)}; these are {now}.")
    return found


def _words(card: Mapping[str, Any]) -> set[str]:
    return {match.group().upper() for match in TOKEN.finditer(card["query"]) if match.lastgroup == "word"}


def _rows_of(card: Mapping[str, Any]) -> dict[str, list[tuple[int, dict[str, Any], Mapping[str, Any]]]]:
    """Return key to place, row and citation; one entry, without a row, for an ASK."""
    found: dict[str, list[tuple[int, dict[str, Any], Mapping[str, Any]]]] = {}
    rows = card["rows"] if card["form"] != "ASK" else [{}]
    for place, (row, citation) in enumerate(zip(rows, card["citations"], strict=True), 1):
        found.setdefault(_key(row), []).append((place, row, citation))
    return found


def _keys(card: Mapping[str, Any]) -> list[str]:
    return [_key(row) for row in card["rows"]]


def _key(row: Mapping[str, Any]) -> str:
    """Return the row as text, its blank nodes numbered in it: their labels are others at each run."""
    numbers: dict[str, str] = {}

    def plain(term: Any) -> Any:
        if term["type"] == "triple":
            return {part: plain(one) for part, one in sorted(term["value"].items())}
        if term["type"] == "bnode":
            return {"bnode": numbers.setdefault(term["value"], str(len(numbers)))}
        return term

    return json.dumps({column: plain(row[column]) for column in sorted(row)}, sort_keys=True)


# Words


def _citation_in_words(citation: Mapping[str, Any]) -> str:
    errata = (f"{name} of {segment}" if segment else name for name, segment in sorted(citation["errata"].items()))
    named = [*citation["segments"], *errata, *citation["other"]]
    holders = " ".join(shorten(holder) for holder in citation["holders"])
    marks = "".join(f", {mark}" for mark in citation["marks"])
    return _shown(f"{' '.join(named) or 'nothing'} ({citation['voice']}{' of ' * bool(holders)}{holders}{marks})")


def _listed(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        "\n    "
        + _shown("  ".join(f"?{column}={_term_in_words(term)}" for column, term in row.items()) or "an empty row")
        for row in rows[:_SHOWN]
    ]
    return "".join(lines) + (f"\n    and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else "")


def _term_in_words(term: Mapping[str, Any]) -> str:
    if term["type"] == "uri":
        return shorten(term["value"])
    if term["type"] == "triple":
        return f"<< {' '.join(_term_in_words(term['value'][part]) for part in ('subject', 'predicate', 'object'))} >>"
    if term["type"] == "bnode":
        return f"_:{term['value']}"
    tag = f"@{term['xml:lang']}" if "xml:lang" in term else ""
    return (
        json.dumps(term["value"], ensure_ascii=False)
        + tag
        + (f"^^{shorten(term['datatype'])}" if "datatype" in term else "")
    )


def _json(value: object) -> str:
    return _shown(json.dumps(value, ensure_ascii=False))


def _shown(text: str) -> str:
    """Return text of a card as a terminal may show it: no controls, and not without end."""
    text = text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "…"
    return "".join(one if one.isprintable() else f"\\u{ord(one):04X}" for one in text)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# In a process of its own


def verify_apart(path: str | Path, timeout: float = 30.0, external: Iterable[str] = ()) -> Verdict:
    """Verify a card against the packaged graph in a process that is killed when its time is over; raises as :func:`verify_card` does.

    ``external`` names the imported datasets that stand beside the graph, as in :func:`bri_kg.load`; a graph of the paper alone does not fit a
    card of an answer that was asked with them. Finding the rows has ``timeout`` seconds, and tracing them has as many.
    """
    import os
    import subprocess
    import sys

    from ..worker import check_limits

    check_limits(timeout, None)
    card = read_card(path)
    beside = ",".join(external)
    if beside:  # built here, and not within the time that the card has
        from ..external.combining import open_combined

        open_combined([beside])
    command = [sys.executable, "-S", "-c", _COMMAND, str(path), str(timeout), beside, *map(os.path.abspath, sys.path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_START + 2 * timeout)
        reply = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        if checksum(card) != card["checksum"]:
            raise CheckFailed(
                "The card was altered, and its query goes beyond the limits of time and memory."
            ) from error
        raise LimitError(
            f"Verifying takes more time or memory than it may; give it longer with --timeout, now {timeout:g}."
        ) from error
    if "error" in reply:
        raise _ERRORS.get(reply["code"], BriKgError)(reply["error"])
    return Verdict(
        reply["altered"], reply["graph_differs"], tuple(reply["changes"]), tuple(reply["remarks"]), reply["rows"]
    )


def serve(path: str, timeout: str, beside: str) -> None:
    """Verify a card in this process, beside the named datasets, and write the verdict as JSON; memory and the time for tracing are bounded."""
    import sys

    from ..graph import load

    try:
        kg = load(language=read_card(path)["language"], external=[beside] if beside else ())
        kg.worker.run("ASK {}", _START)  # it inherits limits, so it starts before they are set
        _bound_memory()
        reply: dict[str, Any] = verify_card(kg, path, float(timeout))._asdict()
    except BriKgError as error:
        reply = {"error": str(error), "code": error.exit_code}
    except MemoryError:
        return
    sys.stdout.write(json.dumps(reply))


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    from ..worker import MEMORY

    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (OSError, ValueError):  # no such file, or no such limit here
        pass
