"""The past: the same models over the log as it stood at a position, for one quarter, in temporary tables.

On a cursor of its own, a temporary view per appended model cuts the log at the position; what stands above is made
anew under its own name, as far as what is asked reads it. So a question's SQL is the same for now and for then. Of a
near past only those RMs are made anew whom the log has touched since; the others stand as they do now.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb

from domain.calendar import Quarter
from domain.scheme import SCHEME_TABLES, Scheme
from projections import pipeline
from projections.pipeline import Model
from projections.step import FEW, touch
from projections.tables import insert_scheme

NEAR = 1_000_000
"""Positions back to which it is looked up whom the log has touched since."""


def go_back(
    con: duckdb.DuckDBPyConnection, position: int, quarter: Quarter | None, rms: Sequence[str] | None,
    asked: Iterable[str] | None = None,
) -> None:  # fmt: skip
    """Let a cursor see the log as of a position, and what stands above it for one quarter of all RMs or of some: every
    model, or those that the tables `asked` for are made of."""
    row = con.execute("SELECT current_database(), position FROM progress").fetchone()
    assert row is not None
    kept, now = f'"{row[0]}".main', row[1]
    wanted = pipeline.models() if asked is None else pipeline.below(asked := set(asked))
    answering = [
        model for model in wanted if model.renewal in ("rebuilt", "worked", "added") and model.name in (asked or ())
    ]
    is_near = rms is None and now - position <= NEAR and {model.renewal for model in answering} == {"rebuilt"}
    if is_near:
        _note_moved(con, position, kept)
    for table in (*(model.name for model in pipeline.models() if model.renewal == "appended"), *SCHEME_TABLES):
        con.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM {kept}.{table} WHERE position <= {position:d}")
    for model in pipeline.models():
        if model.renewal == "whole":
            con.execute(f"CREATE TEMP TABLE {model.name} AS {model.select}")
    if quarter is not None:
        _touch(con, quarter, rms, is_near)
        _make(con, wanted)
        if is_near:
            _take_unmoved(con, answering, quarter, kept)


def look_ahead(con: duckdb.DuckDBPyConnection, scheme: Scheme, quarter: Quarter) -> None:
    """Let a cursor see how those of a quarter's RMs would be graded who fell under another version if one more were in
    force; `grades_now` are the grades as they stand."""
    row = con.execute("SELECT current_database(), position FROM progress").fetchone()
    assert row is not None
    kept, now = f'"{row[0]}".main', row[1]
    con.execute(
        f"CREATE TEMP TABLE grades_now AS SELECT * FROM {kept}.grades WHERE quarter = $quarter",
        {"quarter": str(quarter)},
    )
    for table in SCHEME_TABLES:
        con.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM {kept}.{table}")
    insert_scheme(con, scheme, now + 1)
    _touch(con, quarter, None, False)
    wanted = pipeline.below({"grades"})
    _make(con, [model for model in wanted if model.name == "service"])
    con.execute(
        f"DELETE FROM temp.main.touched WHERE rm IN (SELECT s.rm FROM service AS s JOIN {kept}.service AS k "
        "ON k.rm = s.rm AND k.quarter = s.quarter "
        "WHERE k.scheme IS NOT DISTINCT FROM s.scheme AND k.effective IS NOT DISTINCT FROM s.effective)"
    )
    con.execute("DELETE FROM temp.main.service WHERE rm NOT IN (SELECT t.rm FROM touched AS t)")
    _make(con, [model for model in wanted if model.name != "service"])


def _make(con: duckdb.DuckDBPyConnection, wanted: Iterable[Model]) -> None:
    """Make what stands above the log for those touched, by what the cursor sees of log and schemes."""
    for model in wanted:
        if model.renewal not in ("appended", "whole", "looked"):
            con.execute(f"CREATE TEMP TABLE {model.name} AS {model.select}")


def _note_moved(con: duckdb.DuckDBPyConnection, position: int, kept: str) -> None:
    """Fill `moved` with the keys whose figures now may differ from those at a position: those that a step from there to
    now would make anew."""
    (bank_day,) = pipeline.below({"bank_day"})[-1:]
    appended = [model.name for model in pipeline.models() if model.renewal == "appended"]
    cut = ", ".join(
        f"{table} AS (SELECT * FROM {kept}.{table} WHERE position <= {position:d})"
        for table in appended
        if table in bank_day.reads
    )
    con.execute(f"CREATE TEMP TABLE day_before AS WITH {cut} SELECT b.today, b.since FROM ({bank_day.select}) AS b")
    con.execute(f"CREATE TEMP VIEW fresh_ledger AS SELECT * FROM {kept}.ledger WHERE position > {position:d}")
    touch(con, position)
    con.execute("ALTER TABLE temp.main.touched RENAME TO moved")
    con.execute("DROP VIEW temp.main.fresh_ledger")


def _take_unmoved(con: duckdb.DuckDBPyConnection, models: Iterable[Model], quarter: Quarter, kept: str) -> None:
    """Add the rows of now of the RMs whom the log has not touched since."""
    for model in models:
        con.execute(
            f"INSERT INTO temp.main.{model.name} SELECT k.* FROM {kept}.{model.name} AS k WHERE k.quarter = $quarter "
            "AND k.rm NOT IN (SELECT m.rm FROM moved AS m WHERE m.quarter = $quarter)",
            {"quarter": str(quarter)},
        )


def _touch(con: duckdb.DuckDBPyConnection, quarter: Quarter, rms: Sequence[str] | None, is_near: bool) -> None:
    """Fill `touched` with whom the models are made for: all RMs of then, those moved since a near past, or some."""
    some = "AND list_contains($rms, p.rm)" if rms is not None else ""
    moved = "AND p.rm IN (SELECT m.rm FROM moved AS m WHERE m.quarter = $quarter)" if is_near else ""
    con.execute("CREATE TEMP TABLE touched (rm VARCHAR, quarter VARCHAR)")
    con.execute(
        "INSERT INTO touched SELECT DISTINCT p.rm, $quarter FROM people AS p CROSS JOIN bank_day AS b "
        f"WHERE p.event = 'RMRegistered' AND b.today >= $first_day {some} {moved}",
        {"quarter": str(quarter), "first_day": quarter.first_day} | ({} if rms is None else {"rms": list(rms)}),
    )
    row = con.execute("SELECT count(*) FROM touched").fetchone()
    _open_ledger(con, row is not None and row[0] <= FEW, quarter.first_day, quarter.last_day)


def _open_ledger(con: duckdb.DuckDBPyConnection, are_few: bool, first_day: date, last_day: date) -> None:
    """The ledger of those touched up to the quarter's end, copied where they are few, and of it the quarter's own."""
    theirs = "l.shelf IN (SELECT shelf(t.rm) FROM touched AS t) AND l.rm IN (SELECT t.rm FROM touched AS t)"
    con.execute(
        f"CREATE TEMP {'TABLE' if are_few else 'VIEW'} touched_ledger AS SELECT l.* FROM ledger AS l "
        f"WHERE l.occurred_on <= DATE '{last_day}' {f'AND {theirs}' if are_few else ''}"
    )
    con.execute(
        "CREATE TEMP VIEW fresh_ledger AS SELECT l.* FROM touched_ledger AS l "
        f"WHERE l.occurred_on >= DATE '{first_day}'"
    )
