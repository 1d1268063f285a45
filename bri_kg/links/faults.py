"""Faults of mapping sets: what is not known, not shown, said twice, contradicted, or said more strongly than it may be.

Where the files are at hand in which the mappings can be seen, each row is looked up in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ..errors import DataError
from ..files import data_folder
from ..names import BASE, PREFIXES, bri, graph_kind, shorten, skos
from .evidence import Evidence, holds
from .mappings import ENDING, MappingRow, MappingSet, mapping_set_iri, read_set, scheme_of

if TYPE_CHECKING:
    from ..checks import Finding
    from ..graph import KnowledgeGraph

__all__ = ["PREDICATES", "external_folder", "find_link_faults"]

_SAME, _EXACT = PREFIXES["owl"] + "sameAs", skos("exactMatch")
#: What a match may say, and of each the weaker ones that follow from it.
PREDICATES = {
    _SAME: (_EXACT, skos("closeMatch")),
    _EXACT: (skos("closeMatch"),),
    **{skos(name): () for name in ("closeMatch", "broadMatch", "narrowMatch", "relatedMatch")},
    **{bri(name): () for name in ("financedByRecord", "containsRecord", "partOfRecord")},
}
_RECORD = PREFIXES["record"]
#: Datasets whose records tell of money, not of the things that it is for.
_OF_MONEY = tuple(f"{_RECORD}{name}/" for name in ("aiddata", "iati", "worldbank"))
_SEARCHED = "searched:"


class _At(NamedTuple):
    """A row and where it stands, as in ``states.sssom.tsv:42``."""

    where: str
    row: MappingRow


def external_folder() -> Path:
    """Return the folder of external data beside the project, whether or not it is there."""
    return data_folder().parent.parent / "shared" / "external"


def find_link_faults(kg: KnowledgeGraph, folder: Path | None = None, evidence: Evidence | None = None) -> list[Finding]:
    """Return the faults of the mapping sets in ``folder``; by default of the packaged sets that ``kg`` holds.

    ``evidence`` is where their rows are looked up, by default in ``shared/external`` beside the project, if it is there.
    """
    from ..checks import Finding

    sets: list[MappingSet] = []
    found: list[tuple[str, str]] = []
    for path in sorted((folder or data_folder() / "links").glob(f"*{ENDING}")):
        if folder is None and not kg.store.contains_named_graph(ox.NamedNode(mapping_set_iri(path))):
            continue
        try:
            sets.append(read_set(path))
        except DataError as error:
            found.append((path.name, str(error)))
    rows = [_At(f"{one.path.name}:{row.line}", row) for one in sets for row in one.rows]
    shown = evidence or Evidence(external_folder())
    for at in rows:
        found += [(at.where, message) for message in [*_terms(kg, at.row), *_predicate(at.row), *_shown(shown, at.row)]]
    found += _repeated(rows)
    found += _contradicted(rows)
    found += _shared(rows)
    return [Finding("links", where, message) for where, message in found]


def _terms(kg: KnowledgeGraph, row: MappingRow) -> Iterator[str]:
    """Demand a thing of the graph under its own label as subject, and an identifier of a known scheme as object."""
    quads = kg.store.quads_for_pattern(ox.NamedNode(row.subject), None, None, None)
    graphs = (quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode))
    if not any(graph_kind(graph) in ("base", "segment", "erratum", "other") for graph in graphs):
        yield f"{shorten(row.subject)} is not in the graph; mend subject_id."
    else:
        label = kg.labels.label(row.subject)
        given = row.cells.get("subject_label", "")
        if kg.language == "en" and given and given != label:
            yield f"subject_label is '{given}', but the graph calls {shorten(row.subject)} '{label}'; write that."
    if row.object and not scheme_of(row.object):
        yield (
            f"{row.object} has none of the prefixes of identifiers; add the prefix in bri_kg/names.py and graph_data/links/schemes.ttl."
        )
    source = row.cells.get("object_source", "")
    if not source.startswith(PREFIXES["dataset"]):
        yield f"object_source is '{source}'; name the dataset, as in dataset:country-codes."


def _predicate(row: MappingRow) -> Iterator[str]:
    name = shorten(row.predicate)
    if row.predicate not in PREDICATES:
        yield f"{name} is no predicate of a match; use {', '.join(map(shorten, PREDICATES))}."
    if not row.is_match:
        return
    if row.predicate == _SAME and row.object.startswith((_RECORD, PREFIXES["code"])):
        yield "owl:sameAs says that every statement may flow both ways, and a record or code is not the thing; use skos:exactMatch or weaker."
    elif row.predicate == _SAME and not row.cells.get("comment"):
        yield "owl:sameAs needs a comment that says why every statement may flow both ways; add it, or use skos:exactMatch."
    if row.predicate in (_SAME, _EXACT) and row.object.startswith(_OF_MONEY) and "/financing/" not in row.subject:
        yield f"{shorten(row.object)} tells of money and is not the thing itself; use bri:financedByRecord."
    if row.predicate.startswith(BASE) and not row.object.startswith(_RECORD):
        yield f"{name} leads to a record of a dataset, and {shorten(row.object)} is none; use a predicate of SKOS."


def _shown(evidence: Evidence, row: MappingRow) -> Iterator[str]:
    file, where = row.cells.get("evidence_file", ""), row.cells.get("evidence_row", "")
    if not file or not where:
        yield "The evidence is missing; add evidence_file and evidence_row, or take the row out."
        return
    if where.startswith(_SEARCHED) != (not row.object):
        yield f"evidence_row begins with '{_SEARCHED}' where nothing was found, and only there; mend it."
        return
    if not evidence.is_within_reach(file):
        return
    if evidence.path(file) is None:
        yield f"The evidence file {file} is not there; mend evidence_file, which is a path below shared/external or from this project's root."
    elif row.object:
        try:
            rows = evidence.rows(file, where)
        except DataError as error:
            yield f"{file}, {where}: {error}; mend evidence_row."
            return
        if not rows:
            yield f"{file} has nothing at {where}; mend evidence_row."
        elif not any(holds(one, row.object) for one in rows):
            yield f"{file}, {where}: this row does not hold {shorten(row.object)}; mend evidence_row or object_id."


def _repeated(rows: Iterable[_At]) -> Iterator[tuple[str, str]]:
    seen: dict[tuple[str, ...], str] = {}
    for where, row in rows:
        key: tuple[str, ...] = (row.subject, row.predicate, "Not" * row.is_denied, row.object)
        key += () if row.object else (row.cells.get("object_source", ""), row.cells.get("evidence_file", ""))
        if key in seen:
            yield where, f"The same mapping stands in {seen[key]}; keep one and put other evidence in its comment."
        seen.setdefault(key, where)


def _contradicted(rows: Iterable[_At]) -> Iterator[tuple[str, str]]:
    """Find what is affirmed and denied: the match itself, or what follows from it."""
    denied = {(row.subject, row.predicate, row.object): where for where, row in rows if row.is_denied}
    for where, row in rows:
        if row.is_match:
            for predicate in (row.predicate, *PREDICATES.get(row.predicate, ())):
                if other := denied.get((row.subject, predicate, row.object)):
                    yield (
                        where,
                        f"{shorten(row.subject)} {shorten(row.predicate)} {shorten(row.object)} is denied in {other}; keep one.",
                    )


def _shared(rows: Iterable[_At]) -> Iterator[tuple[str, str]]:
    """Find exact matches of two things of ours with one identifier, and of one thing with two of a scheme."""
    subjects: dict[str, tuple[str, str]] = {}
    objects: dict[tuple[str, str], tuple[str, str]] = {}
    for where, row in rows:
        if not row.is_match or row.predicate not in (_SAME, _EXACT):
            continue
        subject, first = subjects.setdefault(row.object, (row.subject, where))
        if subject != row.subject:
            yield (
                where,
                (
                    f"{shorten(row.object)} is matched exactly to {shorten(subject)} too ({first}); two things of the graph are not one:"
                    " keep one, or weaken one to skos:closeMatch or skos:relatedMatch."
                ),
            )
        object, first = objects.setdefault((row.subject, scheme_of(row.object)), (row.object, where))
        if object != row.object:
            yield (
                where,
                (
                    f"{shorten(row.subject)} is matched exactly to {shorten(object)} too ({first}), of the same scheme; keep one, or weaken one."
                ),
            )
