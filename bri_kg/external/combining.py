"""The store in which a query sees the paper and imported records together, built once and kept in the cache folder.

It lies under the hash of the packaged graph and of the datasets. The default graph is the set union here as everywhere. Records come without
rules: these speak of the paper's terms only. A store that is kept already for some of the datasets is taken over (its files are linked, not
copied), so that one dataset more costs its own time only.

The engine loads on one core; so the records are cut into pieces, which are loaded side by side.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox

from ..errors import DataError, LimitError
from ..files import packaged_files
from ..names import PREFIXES
from ..store import keep, kept_folder, open_kept, open_store
from ..writing import StatusLine
from .keeping import DATASET, RECORDS, Kept, chosen

__all__ = ["open_combined"]

#: How many combinations stay in the cache.
_KEPT = 4
#: Bytes of a piece of the records: half of what the engine sorts at once, so that memory stays low and the pieces end together.
_PIECE = 20_000_000
#: Bytes of records from which a load takes seconds, and says how far it is.
_SAID_FROM = 2_000_000
#: Pieces loaded side by side at most; each takes half a gigabyte of memory.
_MOST_WORKERS = 4
#: So many bytes of disk a triple takes while its store is built (measured: 520 to 700).
_BYTES_PER_TRIPLE = 750
#: With more triples than this, a store that the cache cannot take is refused; with fewer it is made in memory.
_MOST_IN_MEMORY = 1_000_000
#: The lines of the records' TriG that open and close graphs; without them it is Turtle.
_BRACES = re.compile(rb"^(?:\}|<[^<>\n]*> \{)\n", re.MULTILINE)


def open_combined(names: Sequence[str], language: str = "en") -> tuple[ox.Store, Path]:
    """Return the store of the packaged graph and the named datasets, and its folder, building it first where it is missing.

    On a terminal it says on standard error how far it is. Raises UsageError for a dataset that is not imported, DataError for one whose files
    are broken, LimitError where the cache has no room for a large store; nothing half-built stays.
    """
    datasets = chosen(names)
    files = packaged_files()
    base = kept_folder(files)
    folder = _folder(base, datasets)
    store = open_kept(folder)
    if store is not None:
        return store, folder
    start, missing = _nearest(base, datasets)
    if start is None:
        start = open_store(files, base)
    triples = sum(one.triples for one in missing)
    _check_room(folder, triples)
    said = _Said(language, missing)

    def fill(made: ox.Store) -> None:
        for one in missing:
            _load(made, one, said.tell)

    try:
        kept = keep(fill, folder, most=_KEPT, start=start) or open_kept(folder)
    finally:
        said.end()
    if kept is not None:
        return kept, folder
    if triples > _MOST_IN_MEMORY:
        raise _no_room(folder, triples)
    made = ox.Store()
    made.bulk_extend(start)
    fill(made)
    return made, folder


def _folder(base: Path, datasets: Sequence[Kept]) -> Path:
    told = "\n".join([base.name, *(f"{one.name} {one.key}" for one in datasets)])
    return base.parent / "with" / hashlib.sha256(told.encode()).hexdigest()[:32]


def _nearest(base: Path, datasets: Sequence[Kept]) -> tuple[ox.Store | None, list[Kept]]:
    """Return the kept store that has most of the datasets and no other, and which it lacks; None and all if there is none."""
    for fewer in range(1, len(datasets) if len(datasets) <= 10 else 2):
        for left_out in sorted(combinations(datasets, fewer), key=lambda some: sum(one.triples for one in some)):
            folder = _folder(base, [one for one in datasets if one not in left_out])
            if folder.is_dir() and (store := open_kept(folder)) is not None:
                return store, list(left_out)
    return None, list(datasets)


def _check_room(folder: Path, triples: int) -> None:
    import shutil

    for place in folder.parents:
        if place.is_dir():
            if triples > _MOST_IN_MEMORY and shutil.disk_usage(place).free < triples * _BYTES_PER_TRIPLE:
                raise _no_room(folder, triples)
            return


def _no_room(folder: Path, triples: int) -> LimitError:
    return LimitError(
        f"{folder.parent} cannot hold the store of {triples:,} triples, which takes about {triples * _BYTES_PER_TRIPLE / 1e9:,.0f} GB "
        "while it is built; free some room there, or set BRI_KG_CACHE to a folder on a larger disk."
    )


class _Said:
    """Says how far a long load is, on a terminal only."""

    def __init__(self, language: str, datasets: Sequence[Kept]) -> None:
        self._language, self._names = language, ", ".join(one.name for one in datasets)
        self._size = sum(path.stat().st_size for one in datasets if (path := one.folder / RECORDS).is_file())
        self._done, self._line = 0, StatusLine()
        self.tell(0)

    def tell(self, size: int) -> None:
        """Take note that a piece of so many bytes is loaded."""
        self._done += size
        if self._line.is_shown and self._size > _SAID_FROM:
            from ..wording import word

            part = f"{min(0.9 * self._done / self._size, 0.9):.0%}"  # to put it in order takes the last tenth
            self._line.tell(word("building store", self._language, self._names, part))

    def end(self) -> None:
        """Leave an empty line to who writes next."""
        self._line.end()


def _load(store: ox.Store, one: Kept, tell: Callable[[int], None]) -> None:
    graph = ox.NamedNode(PREFIXES["dataset"] + one.name)
    try:
        _load_records(store, one.folder / RECORDS, tell)
        store.bulk_load(path=str(one.folder / DATASET), format=ox.RdfFormat.TURTLE, to_graph=graph)
        store.bulk_load(path=str(one.folder / DATASET), format=ox.RdfFormat.TURTLE)
    except (FileNotFoundError, SyntaxError, ValueError) as error:
        raise DataError(
            f"The imported dataset '{one.name}' is damaged ({error}); run 'bri-kg external remove {one.name}' and import it again."
        ) from error


def _load_records(store: ox.Store, path: Path, tell: Callable[[int], None]) -> None:
    """Load the records into their graphs and into the default graph, pieces side by side; the first error ends it."""
    from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

    def load(piece: bytes, is_flat: bool) -> int:
        kind = ox.RdfFormat.TURTLE if is_flat else ox.RdfFormat.TRIG
        store.bulk_load(input=_BRACES.sub(b"", piece) if is_flat else piece, format=kind)
        return len(piece) if is_flat else 0

    workers = min(os.cpu_count() or 1, _MOST_WORKERS)
    with ThreadPoolExecutor(workers) as pool:
        running: set[Future[int]] = set()
        try:
            for piece in _pieces(path):
                for is_flat in (False, True):
                    if len(running) >= workers:
                        done, running = wait(running, return_when=FIRST_COMPLETED)
                        tell(sum(one.result() for one in done))
                    running.add(pool.submit(load, piece, is_flat))
            tell(sum(one.result() for one in running))
        finally:
            pool.shutdown(cancel_futures=True)


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield the records' TriG in pieces that end with a graph, each with the prefixes at its beginning."""
    with path.open("rb") as file:
        prefixes = b""
        line = file.readline()
        while line.startswith(b"@prefix"):
            prefixes += line
            line = file.readline()
        rest = line
        while chunk := file.read(_PIECE):
            end = chunk.rfind(b"\n}\n")
            if end < 0:
                rest += chunk
                continue
            yield prefixes + rest + chunk[: end + 3]
            rest = chunk[end + 3 :]
        if rest:
            yield prefixes + rest
