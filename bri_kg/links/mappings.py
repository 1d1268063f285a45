"""Mapping sets: who is who elsewhere, read from SSSOM TSV files, each of which becomes a graph of its own.

A set is a file ``<set>.sssom.tsv`` as SSSOM 1.1 has it: a head of YAML in lines that begin with ``#``, then a table; what its columns mean here
stands in ``graph_data/links/README.md``. Its graph is named ``https://w3id.org/bri-kg/mapping-set/<set>`` and holds, after SSSOM's own RDF,

- for each row a node with all that the row says (``owl:annotatedSource``, ``owl:annotatedProperty``, ``owl:annotatedTarget``, ``sssom:confidence``,
  ``bri:evidenceFile``, ``bri:evidenceRow`` ...);
- for each row that affirms a match the triple itself, subject, predicate and object; none for one that denies it (``Not``) or found nothing.

A file that is not as it should be is refused with its line; nothing of it is loaded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pyoxigraph as ox

from ..errors import DataError
from ..names import IDENTIFIERS, PREFIXES, bri, rdf, rdfs, shorten

__all__ = [
    "ENDING",
    "NO_TERM",
    "MappingRow",
    "MappingSet",
    "identifier_of",
    "mapping_node",
    "mapping_quads",
    "mapping_set_iri",
    "read_set",
    "scheme_of",
]

ENDING = ".sssom.tsv"
NO_TERM = PREFIXES["sssom"] + "NoTermFound"

_BUILT_IN = ("owl", "rdf", "rdfs", "semapv", "skos", "sssom")
_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_DCTERMS, _OWL, _SSSOM, _XSD = (PREFIXES[name] for name in ("dcterms", "owl", "sssom", "xsd"))
#: Where a column or key of SSSOM goes in RDF, as its schema has it; those that are not named here become ``sssom:<name>``.
_SLOTS = {
    "comment": rdfs("comment"),
    "creator_id": _DCTERMS + "creator",
    "evidence_file": bri("evidenceFile"),
    "evidence_row": bri("evidenceRow"),
    "license": _DCTERMS + "license",
    "mapping_date": _DCTERMS + "created",
    "mapping_set_description": _DCTERMS + "description",
    "mapping_set_title": _DCTERMS + "title",
    "mapping_set_version": _OWL + "versionInfo",
    "object_id": _OWL + "annotatedTarget",
    "predicate_id": _OWL + "annotatedProperty",
    "publication_date": _DCTERMS + "issued",
    "see_also": rdfs("seeAlso"),
    "subject_id": _OWL + "annotatedSource",
}
_REFERENCES = {"object_source", "subject_source", "creator_id", "author_id", "reviewer_id", "mapping_tool_id"}
_OTHERS = set(
    """subject_label predicate_label object_label predicate_modifier mapping_justification confidence object_source object_source_version
    subject_source subject_source_version author_id author_label reviewer_id reviewer_label creator_label subject_category object_category
    subject_type object_type match_string similarity_score similarity_measure subject_match_field object_match_field subject_preprocessing
    object_preprocessing mapping_tool mapping_tool_id mapping_tool_version mapping_cardinality mapping_provider mapping_source record_id
    other sssom_version""".split()
)
_HEAD_ONLY = {"curie_map", "extension_definitions", "mapping_set_id"}
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class MappingRow(NamedTuple):
    """A row of a set: the line it ends on, what it maps (``object`` is empty where nothing was found), and its cells by column."""

    line: int
    subject: str
    predicate: str
    object: str
    is_denied: bool
    cells: Mapping[str, str]

    @property
    def is_match(self) -> bool:
        """Whether the row affirms a match, so that its triple holds."""
        return bool(self.object) and not self.is_denied


class MappingSet(NamedTuple):
    """A mapping set: its file, the name of its graph, the keys of its head, its prefixes and its rows."""

    path: Path
    iri: str
    head: Mapping[str, Any]
    prefixes: Mapping[str, str]
    rows: tuple[MappingRow, ...]


def mapping_set_iri(path: Path) -> str:
    """Return the name of the graph of a set, after its file."""
    return PREFIXES["mapping-set"] + path.name.removesuffix(ENDING)


def scheme_of(iri: str) -> str:
    """Return the IRI of the scheme to which an identifier elsewhere belongs: its prefix, or of a code or record its list; empty for another IRI."""
    prefix, _, local = shorten(iri).partition(":")
    if prefix not in IDENTIFIERS:
        return ""
    return PREFIXES["scheme"] + (local.partition("/")[0] if prefix in ("code", "record") else prefix)


def identifier_of(iri: str) -> str:
    """Return an identifier as its scheme writes it: what stands behind the prefix, and of a code or record behind its list."""
    prefix, _, local = shorten(iri).partition(":")
    if prefix in ("code", "record"):
        local = local.partition("/")[2]
    return unquote(local.rstrip("/"))


def read_set(path: Path) -> MappingSet:
    """Read one mapping set. Raises DataError, naming file, line and remedy, where it is broken."""
    import csv

    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read: {error}. Write it as UTF-8.") from error
    count = next((place for place, line in enumerate(lines) if not line.startswith("#")), len(lines))
    head = _read_head(path, "".join(line[1:] for line in lines[:count]))
    prefixes = _prefixes(path, head)
    reader = csv.reader(lines[count:], delimiter="\t", strict=True)
    rows: list[MappingRow] = []
    columns: list[str] = []
    try:
        for cells in reader:
            line = count + reader.line_num
            if not columns:
                columns = _columns(path, line, cells)
            elif len(cells) != len(columns):
                raise DataError(
                    f"{path}:{line}: the row has {len(cells)} cells and the table {len(columns)} columns; put one tab between cells."
                )
            else:
                rows.append(_row(path, line, dict(zip(columns, cells, strict=True)), prefixes))
    except csv.Error as error:
        raise DataError(f"{path}:{count + reader.line_num}: {error}; close the quoted cell.") from error
    if not columns:
        raise DataError(f"{path}: the table is missing; write its columns and rows under the head.")
    return MappingSet(path, mapping_set_iri(path), head, prefixes, tuple(rows))


def _read_head(path: Path, text: str) -> dict[str, Any]:
    import yaml

    try:
        head = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise DataError(
            f"{path}{line}: the head is no YAML: {getattr(error, 'problem', error)}; mend this line."
        ) from error
    if not isinstance(head, dict):
        raise DataError(
            f"{path}:1: the head is missing; begin with lines such as '#mapping_set_id: {mapping_set_iri(path)}'."
        )
    for key in ("mapping_set_id", "mapping_set_title", "license", "curie_map"):
        if not head.get(key):
            raise DataError(f"{path}:1: the head has no {key}; add it.")
    if head["mapping_set_id"] != mapping_set_iri(path):
        raise DataError(
            f"{path}:1: mapping_set_id is {head['mapping_set_id']}; write {mapping_set_iri(path)}, after the file's name."
        )
    for key in head:
        if key not in _SLOTS and key not in _OTHERS and key not in _HEAD_ONLY:
            raise DataError(
                f"{path}:1: '{key}' is no key of SSSOM that is known here; mend its spelling or take it out."
            )
    return head


def _prefixes(path: Path, head: Mapping[str, Any]) -> dict[str, str]:
    given = head["curie_map"]
    if not isinstance(given, dict):
        raise DataError(f"{path}:1: curie_map is no list of prefixes; write one 'prefix: namespace' a line under it.")
    for prefix, namespace in given.items():
        if PREFIXES.get(prefix, namespace) != namespace:
            raise DataError(
                f"{path}:1: the prefix {prefix} stands for {PREFIXES[prefix]} here, not for {namespace}; mend curie_map."
            )
    return {**{prefix: PREFIXES[prefix] for prefix in _BUILT_IN}, **given}


def _columns(path: Path, line: int, cells: list[str]) -> list[str]:
    for needed in _NEEDED:
        if needed not in cells:
            raise DataError(f"{path}:{line}: the column {needed} is missing; add it.")
    for place, name in enumerate(cells):
        if name in cells[:place]:
            raise DataError(f"{path}:{line}: the column {name} stands twice; keep one.")
        if name not in _SLOTS and name not in _OTHERS:
            raise DataError(
                f"{path}:{line}: '{name}' is no column that is known here; mend its spelling or take it out."
            )
    return cells


def _row(path: Path, line: int, cells: dict[str, str], prefixes: Mapping[str, str]) -> MappingRow:
    for name in _NEEDED:
        if not cells[name]:
            raise DataError(f"{path}:{line}: {name} is empty; fill it in.")
    terms = {
        name: _expand(path, line, name, value, prefixes)
        for name, value in cells.items()
        if value and (name.endswith("_id") or name in _REFERENCES or name == "mapping_justification")
    }
    modifier, confidence, date = (cells.get(name, "") for name in ("predicate_modifier", "confidence", "mapping_date"))
    if modifier not in ("", "Not"):
        raise DataError(f"{path}:{line}: predicate_modifier is '{modifier}'; write Not, or leave it empty.")
    if confidence and not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", confidence):
        raise DataError(
            f"{path}:{line}: confidence is '{confidence}'; write a number from 0 to 1 with a decimal point, such as 0.95."
        )
    if date and not _DATE.fullmatch(date):
        raise DataError(f"{path}:{line}: mapping_date is '{date}'; write year, month and day, such as 2026-11-24.")
    found = "" if terms["object_id"] == NO_TERM else terms["object_id"]
    if modifier and not found:
        raise DataError(f"{path}:{line}: 'Not' and sssom:NoTermFound cannot stand in one row; keep one of them.")
    return MappingRow(line, terms["subject_id"], terms["predicate_id"], found, bool(modifier), {**cells, **terms})


def _expand(path: Path, line: int, column: str, value: str, prefixes: Mapping[str, str]) -> str:
    prefix, separator, local = value.partition(":")
    if value.startswith(("http://", "https://")):
        iri = value
    elif separator and local and prefix in prefixes:
        iri = prefixes[prefix] + local
    else:
        why = (
            f"its prefix is not in curie_map; known are {', '.join(sorted(prefixes))}"
            if separator
            else "it has no prefix"
        )
        raise DataError(f"{path}:{line}: {column} is '{value}', which is no name: {why}. Mend it.")
    try:
        return ox.NamedNode(iri).value
    except ValueError as error:
        raise DataError(
            f"{path}:{line}: {column} is '{value}', which gives no valid IRI: {error}. Percent-encode it."
        ) from error


def mapping_quads(found: MappingSet) -> Iterator[ox.Quad]:
    """Yield what a set says, in its graph."""
    graph = ox.NamedNode(found.iri)
    for subject, predicate, value in _triples(found):
        yield ox.Quad(subject, predicate, value, graph)


def _triples(found: MappingSet) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    whole, kind = ox.NamedNode(found.iri), ox.NamedNode(rdf("type"))
    yield whole, kind, ox.NamedNode(_SSSOM + "MappingSet")
    yield whole, ox.NamedNode(rdfs("label")), ox.Literal(str(found.head["mapping_set_title"]))
    for key, value in found.head.items():
        for one in value if isinstance(value, list) else [value]:
            if key not in _HEAD_ONLY:
                yield whole, _property(key), _value(key, str(one))
    for row in found.rows:
        node = mapping_node(found, row)
        yield whole, ox.NamedNode(_SSSOM + "mappings"), node
        yield node, kind, ox.NamedNode(bri("Mapping"))
        yield node, kind, ox.NamedNode(_OWL + "Axiom")
        yield node, ox.NamedNode(rdfs("label")), ox.Literal(_label(row))
        for name, cell in row.cells.items():
            if cell:
                yield node, _property(name), _value(name, cell)
        if row.object and (scheme := scheme_of(row.object)):
            yield node, ox.NamedNode(bri("identifierScheme")), ox.NamedNode(scheme)
            yield node, ox.NamedNode(bri("identifier")), ox.Literal(identifier_of(row.object))
        if row.is_match:
            yield ox.NamedNode(row.subject), ox.NamedNode(row.predicate), ox.NamedNode(row.object)


def mapping_node(found: MappingSet, row: MappingRow) -> ox.NamedNode:
    """Return the node of a row: it is named after what the row maps, so that it stays when rows are added or moved."""
    cells = row.cells
    key = [row.subject, row.predicate, "Not" * row.is_denied, row.object]
    key += [] if row.object else [cells.get("object_source", ""), cells.get("evidence_file", "")]
    digest = hashlib.sha256("\t".join(key).encode()).hexdigest()[:12]
    return ox.NamedNode(f"{PREFIXES['mapping']}{found.iri.removeprefix(PREFIXES['mapping-set'])}.{digest}")


def _label(row: MappingRow) -> str:
    denied = "not " * row.is_denied
    found = shorten(row.object) if row.object else "no term found"
    return f"{shorten(row.subject)}: {denied}{shorten(row.predicate)} {found}"


def _property(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SLOTS.get(name, _SSSOM + name))


def _value(name: str, text: str) -> ox.NamedNode | ox.Literal:
    if name == "predicate_modifier":
        return ox.NamedNode(_SSSOM + "NegatedPredicate")
    if name.endswith("_id") or name in _REFERENCES or name in ("license", "mapping_justification"):
        return ox.NamedNode(text)
    if name in ("mapping_date", "publication_date"):
        return ox.Literal(text, datatype=ox.NamedNode(_XSD + "date"))
    if name == "confidence":
        return ox.Literal(text, datatype=ox.NamedNode(_XSD + "decimal"))
    return ox.Literal(text)
