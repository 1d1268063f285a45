"""The description of an imported dataset in VoID and DCAT, as Turtle: the graph that is named like the dataset."""

from __future__ import annotations

from ..names import PREFIXES
from .descriptions import Description
from .keeping import Kept
from .literals import iri_of, quoted

__all__ = ["describe"]


def describe(description: Description, kept: Kept) -> str:
    """Return what is to be known of an imported dataset: whose it is, which files were taken, and how much of them.

    The day of import is not said, so that the same files give the same graph for everybody, and an answer's card holds elsewhere.
    """
    node = f"<{PREFIXES['dataset']}{kept.name}>"
    facts = [
        "a void:Dataset , dcat:Dataset",
        f"dcterms:title {quoted(kept.title)}@en",
        f"dcterms:license {iri_of(kept.licence)}",
        f"dcterms:source {iri_of(kept.source)}",
        f"dcat:version {quoted(kept.version)}",
        f'void:entities "{kept.records}"^^xsd:integer',
        f'void:triples "{kept.triples}"^^xsd:integer',
        f'ext:rowsTaken "{kept.records}"^^xsd:integer',
        f'ext:rowsSkipped "{kept.skipped}"^^xsd:integer',
        f"void:uriSpace {quoted(PREFIXES['record'] + kept.name + '/')}",
    ]
    facts += [f"dcterms:creator {quoted(description.attribution)}"] * bool(description.attribution)
    facts += [f"dcterms:description {quoted(description.note)}@en"] * bool(description.note)
    more = []
    for place, (name, digest) in enumerate(kept.files, 1):
        file = f"{node[:-1]}#file-{place}>"
        facts.append(f"dcat:distribution {file}")
        more.append(f"{file} a dcat:Distribution ;\n    ext:file {quoted(name)} ;\n    ext:sha256 {quoted(digest)} .\n")
    properties = {value.property: " ".join(value.columns()) or value.constant for value in description.values}
    for iri, column in properties.items():
        part = f"{node[:-1]}#{iri.rpartition('#')[2].rpartition('/')[2]}>"
        facts.append(f"void:propertyPartition {part}")
        more.append(f"{part} void:property <{iri}> ;\n    ext:column {quoted(column)} .\n")
    # apart from the dataset's own node, of which the geometry of the project says other things
    facts.append(f"void:subset {node[:-1]}#records>")
    more.append(
        f"{node[:-1]}#records> dcterms:title {quoted(kept.title)}@en ;\n    dcterms:license {iri_of(kept.licence)} ;\n"
        f"    dcat:version {quoted(kept.version)} .\n"
    )
    names = ("dcat", "dcterms", "ext", "void", "xsd")
    head = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in names)
    return head + "\n" + node + " " + " ;\n    ".join(facts) + " .\n\n" + "\n".join(more)
