"""The ordinary tables of the store in which those who ask stand, and how an older store gets what it lacks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from api.permissions import Role
from domain.bank import Bank
from domain.log import Cursor

TABLES = (
    """CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, password_hash TEXT NOT NULL, role TEXT NOT NULL,
    scope TEXT, rm TEXT, disabled INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE IF NOT EXISTS sessions (digest TEXT PRIMARY KEY, name TEXT NOT NULL, expires_at BIGINT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, subject TEXT NOT NULL,
    role TEXT NOT NULL, scope TEXT, sources TEXT NOT NULL, created_at BIGINT NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE IF NOT EXISTS demo_sign_ins (name TEXT PRIMARY KEY, password TEXT NOT NULL, role TEXT NOT NULL,
    says_en TEXT NOT NULL, says_zh TEXT NOT NULL, ordinal INTEGER NOT NULL)""",
    "ALTER TABLE users ADD COLUMN one_time INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE users ADD COLUMN last_sign_in BIGINT",
    "ALTER TABLE sessions ADD COLUMN opened_at BIGINT",
    "ALTER TABLE sessions ADD COLUMN address TEXT",
    """CREATE TABLE account_changes (number BIGINT PRIMARY KEY, changed_at BIGINT NOT NULL, changed_by TEXT NOT NULL,
    change TEXT NOT NULL, subject TEXT NOT NULL, role TEXT, scope TEXT, rm TEXT)""",
)
"""A new store runs them all; one of an older version, which has the first ones, gets what came later."""
NEWEST = "account_changes"
Statement = tuple[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in with a password; `one_time` says that it was given out, and opens only the change of it."""

    name: str
    role: Role
    scope: str | None
    rm: str | None
    disabled: bool
    one_time: bool = False
    last_sign_in: int | None = None
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """An open session, without its secret: `session` only names it. One that an older version opened lacks from when
    and where."""

    session: str
    name: str
    opened_at: int | None
    expires_at: int
    address: str | None


@dataclass(frozen=True, slots=True)
class Token:
    """A machine's key, without the key: `token` only names it."""

    token: str
    subject: str
    role: Role
    scope: str | None
    sources: tuple[str, ...]
    created_at: int
    revoked: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to a user, a session or a token; role, scope and RM as they stood then."""

    number: int
    changed_at: int
    changed_by: str
    change: str
    subject: str
    role: str | None
    scope: str | None
    rm: str | None


class AccountTables:
    """The tables of one bank's store. Nothing here may run on the event loop: the store blocks."""

    def __init__(self, bank: Bank, now: Callable[[], float]) -> None:
        self._bank = bank
        self._now = now
        if not bank.log.has_table(NEWEST):
            self._make_tables()

    def _make_tables(self) -> None:
        with self._bank.transaction() as cursor:
            if not self._bank.log.has_table(NEWEST):  # another process may have been quicker
                for statement in TABLES:
                    cursor.execute(statement)

    def _write(self, *statements: Statement) -> int:
        """Run statements in one transaction; how many rows the last one changed."""
        with self._bank.transaction() as cursor:
            return _run(cursor, statements)

    def _noted(self, cursor: Cursor, by: str, change: str, subject: str, *about: str | None) -> None:
        """Keep who did what to whom, in the transaction that does it; `about` are role, scope and RM."""
        role, scope, rm = (*about, None, None, None)[:3]
        row = (int(self._now()), by, change, subject, role, scope, rm)
        cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM account_changes")
        (number,) = cursor.fetchone()
        cursor.execute("INSERT INTO account_changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (number, *row))

    def _rows(self, sql: str, *parameters: Any) -> list[Any]:
        with self._bank.log.reading() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())

    def _row(self, sql: str, *parameters: Any) -> Any:
        return next(iter(self._rows(sql, *parameters)), None)


def _run(cursor: Cursor, statements: Sequence[Statement]) -> int:
    for sql, parameters in statements:
        cursor.execute(sql, parameters)
    return cursor.rowcount
