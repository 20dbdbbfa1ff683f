"""The small bank as its administrator sees it: users, sessions, tokens, and who changed them."""

from datetime import UTC, datetime
from typing import Any

from projections.answers import (
    AccountChange,
    Credential,
    Ended,
    MachineToken,
    Me,
    NewToken,
    OpenSession,
    UserAccount,
    Users,
)
from tests.dashboard.small_bank import SmallBank, me

MORNING = datetime(2026, 9, 15, 1, tzinfo=UTC)


def user(name: str, **changes: Any) -> UserAccount:
    told: dict[str, Any] = {
        "name": name, "role": "hr", "scope": None, "scope_name": None, "rm": None, "rm_name": None, "disabled": False,
        "one_time": False, "last_sign_in": MORNING, "sessions": 1,
    }  # fmt: skip
    return UserAccount(**{**told, **changes})


def session(name: str, number: int, here: bool = False) -> OpenSession:
    address = "10.0.0.7" if here else None
    return OpenSession(
        session=f"{number:016x}", name=name, opened_at=MORNING, expires_at=MORNING, address=address, here=here
    )


class Administered(SmallBank):
    """The bank as its administrator sees it."""

    def list_users(self, **asked: Any) -> Users:
        self._ask("list_users", **asked)
        return Users(users=[user("anna"), user("boss", role="admin")], after="boss")

    def list_sessions(self, **asked: Any) -> list[OpenSession]:
        self._ask("list_sessions", asked=asked)
        return [session("anna", 1), session("boss", 2, here=True)]

    def own_sessions(self) -> list[OpenSession]:
        self._ask("own_sessions")
        return [session("boss", 2, here=True), session("boss", 3)]

    def list_tokens(self) -> list[MachineToken]:
        self._ask("list_tokens")
        return [
            MachineToken(
                token="0a1b2c3d", subject="crm", role="system", scope=None, scope_name=None, sources=["crm"],
                created_at=MORNING, revoked=False,
            ),
            MachineToken(
                token="1a1b2c3d", subject="r1", role="rm", scope=None, scope_name=None, sources=[],
                created_at=MORNING, revoked=False,
            ),
            MachineToken(
                token="2a1b2c3d", subject="pay", role="hr", scope="east", scope_name="城东支行", sources=[],
                created_at=MORNING, revoked=False,
            ),
        ]  # fmt: skip

    def list_account_changes(self, **asked: Any) -> list[AccountChange]:
        self._ask("list_account_changes", **asked)
        return [
            AccountChange(
                number=1, changed_at=MORNING, changed_by="cli", change="user-added", subject="anna", role="hr",
                scope="east", scope_name="城东支行", rm=None,
            )
        ]  # fmt: skip

    def add_user(self, name: str, *rest: Any) -> Credential:
        self._ask("add_user", who=name, rest=rest)
        return Credential(name=name, password="abcd-efgh-jkmn-pqrs")

    def create_token(self, *told: Any) -> NewToken:
        self._ask("create_token", told=told)
        return NewToken(token="0a1b2c3d", secret="the-secret-of-a-token")

    def reset_password(self, name: str) -> Credential:
        self._ask("reset_password", who=name)
        return Credential(name=name, password="abcd-efgh-jkmn-pqrs")

    def disable_user(self, name: str) -> UserAccount:
        self._ask("disable_user", who=name)
        return user(name, disabled=True)

    def change_role(self, *told: Any) -> UserAccount:
        self._ask("change_role", told=told)
        return user("anna")

    def end_sessions(self, name: str) -> Ended:
        self._ask("end_sessions", who=name)
        return Ended(ended=2)

    def change_password(self, old: str, new: str) -> Ended:
        self._ask("change_password", old=old, new=new)
        return Ended(ended=1)

    def end_own_session(self, session: str) -> Ended:
        self._ask("end_own_session", session=session)
        return Ended(ended=1)


def administrator(**changes: Any) -> Me:
    return me("admin", subject="boss", scope=None, scope_name=None, **changes)


def calls(bank: SmallBank, name: str) -> list[Any]:
    return [told for called, told in bank.sent if called == name]
