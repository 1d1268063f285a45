"""Matching: for each record the targets that share a rare word with it, scored, and a verdict with its reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..graph import KnowledgeGraph
from .countries import States
from .features import Part, probability
from .implying import capital_area, described, implied_keys, is_work_at_place
from .names import NameForm
from .parties import Parties
from .records import Record, graph_records
from .scoring import Scorer, weights_of

__all__ = ["ACCEPT", "REVIEW", "Candidate", "Match", "Matcher", "matcher_for"]

#: From these scores on a match is accepted, or goes to a person.
ACCEPT, REVIEW = 0.92, 0.5
#: A second candidate within so many bits of the first makes a match one to be looked at.
_MARGIN = 1.5
_MOST = 12
_DIFFER = "the names differ"
_TWINS = (frozenset(("oil", "gas")), frozenset(("railway", "road")))
#: How a target stands to a record that is tied to it by such a feature and not by its name, and why.
_TIES = {
    "party agreement": ("skos:closeMatch", "the record names the parties and the year, and no title"),
    "party area": ("skos:relatedMatch", "a treaty is not the area it makes"),
    "party part": ("bri:containsRecord", "the record is on one subject of it"),
    "party of network": ("bri:containsRecord", "the record is one treaty of the network"),
    "subject": ("bri:containsRecord", "the record is on one subject of it"),
    "government": ("skos:closeMatch", "governments are called and bounded otherwise elsewhere"),
    "description": ("skos:closeMatch", "only its description is the same"),
}


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

    ``states`` knows the states of the graph; ``accept`` and ``review`` are the scores from which a match is accepted or goes to a person.
    """

    def __init__(
        self, targets: Sequence[Record], states: States, accept: float = ACCEPT, review: float = REVIEW
    ) -> None:
        self.targets = list(targets)
        self.states = states
        self.accept, self.review = accept, review
        frequencies: Counter[str] = Counter()
        count = 0
        self._keys: dict[str, list[int]] = {}
        self._identifiers: dict[str, list[int]] = {}
        postings: dict[str, set[int]] = {}
        for place, target in enumerate(self.targets):
            for form in target.forms:
                count += 1
                frequencies.update(set(form.tokens))
                for key in {form.key, form.bag, form.key.replace(" ", "")}:
                    self._keys.setdefault(key, []).append(place)
                for token in form.tokens:
                    postings.setdefault(token, set()).add(place)
            for identifier in target.identifiers:
                self._identifiers.setdefault(identifier, []).append(place)
        self.weight = weights_of(frequencies, count)
        self._postings = {token: sorted(places) for token, places in postings.items()}
        self._sets = postings
        self._totals = [
            min((sum(map(self.weight, form.tokens)) for form in target.forms), default=0.0) for target in self.targets
        ]
        self._near = _nearby(token for token in postings if len(token) > 4 and token.isascii() and token.isalpha())
        self._spelt: dict[str, tuple[str, ...]] = {}
        self._parties = Parties(states, self.targets)
        self._places = {target.id: place for place, target in enumerate(self.targets)}
        self._capitals = {
            area: place for place, target in enumerate(self.targets) if (area := capital_area(target.said))
        }
        self.scorer = Scorer(self.weight, states.in_text, states.name_of, self._parties)

    def candidates(self, record: Record, most: int = 5) -> list[Candidate]:
        """Return the targets that may be meant by ``record``, best first."""
        record = self._joined(record)
        scored = []
        for place in self._block(record):
            parts = self.scorer.parts(record, self.targets[place])
            if not parts:
                continue
            scored.append(Candidate(self.targets[place], round(probability(parts), 4), tuple(parts)))
        scored.sort(key=lambda one: (-one.bits, one.target.id))
        return scored[:most]

    def match(self, record: Record) -> Match:
        """Return what becomes of one record."""
        found = self.candidates(record)
        if not found or found[0].score < self.review:
            return Match(record, "none", tuple(found), "")
        best = found[0]
        predicate, remark = _predicate(record, best)
        verdict = "accept" if best.score >= self.accept else "review"
        rivals = [other for other in found[1:] if other.score >= self.review and best.bits - other.bits < _MARGIN]
        if verdict == "accept" and rivals:
            verdict = "review"
            remark = f"{rivals[0].target.label} is as near"
        elif verdict == "accept" and remark == _DIFFER:
            verdict = "review"
        elif verdict == "accept" and not record.is_current:
            verdict, remark = "review", "its list calls it superseded"
        return Match(record, verdict, tuple(found), predicate, remark)

    def match_all(self, records: Iterable[Record]) -> Iterator[Match]:
        """Yield what becomes of each record, in order."""
        for record in records:
            yield self.match(record)

    def settle(self, matches: Sequence[Match]) -> list[Match]:
        """Return the matches of one table seen together: where one row bears a target's name, those that share it by another name go to review."""
        own: dict[str, Match] = {}
        for match in matches:
            if match.best is not None and match.verdict == "accept" and _bears_name(match.record, match.best.target):
                own.setdefault(match.best.target.id, match)
        settled = []
        for match in matches:
            first = own.get(match.best.target.id) if match.best else None
            is_same = match.verdict == "accept" and match.predicate == "skos:exactMatch"
            if is_same and first and match.best and not self._is_named(match.record, match.best.target):
                remark = f"row {first.record.place}, '{first.record.label}', bears its name"
                match = match._replace(verdict="review", remark=remark)
            settled.append(match)
        return settled

    def _is_named(self, record: Record, target: Record) -> bool:
        """Whether the name by which a record is shown is near to a target's, so that its other names are not needed."""
        alone = Record(record.id, record.label, record.names[:1], is_financing=record.is_financing)
        return self.scorer.name_bits(alone, target) >= 2.0

    def _joined(self, record: Record) -> Record:
        """Return a record with further names in which words are joined that the targets write as one: Kyauk Phyu, Sihanouk Ville."""
        names = []
        for form in record.forms:
            words = list(form.tokens)
            for place in range(len(words) - 1, 0, -1):
                whole = words[place - 1] + words[place]
                if len(whole) > 6 and whole.isalpha() and whole in self._postings:
                    words[place - 1 : place + 1] = [whole]
            if len(words) < len(form.tokens):
                names.append(" ".join(words))
        return replace(record, names=(*record.names, *names)) if names else record

    # which targets are worth scoring

    def _block(self, record: Record) -> list[int]:
        scores: dict[int, float] = {}
        sure: set[int] = set()
        for identifier in record.identifiers:
            sure.update(self._identifiers.get(identifier, ()))
        for form in record.forms:
            sure.update(self._keys.get(form.key, ()))
            sure.update(self._keys.get(form.bag, ()))
            sure.update(self._keys.get(form.key.replace(" ", ""), ()))
            self._score_form(form, scores)
        if record.family == "agreement":
            sure.update(self._places[iri] for iri in self._parties.near(record))
        elif record.family == "place" and record.countries:
            sure.update(
                self._capitals[area] for area in described(record, self.states.name_of) if area in self._capitals
            )
        for key in implied_keys(record, self.states.name_of):
            sure.update(self._keys.get(key, ()))
        for key in record.acronyms:
            sure.update(self._keys.get(key, ()))
        ranked = sorted(scores, key=lambda place: (-scores[place], place))[:_MOST]
        return sorted(sure) + [place for place in ranked if place not in sure]

    def _score_form(self, form: NameForm, scores: dict[int, float]) -> None:
        mine: dict[int, float] = {}
        light: list[str] = []
        for token in form.tokens:
            for near in self._alike(token):
                if self.weight(near) < 1.0:
                    light.append(near)
                    continue
                weight = self.weight(near)
                for place in self._postings[near]:
                    mine[place] = mine.get(place, 0.0) + weight
        if not mine and len(light) < len(form.tokens):
            return  # common words alone bring nothing near
        for near in light:
            weight = self.weight(near)
            if mine:
                for place in mine.keys() & self._sets[near]:
                    mine[place] += weight
            else:
                for place in self._postings[near]:
                    mine[place] = mine.get(place, 0.0) + weight
        for place, found in mine.items():
            share = found / self._totals[place] if self._totals[place] else 0.0
            if share >= 0.5 and share > scores.get(place, 0.0):
                scores[place] = share

    def _alike(self, token: str) -> tuple[str, ...]:
        """Return the words of the targets that are this word or one slip of the pen away from it."""
        known = self._spelt.get(token)
        if known is None:
            found = {token} if token in self._postings else set()
            if len(token) > 4 and token.isascii() and token.isalpha():
                for shorter in _shorter(token):
                    found.update(self._near.get(shorter, ()))
            known = self._spelt[token] = tuple(sorted(found))
        return known


def _bears_name(record: Record, target: Record) -> bool:
    """Whether the name by which a record is shown is one of the target's."""
    return any(record.forms[0].key == form.key or record.forms[0].bag == form.bag for form in target.forms)


def _shorter(token: str) -> set[str]:
    """Return a word and what is left of it when one letter, or of a long word two, falls out: words that share one of these are near."""
    once = {token[:place] + token[place + 1 :] for place in range(len(token))}
    return {token} | once


def _nearby(tokens: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for token in tokens:
        for shorter in _shorter(token):
            found.setdefault(shorter, set()).add(token)
    return {shorter: tuple(sorted(whole)) for shorter, whole in found.items()}


def _predicate(record: Record, best: Candidate) -> tuple[str, str]:
    """Return how the target stands to the record, saying no more than the names do, and why where it is not the same thing."""
    target = best.target
    if _is_both(record, target):
        return "bri:partOfRecord", "the record is of this and of its twin"
    for part in best.parts:
        if part.feature in _TIES:
            return _TIES[part.feature]
    if any("may stand in it" in part.said for part in best.parts):
        return "bri:containsRecord", "the record may stand in it"
    if record.is_financing and target.family != "event":
        if target.family == "project":
            return "bri:financedByRecord", "the record tells of money for it"
        return "skos:relatedMatch", "the record tells of money"
    if is_work_at_place(record, target):
        return "skos:relatedMatch", "the record is of works, ours is the place"
    if record.is_part and not target.is_part:
        return "bri:containsRecord", "the record is a part or phase of it"
    if target.is_part and not record.is_part:
        return "bri:partOfRecord", "it is a part or phase of the record"
    if target.kind == "Region":
        return "skos:closeMatch", "regions are bounded otherwise elsewhere"
    if target.family == "group":
        return "skos:closeMatch", "groups are bounded otherwise elsewhere"
    name = best.parts[0]
    if target.kind != "Company" and _is_its_group(record, target):
        return "skos:broadMatch", "a group is wider than what it is called after"
    if (
        name.bits < 4.0
        and target.family in ("agreement", "event", "government", "law", "organisation")
        and target.kind != "Company"
        and not any(part.feature == "identifier" for part in best.parts)
    ):
        return "skos:closeMatch", _DIFFER
    if name.bits < 2.0 and not any(part.feature == "identifier" for part in best.parts) and target.family != "person":
        return "skos:closeMatch", _DIFFER
    return "skos:exactMatch", ""


def _is_both(record: Record, target: Record) -> bool:
    """Whether a record names two sorts of thing of which the target is one: oil and gas pipelines."""
    mine = set(record.forms[0].tokens) if record.forms else set()
    return target.family == "project" and any(
        pair <= mine and len(pair & {token for form in target.forms for token in form.tokens}) == 1 for pair in _TWINS
    )


def _is_its_group(record: Record, target: Record) -> bool:
    """Whether the names differ by the word "group" alone."""
    return any(one.key == f"{other.key} group" for one in record.forms for other in target.forms)


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
    return Matcher(graph_records(kg, kinds, identifiers), States(kg.store), accept, review)
