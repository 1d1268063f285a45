"""The page on which a person decides: accept or reject each match, and take the decisions away as SSSOM or CSV.

One self-contained file that works offline. Data enters it as JSON that the script reads as text only; a content security policy forbids every
request. Decisions stay in the browser until they are exported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .. import __version__
from ..errors import LimitError
from ..names import PREFIXES, shorten
from ..pictures.pages import page_environment, script_json
from ..wording import word
from ..writing import TEMPLATES
from .predicates import predicate_of

if TYPE_CHECKING:
    from .linking import Linked

__all__ = ["MAX_ROWS", "review_page"]

#: More rows than these no person looks through, and no browser lists well.
MAX_ROWS = 5000
_WORDS = (
    "accept", "accepted", "all", "csv", "decided", "filter", "help", "keyboard", "nothing left", "other", "reject", "rejected", "row", "score",
    "sssom", "undo", "undecided", "why",
)  # fmt: skip


def review_page(linked: Linked, language: str = "en") -> str:
    """Return the page for the matches that were accepted or go to review, the doubtful first.

    Raises LimitError for more than :data:`MAX_ROWS` of them.
    """
    import markupsafe

    shown = [match for match in linked.matches if match.best is not None and match.verdict != "none"]
    if len(shown) > MAX_ROWS:
        raise LimitError(
            f"There are {len(shown):,} matches to look through; a page holds at most {MAX_ROWS:,}. Raise --review, or split the table."
        )
    shown.sort(
        key=lambda match: (match.verdict == "accept", -(match.best.score if match.best else 0.0), match.record.place)
    )
    rows = [_row(match) for match in shown]
    prefixes = sorted(
        {cand["id"].partition(":")[0] for row in rows for cand in row["candidates"]} & PREFIXES.keys() | {"bri"}
    )
    data: dict[str, Any] = {
        "table": linked.table.path.name,
        "rows": rows,
        "version": __version__,
        "prefixes": {prefix: PREFIXES[prefix] for prefix in prefixes},
        "record": PREFIXES.get("record", "https://w3id.org/bri-kg/record/"),
        "words": {name: word(f"review {name}", language) for name in _WORDS},
    }
    return str(
        page_environment()
        .get_template("review.html.jinja")
        .render(
            title=word("review title", language, linked.table.path.name),
            language="zh-Hans" if language.startswith("zh") else "en",
            words=data["words"],
            columns=word("link columns", language, linked.columns.said()),
            data=script_json(data),
            script=markupsafe.Markup((TEMPLATES / "review.js").read_text(encoding="utf-8")),
        )
    )


def _row(match: Any) -> dict[str, Any]:
    best = match.best
    return {
        "row": match.record.place,
        "name": match.record.label,
        "id": quote(match.record.id, safe="-._~"),
        "verdict": match.verdict,
        "predicate": match.predicate,
        "remark": match.remark,
        "cells": [[column, cell[:300]] for column, cell in list(match.record.values.items())[:12]],
        "candidates": [
            {
                "id": shorten(one.target.id),
                "label": one.target.label,
                "kind": one.target.kind,
                "score": one.score,
                "predicate": match.predicate if one is best else predicate_of(match.record, one.target, one.parts)[0],
                "parts": [[part.feature, round(part.bits, 1), part.said] for part in one.parts],
            }
            for one in match.candidates
            if one is best or one.score >= 0.05
        ],
    }
