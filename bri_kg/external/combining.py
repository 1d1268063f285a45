"""The store in which a query sees the paper and imported records together, built once and kept in the cache folder.

It lies under the hash of the packaged graph and of the datasets. The default graph is the set union here as everywhere. Records come without
rules: these speak of the paper's terms only.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from ..errors import DataError
from ..files import packaged_files
from ..names import PREFIXES
from ..store import keep, kept_folder, open_kept, open_store
from .keeping import DATASET, RECORDS, Kept, chosen

__all__ = ["open_combined"]

#: How many combinations stay in the cache.
_KEPT = 4


def open_combined(names: Sequence[str]) -> tuple[ox.Store, Path]:
    """Return the store of the packaged graph and the named datasets, and its folder, building it first where it is missing.

    Raises UsageError for a dataset that is not imported, DataError for one whose files are broken.
    """
    datasets = chosen(names)
    files = packaged_files()
    base = kept_folder(files)
    told = "\n".join([base.name, *(f"{one.name} {one.key}" for one in datasets)])
    folder = base.parent / "with" / hashlib.sha256(told.encode()).hexdigest()[:32]
    store = open_kept(folder)
    if store is not None:
        return store, folder
    paper = open_store(files, base)

    def fill(made: ox.Store) -> None:
        made.bulk_extend(paper)
        for one in datasets:
            _load(made, one)

    kept = keep(fill, folder, most=_KEPT)
    if kept is not None:
        return kept, folder
    made = ox.Store()
    fill(made)
    return made, folder


def _load(store: ox.Store, one: Kept) -> None:
    graph = ox.NamedNode(PREFIXES["dataset"] + one.name)
    try:
        store.bulk_load(path=str(one.folder / RECORDS), format=ox.RdfFormat.TRIG)
        with (one.folder / RECORDS).open("rb") as file:
            store.bulk_load(input=io.BufferedReader(_Flat(file), 1 << 20), format=ox.RdfFormat.TURTLE)
        store.bulk_load(path=str(one.folder / DATASET), format=ox.RdfFormat.TURTLE, to_graph=graph)
        store.bulk_load(path=str(one.folder / DATASET), format=ox.RdfFormat.TURTLE)
    except (OSError, SyntaxError, ValueError) as error:
        raise DataError(
            f"The imported dataset '{one.name}' is damaged ({error}); run 'bri-kg external remove {one.name}' and import it again."
        ) from error


class _Flat(io.RawIOBase):
    """The records' TriG without the lines that open and close graphs, which is Turtle."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._rest = file, b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read lines as long as there is room."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._rest:
            lines = self._file.readlines(1 << 18)
            if not lines:
                return 0
            self._rest = b"".join(line for line in lines if line != b"}\n" and not line.endswith(b"> {\n"))
        piece = self._rest[: len(view)]
        view[: len(piece)] = piece
        self._rest = self._rest[len(piece) :]
        return len(piece)
