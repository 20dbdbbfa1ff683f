"""/v1/sessions: who is signed in, since when and from where."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Request

from api.account_tables import Session
from api.accounts import SESSION_NAME
from api.asking import Granted, Present
from api.digests import digest_of
from api.guarded import Guarded
from api.http.parameters import Limit, UserName, utc
from api.settings import COOKIE
from domain.refusal import Refused
from projections.answers import Ended, OpenSession

router = APIRouter(tags=["users"], route_class=Guarded)
SessionId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="Its id, from the list of sessions")]


@router.get("/v1/sessions")
def list_sessions(
    granted: Granted, present: Present, request: Request, name: UserName | None = None, limit: Limit = 100
) -> list[OpenSession]:
    """Open sessions, the newest first; of a large bank ask for one user's."""
    return opened(granted.office.identity.sessions_page(name, limit), request)


@router.post("/v1/sessions/{session}/end")
def end_session(granted: Granted, session: SessionId) -> Ended:
    """End one session."""
    return ended(granted.office.identity.end_session(session, granted.asker.subject))


def opened(sessions: Sequence[Session], request: Request) -> list[OpenSession]:
    """Sessions, with a word at the one that asks."""
    here = digest_of(request.cookies.get(COOKIE, ""))[:SESSION_NAME]
    return [
        OpenSession(
            session=one.session, name=one.name, opened_at=utc(one.opened_at), expires_at=utc(one.expires_at),
            address=one.address, here=one.session == here,
        )
        for one in sessions
    ]  # fmt: skip


def ended(outcome: Refused | int) -> Ended:
    """How many there were; raises what was refused."""
    if isinstance(outcome, Refused):
        raise outcome
    return Ended(ended=outcome)
