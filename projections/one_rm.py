"""What is worked out of one RM when somebody asks, and kept nowhere: in temporary tables, on a cursor of its own."""

from collections.abc import Container, Iterable

import duckdb

from domain.calendar import Quarter
from projections import pipeline
from projections.past import go_back
from projections.step import kept_in

THEIRS = f"{pipeline.ENTRIES} WHERE l.shelf = shelf(?) AND l.rm = ?"


def count_again(con: duckdb.DuckDBPyConnection, quarter: Quarter, rm: str, tables: Iterable[str]) -> None:
    """Let a cursor see, of one RM's quarter as it stands now, the models that are worked out and not kept, as far as
    some tables are made of them."""
    kept = kept_in(con)
    con.execute("CREATE TEMP TABLE touched AS SELECT ? AS rm, ? AS quarter", [rm, str(quarter)])
    con.execute(
        f"CREATE TEMP TABLE touched_ledger AS {pipeline.ENTRIES} WHERE l.shelf = shelf(?) AND l.rm = ?", [rm, rm]
    )
    for model in pipeline.below(tables):
        if model.renewal == "rebuilt":
            pipeline.take(con, model, kept)
        elif model.renewal == "worked":
            pipeline.renew(con, model)


def see_every_quarter(
    con: duckdb.DuckDBPyConnection, rm: str, as_of: int | None, tables: Iterable[str], given: Container[str]
) -> None:
    """Let a cursor see one RM's every quarter until today, now or as of a position: what some tables are made of, each
    made once; what is `given` compares that one with others, and stands already or is there to be made by who asks."""
    kept = kept_in(con)
    if as_of is not None:
        go_back(con, as_of, None, None)
    con.execute(
        "CREATE TEMP TABLE touched AS SELECT p.rm, q.quarter FROM bank_day AS b JOIN quarters AS q "
        "ON q.first_day <= b.today AND q.quarter >= b.since JOIN (SELECT rm, min(from_day) AS joined_on FROM people "
        "WHERE rm = ? GROUP BY rm) AS p ON q.last_day >= p.joined_on",
        [rm],
    )
    con.execute(
        f"CREATE TEMP TABLE touched_ledger AS {pipeline.ENTRIES} WHERE l.shelf = shelf(?) AND l.rm = ?", [rm, rm]
    )
    for model in pipeline.below(tables, given):
        if model.renewal == "rebuilt" and as_of is None:
            pipeline.take(con, model, kept)
        elif model.renewal in ("rebuilt", "worked", "looked"):
            if pipeline.is_needed(con, model):
                con.execute(f"CREATE TEMP TABLE {model.name} AS {model.select}")
            else:
                pipeline.create_empty(con, model)
