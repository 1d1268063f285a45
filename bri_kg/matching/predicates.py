"""How a target that was found stands to a record: the same thing, or no more than what names, kinds and titles show."""

from __future__ import annotations

from collections.abc import Sequence

from .features import Part
from .implying import is_work_at_place
from .records import Record

__all__ = ["DIFFER", "TWIN", "predicate_of"]

#: The remark of a match that a person should look at, since the names are not the same.
DIFFER = "the names differ"
#: The remark of a match with a record of two things of which the graph has each.
TWIN = "the record is of this and of its twin"
_TWINS = (frozenset(("oil", "gas")), frozenset(("railway", "road")))
#: How a target stands to a record that is tied to it by such a feature and not by its name, and why.
_TIES = {
    "party agreement": ("skos:closeMatch", "the record names the parties and the year, and no title"),
    "party area": ("skos:relatedMatch", "a treaty is not the area it makes"),
    "party part": ("skos:relatedMatch", "a treaty on one subject is not the area"),
    "party of network": ("bri:containsRecord", "the record is one treaty of the network"),
    "subject": ("skos:narrowMatch", "it is narrowed to one subject"),
    "government": ("skos:closeMatch", "governments are called and bounded otherwise elsewhere"),
}


def predicate_of(record: Record, target: Record, parts: Sequence[Part]) -> tuple[str, str]:
    """Return how the target stands to the record, saying no more than the names do, and why where it is not the same thing."""
    if _is_both(record, target):
        return "bri:partOfRecord", TWIN
    for part in parts:
        if part.feature in _TIES:
            return _TIES[part.feature]
    if any("may stand in it" in part.said for part in parts):
        return "bri:containsRecord", "the record may stand in it"
    if record.is_financing and target.family != "event":
        if target.family == "project":
            return "bri:financedByRecord", "the record tells of money for it"
        return "skos:relatedMatch", "the record tells of money"
    if is_work_at_place(record, target):
        return "skos:relatedMatch", "the record is of works, ours is the place"
    if record.is_part and not target.is_part:
        return "bri:containsRecord", "the record is a part or phase of it"
    if target.is_part and not record.is_part and parts[0].bits < 5.5:
        return "bri:partOfRecord", "it is a part or phase of the record"
    if target.kind == "Region":
        return "skos:closeMatch", "regions are bounded otherwise elsewhere"
    if target.family == "group":
        return "skos:closeMatch", "groups are bounded otherwise elsewhere"
    name = parts[0]
    if name.said.startswith("the same short form"):
        return "skos:exactMatch", ""
    if target.kind != "Company" and _is_its_group(record, target):
        return "skos:broadMatch", "a group is wider than what it is called after"
    if (
        name.bits < (3.4 if any(part.feature == "date" and part.bits > 0 for part in parts) else 4.0)
        and target.family in ("agreement", "event", "government", "law", "organisation")
        and target.kind != "Company"
        and not any(part.feature == "identifier" for part in parts)
    ):
        return "skos:closeMatch", DIFFER
    if name.bits < 2.0 and not any(part.feature == "identifier" for part in parts) and target.family != "person":
        return "skos:closeMatch", DIFFER
    return "skos:exactMatch", ""


def _is_both(record: Record, target: Record) -> bool:
    """Whether a record names two sorts of thing of which the target is one: oil and gas pipelines."""
    mine = set(record.forms[0].tokens) if record.forms else set()
    return target.family == "project" and any(
        pair <= mine and len(pair & {token for form in target.forms for token in form.tokens}) == 1 for pair in _TWINS
    )


def _is_its_group(record: Record, target: Record) -> bool:
    """Whether the names differ by the word "group" alone."""
    return any(one.key == f"{other.key} group" for one in record.forms for other in target.forms)
