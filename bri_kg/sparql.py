"""What a query may be: SPARQL 1.1, read-only, and kept inside the graph; and how parameters are bound to it.

The text is cut into tokens (strings, IRIs and comments are skipped whole, so a word inside them never counts) and refused by name where it
would write, reach the network or files, or be so long or nested that the engine's process would end. Evaluation is the engine's.

The engine does not cut into tokens first: it takes ``trueSERVICE`` for two words, ``SERVICE:x`` for a word and a name, and ``?a<?b)SERVICE#>``
for a comparison and not an IRI. So keywords are sought inside words and prefixes too, a stray backslash is refused, and every IRI is handed on
with its first character escaped, which nothing but an IRI can hold.

Parameters become a ``VALUES`` block at the start of the query's pattern, the term written out by the engine's own serialiser: SPARQL's own way
to join a query with given terms. (Oxigraph's ``substitutions`` would need every parameter to be in the projection.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import pyoxigraph as ox

from .errors import QueryError, UsageError
from .names import IDENTIFIERS, KINDS, PREFIXES

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_TOKENS",
    "TOKEN",
    "Term",
    "evaluate",
    "prepare",
    "uncut",
    "without_escapes",
]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

#: Limits under which the engine cannot overflow its stack (850 nested EXISTS, 2,600 times MINUS and 10,000 sums do: tried).
MAX_DEPTH = 60
MAX_TOKENS = 1_000
MAX_LENGTH = 50_000
_MAX_CHAIN = 400

TOKEN = re.compile(
    r'''(?P<space>\s+|\#[^\n\r]*)
    |(?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    |(?P<string>"""(?:(?:"|"")?(?:[^"\\]|\\.))*"""|\'\'\'(?:(?:'|'')?(?:[^'\\]|\\.))*\'\'\'|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<name>(?:[^\W\d_][\w.\-]*)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*)?)
    |(?P<tag>@[A-Za-z][A-Za-z0-9\-]*)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<word>[^\W\d]\w*)
    |(?P<other>.)''',
    re.VERBOSE | re.DOTALL,
)
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
_CHAINABLE = set("!+-/|^")
_ESCAPED = "<\\U"
#: What a name holds from the prefix to the next space, bracket or sign that ends it, slashes and escapes included.
_SLASHED = re.compile(r"""(?:\\.|[^\s\\;,(){}\[\]<>"'|^*?$#])+""")


class _Token(NamedTuple):
    """A token as the user wrote it, and where it stands in the text for the engine."""

    kind: str
    text: str
    start: int
    end: int


_NOTHING = _Token("space", "", 0, 0)


def _read(text: str) -> tuple[str, list[_Token]]:
    """Return the text as the engine gets it, and its tokens."""
    pieces: list[str] = []
    tokens: list[_Token] = []
    place = 0
    for match in TOKEN.finditer(text):
        kind, piece = match.lastgroup or "other", match.group()
        written = f"{_ESCAPED}{ord(piece[1]):08X}{piece[2:]}" if kind == "iri" and piece[1] not in "\\>" else piece
        if kind != "space":
            tokens.append(_Token(kind, piece, place, place + len(written)))
        pieces.append(written)
        place += len(written)
    return "".join(pieces), tokens


def prepare(text: str, store: ox.Store, terms: Mapping[str, Term] | None = None) -> str:
    """Return the query ready for the engine: checked, and with ``terms`` bound to its variables.

    Raises QueryError, in one sentence, for an update, ``SERVICE``, a ``FROM`` outside the graph, a query that is too long or too deeply
    nested; UsageError for a term whose variable the query does not use.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"The query has {len(text):,} characters; at most {MAX_LENGTH:,} are taken. Split it, or select by a pattern."
        )
    text, tokens = _read(text)
    _refuse(tokens, store)
    if not terms:
        return text
    known = {token.text[1:] for token in tokens if token.kind == "variable"}
    for name in terms:
        if name not in known:
            raise UsageError(
                f"The query has no variable ?{name}; its variables are {', '.join(sorted(known)) or 'none'}."
            )
    return _bind(text, tokens, terms)


def uncut(text: str) -> str:
    """Return a query without the LIMIT and OFFSET that cut its own answer; those of subqueries stay."""
    text, tokens = _read(text)
    kept, place = [], 0
    for number, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() in ("LIMIT", "OFFSET") and _level(tokens, number) == 0:
            kept.append(text[place : token.start])
            place = tokens[number + 1].end if number + 1 < len(tokens) else token.end
    return "".join(kept) + text[place:]


def without_escapes(text: str) -> str:
    r"""Return a query whose names with escaped signs, such as ``record:aiddata\/33726``, are written in full: not all parsers take them."""
    if "\\" not in text:
        return text
    known = PREFIXES | _declared(_read(text)[1])

    def full(match: re.Match[str]) -> str:
        prefix, _, local = match.group().partition(":")
        if match.lastgroup != "name" or "\\" not in local or prefix not in known:
            return match.group()
        return f"<{known[prefix]}{_bare(local)}>"

    return TOKEN.sub(full, text)


def _bare(local: str) -> str:
    return re.sub(r"\\(.)", r"\1", local)


def evaluate(store: ox.Store, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Run a prepared query; the project's prefixes need no declaration. Raises QueryError where the engine does not take it."""
    try:
        return store.query(text, prefixes=PREFIXES)
    except SyntaxError as error:
        raise QueryError(_explain(error, text)) from error
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"The query cannot be run: {error}.") from error


def _explain(error: SyntaxError, text: str) -> str:
    found = re.search(r"error at (\d+):(\d+)(.*)", str(error), re.DOTALL)
    if not found:
        return f"The query is not SPARQL 1.1: {error}."
    line, column, rest = found.groups()
    lines = text.split("\n")
    start = sum(len(one) + 1 for one in lines[: int(line) - 1])
    undeclared = _undeclared(text, start + int(column) - 1)
    slashed = None if undeclared else _slashed(text, start + int(column) - 1)
    if undeclared or slashed:
        place = (undeclared or slashed or _NOTHING).start
        line, start = str(text.count("\n", 0, place) + 1), text.rfind("\n", 0, place) + 1
        column = str(place - start + 1)
    hint = "" if "expected one of" in rest or "unreported" in rest else rest.strip(": \n")
    before = text.split("\n")[int(line) - 1][: int(column)]
    where = f"The query is not SPARQL 1.1: at line {line}, column {int(column) - 9 * before.count(_ESCAPED)}"
    if undeclared:
        return f"{where}, {_remedy(undeclared.text.partition(':')[0])}"
    if slashed:
        prefix, _, local = slashed.text.partition(":")
        full = PREFIXES[prefix] + _bare(local)
        escaped = re.sub(r"(?<!\\)/", r"\/", local)
        return f"{where}, {slashed.text} is no name, since a slash in it must be escaped; write {prefix}:{escaped} or <{full}>."
    return (
        f"{where}, {hint}."
        if hint
        else f"{where}, something else was expected; look for a missing bracket or dot there."
    )


def _slashed(text: str, end: int) -> _Token | None:
    """Return the first name of something outside, begun before the place ``end``, that goes on after a bare slash.

    A slash before another name, an IRI or a bracket is that of a path.
    """
    declared = _declared(_read(text)[1])
    for match in TOKEN.finditer(text[:end]):
        prefix = match.group().partition(":")[0]
        if match.lastgroup != "name" or text[match.end() : match.end() + 1] != "/" or prefix in declared:
            continue
        found = _SLASHED.match(text, match.start())
        written = found.group().rstrip(".") if found else ""
        after = TOKEN.match(text, match.end() + 1)
        is_path = after is None or after.lastgroup in ("name", "iri", "space") or after.group() in ("(", "^", "!")
        if prefix in IDENTIFIERS and not is_path and len(written) > match.end() - match.start() + 1:
            return _Token("name", written, match.start(), match.start() + len(written))
    return None


def _undeclared(text: str, end: int) -> _Token | None:
    """Return the first name before the place ``end`` whose prefix is neither declared in ``text`` nor one of the project's."""
    known, before = set(PREFIXES), _NOTHING
    for match in TOKEN.finditer(text):
        token = _Token(match.lastgroup or "other", match.group(), match.start(), match.end())
        if token.kind == "space":
            continue
        if token.start >= end:
            return None
        is_blank = before.text.endswith("_") and before.end == token.start  # as in _:b
        if token.kind == "name" and not is_blank:
            prefix = token.text.partition(":")[0]
            if before.text.upper() == "PREFIX":
                known.add(prefix)
            elif prefix not in known:
                return token
        before = token
    return None


def _remedy(prefix: str) -> str:
    """Say that a prefix is not declared, and what to write instead.

    Nothing is imported here: the worker, which says it, opens no file.
    """
    alike = [known for known in PREFIXES if _is_near(prefix.casefold(), known)]
    use = f"or use {alike[0]}: if that is meant" if alike else "or write the IRI in full"
    known = ", ".join(sorted(PREFIXES.keys() - IDENTIFIERS.keys() - set(KINDS)))
    return (
        f"the prefix {prefix}: is not declared; put PREFIX {prefix}: <...> with its namespace before the query, {use}. "
        f"Known without declaration: {known}, those of identifiers such as wikidata, and one for each kind of node, such as person and segment."
    )


def _is_near(one: str, other: str) -> bool:
    """Whether two names are the same but for one letter, left out or another."""
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[place:], other[place:]
    return place > 1 and (one[1:] == other[1:] or one[1:] == other or one == other[1:])


def _refuse(tokens: list[_Token], store: ox.Store) -> None:
    depth = chain = 0
    form = ""
    if len(tokens) > MAX_TOKENS:
        raise QueryError(
            f"The query has {len(tokens):,} words and signs; at most {MAX_TOKENS:,} are taken. Split it, or select by a pattern."
        )
    for place, token in enumerate(tokens):
        word = token.text.upper() if token.kind in ("word", "tag") else ""
        depth += token.text in ("{", "(", "[") and token.kind == "other"
        depth -= token.text in ("}", ")", "]") and token.kind == "other"
        chain = (
            chain + 1
            if token.kind == "other" and token.text in _CHAINABLE
            else chain
            if token.kind in ("name", "iri")
            else 0
        )
        if depth > MAX_DEPTH or chain > _MAX_CHAIN:
            raise QueryError(
                f"The query nests more than {MAX_DEPTH} levels deep or chains too many operators; write it flatter."
            )
        if not form and word in _UPDATES:
            raise QueryError(
                f"The graph is read-only: {word} would change it. Ask with SELECT, ASK, CONSTRUCT or DESCRIBE."
            )
        if word in _FORMS:
            form = form or word
        if "SERVICE" in word:
            raise QueryError(
                "SERVICE is not allowed: a query stays inside this graph. Ask the other endpoint on its own."
            )
        if "FROM" in word:
            _check_from(tokens[place + 1 : place + 3], store, PREFIXES | _declared(tokens[:place]))
        if token.kind == "name" and token.text.partition(":")[0].upper().endswith(("SERVICE", "FROM")):
            raise QueryError(f"{token.text} can be read as a keyword and a name; give the prefix another name.")
        if token.text == "\\" and token.kind == "other":
            raise QueryError(
                "The query is not SPARQL 1.1: a backslash stands outside strings, IRIs and names; take it out."
            )
    if not form:
        raise QueryError("The query has no SELECT, ASK, CONSTRUCT or DESCRIBE; begin it with one of them.")


def _declared(tokens: list[_Token]) -> dict[str, str]:
    return {
        name.text.removesuffix(":"): iri.text[1:-1]
        for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if word.text.upper() == "PREFIX"
    }


def _check_from(following: list[_Token], store: ox.Store, prefixes: Mapping[str, str]) -> None:
    named = following[0].text.upper() == "NAMED" if following else False
    token = following[1] if named and len(following) > 1 else following[0] if following else None
    iri = ""
    if token and token.kind == "iri":
        iri = token.text[1:-1]
    elif token and token.kind == "name":
        prefix, _, local = token.text.partition(":")
        iri = prefixes.get(prefix, "") + local
    try:
        inside = store.contains_named_graph(ox.NamedNode(iri))
    except ValueError:
        inside = False
    if not inside:
        shown = token.text if token else "nothing"
        raise QueryError(
            f"FROM {shown} is outside this graph; FROM takes only the name of a graph in it, such as segment:p09s03."
        )


def _bind(text: str, tokens: list[_Token], terms: Mapping[str, Term]) -> str:
    names = sorted(terms)
    block = f"VALUES ({' '.join('?' + name for name in names)}) {{ ({' '.join(str(terms[name]) for name in names)}) }}"
    form = next(token.text.upper() for token in tokens if token.kind == "word" and token.text.upper() in _FORMS)
    openings = [
        place
        for place, token in enumerate(tokens)
        if token.text == "{" and token.kind == "other" and _level(tokens, place) == 0
    ]
    template = form == "CONSTRUCT" and len(openings) > 1
    if not openings or (form == "CONSTRUCT" and not template):
        raise UsageError("Parameters need a query with a WHERE pattern in braces; write it out.")
    place = openings[1 if template else 0]
    start = tokens[place].end
    if place + 1 < len(tokens) and tokens[place + 1].text.upper() == "SELECT":
        end = tokens[_closing(tokens, place)].start
        return f"{text[:start]} {block} {{{text[start:end]}}} {text[end:]}"
    return f"{text[:start]} {block} {text[start:]}"


def _level(tokens: list[_Token], place: int) -> int:
    before = [token.text for token in tokens[:place] if token.kind == "other"]
    return before.count("{") + before.count("(") - before.count("}") - before.count(")")


def _closing(tokens: list[_Token], place: int) -> int:
    depth = 0
    for later in range(place, len(tokens)):
        if tokens[later].kind == "other":
            depth += tokens[later].text == "{"
            depth -= tokens[later].text == "}"
            if depth == 0:
                return later
    raise QueryError("The query is not SPARQL 1.1: a closing brace is missing.")
