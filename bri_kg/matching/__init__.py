"""The matcher: rows of a table against the graph, the graph against a dataset, or two tables against each other.

Data flows one way: ``spelling``, ``chinese`` -> ``names``, ``words``, ``persons``, ``initials`` -> ``countries`` -> ``records``, ``entities`` ->
``implying``, ``features``, ``parties``, ``likeness`` -> ``scoring``, ``blocking``, ``known``, ``predicates`` -> ``match`` -> ``outcome``, ``review``,
``measuring``; files become records by ``objects``, ``workbooks`` -> ``tables`` -> ``cells``, ``mending`` -> ``columns`` (which column says what) ->
``rows``; ``linking`` does what the command does.
"""
