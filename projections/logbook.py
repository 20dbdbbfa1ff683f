"""What waits and who is silent, by RM of a quarter: asked of the whole log once, and continued from there."""

from datetime import date, timedelta
from threading import Lock

import duckdb
import pyarrow as pa

from domain.calendar import Quarter
from projections import questions

KEPT = 8
"""Quarters, and moments of the past, of which the answer is kept."""
LOOKED_BACK = 31
"""Days before a quarter in which an own entry is looked for: early in it nobody is silent who wrote just before."""
NOTHING = pa.table({
    "rm": pa.array([], pa.string()), "waiting": pa.array([], pa.int64()), "own_day": pa.array([], pa.date32()),
})  # fmt: skip
Key = tuple[Quarter, int, int | None]


def looked_from(quarter: Quarter) -> date:
    """The first day on which an own entry is looked for."""
    return quarter.first_day - timedelta(days=LOOKED_BACK)


class Logbook:
    """The answers of `logged`, each with the log position that it holds at."""

    def __init__(self) -> None:
        self._kept: dict[Key, tuple[int, pa.Table]] = {}
        self._lock = Lock()

    def open(
        self, con: duckdb.DuckDBPyConnection, quarter: Quarter, rm: str | None = None, as_of: int | None = None
    ) -> None:
        """Let a cursor see `logged`: of all RMs, continued from what was kept, or of one, asked anew.

        The present is continued from its last answer; the past never changes. Kinds that a new scheme has renamed own
        ones are counted from the beginning.
        """
        asked = "SELECT p.position, coalesce((SELECT max(k.position) FROM scheme_kinds AS k), 0) FROM progress AS p"
        [(reached, schemes)] = con.execute(asked).fetchall()
        key = (quarter, schemes, as_of)
        since, before = (0, NOTHING) if rm else self._before(key, reached)
        con.register("logged_before", before)
        if since and (since == reached or as_of is not None):
            con.register("logged", before)
            return
        questions.make(
            con, "logged", since=since, rm=rm, from_day=looked_from(quarter), first_day=quarter.first_day,
            last_day=quarter.last_day,
        )  # fmt: skip
        if rm is None:
            self._keep(key, reached, con.table("logged").to_arrow_table())

    def _before(self, key: Key, reached: int) -> tuple[int, pa.Table]:
        with self._lock:
            position, table = self._kept.get(key, (0, NOTHING))
        return (position, table) if position <= reached else (0, NOTHING)

    def _keep(self, key: Key, position: int, table: pa.Table) -> None:
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (position, table)
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
