"""Who read which card: scorecards, reviews and grade notices, when somebody other than the RM looked at them.

A reading is no decision and no event: it stands in an ordinary table beside the log, for the auditor. It is noted in
memory and written a second later by a thread of its own, many at once: no read waits for it, and an orderly stop writes
the last ones. What a crash takes is at most what that second had.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Any, Literal

from domain.bank import Bank
from domain.log import Busy, DiskFull, Unreachable

What = Literal["scorecard", "review", "notice"]
Card = tuple[int, str, str, str, str, What]
"""The second, reader, role, RM, quarter and what was read: the same once more within the second is the same reading."""
TABLES = (
    """CREATE TABLE IF NOT EXISTS card_readings (number BIGINT PRIMARY KEY, read_at BIGINT NOT NULL,
    reader TEXT NOT NULL, role TEXT NOT NULL, rm TEXT NOT NULL, quarter TEXT NOT NULL, what TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS card_readings_of_rm ON card_readings (rm, quarter, number)",
    "CREATE INDEX IF NOT EXISTS card_readings_by_reader ON card_readings (reader, number)",
)
EVERY = 1.0
"""Seconds between two writings."""
LAST_TRIES = 20
"""How often an orderly stop tries to write what is left, while others hold the store."""
ALL_BEFORE = 2**62
log = logging.getLogger("appraise")


@dataclass(frozen=True, slots=True)
class CardReading:
    """One reading: who (with which role) read what of an RM's quarter, and when in seconds."""

    number: int
    read_at: int
    reader: str
    role: str
    rm: str
    quarter: str
    what: What


class CardReadings:
    """The readings of one bank. `note` may be called from any thread and never waits for the store."""

    def __init__(self, bank: Bank, now: Callable[[], float] = time.time) -> None:
        self._bank, self._now = bank, now
        self._noted: dict[Card, None] = {}
        self._guard, self._writing, self._stopping = Lock(), Lock(), Event()
        self._thread: Thread | None = None
        if not bank.log.has_table("card_readings"):
            with bank.transaction() as cursor:
                for statement in TABLES:
                    cursor.execute(statement)

    def note(self, reader: str, role: str, rm: str, quarter: str, what: What) -> None:
        """Keep in mind that somebody read a card; it is written within about a second."""
        card: Card = (int(self._now()), reader, role, rm, quarter, what)
        with self._guard:
            self._noted[card] = None
            if self._thread is None and not self._stopping.is_set():
                self._thread = Thread(target=self._keep_writing, name="card-readings", daemon=True)
                self._thread.start()

    def write(self) -> None:
        """Write what was noted. What can't be written now is kept, and the next writing has it."""
        with self._writing:
            with self._guard:
                noted, self._noted = self._noted, {}
            if not noted:
                return
            try:
                self._insert(list(noted))
            except BaseException:
                with self._guard:
                    self._noted = noted | self._noted
                raise

    def _insert(self, cards: list[Card]) -> None:
        with self._bank.transaction() as cursor:
            cursor.execute("SELECT coalesce(max(number), 0) FROM card_readings")
            (last,) = cursor.fetchone()
            for number, card in enumerate(cards, last + 1):
                cursor.execute("INSERT INTO card_readings VALUES (?, ?, ?, ?, ?, ?, ?)", (number, *card))

    def _keep_writing(self) -> None:
        while not self._stopping.wait(EVERY):
            self._try_to_write()

    def _try_to_write(self) -> bool:
        try:
            self.write()
        except (Busy, DiskFull, Unreachable) as fault:
            log.warning("who read which card can't be written yet: %s", fault)
            return False
        return True

    def close(self) -> None:
        """Write the last ones; to be called before the bank is closed."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        tries = (self._try_to_write() for _ in range(LAST_TRIES))
        if not any(tries):
            log.error("%d readings of cards were lost: the store could not be written", len(self._noted))

    def of(
        self, rm: str | None = None, quarter: str | None = None, reader: str | None = None,
        after: int | None = None, limit: int = 100,
    ) -> list[CardReading]:  # fmt: skip
        """The readings, newest first; `after` is the last number of the page before. Those of this moment included."""
        self._try_to_write()
        asked = {"rm": rm, "quarter": quarter, "reader": reader}
        given = {name: value for name, value in asked.items() if value is not None}
        where = " AND ".join(["number < ?", *(f"{name} = ?" for name in given)])
        columns = "number, read_at, reader, role, rm, quarter, what"
        sql = f"SELECT {columns} FROM card_readings WHERE {where} ORDER BY number DESC LIMIT {limit:d}"
        return [CardReading(*row) for row in self._rows(sql, ALL_BEFORE if after is None else after, *given.values())]

    def newest(self) -> int:
        """The number of the newest reading; 0 where there is none."""
        return int(self._rows("SELECT coalesce(max(number), 0) FROM card_readings")[0][0])

    def _rows(self, sql: str, *parameters: Any) -> list[Any]:
        with self._bank.log.reading() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())
