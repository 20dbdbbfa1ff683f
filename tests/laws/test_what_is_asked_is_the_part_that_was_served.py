"""Law: whatever postings, leave and departures, the part of a target that is asked is what one gets day by day."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.calendar import Quarter, days, is_working_day
from projections import pipeline
from tests.bank import Q1, Q2, empty_read_model

MODES = ("whole", "working-days", "calendar-days", "full-months")
"""Each is the `targets` of a scheme, and the position that the scheme appraises."""
RAMP_UP = {1: Fraction(1, 2), 2: Fraction(4, 5), 4: Fraction(9, 10)}
QUARTERS, NEW_YEAR = (Q1, Q2), date(2026, 1, 1)
SERVICE = next(model for model in pipeline.models() if model.name == "service")
MONTH_ENDS = [-91, -1, 0, 1, 29, 30, 31, 32, 57, 58, 59, 60, 88, 89, 90, 91, 119, 120, 180, 181]
DAYS = st.one_of(st.sampled_from(MONTH_ENDS), st.integers(-300, 190)).map(lambda n: NEW_YEAR + timedelta(days=n))
PLACES = st.tuples(st.sampled_from(MODES), st.sampled_from(["east", "south"]))
LEAVES = st.lists(DAYS, max_size=4, unique=True).map(sorted)


class Career(NamedTuple):
    """Position and outlet from each day on; the last day in the bank; the first and last days of each leave in turn."""

    postings: dict[date, tuple[str, str]]
    left_on: date | None
    leaves: list[date]

    def served(self, quarter: Quarter) -> dict[date, tuple[str, str]]:
        """Where somebody was on each day of a quarter on which they were in the bank."""
        until = min(self.left_on or quarter.last_day, quarter.last_day)
        return {
            day: self.postings[max(begun)]
            for day in days(quarter.first_day, until)
            if (begun := [first for first in self.postings if first <= day])
        }

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in zip(self.leaves[::2], self.leaves[1::2], strict=False))


POSTINGS = st.dictionaries(DAYS, PLACES, min_size=1, max_size=3)
CAREERS = st.one_of(
    st.builds(Career, POSTINGS, st.none() | DAYS, LEAVES),
    st.builds(  # who left soon
        lambda postings, stay: Career(postings, min(postings) + timedelta(days=stay), []), POSTINGS, st.integers(0, 40)
    ),
)


def asked(career: Career, quarter: Quarter) -> tuple[str, int, Fraction] | None:
    """The position of most working days, of several the last one; the days worked; the part of a target."""
    served = career.served(quarter)
    if not served:
        return None
    at = {mode: [day for day, (post, _) in served.items() if post == mode] for mode in MODES}
    mode = max((mode for mode in MODES if at[mode]), key=lambda mode: (_work(at[mode]), at[mode][-1]))
    worked = sum(is_working_day(day) and not career.is_away(day) for day in served)
    every = list(days(quarter.first_day, quarter.last_day))
    months = [[day for day in every if day.month == month] for month in sorted({day.month for day in every})]
    part = {
        "whole": Fraction(1),
        "working-days": Fraction(worked, _work(every)),
        "calendar-days": Fraction(len(served), len(every)),
        "full-months": Fraction(sum(set(month) <= served.keys() for month in months), 3),
    }[mode]
    return mode, worked, part * RAMP_UP.get(_nth(quarter, Quarter.of(min(career.postings))), Fraction(1))


def _work(some: list[date]) -> int:
    return sum(map(is_working_day, some))


def _nth(quarter: Quarter, first: Quarter) -> int:
    """1 in the quarter of joining."""
    return 1 if quarter <= first else 1 + _nth(quarter.previous, first)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty read model on a day after both quarters, with a scheme for each way to ask for less."""
    path = tmp_path_factory.mktemp("service") / "read-model.duckdb"
    path.write_bytes(empty_read_model("Asia/Shanghai"))
    with duckdb.connect(str(path)) as con:
        pipeline.create_macros(con)
        con.execute("INSERT INTO bank_day (today, since) VALUES ('2026-07-01', '2026Q1')")
        for mode in MODES:
            key = [mode, "2025-01-01"]
            con.execute("INSERT INTO scheme_positions (scheme, effective, post) VALUES (?, ?, ?)", [*key, mode])
            con.execute("INSERT INTO scheme_versions (scheme, effective, targets) VALUES (?, ?, ?)", [*key, mode])
            for nth, part in RAMP_UP.items():
                ramped = [*key, nth, int(part * 1_000_000)]
                con.execute(
                    "INSERT INTO scheme_ramp_ups (scheme, effective, nth_quarter, part) VALUES (?, ?, ?, ?)", ramped
                )
        yield con


@settings(
    max_examples=15, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(careers=st.lists(CAREERS, min_size=15, max_size=30))
def test_the_part_asked_is_the_one_counted_day_by_day(store: duckdb.DuckDBPyConnection, careers: list[Career]) -> None:
    with store.cursor() as con:
        con.begin()
        _tell(con, careers)
        rows = con.execute(f"SELECT rm, quarter, post, working_days, due_n, due_d FROM ({SERVICE.select})").fetchall()
        con.rollback()
    found = {(rm, quarter): (post, worked, Fraction(n, d)) for rm, quarter, post, worked, n, d in rows}
    wanted = {(f"r{n}", str(quarter)): asked(one, quarter) for n, one in enumerate(careers) for quarter in QUARTERS}
    assert found == {key: each for key, each in wanted.items() if each}


def _tell(con: duckdb.DuckDBPyConnection, careers: list[Career]) -> None:
    people: list[dict[str, object]] = []
    for number, career in enumerate(careers):
        rm = f"r{number}"
        for day, (post, org) in career.postings.items():
            people.append({"rm": rm, "event": "RMPosted", "from_day": day, "org": org, "post": post})
        if career.left_on:
            people.append({"rm": rm, "event": "RMLeft", "from_day": career.left_on})
        for first, last in zip(career.leaves[::2], career.leaves[1::2], strict=False):
            people.append({"rm": rm, "event": "RMAbsent", "from_day": first, "to_day": last})
    touched = [{"rm": f"r{n}", "quarter": str(each)} for n in range(len(careers)) for each in QUARTERS]
    for table, lines in (("people", people), ("touched", touched)):
        columns = ("rm", "event", "from_day", "to_day", "org", "post") if table == "people" else ("rm", "quarter")
        con.register("lines", pa.table({name: [line.get(name) for line in lines] for name in columns}))
        con.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM lines")
        con.unregister("lines")
