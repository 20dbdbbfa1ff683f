"""The empty read model: calendar, settings, the tables of compiled schemes, and a table per model."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa

from domain import calendar, money, scheme
from domain.bank import Bank
from domain.calendar import Quarter, days, is_working_day
from domain.log import FIELD, LINE
from domain.scheme import SCHEME_TABLES, Scheme
from domain.scheme_file import checks, compiled, conditions, entries, measure_checks, reading
from domain.shapes import bands, completion, numbers, rates, shape
from projections import pipeline

FIRST_YEAR, LAST_YEAR = 2000, 2040
TOUCHED = Path(__file__).parent / "touched"
COMPILERS = (
    scheme, compiled, bands, completion, numbers, rates, shape, checks, measure_checks, reading, conditions, entries,
    calendar, money,
)  # fmt: skip
MAKERS = [Path(str(module.__file__)) for module in COMPILERS]
MAKERS += [Path(__file__).with_name(name) for name in ("tables.py", "pipeline.py", "step.py")]
"""What turns a scheme into rows, and events into tables: where its text changes, the read model is made anew."""
STATE = """{"rm":"VARCHAR","kind":"VARCHAR","occurred_on":"DATE","quantity":"DECIMAL(18,3)","amount":"DECIMAL(18,2)",
"customer":"VARCHAR","reverses":"VARCHAR","whole":"BOOLEAN","taken_quantity":"DECIMAL(18,3)","counts":"BOOLEAN","counted":"BOOLEAN",
"recorded_at":"TIMESTAMP","by":"VARCHAR","note_digest":"VARCHAR","org":"VARCHAR","parent":"VARCHAR","level":"VARCHAR",
"name":"VARCHAR","joined_on":"DATE","position":"VARCHAR","supervisor":"VARCHAR","from_day":"DATE","to_day":"DATE",
"certificate":"VARCHAR","until":"DATE","left_on":"DATE","quarter":"VARCHAR","indicator":"VARCHAR",
"target":"DECIMAL(18,3)","base":"DECIMAL(18,3)","previous_target":"DECIMAL(18,3)","day":"DATE","value":"DECIMAL(18,3)",
"text":"VARCHAR","as_of":"DATE","segment":"VARCHAR","assets":"DECIMAL(18,2)","a_rm":"VARCHAR","b_rm":"VARCHAR",
"previous_a_rm":"VARCHAR","previous_b_rm":"VARCHAR","replaced_by":"VARCHAR","round":"INTEGER","post":"VARCHAR",
"scheme":"VARCHAR","effective":"DATE","status":"VARCHAR","score":"DECIMAL(18,6)","tier":"VARCHAR",
"coefficient":"DECIMAL(18,6)","lines":"VARCHAR","facts_at":"BIGINT","rated_at":"BIGINT","result_digest":"VARCHAR",
"rated_by":"VARCHAR","approved_by":"VARCHAR","decided_by":"VARCHAR","answer":"VARCHAR","on_behalf_of":"VARCHAR",
"measure":"VARCHAR","previous":"VARCHAR","cutoff_on":"DATE","due_on":"DATE","proposed_by":"VARCHAR",
"outcome":"VARCHAR","held_on":"DATE","comment_digest":"VARCHAR","reason_digest":"VARCHAR","inspector":"VARCHAR",
"inspected_on":"DATE","findings":"BIGINT","year":"INTEGER","party":"VARCHAR"}"""
DECODE = f"""CREATE OR REPLACE TEMP TABLE batch AS
SELECT CAST(f[1] AS BIGINT) AS position, f[2] AS stream, CAST(f[3] AS BIGINT) AS version, f[4] AS topic,
    j.* EXCLUDE (position, post), coalesce(j.position, j.post) AS post
FROM (
    SELECT f, from_json(f[5], '{STATE}') AS j
    FROM (
        SELECT string_split(line, '{FIELD}') AS f
        FROM (SELECT unnest(string_split(block, '{LINE}')) AS line FROM blocks)
    )
)"""


def connected(path: Path) -> duckdb.DuckDBPyConnection:
    """The read model in a file, which may be new and empty."""
    con = duckdb.connect(str(path))
    con.execute("SET enable_progress_bar = false")  # by itself it is on under `python -c`, amid what is printed
    return con


def create(con: duckdb.DuckDBPyConnection, bank: Bank) -> None:
    """Make the empty read model in the caller's transaction: calendar, settings, schemes, and a table per model."""
    pipeline.create_macros(con)
    _create_calendar(con)
    con.execute("CREATE TABLE settings AS SELECT ? AS timezone", [str(bank.timezone)])
    con.execute("CREATE TABLE touched (rm VARCHAR, quarter VARCHAR)")
    con.execute("CREATE TABLE stepped (rm VARCHAR, quarter VARCHAR)")
    for table, columns in SCHEME_TABLES.items():
        con.execute(f"CREATE TABLE {table} ({columns}, position BIGINT)")
    con.register("blocks", pa.table({"block": pa.array([], pa.string())}))
    con.execute(DECODE)
    con.unregister("blocks")
    for model in pipeline.models():
        pipeline.create(con, model)
        if model.name == "ledger":
            con.execute(f"CREATE OR REPLACE VIEW touched_ledger AS {pipeline.ENTRIES}")
    con.execute("CREATE TABLE progress (position BIGINT, models VARCHAR, last_event VARCHAR)")
    con.execute("INSERT INTO progress VALUES (0, ?, '')", [models_digest(bank)])


def _create_calendar(con: duckdb.DuckDBPyConnection) -> None:
    """`calendar`: each day, whether it is a working day, how many there were up to it. `quarters`: their ends."""
    con.register("given_days", _days())
    con.execute(
        "CREATE TABLE calendar AS SELECT day, working, "
        "CAST(sum(CAST(working AS INTEGER)) OVER (ORDER BY day) AS INTEGER) AS worked FROM given_days"
    )
    con.execute(
        "CREATE TABLE quarters AS SELECT year(day) || 'Q' || quarter(day) AS quarter, min(day) AS first_day, "
        "max(day) AS last_day FROM calendar GROUP BY 1"
    )
    con.unregister("given_days")


@cache
def _days() -> pa.Table:
    first, last = Quarter(FIRST_YEAR, 1).first_day, Quarter(LAST_YEAR, 4).last_day
    every = list(days(first, last))
    return pa.table({"day": every, "working": [is_working_day(day) for day in every]})


def insert_scheme(con: duckdb.DuckDBPyConnection, published: Scheme, position: int) -> None:
    """Insert a scheme's compiled rows, as known from a log position on."""
    for table, lines in published.rows().items():
        if lines:
            places = ",".join([f"({'?,' * len(lines[0])}{position:d})"] * len(lines))
            con.execute(f"INSERT INTO {table} VALUES {places}", [value for line in lines for value in line])


def models_digest(bank: Bank) -> str:
    """What the read model is made of: SQL, decoding, how schemes compile, the calendar, the bank's time zone."""
    return hashlib.sha256("\0".join((*_makers(), str(bank.timezone))).encode()).hexdigest()


@cache
def _makers() -> list[str]:
    texts = [model.select for model in pipeline.models()]
    texts += [path.read_text(encoding="utf-8") for path in sorted(pipeline.MODELS.glob("00_*.sql"))]
    texts += [path.read_text(encoding="utf-8") for path in (*sorted(TOUCHED.glob("*.sql")), *MAKERS)]
    return [duckdb.__version__, version("holidays"), *texts]
