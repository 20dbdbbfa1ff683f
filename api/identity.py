"""Who asks: people who sign in, their sessions, and tokens for machines.

They are ordinary tables of the store, not events. Passwords stand as argon2 hashes; session and token texts are random
and stand as SHA-256, so the store alone lets nobody in. Nothing here may run on the event loop: argon2 and the
store block.
"""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api import passwords
from api.account_tables import Token as Token
from api.accounts import GIVEN, Accounts
from api.digests import digest_of as digest_of
from api.permissions import Role, as_role
from domain.bank import Bank
from domain.fields import COMMAND_LINE, ID

SESSION_SECONDS = 12 * 3600
OWNER_SUBJECT = COMMAND_LINE
"""By this person id the command line acts, through the owner's token of one run."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who a request comes from. `scope` None is the whole bank; `sources` are the ones a system may write with;
    `one_time` says that the password was given out, and that another has to be chosen before anything else."""

    subject: str
    role: Role
    scope: str | None = None
    rm: str | None = None
    sources: tuple[str, ...] = ()
    one_time: bool = False
    signed_in: bool = False

    @property
    def person(self) -> str:
        """The id that events keep in `by`: one per person, whichever account or token they use."""
        return self.rm or self.subject


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """A sign-in of the demo bank, shown on its sign-in page; `says_en` and `says_zh` say who it is."""

    name: str
    password: str
    role: str
    says_en: str
    says_zh: str


class Identity(Accounts):
    """Who asks of one bank, beside how users and tokens are managed."""

    def __init__(self, bank: Bank, now: Callable[[], float] = time.time) -> None:
        super().__init__(bank, now)

    # Sessions

    def sign_in(self, name: str, password: str) -> str | None:
        """A new session's secret, or None where name and password don't belong together."""
        known = self.check_password(name, password)
        return self.open_session(name, known=known) if known else None

    def check_password(self, name: str, password: str) -> str | None:
        """The digest that the store keeps, where name and password belong together; it takes a core for a while, and as
        long for an unknown name. What can be no name is not looked for: PostgreSQL takes no text with a NUL."""
        find = "SELECT password_hash FROM users WHERE name = ? AND disabled = 0"
        row = self._row(find, name) if re.fullmatch(ID.pattern, name) else None
        return row[0] if passwords.matches(password, row[0] if row else None) and row else None

    def open_session(self, name: str, address: str | None = None, known: str | None = None) -> str:
        """A session for somebody whose password was checked; sessions that ended are swept out. Where the password is
        not `known` any more, because it was reset while it was checked, the secret opens nothing."""
        secret, now = secrets.token_urlsafe(32), int(self._now())
        columns = "digest, name, expires_at, opened_at, address"
        row = (digest_of(secret), name, now + SESSION_SECONDS, now, address)
        with self._bank.transaction() as cursor:
            cursor.execute("DELETE FROM sessions WHERE expires_at <= ?", (now,))
            if known is None or self._stands(cursor, name, known):
                cursor.execute(f"INSERT INTO sessions ({columns}) VALUES (?, ?, ?, ?, ?)", row)
                cursor.execute("UPDATE users SET last_sign_in = ? WHERE name = ?", (now, name))
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
            "SELECT u.name, u.role, u.scope, u.rm, u.one_time FROM sessions s JOIN users u ON u.name = s.name "
            "WHERE s.digest = ? AND s.expires_at > ? AND u.disabled = 0",
            digest_of(secret),
            int(self._now()),
        )
        return Asker(row[0], as_role(row[1]), row[2], row[3], one_time=bool(row[4]), signed_in=True) if row else None

    # Tokens

    def of_token(self, secret: str) -> Asker | None:
        """Whose token this is, unless it was revoked."""
        row = self._row(
            "SELECT subject, role, scope, sources FROM tokens WHERE digest = ? AND revoked = 0", digest_of(secret)
        )
        if not row:
            return None
        role = as_role(row[1])
        return Asker(row[0], role, row[2], row[0] if role == "rm" else None, tuple(row[3].split()))

    # Two people who are one

    def tied_to(self, subject: str, other: str) -> frozenset[str]:
        """Who could act as a user or token's subject; and `other`, if that one could be acted as by the subject. Where
        one of two people is among them, there is one person only."""
        could_act_as = self.granted_by(other)
        return self.granted_by(subject) | ({other} if subject in could_act_as else set())

    # Persons, by the ids that events keep

    def rights_of(self, person: str) -> list[tuple[Role, str | None]]:
        """Role and scope of each account by which a person may sign in."""
        find = "SELECT role, scope FROM users WHERE coalesce(rm, name) = ? AND disabled = 0 ORDER BY name"
        return [(as_role(role), scope) for role, scope in self._rows(find, person)]

    def knows(self, person: str) -> bool:
        """Whether somebody may sign in, or ask by a token, as a person."""
        tokens = "SELECT 1 FROM tokens WHERE subject = ? AND revoked = 0"
        return bool(self.rights_of(person) or self._rows(tokens, person))

    def ties_of(self, subject: str) -> frozenset[str]:
        """Who gave a user or a token's subject their rights, and to whom they gave some: one could act as the other."""
        gave = self._rows("SELECT DISTINCT subject, change FROM account_changes WHERE changed_by = ?", subject)
        tied = self.granted_by(subject) | {given for given, change in gave if change in GIVEN and given != subject}
        known = dict(self._rows("SELECT name, rm FROM users WHERE rm IS NOT NULL")) if tied else {}
        return tied | {known[name] for name in tied if name in known}

    def in_charge(self) -> list[tuple[str, Role, str | None]]:
        """Who supervises, approves or keeps the grades: person, role and scope of each account that may sign in."""
        roles = "role IN ('supervisor', 'approver', 'hr')"
        rows = self._rows(f"SELECT coalesce(rm, name), role, scope FROM users WHERE disabled = 0 AND {roles}")
        return [(person, as_role(role), scope) for person, role, scope in rows]

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
