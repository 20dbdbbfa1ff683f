"""Users and tokens as they are managed, by one set of rules for both doors: HTTP and the command line.

They are ordinary tables of the store and not events: an event is for ever and goes out with every archive, while a
sign-in ends with its person, and no figure depends on one. Who did what to them stands in `account_changes`, which is
only added to, and which auditors read as well as administrators.
"""

import re
import secrets
from collections.abc import Sequence
from typing import Any

from api import passwords, rights
from api.account_tables import AccountTables, Change, Session, Token, User
from api.digests import digest_of
from api.permissions import as_role
from domain.fields import COMMAND_LINE
from domain.log import Cursor
from domain.refusal import Refusal, Refused

USER = "u.name, u.role, u.scope, u.rm, u.disabled, u.one_time, u.last_sign_in"
SESSION_NAME = 16
"""So many digits of a session's digest name it."""
ALL_BEFORE = 2**53
GIVEN = {"user-added", "password-reset", "user-enabled", "role-changed", "token-created"}
"""What gives somebody, or whoever stands behind them, a way in."""
LAST_ADMIN = Refusal("conflict", "", "let another administrator in first: this is the last one")
ONESELF = Refusal("not-allowed", "", "ask another administrator: nobody does this to themselves")
CHANGED_MEANWHILE = Refusal("stale", "", "sign in again: your password was changed at this very moment")
OWN_PASSWORD = Refusal("not-allowed", "", "change your own password where the old one is asked for")
SAME_PASSWORD = Refusal("not-allowed", "password", "choose another password than the one that you have now")
NAME_TAKEN = Refusal("conflict", "name", "choose another name, this one is taken")


class Accounts(AccountTables):
    """Who may sign in, and which machines have tokens. `by` is whose doing a change is."""

    # Users

    def add_user(
        self, name: str, password: str, role: str, scope: str | None = None, rm: str | None = None,
        by: str = COMMAND_LINE, one_time: bool = False,
    ) -> Refused | None:  # fmt: skip
        """Let somebody sign in; None once done. A `supervisor` without scope has the whole bank."""
        faults = [*rights.person_faults(name, role, rm, self._bank.register)]
        faults += rights.faults(role, scope, rm, self._bank.register)
        if faults := [*faults, *passwords.faults(password, name)]:
            return Refused(faults)
        insert = "INSERT INTO users (name, password_hash, role, scope, rm, one_time) VALUES (?, ?, ?, ?, ?, ?)"
        row = (name, passwords.digest(password), role, scope, rm, int(one_time))
        with self._bank.transaction() as cursor:
            cursor.execute("SELECT 1 FROM users WHERE lower(name) = ?", (name.lower(),))
            if taken := [*([NAME_TAKEN] if cursor.fetchone() else []), *self._second_of_an_rm(cursor, name, role, rm)]:
                return Refused(taken)
            cursor.execute(insert, row)
            self._noted(cursor, by, "user-added", name, role, scope, rm)
        return None

    def set_password(self, name: str, password: str, by: str = COMMAND_LINE, one_time: bool = False) -> Refused | None:
        """Give a user another password; their sessions end, and a demo shows the old one no longer."""
        faults = [*self._unknown_user(name), *passwords.faults(password, name)]
        if faults or by == name:
            return Refused(faults or [OWN_PASSWORD])
        update = "UPDATE users SET password_hash = ?, one_time = ? WHERE name = ?"
        digest = passwords.digest(password)
        with self._bank.transaction() as cursor:
            cursor.execute(update, (digest, int(one_time), name))
            self._end(cursor, name)
            cursor.execute("DELETE FROM demo_sign_ins WHERE name = ?", (name,))
            self._noted(cursor, by, "password-reset", name)
        return None

    def change_password(self, name: str, password: str, secret: str, known: str) -> Refused | int:
        """Give oneself another password, the old one having been checked against the digest `known`; how many other
        sessions ended. Who was given another one meanwhile, or was disabled, changes nothing."""
        if faults := [*self._unknown_user(name), *passwords.faults(password, name)]:
            return Refused(faults)
        if passwords.matches(password, known):  # one that was given out, and that others may know, would stay
            return Refused([SAME_PASSWORD])
        digest = passwords.digest(password)
        with self._bank.transaction() as cursor:
            if not self._stands(cursor, name, known):
                return Refused([CHANGED_MEANWHILE])
            cursor.execute("UPDATE users SET password_hash = ?, one_time = 0 WHERE name = ?", (digest, name))
            cursor.execute("DELETE FROM demo_sign_ins WHERE name = ?", (name,))
            ended = self._end(cursor, name, spared=secret)
            self._noted(cursor, name, "password-changed", name)
        return ended

    def disable_user(self, name: str, by: str = COMMAND_LINE) -> Refused | None:
        """Nobody signs in by this name any more; its sessions end at once."""
        with self._bank.transaction() as cursor:
            if refused := self._keeps_an_administrator(cursor, name, by):
                return refused
            cursor.execute("UPDATE users SET disabled = 1 WHERE name = ? AND disabled = 0", (name,))
            if cursor.rowcount:  # else it was done before, and nothing changes
                self._end(cursor, name)
                self._noted(cursor, by, "user-disabled", name)
        return None

    def enable_user(self, name: str, by: str = COMMAND_LINE) -> Refused | None:
        """The name lets its user in again, with the password that it had."""
        if (user := self.user(name)) is None:
            return Refused([self._no_user()])
        with self._bank.transaction() as cursor:
            if taken := self._second_of_an_rm(cursor, name, user.role, user.rm):
                return Refused(taken)
            cursor.execute("UPDATE users SET disabled = 0 WHERE name = ? AND disabled = 1", (name,))
            if cursor.rowcount:
                self._noted(cursor, by, "user-enabled", name)
        return None

    def change_role(
        self, name: str, role: str, scope: str | None = None, rm: str | None = None, by: str = COMMAND_LINE
    ) -> Refused | None:
        """Give a user another role, scope or RM, from the next request on."""
        register = self._bank.register
        faults = [*rights.person_faults(name, role, rm, register), *rights.faults(role, scope, rm, register)]
        if faults := [*self._unknown_user(name), *faults]:
            return Refused(faults)
        with self._bank.transaction() as cursor:
            if refused := self._keeps_an_administrator(cursor, name, by, role):
                return refused
            if taken := self._second_of_an_rm(cursor, name, role, rm):
                return Refused(taken)
            cursor.execute("UPDATE users SET role = ?, scope = ?, rm = ? WHERE name = ?", (role, scope, rm, name))
            self._noted(cursor, by, "role-changed", name, role, scope, rm)
        return None

    def users(self) -> list[User]:
        """Everybody who signs in, by name."""
        return sorted(self.users_page(limit=None), key=lambda user: user.name)

    def users_page(
        self, find: str | None = None, role: str | None = None, after: str | None = None, limit: int | None = 100
    ) -> list[User]:
        """Some of those who sign in, by name: whose name or RM holds `find`, who have a role."""
        where, given = _where(
            ("u.name > ?", after),
            ("u.role = ?", role),
            ("lower(u.name || ' ' || coalesce(u.rm, '')) LIKE ? ESCAPE '!'", find and f"%{_escaped(find.lower())}%"),
        )
        many = "" if limit is None else f" LIMIT {limit:d}"
        open_sessions = "(SELECT count(*) FROM sessions s WHERE s.name = u.name AND s.expires_at > ?)"
        sql = f"SELECT {USER}, {open_sessions} FROM users u{where} ORDER BY u.name{many}"
        return [_user(row) for row in self._rows(sql, int(self._now()), *given)]

    def user(self, name: str) -> User | None:
        """One of them, or None."""
        row = self._row(f"SELECT {USER}, 0 FROM users u WHERE u.name = ?", name)
        return _user(row) if row else None

    # Their sessions

    def sessions_page(self, name: str | None = None, limit: int = 100) -> list[Session]:
        """Open sessions, of one user or of all, the newest first."""
        where, given = _where(("s.expires_at > ?", int(self._now())), ("s.name = ?", name))
        columns = "s.digest, s.name, s.opened_at, s.expires_at, s.address"
        sql = f"SELECT {columns} FROM sessions s{where} ORDER BY s.expires_at DESC, s.digest"
        rows = self._rows(f"{sql} LIMIT {limit:d}", *given)
        return [Session(row[0][:SESSION_NAME], *row[1:]) for row in rows]

    def end_sessions(self, name: str, by: str) -> Refused | int:
        """End all sessions of a user; how many there were."""
        if faults := self._unknown_user(name):
            return Refused(faults)
        with self._bank.transaction() as cursor:
            ended = self._end(cursor, name)
            self._noted(cursor, by, "sessions-ended", name)
        return ended

    def end_session(self, session: str, by: str, of: str | None = None) -> Refused | int:
        """End one session by its name; `of` one user only."""
        where, given = _where(("digest >= ?", session), ("digest < ?", session + "g"), ("name = ?", of))
        with self._bank.transaction() as cursor:
            cursor.execute(f"SELECT digest, name FROM sessions{where}", given)
            found = cursor.fetchone()
            if len(session) != SESSION_NAME or found is None:
                return Refused([Refusal("not-found", "session", "give the id of a session from the list of sessions")])
            cursor.execute("DELETE FROM sessions WHERE digest = ?", (found[0],))
            self._noted(cursor, by, "session-ended", found[1])
        return 1

    def _end(self, cursor: Cursor, name: str, spared: str = "") -> int:
        cursor.execute("DELETE FROM sessions WHERE name = ? AND digest <> ?", (name, digest_of(spared)))
        return int(cursor.rowcount)

    # Tokens

    def create_token(
        self, subject: str, role: str, scope: str | None = None, sources: Sequence[str] = (), by: str = COMMAND_LINE
    ) -> str | Refused:
        """A machine's token, told only now. Without scope it covers the whole bank; a `system` names its sources."""
        rm = subject if role == "rm" else None
        faults = [*rights.name_faults(subject, "subject", rm, self._bank.register)]
        if not faults:
            signs_in = rm is None and self._row("SELECT 1 FROM users WHERE name = ?", subject) is not None
            faults += rights.token_faults(subject, by, signs_in)
        faults += rights.faults(role, scope, rm, self._bank.register)
        if faults := [*faults, *rights.source_faults(role, sources)]:
            return Refused(faults)
        secret = secrets.token_urlsafe(32)
        row = (secrets.token_hex(4), digest_of(secret), subject, role, scope, " ".join(sources), int(self._now()))
        with self._bank.transaction() as cursor:
            columns = "token, digest, subject, role, scope, sources, created_at"
            cursor.execute(f"INSERT INTO tokens ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            self._noted(cursor, by, "token-created", subject, role, scope)
        return secret

    def revoke_token(self, token: str, by: str = COMMAND_LINE) -> Refused | None:
        """The token named by its id opens nothing any more."""
        with self._bank.transaction() as cursor:
            cursor.execute("SELECT subject, role, scope FROM tokens WHERE token = ?", (token,))
            if (row := cursor.fetchone()) is None:
                return Refused([Refusal("not-found", "token", "give the id of a token from the list of tokens")])
            cursor.execute("UPDATE tokens SET revoked = 1 WHERE token = ?", (token,))
            self._noted(cursor, by, "token-revoked", *row)
        return None

    def tokens(self) -> list[Token]:
        """Every token that was ever made, oldest first."""
        columns = "token, subject, role, scope, sources, created_at, revoked"
        rows = self._rows(f"SELECT {columns} FROM tokens ORDER BY created_at, token")
        return [Token(r[0], r[1], as_role(r[2]), r[3], tuple(r[4].split()), r[5], bool(r[6])) for r in rows]

    def token_of(self, secret: str) -> Token:
        """The token that was just made."""
        row = self._row("SELECT token FROM tokens WHERE digest = ?", digest_of(secret))
        return next(token for token in self.tokens() if token.token == row[0])

    # Who did what to them

    def changes(self, before: int | None = None, limit: int = 100) -> list[Change]:
        """What was done to users, sessions and tokens, newest first."""
        columns = "number, changed_at, changed_by, change, subject, role, scope, rm"
        newest = f"SELECT {columns} FROM account_changes WHERE number < ? ORDER BY number DESC LIMIT {limit:d}"
        return [Change(*row) for row in self._rows(newest, ALL_BEFORE if before is None else before)]

    def granted_by(self, subject: str) -> frozenset[str]:
        """Who ever gave a user or a token's subject a sign-in, a role, a password or a token, and so could act by that
        name. The command line is left out: who runs it holds the store itself."""
        rows = self._rows("SELECT DISTINCT changed_by, change FROM account_changes WHERE subject = ?", subject)
        return frozenset(by for by, change in rows if change in GIVEN) - {subject, COMMAND_LINE}

    # What is at fault

    def _keeps_an_administrator(self, cursor: Cursor, name: str, by: str, role: str = "") -> Refused | None:
        """Why a user can't be disabled, or given another role: nobody locks out themselves, or the last administrator.
        One whom an older version gave a unit manages nobody, and is none. Asked in the transaction that would do it."""
        cursor.execute("SELECT role, disabled, scope FROM users WHERE name = ?", (name,))
        if (row := cursor.fetchone()) is None:
            return Refused([self._no_user()])
        if by == name:
            return Refused([ONESELF])
        if row[0] != "admin" or row[1] or row[2] or role == "admin":
            return None
        others = "SELECT count(*) FROM users WHERE role = 'admin' AND disabled = 0 AND scope IS NULL AND name <> ?"
        cursor.execute(others, (name,))
        return None if cursor.fetchone()[0] else Refused([LAST_ADMIN])

    @staticmethod
    def _second_of_an_rm(cursor: Cursor, name: str, role: str, rm: str | None) -> list[Refusal]:
        """Why a user is no RM's: another one, who isn't disabled, is already. Asked in the transaction that does it."""
        find = "SELECT name FROM users WHERE role = 'rm' AND rm = ? AND disabled = 0 AND name <> ?"
        cursor.execute(find, (rm if role == "rm" else None, name))
        if (row := cursor.fetchone()) is None:
            return []
        return [Refusal("conflict", "rm", f"name another relationship manager: this one signs in as {row[0]} already")]

    @staticmethod
    def _stands(cursor: Cursor, name: str, known: str) -> bool:
        """Whether a password that was checked is still the user's. Asked in the transaction that relies on it: a check
        takes a while, in which an administrator may reset it."""
        find = "SELECT 1 FROM users WHERE name = ? AND password_hash = ? AND disabled = 0"
        cursor.execute(find, (name, known))
        return cursor.fetchone() is not None

    def _unknown_user(self, name: str) -> list[Refusal]:
        known = self._row("SELECT 1 FROM users WHERE name = ?", name)
        return [] if known else [self._no_user()]

    @staticmethod
    def _no_user() -> Refusal:
        return Refusal("not-found", "name", "name a user that exists; add it first")


def _user(row: Any) -> User:
    name, role, scope, rm, disabled, one_time, last_sign_in, sessions = row
    return User(name, as_role(role), scope, rm, bool(disabled), bool(one_time), last_sign_in, sessions)


def _where(*conditions: tuple[str, Any]) -> tuple[str, list[Any]]:
    """The conditions of which something is asked, as SQL with its parameters."""
    asked = [(sql, value) for sql, value in conditions if value is not None]
    return (" WHERE " + " AND ".join(sql for sql, _ in asked) if asked else ""), [value for _, value in asked]


def _escaped(text: str) -> str:
    return re.sub("([!%_])", r"!\1", text)
