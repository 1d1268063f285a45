#+ rule: The direct relations that people query and draw follow from the records, each inside the graph that states the record.

PREFIX bri: <https://w3id.org/bri-kg/ontology#>
PREFIX concept: <https://w3id.org/bri-kg/concept/>

INSERT { GRAPH ?graph { ?actor bri:attended ?event . } }
WHERE {
    GRAPH ?graph {
        ?participation bri:participant ?actor ;
            bri:participatedIn ?event ;
            bri:attendance concept:attended .
    }
} ;

INSERT { GRAPH ?graph { ?actor bri:signed ?document . } }
WHERE {
    GRAPH ?graph {
        ?signature bri:signatory ?actor ;
            bri:signedDocument ?document .
    }
} ;

INSERT { GRAPH ?graph { ?actor bri:partyTo ?joined . } }
WHERE {
    GRAPH ?graph {
        ?accession bri:accedingParty ?actor ;
            bri:accededTo ?joined .
    }
    GRAPH ?entities { ?joined a bri:Agreement . }
} ;

INSERT { GRAPH ?graph { ?actor bri:memberOf ?joined . } }
WHERE {
    GRAPH ?graph {
        ?accession bri:accedingParty ?actor ;
            bri:accededTo ?joined .
    }
    FILTER NOT EXISTS { GRAPH ?entities { ?joined a bri:Agreement . } }
} ;

INSERT { GRAPH ?graph { ?actor bri:launched ?undertaking . } }
WHERE {
    GRAPH ?graph {
        ?launch bri:launchOf ?undertaking ;
            bri:actor ?actor .
    }
} ;

INSERT { GRAPH ?graph { ?actor bri:adopted ?document . } }
WHERE {
    GRAPH ?graph {
        ?adoption bri:adoptedDocument ?document ;
            bri:actor ?actor ;
            bri:adoptionKind ?kind .
    }
    FILTER (?kind != concept:deliberated)
} ;

INSERT { GRAPH ?graph { ?actor bri:established ?thing . } }
WHERE {
    GRAPH ?graph {
        ?establishment bri:establishmentOf ?thing ;
            bri:actor ?actor .
        OPTIONAL { ?establishment bri:establishmentStage ?stage . }
    }
    FILTER (!BOUND(?stage) || ?stage NOT IN (concept:begun, concept:planned))
} ;

INSERT { GRAPH ?graph { ?actor bri:finances ?thing . } }
WHERE {
    GRAPH ?graph {
        ?financing bri:financed ?thing ;
            bri:financier ?actor .
    }
} ;

INSERT { GRAPH ?graph { ?one bri:alignedWith ?other . } }
WHERE {
    GRAPH ?graph {
        ?alignment bri:aligns ?one ;
            bri:aligns ?other ;
            bri:alignmentStatus ?status .
    }
    FILTER (?one != ?other && ?status NOT IN (concept:alignment-proposed, concept:alignment-explored, concept:alignment-delayed))
} ;

INSERT { GRAPH ?graph { ?person bri:affiliatedWith ?actor . } }
WHERE {
    GRAPH ?graph {
        ?post bri:postHolder ?person ;
            bri:postAt ?actor .
    }
}
