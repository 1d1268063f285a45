"""What was imported, on disk: a folder for each dataset under the user's data folder, written aside and renamed into place."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import UsageError
from .descriptions import NAME

__all__ = [
    "DATASET",
    "RECORDS",
    "SUMMARY",
    "Kept",
    "aside_folder",
    "chosen",
    "data_home",
    "kept_datasets",
    "put_in_place",
    "remove",
]

RECORDS, DATASET, SUMMARY = "records.trig", "dataset.ttl", "summary.json"
_DAY = 86_400
_ATTEMPTS = 20
_IMPORTING, _REPLACED, _REMOVED = _LEFT = (".importing-", ".replaced-", ".removed-")


@dataclass(frozen=True)
class Kept:
    """An imported dataset: what it is, from which files, when, and how much of them was taken.

    ``files`` are names with SHA-256, ``key`` is the hash over files, description and way of importing.
    """

    name: str
    title: str
    version: str
    licence: str
    source: str
    records: int
    triples: int
    skipped: int
    imported: str
    files: tuple[tuple[str, str], ...]
    key: str

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return data_home() / self.name


def data_home() -> Path:
    """Return the folder of imported datasets: ``external`` in ``$BRI_KG_DATA``, else in ``bri-kg`` in the user's data folder."""
    if own := os.environ.get("BRI_KG_DATA"):
        return Path(own) / "external"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "bri-kg" / "external"


def kept_datasets() -> list[Kept]:
    """Return what was imported, by name; a folder that is no dataset is passed over."""
    try:
        _restore(data_home())
        folders = sorted(path for path in data_home().iterdir() if NAME.fullmatch(path.name))
    except OSError:
        return []
    return [kept for folder in folders if (kept := _read(folder)) and kept.name == folder.name]


def _read(folder: Path) -> Kept | None:
    try:
        told = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        files = tuple((str(name), str(digest)) for name, digest in told.pop("files"))
        kept = Kept(files=files, **told)
        counts = (kept.records, kept.triples, kept.skipped)
        texts = (kept.name, kept.title, kept.version, kept.licence, kept.source, kept.imported, kept.key)
        is_whole = all(type(one) is int for one in counts) and all(isinstance(one, str) for one in texts)
        return kept if is_whole else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def chosen(names: Iterable[str]) -> list[Kept]:
    """Return the imported datasets that ``names`` name, sorted; a name may be several with commas between.

    Raises UsageError for a name that is none of them.
    """
    kept = {one.name: one for one in kept_datasets()}
    wanted = sorted({part.strip() for name in names for part in name.split(",") if part.strip()})
    for name in wanted:
        if name not in kept:
            there = f"imported are {', '.join(kept)}" if kept else "none is imported yet"
            raise UsageError(f"There is no dataset '{name}' here; {there}. 'bri-kg external add FILE' imports one.")
    return [kept[name] for name in wanted]


def aside_folder() -> Path:
    """Make a folder in which a dataset is put together. Raises UsageError where the data folder cannot be written."""
    home = data_home()
    try:
        home.mkdir(parents=True, exist_ok=True)
        _restore(home)
        _clear_old(home)
        return Path(tempfile.mkdtemp(prefix=_IMPORTING, dir=home))
    except OSError as error:
        raise UsageError(f"{home} cannot be written: {error.strerror}. Set BRI_KG_DATA to another folder.") from error


def _clear_old(home: Path) -> None:
    """Remove what imports left that were killed more than a day ago."""
    for left in home.glob(".*-*"):
        try:
            if left.name.startswith(_LEFT) and time.time() - left.stat().st_mtime > _DAY:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:  # another process was first
            continue


def _restore(home: Path) -> None:
    """Put back a dataset that was moved aside by an import which was killed before the new one stood in its place."""
    for left in home.glob(f"{_REPLACED}*"):
        kept = _read(left)
        if kept and NAME.fullmatch(kept.name) and not kept.folder.exists():
            with contextlib.suppress(OSError):  # another process was first
                left.rename(kept.folder)


def put_in_place(aside: Path, kept: Kept) -> None:
    """Write the summary and rename the folder into place; what was imported before under the name goes only then.

    Of two imports that end at the same time the last stays, whole.
    """
    text = json.dumps(asdict(kept), ensure_ascii=False, indent=1) + "\n"
    try:
        (aside / SUMMARY).write_text(text, encoding="utf-8")
        for attempt in range(_ATTEMPTS):
            try:
                _exchange(aside, kept.folder, aside.with_name(f"{_REPLACED}{attempt}-{aside.name.partition('-')[2]}"))
                return
            except OSError as error:  # another import put its own there in between
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT) or attempt == _ATTEMPTS - 1:
                    raise
    except OSError as error:
        raise UsageError(
            f"{kept.folder} cannot be written: {error.strerror}. What was there before is as it was."
        ) from error


def _exchange(new: Path, place: Path, before: Path) -> None:
    """Put a folder where another may be, which is put back if anything comes in between."""
    if place.exists():
        place.rename(before)
    try:
        new.rename(place)
    except BaseException:
        if before.exists() and not place.exists():
            before.rename(place)
        raise
    finally:
        if place.exists():
            _discard(before)


def _discard(folder: Path) -> None:
    """Remove a folder under a name which says that it is not to be put back."""
    gone = folder.with_name(f"{_REMOVED}{folder.name}-{os.getpid()}")
    with contextlib.suppress(OSError):
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def remove(name: str) -> Kept:
    """Forget an imported dataset and return what it was. Raises UsageError for a name that is none."""
    kept = chosen([name])[0] if NAME.fullmatch(name) else None
    if kept is None:
        raise UsageError(f"There is no dataset '{name}' here; 'bri-kg external list' lists them.")
    for left in data_home().glob(f"{_REPLACED}*"):
        if (old := _read(left)) and old.name == name:
            _discard(left)
    gone = kept.folder.with_name(f"{_REMOVED}{name}-{os.getpid()}")
    try:
        kept.folder.rename(gone)
    except OSError as error:
        raise UsageError(f"{kept.folder} cannot be removed: {error.strerror}.") from error
    shutil.rmtree(gone, ignore_errors=True)
    return kept
