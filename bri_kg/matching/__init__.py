"""The matcher: rows of a table against the graph, the graph against a dataset, or two tables against each other.

Data flows one way: ``names``, ``words`` -> ``countries`` -> ``records`` -> ``scoring`` -> ``match`` -> ``outcome``, ``review``, ``measuring``.
"""
