"""The cursors that are out on a read model's file. DuckDB refuses to close a file while one of them works: they are
ended before it is closed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Condition

import duckdb

ENDED = "the read model is being closed"
BETWEEN_SECONDS = 0.05
"""How long an interrupted one may take until it is interrupted again: of two statements only the first was ended."""


class Cursors:
    """Lends cursors, each to one question or step, and gets them back."""

    def __init__(self) -> None:
        self._out: set[duckdb.DuckDBPyConnection] = set()
        self._changed = Condition()
        self._ending = False

    @contextmanager
    def lent(self, connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own, for a DuckDB connection is not shared between threads; ConnectionException where it is
        ended meanwhile, or none is lent any more."""
        with self._changed:
            if self._ending:
                raise duckdb.ConnectionException(ENDED)
            cursor = connection.cursor()
            self._out.add(cursor)
        try:
            with cursor:
                yield cursor
        except duckdb.Error as error:
            if self._ending:
                raise duckdb.ConnectionException(ENDED) from error
            raise
        finally:
            with self._changed:
                self._out.discard(cursor)
                self._changed.notify_all()

    def end(self, seconds: float) -> bool:
        """Lend none any more, and interrupt those that work until all are back; False where some are not in time."""
        with self._changed:
            self._ending = True
            for _ in range(max(1, round(seconds / BETWEEN_SECONDS))):
                for cursor in self._out:
                    with suppress(duckdb.Error):  # it has just ended by itself
                        cursor.interrupt()
                if self._changed.wait_for(lambda: not self._out, BETWEEN_SECONDS):
                    return True
        return False
