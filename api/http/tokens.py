"""/v1/tokens: keys for machines."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.account_tables import Token
from api.asking import Grant, Granted, Present
from api.guarded import Guarded
from api.http.parameters import utc
from api.permissions import Role
from domain import fields
from domain.refusal import Refused
from projections.answers import MachineToken, NewToken

router = APIRouter(tags=["users"], route_class=Guarded)
TokenId = Annotated[str, Path(pattern="^[0-9a-f]{8}$", description="Its id, from the list of tokens")]


class Machine(BaseModel):
    """Whom a token speaks for."""

    model_config = ConfigDict(extra="forbid")
    subject: str = Field(description=f"{fields.ID.remedy}; for the role rm the RM's id")
    role: Role
    scope: str | None = Field(None, description="A unit of the tree; without it the whole bank. Not for rm and admin")
    sources: list[str] = Field([], max_length=50, description="What a system may write with")


@router.get("/v1/tokens")
def list_tokens(granted: Granted, present: Present) -> list[MachineToken]:
    """Every token ever made, without its secret, newest first."""
    return [_told(granted, token) for token in reversed(granted.office.identity.tokens())]


@router.post("/v1/tokens", status_code=201)
def create_token(granted: Granted, body: Machine) -> NewToken:
    """Make a token. The answer under an Idempotency-Key is kept without the secret."""
    identity, by = granted.office.identity, granted.asker.subject
    secret = identity.create_token(body.subject, body.role, body.scope, body.sources, by)
    if isinstance(secret, Refused):
        raise secret
    return NewToken(token=identity.token_of(secret).token, secret=secret)


@router.post("/v1/tokens/{token}/revoke")
def revoke_token(granted: Granted, token: TokenId) -> MachineToken:
    """The token opens nothing any more."""
    identity = granted.office.identity
    if refused := identity.revoke_token(token, granted.asker.subject):
        raise refused
    return next(_told(granted, one) for one in identity.tokens() if one.token == token)


def _told(granted: Grant, token: Token) -> MachineToken:
    return MachineToken(
        token=token.token, subject=token.subject, role=token.role, scope=token.scope,
        scope_name=granted.unit_name(token.scope), sources=list(token.sources), created_at=utc(token.created_at),
        revoked=token.revoked,
    )  # fmt: skip
