"""How a question reaches the tables: one file of `queries/` each, read and parsed once."""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from projections import pipeline

QUERIES = Path(__file__).parent / "queries"
Row = dict[str, Any]


@cache
def question(name: str) -> str:
    """The text of a question."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


@cache
def reads(*names: str) -> frozenset[str]:
    """The tables that some questions read."""
    return frozenset(table for name in names for table in pipeline.READ.findall(question(name)))


def rows(con: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> list[Row]:
    """What a question answers, each row by the names of its columns."""
    cursor = con.execute(pipeline.parsed(question(name)), parameters)  # to parse it anew took a third of a scorecard
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def make(con: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> pa.Table:
    """Keep a question's answer on a cursor of its own as a table of its name, for the questions that follow."""
    table = con.sql(question(name), params=parameters).to_arrow_table()
    con.register(name, table)
    return table
