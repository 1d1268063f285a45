"""Citing: from the named graphs that :mod:`bri_kg.lineage` finds to sentences, voices, works and bibliographies."""
