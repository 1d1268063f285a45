"""Suggestions while a user types, the short texts beside them, and the preview of an entity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from ..graph import KnowledgeGraph
from ..lookup import fold
from ..names import ONTOLOGY, expand, shorten, skos
from ..wording import word
from .feature_words import FEATURE_NOTE, feature_text
from .protocol import DEFAULT_GRAPH, PAGE, Refused, id_of, kind_of, prefix_of, short
from .terms import Terms

__all__ = ["Suggester"]


class Suggester:
    """Suggests and shows entities, types and properties of a graph."""

    def __init__(self, kg: KnowledgeGraph, terms: Terms) -> None:
        self.kg, self.terms = kg, terms

    def entities(self, params: Mapping[str, str]) -> dict[str, Any]:
        """Suggest entities whose names begin with, or hold, what is asked."""
        prefix, cursor = prefix_of(params)
        known = self.terms.entity(prefix)
        found = [known] if known else []
        if fold(prefix):
            found += [
                iri for one in self.kg.lookup.find(prefix) if (iri := expand(one.name)) and iri in self.terms.entities
            ]
            found += self._holding(fold(prefix).split())
        types = set(filter(None, params.get("type", "").split(",")))
        listed = [iri for iri in dict.fromkeys(found) if not types or types & self.kg.lookup.kinds(iri)]
        return {
            "result": [
                {
                    "id": id_of(iri),
                    "name": self.kg.labels.label(iri),
                    "description": self.terms.description(iri),
                    "notable": [self.terms.type_of(kind) for kind in self.terms.kinds_of(iri)],
                }
                for iri in listed[cursor : cursor + PAGE]
            ]
        }

    def _holding(self, words: list[str]) -> list[str]:
        """Return entities of which one name has words that begin with each of ``words``, in any order: "Qinzhou park"."""
        if len(words) < 2:
            return []
        return [
            iri
            for iri, names in self.terms.words.items()
            if any(all(any(one.startswith(word) for one in name) for word in words) for name in names)
        ]

    def types(self, params: Mapping[str, str]) -> dict[str, Any]:
        """Suggest types."""
        prefix, cursor = prefix_of(params)
        found = _beginning(prefix, {kind: self.kg.labels.kind(kind) for kind in self.terms.kinds})
        return {"result": [self.terms.type_of(kind, broader=True) for kind in found[cursor : cursor + PAGE]]}

    def properties(self, params: Mapping[str, str]) -> dict[str, Any]:
        """Suggest properties, first those that entities of a type have, where one is given."""
        prefix, cursor = prefix_of(params)
        found = _beginning(prefix, {pid: self.terms.property_name(pid) for pid in self.terms.predicates})
        held = self.terms.held_by(kind_of(params.get("type", "")))
        found.sort(key=lambda pid: pid not in held)
        return {"result": [self.terms.property_of(pid) for pid in found[cursor : cursor + PAGE]]}

    def flyout_entity(self, params: Mapping[str, str]) -> dict[str, Any]:
        """Return the short text on an entity."""
        iri = self.terms.asked_entity(params.get("id", ""))
        kinds = ", ".join(self.kg.labels.kind(kind) for kind in self.terms.kinds_of(iri))
        return _flyout(params["id"], self.kg.labels.label(iri), kinds, self.terms.description(iri))

    def flyout_type(self, params: Mapping[str, str]) -> dict[str, Any]:
        """Return the short text on a type."""
        kind = self.terms.asked_kind(params.get("id", ""))
        return _flyout(params["id"], self.kg.labels.kind(kind), "", self.terms.definition(ONTOLOGY + kind))

    def flyout_property(self, params: Mapping[str, str]) -> dict[str, Any]:
        """Return the short text on a property."""
        pid = self.terms.asked_property(params.get("id", ""))
        return _flyout(
            params["id"], self.terms.property_name(pid), "", self.terms.definition(self.terms.predicates[pid])
        )

    def feature(self, params: Mapping[str, str]) -> str:
        """Return the page on a feature of scores."""
        from ..pictures.pages import page_environment

        given = params.get("id", "")
        said = feature_text(given, self.kg.language)
        if not said:
            raise Refused(404, f"There is no feature '{short(given)}'; those of a candidate stand in its 'features'.")
        is_chinese = self.kg.language.startswith("zh")
        shown = page_environment().get_template("reconciled.html.jinja")
        return str(
            shown.render(
                language="zh-Hans" if is_chinese else "en",
                label=given.replace("_", " "),
                kinds=[word("reconciliation feature", self.kg.language)],
                description=f"{said} {FEATURE_NOTE[is_chinese]}",
                names=[],
                ties=[],
                name=given,
                also="",
            )
        )

    def preview(self, params: Mapping[str, str]) -> str:
        """Return the page on an entity that clients show in a frame."""
        from ..pictures.pages import page_environment

        iri = self.terms.asked_entity(params.get("id", ""))
        names = [
            (quad.object.language or "", quad.object.value)
            for predicate in ("prefLabel", "altLabel")
            for quad in self.kg.store.quads_for_pattern(
                ox.NamedNode(iri), ox.NamedNode(skos(predicate)), None, DEFAULT_GRAPH
            )
            if isinstance(quad.object, ox.Literal)
        ]
        ties = []
        for pid in (
            "hostCountry",
            "country",
            "partOf",
            "underInitiative",
            "memberOf",
            "affiliatedWith",
            "basedIn",
            "date",
        ):
            values = [
                self.kg.labels.text(value) for value in self.terms.objects(iri, self.terms.predicates.get(pid, ""))
            ]
            if values:
                ties.append((self.terms.property_name(pid), sorted(values)[:6]))
        return str(
            page_environment()
            .get_template("reconciled.html.jinja")
            .render(
                language="zh-Hans" if self.kg.language.startswith("zh") else "en",
                label=self.kg.labels.label(iri),
                kinds=[self.kg.labels.kind(kind) for kind in self.terms.kinds_of(iri)],
                description=self.terms.description(iri),
                names=sorted({(tag, name) for tag, name in names if name != self.kg.labels.label(iri)}),
                ties=ties,
                name=shorten(iri),
                also=word("reconciliation also", self.kg.language),
            )
        )


def _beginning(prefix: str, names: Mapping[str, str]) -> list[str]:
    """Return the keys whose name or self begins with ``prefix``, then those that hold it."""
    wanted = fold(prefix)
    found = [key for key, name in names.items() if wanted in fold(key) or wanted in fold(name)]
    return sorted(
        found,
        key=lambda key: (
            key != prefix,
            not (fold(names[key]).startswith(wanted) or fold(key).startswith(wanted)),
            names[key],
            key,
        ),
    )


def _flyout(given: str, label: str, kinds: str, description: str) -> dict[str, str]:
    import markupsafe

    said = markupsafe.Markup("<p><strong>{}</strong>{}</p><p>{}</p>").format(
        label, f" ({kinds})" if kinds else "", description
    )
    return {"id": given, "html": str(said)}
