"""Other people's records beside the paper's facts: imported as they are, a named graph a record, and kept on the user's disk.

What a dataset is and how its columns become terms stands in a description, one small TOML file in ``datasets/`` that can be copied for the next
dataset (:mod:`.descriptions`). Files are read as streams (:mod:`.reading`, :mod:`.delimited`, :mod:`.workbook`, :mod:`.jsonstream`,
:mod:`.xmlstream`), each record becomes a block of TriG (:mod:`.converting`), and what was imported lies under the user's data folder
(:mod:`.importing`, :mod:`.keeping`). :mod:`.combining` builds the store in which a query sees the paper and the records together.

The graph of a record is named ``https://w3id.org/bri-kg/record/<dataset>/<id>``, so an answer that rests on it cites it; the dataset is described in
the graph ``https://w3id.org/bri-kg/dataset/<dataset>``. Terms of records are in a namespace of their own, ``ext:``: no question about the paper
changes its answer because records are there.

Nothing is imported here: a question that needs no record does not pay for them.
"""
