"""Idempotency-Key: a POST that comes again under its key is answered as the first time, and done once.

What was answered stands in a table of the store for a day or two. Of a server that died between the event and the
answer, the key is free again after half a minute; what was recorded is then a duplicate, as its reference is made from
the key, and a decision that stands already is answered as stale. Nothing is done twice.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from api.problems import Problem, wrong
from domain.bank import Bank
from domain.log import Cursor

HEADER = "Idempotency-Key"
KEPT_SECONDS = 48 * 3600
CLAIM_SECONDS = 30
"""After so long without an answer, the process that took the key is held for dead."""
TABLES = (
    """CREATE TABLE IF NOT EXISTS idempotency_keys (asker TEXT NOT NULL, idempotency_key TEXT NOT NULL,
    request TEXT NOT NULL, kept_at BIGINT NOT NULL, status INTEGER, content_type TEXT, body TEXT,
    PRIMARY KEY (asker, idempotency_key))""",
    "CREATE INDEX IF NOT EXISTS idempotency_keys_by_age ON idempotency_keys (kept_at)",
)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What the first request under a key was answered."""

    status: int
    content_type: str
    body: str


class IdempotencyKeys:
    """The keys that were used lately, of one bank's store. Nothing here may run on the event loop: SQLite blocks."""

    def __init__(self, bank: Bank, now: Callable[[], float] = time.time) -> None:
        self._bank, self._now = bank, now
        if not bank.log.has_table("idempotency_keys"):
            with bank.transaction() as cursor:
                for table in TABLES:
                    cursor.execute(table)

    def claim(self, asker: str, key: str, request: str) -> KeptAnswer | None:
        """Take a key for a request: None where it is to be done now, else what it was answered.

        Raises Problem where the key belongs to another request (422), or this one is being done just now (409).
        """
        now = int(self._now())
        with self._bank.transaction() as cursor:
            cursor.execute("DELETE FROM idempotency_keys WHERE kept_at < ?", (now - KEPT_SECONDS,))
            cursor.execute(
                "SELECT request, kept_at, status, content_type, body FROM idempotency_keys "
                "WHERE asker = ? AND idempotency_key = ?",
                (asker, key),
            )
            standing = cursor.fetchone()
            if standing is None:
                row = (asker, key, request, now)
                cursor.execute(
                    "INSERT INTO idempotency_keys (asker, idempotency_key, request, kept_at) VALUES (?, ?, ?, ?)", row
                )
                return None
            known, since, status, content_type, body = standing
            if known != request:
                raise wrong(HEADER, "take another key: this one belongs to another request")
            if status is not None:
                return KeptAnswer(status, content_type, body)
            if since > now - CLAIM_SECONDS:
                raise Problem(409, "this very request is being done: ask again", headers={"Retry-After": "1"})
            self._set(cursor, "kept_at = ?", (now,), asker, key)
            return None

    def keep(self, asker: str, key: str, given: KeptAnswer) -> None:
        """Keep what was answered."""
        row = (given.status, given.content_type, given.body)
        with self._bank.transaction() as cursor:
            self._set(cursor, "status = ?, content_type = ?, body = ?", row, asker, key)

    def free(self, asker: str, key: str) -> None:
        """Let a key be used again: nothing was taken in under it."""
        with self._bank.transaction() as cursor:
            cursor.execute("DELETE FROM idempotency_keys WHERE asker = ? AND idempotency_key = ?", (asker, key))

    @staticmethod
    def _set(cursor: Cursor, change: str, values: tuple[object, ...], asker: str, key: str) -> None:
        place = "asker = ? AND idempotency_key = ?"
        cursor.execute(f"UPDATE idempotency_keys SET {change} WHERE {place}", (*values, asker, key))
