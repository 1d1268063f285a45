"""Names: the base IRI, the project's prefixes, and how an IRI is written short."""

__all__ = [
    "BASE",
    "IDENTIFIERS",
    "KINDS",
    "PREFIXES",
    "bri",
    "concept",
    "expand",
    "graph_iri",
    "graph_kind",
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
    accession adoption agreement alignment area claim commitment component dataset document entry-into-force erratum
    establishment event financing geometry government group inconsistency initiative issue launch law mapping mapping-set measure mechanism
    milestone negotiation notion organisation paper participation partnership person phase place position post
    programme project recommendation scheme section segment signature state statistic strategy transition verdict work
""".split()

#: Namespaces of identifiers elsewhere; ``code`` holds codes of lists that have no address of their own, ``record`` the records of datasets.
#: The part behind the prefix may hold slashes.
IDENTIFIERS: dict[str, str] = {
    "bioguide": "https://bioguide.congress.gov/search/bio/",
    "code": BASE + "code/",
    "congress": "https://www.congress.gov/",
    "dbpedia": "http://dbpedia.org/resource/",
    "geonames": "https://sws.geonames.org/",
    "isni": "https://isni.org/isni/",
    "loc": "http://id.loc.gov/authorities/names/",
    "osm": "https://www.openstreetmap.org/",
    "record": BASE + "record/",
    "ror": "https://ror.org/",
    "wikidata": "http://www.wikidata.org/entity/",
}

PREFIXES: dict[str, str] = {
    "bri": ONTOLOGY,
    "concept": BASE + "concept/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf",
    "ext": BASE + "external#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **IDENTIFIERS,
    **{kind: f"{BASE}{kind}/" for kind in KINDS},
}
_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_CITED_KINDS = ("dataset", "erratum", "mapping-set", "record", "segment")


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


def graph_kind(graph: str) -> str:
    """Return what a graph holds: ``segment``, ``erratum``, ``mapping-set``, ``record`` or ``dataset``.

    ``base`` is what is always there and never cited; anything else is ``other``.
    """
    if is_base(graph):
        return "base"
    return next((kind for kind in _CITED_KINDS if graph.startswith(PREFIXES[kind])), "other")


def shorten(iri: str) -> str:
    """Write ``iri`` with the project's prefix where one fits, else in full."""
    head, separator, local = iri.rpartition("#" if "#" in iri else "/")
    prefix = _PREFIX_OF.get(head + separator)
    if prefix and local:
        return f"{prefix}:{local}"
    for prefix, namespace in IDENTIFIERS.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
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
