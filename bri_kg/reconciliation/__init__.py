"""The matcher as a service that speaks the Reconciliation Service API 0.2, as OpenRefine and other clients ask it.

One module a task: :mod:`.protocol` (limits, replies, refusals), :mod:`.candidates` (matching), :mod:`.suggesting` (suggestions, flyouts, preview),
:mod:`.extending` (values of properties), :mod:`.terms` (identifiers), :mod:`.service` (which request goes where), :mod:`.server` (the loopback).

:class:`ReconciliationService` is free of any framework: :meth:`~ReconciliationService.handle` takes a method, a path below the place where it is
mounted and the decoded parameters, and returns status, headers and body. The protocol is at https://reconciliation-api.github.io/specs/0.2/.

Identifiers are what stands behind ``https://w3id.org/bri-kg/`` in an IRI (``project/china-laos-railway``); types and properties are names of the
ontology (``Project``, ``hostCountry``), those of other vocabularies with their prefix (``skos:altLabel``).
"""

from .protocol import BATCH_SIZE, MAX_BODY, Reply
from .service import ReconciliationService

__all__ = ["BATCH_SIZE", "MAX_BODY", "ReconciliationService", "Reply"]
