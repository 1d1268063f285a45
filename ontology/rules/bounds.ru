#+ rule: Each dated record gets the first and the last day on which it can lie.
#
# Handles xsd:gYear, xsd:gYearMonth, xsd:date and, of EDTF, intervals, open ends, "~" and "?" (which leave the bounds of the unit printed),
# quarters (33 to 36) and halves (40, 41) of a year. A day that no calendar has gives no bound. Every engine orders and compares xsd:date
# alike; engines differ on partial dates.

PREFIX bri: <https://w3id.org/bri-kg/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT {
    GRAPH ?graph { ?record bri:earliest ?earliest . }
}
WHERE {
    GRAPH ?graph { ?record bri:date ?date . }
    BIND (REPLACE(STR(?date), "[~?%]", "") AS ?text)
    BIND (IF(CONTAINS(?text, "/"), STRBEFORE(?text, "/"), ?text) AS ?start)
    FILTER (REGEX(?start, "^[0-9]{4}(-(0[1-9]|1[0-2]|3[3-6]|4[01])|-(0[1-9]|1[0-2])-[0-9]{2})?$"))
    BIND (SUBSTR(?start, 1, 4) AS ?year)
    BIND (SUBSTR(?start, 6, 2) AS ?unit)
    BIND (
        IF(?unit = "", "01",
        IF(?unit IN ("33", "40"), "01",
        IF(?unit = "34", "04",
        IF(?unit IN ("35", "41"), "07",
        IF(?unit = "36", "10", ?unit))))) AS ?month)
    BIND (IF(STRLEN(?start) = 10, SUBSTR(?start, 9, 2), "01") AS ?day)
    BIND (xsd:date(CONCAT(?year, "-", ?month, "-", ?day)) AS ?earliest)
} ;

INSERT {
    GRAPH ?graph { ?record bri:latest ?latest . }
}
WHERE {
    GRAPH ?graph { ?record bri:date ?date . }
    BIND (REPLACE(STR(?date), "[~?%]", "") AS ?text)
    BIND (IF(CONTAINS(?text, "/"), STRAFTER(?text, "/"), ?text) AS ?end)
    FILTER (REGEX(?end, "^[0-9]{4}(-(0[1-9]|1[0-2]|3[3-6]|4[01])|-(0[1-9]|1[0-2])-[0-9]{2})?$"))
    BIND (SUBSTR(?end, 1, 4) AS ?year)
    BIND (SUBSTR(?end, 6, 2) AS ?unit)
    BIND (
        IF(?unit = "", "12",
        IF(?unit = "33", "03",
        IF(?unit IN ("34", "40"), "06",
        IF(?unit = "35", "09",
        IF(?unit IN ("36", "41"), "12", ?unit))))) AS ?month)
    BIND (xsd:integer(?year) AS ?y)
    BIND ((FLOOR(?y / 4) * 4 = ?y && FLOOR(?y / 100) * 100 != ?y) || FLOOR(?y / 400) * 400 = ?y AS ?leap)
    BIND (
        IF(STRLEN(?end) = 10, SUBSTR(?end, 9, 2),
        IF(?month IN ("04", "06", "09", "11"), "30",
        IF(?month = "02", IF(?leap, "29", "28"), "31"))) AS ?day)
    BIND (xsd:date(CONCAT(?year, "-", ?month, "-", ?day)) AS ?latest)
}
