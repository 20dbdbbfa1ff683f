"""One step of the read model: a batch of the log is appended, and what it touches above that is made anew."""

import duckdb
import pyarrow as pa

from domain.scheme import SCHEME_TABLES, Scheme, read_scheme
from projections import pipeline
from projections.tables import DECODE, QUERIES, insert_scheme

FEW = 2_000
"""RMs whose ledger is copied for the models of a step; for more of them the models read the whole ledger."""
LONG = 1_000_000
"""Entries of one run after which the ledger is put in the order of its shelves."""
TOUCHED = (QUERIES / "touched.sql").read_text(encoding="utf-8")


def append(con: duckdb.DuckDBPyConnection, blocks: list[str]) -> set[str]:
    """Decode a batch of the log and append it to what the log says; the tables that got rows."""
    con.register("blocks", pa.table({"block": blocks}))
    con.execute(pipeline.parsed(DECODE))
    con.unregister("blocks")
    topics = {row[0] for row in con.execute("SELECT DISTINCT topic FROM batch").fetchall()}
    changed = _insert_schemes(con) if "SchemePublished" in topics else set()
    for model in pipeline.models():
        if model.renewal == "appended" and (not model.topics or model.topics & topics) and pipeline.renew(con, model):
            changed.add(model.name)
    return changed


def derive(con: duckdb.DuckDBPyConnection, before: int, changed: set[str]) -> None:
    """Make anew what stands above the log, for the keys that its rows beyond a position touch.

    `changed` are the tables that differ from before; a model of which none is read stands as it is.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE day_before AS SELECT today, since FROM bank_day")
    con.execute(f"CREATE OR REPLACE TEMP VIEW fresh_ledger AS SELECT * FROM ledger WHERE position > {before:d}")
    if "ledger" in changed:
        _shelve(con)
        changed |= {"fresh_ledger", "touched_ledger"}
    for model in pipeline.models():
        if model.renewal in ("whole", "added") and model.reads & changed:
            pipeline.renew(con, model)
            changed.add(model.name)
    if con.execute("SELECT * FROM bank_day EXCEPT SELECT * FROM day_before").fetchone() is None:
        changed.discard("bank_day")
    if rms := _touch(con, before):
        _open_ledger(con, rms)
        _make_touched(con, changed)


def _make_touched(con: duckdb.DuckDBPyConnection, changed: set[str]) -> None:
    """Make the touched rows of every model, each from those below it, and put those that are kept in their places."""
    row = con.execute("SELECT current_database()").fetchone()
    kept = f'"{row[0] if row else ""}".main'
    made = []
    for model in pipeline.models():
        if model.renewal == "rebuilt" and not model.reads & changed:
            pipeline.take(con, model, kept)
        elif model.renewal in ("rebuilt", "worked"):
            pipeline.renew(con, model)
            changed.add(model.name)
            made.append(model)
    for model in made:
        if model.renewal == "rebuilt":
            pipeline.keep(con, model, kept)


def _touch(con: duckdb.DuckDBPyConnection, before: int) -> int:
    """Fill `touched` with the keys whose figures the rows beyond a position may change; of how many RMs they are."""
    con.execute("CREATE OR REPLACE TEMP TABLE touched (rm VARCHAR, quarter VARCHAR)")
    con.execute(pipeline.parsed(TOUCHED), {"before": before})
    row = con.execute("SELECT count(DISTINCT rm) FROM touched").fetchone()
    return row[0] if row else 0


def _shelve(con: duckdb.DuckDBPyConnection) -> None:
    """After a long run put the whole ledger in the order of its shelves, so that the entries of a few RMs are found
    without reading those of all. The rows stay the same; what comes after them lies at the end."""
    row = con.execute("SELECT count(*) FROM fresh_ledger").fetchone()
    if row and row[0] >= LONG:
        con.execute("CREATE TABLE shelved AS SELECT * FROM ledger ORDER BY shelf, position")
        con.execute("DROP TABLE ledger")
        con.execute("ALTER TABLE shelved RENAME TO ledger")


def _open_ledger(con: duckdb.DuckDBPyConnection, rms: int) -> None:
    """Let the models read the ledger of the RMs touched: a copy of a few, or the whole book."""
    if rms <= FEW:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE touched_ledger AS "
            "SELECT l.position, l.action, l.rm, l.kind, l.occurred_on, l.quarter, l.customer, l.quantity, l.amount, "
            "l.root, l.actions FROM ledger AS l "
            "WHERE l.shelf IN (SELECT shelf(t.rm) FROM touched AS t) AND l.rm IN (SELECT t.rm FROM touched AS t)"
        )
    else:
        con.execute("CREATE OR REPLACE TEMP VIEW touched_ledger AS SELECT * FROM ledger")


def _insert_schemes(con: duckdb.DuckDBPyConnection) -> set[str]:
    question = "SELECT b.position, b.text FROM batch AS b WHERE b.topic = 'SchemePublished'"
    for position, text in con.execute(question).fetchall():
        if isinstance(scheme := read_scheme(text), Scheme):
            insert_scheme(con, scheme, position)
    return set(SCHEME_TABLES)
