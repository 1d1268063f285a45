"""A query as a tree of SPARQL algebra: made from rdflib's parser, kept as plain lists, and written out again as SPARQL.

The tree is what lineage and diagnosis work on. It is made of lists, texts, numbers and None only, so that the trees of the stored questions can be
kept as JSON beside the built store and a question at the command line need not import rdflib. Nodes are lists whose first item is their name:

``bgp``     [[subject, predicate, object], ...]     terms as SPARQL writes them; a predicate may be a path, itself a list
``join``    left, right
``left``    left, right, expression or None         OPTIONAL
``union``   left, right
``minus``   left, right
``filter``  pattern, expression
``extend``  pattern, variable, expression           BIND
``values``  variables, rows
``graph``   term, pattern
``select``  variables, pattern, modifiers           subquery
``group``   pattern, keys, aggregates               keys [[variable, expression]], aggregates [[variable, text]]
``unit``                                            the empty pattern

An expression is [text, [pattern of each EXISTS in it]]. A path is a text, or ``seq``, ``alt``, ``inv``, ``mod`` or ``neg`` with its parts. Blank
nodes of a pattern become variables whose name begins with ``__b``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .errors import QueryError
from .names import PREFIXES
from .sparql import TOKEN, without_escapes

__all__ = [
    "Node",
    "certain",
    "is_monotone",
    "is_plain",
    "is_settled",
    "mentioned",
    "parse",
    "patterns",
    "scope",
    "text",
]

Node = list[Any]

_UNREPEATABLE = {"RAND", "UUID", "STRUUID", "BNODE", "NOW"}
_PLAIN = {"bgp", "join", "filter", "extend", "values", "unit"}
_ARGUMENTS = ("arg", "arg1", "arg2", "arg3", "text", "pattern", "replacement", "flags", "start", "length")


def parse(query: str) -> dict[str, Any]:
    """Return the query as ``form``, ``pattern``, and where they apply ``template``, ``described``, ``sliced`` and ``ordered``.

    Raises QueryError for what has no lineage: a dataset clause, a function whose value changes from run to run, and for text that rdflib's parser
    does not take.
    """
    import logging

    import rdflib
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    normalising, warnings = rdflib.NORMALIZE_LITERALS, logging.getLogger("rdflib.term")
    rdflib.NORMALIZE_LITERALS = False  # a literal must stay as it is written
    silenced, warnings.disabled = warnings.disabled, True  # an ill-typed literal is not rdflib's to complain of
    try:
        parsed = parseQuery(_readable(query))
        if parsed[1].name == "DescribeQuery" and dict.get(parsed[1], "var") is None:
            raise QueryError("DESCRIBE * cannot be traced; name the variables to be described.")
        _check(parsed[1])
        algebra = translateQuery(parsed, initNs=PREFIXES).algebra
        return _read(algebra, parsed[1])
    except QueryError:
        raise
    except RecursionError as error:
        raise QueryError("The query nests too deeply to be traced; write it flatter.") from error
    except Exception as error:  # the parser raises errors of many kinds
        raise QueryError(f"The query cannot be traced: its algebra cannot be read ({error}).") from error
    finally:
        rdflib.NORMALIZE_LITERALS, warnings.disabled = normalising, silenced


def _read(algebra: Any, parsed: Any) -> dict[str, Any]:
    """Return rdflib's algebra of a query as the tree that :func:`parse` gives; ``parsed`` is what its parser gave."""
    if algebra.datasetClause:
        raise QueryError("FROM cannot be traced; write GRAPH <name> { ... } instead.")
    reader = _Reader()
    found: dict[str, Any] = {"form": algebra.name.removesuffix("Query").upper(), "sliced": False, "ordered": False}
    node = algebra.p
    while node is not None and node.name in ("Slice", "Project", "Distinct", "Reduced", "OrderBy"):
        if node.name == "Slice":
            found["sliced"] = True
            found["limit"] = node.length if not node.start else None
        found["ordered"] = found["ordered"] or node.name == "OrderBy"
        node = node.p
    if found["form"] == "CONSTRUCT":
        triples = algebra.template if algebra.template is not None else node.triples
        found["template"] = [[reader.term(part) for part in triple] for triple in triples]
    if found["form"] == "DESCRIBE":
        # The algebra's own list also holds what subqueries project.
        found["described"] = [reader.term(term) for term in dict.get(parsed, "var") or ()]
    found["pattern"] = reader.pattern(node) if node is not None else ["unit"]
    return found


def _check(parsed: Any) -> None:
    """Name what rdflib's algebra would lose, and refuse what lets the engine choose.

    A key of a GROUP BY that is an expression without a name gets one.
    """
    from rdflib.term import Variable

    for count, part in enumerate(_parts(parsed)):
        name = getattr(part, "name", "")
        if name == "GroupAs" and dict.get(part, "var") is None:
            part["var"] = Variable(f"__key{count}")
        elif name == "Aggregate_Sample":
            raise QueryError("SAMPLE cannot be traced: which value it takes is the engine's choice. Use MIN or MAX.")


def _parts(part: Any) -> Iterable[Any]:
    yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, (list, tuple)) else ():
        yield from _parts(one)


class _Reader:
    """Turns rdflib's algebra into ours."""

    def __init__(self) -> None:
        self._blank: dict[Any, str] = {}
        self._keys = 0

    def term(self, term: Any) -> str:
        from rdflib.term import BNode, Variable

        if isinstance(term, BNode):
            return self._blank.setdefault(term, f"?__b{len(self._blank)}")
        return f"?{term}" if isinstance(term, Variable) else _n3(term)

    def path(self, path: Any) -> Any:
        from rdflib import paths

        if isinstance(path, paths.SequencePath):
            return ["seq", *(self.path(part) for part in path.args)]
        if isinstance(path, paths.AlternativePath):
            return ["alt", *(self.path(part) for part in path.args)]
        if isinstance(path, paths.InvPath):
            return ["inv", self.path(path.arg)]
        if isinstance(path, paths.MulPath):
            return ["mod", self.path(path.path), path.mod]
        if isinstance(path, paths.NegatedPath):
            return ["neg", *(self.term(part) for part in path.args)]
        return self.term(path)

    def pattern(self, node: Any) -> Node:
        maker = getattr(self, f"_{node.name.lower()}", None)
        if maker is None:
            raise QueryError(f"{node.name} cannot be traced; write the query without it.")
        made: Node = maker(node)
        return made

    def _bgp(self, node: Any) -> Node:
        if not node.triples:
            return ["unit"]
        triples: list[list[Any]] = []
        for s, p, o in node.triples:
            self._step(self.term(s), self.path(p), self.term(o), triples)
        return ["bgp", triples]

    def _step(self, subject: str, path: Any, target: str, triples: list[list[Any]]) -> None:
        """Write a path as the triples that it means as far as it is a chain: the engine then says which nodes lie between."""
        if isinstance(path, list) and path[0] == "inv":
            self._step(target, path[1], subject, triples)
        elif isinstance(path, list) and path[0] == "seq":
            nodes = [subject, *(f"?__b{len(self._blank) + 1000 + place}" for place in range(len(path) - 2)), target]
            self._blank.update({node: node for node in nodes[1:-1]})
            for place, part in enumerate(path[1:]):
                self._step(nodes[place], part, nodes[place + 1], triples)
        else:
            triples.append([subject, path, target])

    def _join(self, node: Any) -> Node:
        left, right = self.pattern(node.p1), self.pattern(node.p2)
        if left == ["unit"] or right == ["unit"]:
            return right if left == ["unit"] else left
        return ["join", left, right]

    def _leftjoin(self, node: Any) -> Node:
        trivial = node.expr is None or getattr(node.expr, "name", "") == "TrueFilter"
        return ["left", self.pattern(node.p1), self.pattern(node.p2), None if trivial else self.expression(node.expr)]

    def _union(self, node: Any) -> Node:
        return ["union", self.pattern(node.p1), self.pattern(node.p2)]

    def _minus(self, node: Any) -> Node:
        return ["minus", self.pattern(node.p1), self.pattern(node.p2)]

    def _filter(self, node: Any) -> Node:
        """Read a filter; each EXISTS that it joins by && to others becomes a filter of its own, since lineage can follow it then."""
        pattern, found = self.pattern(node.p), self._conditions(node.expr)
        is_exists = [getattr(one, "name", "").startswith("Builtin_") and "EXISTS" in one.name for one in found]
        if len(found) == 1 or not any(is_exists):
            return ["filter", pattern, self.expression(node.expr)]
        plain = [self.expression(one) for one, exists in zip(found, is_exists, strict=True) if not exists]
        if plain:
            joined = plain[0][0] if len(plain) == 1 else f"({' && '.join(one[0] for one in plain)})"
            pattern = ["filter", pattern, [joined, [inner for one in plain for inner in one[1]]]]
        for one, exists in zip(found, is_exists, strict=True):
            if exists:
                pattern = ["filter", pattern, self.expression(one)]
        return pattern

    def _conditions(self, expression: Any) -> list[Any]:
        if getattr(expression, "name", "") != "ConditionalAndExpression":
            return [expression]
        others = expression.other if isinstance(expression.other, list) else [expression.other]
        return [one for part in (expression.expr, *others) for one in self._conditions(part)]

    def _extend(self, node: Any) -> Node:
        return ["extend", self.pattern(node.p), self.term(node.var), self.expression(node.expr)]

    def _graph(self, node: Any) -> Node:
        return ["graph", self.term(node.term), self.pattern(node.p)]

    def _groupgraphpatternsub(self, node: Any) -> Node:
        from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translatePath, traverse

        # rdflib turns the paths of WHERE into terms, but not those of an EXISTS outside it.
        return self.pattern(translateGroupGraphPattern(traverse(node, visitPost=translatePath)))

    def _tomultiset(self, node: Any) -> Node:
        if isinstance(node.p, list):  # VALUES without rows: rdflib drops even the names
            return ["values", [], []]
        if node.p.name == "values":
            variables = list(dict.fromkeys(f"?{name}" for row in node.p.res for name in row))
            rows = [{f"?{name}": value for name, value in row.items()} for row in node.p.res]
            return ["values", variables, [[_value(row.get(name)) for name in variables] for row in rows]]
        return self._subquery(node.p)

    def _subquery(self, node: Any) -> Node:
        modifiers: dict[str, Any] = {"distinct": False, "start": 0, "length": None, "order": []}
        variables: list[str] = []
        while node.name in ("Slice", "Distinct", "Reduced", "Project", "OrderBy"):
            if node.name == "Slice":
                modifiers["start"], modifiers["length"] = int(node.start or 0), node.length
            elif node.name == "Distinct":
                modifiers["distinct"] = True
            elif node.name == "Project":
                variables = [f"?{name}" for name in node.PV]
            elif node.name == "OrderBy":
                for condition in node.expr:
                    shown = self.expression(condition.expr)[0]
                    modifiers["order"].append(f"{'DESC' if condition.order == 'DESC' else 'ASC'}({shown})")
            node = node.p
        return ["select", variables, self.pattern(node), modifiers]

    def _aggregatejoin(self, node: Any) -> Node:
        self._keys += 1
        keys = [[f"?__k{self._keys}_{place}", self.expression(expr)] for place, expr in enumerate(node.p.expr or [])]
        aggregates = []
        for one in node.A:
            inner = "*" if one.vars == "*" else self.expression(one.vars)[0]
            name = {"GroupConcat": "GROUP_CONCAT"}.get(
                one.name.removeprefix("Aggregate_"), one.name.removeprefix("Aggregate_").upper()
            )
            distinct = "DISTINCT " if one.distinct else ""
            separator = (
                f"; SEPARATOR = {_n3(one.separator)}"
                if name == "GROUP_CONCAT" and dict.get(one, "separator") is not None
                else ""
            )
            aggregates.append([self.term(one.res), f"{name}({distinct}{inner}{separator})"])
        return ["group", self.pattern(node.p.p), keys, aggregates]

    def expression(self, node: Any) -> list[Any]:
        exists: list[Node] = []
        return [self._expression(node, exists), exists]

    def _expression(self, node: Any, exists: list[Node]) -> str:
        name = getattr(node, "name", None)
        if name is None or not hasattr(node, "keys"):
            return self.term(node)

        def write(part: Any) -> str:
            return self._expression(part, exists)

        if name in ("ConditionalOrExpression", "ConditionalAndExpression"):
            sign = " || " if "Or" in name else " && "
            others = node.other if isinstance(node.other, list) else [node.other]
            return "(" + sign.join([write(node.expr), *(write(other) for other in others)]) + ")"
        if name == "RelationalExpression":
            if node.op in ("IN", "NOT IN"):
                listed = node.other if isinstance(node.other, list) else []
                return f"({write(node.expr)} {node.op} ({', '.join(write(one) for one in listed)}))"
            return f"({write(node.expr)} {node.op} {write(node.other)})"
        if name in ("AdditiveExpression", "MultiplicativeExpression"):
            rest = "".join(f" {sign} {write(other)}" for sign, other in zip(node.op, node.other, strict=True))
            return f"({write(node.expr)}{rest})"
        if name in ("UnaryNot", "UnaryMinus", "UnaryPlus"):
            return f"({ {'UnaryNot': '!', 'UnaryMinus': '-', 'UnaryPlus': '+'}[name] }{write(node.expr)})"
        if name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            inner = self.pattern(node.graph)
            if any(name.startswith("?__agg_") for name in scope(inner)):  # rdflib has put an aggregate for a variable
                raise QueryError(
                    "An EXISTS beside an aggregate cannot be traced; put the aggregate into a subquery and filter it outside."
                )
            exists.append(inner)
            return f"{'NOT ' if 'NOT' in name else ''}EXISTS {{ {text(inner)} }}"
        if name == "Function":
            return f"{self.term(node.iri)}({', '.join(write(part) for part in node.expr or [])})"
        if name.startswith("Builtin_"):
            function = name.removeprefix("Builtin_")
            if function in _UNREPEATABLE:
                raise QueryError(f"{function}() cannot be traced: its value changes from run to run. Leave it out.")
            parts: list[str] = []
            for key in _ARGUMENTS:
                part = dict.get(node, key)  # CompValue.get would return the key itself
                if part is not None:
                    parts += [write(one) for one in part] if isinstance(part, list) else [write(part)]
            return f"{function.replace('sameTerm', 'SAMETERM')}({', '.join(parts)})"
        raise QueryError(f"The expression {name} cannot be traced; write the query without it.")


def _n3(term: Any) -> str:
    """Write an rdflib term as SPARQL takes it, always in full, so that nothing is abbreviated into another datatype."""
    import pyoxigraph as ox
    from rdflib.term import Literal

    if isinstance(term, Literal):
        if term.language:
            return str(ox.Literal(str(term), language=term.language))
        if term.datatype is not None:
            return str(ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype))))
        return str(ox.Literal(str(term)))
    return str(ox.NamedNode(str(term)))


def _value(term: Any) -> str | None:
    return None if term is None or (str(term) == "UNDEF" and not hasattr(term, "n3")) else _n3(term)


def _readable(query: str) -> str:
    """Write a query so that rdflib's parser loses nothing of it, without changing what it means.

    ``!(a|^b)`` becomes ``(!(a)|^(!(b)))``, since the parser loses what a negated set walks backwards; a filter without a variable, such as
    ``FILTER (false)``, becomes a double negation, since the parser drops a filter that Python takes for false.
    """
    query = without_escapes(query)
    query = TOKEN.sub(lambda match: _plain(match.group()) if match.lastgroup == "string" else match.group(), query)
    tokens = [match for match in TOKEN.finditer(query) if match.lastgroup != "space"]
    pieces: list[str] = []
    done = place = 0
    while place < len(tokens):
        if tokens[place].group() == "!":
            last, steps = _negated_set(tokens, place + 1)
            if any(backward for backward, _ in steps):
                forward = "|".join(name for backward, name in steps if not backward)
                behind = "|".join(name for backward, name in steps if backward)
                spread = f"(^(!({behind})))" if not forward else f"(!({forward})|^(!({behind})))"
                pieces += [query[done : tokens[place].start()], spread]
                done = tokens[last].end()
            place = max(place, last)
        elif tokens[place].group().upper() == "FILTER" and (last := _constant(tokens, place + 1)):
            inside = query[tokens[place + 1].start() : tokens[last].end()]
            pieces += [query[done : tokens[place].end()], f" (!(!{inside}))"]
            done = tokens[last].end()
            place = last
        place += 1
    return "".join(pieces) + query[done:]


def _plain(written: str) -> str:
    r"""Write each escaped backslash of a string by its number, so that no ``\\u`` seems to follow."""
    return re.sub(r"\\(.)", lambda match: r"\u005C\u005C" if match[1] == "\\" else match[0], written, flags=re.DOTALL)


def _constant(tokens: list[Any], place: int) -> int:
    """Return the place of the bracket that closes a group without variables and patterns that opens at ``place``; 0 if it is none."""
    depth = 0
    for later in range(place, len(tokens)):
        token = tokens[later].group()
        if tokens[later].lastgroup == "variable" or token == "{" or (depth == 0 and token != "("):
            return 0
        depth += (token == "(") - (token == ")")
        if depth == 0:
            return later
    return 0


def _negated_set(tokens: list[Any], place: int) -> tuple[int, list[tuple[bool, str]]]:
    """Return the place of the last token of a negated property set that begins at ``place``, and its steps; none if it is no such set."""
    start, steps = place - 1, []
    bracket = place < len(tokens) and tokens[place].group() == "("
    place += bracket
    while place < len(tokens):
        backward = tokens[place].group() == "^"
        place += backward
        if place >= len(tokens) or (tokens[place].lastgroup not in ("name", "iri") and tokens[place].group() != "a"):
            return start, []
        steps.append((backward, tokens[place].group()))
        if not bracket:
            return place, steps
        place += 1
        if place < len(tokens) and tokens[place].group() == ")":
            return place, steps
        if place >= len(tokens) or tokens[place].group() != "|":
            return start, []
        place += 1
    return start, []


def text(node: Node) -> str:
    """Write a pattern as the inside of a group in SPARQL."""
    kind = node[0]
    if kind == "unit":
        return ""
    if kind == "bgp":
        return " ".join(f"{s} {_path(p)} {o} ." for s, p, o in node[1])
    if kind == "join":
        return f"{{ {text(node[1])} }} {{ {text(node[2])} }}"
    if kind == "union":
        return f"{{ {text(node[1])} }} UNION {{ {text(node[2])} }}"
    if kind == "left":
        condition = f" FILTER ({node[3][0]})" if node[3] else ""
        return (
            f"{{ {text(node[1])} }} OPTIONAL {{ {{ {text(node[2])} }}{condition} }}"
            if condition
            else (f"{{ {text(node[1])} }} OPTIONAL {{ {text(node[2])} }}")
        )
    if kind == "minus":
        return f"{{ {text(node[1])} }} MINUS {{ {text(node[2])} }}"
    if kind == "filter":
        return f"{{ {text(node[1])} }} FILTER ({node[2][0]})"
    if kind == "extend":
        return f"{{ {text(node[1])} }} BIND ({node[3][0]} AS {node[2]})"
    if kind == "values":
        rows = " ".join(f"({' '.join('UNDEF' if cell is None else cell for cell in row)})" for row in node[2])
        return f"VALUES ({' '.join(node[1])}) {{ {rows} }}"
    if kind == "graph":
        return f"GRAPH {node[1]} {{ {text(node[2])} }}"
    if kind == "select":
        return f"{{ {_subselect(node)} }}"
    if kind == "group":
        # Keys are bound inside and named apart: Oxigraph drops the name of GROUP BY (?variable AS ?name).
        keys = " ".join(variable for variable, _ in node[2])
        binds = "".join(f" BIND ({expression[0]} AS {variable})" for variable, expression in node[2])
        shown = " ".join([keys, *(f"({aggregate} AS {name})" for name, aggregate in node[3])]).strip()
        grouped = f" GROUP BY {keys}" if keys else ""
        return f"{{ SELECT {shown or '(1 AS ?__one)'} WHERE {{ {{ {text(node[1])} }}{binds} }}{grouped} }}"
    raise QueryError(f"The pattern {kind} cannot be written.")


def _subselect(node: Node) -> str:
    modifiers = node[3]
    order = f" ORDER BY {' '.join(modifiers['order'])}" if modifiers["order"] else ""
    limit = f" LIMIT {modifiers['length']}" if modifiers["length"] is not None else ""
    offset = f" OFFSET {modifiers['start']}" if modifiers["start"] else ""
    distinct = "DISTINCT " if modifiers["distinct"] else ""
    return f"SELECT {distinct}{' '.join(node[1]) or '(1 AS ?__one)'} WHERE {{ {text(node[2])} }}{order}{limit}{offset}"


def _path(path: Any) -> str:
    if isinstance(path, str):
        return path
    kind, *parts = path
    if kind == "seq":
        return "(" + "/".join(_path(part) for part in parts) + ")"
    if kind == "alt":
        return "(" + "|".join(_path(part) for part in parts) + ")"
    if kind == "inv":
        return f"(^{_path(parts[0])})"
    if kind == "mod":
        return f"({_path(parts[0])}){parts[1]}"
    return "!(" + "|".join(parts) + ")"


def scope(node: Node) -> set[str]:
    """Return the variables that a solution of a pattern may bind."""
    kind = node[0]
    if kind == "bgp":
        return {part for triple in node[1] for part in triple if isinstance(part, str) and part.startswith("?")}
    if kind in ("join", "union", "left"):
        return scope(node[1]) | scope(node[2])
    if kind in ("minus", "filter"):
        return scope(node[1])
    if kind == "extend":
        return scope(node[1]) | {node[2]}
    if kind == "values":
        return set(node[1])
    if kind == "select":  # a variable may be projected that nothing inside binds
        return set(node[1]) & scope(node[2])
    if kind == "graph":
        return scope(node[2]) | ({node[1]} if node[1].startswith("?") else set())
    if kind == "group":
        return {variable for variable, _ in node[2]} | {name for name, _ in node[3]}
    return set()


def mentioned(node: Node) -> set[str]:
    """Return the variables that stand anywhere in a pattern, those of its expressions and subqueries included."""
    return {match.group() for match in TOKEN.finditer(text(node)) if match.lastgroup == "variable"}


def certain(node: Node) -> set[str]:
    """Return the variables that every solution of a pattern binds."""
    kind = node[0]
    if kind == "bgp":
        return scope(node)
    if kind == "join":
        return certain(node[1]) | certain(node[2])
    if kind == "union":
        return certain(node[1]) & certain(node[2])
    if kind in ("left", "minus", "filter", "extend"):
        return certain(node[1])
    if kind == "values":
        return {name for place, name in enumerate(node[1]) if all(row[place] is not None for row in node[2])}
    if kind == "graph":
        return certain(node[2]) | ({node[1]} if node[1].startswith("?") else set())
    if kind == "select":
        return certain(node[2]) & set(node[1])
    return set()


def patterns(node: Node) -> Iterable[Node]:
    """Yield a pattern and all that it is made of, those inside EXISTS included."""
    yield node
    kind = node[0]
    inner = {
        "join": node[1:3],
        "union": node[1:3],
        "left": node[1:3],
        "minus": node[1:3],
        "filter": node[1:2],
        "extend": node[1:2],
        "graph": node[2:3],
        "select": node[2:3],
        "group": node[1:2],
    }.get(kind, [])
    expressions = {"left": [node[-1]], "filter": [node[-1]], "extend": [node[-1]]}.get(kind, [])
    if kind == "group":
        expressions = [expression for _, expression in node[2]]
    for part in [*inner, *(pattern for expression in expressions if expression for pattern in expression[1])]:
        yield from patterns(part)


def is_plain(node: Node) -> bool:
    """Whether a pattern is made of triple patterns without paths, joined, filtered and bound without EXISTS."""
    for part in patterns(node):
        kind = part[0]
        if kind == "bgp":
            if not all(isinstance(triple[1], str) for triple in part[1]):
                return False
        elif (kind == "filter" and part[2][1]) or (kind == "extend" and part[3][1]) or kind not in _PLAIN:
            return False
    return True


def is_settled(node: Node) -> bool:
    """Whether fewer triples cannot make a pattern match that did not: it is monotone, or monotone but for OPTIONALs on which nothing else hangs."""
    kind = node[0]
    if kind == "left":
        if node[3] and (
            node[3][1] or not is_monotone(node[2])
        ):  # its condition may hang on what an inner OPTIONAL binds
            return False
        return is_settled(node[1]) and is_settled(node[2])
    if kind in ("join", "union"):
        loose = (scope(node[1]) - certain(node[1])) | (scope(node[2]) - certain(node[2]))
        apart = kind == "union" or not loose & scope(node[1]) & scope(node[2])
        return is_settled(node[1]) and is_settled(node[2]) and apart
    if kind == "graph":
        return is_settled(node[2])
    if kind == "extend" and not node[3][1]:
        return is_settled(node[1])
    return is_monotone(node)


def is_growing(node: Node) -> bool:
    """Whether more triples can only add solutions: as :func:`is_monotone`, but a filter may ask for an EXISTS, alone or as one of several ways."""
    return _only_adds(node, True)


def is_monotone(node: Node) -> bool:
    """Whether more triples can only add solutions: no OPTIONAL, MINUS, EXISTS, aggregate or cut anywhere in the pattern."""
    return _only_adds(node, False)


def _only_adds(node: Node, with_exists: bool) -> bool:
    for part in patterns(node):
        if part[0] in ("left", "minus", "group"):
            return False
        if part[0] == "filter" and part[2][1] and not (with_exists and _is_asked_for(part[2])):
            return False
        if part[0] == "extend" and part[3][1]:
            return False
        if part[0] == "select" and (part[3]["length"] is not None or part[3]["start"]):
            return False
    return True


def _is_asked_for(expression: list[Any]) -> bool:
    """Whether an expression is one EXISTS, or an EXISTS joined by || to others: then it cannot fail where more is there."""
    written, inner = expression
    block = f"EXISTS {{ {text(inner[0])} }}"
    if len(inner) > 1 or written.count(block) != 1 or f"NOT {block}" in written:
        return False
    before, after = written.split(block)
    return (before, after) == ("", "") or (
        before.startswith("(")
        and (before == "(" or before.endswith(" || "))
        and (after == ")" or (after.startswith(" || ") and after.endswith(")")))
        and _is_level(before[1:])
        and _is_level(after[:-1])
    )


def _is_level(written: str) -> bool:
    """Whether a part of an expression closes all brackets that it opens, and no others."""
    depth = 0
    for token in TOKEN.finditer(written):
        depth += (token.group() == "(") - (token.group() == ")")
        if depth < 0:
            return False
    return depth == 0
