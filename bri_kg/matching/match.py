"""Matching: for each record the targets that share a rare word with it, scored, and a verdict with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..graph import KnowledgeGraph
from .blocking import Blocks
from .countries import States
from .entities import graph_records
from .features import Part, probability
from .implying import strange_acronym
from .known import Decision, Decisions
from .predicates import DIFFER, TWIN, predicate_of
from .records import Record
from .scoring import Scorer
from .several import names_in_cell

__all__ = ["ACCEPT", "REVIEW", "Candidate", "Match", "Matcher", "matcher_for"]

#: From these scores on a match is accepted, or goes to a person.
ACCEPT, REVIEW = 0.92, 0.5
#: A second candidate within so many bits of the first makes a match one to be looked at.
_MARGIN = 1.5
_MARGIN_OF_SORT = 1.0


class Candidate(NamedTuple):
    """A target with its score and the parts that make it."""

    target: Record
    score: float
    parts: tuple[Part, ...]

    @property
    def bits(self) -> float:
        """The sum of the parts."""
        return sum(part.bits for part in self.parts)

    def why(self) -> str:
        """Return the parts in words, the weightiest first."""
        ordered = sorted(self.parts, key=lambda part: (part.feature != "name", -abs(part.bits)))
        return "; ".join(f"{part.said} ({part.bits:+.1f})" for part in ordered)


class Match(NamedTuple):
    """What became of a record: its verdict (``accept``, ``review`` or ``none``), its candidates, best first, and how the best stands to it."""

    record: Record
    verdict: str
    candidates: tuple[Candidate, ...]
    predicate: str
    remark: str = ""

    @property
    def best(self) -> Candidate | None:
        """The best candidate, even of a record that matches nothing; None where nothing came near."""
        return self.candidates[0] if self.candidates else None


class Matcher:
    """Matches records against ``targets``.

    ``states`` knows the states of the graph; ``accept`` and ``review`` are the scores from which a match is accepted or goes to a person;
    ``decisions`` are those of the project's own links.
    """

    def __init__(
        self,
        targets: Sequence[Record],
        states: States,
        accept: float = ACCEPT,
        review: float = REVIEW,
        decisions: Decisions | None = None,
    ) -> None:
        self.targets = list(targets)
        self.states = states
        self.accept, self.review = accept, review
        self._decisions = decisions or Decisions(None)
        self._blocks = Blocks(self.targets, states)
        self.scorer = Scorer(self._blocks.weight, states, self._blocks.parties)

    def knows(self, name: str) -> bool:
        """Whether a name is that of a target, letter for letter."""
        return self._blocks.knows(name)

    def candidates(self, record: Record, most: int = 5) -> list[Candidate]:
        """Return the targets that may be meant by ``record``, best first."""
        known = self._decided(record)
        record = self._blocks.joined(record)
        scored = []
        for place in dict.fromkeys([*self._blocks.near(record), *self._blocks.places(known)]):
            target = self.targets[place]
            parts = self.scorer.parts(record, target)
            decided = known.get(target.id)
            if decided and (part := self._decisions.part(record, target, decided)):
                parts = [*_beside_link(record, parts, part, decided), part]
            if parts:
                scored.append(Candidate(target, round(probability(parts), 4), tuple(parts)))
        scored.sort(key=lambda one: (-one.bits, one.target.id))
        return scored[:most]

    def _decided(self, record: Record) -> dict[str, Decision]:
        """Return what the project's links say of a record, by target; nothing by a name that is a target's own, such as Europe."""
        known = self._decisions.of(record)
        is_own = known and not record.identifiers and self._blocks.bears(record.label)
        return {} if is_own else known

    def match(self, record: Record) -> Match:
        """Return what becomes of one record."""
        found = self.candidates(record)
        if not found or found[0].score < self.review:
            return Match(record, "none", tuple(found), "")
        best = found[0]
        decided = self._decided(record).get(best.target.id) if best.parts[-1].feature == "link" else None
        if decided and not decided.is_denied:
            predicate, remark = decided.predicate, "as our links say"
        else:
            predicate, remark = predicate_of(record, best.target, best.parts)
        verdict = "accept" if best.score >= self.accept else "review"
        rivals = [
            other
            for other in found[1:]
            if other.score >= self.review and best.bits - other.bits < self._margin(record, best, other)
        ]
        if verdict == "accept" and rivals:
            verdict = "review"
            remark = f"{rivals[0].target.label} is as near"
        elif verdict == "accept" and remark in (DIFFER, TWIN):
            verdict = "review"
        elif verdict == "accept" and (lacking := _lacking(best)):
            verdict, remark = "review", lacking
        elif verdict == "accept" and not record.is_current and not decided:
            verdict, predicate, remark = "review", "skos:closeMatch", "its list calls it superseded"
        elif verdict == "accept" and (short := strange_acronym(record, best.target, best.parts[0].feature == "name")):
            verdict, remark = "review", f"'{short}' beside the name is not short for it"
        return Match(record, verdict, tuple(found), predicate, remark)

    def _margin(self, record: Record, best: Candidate, other: Candidate) -> float:
        """Return how near a second candidate is looked at: less so if only the first is of the sort that the record says it is."""
        is_other_sort = record.family and best.target.family == record.family != other.target.family
        return _MARGIN_OF_SORT if is_other_sort else _MARGIN

    def match_all(self, records: Iterable[Record]) -> Iterator[Match]:
        """Yield what becomes of each record, in order; a record whose cell holds several names has a match for each, to be looked at."""
        seen: dict[object, Match] = {}  # panels name the same things again and again
        for record in records:
            key = record.compared
            match = seen[key]._replace(record=record) if key in seen else self.match(record)
            if not any(one.target.family == "person" for one in match.candidates):  # of whom other cells tell the time
                seen[key] = match
            is_clear = match.verdict == "accept" or (match.verdict == "review" and bool(match.remark))
            if is_clear and (not match.best or match.best.parts[0].bits >= 5.0):
                yield match
            else:
                yield from self._each_name(record, is_clear) or (match,)

    def _each_name(self, record: Record, is_clear: bool) -> list[Match]:
        """Return a match for each of several names in one cell; nothing where it holds one name, or names that are not known well enough.

        Where the whole is clear (``is_clear``), or what stands between may stand in a name, all must be known by letters.
        """
        cell = names_in_cell(record.label)
        if cell is None or record.is_financing:
            return []
        if (is_clear or not cell.is_sure) and not all(map(self.knows, cell.names)):
            return []
        alone = replace(record, values=record.values, amounts=(), point=None, unit="", identifiers=frozenset())
        found = [
            self.match(replace(alone, id=f"{record.id}/{place}", label=name, names=(name,)))
            for place, name in enumerate(cell.names, 1)
        ]
        good = [one for one in found if one.verdict != "none"]
        targets = {one.best.target.id: one.best.target.family for one in good if one.best}
        if len(targets) < len(good) or not good:
            return []
        if not cell.is_sure and (len(good) < len(found) or len(set(targets.values())) > 1):
            return []
        said = f"one of {len(found)} names in its cell"
        return [
            one._replace(verdict="review", remark=said) if one in good else one._replace(remark=said) for one in found
        ]

    def settle(self, matches: Sequence[Match]) -> list[Match]:
        """Return the matches of one table seen together: where one row bears a target's name, those that share it by another name go to review."""
        own: dict[str, Match] = {}
        for match in matches:
            if match.best is not None and _is_same(match) and _bears_name(match.record, match.best.target):
                own.setdefault(match.best.target.id, match)
        settled = []
        for match in matches:
            first = own.get(match.best.target.id) if match.best else None
            if first and match.best and _is_same(match) and not self._is_its_own(match.record, match.best):
                remark = f"row {first.record.place}, '{first.record.label}', bears its name"
                match = match._replace(verdict="review", remark=remark)
            settled.append(match)
        return settled

    def _is_its_own(self, record: Record, best: Candidate) -> bool:
        """Whether more than another of its names makes a record the target: the name by which it is shown, what describes it, our links."""
        return any(part.feature in ("description", "link") and part.bits > 0 for part in best.parts) or self._is_named(
            record, best.target
        )

    def _is_named(self, record: Record, target: Record) -> bool:
        """Whether the name by which a record is shown is near to a target's, so that its other names are not needed."""
        alone = Record(record.id, record.label, record.names[:1], record.family, is_financing=record.is_financing)
        return self.scorer.name_bits(alone, target) >= (1.5 if target.family == "person" else 2.0)


def _beside_link(record: Record, parts: Sequence[Part], link: Part, decision: Decision) -> list[Part]:
    """Return the parts that count beside what our links say: all but identifiers, and of those against it only what tells places and sorts apart.

    Of a record that is to be the same thing by its identifier another name than the link's counts too: lists give wrong identifiers.
    """
    kept = ["country", "kind", "level"]
    is_known = record.label.casefold() == decision.label.casefold()
    is_same = link.bits > 6 and decision.predicate in ("skos:exactMatch", "skos:closeMatch") and not is_known
    named = list(parts) or [Part("name", -9.0, "another name")] * is_same
    kept += ["name"] * is_same
    return [
        one for one in named if one.feature != "identifier" and (link.bits < 0 or one.bits > 0 or one.feature in kept)
    ]


def _lacking(best: Candidate) -> str:
    """Return what one of two names has and the other lacks that often makes another thing, a year or a state; empty if nothing."""
    return next((part.said for part in best.parts if part.feature in ("year", "state in name") and part.bits < 0), "")


def _is_same(match: Match) -> bool:
    """Whether a match is accepted, and as the same thing."""
    return match.verdict == "accept" and match.predicate == "skos:exactMatch"


def _bears_name(record: Record, target: Record) -> bool:
    """Whether the name by which a record is shown is one of the target's."""
    return any(record.forms[0].key == form.key or record.forms[0].bag == form.bag for form in target.forms)


def matcher_for(
    kg: KnowledgeGraph,
    kinds: Iterable[str] = (),
    accept: float = ACCEPT,
    review: float = REVIEW,
    identifiers: bool = True,
) -> Matcher:
    """Return a matcher whose targets are the entities of a graph, of ``kinds`` or of those that tables speak of.

    ``identifiers`` says whether identities elsewhere that the graph's links give count as evidence. Raises UsageError for an unknown kind.
    """
    decisions = Decisions(kg.store) if identifiers else None
    return Matcher(graph_records(kg, kinds, identifiers), States(kg.store), accept, review, decisions)
