"""BRI-KG: a knowledge graph of one policy paper in which every answer shows the sentences it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .answers import Answer
    from .cards import write_card
    from .cards.verification import verify_card
    from .errors import BriKgError
    from .graph import KnowledgeGraph, load
    from .networks.measures import measure_network
    from .networks.phases import SECOND_PHASE, compare_phases, cut_by_time, split_phases
    from .pictures.pages import draw

__all__ = [
    "SECOND_PHASE",
    "Answer",
    "BriKgError",
    "KnowledgeGraph",
    "compare_phases",
    "cut_by_time",
    "draw",
    "load",
    "measure_network",
    "split_phases",
    "verify_card",
    "write_card",
]

_HOMES = {
    "SECOND_PHASE": "networks.phases",
    "Answer": "answers",
    "BriKgError": "errors",
    "KnowledgeGraph": "graph",
    "compare_phases": "networks.phases",
    "cut_by_time": "networks.phases",
    "draw": "pictures.pages",
    "load": "graph",
    "measure_network": "networks.measures",
    "split_phases": "networks.phases",
    "verify_card": "cards.verification",
    "write_card": "cards",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that a plain answer does not pay for a picture."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
