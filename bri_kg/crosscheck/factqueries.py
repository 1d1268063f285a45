"""The queries that find the comparable facts of the paper; what their rows become stands in :mod:`.gathering` and its rooms."""

__all__ = [
    "ACTORS",
    "ACTS",
    "ADMINISTRATIONS",
    "CONGRESSES",
    "COUNTRIES",
    "DATED",
    "FATES",
    "FINANCIERS",
    "INVOLVED",
    "LOCATIONS",
    "MEMBERS",
    "MENTIONS",
    "MILESTONES",
    "MONEY",
    "OFFICES",
    "PARTIES",
    "PHASES",
    "POSTS",
    "PRINTED",
    "SEATS",
    "SUCCESSIONS",
    "TAKEOVERS",
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
    UNION {
        ?node a bri:Financing ; bri:financed ?entity . OPTIONAL { ?node bri:amount/bri:measure ?measure }
        BIND (
            IF(?measure = concept:approved-amount, "money-approved", IF(?measure = concept:announced-amount, "money-announced", "financed")) AS ?stage
        )
        BIND (COALESCE(?stage, "financed") AS ?kind)
    }
    UNION { ?node a bri:Negotiation ; bri:negotiationOf ?entity ; bri:negotiationStage ?kind }
    UNION { ?node a bri:Launch ; bri:launchOf ?entity ; bri:launchKind ?kind . ?entity a bri:Project }
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
LOCATIONS = """
SELECT ?graph ?entity ?term {
    { GRAPH ?graph { ?entity bri:partOf ?term } }
    UNION { GRAPH ?graph { ?project bri:place ?entity ; bri:hostCountry ?term } }
    ?entity a bri:Place . ?term a bri:State .
}"""
INVOLVED = """
SELECT ?graph ?entity ?term {
    GRAPH ?graph { ?entity bri:involves ?term } ?entity a bri:Project . ?term a bri:State .
    FILTER NOT EXISTS { ?entity bri:hostCountry ?host }
}"""
SEATS = "SELECT ?graph ?entity ?term { GRAPH ?graph { ?entity bri:basedIn ?term } }"
MEMBERS = """
SELECT ?graph ?entity ?term {
    GRAPH ?graph { ?term bri:countedAmong ?entity } ?term a bri:State .
    FILTER (STRSTARTS(STR(?entity), "https://w3id.org/bri-kg/organisation/"))
}"""
ACTORS = """
SELECT ?graph ?node ?entity ?term ?kind {
    { GRAPH ?graph { ?node a bri:Launch ; bri:launchOf ?entity ; bri:actor ?government } BIND ("begun-by" AS ?kind) }
    UNION {
        GRAPH ?graph {
            ?node a bri:Negotiation ; bri:negotiationOf ?entity ; bri:negotiationStage concept:abandoned ; bri:actor ?government
        }
        BIND ("given-up-by" AS ?kind)
    }
    ?entity a bri:Agreement . ?government bri:governmentOf ?term .
}"""
FATES = """
SELECT ?node ?entity ?kind {
    { ?node a bri:Negotiation ; bri:negotiationOf ?entity ; bri:negotiationStage ?kind . FILTER (?kind = concept:abandoned) }
    UNION { ?node a bri:Adoption ; bri:adoptedDocument ?entity ; bri:adoptionKind ?kind . ?entity a bri:Law }
}"""
CONGRESSES = """
SELECT ?node ?entity ?value ?law ?printed {
    { ?node a bri:Phase ; bri:about ?entity ; bri:date ?value }
    UNION { ?node a bri:Erratum ; bri:concerns ?entity ; bri:concernsProperty bri:date ; bri:printedValue ?value . BIND (true AS ?printed) }
    ?work bri:author ?entity ; bri:reproduces ?law . ?law a bri:Law .
}"""
ADMINISTRATIONS = """
SELECT ?entity ?state ?label {
    ?entity a bri:Administration ; bri:governmentOf ?state ; skos:prefLabel ?label . FILTER (LANG(?label) = "en")
}"""
TAKEOVERS = """
SELECT ?graph ?node ?entity ?value ?earliest ?latest {
    GRAPH ?graph { ?node a bri:TakingOffice ; bri:actor ?entity . OPTIONAL { ?node bri:date ?value ; bri:earliest ?earliest ; bri:latest ?latest } }
    ?entity a bri:Administration .
}"""
ACTS = """
SELECT ?graph ?entity ?earliest ?latest {
    { GRAPH ?graph { ?node bri:actor ?entity ; bri:date ?date ; bri:earliest ?earliest ; bri:latest ?latest } }
    UNION {
        GRAPH ?graph { ?node bri:actor ?entity ; bri:participatedIn ?event . ?event bri:date ?date ; bri:earliest ?earliest ; bri:latest ?latest }
    }
    ?entity a bri:Administration .
    FILTER NOT EXISTS { ?node a bri:TakingOffice }
}"""
SUCCESSIONS = """
SELECT ?graph ?entity ?before {
    GRAPH ?graph { ?entity bri:succeeds ?before } ?entity a bri:Administration . ?before a bri:Administration .
}"""
TITLES = 'SELECT ?entity ?value { ?entity a bri:Law ; skos:prefLabel ?value . FILTER (LANG(?value) = "en") }'
POSTS = """
SELECT ?graph ?node ?entity ?term ?value {
    GRAPH ?graph { ?node a bri:Post ; bri:postHolder ?entity ; bri:postTitle ?value . OPTIONAL { ?node bri:postAt ?term } }
    FILTER (LANG(?value) = "en")
}"""
MENTIONS = """
SELECT ?graph ?entity ?earliest ?latest ?issued {
    {
        GRAPH ?graph {
            ?post a bri:Post ; bri:postHolder ?entity .
            ?event bri:actor|bri:reportedBy|bri:recommender|bri:claimant ?entity ; bri:date ?date ; bri:earliest ?earliest .
            OPTIONAL { ?event bri:latest ?latest }
        }
    } UNION {
        GRAPH ?graph { ?post a bri:Post ; bri:postHolder ?entity . ?note bri:cites ?work . ?event bri:actor ?entity }
        ?work bri:reports ?event ; bri:issued ?issued .
    }
}"""
OFFICES = """
SELECT ?graph ?node ?entity ?term ?value ?earliest ?latest {
    GRAPH ?graph { ?node a bri:TakingOffice ; bri:actor ?entity ; bri:date ?value ; bri:earliest ?earliest . OPTIONAL { ?node bri:country ?term } }
    OPTIONAL { ?node bri:latest ?latest }
    ?entity a bri:Person .
}"""
MONEY = """
SELECT ?node ?entity ?kind ?value ?unit ?bound ?lender ?earliest ?latest ?date {
    ?node a bri:Amount ; bri:about ?entity ; bri:measure ?kind ; bri:value ?value ; bri:currency ?unit .
    OPTIONAL { { ?financing bri:amount ?node ; bri:financier ?lender } UNION { ?node bri:actor ?lender } }
    OPTIONAL { ?node bri:bound ?bound } OPTIONAL { ?node bri:date ?date ; bri:earliest ?earliest } OPTIONAL { ?node bri:latest ?latest }
}"""
FINANCIERS = "SELECT ?graph ?node ?entity ?term { GRAPH ?graph { ?node a bri:Financing ; bri:financed ?entity ; bri:financier ?term } }"
