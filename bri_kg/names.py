"""Names: the base IRI, the project's prefixes, and how an IRI is written short."""

__all__ = [
    "BASE",
    "KINDS",
    "PREFIXES",
    "bri",
    "concept",
    "expand",
    "graph_iri",
    "is_base",
    "rdf",
    "rdfs",
    "segment_iri",
    "shorten",
    "skos",
]

BASE = "https://w3id.org/bri-kg/"
ONTOLOGY = BASE + "ontology#"

#: Kinds of entity; each is a path under BASE and a prefix.
KINDS = """
    accession adoption agreement alignment claim commitment component document entry-into-force erratum
    establishment event financing government group inconsistency initiative issue launch law measure mechanism
    milestone negotiation notion organisation paper participation partnership person phase place position post
    programme project recommendation section segment signature state statistic strategy transition work
""".split()

PREFIXES: dict[str, str] = {
    "bri": ONTOLOGY,
    "concept": BASE + "concept/",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{kind: f"{BASE}{kind}/" for kind in KINDS},
}


def bri(name: str) -> str:
    """Return the IRI of a term of our ontology."""
    return ONTOLOGY + name


def concept(name: str) -> str:
    """Return the IRI of a concept of our schemes."""
    return PREFIXES["concept"] + name


def rdf(name: str) -> str:
    """Return the IRI of an RDF term."""
    return PREFIXES["rdf"] + name


def rdfs(name: str) -> str:
    """Return the IRI of an RDF Schema term."""
    return PREFIXES["rdfs"] + name


def skos(name: str) -> str:
    """Return the IRI of a SKOS term."""
    return PREFIXES["skos"] + name


def graph_iri(name: str) -> str:
    """Return the name of the graph that holds a file which is not cut into segments (``ontology/bri``, ``entities/states``)."""
    return f"{BASE}graph/{name}"


def segment_iri(segment_id: str) -> str:
    """Return the IRI of a segment of the paper, which is also the name of its graph."""
    return PREFIXES["segment"] + segment_id


def is_base(graph: str) -> bool:
    """Whether a graph is always there and so is never cited: ontology, entities and ledger."""
    return graph.startswith(BASE + "graph/")


def shorten(iri: str) -> str:
    """Write ``iri`` with the project's prefix where one fits, else in full."""
    head, separator, local = iri.rpartition("#" if "#" in iri else "/")
    space = head + separator
    for prefix, namespace in PREFIXES.items():
        if namespace == space and local:
            return f"{prefix}:{local}"
    return iri


def expand(name: str) -> str | None:
    """Return the IRI for ``prefix:local``, ``<iri>`` or a full IRI; None if ``name`` is none of these."""
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    if name.startswith(("http://", "https://")):
        return name
    prefix, separator, local = name.partition(":")
    if separator and prefix in PREFIXES and local and " " not in local:
        return PREFIXES[prefix] + local
    return None
