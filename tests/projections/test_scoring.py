"""The scoring models over tables as the measuring models leave them: what a trial can't reach."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from domain.money import MICRO, MILLI
from domain.scheme import SCHEME_TABLES, Scheme, read_scheme
from projections import pipeline
from projections.trial import GIVEN, scoring

READ = read_scheme((Path(__file__).parents[1] / "schemes/small.toml").read_text(encoding="utf-8"))
assert isinstance(READ, Scheme)
SMALL = READ
QUARTER = "2026Q1"
VERSION = ("small", date(2026, 1, 1))
MODELS = scoring()
TABLES = {"touched": "rm VARCHAR, quarter VARCHAR"} | GIVEN


class Quarterly:
    """A quarter whose measures are given, and its grades."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        pipeline.create_macros(self.con)
        for table, columns in (SCHEME_TABLES | TABLES).items():
            self.con.execute(f"CREATE TABLE {table} ({columns})")
        for table, rows in SMALL.rows().items():
            for row in rows:
                self.add(table, *row)
        for model in MODELS:
            pipeline.create(self.con, model)

    def add(self, table: str, *row: object) -> None:
        self.con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def serve(self, rm: str, days: int = 60, contract: bool = True, version: tuple[object, object] = VERSION) -> None:
        """An RM who reached every target, touched by the next step."""
        self.add("touched", rm, QUARTER)
        self.add("service", rm, QUARTER, "outlet", *version, contract, days, True)
        if version[0]:
            for indicator, measured, target in (("savings", 100, 100), ("visits", 20, None), ("conduct", 0, None)):
                self.measure(rm, indicator, measured * MILLI, target and target * MILLI)
            self.measure(rm, "service", None, 100 * MILLI)

    def measure(self, rm: str, indicator: str, measured: int | None, target: int | None, in_range: bool = True) -> None:
        self.con.execute("DELETE FROM counted_figures WHERE rm = ? AND indicator = ?", [rm, indicator])
        self.add("counted_figures", rm, QUARTER, *VERSION, indicator, measured, None, target, None, in_range)

    def step(self) -> None:
        for model in MODELS:
            pipeline.renew(self.con, model)
        for model in MODELS:
            if model.renewal == "rebuilt" and pipeline.is_needed(self.con, model):
                pipeline.keep(self.con, model, "memory.main")
                self.con.execute(f"DROP TABLE temp.main.{model.name}")
        self.con.execute("DELETE FROM touched")

    def grade(self, rm: str) -> tuple[object, ...] | None:
        """Status, score, tier and coefficient."""
        question = "SELECT status, score, tier, coefficient FROM grades WHERE rm = ?"
        row: tuple[object, ...] | None = self.con.execute(question, [rm]).fetchone()
        return row

    def rows(self, table: str) -> list[tuple[object, ...]]:
        return self.con.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()


@pytest.fixture
def quarter() -> Iterator[Quarterly]:
    quarter = Quarterly()
    yield quarter
    quarter.con.close()


GRADED = ("graded", 95_500_000, "excellent", 1_200_000)


def test_who_reached_every_target_is_graded(quarter: Quarterly) -> None:
    quarter.serve("rm1")
    quarter.step()
    assert quarter.grade("rm1") == GRADED


@pytest.mark.parametrize(
    ("days", "contract", "version", "status"),
    [
        (60, True, (None, None), "no-scheme"),
        (60, False, VERSION, "no-contract"),
        (29, True, VERSION, "short-service"),
        (29, False, VERSION, "no-contract"),
        (0, False, (None, None), "no-scheme"),
    ],
)
def test_not_graded_is_a_state_with_its_reason_and_has_no_score(
    quarter: Quarterly, days: int, contract: bool, version: tuple[object, object], status: str
) -> None:
    quarter.serve("rm1", days, contract, version)
    quarter.step()
    assert quarter.grade("rm1") == (status, None, None, None)


def test_a_measure_out_of_range_leaves_that_rm_without_a_grade_and_the_others_with_theirs(quarter: Quarterly) -> None:
    quarter.serve("rm1")
    quarter.serve("rm2")
    quarter.measure("rm1", "savings", None, 100 * MILLI, in_range=False)
    quarter.step()
    assert quarter.grade("rm1") == ("not-gradable", None, None, None)
    assert quarter.grade("rm2") == GRADED


def test_a_kind_out_of_range_leaves_that_rm_without_a_grade(quarter: Quarterly) -> None:
    quarter.serve("rm1")
    quarter.add("kind_totals", "rm1", QUARTER, "visit", None)
    quarter.step()
    assert quarter.grade("rm1") == ("not-gradable", None, None, None)


def test_a_step_makes_the_touched_quarters_anew_and_leaves_the_others(quarter: Quarterly) -> None:
    quarter.serve("rm1")
    quarter.serve("rm2")
    quarter.step()
    quarter.measure("rm2", "conduct", 1 * MILLI, None)
    quarter.add("touched", "rm2", QUARTER)
    quarter.step()
    assert quarter.grade("rm1") == GRADED
    assert quarter.grade("rm2") == ("graded", 90_500_000, "excellent", 1_200_000)


def test_a_step_that_changes_nothing_leaves_the_same_rows(quarter: Quarterly) -> None:
    quarter.serve("rm1")
    quarter.add("kind_totals", "rm1", QUARTER, "breach", 2 * MILLI)
    quarter.step()
    before = {model.name: quarter.rows(model.name) for model in MODELS}
    quarter.add("touched", "rm1", QUARTER)
    quarter.step()
    assert {model.name: quarter.rows(model.name) for model in MODELS} == before


def test_of_several_gates_the_strictest_stands(quarter: Quarterly) -> None:
    quarter.serve("rm1")
    quarter.add("kind_totals", "rm1", QUARTER, "breach", 4 * MILLI)
    quarter.step()
    assert quarter.grade("rm1") == ("graded", 95_500_000, "basically-qualified", 0)


def test_a_gate_gives_no_coefficient_to_who_is_not_graded(quarter: Quarterly) -> None:
    quarter.serve("rm1", contract=False)
    quarter.add("kind_totals", "rm1", QUARTER, "breach", 4 * MILLI)
    quarter.step()
    assert quarter.grade("rm1") == ("no-contract", None, None, None)


def test_every_gate_of_the_scheme_says_whether_it_fired(quarter: Quarterly) -> None:
    quarter.serve("rm1")
    quarter.add("kind_totals", "rm1", QUARTER, "breach", 2 * MILLI)
    quarter.step()
    assert [(row[2], row[4]) for row in quarter.rows("gates_fired")] == [("breach", True), ("grave", False)]


def test_a_line_tells_weight_share_and_why_it_is_not_scored(quarter: Quarterly) -> None:
    quarter.serve("rm1")
    quarter.step()
    lines = quarter.con.execute(
        "SELECT indicator, weight, share, scored, reason, points FROM score_lines ORDER BY ordinal"
    )
    assert lines.fetchall() == [
        ("savings", 30 * MICRO, 37_500_000, True, None, 37_500_000),
        ("visits", 10 * MICRO, 12_500_000, True, None, 8 * MICRO),
        ("conduct", 40 * MICRO, 50 * MICRO, True, None, 50 * MICRO),
        ("service", 20 * MICRO, 0, False, "not-rated", None),
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_each_model_keeps_the_grain_that_it_states(quarter: Quarterly, model: pipeline.Model) -> None:
    for rm in ("rm1", "rm2"):
        quarter.serve(rm)
    quarter.step()
    grain = ", ".join(model.grain)
    assert (
        quarter.con.execute(f"SELECT {grain} FROM {model.name} GROUP BY {grain} HAVING count(*) > 1").fetchall() == []
    )
    used = not model.needs or any(SMALL.rows()[table] for table in model.needs)
    assert quarter.con.execute(f"SELECT count(*) > 0 FROM {model.name}").fetchone() == (used,)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_what_is_kept_has_whole_numbers_of_64_bits_and_only_what_is_worked_out_fractions_of_128(
    quarter: Quarterly, model: pipeline.Model
) -> None:
    types = {row[1] for row in quarter.con.execute(f"DESCRIBE {model.name}").fetchall()}
    fractions = ["HUGEINT"] if model.renewal == "worked" else []
    assert types <= {"VARCHAR", "BIGINT", "INTEGER", "BOOLEAN", "DATE", *fractions}
