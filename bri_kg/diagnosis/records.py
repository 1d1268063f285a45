"""Imported datasets and links to them in a query: which are loaded, whose terms it names, and who is silent where it has no rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pyoxigraph as ox

from ..algebra import Node
from ..lookup import Labels
from ..names import ONTOLOGY, PREFIXES, shorten
from .causes import Cause, Probe
from .conjunction import triple_of
from .expressions import constants

__all__ = ["Imported", "is_external", "unidentified"]

_DEFAULT = ox.DefaultGraph()
_DATASET, _RECORD = PREFIXES["dataset"], PREFIXES["record"]
_IN_DATASET = ox.NamedNode(PREFIXES["void"] + "inDataset")
_SOURCE, _PROPERTY, _TARGET = (f"<{PREFIXES['owl']}annotated{end}>" for end in ("Source", "Property", "Target"))
_HOW = "'bri-kg external list' names those imported, and 'bri-kg external add FILE' imports one"


def is_external(iri: str) -> bool:
    """Whether ``iri`` is a term or a record of imported datasets."""
    return iri.startswith((PREFIXES["ext"], _RECORD))


class Imported:
    """What of imported datasets one store holds."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @cached_property
    def loaded(self) -> tuple[str, ...]:
        """The names of the datasets whose records are loaded; the geometries of ours name datasets too, but hold no record of theirs."""
        names = [one.value for one in self._store.named_graphs() if isinstance(one, ox.NamedNode)]
        return tuple(
            sorted(
                name.removeprefix(_DATASET)
                for name in names
                if name.startswith(_DATASET)
                and any(self._store.quads_for_pattern(None, _IN_DATASET, ox.NamedNode(name), _DEFAULT))
            )
        )

    def missing(self, iri: str) -> Cause | None:
        """Return that a term or record belongs to a dataset that is not loaded; None where it is, or where nobody knows."""
        name = shorten(iri)
        if iri.startswith(_RECORD):
            dataset = iri.removeprefix(_RECORD).partition("/")[0]
            if not dataset or dataset in self.loaded:
                return None
            said = f"{name} is a record of the imported dataset {dataset}, which is not loaded here"
            return Cause(
                "not-loaded", f"{said}; ask again with --with {dataset} ({_HOW}).", name, (f"--with {dataset}",)
            )
        if not iri.startswith(PREFIXES["ext"]) or self.loaded:
            return None
        said = f"{name} is a term of imported datasets, and none is loaded here"
        return Cause(
            "not-loaded",
            f"{said}; import the dataset that has it, which is then seen with --with NAME ({_HOW}).",
            name,
            ("--with NAME",),
        )

    def elsewhere(self, iri: str) -> str:
        """Return, of a term that the loaded datasets do not have, which they are and how others are seen."""
        if iri.startswith(_DATASET):
            return f" Imported datasets are seen with --with NAME ({_HOW})."
        if not iri.startswith(PREFIXES["ext"]):
            return ""
        return f" Loaded: {', '.join(self.loaded)}; other imported datasets are seen with --with NAME ('bri-kg external list' names them)."

    def silent(self, atoms: Sequence[Node]) -> str:
        """Return who does not say what a sound pattern asks: records, or they and others; nothing where the paper alone is asked."""
        triples = [triple for atom in atoms if (triple := triple_of(atom))]
        about = [any(is_external(term[1:-1]) for term in constants(" ".join(map(str, triple)))) for triple in triples]
        predicates = [triple[1] for triple in triples if isinstance(triple[1], str)]
        records = f"loaded record ({', '.join(self.loaded)})" if self.loaded else ""
        if any(about):
            if records and all(about) and not any(one.startswith(f"<{ONTOLOGY}") for one in predicates):
                return f"no {records} says so"
            return f"neither the paper nor a link of ours{f' nor a {records}' if records else ''} says so"
        if records and any(one.startswith("?") for one in predicates):
            return f"neither the paper nor a {records} says so"
        return ""


def unidentified(atoms: Sequence[Node], labels: Labels, probe: Probe) -> Cause | None:
    """Return that no identifier is known of the thing whose links are asked for; None where links are not asked for, or one is known."""
    for atom in atoms:
        _, predicate, entity = triple_of(atom) or ["", "", ""]
        if predicate != _SOURCE or not entity.startswith("<"):
            continue
        linked = f"?m {_SOURCE} {entity}"
        if probe.matches(f"{linked} ; {_PROPERTY} ?r ; {_TARGET} ?t . {entity} ?r ?t"):
            continue
        name = shorten(entity[1:-1])
        said = f"No identifier of {labels.label(entity[1:-1])} ({name}) is known here"
        rest = (
            f"'bri-kg show {name}' lists what was searched" if probe.matches(linked) else "no link of ours is about it"
        )
        return Cause("silent", f"{said}; {rest}.", name, sound=True)
    return None
