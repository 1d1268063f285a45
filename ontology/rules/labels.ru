#+ rule: Every named node has an rdfs:label for viewers that look only there; records without a name are labelled by what they hold or concern.

PREFIX bri: <https://w3id.org/bri-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT { GRAPH ?graph { ?node rdfs:label ?label . } }
WHERE {
    GRAPH ?graph { ?node skos:prefLabel ?label . }
} ;

INSERT { GRAPH ?graph { ?node rdfs:label ?gloss . } }
WHERE {
    GRAPH ?graph {
        ?node a ?class ;
            bri:gloss ?gloss .
    }
    FILTER (?class IN (bri:Claim, bri:Commitment, bri:Recommendation))
} ;

INSERT { GRAPH ?graph { ?record rdfs:label ?label . } }
WHERE {
    {
        SELECT ?graph ?record ?tag ?kind (GROUP_CONCAT(?name; separator = " · ") AS ?names)
        WHERE {
            {
                SELECT DISTINCT ?graph ?record ?order ?name ?kind (LANG(?label) AS ?tag)
                WHERE {
                    VALUES (?order ?core) {
                        (1 bri:participant) (2 bri:participatedIn) (3 bri:attendance)
                        (1 bri:signatory) (2 bri:signedDocument)
                        (1 bri:accedingParty) (2 bri:accededTo)
                        (1 bri:adoptedDocument)
                        (1 bri:broughtIntoForce)
                        (1 bri:establishmentOf)
                        (1 bri:negotiationOf)
                        (1 bri:financed)
                        (1 bri:milestoneOf) (2 bri:milestoneKind)
                        (1 bri:measureKind)
                        (1 bri:transitionOf) (2 bri:transitionTo)
                        (1 bri:launchOf)
                        (1 bri:aligns)
                        (1 bri:measure) (2 bri:about)
                        (1 bri:holder) (2 bri:towards) (3 bri:attitude)
                        (1 bri:postHolder) (2 bri:postAt)
                        (1 bri:concerns)
                    }
                    GRAPH ?graph { ?record ?core ?part . }
                    GRAPH ?names_graph { ?part skos:prefLabel ?label . }
                    GRAPH ?graph { ?record a ?class . }
                    GRAPH <https://w3id.org/bri-kg/graph/ontology/bri> { ?class skos:prefLabel ?class_label . }
                    FILTER (LANG(?class_label) = LANG(?label))
                    BIND (STR(?class_label) AS ?kind)
                    FILTER NOT EXISTS { GRAPH ?named { ?record skos:prefLabel ?own . } }
                    FILTER NOT EXISTS { GRAPH ?graph { ?record bri:claimant ?claimant . } }
                    FILTER NOT EXISTS { GRAPH ?graph { ?record bri:recommender ?recommender . } }
                    FILTER NOT EXISTS { GRAPH ?graph { ?record bri:committer ?committer . } }
                    BIND (STR(?label) AS ?name)
                }
                ORDER BY ?graph ?record ?order ?name
            }
        }
        GROUP BY ?graph ?record ?tag ?kind
    }
    BIND (STRLANG(CONCAT(?kind, ": ", ?names), ?tag) AS ?label)
} ;

INSERT { GRAPH ?graph { ?record rdfs:label ?label . } }
WHERE {
    {
        SELECT ?graph ?record ?tag ?kind (MIN(STR(?part_label)) AS ?name)
        WHERE {
            GRAPH ?graph {
                ?record bri:concerns ?part ;
                    a ?class .
            }
            GRAPH ?names_graph { ?part rdfs:label ?part_label . }
            GRAPH <https://w3id.org/bri-kg/graph/ontology/bri> { ?class skos:prefLabel ?class_label . }
            FILTER (LANG(?class_label) = LANG(?part_label))
            FILTER NOT EXISTS { GRAPH ?graph { ?record rdfs:label ?own . } }
            BIND (LANG(?part_label) AS ?tag)
            BIND (STR(?class_label) AS ?kind)
        }
        GROUP BY ?graph ?record ?tag ?kind
    }
    BIND (STRLANG(CONCAT(?kind, ": ", ?name), ?tag) AS ?label)
}
