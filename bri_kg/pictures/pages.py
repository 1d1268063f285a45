"""Pictures of networks: one self-contained HTML page that works offline, or a still SVG; both show their sentences or their source.

pyvis brings the vis-network script, which is put into the page. The template is ours, since pyvis's own reaches for the network, runs markup
from data and settles by physics. Data enters the page as JSON that the script reads as text only (:mod:`bri_kg.explorer`), and a content
security policy forbids every request.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import LimitError, UsageError
from ..wording import word
from ..writing import TEMPLATES, write_whole

if TYPE_CHECKING:
    import networkx

__all__ = ["MAX_NODES", "draw", "page_environment", "script_json", "without_controls"]

#: No library in a browser stays usable beyond this without a graphics card.
MAX_NODES = 5000


def draw(network: networkx.MultiDiGraph, path: str | Path, title: str = "") -> Path:
    """Write ``network`` to ``path`` as a page (``.html``) or a still picture (``.svg``, ``.png``, ``.pdf``) and return the path.

    ``title`` stands over the picture; by default the network's own. Words of ours are in the network's ``language``. The file is written whole
    or not at all. Raises UsageError for an empty network or another kind of file, LimitError for more than ``MAX_NODES`` nodes.
    """
    from .explorer import explorer_page
    from .stills import ENDINGS, make_still

    path = Path(path)
    if path.suffix not in (".html", *ENDINGS):
        raise UsageError(
            f"{path.name}: a picture is written as .html, {', '.join(ENDINGS)}; choose one of these endings."
        )
    if not network:
        raise UsageError("There is nothing to draw: the network has no nodes. Check the query or its parameters.")
    if len(network) > MAX_NODES:
        raise LimitError(
            f"The network has {len(network):,} nodes; at most {MAX_NODES:,} are drawn, and no more than 2,000 move well."
            " Draw a cut of it with --most 2000 (keep_most_tied), or a part, such as one entity's world."
        )
    title = title or network.graph.get("title") or word("network", _language(network))
    is_page = path.suffix == ".html"
    content = (
        explorer_page(network, title).encode("utf-8", "replace") if is_page else make_still(network, title, path.suffix)
    )
    write_whole({path: content})
    return path


def _language(network: networkx.MultiDiGraph) -> str:
    return str(network.graph.get("language", "en"))


@cache
def page_environment() -> Any:
    """Return the environment of the page templates, which escapes every text."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=without_controls,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def without_controls(value: object) -> object:
    """Replace the characters of a text that no XML file may hold; markup of ours passes."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", value)


def script_json(data: object) -> Any:
    """Return ``data`` as JSON that cannot end the script element it stands in."""
    import markupsafe

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return markupsafe.Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
