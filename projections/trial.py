"""A scheme tried on a file of measures, without any store: the scoring models themselves, over an in-memory DuckDB."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow
from pydantic import BaseModel, ConfigDict

from domain.calendar import Quarter
from domain.money import MICRO, MILLI, Exact, scaled, unscaled
from domain.scheme import SCHEME_TABLES, Measure, Scheme
from projections import pipeline
from projections.tried import NOTHING, Figure, Tried, fits, part_asked

GIVEN = {
    "service": "rm VARCHAR, quarter VARCHAR, org VARCHAR, scheme VARCHAR, effective DATE, has_contract BOOLEAN, "
    "working_days INTEGER, certified BOOLEAN",
    "counted_figures": "rm VARCHAR, quarter VARCHAR, scheme VARCHAR, effective DATE, indicator VARCHAR, "
    "measured BIGINT, base BIGINT, target BIGINT, previous_target BIGINT, in_range BOOLEAN",
    "carried": "rm VARCHAR, quarter VARCHAR, indicator VARCHAR, carried HUGEINT",
    "peer_groups": "rm VARCHAR, quarter VARCHAR, scheme VARCHAR, effective DATE, level VARCHAR, peers VARCHAR",
    "kind_totals": "rm VARCHAR, quarter VARCHAR, kind VARCHAR, quantity BIGINT",
}
"""What was counted, in the place of the models that count it: the columns that the scoring models read."""


RANKS = "rm VARCHAR, quarter VARCHAR, indicator VARCHAR, completion BIGINT, place BIGINT, peers BIGINT"
Places = Mapping[str, tuple[int, int]]
"""Of who is looked at alone, by line: the place that they have among so many peers, whoever those are."""


def scoring(given: Iterable[str] = ()) -> list[pipeline.Model]:
    """The models that turn what was counted, and what else is given, into grades, in the order in which they run."""
    return pipeline.below({"grades"}, {*GIVEN, *given})


class TrialLine(BaseModel):
    """What one indicator came to; `completion` is None for shapes without a target, `points` where it is not scored.
    `target` is the one asked, `share` the weight after spreading, `reason` why its shape gave no points."""

    model_config = ConfigDict(frozen=True)
    indicator: str
    measured: Exact | None
    target: Exact | None
    share: Exact
    completion: Exact | None
    points: Exact | None
    reason: str | None


class TrialSection(BaseModel):
    """What the lines of a section come to."""

    model_config = ConfigDict(frozen=True)
    section: str
    points: Exact | None


class Trial(BaseModel):
    """One RM under the scheme. `status` is `graded`, or why there is no grade; `gates` are those that fired, `quota` is
    the one that moved the tier down; `multipliers` are those that hold."""

    model_config = ConfigDict(frozen=True)
    rm: str
    status: str
    score: Exact | None
    tier: str | None
    step: int | None = None
    coefficient: Exact | None
    lines: list[TrialLine]
    gates: list[str]
    quota: str | None = None
    sections: list[TrialSection] = []
    multipliers: list[str] = []


def score(scheme: Scheme, tried: dict[str, Tried]) -> list[Trial]:
    """Run the scoring models over what was measured: a result for each RM, in their order."""
    con = duckdb.connect()
    try:
        make(con, scheme, tried)
        return _results(con, list(tried))
    finally:
        con.close()


def make(con: duckdb.DuckDBPyConnection, scheme: Scheme, tried: dict[str, Tried], places: Places | None = None) -> None:
    """Fill an empty connection with what was measured, and make every scoring model of it. Where `places` are given
    they are everybody's, and nobody is compared with one another."""
    _fill(con, scheme, tried)
    pipeline.create_macros(con)
    if places is not None:
        quarter = str(Quarter.of(scheme.effective))
        rows: list[tuple[object, ...]] = [
            (rm, quarter, name, None, *place) for rm in tried for name, place in places.items()
        ]
        _insert(con, "ranks", RANKS, rows)
        con.execute("DELETE FROM peer_groups")
    for model in scoring(() if places is None else ("ranks",)):
        pipeline.create(con, model)
        pipeline.renew(con, model)


def _fill(con: duckdb.DuckDBPyConnection, scheme: Scheme, tried: dict[str, Tried]) -> None:
    """The tables that the scoring models read, for one quarter."""
    for table, rows in scheme.rows().items():
        _insert(con, table, SCHEME_TABLES[table], rows)
    quarter = str(Quarter.of(scheme.effective))
    targets = {one.id: one.target for one in scheme.indicators}
    _insert(con, "touched", "rm VARCHAR, quarter VARCHAR", [(rm, quarter) for rm in tried])
    _insert(
        con,
        "service",
        GIVEN["service"],
        [_service(scheme, rm, quarter, one) for rm, one in tried.items()],
    )
    _insert(
        con,
        "counted_figures",
        GIVEN["counted_figures"],
        [
            _counted(scheme, rm, quarter, one, name, measure, targets.get(name))
            for rm, one in tried.items()
            for name, measure in scheme.measured()
        ],
    )
    levels = sorted(scheme.peer_levels())
    _insert(
        con,
        "peer_groups",
        GIVEN["peer_groups"],
        [
            (rm, quarter, scheme.scheme, scheme.effective, level, one.group)
            for rm, one in tried.items()
            if _is_appraised(scheme, one)
            for level in levels
        ],
    )
    carrying = [one.id for one in scheme.indicators if one.carried]
    _insert(
        con,
        "carried",
        GIVEN["carried"],
        [
            (rm, quarter, name, _milli(one.figures.get(name, NOTHING).carried))
            for rm, one in tried.items()
            for name in carrying
        ],
    )
    _insert(
        con,
        "kind_totals",
        GIVEN["kind_totals"],
        [
            _kind_total(rm, quarter, k, f)
            for rm, one in tried.items()
            for k, f in one.figures.items()
            if k in scheme.kinds
        ],
    )


def _insert(con: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    con.execute(f"CREATE TABLE {table} ({columns})")
    if rows:
        columns_of_rows = {str(n): list(column) for n, column in enumerate(zip(*rows, strict=True))}
        con.register("fresh_rows", pyarrow.table(columns_of_rows))
        con.execute(f"INSERT INTO {table} SELECT * FROM fresh_rows")
        con.unregister("fresh_rows")


def _service(scheme: Scheme, rm: str, quarter: str, one: Tried) -> tuple[object, ...]:
    version = (scheme.scheme, scheme.effective) if _is_appraised(scheme, one) else (None, None)
    days = scheme.appraisal.minimum_working_days if one.days is None else one.days
    return rm, quarter, None, *version, True, days, one.certified


def _is_appraised(scheme: Scheme, one: Tried) -> bool:
    return not one.post or "*" in scheme.positions or one.post in scheme.positions


def _counted(
    scheme: Scheme, rm: str, quarter: str, one: Tried, name: str, measure: Measure, target: Decimal | None
) -> tuple[object, ...]:
    figure = one.figures.get(name, NOTHING)
    measured = figure.measured
    if measured is None and not measure.may_lack:
        measured = Decimal(0)
    if measured is not None and measure.over_base:
        measured -= figure.base or Decimal(0)
    in_range = measured is None or fits(measured)
    shown = _milli(measured) if in_range else None
    asked = _milli(target if figure.target is None else figure.target)  # 0: nothing is asked for the time served
    if asked is not None and measure.flows:
        part = part_asked(scheme, one)
        asked = (2 * asked * part.numerator + part.denominator) // (2 * part.denominator)
    agreed = (_milli(figure.base), asked, None)
    return rm, quarter, scheme.scheme, scheme.effective, name, shown, *agreed, in_range


def _kind_total(rm: str, quarter: str, kind: str, figure: Figure) -> tuple[object, ...]:
    quantity = figure.measured or Decimal(0)
    return rm, quarter, kind, _milli(quantity) if fits(quantity) else None


def _milli(number: Decimal | None) -> int | None:
    return None if number is None else scaled(number, MILLI)


def _results(con: duckdb.DuckDBPyConnection, rms: list[str]) -> list[Trial]:
    lines: dict[str, list[TrialLine]] = {rm: [] for rm in rms}
    for rm, indicator, measured, target, share, completion, points, reason in con.execute(
        "SELECT rm, indicator, measured, target, share, completion, points, reason "
        "FROM score_lines ORDER BY rm, ordinal"
    ).fetchall():
        line = TrialLine(
            indicator=indicator, measured=_in_units(measured, MILLI), target=_in_units(target, MILLI),
            share=unscaled(share, MICRO), completion=_micro(completion), points=_micro(points), reason=reason,
        )  # fmt: skip
        lines[rm].append(line)
    sections: dict[str, list[TrialSection]] = {rm: [] for rm in rms}
    for rm, section, points in con.execute(
        "SELECT rm, section, points FROM section_totals WHERE has_lines ORDER BY rm, ordinal"
    ).fetchall():
        sections[rm].append(TrialSection(section=section, points=_micro(points)))
    fired: dict[str, list[str]] = {rm: [] for rm in rms}
    for rm, gate in con.execute("SELECT rm, gate FROM gates_fired WHERE fired ORDER BY rm, ordinal").fetchall():
        fired[rm].append(gate)
    grades: dict[str, dict[str, Any]] = {
        rm: {"status": status, "score": _micro(score_), "tier": tier, "coefficient": _micro(coefficient), "step": step}
        for rm, status, score_, tier, coefficient, step in con.execute(
            "SELECT rm, status, score, tier, coefficient, step FROM grades"
        ).fetchall()
    }
    quotas = dict(con.execute("SELECT rm, quota FROM quota_moves WHERE decides").fetchall())
    held: dict[str, list[str]] = {rm: [] for rm in rms}
    for rm, condition in con.execute(
        "SELECT rm, condition FROM figures_held WHERE is_held AND condition LIKE 'times:%' ORDER BY rm, condition"
    ).fetchall():
        held[rm].append(condition.removeprefix("times:"))
    return [
        Trial(
            rm=rm, **grades[rm], lines=lines[rm], gates=fired[rm], quota=quotas.get(rm), sections=sections[rm],
            multipliers=held[rm],
        )
        for rm in rms
    ]  # fmt: skip


def _micro(number: object) -> Decimal | None:
    return _in_units(number, MICRO)


def _in_units(number: object, unit: int) -> Decimal | None:
    return unscaled(number, unit) if isinstance(number, int) else None
