"""Tables that questions were answered from, kept for those that follow at the same position of the log.

A quarterly check and the organisation ask the same of a large bank, and so does each filter and each page of either.
"""

from collections.abc import Callable, Hashable
from threading import Lock

import duckdb
import pyarrow as pa

MOST = 256 * 2**20
"""Bytes that are kept in all; the whole of a bank of 50,000, some 140 bytes a line, takes nearly half."""
KEPT = 32
"""States of which tables are kept."""
Tables = dict[str, pa.Table]


class Kept:
    """The tables of each thing asked, the one asked longest ago given up first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._of: dict[Hashable, Tables] = {}
        self._lock = Lock()

    def open(self, con: duckdb.DuckDBPyConnection, asked: Hashable, make: Callable[[], Tables]) -> None:
        """Let a cursor see the tables of what is asked: those that are kept, or new ones, which `make` leaves there."""
        with self._lock:
            tables = self._of.pop(asked, None)
            if tables is not None:
                self._of[asked] = tables
        if tables is None:
            self._keep(asked, make())
            return
        for name, table in tables.items():
            con.register(name, table)

    def _keep(self, asked: Hashable, tables: Tables) -> None:
        with self._lock:
            self._of[asked] = tables
            while len(self._of) > KEPT or self._size() > self._most:
                del self._of[next(iter(self._of))]

    def _size(self) -> int:
        return sum(table.nbytes for tables in self._of.values() for table in tables.values())
