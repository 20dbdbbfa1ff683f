"""Law: whatever the figures, small or large, forecast, pace and light are those that fractions give."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

import duckdb
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from projections import pipeline, questions

EFFECTIVE, GREEN, AMBER = date(2026, 1, 1), 950_000, 800_000
BIGGEST = 2**63 - 1


class Figures(NamedTuple):
    """One line: in thousandths, over a part of the working days."""

    measured: int | None
    target: int
    base: int
    passed: int
    days: int
    flows: bool
    held: bool | None = None


def sizes(least: int) -> st.SearchStrategy[int]:
    """Small figures, those about the size from which on 128 bits are needed, and large ones."""
    edge = 20_000_000_000
    return st.one_of(st.integers(least, 9_000), st.integers(edge - 2, edge + 2), st.integers(max(least, -edge), 10**15))


LINES = st.builds(
    lambda measured, target, base, days, part, rule: Figures(measured, target, base, days * part // 9, days, *rule),
    st.none() | sizes(-500), sizes(1), sizes(0), st.integers(0, 66), st.integers(0, 9),
    st.sampled_from([(True,), (False,), (False, True), (False, False)]),
)  # fmt: skip


def rounded(value: Fraction) -> int:
    """Half up, away from zero."""
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return whole if value >= 0 else -whole


def reckoned(line: Figures) -> tuple[int, int | None, int | None, str]:
    """What is expected, forecast and pace, and the light."""
    base = line.base if line.flows else 0
    expected = line.target
    if line.flows:
        part = Fraction(line.passed, line.days) if line.days else Fraction(0)
        expected = rounded((line.target + base) * part) - base if line.days else 0
    if line.measured is None or not (line.passed and line.days):
        return expected, None, None, "none"
    exact = Fraction(line.measured)
    if line.flows:
        exact = (line.measured + base) * Fraction(line.days, line.passed) - base
    ratio = exact / line.target * 1_000_000
    light = "green" if ratio >= GREEN else "amber" if ratio >= AMBER else "red"
    if line.held is not None:  # a limit, which costs no points as long as it is held
        light = "green" if line.held else "red"
    forecast, pace = rounded(exact), rounded(ratio)
    return expected, forecast if abs(forecast) <= BIGGEST else None, pace if abs(pace) <= BIGGEST else None, light


@settings(max_examples=20, derandomize=True, phases=[Phase.explicit, Phase.generate])
@example([Figures(60_000, 100_000, 0, 40, 60, True), Figures(4_750, 5_000, 200, 51, 59, False)])
@given(st.lists(LINES, min_size=1, max_size=40))
def test_forecast_pace_and_light_are_those_of_fractions(lines: list[Figures]) -> None:
    with duckdb.connect() as con:
        pipeline.create_macros(con)
        _tables(con, lines)
        found = questions.rows(con, "paces", quarter="2026Q1")
    told = {row["rm"]: (row["expected"], row["forecast"], row["pace"], row["light"]) for row in found}
    assert told == {f"r{number}": reckoned(line) for number, line in enumerate(lines)}


def _tables(con: duckdb.DuckDBPyConnection, lines: list[Figures]) -> None:
    """The tables that `paces` reads: an indicator that flows, one that stands as it is, and a limit."""
    con.execute("CREATE TABLE passed (rm VARCHAR, org VARCHAR, passed BIGINT, planned_days INTEGER)")
    con.execute(
        "CREATE TABLE score_lines (rm VARCHAR, quarter VARCHAR, indicator VARCHAR, ordinal INTEGER, weight BIGINT, "
        "measured BIGINT, target BIGINT, base BIGINT, scheme VARCHAR, effective DATE, points BIGINT, share BIGINT, "
        "previous_target BIGINT)"
    )
    con.execute(
        "CREATE TABLE scheme_indicators AS SELECT 's' AS scheme, $day AS effective, TRUE AS over_base, "
        "unnest(['sold', 'held', 'limit']) AS indicator, unnest(['sum', 'daily-average', 'daily-average']) AS rule, "
        "unnest(['completion', 'completion', 'below-target']) AS axis, 'more' AS better",
        {"day": EFFECTIVE},
    )
    con.execute(
        "CREATE TABLE scheme_versions AS SELECT 's' AS scheme, $day AS effective, CAST($green AS BIGINT) AS green, "
        "CAST($amber AS BIGINT) AS amber, CAST(10000 AS BIGINT) AS points_unit",
        {"day": EFFECTIVE, "green": GREEN, "amber": AMBER},
    )
    for number, line in enumerate(lines):
        rm, indicator = f"r{number}", "sold" if line.flows else "held" if line.held is None else "limit"
        points = 14_740_000 - 10_000 * (line.held is False)  # of a share of 14.736842, rounded to a hundredth
        con.execute("INSERT INTO passed VALUES (?, 'o', ?, ?)", [rm, line.passed, line.days])
        con.execute(
            "INSERT INTO score_lines VALUES (?, '2026Q1', ?, 1, 20, ?, ?, ?, 's', ?, ?, 14736842, NULL)",
            [rm, indicator, line.measured, line.target, line.base, EFFECTIVE, points],
        )
