"""Who holds what about a topic, side by side: claims, positions, commitments and recommendations, grouped by those who hold them.

A group, state or administration to which the paper ascribes no view is still in the table: with what it does about the topic; failing that,
with what others say of the two together; failing that, with its views on what belongs to the topic; and failing that, as silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ..errors import UsageError
from ..names import bri, rdf
from ..tables import rows_to_format
from ..wording import word
from .holders import ASEAN, CHINA, UNITED_STATES, Holders
from .sources import Sentence

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph

__all__ = ["COLUMNS", "GROUPINGS", "Comparison", "View", "compare"]

GROUPINGS = ("claimant", "state", "administration")
COLUMNS = ("group", "holder", "tie", "kind", "stance", "what", "date", "sentence")

_DEFAULT = ox.DefaultGraph()
_ATTRIBUTIONS = ("Claim", "Position", "Commitment", "Recommendation")
_TOPIC = ("about", "towards")
#: Properties by which something belongs to the topic, and those whose value tells how an act went.
_BENEATH = ("partOf", "underInitiative")
_OUTCOME = ("adoptionKind", "alignmentStatus", "attendance", "launchKind", "milestoneKind", "negotiationStage", "role")
#: Properties by which somebody takes part in a record as the one who acts.
_ACTING = ("accedingParty", "actor", "alignmentParty", "broughtBy", "financier", "participant", "signatory")
#: Keys of the words for groups of holders; a state or administration goes by its label.
_GROUPS = {
    CHINA: "china's side",
    UNITED_STATES: "us side",
    ASEAN: "asean's side",
    **{name: name for name in ("authors", "others", "together")},
}


@dataclass(frozen=True)
class View:
    """One row: what a holder holds of the topic, does about it, or (``node`` empty) that the paper ascribes nothing to the group.

    ``group`` is the IRI of the state, body or administration, or ``authors``, ``others``, ``together``; ``tie`` says in words how the graph
    ties the holder to the group.
    """

    group: str
    group_label: str
    holders: tuple[str, ...] = ()
    holder: str = ""
    tie: str = ""
    node: str = ""
    kind: str = ""
    stance: str = ""
    what: str = ""
    date: str = ""
    sentences: tuple[Sentence, ...] = ()

    @property
    def is_silence(self) -> bool:
        """Whether the row says that the paper ascribes nothing to the group."""
        return not self.node

    def cells(self) -> list[str]:
        """Return the row as text, in the order of ``COLUMNS``."""
        references = ", ".join(sentence.reference for sentence in self.sentences)
        return [self.group_label, self.holder, self.tie, self.kind, self.stance, self.what, self.date, references]


@dataclass(frozen=True)
class Comparison:
    """Who holds what about ``topic``: one row a view, groups in a fixed order, rows within them by holder in reading order."""

    topic: str
    by: str
    title: str
    views: tuple[View, ...]
    language: str = "en"

    def rows(self) -> list[list[str]]:
        """Return the rows as text, in the order of ``COLUMNS``."""
        return [view.cells() for view in self.views]

    def to_format(self, name: str) -> str:
        """Return the comparison as ``table``, ``csv``, ``tsv``, ``json`` or ``md``. Raises UsageError for another name."""
        if name != "table":
            return rows_to_format(name, COLUMNS, self.rows(), self.language)
        rows, group = [], ""
        for view in self.views:
            label, holder, tie, *rest = view.cells()
            shown = "" if view.group == group else label
            rows.append([shown, f"{holder} ({tie})" if tie and holder else holder, *rest])
            group = view.group
        columns = [column for column in COLUMNS if column != "tie"]
        return rows_to_format(name, columns, rows, self.language, self.title)

    def __str__(self) -> str:
        return self.to_format("table")

    def _repr_html_(self) -> str:
        """Return the comparison as a notebook shows it; see :mod:`bri_kg.notebook`."""
        from ..notebook import comparison_to_html

        return comparison_to_html(self)


def compare(kg: KnowledgeGraph, topic: str, by: str = "claimant") -> Comparison:
    """Return who holds what about ``topic``, a name people use or an IRI.

    ``by`` is ``claimant`` (China, the US, ASEAN, the authors, others), ``state`` (each member of ASEAN, China, the US) or ``administration``
    (each of the US). Raises UsageError for another ``by``, NameLookupError, listing the candidates, if no topic or several are meant.
    """
    if by not in GROUPINGS:
        raise UsageError(f"There is no comparison by '{by}'; choose {', '.join(GROUPINGS)}.")
    iri = kg.lookup.entity(topic)
    language = kg.language
    reader = _Reader(kg, iri)
    views: list[View] = []
    for group in reader.roster(by):
        label = reader.group_label(group, by)
        found = reader.views(group, by)
        if found or group not in ("others", "together"):
            views += found or [View(group, label, what=word("silent", language))]
    title = word("compare title", language, kg.labels.label(iri), word(f"by {by}", language))
    return Comparison(iri, by, title, tuple(views), language)


class _Reader:
    """Reads the records on one topic and sorts them under groups of holders."""

    def __init__(self, kg: KnowledgeGraph, topic: str) -> None:
        self._kg = kg
        self._store = kg.store
        self._holders = Holders(kg.store, kg.labels)
        self._say = partial(word, language=kg.language)
        self._graphs: dict[str, set[str]] = {}
        self._views, self._acts = self._read(topic)
        self._beneath: dict[str, set[str]] = {}
        self._beneath_of: dict[str, str] = {}
        for name in _BENEATH:
            for quad in kg.store.quads_for_pattern(None, ox.NamedNode(bri(name)), ox.NamedNode(topic), _DEFAULT):
                if isinstance(quad.subject, ox.NamedNode):
                    for node, holders in self._read(quad.subject.value)[0].items():
                        self._beneath[node] = holders
                        self._beneath_of.setdefault(node, quad.subject.value)

    def _read(self, topic: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Return the attributions and the acts that bear on ``topic``, each with those whose they are."""
        views: dict[str, set[str]] = {}
        acts: dict[str, set[str]] = {}
        kinds = {bri(name) for name in _ATTRIBUTIONS}
        for quad in self._store.quads_for_pattern(None, None, ox.NamedNode(topic), None):
            if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.graph_name, ox.NamedNode):
                continue
            node, graph, name = quad.subject.value, quad.graph_name, quad.predicate.value
            types = self._values(node, rdf("type"), graph)
            if types & kinds:
                if name in {bri(one) for one in _TOPIC}:
                    views.setdefault(node, set()).update(self._values(node, bri("attributedTo"), graph))
                    self._graphs.setdefault(node, set()).add(graph.value)
                continue
            actors = {actor for one in _ACTING for actor in self._values(node, bri(one), graph)}
            if actors and bri("Record") in types and name not in {bri(one) for one in _ACTING}:
                acts.setdefault(node, set()).update(actors)
                self._graphs.setdefault(node, set()).add(graph.value)
        return views, acts

    def roster(self, by: str) -> tuple[str, ...]:
        """Return the groups in the order in which they are shown."""
        if by == "administration":
            return self._holders.administrations
        if by == "state":
            return (*self._holders.asean_states, "together", CHINA, UNITED_STATES)
        return CHINA, UNITED_STATES, ASEAN, "authors", "others"

    def group_label(self, group: str, by: str) -> str:
        """Return what a group is called; states go by their own names when the table is by state."""
        is_own = group in _GROUPS and (by == "claimant" or group == "together")
        return self._say(_GROUPS[group]) if is_own else self._kg.labels.label(group)

    def views(self, group: str, by: str) -> list[View]:
        """Return the rows of ``group``: its views, else its acts, else what is said of it and the topic, else views on what belongs to it."""
        found = self._rows(self._views, group, by) or self._rows(self._acts, group, by, self._say("act"))
        if not found and by != "claimant":
            found = self._told(group, by)
        found = found or self._rows(self._beneath, group, by)
        first = {view.holder: min(_order(other) for other in found if other.holder == view.holder) for view in found}
        return sorted(found, key=lambda view: (first[view.holder], view.holder, _order(view), view.node))

    def _rows(self, records: dict[str, set[str]], group: str, by: str, kind: str = "{}") -> list[View]:
        rows = []
        for node, actors in records.items():
            ties = {actor: tie for actor in sorted(actors) if (tie := self._tie(actor, group, by)) is not None}
            if ties:
                rows.append(self._view(group, by, node, ties, kind))
        return rows

    def _tie(self, actor: str, group: str, by: str) -> str | None:
        """Return how ``actor`` belongs to ``group``, in words; None where it does not."""
        if by == "administration":
            return "" if actor == group else None
        if by == "claimant":
            home = self._home(actor)
            return (self._holders.ties(actor).get(group) or self._member_tie(actor, group)) if home == group else None
        ties = self._holders.ties(actor)
        return ties.get(ASEAN if group == "together" else group)

    def _home(self, actor: str) -> str:
        """Return the one group of holders in which ``actor`` stands."""
        if actor in self._holders.authors:
            return "authors"
        ties = self._holders.ties(actor)
        for group in (CHINA, UNITED_STATES):
            if group in ties:
                return group
        return ASEAN if ties.keys() & {ASEAN, *self._holders.asean_states} else "others"

    def _member_tie(self, actor: str, group: str) -> str:
        if group != ASEAN:
            return ""
        ties = self._holders.ties(actor)
        return "; ".join(tie for state in self._holders.asean_states if (tie := ties.get(state)))

    def _told(self, group: str, by: str) -> list[View]:
        """Return the attributions of others that are about both ``group`` and the topic."""
        return [
            self._view(group, by, node, dict.fromkeys(sorted(holders), self._say("told")), "{}")
            for node, holders in self._views.items()
            if group in self._values(node, bri("about"), _DEFAULT)
        ]

    def _names(self, actors: Iterable[str]) -> str:
        known = set(actors)
        named = [self._say("authors")] if known and known <= self._holders.authors else []
        return "; ".join(named or sorted(self._kg.labels.label(actor) for actor in known))

    def _view(self, group: str, by: str, node: str, ties: dict[str, str], kind: str) -> View:
        labels = self._kg.labels
        kind = kind.format(labels.kind(self._kg.lookup.kind(node)))
        if node not in self._views and node in self._beneath:
            kind = word("beneath", self._kg.language, kind, labels.label(self._beneath_of[node]))
        concepts = {
            one for name in ("stance", "attitude", *_OUTCOME) for one in self._values(node, bri(name), _DEFAULT)
        }
        glosses = self._texts(node, "gloss")
        is_act = node in self._acts
        return View(
            group=group,
            group_label=self.group_label(group, by),
            holders=tuple(ties),
            holder=self._names(ties),
            tie="; ".join(dict.fromkeys(tie for tie in ties.values() if tie)),
            node=node,
            kind=kind,
            stance="; ".join(sorted(labels.label(one) for one in concepts)),
            what="; ".join(glosses) or (labels.label(node) if is_act else ""),
            date=self._date(node),
            sentences=tuple(self._kg.sources.sentences(self._graphs[node])),
        )

    def _date(self, node: str) -> str:
        """Return when it was held or done: its own date, the note that stands for one, or the event at which it was said and its date."""
        own = self._texts(node, "date") or self._texts(node, "dateNote")
        if own:
            return "; ".join(own)
        events = sorted(self._values(node, bri("atEvent"), _DEFAULT))
        dates = sorted({date for event in events for date in self._texts(event, "date")})
        return "; ".join(dates or [self._kg.labels.label(event) for event in events])

    def _texts(self, node: str, name: str) -> list[str]:
        found = [
            quad.object
            for quad in self._store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(bri(name)), None, _DEFAULT)
            if isinstance(quad.object, ox.Literal)
        ]
        own = [literal for literal in found if literal.language in (None, self._kg.labels.tag)]
        return sorted({literal.value for literal in own or found})

    def _values(self, node: str, predicate: str, graph: ox.NamedNode | ox.DefaultGraph) -> set[str]:
        quads = self._store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(predicate), None, graph)
        return {quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)}


def _order(view: View) -> int:
    return view.sentences[0].order if view.sentences else 0
