"""The matcher: rows of a table against the graph, the graph against a dataset, or two tables against each other.

Data flows one way: ``names``, ``words`` -> ``countries`` -> ``records`` -> ``implying``, ``features``, ``parties`` -> ``scoring`` -> ``match`` ->
``outcome``, ``review``, ``measuring``; files become records by ``objects`` -> ``tables`` -> ``columns`` (which column says what) -> ``rows``.
"""
