"""BRI-KG: a knowledge graph of one policy paper in which every answer shows the sentences it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .answers import Answer
    from .errors import BriKgError
    from .graph import KnowledgeGraph, load
    from .pages import draw

__all__ = ["Answer", "BriKgError", "KnowledgeGraph", "draw", "load"]

_HOMES = {"Answer": "answers", "BriKgError": "errors", "KnowledgeGraph": "graph", "draw": "pages", "load": "graph"}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that a plain answer does not pay for a picture."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
