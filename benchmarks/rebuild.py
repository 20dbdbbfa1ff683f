"""Making the read model anew from the log, beside what reading alone costs."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import duckdb
import pyarrow as pa

from benchmarks.bank import Size, make_bank
from benchmarks.figure import Figure, in_turn, ratio_of, seconds
from benchmarks.sizes import Sizes
from domain.log import Log
from projections.follower import Follower

UNIT = "events/s"
BATCH = 50_000
SPLIT = """SELECT CAST(f[1] AS BIGINT), f[2], CAST(f[3] AS BIGINT), f[4], f[5]
FROM (SELECT string_split(unnest(string_split(block, chr(10))), chr(31)) AS f FROM given)"""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """A rebuild of the big bank's read model, beside the bare read of its log and the same tables read from Parquet."""
    bank = make_bank(folder, Size(sizes.rms, sizes.actions))
    follower = Follower(bank, folder / "read-model.duckdb")
    follower.rebuild()
    events = follower.position
    tables = _export(follower, folder / "tables")

    def rate(took: float) -> float:
        return events / took

    ours, read, load = in_turn(
        sizes.rounds,
        lambda: rate(seconds(follower.rebuild)),
        lambda: rate(seconds(lambda: read_log(bank.log))),
        lambda: rate(seconds(lambda: _load(tables, folder / "loaded.duckdb"))),
    )
    follower.stop()
    bank.close()
    work = f"rebuild the read model of {events:,} events"
    yield Figure(
        work, "the bare Arrow read of the log", UNIT, median(ours), median(read), ratio_of(ours, read), 0.3,
        note="the limit is our own reader (no second SQLite may open the store in this process): it reads every row in "
        "blocks of text, splits them into Arrow columns and does nothing with those",
    )  # fmt: skip
    yield Figure(
        work, "DuckDB filling the same tables from Parquet", UNIT, median(ours), median(load), ratio_of(ours, load),
        note="told beside: the limit copies finished rows, table by table, and scores nothing",
    )  # fmt: skip


def read_log(log: Log) -> int:
    """Read every row of a log into Arrow columns, batch by batch; how many there were."""
    number = 0
    with duckdb.connect() as con:
        while blocks := log.select_blocks(number, BATCH):
            con.register("given", pa.table({"block": blocks}))
            number += con.sql(SPLIT).to_arrow_table().num_rows
    return number


def _export(follower: Follower, folder: Path) -> list[Path]:
    """Every table of the read model as a Parquet file."""
    folder.mkdir()
    with follower.connection.cursor() as con:
        names = con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
        for (name,) in names:
            con.execute(f"COPY {name} TO '{folder / name}.parquet'")
    return sorted(folder.glob("*.parquet"))


def _load(tables: list[Path], path: Path) -> None:
    """Make a database of the tables, on the disk."""
    with duckdb.connect(path) as con:
        for table in tables:
            con.execute(f"CREATE TABLE {table.stem} AS SELECT * FROM '{table}'")
        con.execute("CHECKPOINT")
    path.unlink()
