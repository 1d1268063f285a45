"""A network that shows itself in a notebook; in all else it is networkx's directed multigraph.

The class stands in a module of its own, since a class cannot be made without importing networkx, and no plain answer should pay for that.
"""

from __future__ import annotations

import networkx

__all__ = ["Network"]


class Network(networkx.MultiDiGraph):  # type: ignore[misc]  # networkx has no types
    """What :meth:`KnowledgeGraph.network` returns; copies and parts of it, such as :func:`cut_by_time` makes, show themselves too."""

    def _repr_html_(self) -> str:
        """Return the page of the network in a frame; see :mod:`bri_kg.notebook`."""
        from ..notebook import network_to_html

        return network_to_html(self)
