"""The commands of ``bri-kg`` about other data: linking, importing, cross-checking, asking elsewhere.

They are added to the app of :mod:`bri_kg.cli`, which imports this module when it runs a command.
"""

from __future__ import annotations
