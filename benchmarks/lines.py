"""Files of actions to import, made by DuckDB, and what stands in the store once they are imported."""

import sqlite3
from pathlib import Path

import duckdb

from benchmarks.bank import BY, CUSTOMERS, QUARTER, STEP, kinds, the_scheme
from benchmarks.figure import seconds
from domain.calendar import days
from domain.sqlite_log import PRAGMAS

ROWS = "SELECT originator_id, originator_version, topic, state FROM stored_events"
KINDS = kinds(the_scheme())
CHUNK = 50_000
"""Rows that plain SQL commits at once."""


def write_actions(path: Path, number: int, rms: int, *, scattered: bool = False) -> None:
    """A CSV of actions in the order of their days; references rise, or are `scattered` at random."""
    every = [day.isoformat() for day in days(QUARTER.first_day, QUARTER.last_day)]
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE kinds AS SELECT unnest($1) AS kind, unnest($2) AS by_amount",
            [[name for name, _ in KINDS], [by_amount for _, by_amount in KINDS]],
        )
        con.execute("CREATE TABLE days AS SELECT unnest($1) AS day", [every])
        reference = "md5(CAST(i AS VARCHAR))" if scattered else "printf('%010d', i + 1)"
        con.execute(f"""COPY (
            SELECT '{BY}' AS source, {reference} AS external_ref, printf('R%05d', i * {STEP} % {rms} + 1) AS rm, k.kind,
                d.day AS occurred_on, CASE WHEN k.by_amount THEN 1 ELSE 1 + i % 3 END AS quantity,
                CASE WHEN k.by_amount THEN 1000 + i * 17 % 9000 ELSE 0 END AS amount,
                printf('C%010d', i % {rms * CUSTOMERS}) AS customer, NULL AS note
            FROM range({number}) AS n(i)
            JOIN (SELECT row_number() OVER () - 1 AS place, * FROM kinds) AS k ON k.place = i % {len(KINDS)}
            JOIN (SELECT row_number() OVER () - 1 AS place, * FROM days) AS d ON d.place = i * {len(every)} // {number}
            ORDER BY i
        ) TO '{path}' (HEADER)""")


def insert_ready(store: Path, target: Path) -> tuple[int, float]:
    """Write a store's actions once more by plain `executemany`, same table and pragmas: how many, and the rate."""
    with sqlite3.connect(store) as source:
        tables = [row[0] for row in source.execute("SELECT sql FROM sqlite_master WHERE name = 'stored_events'")]
        rows = source.execute(f"{ROWS} WHERE originator_id >= 'action:' AND originator_id < 'action;' ORDER BY rowid")
        ready = rows.fetchall()
    source.close()
    connection = sqlite3.connect(target, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    for table in tables:
        connection.execute(table)

    def insert() -> None:
        for first in range(0, len(ready), CHUNK):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO stored_events VALUES (?,?,?,?)", ready[first : first + CHUNK])
            connection.execute("COMMIT")
        connection.close()

    return len(ready), len(ready) / seconds(insert)
