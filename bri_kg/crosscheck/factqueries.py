"""The queries that find the comparable facts of the paper; what their rows become stands in :mod:`.facts`."""

__all__ = [
    "COUNTRIES",
    "DATED",
    "FATES",
    "FINANCIERS",
    "MENTIONS",
    "MILESTONES",
    "MONEY",
    "OFFICES",
    "PARTIES",
    "PHASES",
    "POSTS",
    "PRINTED",
    "TITLES",
]

MILESTONES = """
SELECT ?node ?entity ?kind ?value ?earliest ?latest ?phase {
    ?node a bri:Milestone ; bri:milestoneOf ?entity ; bri:milestoneKind ?kind .
    OPTIONAL { ?node bri:date ?value ; bri:earliest ?earliest . OPTIONAL { ?node bri:latest ?latest } }
    OPTIONAL { ?node bri:phase ?phase }
}"""
PHASES = """
SELECT ?node ?value ?earliest ?latest {
    ?node a bri:Phase ; bri:date ?value . OPTIONAL { ?node bri:earliest ?earliest } OPTIONAL { ?node bri:latest ?latest }
}"""
DATED = """
SELECT ?node ?entity ?kind ?value ?earliest ?latest {
    { ?node a bri:Signature ; bri:signedDocument ?entity . BIND ("signed" AS ?kind) }
    UNION { ?node a bri:EntryIntoForce ; bri:broughtIntoForce ?entity . BIND ("in-force" AS ?kind) }
    UNION { ?node a bri:Accession ; bri:accededTo ?entity . BIND ("acceded" AS ?kind) }
    UNION { ?node a bri:Financing ; bri:financed ?entity . BIND ("financed" AS ?kind) }
    UNION { ?node a bri:Establishment ; bri:establishmentOf ?entity ; bri:establishmentStage ?kind }
    UNION { ?node a bri:Adoption ; bri:adoptedDocument ?entity ; bri:adoptionKind ?kind . ?entity a bri:Law }
    ?node bri:date ?value ; bri:earliest ?earliest .
    OPTIONAL { ?node bri:latest ?latest }
}"""
PRINTED = """
SELECT ?node ?about ?property ?value {
    ?node a bri:Erratum ; bri:concerns ?about ; bri:concernsProperty ?property ; bri:printedValue ?value .
}"""
COUNTRIES = "SELECT ?graph ?entity ?term { GRAPH ?graph { ?entity bri:hostCountry ?term } ?entity a bri:Project }"
PARTIES = """
SELECT ?graph ?node ?entity ?term {
    { GRAPH ?graph { ?node a bri:Signature ; bri:signedDocument ?entity ; bri:signatory ?term } }
    UNION { GRAPH ?graph { ?node a bri:FreeTradeArea ; bri:involves ?term } BIND (?node AS ?entity) }
}"""
FATES = """
SELECT ?node ?entity ?kind {
    ?node a bri:Negotiation ; bri:negotiationOf ?entity ; bri:negotiationStage ?kind . FILTER (?kind = concept:abandoned)
}"""
TITLES = 'SELECT ?entity ?value { ?entity a bri:Law ; skos:prefLabel ?value . FILTER (LANG(?value) = "en") }'
POSTS = """
SELECT ?graph ?node ?entity ?term ?value {
    GRAPH ?graph { ?node a bri:Post ; bri:postHolder ?entity ; bri:postTitle ?value . OPTIONAL { ?node bri:postAt ?term } }
    FILTER (LANG(?value) = "en")
}"""
MENTIONS = """
SELECT ?graph ?entity ?earliest ?latest {
    GRAPH ?graph {
        ?post a bri:Post ; bri:postHolder ?entity .
        ?event bri:actor|bri:reportedBy|bri:recommender|bri:claimant ?entity ; bri:date ?date ; bri:earliest ?earliest .
        OPTIONAL { ?event bri:latest ?latest }
    }
}"""
OFFICES = """
SELECT ?graph ?node ?entity ?term ?value ?earliest ?latest {
    GRAPH ?graph { ?node a bri:TakingOffice ; bri:actor ?entity ; bri:date ?value ; bri:earliest ?earliest . OPTIONAL { ?node bri:country ?term } }
    OPTIONAL { ?node bri:latest ?latest }
    ?entity a bri:Person .
}"""
MONEY = """
SELECT ?node ?entity ?kind ?value ?unit ?bound ?earliest ?latest ?date {
    ?node a bri:Amount ; bri:about ?entity ; bri:measure ?kind ; bri:value ?value ; bri:currency ?unit .
    OPTIONAL { ?node bri:bound ?bound } OPTIONAL { ?node bri:date ?date ; bri:earliest ?earliest } OPTIONAL { ?node bri:latest ?latest }
}"""
FINANCIERS = "SELECT ?graph ?node ?entity ?term { GRAPH ?graph { ?node a bri:Financing ; bri:financed ?entity ; bri:financier ?term } }"
