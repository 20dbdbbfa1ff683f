"""Every shipped scheme with the cases beside it: the arithmetic of a case, run through the SQL that grades the bank."""

import ast
import operator
import tomllib
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import domain
from domain.scheme import Scheme, read_scheme
from projections.trial import Trial, score
from projections.tried import Figure, Tried
from tests.reference import grade, rounded

SCHEMES = Path(domain.__file__).parent / "schemes"
FILES = sorted(SCHEMES.glob("*/[0-9]*.toml"))
SUMS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


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


def read_shipped(path: Path) -> Scheme:
    scheme = read_scheme(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(scheme, Scheme), "\n".join(map(str, scheme))
    return scheme


def read_cases() -> list[Any]:
    cases = []
    for path in sorted(SCHEMES.glob("*/cases.toml")):
        book = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in book["cases"]:
            file = path.parent / f"{case['version']}.toml"
            full = book.get(str(case["version"])) or book["full"]
            cases.append(pytest.param(file, full | case.get("with", {}), case, id=case["name"]))
    return cases


def figures(texts: dict[str, str]) -> dict[str, Figure]:
    return {name: _figure(text) for name, text in texts.items() if text != "nothing"}


def _figure(text: str) -> Figure:
    measured, _, target = text.partition(" of ")
    return Figure(None if measured == "nothing" else Decimal(measured), Decimal(target) if target else None)


@pytest.mark.parametrize(("file", "texts", "case"), read_cases())
def test_the_case_comes_out_as_its_arithmetic_says(file: Path, texts: dict[str, str], case: dict[str, Any]) -> None:
    scheme = read_shipped(file)
    [trial] = score(scheme, {"rm1": Tried(days=case.get("days"), figures=figures(texts))})
    assert trial.status == case.get("status", "graded")
    if trial.status == "graded":
        _check_lines(scheme, trial, case)
        assert (trial.tier, trial.step, trial.coefficient) == (
            case["tier"], case.get("step"), Decimal(case["coefficient"]),
        )  # fmt: skip
        assert trial.gates == case.get("gates", [])
    else:
        assert (trial.score, trial.tier, trial.coefficient) == (None, None, None)


def _check_lines(scheme: Scheme, trial: Trial, case: dict[str, Any]) -> None:
    step, half = Fraction(scheme.rounding.points), scheme.rounding.half
    points = {line.indicator: line.points for line in trial.lines}
    completion = {line.indicator: line.completion for line in trial.lines}
    for indicator, text in case.get("lines", {}).items():
        assert points[indicator] == rounded(arithmetic(text), step, half), indicator
    for indicator, text in case.get("completion", {}).items():
        assert completion[indicator] == rounded(arithmetic(text), Fraction(1, 10**6), half), indicator
    assert [indicator for indicator, one in points.items() if one is None] == case.get("unscored", [])
    if "score" in case:
        assert trial.score == arithmetic(case["score"])


@pytest.mark.parametrize(("file", "texts", "case"), read_cases())
def test_the_reference_scorer_agrees_with_the_case(file: Path, texts: dict[str, str], case: dict[str, Any]) -> None:
    if case.get("status", "graded") == "graded":
        graded = grade(read_shipped(file), Tried(figures=figures(texts)))
        assert (graded.tier, graded.coefficient) == (case["tier"], Fraction(case["coefficient"]))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_shipped_scheme_stands_under_its_id_and_date(file: Path) -> None:
    scheme = read_shipped(file)
    assert (scheme.scheme, str(scheme.effective)) == (file.parent.name, file.stem)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_shipped_scheme_gives_no_warning(file: Path) -> None:
    assert read_shipped(file).warnings() == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_shipped_scheme_ranks_no_deposits(file: Path) -> None:
    """Whatever is measured by deposits is marked as a deposit measure, so no board shows it."""
    scheme = read_shipped(file)
    moved = {kind for one in scheme.indicators if one.deposit for kind in one.measure.kinds}
    assert {one.id for one in scheme.indicators if moved & set(one.measure.kinds)} == {
        one.id for one in scheme.indicators if one.deposit
    }
    assert all(not scheme.kinds[kind].points for kind in moved)


@pytest.mark.parametrize("folder", sorted({path.parent for path in FILES}), ids=lambda one: one.name)
def test_a_shipped_scheme_has_twelve_cases_of_its_own_and_one_for_each_version(folder: Path) -> None:
    cases = tomllib.loads((folder / "cases.toml").read_text(encoding="utf-8"))["cases"]
    assert len(cases) >= 12
    assert {str(case["version"]) for case in cases} == {path.stem for path in folder.glob("[0-9]*.toml")}


def test_the_entries_of_a_shipped_scheme_stand_in_the_order_of_the_clauses() -> None:
    for file in FILES:
        scheme = read_shipped(file)
        for entries in (scheme.kinds.values(), scheme.indicators):
            clauses = [tuple(int(part) for part in one.clause.split(".")) for one in entries]
            assert clauses == sorted(clauses), file
