"""For whom an actor can be heard: the state or body to which the paper ties a government, an office-holder, a think tank or a group.

The ties come from the graph: governments (``bri:governmentOf``), seats of organisations (``bri:basedIn``), posts, terms of office, parts and
members. What the paper leaves to the reader, that US think tanks are American, stands in one table here and is no triple of the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import pyoxigraph as ox

from ..lookup import Labels
from ..names import PREFIXES, bri, rdf
from ..wording import word

__all__ = ["ASEAN", "CHINA", "UNITED_STATES", "Holders"]

_DEFAULT = ox.DefaultGraph()
ASEAN = PREFIXES["organisation"] + "asean"
CHINA = PREFIXES["state"] + "china"
UNITED_STATES = PREFIXES["state"] + "united-states"

#: Ties that the paper takes for granted: the name says it, no sentence does. Each is true of the name alone ("US think tanks"), except that
#: "Southeast Asian countries" are put with ASEAN, as the paper uses the two words for the same ten states. The Communist Party and the
#: ministries are China's, the Congress, the White House and the Department of State are the United States'. Of Li Keqiang, Li Qiang and
#: Donald Trump the paper prints no office.
_UNSAID = {
    PREFIXES[kind] + name: place
    for place, names in {
        CHINA: """group:chinese-academics group:chinese-enterprises organisation:cpc person:li-keqiang person:li-qiang
            organisation:ministry-of-foreign-affairs-of-china organisation:state-council-information-office""",
        UNITED_STATES: """group:us-and-western-countries group:us-decision-makers group:us-domestic-opinion group:us-establishment
            group:us-think-tanks organisation:115th-us-congress organisation:117th-us-congress organisation:us-congress
            organisation:us-department-of-state organisation:white-house person:donald-trump""",
        ASEAN: """group:asean-member-states group:eight-southeast-asian-signatories group:seven-southeast-asian-leaders
            group:some-asean-members group:some-southeast-asian-countries group:southeast-asian-states organisation:asean-secretariat
            organisation:aha-centre""",
        PREFIXES["state"] + "indonesia": """group:indonesian-enterprises group:indonesian-government-and-people
            organisation:national-resilience-institute-of-indonesia""",
        PREFIXES["state"] + "vietnam": "group:some-vietnamese-scholars",
    }.items()
    for kind, _, name in (word.partition(":") for word in names.split())
}
#: Footnote 3 speaks of "the author" without saying which of the two.
_ALSO_AUTHORS = {PREFIXES["group"] + "author-in-vietnam"}


class Holders:
    """Tells for whom an actor can be heard, and how the graph ties the one to the other."""

    def __init__(self, store: ox.Store, labels: Labels) -> None:
        self._store = store
        self._labels = labels
        self._known: dict[str, dict[str, str]] = {}

    @cached_property
    def authors(self) -> frozenset[str]:
        """The authors of the paper."""
        papers = self._subjects(rdf("type"), bri("Paper"))
        return frozenset({author for paper in papers for author in self._objects(paper, bri("author"))} | _ALSO_AUTHORS)

    @cached_property
    def asean_states(self) -> tuple[str, ...]:
        """The member states of ASEAN that the graph names, by label."""
        states = set(self._subjects(rdf("type"), bri("State")))
        return tuple(sorted(states & set(self._subjects(bri("memberOf"), ASEAN)), key=self._labels.label))

    @cached_property
    def administrations(self) -> tuple[str, ...]:
        """The administrations: those with a stated succession in that order, then the others by label."""
        before = {
            one: set(self._objects(one, bri("succeeds"))) for one in self._subjects(rdf("type"), bri("Administration"))
        }
        linked = {one for one, earlier in before.items() if earlier} | {
            one for earlier in before.values() for one in earlier
        }

        def place(one: str) -> tuple[bool, int, str]:
            depth, seen, at = 0, {one}, one
            while (at := min(before.get(at, set()) - seen, default="")) != "":
                seen.add(at)
                depth += 1
            return one not in linked, depth, self._labels.label(one)

        return tuple(sorted(before, key=place))

    def ties(self, actor: str) -> dict[str, str]:
        """Return the states and bodies for which ``actor`` can be heard, each with the tie in words (empty for itself)."""
        if actor not in self._known:
            self._known[actor] = {}  # a ring of parts ends here
            self._known[actor] = dict(self._find(actor))
        return self._known[actor]

    def _find(self, actor: str) -> Iterator[tuple[str, str]]:
        """Yield the ties of ``actor``; of several to one place the last is the nearest."""
        language, label = self._labels.tag, self._labels.label
        if actor in _UNSAID:
            yield _UNSAID[actor], ""
        for whole in self._objects(actor, bri("partOf")):
            for place in self.ties(whole):
                yield place, word("tie part", language, label(whole))
        for member in self._subjects(bri("memberOf"), actor):
            if actor.startswith(PREFIXES["group"]):
                yield member, word("tie member", language, label(member))
        for office in self._subjects(bri("actor"), actor):
            if bri("TakingOffice") in self._objects(office, rdf("type")):
                for place in self._objects(office, bri("country")):
                    yield place, label(office)
        for place in self._objects(actor, bri("basedIn")):
            yield place, word("tie based", language, label(place))
        for post in sorted(self._subjects(bri("postHolder"), actor)):
            for seat in self._objects(post, bri("postAt")):
                for place in self.ties(seat):
                    yield place, f"{self._title(post)}, {label(seat)}"
        for place in self._objects(actor, bri("governmentOf")):
            yield place, word("tie government", language)
        if actor == ASEAN or bri("State") in self._objects(actor, rdf("type")):
            yield actor, ""

    def _title(self, post: str) -> str:
        found = {
            quad.object.language: quad.object.value
            for quad in self._store.quads_for_pattern(
                ox.NamedNode(post), ox.NamedNode(bri("postTitle")), None, _DEFAULT
            )
            if isinstance(quad.object, ox.Literal)
        }
        return found.get(self._labels.tag) or found.get("en") or ""

    def _objects(self, subject: str, predicate: str) -> list[str]:
        quads = self._store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None, _DEFAULT)
        return sorted(quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode))

    def _subjects(self, predicate: str, value: str) -> list[str]:
        quads = self._store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(value), _DEFAULT)
        return sorted(quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode))
