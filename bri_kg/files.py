"""The files behind the graph: where they are, which graph each one fills, and the hash of their content.

In a checkout the folders ``ontology/`` and ``graph_data/`` beside the package are used; an installed wheel carries them inside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .errors import DataError, UsageError
from .links.mappings import ENDING, mapping_set_iri
from .names import graph_iri

__all__ = [
    "GraphFile",
    "content_hash",
    "data_folder",
    "graph_files",
    "ontology_folder",
    "packaged_files",
    "queries_folder",
    "rule_files",
]

_PACKAGE = Path(__file__).resolve().parent
_SUFFIXES = {".ttl", ".trig", ".nt", ".nq"}


class GraphFile(NamedTuple):
    """One file and the name of the graph that its triples enter, unless the file names graphs itself."""

    path: Path
    graph: str


def _folder(name: str) -> Path:
    for folder in (_PACKAGE.parent / name, _PACKAGE / "_data" / name):
        if folder.is_dir() and ((_PACKAGE.parent / "pyproject.toml").is_file() or folder.parent.name == "_data"):
            return folder
    raise DataError(f"The folder {name}/ is missing from this installation of bri-kg; install it again.")


def ontology_folder() -> Path:
    """Return the folder with the ontology and the rules."""
    return _folder("ontology")


def data_folder() -> Path:
    """Return the folder with the paper's graph."""
    return _folder("graph_data")


def queries_folder() -> Path:
    """Return the folder with the stored questions."""
    return _PACKAGE / "queries"


def rule_files() -> list[Path]:
    """Return the rules in the order in which they run."""
    return sorted((ontology_folder() / "rules").glob("*.ru"))


def graph_files(folder: Path, name: str = "") -> list[GraphFile]:
    """Return the Turtle, TriG, N-Triples and N-Quads files and the mapping sets under ``folder`` in a fixed order.

    A file's graph is named after its path in the folder, under ``name`` if one is given; a mapping set's after the set. Raises UsageError if
    there is no such folder and DataError if it holds no such file.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; give a folder with Turtle or TriG files.")
    paths = sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES or path.name.endswith(ENDING))
    if not paths:
        raise DataError(
            f"The folder {folder} holds no .ttl, .trig, .nt, .nq or {ENDING} file; give a folder with some."
        )
    root = f"{name}/" if name else ""
    return [
        GraphFile(
            path,
            mapping_set_iri(path)
            if path.name.endswith(ENDING)
            else graph_iri(root + path.relative_to(folder).with_suffix("").as_posix()),
        )
        for path in paths
    ]


def packaged_files() -> list[GraphFile]:
    """Return the files of the ontology and of the paper's graph."""
    return graph_files(ontology_folder(), "ontology") + graph_files(data_folder())


def content_hash(files: Iterable[GraphFile]) -> str:
    """Return the SHA-256 over names and bytes of ``files``, of the rules and of the reader of mapping sets, in hexadecimal."""
    digest = hashlib.sha256()
    made_by = [*rule_files(), _PACKAGE / "links" / "mappings.py"]
    for name, path in [(file.graph, file.path) for file in files] + [(path.name, path) for path in made_by]:
        content = path.read_bytes()
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
