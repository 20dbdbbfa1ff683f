"""The past: the same models over the log as it stood at a position, for one quarter, in temporary tables.

On a cursor of its own, a temporary view per appended model cuts the log at the position; what stands above is made
anew under its own name, as far as what is asked reads it. So a question's SQL is the same for now and for then.
"""

from collections.abc import Iterable
from datetime import date

import duckdb

from domain.calendar import Quarter
from domain.scheme import SCHEME_TABLES
from projections import pipeline


def go_back(
    con: duckdb.DuckDBPyConnection, position: int, quarter: Quarter | None, rm: str | None,
    asked: Iterable[str] | None = None,
) -> None:  # fmt: skip
    """Let a cursor see the log as of a position, and what stands above it for one quarter of all RMs or of one: every
    model, or those that the tables `asked` for are made of."""
    row = con.execute("SELECT current_database()").fetchone()
    assert row is not None
    appended = [model.name for model in pipeline.models() if model.renewal == "appended"]
    for table in (*appended, *SCHEME_TABLES):
        con.execute(f'CREATE TEMP VIEW {table} AS SELECT * FROM "{row[0]}".main.{table} WHERE position <= {position:d}')
    wanted = pipeline.models() if asked is None else pipeline.below(asked)
    for model in pipeline.models():
        if model.renewal == "whole":
            con.execute(f"CREATE TEMP TABLE {model.name} AS {model.select}")
    if quarter is not None:
        _touch(con, quarter, rm)
        for model in wanted:
            if model.renewal not in ("appended", "whole"):
                con.execute(f"CREATE TEMP TABLE {model.name} AS {model.select}")


def _touch(con: duckdb.DuckDBPyConnection, quarter: Quarter, rm: str | None) -> None:
    con.execute("CREATE TEMP TABLE touched (rm VARCHAR, quarter VARCHAR)")
    con.execute(
        "INSERT INTO touched SELECT DISTINCT p.rm, $quarter FROM people AS p CROSS JOIN bank_day AS b "
        "WHERE p.event = 'RMRegistered' AND ($rm IS NULL OR p.rm = $rm) AND b.today >= $first_day",
        {"quarter": str(quarter), "rm": rm, "first_day": quarter.first_day},
    )
    _open_ledger(con, rm, quarter.first_day, quarter.last_day)


def _open_ledger(con: duckdb.DuckDBPyConnection, rm: str | None, first_day: date, last_day: date) -> None:
    """The ledger of all RMs or of one up to the quarter's end, and of it the quarter's own entries."""
    until = f"l.occurred_on <= DATE '{last_day}'"
    if rm is None:
        con.execute(f"CREATE TEMP VIEW touched_ledger AS SELECT l.* FROM ledger AS l WHERE {until}")
    else:
        mine = f"l.shelf = shelf($rm) AND l.rm = $rm AND {until}"
        con.execute(f"CREATE TEMP TABLE touched_ledger AS SELECT l.* FROM ledger AS l WHERE {mine}", {"rm": rm})
    con.execute(
        "CREATE TEMP VIEW fresh_ledger AS SELECT l.* FROM touched_ledger AS l "
        f"WHERE l.occurred_on >= DATE '{first_day}'"
    )
