"""The worked cases that stand beside the schemes, read and scored: all of one file's cases in one run of the models.

Each case is a group of its own, so that it is compared with nobody else's.
"""

import ast
import operator
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import domain
from domain.scheme import Scheme, read_scheme
from projections.trial import Trial, score
from projections.tried import SERVED, Figure, Tried

SCHEMES = Path(domain.__file__).parent / "schemes"
SHIPPED = sorted(SCHEMES.glob("*/[0-9]*.toml"))
"""Every version of every scheme that is shipped; the examples of the language are none of them."""
SUMS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True)
class Case:
    """One case: the scheme's file, the figures that it is about, and what is said to come out."""

    file: Path
    name: str
    tried: Tried
    said: dict[str, Any]
    others: tuple[Tried, ...] = ()
    """Whom the RM is compared with."""

    @property
    def status(self) -> str:
        return str(self.said.get("status", "graded"))


def arithmetic(text: str) -> Fraction:
    """The exact value of `12 * 1.2 - 3 / 7`."""

    def value(node: ast.expr) -> Fraction:
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                return SUMS[type(op)](value(left), value(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
            case ast.Constant():
                return Fraction(ast.get_source_segment(text, node) or "")
        raise ValueError(f"not arithmetic: {text}")

    return value(ast.parse(text, mode="eval").body)


@cache
def read_shipped(file: Path) -> Scheme:
    scheme = read_scheme(file.read_text(encoding="utf-8"), file.name)
    assert isinstance(scheme, Scheme), "\n".join(map(str, scheme))
    return scheme


@cache
def read_cases() -> tuple[Case, ...]:
    """Every case of every folder, in the order of the files."""
    return tuple(case for path in sorted(SCHEMES.glob("*/cases.toml")) for case in _cases_of(path))


def _cases_of(path: Path) -> list[Case]:
    book = tomllib.loads(path.read_text(encoding="utf-8"))
    cases = []
    for said in book["cases"]:
        texts = (book.get(str(said["version"])) or book["full"]) | said.get("with", {})
        tried = Tried(
            group=said["name"], certified=said.get("certified", True), figures=_figures(texts),
            **{column: said.get(column) for column in SERVED},
        )  # fmt: skip
        others = tuple(_other(said["name"], texts, other) for other in said.get("others", ()))
        cases.append(Case(path.parent / f"{said['version']}.toml", said["name"], tried, said, others))
    return cases


def _other(case: str, texts: dict[str, str], differs: dict[str, str]) -> Tried:
    """Somebody else, by the figures in which they differ: of the case's own group, or of another one."""
    figures = texts | {name: text for name, text in differs.items() if name != "group"}
    return Tried(group=case + differs.get("group", ""), figures=_figures(figures))


def _figures(texts: dict[str, str]) -> dict[str, Figure]:
    return {name: _figure(text) for name, text in texts.items() if text != "nothing"}


def _figure(text: str) -> Figure:
    """`90 of 100`; of `90 of 100 and 20` the 20 were carried."""
    measured, _, asked = text.partition(" of ")
    target, _, carried = asked.partition(" and ")
    return Figure(
        None if measured == "nothing" else _decimal(measured), _decimal(target) if target else None,
        carried=_decimal(carried) if carried else None,
    )  # fmt: skip


def _decimal(text: str) -> Decimal:
    exact = arithmetic(text)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def trial_of(case: Case) -> Trial:
    """What the SQL that grades the bank makes of a case."""
    return _trials(case.file)[case.name]


@cache
def _trials(file: Path) -> dict[str, Trial]:
    names = {f"rm{n}": case for n, case in enumerate(case for case in read_cases() if case.file == file)}
    people = {rm: case.tried for rm, case in names.items()}
    people |= {f"{rm}-{n}": other for rm, case in names.items() for n, other in enumerate(case.others)}
    trials = score(read_shipped(file), people)
    return {names[trial.rm].name: trial for trial in trials if trial.rm in names}
