"""The conditions of gates: comparisons of a measure with a number, joined by and, or, not and parentheses.

sqlglot parses them, and only these nodes are let through. A condition is kept as alternatives (disjunctive normal
form): it holds where all terms of one alternative hold. A comparison with something that nobody rated never holds.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from domain.scheme_file.mistyped import narrow

LONGEST = 1_000
MOST_ALTERNATIVES = 64
FORM = (
    'write comparisons like "breach >= 1 or savings.completion < 0.8": a kind, an indicator or the score, one of '
    "< <= = <> >= >, a number"
)
PARTS = ("points", "completion")
"""What of an indicator or a section a condition may look at, beside what it measured."""
COMPARISONS: dict[type[exp.Expr], str] = {
    exp.LT: "<",
    exp.LTE: "<=",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GTE: ">=",
    exp.GT: ">",
}
OPPOSITE = {"<": ">=", "<=": ">", "=": "<>", "<>": "=", ">=": "<", ">": "<="}
WRITTEN = {"≥": ">=", "≤": "<=", "≠": "<>", "≧": ">=", "≦": "<="}
MIRRORED = {"<": ">", "<=": ">=", "=": "=", "<>": "<>", ">=": "<=", ">": "<"}


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison: the measure's name, the operator, a number with at most 3 decimals; `part` of `visits.points`."""

    measure: str
    op: str
    value: Decimal
    part: str | None = None


Alternatives = tuple[tuple[Term, ...], ...]


class _UnfitError(Exception):
    """Says what would be right in a condition."""


@lru_cache(maxsize=1_000)  # each is asked for by several checks, and by whoever compiles or tells the scheme
def read_condition(text: str) -> Alternatives | str:
    """A condition as alternatives of terms, or what would be right."""
    try:
        return _alternatives(_parse(text), negated=False)
    except _UnfitError as unfit:
        return str(unfit)
    except (SqlglotError, RecursionError):
        return FORM


def terms_of(text: str) -> list[Term]:
    """Every comparison of a condition, in whichever alternative; nothing where it can't be read."""
    condition = read_condition(text)
    return [] if isinstance(condition, str) else [term for terms in condition for term in terms]


def names_of(text: str) -> set[str]:
    """What a condition looks at, without the part after the point; nothing where it can't be read."""
    return {term.measure for term in terms_of(text)}


def _parse(text: str) -> exp.Expr:
    if len(text) > LONGEST:
        raise _UnfitError(f"write at most {LONGEST} characters")
    if odd := next((one for one in text if not one.isascii()), None):
        shown = odd if odd.isprintable() else f"U+{ord(odd):04X}"
        right = WRITTEN.get(odd) or narrow(odd)
        instead = f", write `{right}`" if right.isascii() and right.strip() else ""
        raise _UnfitError(f"write plain letters, digits and signs, as in English: `{shown}` is none of them{instead}")
    if re.search(r"--|/[*]|;", text):
        raise _UnfitError(FORM)
    if re.search(r"(?<![A-Za-z0-9_.])[0-9][0-9.]*_", text):
        raise _UnfitError("write a number without separators, like 1000")
    # In quotes a name is never a word of SQL: `call` and `order` may be kinds.
    quoted = re.sub(r"\b(?!(?:and|or|not)\b)([A-Za-z_]\w*)", r'"\1"', text, flags=re.ASCII | re.IGNORECASE)
    return sqlglot.parse_one(quoted, dialect="duckdb")


def _alternatives(node: exp.Expr, negated: bool) -> Alternatives:
    if isinstance(node, exp.Paren):
        return _alternatives(node.this, negated)
    if isinstance(node, exp.Not):
        return _alternatives(node.this, not negated)
    if isinstance(node, exp.And | exp.Or):
        left, right = (_alternatives(side, negated) for side in (node.left, node.right))
        return _both(left, right) if isinstance(node, exp.And) is not negated else left + right
    return ((_term(node, negated),),)


def _both(left: Alternatives, right: Alternatives) -> Alternatives:
    if len(left) * len(right) > MOST_ALTERNATIVES:
        raise _UnfitError(f"write it with fewer ors under an and: at most {MOST_ALTERNATIVES} alternatives")
    return tuple(a + b for a, b in product(left, right))


def _term(node: exp.Expr, negated: bool) -> Term:
    op = COMPARISONS.get(type(node))
    if op is None or not isinstance(node, exp.Binary):
        raise _UnfitError(FORM)
    if isinstance(node.left, exp.Column):
        (name, part), value = _name(node.left), _value(node.right)
    else:
        (name, part), value, op = _name(node.right), _value(node.left), MIRRORED[op]
    return Term(name, OPPOSITE[op] if negated else op, value, part)


def _name(node: exp.Expr) -> tuple[str, str | None]:
    if not isinstance(node, exp.Column) or len(node.parts) > 2:
        raise _UnfitError(FORM)
    *of, name = (part.name for part in node.parts)
    if of and name not in PARTS:
        raise _UnfitError(f"after the point write one of {', '.join(PARTS)}")
    return (of[0], name) if of else (name, None)


def _value(node: exp.Expr) -> Decimal:
    sign, literal = (-1, node.this) if isinstance(node, exp.Neg) else (1, node)
    if not isinstance(literal, exp.Literal) or literal.is_string:
        raise _UnfitError(FORM)
    if not re.fullmatch(r"[0-9]{1,12}([.][0-9]{1,3})?", str(literal.this)):
        raise _UnfitError("write a number below 10^12 with at most 3 decimals")
    return sign * Decimal(str(literal.this))
