"""Import of a CSV of actions into PostgreSQL, beside plain binary COPY of the same ready rows into the same table."""

from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from benchmarks.bank import NOW, found
from benchmarks.command import appraise
from benchmarks.figure import Figure, in_turn, ratio_of, seconds
from benchmarks.lines import CHUNK, write_actions
from benchmarks.sizes import Sizes
from domain.bank import open_bank
from domain.postgres_log import COPY_EVENTS
from tests.postgres.server import Server

READY = """SELECT originator_id, originator_version, topic, state, notification_id FROM stored_events
WHERE originator_id >= 'action:' AND originator_id < 'action;' ORDER BY notification_id"""
TYPES = ("text", "int8", "text", "bytea", "int8")


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """The import beside its limit, on a server that the benchmark starts."""
    server = Server()
    server.run("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")  # the tests' servers do without
    try:
        imports = Imports(server, folder, sizes)
        ours, limit = in_turn(sizes.rounds, imports.ours, imports.plain)
    finally:
        server.remove()
    yield Figure(
        f"import {sizes.import_rows:,} actions from CSV, PostgreSQL", "plain binary COPY of the same ready rows",
        "rows/s", median(ours), median(limit), ratio_of(ours, limit), 0.6,
        note="as on SQLite; PostgreSQL stands on the same machine and takes its share of the cores",
    )  # fmt: skip


class Imports:
    """Imports of one file into stores that are founded anew each time."""

    def __init__(self, server: Server, folder: Path, sizes: Sizes) -> None:
        self.server, self.folder, self.sizes = server, folder, sizes
        self._names = count()
        self._file, one = folder / "actions.csv", folder / "one.csv"
        write_actions(self._file, sizes.import_rows, sizes.import_rms)
        write_actions(one, 1, sizes.import_rms)
        self._start = median(self._imported(one)[1] for _ in range(sizes.rounds))
        self._last = ""

    def ours(self) -> float:
        """Rows a second of the import."""
        self._last, took = self._imported(self._file)
        return self.sizes.import_rows / (took - self._start)

    def plain(self) -> float:
        """Rows a second of COPY, which commits as many at once as the limit on SQLite."""
        store = self.server.new_store()
        open_bank(self._data_dir(), store=store).close()
        with psycopg.connect(self._last) as source:
            ready = source.execute(READY).fetchall()
        if len(ready) != self.sizes.import_rows:
            raise RuntimeError(f"{len(ready)} of {self.sizes.import_rows} lines stand in the store")
        with psycopg.connect(store) as connection:
            took = seconds(lambda: _copy(connection, ready))
        return len(ready) / took

    def _imported(self, file: Path) -> tuple[str, float]:
        """A store with a file imported into it, and the seconds that it took."""
        data_dir, store = self._data_dir(), self.server.new_store()
        with closing(open_bank(data_dir, clock=lambda: NOW, store=store)) as bank:
            found(bank, self.sizes.import_rms)
        told: list[str] = []
        took = seconds(lambda: told.append(appraise(data_dir, "import", "actions", str(file), store=store)))
        if not told[0].endswith("duplicates 0, rejected 0"):
            raise RuntimeError(told[0])
        return store, took

    def _data_dir(self) -> Path:
        data_dir = self.folder / f"bank-{next(self._names)}"
        data_dir.mkdir()
        return data_dir


def _copy(connection: "psycopg.Connection[Any]", ready: list[tuple[Any, ...]]) -> None:
    for first in range(0, len(ready), CHUNK):
        with connection.cursor() as cursor, cursor.copy(COPY_EVENTS) as copy:
            copy.set_types(TYPES)
            for row in ready[first : first + CHUNK]:
                copy.write_row(row)
        connection.commit()
