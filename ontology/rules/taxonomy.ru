#+ rule: What belongs to a class or relation of ours belongs to the broader ones too, inside the same graph.

PREFIX bri: <https://w3id.org/bri-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH ?graph { ?node a ?broader . } }
WHERE {
    GRAPH <https://w3id.org/bri-kg/graph/ontology/bri> { ?class rdfs:subClassOf+ ?broader . }
    GRAPH ?graph { ?node a ?class . }
} ;

INSERT { GRAPH ?graph { ?node ?broader ?value . } }
WHERE {
    GRAPH <https://w3id.org/bri-kg/graph/ontology/bri> { ?property rdfs:subPropertyOf+ ?broader . }
    GRAPH ?graph { ?node ?property ?value . }
}
