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

HEADER = "Idempotency-Key"
KEPT_SECONDS = 48 * 3600
CLAIM_SECONDS = 30
"""After so long without an answer, the process that took the key is held for dead."""
CLAIMED = "asker = ? AND idempotency_key = ? AND kept_at = ? AND status IS NULL"
"""The row of one claim: `kept_at` tells it from a later one, for a claim is taken over after CLAIM_SECONDS only."""
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

    def claim(self, asker: str, key: str, request: str) -> KeptAnswer | int:
        """Take a key for a request: what it was answered, else the claim by which it is to be done now.

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
                return now
            known, since, status, content_type, body = standing
            if known != request:
                raise wrong(HEADER, "take another key: this one belongs to another request")
            if status is not None:
                return KeptAnswer(status, content_type, body)
            if since > now - CLAIM_SECONDS:
                raise Problem(409, "this very request is being done: ask again", headers={"Retry-After": "1"})
            cursor.execute(f"UPDATE idempotency_keys SET kept_at = ? WHERE {CLAIMED}", (now, asker, key, since))
            return now

    def keep(self, asker: str, key: str, claim: int, given: KeptAnswer) -> None:
        """Keep what was answered, unless another has taken the claim over since: the answer is that one's to keep."""
        row = (given.status, given.content_type, given.body)
        with self._bank.transaction() as cursor:
            change = "status = ?, content_type = ?, body = ?"
            cursor.execute(f"UPDATE idempotency_keys SET {change} WHERE {CLAIMED}", (*row, asker, key, claim))

    def free(self, asker: str, key: str, claim: int) -> None:
        """Let a key be used again: nothing was taken in under this claim. One that another took over stays taken."""
        with self._bank.transaction() as cursor:
            cursor.execute(f"DELETE FROM idempotency_keys WHERE {CLAIMED}", (asker, key, claim))
