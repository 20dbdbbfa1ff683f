"""Lines as tables of texts, and what a table was told in short."""

import json
from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

from domain.bank import Bank
from domain.bulk.door import TableOutcome
from domain.log import Log


def table(lines: Sequence[dict[str, Any]]) -> pa.Table:
    """Lines as a table of texts; a field that the first line leaves out is no column."""
    return pa.Table.from_pylist(list(lines), pa.schema([(name, pa.string()) for name in lines[0]]))


def counts(outcome: TableOutcome) -> tuple[int, int, list[tuple[int, str]]]:
    """Accepted, duplicates, and the row and field of every refusal."""
    return outcome.accepted, outcome.duplicates, [(row, each.refusals[0].field) for row, each in outcome.refused]


def actions_of(bank: Bank, lines: pa.Table, by: str) -> TableOutcome:
    """One table of actions, recorded at once."""
    return next(bank.record_action_tables([lines], by))


def measures_of(bank: Bank, lines: pa.Table, by: str) -> TableOutcome:
    """One table of ready figures, recorded at once."""
    return next(bank.record_measure_tables([lines], by))


def ready(log: Log, rows: Sequence[tuple[str, bytes]]) -> pa.Table:
    """Ids and states as the log's `insert_states` takes them."""
    states = [json.dumps(state.decode())[1:-1] for _, state in rows]
    with duckdb.connect() as con:
        con.register("cleared", pa.table({"stream": [key for key, _ in rows], "state": states}))
        return con.sql(log.READY).to_arrow_table()
