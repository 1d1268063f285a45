"""What an answer rests on besides the paper: mapping sets, which say who is who elsewhere, records of datasets, and descriptions of datasets.

None of it is the paper's. A mapping is read as the row of the set that ties what stands in the answer's row, with the file and row that shows it; a
record by its name, dataset, version and licence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ..links.mappings import scheme_of
from ..names import PREFIXES, bri, graph_kind, rdf, rdfs, shorten
from ..wording import word

if TYPE_CHECKING:
    from ..graph import KnowledgeGraph
    from .sources import Identity, Recorded

__all__ = [
    "BESIDE",
    "Beside",
    "Link",
    "beside_of",
    "dataset_in_words",
    "dataset_of",
    "identities_of",
    "link_in_words",
    "links_behind",
    "links_of",
    "recorded_of",
    "short_version",
    "text_of",
]

#: Kinds of graphs that are no sentences, and the word for the voice of each.
BESIDE = {"mapping-set": "link voice", "record": "record voice", "dataset": "dataset voice"}

_DEFAULT = ox.DefaultGraph()
_OWL, _SSSOM, _DCTERMS, _EXT = (PREFIXES[name] for name in ("owl", "sssom", "dcterms", "ext"))
_SOURCE, _TARGET = ox.NamedNode(_OWL + "annotatedSource"), ox.NamedNode(_OWL + "annotatedTarget")
_PREDICATE = ox.NamedNode(_OWL + "annotatedProperty")
_MAPPING = ox.NamedNode(bri("Mapping"))
_MATCHES = ("broadMatch", "closeMatch", "exactMatch", "narrowMatch", "relatedMatch")
_MOST = 3
_PERSON = ox.NamedNode(_EXT + "person")
_IN_DATASET = PREFIXES["void"] + "inDataset"
#: Of a longer text, such as an outline, a description shows the beginning.
_LONGEST = 300


class Link(NamedTuple):
    """A row of a mapping set; ``target`` is empty where nothing was found, ``confidence`` and the texts where the set has none."""

    node: str
    graph: str
    subject: str
    predicate: str
    target: str
    is_denied: bool
    label: str
    confidence: str
    source: str
    version: str
    file: str
    row: str
    comment: str

    @property
    def evidence(self) -> str:
        """The file and the row that show it, as in ``country-codes/country-codes.csv, 125``."""
        return f"{self.file}, {self.row}" if self.row else self.file


class Beside(NamedTuple):
    """A graph that is no sentence of the paper, as an answer shows it: what it is, what it says of the row, and the works to be cited."""

    kind: str
    note: str
    works: tuple[str, ...]


def beside_of(kg: KnowledgeGraph, graph: str, terms: Iterable[Any], others: Iterable[str] = ()) -> Beside | None:
    """Return how a graph on which a row with ``terms`` rests is shown; None for a sentence, an erratum or a graph of another kind.

    ``others`` are the graphs that the row rests on besides: a mapping that leads to a record among them tells more than the thing's other mappings.
    """
    kind = graph_kind(graph)
    if kind == "mapping-set":
        found = _ties(kg, graph, [term for term in terms if isinstance(term, ox.NamedNode)], _reached(kg, others))
        shown = [link_in_words(kg, one) for one in found[:_MOST]]
        if len(found) > _MOST:
            shown.append(word("more links", kg.language, len(found) - _MOST))
        sources = tuple(dict.fromkeys(one.source for one in found if one.source))
        return Beside(kind, "; ".join(shown) or _label(kg, graph), (graph, *sources))
    if kind == "record":
        dataset = dataset_of(kg, graph)
        return Beside(kind, record_in_words(kg, graph), (dataset,) if dataset else ())
    if kind == "dataset":
        return Beside(kind, _work_in_words(kg, graph), (graph,))
    return None


def links_behind(
    kg: KnowledgeGraph, graph: str, terms: Iterable[Any], others: Iterable[str] = (), most: int = 5
) -> list[Link]:
    """Return the rows of the mapping set ``graph`` on which a row with ``terms`` rests, as :func:`beside_of` finds them.

    None where they are more than ``most``: then it cannot be said which, and the set stands for them.
    """
    nodes, is_named = _tied(kg, graph, [term for term in terms if isinstance(term, ox.NamedNode)], _reached(kg, others))
    found = _read_all(kg, nodes, is_named) if len(nodes) <= 2 * most else []
    return found if len(found) <= most else []


def links_of(kg: KnowledgeGraph, node: str) -> list[Link]:
    """Return the rows of all mapping sets about a thing of the graph, or about an identifier: affirmed, denied, then not found; by scheme."""
    found = [
        _read(kg, quad.subject)
        for end in (_SOURCE, _TARGET)
        for quad in kg.store.quads_for_pattern(None, end, ox.NamedNode(node), _DEFAULT)
    ]
    return sorted(found, key=lambda one: (not one.target, one.is_denied, shorten(one.target), one.node))


def link_in_words(kg: KnowledgeGraph, link: Link) -> str:
    """Return a mapping in a line, with confidence and evidence."""
    return f"{kg.labels.label(link.subject)} {_said(kg, link)} [{_shown(kg, link)}]"


def identities_of(kg: KnowledgeGraph, node: str) -> tuple[Identity, ...]:
    """Return the identities elsewhere of a thing of the graph, those denied and the searches without result after those that hold."""
    from .sources import Identity

    found = []
    for one in links_of(kg, node):
        named = kg.labels.label(scheme_of(one.target) or one.source).removeprefix("dataset:")
        comment = f" {one.comment}" if one.comment else ""
        shown = f"{_shown(kg, one)}, {shorten(one.graph)}.{comment}"
        identifier = shorten(one.target) if one.target else word("no term", kg.language)
        about = "" if one.subject == node else f"{kg.labels.label(one.subject)} "
        found.append(Identity(_predicate(kg, one), identifier, f"{named}: {about}{_said(kg, one)}", shown, one.graph))
    return tuple(found)


def recorded_of(kg: KnowledgeGraph, node: str) -> tuple[Recorded, ...]:
    """Return what records of imported datasets say of a node, which may be a record, record after record; nothing where none is loaded.

    Those to which an affirmed link of the node leads are told too, with what they are to it: a record that finances a project is not the project.
    """
    from .sources import Recorded

    found: dict[tuple[str, str, str], Recorded] = {}
    for thing, relation in _told_of(kg, node):
        for quad in kg.store.quads_for_pattern(ox.NamedNode(thing), None, None, None):
            graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            if graph_kind(graph) == "record" and quad.predicate.value != _IN_DATASET:
                text = kg.labels.text(quad.object)
                text = f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
                shown = f"{relation}{record_in_words(kg, graph)}, {shorten(graph)}"
                one = Recorded(kg.labels.label(quad.predicate.value), text, graph, shown)
                found.setdefault((graph, one.property, text), one)
    return tuple(found[key] for key in sorted(found))


def _told_of(kg: KnowledgeGraph, node: str) -> Iterator[tuple[str, str]]:
    """Yield the nodes of which records may speak: the node itself, what its links lead to, and offices of a person, each with the relation."""
    yield node, ""
    for link in links_of(kg, node):
        if link.subject != node or not link.target or link.is_denied:
            continue
        relation = f"{_predicate(kg, link)}: "
        yield link.target, relation
        for quad in kg.store.quads_for_pattern(None, _PERSON, ox.NamedNode(link.target), _DEFAULT):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value, ""


def _said(kg: KnowledgeGraph, link: Link) -> str:
    """Return predicate and identifier, as in ``same as wikidata:Q819 (Laos)``."""
    if not link.target:
        return word("no term", kg.language)
    return f"{_predicate(kg, link)} {shorten(link.target)}" + (f" ({link.label})" if link.label else "")


def _predicate(kg: KnowledgeGraph, link: Link) -> str:
    name = link.predicate.removeprefix(PREFIXES["skos"])
    said = word(name, kg.language) if name in _MATCHES else kg.labels.label(link.predicate)
    return word("denied", kg.language, said) if link.is_denied else said


def _shown(kg: KnowledgeGraph, link: Link) -> str:
    sure = word("confidence", kg.language, link.confidence) if link.confidence else ""
    return ", ".join(part for part in (sure, link.evidence) if part)


def record_in_words(kg: KnowledgeGraph, graph: str) -> str:
    """Return a record of a dataset in a line: its name, then the dataset, its version and licence, and the line of its file."""
    node = ox.NamedNode(graph)
    described = [graph, *_nodes(kg, graph, _EXT + "describes", node)]
    name = next((text for one in described if (text := text_of(kg, one, _EXT + "name"))), "")
    line = next((text for one in described if (text := text_of(kg, one, _EXT + "line"))), "")
    file = next((text for one in described if (text := text_of(kg, one, _EXT + "file"))), "")
    dataset = dataset_of(kg, graph)
    where = word("line", kg.language, line) if line else ""
    parts = [name, dataset_in_words(kg, dataset) if dataset else "", file, where]
    return ", ".join(filter(None, parts))


def dataset_of(kg: KnowledgeGraph, record: str) -> str:
    """Return the dataset to which a record belongs, by its name."""
    name = record.removeprefix(PREFIXES["record"]).partition("/")[0]
    return PREFIXES["dataset"] + name if name else ""


def dataset_in_words(kg: KnowledgeGraph, dataset: str) -> str:
    """Return a dataset in a line: title, version and licence, as far as the graph has them, else its name.

    Of an imported dataset they are those of its records: what the project took from it has a title of its own.
    """
    records = f"{dataset}#records"
    return _work_in_words(kg, records if text_of(kg, records, _DCTERMS + "title") else dataset)


def _work_in_words(kg: KnowledgeGraph, dataset: str) -> str:
    title = text_of(kg, dataset, _DCTERMS + "title") or shorten(dataset)
    version = short_version(text_of(kg, dataset, PREFIXES["dcat"] + "version"))
    licence = text_of(kg, dataset, _DCTERMS + "license")
    title += f" {version}" if version and version not in title else ""
    return title + (f" ({licence})" if licence else "")


def short_version(version: str) -> str:
    """Return a version, of the name of a commit the first ten characters."""
    return version[:10] if re.fullmatch("[0-9a-f]{40}", version) else version


def text_of(kg: KnowledgeGraph, node: str, predicate: str) -> str:
    """Return one value of a node as text, the one in the language of the graph's labels before others; empty if there is none."""
    found = {
        getattr(quad.object, "language", None) or "": quad.object.value
        for quad in sorted(_quads(kg, node, predicate), key=str, reverse=True)
        if isinstance(quad.object, (ox.NamedNode, ox.Literal))
    }
    return found.get(kg.labels.tag) or found.get("en") or min(found.values(), default="")


def _quads(kg: KnowledgeGraph, node: str, predicate: str, graph: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
    return kg.store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(predicate), None, graph or _DEFAULT)


def _nodes(kg: KnowledgeGraph, node: str, predicate: str, graph: ox.NamedNode) -> list[str]:
    return [quad.object.value for quad in _quads(kg, node, predicate, graph) if isinstance(quad.object, ox.NamedNode)]


def _reached(kg: KnowledgeGraph, graphs: Iterable[str]) -> list[list[ox.NamedNode]]:
    """Return the identifiers by which a mapping may lead to the records among ``graphs``: their own and what they describe, then what they name."""
    records = [ox.NamedNode(graph) for graph in graphs if graph_kind(graph) == "record"]
    own: dict[ox.NamedNode, None] = dict.fromkeys(records)
    named: dict[ox.NamedNode, None] = {}
    for record in records:
        for quad in kg.store.quads_for_pattern(None, None, None, record):
            if isinstance(quad.object, ox.NamedNode):
                (own if quad.predicate.value == _EXT + "describes" else named)[quad.object] = None
            if isinstance(quad.subject, ox.NamedNode):
                own[quad.subject] = None
    return [[*own], [*named]] if records else []


def _ties(
    kg: KnowledgeGraph, graph: str, terms: list[ox.NamedNode], reached: Sequence[list[ox.NamedNode]] = ()
) -> list[Link]:
    """Return the mappings of a set that a row shows, affirmed before denied."""
    return _read_all(kg, *_tied(kg, graph, terms, reached))


def _tied(
    kg: KnowledgeGraph, graph: str, terms: list[ox.NamedNode], reached: Sequence[list[ox.NamedNode]] = ()
) -> tuple[list[Any], bool]:
    """Return the names of these mappings, and whether the row names them itself.

    Else they are those that tie most of its terms, the identifier before the thing.

    Where some lead to ``reached``, identifiers of the row's records, it is these.
    """
    where = ox.NamedNode(graph)
    named = [term for term in terms if ox.Quad(term, ox.NamedNode(rdf("type")), _MAPPING, where) in kg.store]
    score: dict[Any, int] = {}
    for term in dict.fromkeys(terms) if not named else ():
        for end, weight in (
            (_SOURCE, 1),
            (_TARGET, 2),
        ):  # what a row shows of an identifier tells more than of a thing of ours
            for quad in kg.store.quads_for_pattern(None, end, term, where):
                score[quad.subject] = score.get(quad.subject, 0) + weight
    for nodes in reached if not named else ():
        leading = {quad.subject for node in nodes for quad in kg.store.quads_for_pattern(None, _TARGET, node, where)}
        if leading:
            score = {node: score.get(node, 0) for node in leading}
            break
    most = max(score.values(), default=0)
    return named or [node for node, found in score.items() if found == most], bool(named)


def _read_all(kg: KnowledgeGraph, nodes: Iterable[Any], is_named: bool) -> list[Link]:
    """Return mappings in order; of those that the row does not name itself, the affirmed ones where there are any."""
    found = [_read(kg, node) for node in nodes]
    if not is_named:
        found = [one for one in found if one.target and not one.is_denied] or found
    return sorted(found, key=lambda one: (one.subject, shorten(one.target), one.node))


def _read(kg: KnowledgeGraph, node: Any) -> Link:
    quads = list(kg.store.quads_for_pattern(node, None, None, None))
    values = {
        quad.predicate.value: quad.object.value for quad in quads if isinstance(quad.object, (ox.NamedNode, ox.Literal))
    }
    graph = next((quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)), "")
    target = values.get(_TARGET.value, "")
    return Link(
        node=node.value,
        graph=graph,
        subject=values.get(_SOURCE.value, ""),
        predicate=values.get(_PREDICATE.value, ""),
        target="" if target == _SSSOM + "NoTermFound" else target,
        is_denied=_SSSOM + "predicate_modifier" in values,
        label=values.get(_SSSOM + "object_label", ""),
        confidence=values.get(_SSSOM + "confidence", ""),
        source=values.get(_SSSOM + "object_source", ""),
        version=values.get(_SSSOM + "object_source_version", ""),
        file=values.get(bri("evidenceFile"), ""),
        row=values.get(bri("evidenceRow"), ""),
        comment=values.get(rdfs("comment"), ""),
    )


def _label(kg: KnowledgeGraph, graph: str) -> str:
    return kg.labels.label(graph)
