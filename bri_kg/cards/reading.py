"""A card is read with distrust: it comes from anywhere, and what has not the shape of a card, or contradicts itself, is refused in one sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from .. import __version__
from ..citing.voices import VOICES
from ..errors import UsageError
from ..lineage.citation import MARKS
from . import CARD_VERSION, FORMAT, MOST_ROWS

__all__ = ["read_card", "shown", "shown_json"]

#: A card is read whole; one that is longer than this is none of ours.
MAX_BYTES = 256 << 20
_MAX_TEXT = 400

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
        raise UsageError(f"{path} is no card: it is no JSON text in UTF-8 ({shown(str(error))}).") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise UsageError(f"{path} is no card: its member 'format' is not '{FORMAT}'.")
    if type(card.get("card_version")) is not int or card["card_version"] != CARD_VERSION:
        version = shown(json.dumps(card.get("card_version")))
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
    place = f"'{shown(where)}'" if where else "the card"
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
                return f"{place} has the unknown member '{shown(key)}'"
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
        return f"'written' is no date and time such as 2026-01-31T12:00:00+00:00, but {shown_json(card['written'])}"
    return ""


def _is_time(text: str) -> bool:
    """Whether a text is a date and time as cards have it: to the second, in UTC."""
    try:
        return datetime.fromisoformat(text).isoformat(timespec="seconds") == text and text.endswith("+00:00")
    except ValueError:
        return False


def shown_json(value: object) -> str:
    """Return a value of a card as JSON that a terminal may show."""
    return shown(json.dumps(value, ensure_ascii=False))


def shown(text: str) -> str:
    """Return text of a card as a terminal may show it: no controls, and not without end."""
    text = text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "…"
    return "".join(one if one.isprintable() else f"\\u{ord(one):04X}" for one in text)
