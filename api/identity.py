"""Who asks: people who sign in, their sessions, and tokens for machines.

They are ordinary tables of the store, not events. Passwords stand as argon2 hashes; session and token texts are random
and stand as SHA-256, so the store alone lets nobody in. Nothing here may run on the event loop: argon2 and the
store block.
"""

import hashlib
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from api import passwords
from api.permissions import ROLES, Role, as_role
from domain.bank import Bank
from domain.fields import ID, SOURCE
from domain.refusal import Refusal, Refused

SESSION_SECONDS = 12 * 3600
OWNER_SUBJECT = "cli"
"""By this person id the command line acts, through the owner's token of one run."""

TABLES = (
    """CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, password_hash TEXT NOT NULL, role TEXT NOT NULL,
    scope TEXT, rm TEXT, disabled INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE IF NOT EXISTS sessions (digest TEXT PRIMARY KEY, name TEXT NOT NULL, expires_at BIGINT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, subject TEXT NOT NULL,
    role TEXT NOT NULL, scope TEXT, sources TEXT NOT NULL, created_at BIGINT NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE IF NOT EXISTS demo_sign_ins (name TEXT PRIMARY KEY, password TEXT NOT NULL, role TEXT NOT NULL,
    says_en TEXT NOT NULL, says_zh TEXT NOT NULL, ordinal INTEGER NOT NULL)""",
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who a request comes from. `scope` None is the whole bank; `sources` are the ones a system may write with."""

    subject: str
    role: Role
    scope: str | None = None
    rm: str | None = None
    sources: tuple[str, ...] = ()

    @property
    def person(self) -> str:
        """The id that events keep in `by`: one per person, whichever account or token they use."""
        return self.rm or self.subject


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in with a password."""

    name: str
    role: Role
    scope: str | None
    rm: str | None
    disabled: bool


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
class DemoSignIn:
    """A sign-in of the demo bank, shown on its sign-in page; `says_en` and `says_zh` say who it is."""

    name: str
    password: str
    role: str
    says_en: str
    says_zh: str


def digest_of(secret: str) -> str:
    """What the store keeps of a session or token."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Identity:
    """Users, sessions and tokens of one bank's store."""

    def __init__(self, bank: Bank, now: Callable[[], float] = time.time) -> None:
        self._bank = bank
        self._now = now
        if not bank.log.has_table("demo_sign_ins"):
            self._write(*((table, ()) for table in TABLES))

    # People

    def add_user(
        self, name: str, password: str, role: str, scope: str | None = None, rm: str | None = None
    ) -> Refused | None:
        """Let somebody sign in; None once done. A `supervisor` without scope has the whole bank."""
        faults = [*self._faults(name, "name", role, scope, rm), *passwords.faults(password)]
        if faults:
            return Refused(faults)
        insert = (
            "INSERT INTO users (name, password_hash, role, scope, rm) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        )
        if self._write((insert, (name, passwords.digest(password), role, scope, rm))):
            return None
        return Refused([Refusal("conflict", "name", "choose another name, this one is taken")])

    def set_password(self, name: str, password: str) -> Refused | None:
        """Give a user another password; their sessions end."""
        faults = [*self._unknown_user(name), *passwords.faults(password)]
        if faults:
            return Refused(faults)
        self._write(
            ("UPDATE users SET password_hash = ? WHERE name = ?", (passwords.digest(password), name)),
            ("DELETE FROM sessions WHERE name = ?", (name,)),
        )
        return None

    def disable_user(self, name: str) -> Refused | None:
        """Nobody signs in by this name any more; its sessions end at once."""
        if faults := self._unknown_user(name):
            return Refused(faults)
        self._write(
            ("UPDATE users SET disabled = 1 WHERE name = ?", (name,)),
            ("DELETE FROM sessions WHERE name = ?", (name,)),
        )
        return None

    def users(self) -> list[User]:
        """Everybody who signs in, by name."""
        rows = self._rows("SELECT name, role, scope, rm, disabled FROM users")
        return [
            User(name, as_role(role), scope, rm, bool(disabled)) for name, role, scope, rm, disabled in sorted(rows)
        ]

    # Sessions

    def sign_in(self, name: str, password: str) -> str | None:
        """A new session's secret, or None where name and password don't belong together."""
        return self.open_session(name) if self.check_password(name, password) else None

    def check_password(self, name: str, password: str) -> bool:
        """Whether name and password belong together; it takes a core for a while, and as long for an unknown name. What
        can be no name is not looked for: PostgreSQL takes no text with a NUL."""
        find = "SELECT password_hash FROM users WHERE name = ? AND disabled = 0"
        row = self._row(find, name) if re.fullmatch(ID.pattern, name) else None
        return passwords.matches(password, row[0] if row else None) and row is not None

    def open_session(self, name: str) -> str:
        """A session for somebody whose password was checked; sessions that ended are swept out."""
        secret, now = secrets.token_urlsafe(32), int(self._now())
        self._write(
            ("DELETE FROM sessions WHERE expires_at <= ?", (now,)),
            ("INSERT INTO sessions VALUES (?, ?, ?)", (digest_of(secret), name, now + SESSION_SECONDS)),
        )
        return secret

    def sign_out(self, secret: str) -> None:
        """End a session; nothing happens where there is none."""
        self._write(("DELETE FROM sessions WHERE digest = ?", (digest_of(secret),)))

    def open_sessions(self) -> int:
        """How many sessions have not ended."""
        row = self._row("SELECT count(*) FROM sessions WHERE expires_at > ?", int(self._now()))
        return row[0] if row else 0

    def of_session(self, secret: str) -> Asker | None:
        """Who a session belongs to, while it lasts and its user may sign in."""
        row = self._row(
            "SELECT u.name, u.role, u.scope, u.rm FROM sessions s JOIN users u ON u.name = s.name "
            "WHERE s.digest = ? AND s.expires_at > ? AND u.disabled = 0",
            digest_of(secret),
            int(self._now()),
        )
        return Asker(row[0], as_role(row[1]), row[2], row[3]) if row else None

    # Tokens

    def create_token(
        self, subject: str, role: str, scope: str | None = None, sources: Sequence[str] = ()
    ) -> str | Refused:
        """A machine's token, told only now. Without scope it covers the whole bank; a `system` names its sources."""
        rm = subject if role == "rm" else None
        faults = [*self._faults(subject, "subject", role, scope, rm), *_source_faults(role, sources)]
        if faults:
            return Refused(faults)
        secret = secrets.token_urlsafe(32)
        row = (secrets.token_hex(4), digest_of(secret), subject, role, scope, " ".join(sources), int(self._now()))
        self._write(
            (
                "INSERT INTO tokens (token, digest, subject, role, scope, sources, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        )
        return secret

    def revoke_token(self, token: str) -> Refused | None:
        """The token named by its id opens nothing any more."""
        if not self._row("SELECT 1 FROM tokens WHERE token = ?", token):
            return Refused([Refusal("not-found", "token", "give the id of a token from the list of tokens")])
        self._write(("UPDATE tokens SET revoked = 1 WHERE token = ?", (token,)))
        return None

    def tokens(self) -> list[Token]:
        """Every token that was ever made, oldest first."""
        rows = self._rows(
            "SELECT token, subject, role, scope, sources, created_at, revoked FROM tokens ORDER BY created_at, token"
        )
        return [Token(r[0], r[1], as_role(r[2]), r[3], tuple(r[4].split()), r[5], bool(r[6])) for r in rows]

    def of_token(self, secret: str) -> Asker | None:
        """Whose token this is, unless it was revoked."""
        row = self._row(
            "SELECT subject, role, scope, sources FROM tokens WHERE digest = ? AND revoked = 0", digest_of(secret)
        )
        if not row:
            return None
        role = as_role(row[1])
        return Asker(row[0], role, row[2], row[0] if role == "rm" else None, tuple(row[3].split()))

    # The demo bank

    def show_demo_sign_ins(self, sign_ins: Sequence[DemoSignIn]) -> None:
        """Keep what the sign-in page of a demo bank shows; it replaces what stood before."""
        rows = [(s.name, s.password, s.role, s.says_en, s.says_zh, n) for n, s in enumerate(sign_ins)]
        insert = "INSERT INTO demo_sign_ins VALUES (?, ?, ?, ?, ?, ?)"
        self._write(("DELETE FROM demo_sign_ins", ()), *((insert, row) for row in rows))

    def demo_sign_ins(self) -> list[DemoSignIn]:
        """The sign-ins that the page shows: none unless the bank is a demo."""
        rows = self._rows("SELECT name, password, role, says_en, says_zh FROM demo_sign_ins ORDER BY ordinal")
        return [DemoSignIn(*row) for row in rows]

    # What is at fault

    def _faults(self, name: str, field: str, role: str, scope: str | None, rm: str | None) -> list[Refusal]:
        faults = [] if re.fullmatch(ID.pattern, name) else [Refusal("malformed", field, ID.remedy)]
        if role not in ROLES:
            faults.append(Refusal("malformed", "role", f"choose one of {', '.join(ROLES)}"))
        if scope is not None and scope not in self._bank.register.units:
            faults.append(Refusal("unknown", "scope", "name a unit of the organisation tree"))
        if role == "rm" and rm is None:
            faults.append(Refusal("malformed", "rm", "say which relationship manager this is"))
        if rm is not None and rm not in self._bank.register.rms:
            faults.append(Refusal("unknown", "rm", "name a relationship manager that is registered"))
        return faults

    def _unknown_user(self, name: str) -> list[Refusal]:
        known = self._row("SELECT 1 FROM users WHERE name = ?", name)
        return [] if known else [Refusal("not-found", "name", "name a user that exists; add it first")]

    # The store

    def _write(self, *statements: tuple[str, Sequence[Any]]) -> int:
        """Run statements in one transaction; how many rows the last one changed."""
        with self._bank.transaction() as cursor:
            for sql, parameters in statements:
                cursor.execute(sql, parameters)
            return cursor.rowcount

    def _rows(self, sql: str, *parameters: Any) -> list[Any]:
        with self._bank.log.reading() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())

    def _row(self, sql: str, *parameters: Any) -> Any:
        return next(iter(self._rows(sql, *parameters)), None)


def _source_faults(role: str, sources: Sequence[str]) -> list[Refusal]:
    if role == "system" and not sources:
        return [Refusal("malformed", "source", "say which sources the system may write with")]
    if role != "system" and sources:
        return [Refusal("malformed", "source", "leave it out: only a system has sources")]
    wrong = [source for source in sources if not re.fullmatch(SOURCE.pattern, source) or source == "log"]
    return [Refusal("malformed", "source", f"{SOURCE.remedy}; `log` is kept for people")] if wrong else []
