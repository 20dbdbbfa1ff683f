"""/v1/users: people who sign in, as the administrator manages them. The rules stand in api.accounts."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api import passwords
from api.account_tables import User
from api.asking import Grant, Granted, Present
from api.guarded import Guarded
from api.http.parameters import USER_NAME as PATTERN
from api.http.parameters import Limit, UserName, utc
from api.permissions import Role
from api.problems import NotFound
from domain import fields
from domain.refusal import Refused
from projections.answers import Credential, Ended, UserAccount, Users

router = APIRouter(tags=["users"], route_class=Guarded)
Named = Annotated[str, Path(pattern=PATTERN, description="What the user signs in with")]


class Rights(BaseModel):
    """What a user may see and do."""

    model_config = ConfigDict(extra="forbid")
    role: Role
    scope: str | None = Field(None, description="A unit of the tree; without it the whole bank. Not for rm and admin")
    rm: str | None = Field(None, description="The RM's id, for the role rm, or a supervisor who is one, too")


class NewUser(Rights):
    """Somebody to be let in; without a password the server makes one that has to be changed at the first sign-in."""

    name: str = Field(description=fields.ID.remedy)
    password: SecretStr | None = None


class NewPassword(BaseModel):
    """Another password; without one the server makes it."""

    model_config = ConfigDict(extra="forbid")
    password: SecretStr | None = None


@router.get("/v1/users")
def list_users(
    granted: Granted,
    present: Present,
    find: Annotated[str | None, Query(min_length=1, max_length=64, description="Part of a name or an RM's id")] = None,
    role: Role | None = None,
    after: UserName | None = None,
    limit: Limit = 100,
) -> Users:
    """Those who sign in, by name, a page at a time."""
    if find is not None and not find.isprintable():
        return Users(users=[], after=None)
    found = granted.office.identity.users_page(find, role, after, limit + 1)
    page = accounts(granted, found[:limit])
    return Users(users=page, after=page[-1].name if len(found) > limit else None)


@router.post("/v1/users", status_code=201)
def add_user(granted: Granted, body: NewUser) -> Credential:
    """Let somebody sign in. The answer under an Idempotency-Key is kept without the password."""
    password, made = _password(body.password)
    identity, by = granted.office.identity, granted.asker.subject
    _unless(identity.add_user(body.name, password, body.role, body.scope, body.rm, by, one_time=True))
    return Credential(name=body.name, password=password if made else None)


@router.post("/v1/users/{name}/password")
def reset_password(granted: Granted, name: Named, body: NewPassword) -> Credential:
    """Give a user another password, which has to be changed at the next sign-in; the user's sessions end."""
    password, made = _password(body.password)
    _unless(granted.office.identity.set_password(name, password, granted.asker.subject, one_time=True))
    return Credential(name=name, password=password if made else None)


@router.post("/v1/users/{name}/disable")
def disable_user(granted: Granted, name: Named) -> UserAccount:
    """Nobody signs in by this name any more; its sessions end at once."""
    _unless(granted.office.identity.disable_user(name, granted.asker.subject))
    return _account(granted, name)


@router.post("/v1/users/{name}/enable")
def enable_user(granted: Granted, name: Named) -> UserAccount:
    """The name lets its user in again."""
    _unless(granted.office.identity.enable_user(name, granted.asker.subject))
    return _account(granted, name)


@router.post("/v1/users/{name}/role")
def change_role(granted: Granted, name: Named, body: Rights) -> UserAccount:
    """Give a user another role, scope and RM, from the next request on."""
    identity, by = granted.office.identity, granted.asker.subject
    _unless(identity.change_role(name, body.role, body.scope, body.rm, by))
    return _account(granted, name)


@router.post("/v1/users/{name}/sessions:end")
def end_sessions(granted: Granted, name: Named) -> Ended:
    """End all sessions of a user."""
    ended = granted.office.identity.end_sessions(name, granted.asker.subject)
    if isinstance(ended, Refused):
        raise ended
    return Ended(ended=ended)


def _password(given: SecretStr | None) -> tuple[str, bool]:
    """The password that somebody typed, or a new one; and whether it is new."""
    return (passwords.one_time(), True) if given is None else (given.get_secret_value(), False)


def _unless(refused: Refused | None) -> None:
    if refused:
        raise refused


def _account(granted: Grant, name: str) -> UserAccount:
    if user := granted.office.identity.user(name):
        return accounts(granted, [user])[0]
    raise NotFound("name a user that exists")


def accounts(granted: Grant, users: Sequence[User]) -> list[UserAccount]:
    """Users with the names of their RMs and units."""
    names = granted.office.bank.names([user.rm for user in users if user.rm])
    return [
        UserAccount(
            name=user.name, role=user.role, scope=user.scope, rm=user.rm, disabled=user.disabled,
            scope_name=granted.unit_name(user.scope), rm_name=names.get(user.rm or ""), one_time=user.one_time,
            last_sign_in=utc(user.last_sign_in), sessions=user.sessions,
        )
        for user in users
    ]  # fmt: skip
