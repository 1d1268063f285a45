"""A citation: the graphs on which a row stands, and the marks that say how far that goes."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["MARKS", "Citation", "rank"]

#: The marks of a citation, which :mod:`bri_kg.lineage` explains.
MARKS = ("absence", "contributed", "cut", "widened")


class Citation(frozenset[str]):
    """The names of the graphs on which a row stands, and how far that goes; see :mod:`bri_kg.lineage`."""

    absence: bool
    contributed: bool
    widened: bool
    cut: bool

    def __new__(
        cls,
        graphs: Iterable[str] = (),
        *,
        absence: bool = False,
        contributed: bool = False,
        widened: bool = False,
        cut: bool = False,
    ) -> Citation:
        """Make a citation of ``graphs``."""
        made = super().__new__(cls, graphs)
        made.absence, made.contributed, made.widened, made.cut = absence, contributed, widened, cut
        return made

    @property
    def marks(self) -> dict[str, bool]:
        """What is said of the citation, by name."""
        return {name: getattr(self, name) for name in MARKS}

    def as_cut(self, cut: bool) -> Citation:
        """Return the same citation, marked as cut or not."""
        if self.cut == cut:
            return self
        return Citation(self, absence=self.absence, contributed=self.contributed, widened=self.widened, cut=cut)

    def __repr__(self) -> str:
        return f"Citation({sorted(self)}{''.join(f', {name}=True' for name, holds in self.marks.items() if holds)})"


def rank(citation: Citation) -> tuple[int, list[str]]:
    """Return what citations are sorted by: the smallest first, then by name."""
    return len(citation), sorted(citation)
