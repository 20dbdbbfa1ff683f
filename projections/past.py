"""The past: the same models over the log as it stood at a position, for one quarter, in temporary tables.

On a cursor of its own, a temporary view per appended model cuts the log at the position; what stands above is made
anew under its own name. So a question's SQL is the same for now and for then.
"""

import duckdb

from domain.calendar import Quarter
from domain.scheme import SCHEME_TABLES
from projections import pipeline


def go_back(con: duckdb.DuckDBPyConnection, position: int, quarter: Quarter | None, rm: str | None) -> None:
    """Let a cursor see the log as of a position, and what stands above it for one quarter of all RMs or of one."""
    row = con.execute("SELECT current_database()").fetchone()
    assert row is not None
    appended = [model.name for model in pipeline.models() if model.renewal == "appended"]
    for table in (*appended, *SCHEME_TABLES):
        con.execute(f'CREATE TEMP VIEW {table} AS SELECT * FROM "{row[0]}".main.{table} WHERE position <= {position:d}')
    made = False
    for model in pipeline.models():
        if model.renewal == "appended":
            continue
        if model.renewal != "whole" and not made:
            if quarter is None:
                return
            _touch(con, quarter, rm)
            made = True
        con.execute(f"CREATE TEMP TABLE {model.name} AS {model.select}")


def _touch(con: duckdb.DuckDBPyConnection, quarter: Quarter, rm: str | None) -> None:
    con.execute("CREATE TEMP TABLE touched (rm VARCHAR, quarter VARCHAR)")
    con.execute(
        "INSERT INTO touched SELECT DISTINCT p.rm, $quarter FROM people AS p CROSS JOIN bank_day AS b "
        "WHERE p.event = 'RMRegistered' AND ($rm IS NULL OR p.rm = $rm) AND b.today >= $first_day",
        {"quarter": str(quarter), "rm": rm, "first_day": quarter.first_day},
    )
    con.execute(
        "CREATE TEMP VIEW fresh_ledger AS SELECT l.* FROM ledger AS l "
        "JOIN touched AS t ON t.rm = l.rm AND t.quarter = l.quarter"
    )
    if rm is None:
        con.execute("CREATE TEMP VIEW touched_ledger AS SELECT * FROM ledger")
    else:
        con.execute("CREATE TEMP TABLE touched_ledger AS SELECT l.* FROM ledger AS l WHERE l.rm = ?", [rm])
