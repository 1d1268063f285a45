"""The store: files are parsed, rules are applied per graph, and the default graph is made the set union of all graphs.

The packaged graph is kept built, as an Oxigraph store on disk in the user's cache folder under the hash of its files. It is built aside and
renamed into place, thrown away when it cannot be read, and never needed: without a writable cache the store is built in memory.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox

from . import __version__
from .errors import DataError
from .files import GraphFile, content_hash, rule_files
from .links.mappings import ENDING, mapping_quads, read_set

__all__ = ["apply_rules", "build_store", "cache_folder", "copied", "kept_folder", "open_store", "unite"]

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
}
_SIZES = "bri-kg-sizes.txt"
#: Seconds without a write after which a build is taken for killed.
_KILLED_AFTER = 3600


def cache_folder() -> Path:
    """Return the folder for built stores: ``$BRI_KG_CACHE``, else ``bri-kg`` in the user's cache folder."""
    if own := os.environ.get("BRI_KG_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bri-kg"


def kept_folder(files: list[GraphFile]) -> Path:
    """Return the folder in the cache that holds the built store of ``files``, or would."""
    return cache_folder() / f"{__version__}-{ox.__version__}-{content_hash(files)[:32]}"


def open_store(files: list[GraphFile], folder: Path | None = None) -> ox.Store:
    """Return the built store of ``files`` from its ``folder`` in the cache, building it first where it is missing, stale or broken."""
    folder = folder or kept_folder(files)
    kept = open_kept(folder)
    if kept is not None:
        return kept
    store = build_store(files)
    return keep(lambda empty: empty.bulk_extend(store), folder) or store


def open_kept(folder: Path) -> ox.Store | None:
    """Return the built store in a ``folder`` of the cache; None where there is none, or a broken one, which is thrown away."""
    if folder.is_dir():
        try:
            if (folder / _SIZES).read_text(encoding="utf-8") == _sizes(folder):
                return ox.Store.read_only(str(folder))
        except (OSError, RuntimeError, ValueError):
            pass
        _remove(folder)
    return None


def keep(
    fill: Callable[[ox.Store], None], folder: Path, most: int = 1, start: ox.Store | None = None
) -> ox.Store | None:
    """Build a store by ``fill`` in ``folder`` and return it opened from there; None where the cache cannot be used.

    It begins with what the store ``start`` has, which lies on disk itself: then its files are linked, not copied. Of the stores beside it the
    last ``most`` stay, itself among them.
    """
    import tempfile

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear_killed(folder.parent)
        aside = Path(tempfile.mkdtemp(prefix="building-", dir=folder.parent))
    except OSError:
        return None
    try:
        if start is not None:
            _take_over(start, aside)
        kept = ox.Store(str(aside))
        fill(kept)
        kept.optimize()
        kept.flush()
        del kept  # closes it
        (aside / _SIZES).write_text(_sizes(aside), encoding="utf-8")
        aside.rename(folder)
        others = [path for path in folder.parent.iterdir() if path != folder and path.is_dir()]
        others = [path for path in others if not path.name.startswith(("building-", "algebra", "with"))]
        for stale in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[most - 1 :]:
            _remove(stale)
        return ox.Store.read_only(str(folder))
    except (OSError, RuntimeError, ValueError):
        _remove(aside)  # another process was first, or the disk is full: what is in memory serves as well
        return None
    except BaseException:
        _remove(aside)
        raise


def _take_over(start: ox.Store, aside: Path) -> None:
    """Put the files of a store on disk into the empty folder ``aside``; those of one in memory are written."""
    aside.rmdir()  # the engine makes it
    try:
        start.backup(str(aside))
    except (OSError, RuntimeError, ValueError):
        _remove(aside)
        ox.Store(str(aside)).bulk_extend(start)


def _clear_killed(home: Path) -> None:
    """Remove what builds left that were killed: one that lives writes all the time."""
    for left in home.glob("building-*"):
        try:
            if time.time() - max(path.stat().st_mtime for path in (left, *left.iterdir())) > _KILLED_AFTER:
                _remove(left)
        except OSError:  # another process was first
            continue


def _sizes(folder: Path) -> str:
    """List the store's files with their sizes: the engine opens a store with a cut file, and answers wrongly from it."""
    paths = sorted(
        path for path in folder.iterdir() if path.suffix == ".sst" or path.name.startswith(("CURRENT", "MANIFEST"))
    )
    return "".join(f"{path.name} {path.stat().st_size}\n" for path in paths)


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def build_store(files: Iterable[GraphFile]) -> ox.Store:
    """Return a store in memory with ``files`` loaded, rules applied and the default graph built.

    Raises DataError, naming file and line, if a file cannot be read.
    """
    store = ox.Store()
    for file in files:
        _load_file(store, file)
    apply_rules(store)
    unite(store)
    return store


def apply_rules(store: ox.Store) -> None:
    """Add to each graph what the rules derive in it. Raises DataError for a rule that is broken."""
    for path in rule_files():
        try:
            store.update(path.read_text(encoding="utf-8"))
        except SyntaxError as error:
            raise DataError(f"{path}: the rule is broken: {error}") from error


def copied(store: ox.Store) -> ox.Store:
    """Return a copy of a store in memory."""
    copy = ox.Store()
    copy.bulk_extend(store)
    return copy


def unite(store: ox.Store) -> None:
    """Make the default graph the set union of the named graphs.

    Oxigraph's own union switch is not used: it keeps duplicates, so that counts come out too high.
    """
    store.clear_graph(ox.DefaultGraph())
    store.bulk_extend(
        ox.Quad(quad.subject, quad.predicate, quad.object) for quad in store.quads_for_pattern(None, None, None, None)
    )


def _load_file(store: ox.Store, file: GraphFile) -> None:
    if file.path.name.endswith(ENDING):
        store.extend(mapping_quads(read_set(file.path)))
        return
    graph = ox.NamedNode(file.graph)
    kind = _FORMATS[file.path.suffix]
    try:
        if kind.supports_datasets:
            quads = list(ox.parse(path=str(file.path), format=kind))
            own = ox.DefaultGraph()
            store.extend(
                ox.Quad(quad.subject, quad.predicate, quad.object, graph) if quad.graph_name == own else quad
                for quad in quads
            )
        else:
            store.load(path=str(file.path), format=kind, to_graph=graph)
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise DataError(f"{file.path}{line}: {error.msg}. Mend this line; nothing was loaded.") from error
    except (OSError, ValueError) as error:
        raise DataError(f"{file.path}: cannot be read: {error}") from error
