"""Every shipped scheme with the cases beside it: the arithmetic of a case, run through the SQL that grades the bank."""

import tomllib
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from projections.trial import Trial
from tests.reference import as_fractions, rounded
from tests.reference_of_peers import grades
from tests.schemes.cases import SHIPPED, Case, arithmetic, read_cases, read_shipped, trial_of

FOLDERS = sorted({file.parent for file in SHIPPED})
each_case = pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.file.parent.name}: {case.name}") for case in read_cases()]
)
each_shipped = pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.parent.name}/{file.stem}")
each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)


@each_case
def test_the_case_comes_out_as_its_arithmetic_says(case: Case) -> None:
    trial = trial_of(case)
    assert trial.status == case.status
    if trial.status == "graded":
        _check_lines(case, trial)
        assert (trial.tier, trial.step, trial.coefficient) == (
            case.said["tier"], case.said.get("step"), Decimal(case.said["coefficient"]),
        )  # fmt: skip
        assert (trial.gates, trial.quota) == (case.said.get("gates", []), case.said.get("quota"))
    else:
        assert (trial.score, trial.tier, trial.coefficient) == (None, None, None)


def _check_lines(case: Case, trial: Trial) -> None:
    rounding = read_shipped(case.file).rounding
    points = {line.indicator: line.points for line in trial.lines}
    completion = {line.indicator: line.completion for line in trial.lines}
    for indicator, text in case.said.get("lines", {}).items():
        assert points[indicator] == rounded(arithmetic(text), Fraction(rounding.points), rounding.half), indicator
    for indicator, text in case.said.get("completion", {}).items():
        assert completion[indicator] == rounded(arithmetic(text), Fraction(1, 10**6), rounding.half), indicator
    assert [indicator for indicator, one in points.items() if one is None] == case.said.get("unscored", [])
    if "score" in case.said:
        assert trial.score == arithmetic(case.said["score"])


@each_case
def test_the_reference_scorer_agrees_with_the_case_to_the_last_digit(case: Case) -> None:
    people = {"": case.tried} | {str(n): other for n, other in enumerate(case.others)}
    assert as_fractions(trial_of(case)) == grades(read_shipped(case.file), people)[""]


@each_shipped
def test_a_shipped_scheme_stands_under_its_id_and_date(file: Path) -> None:
    scheme = read_shipped(file)
    assert (scheme.scheme, str(scheme.effective)) == (file.parent.name, file.stem)


@each_shipped
def test_a_shipped_scheme_gives_no_warning(file: Path) -> None:
    assert read_shipped(file).warnings() == []


@each_shipped
def test_a_shipped_scheme_ranks_no_deposits(file: Path) -> None:
    """Whatever is measured by deposits is marked as a deposit measure, so no board shows it."""
    scheme = read_shipped(file)
    moved = {kind for one in scheme.indicators if one.deposit for kind in one.measure.kinds}
    assert {one.id for one in scheme.indicators if moved & set(one.measure.kinds)} == {
        one.id for one in scheme.indicators if one.deposit
    }
    assert all(not scheme.kinds[kind].points for kind in moved)


@each_folder
def test_a_shipped_scheme_has_twelve_cases_of_its_own_and_one_for_each_version(folder: Path) -> None:
    cases = tomllib.loads((folder / "cases.toml").read_text(encoding="utf-8"))["cases"]
    assert len(cases) >= 12
    assert {str(case["version"]) for case in cases} == {path.stem for path in folder.glob("[0-9]*.toml")}


@each_folder
def test_each_tier_gate_and_quota_of_a_shipped_scheme_decides_in_a_case(folder: Path) -> None:
    cases = [case for case in read_cases() if case.file.parent == folder]
    newest = read_shipped(max(file for file in SHIPPED if file.parent == folder))
    assert {tier.id for tier in newest.tiers} - {trial_of(case).tier for case in cases} == set()
    assert {gate.id for gate in newest.gates} - {gate for case in cases for gate in trial_of(case).gates} == set()
    assert {quota.id for quota in newest.quotas} - {trial_of(case).quota for case in cases} == set()


def test_no_two_cases_of_a_folder_have_one_name() -> None:
    names = Counter((case.file.parent.name, case.name) for case in read_cases())
    assert [name for name, times in names.items() if times > 1] == []


@each_shipped
def test_the_entries_of_a_shipped_scheme_stand_in_the_order_of_the_clauses(file: Path) -> None:
    scheme = read_shipped(file)
    for entries in (scheme.kinds.values(), scheme.indicators):
        clauses = [tuple(int(part) for part in one.clause.split(".")) for one in entries]
        assert clauses == sorted(clauses), file
