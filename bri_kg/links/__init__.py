"""Links: the mapping sets in ``graph_data/links``, read, turned into triples and checked against the files that show them."""
