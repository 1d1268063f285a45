"""The service: which request goes where, and the manifest that says what there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .. import __version__
from ..graph import KnowledgeGraph
from ..matching.records import DEFAULT_KINDS
from ..names import BASE, ONTOLOGY
from ..wording import word
from .candidates import Reconciler
from .extending import CONTENTS, Extender
from .protocol import BATCH_SIZE, CALLBACK, Refused, Reply, empty_reply, html_reply, json_reply, read_object
from .suggesting import Suggester
from .terms import Terms

__all__ = ["ReconciliationService"]


class ReconciliationService:
    """Answers requests of the Reconciliation Service API 0.2 over a graph.

    ``base_url`` is the address under which the service is reached, without a slash at the end; it stands in the manifest.
    """

    def __init__(self, kg: KnowledgeGraph, base_url: str, batch_size: int = BATCH_SIZE) -> None:
        self.kg = kg
        self.base_url = base_url.rstrip("/")
        self.batch_size = batch_size
        self.terms = Terms(kg)
        self._reconciler = Reconciler(kg, self.terms, batch_size)
        self._suggester = Suggester(kg, self.terms)
        self._extender = Extender(kg, self.terms)

    def prepare(self) -> None:
        """Make what the first requests need, so that none of them waits for it."""
        self._reconciler.batch({"q": {"query": "a"}})
        self._suggester.entities({"prefix": "a"})
        self.manifest()

    def handle(self, method: str, path: str, params: Mapping[str, str]) -> Reply:
        """Answer a request: ``path`` below the mount, ``params`` of the query string and of a form-encoded body together, decoded."""
        callback = params.get("callback", "")
        try:
            if callback and not CALLBACK.fullmatch(callback):
                raise Refused(400, "The callback is no name of a JavaScript function; give one such as jsonp123.")
            if method == "OPTIONS":
                return empty_reply()
            found = self._route(method, path.rstrip("/") or "/", params)
            if isinstance(found, str):
                return html_reply(found)
            return json_reply(200, found, callback if method in ("GET", "HEAD") else "")
        except Refused as refused:
            reply = json_reply(refused.status, {"status": "error", "message": str(refused)}, "")
            return reply._replace(headers={**reply.headers, "Allow": refused.allow}) if refused.allow else reply
        except RecursionError:
            return json_reply(400, {"status": "error", "message": "The JSON is nested too deeply."}, "")

    def _route(self, method: str, path: str, params: Mapping[str, str]) -> dict[str, Any] | str:
        readers: dict[str, Callable[[Mapping[str, str]], dict[str, Any] | str]] = {
            "/suggest/entity": self._suggester.entities,
            "/suggest/type": self._suggester.types,
            "/suggest/property": self._suggester.properties,
            "/flyout/entity": self._suggester.flyout_entity,
            "/flyout/type": self._suggester.flyout_type,
            "/flyout/property": self._suggester.flyout_property,
            "/properties": self._extender.propose,
            "/feature": self._suggester.feature,
            "/preview": self._suggester.preview,
            "/view": self._suggester.preview,
        }
        if path == "/":
            if method not in ("GET", "HEAD", "POST"):
                raise Refused(405, f"{method} is not answered here; use GET or POST.", "GET, HEAD, POST, OPTIONS")
            if "queries" in params:
                return self._reconciler.batch(read_object(params["queries"], "queries"))
            if "extend" in params:
                return self._extender.extend(read_object(params["extend"], "extend"))
            if method == "POST" or set(params) - {"callback"}:
                raise Refused(400, "Send a batch in the parameter 'queries', or a data extension query in 'extend'.")
            return self.manifest()
        if path not in readers:
            raise Refused(404, f"There is nothing at {path}; the manifest at / says where the services are.")
        if method not in ("GET", "HEAD"):
            raise Refused(405, f"{method} is not answered here; use GET.", "GET, HEAD, OPTIONS")
        return readers[path](params)

    def manifest(self) -> dict[str, Any]:
        """Return the service manifest."""

        def suggest(what: str) -> dict[str, str]:
            return {
                "service_url": self.base_url,
                "service_path": f"/suggest/{what}",
                "flyout_service_url": self.base_url,
                "flyout_service_path": f"/flyout/{what}?id=${{id}}",
            }

        return {
            "versions": ["0.1", "0.2"],
            "name": word("reconciliation name", self.kg.language),
            "identifierSpace": BASE,
            "schemaSpace": ONTOLOGY,
            "serviceVersion": __version__,
            "defaultTypes": [self.terms.type_of(kind) for kind in DEFAULT_KINDS if kind in self.terms.kinds],
            "view": {"url": f"{self.base_url}/view?id={{{{id}}}}"},
            "feature_view": {"url": f"{self.base_url}/feature?id={{{{id}}}}"},
            "preview": {"url": f"{self.base_url}/preview?id={{{{id}}}}", "width": 430, "height": 300},
            "suggest": {what: suggest(what) for what in ("entity", "type", "property")},
            "extend": {
                "propose_properties": {"service_url": self.base_url, "service_path": "/properties"},
                "property_settings": [
                    {
                        "name": "limit",
                        "label": word("reconciliation limit", self.kg.language),
                        "type": "number",
                        "default": 0,
                        "help_text": word("reconciliation limit help", self.kg.language),
                    },
                    {
                        "name": "content",
                        "label": word("reconciliation content", self.kg.language),
                        "type": "select",
                        "default": CONTENTS[0],
                        "help_text": word("reconciliation content help", self.kg.language),
                        "choices": [
                            {"value": one, "name": word(f"reconciliation content {one}", self.kg.language)}
                            for one in CONTENTS
                        ],
                    },
                ],
            },
            "batchSize": self.batch_size,
        }
