"""/v1/me: who one is here, and what one may see and do."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, SecretStr

from api.asking import Grant, Granted, Now, Present
from api.attempts import Attempts
from api.duties import lent_operations
from api.guarded import Guarded
from api.http.sessions import SessionId, ended, opened
from api.permissions import operations_of
from api.problems import Forbidden, Problem, wrong
from api.settings import COOKIE
from projections.answers import Ended, Me, OpenSession

router = APIRouter(tags=["doors"], route_class=Guarded)
TRIES = 10
"""Wrong passwords of somebody who is signed in, within five minutes."""

REJECTED_DAYS = 7
"""So long a rejection is told to whom it hits."""


class OwnPassword(BaseModel):
    """The password that one has, and the one to come."""

    model_config = ConfigDict(extra="forbid")
    old_password: SecretStr
    password: SecretStr


@router.get("/v1/me")
def me(granted: Granted, reading: Now) -> Me:
    """What a screen needs to know about its user before it asks anything else."""
    asker, bank, read_model = granted.asker, granted.office.bank, granted.office.read_model
    unit = bank.register.units.get(asker.scope or "")
    return Me(
        subject=asker.subject,
        name=bank.names([asker.rm]).get(asker.rm, asker.subject) if asker.rm else asker.subject,
        role=asker.role,
        scope=asker.scope,
        scope_name=unit.name if unit else None,
        rm=asker.rm,
        operations=_operations(granted),
        quarters=read_model.quarters(),
        quarter=read_model.graded_quarter(),
        today=bank.today,
        timezone=str(bank.timezone),
        kinds=read_model.kinds(asker.rm, bank.today) if asker.rm else [],
        units_at=read_model.units_at(),
        people=_people(granted),
        pending=_pending(granted),
        rejected=read_model.rejected(asker.rm, REJECTED_DAYS) if asker.rm and granted.of("worklog") else [],
        scheme=read_model.scheme_of(asker.rm, bank.today) if asker.rm else None,
        must_change_password=asker.one_time,
    )


@router.post("/v1/me/password", responses={429: {"description": "Too many wrong passwords"}})
def change_password(granted: Granted, request: Request, body: OwnPassword) -> Ended:
    """Give oneself another password. This session stays, the others end."""
    name, identity, tries = _signed_in(granted), granted.office.identity, _tries(request)
    if seconds := tries.wait(name):
        raise Problem(429, "too many wrong passwords; try again later", headers={"Retry-After": str(seconds)})
    tries.failed(name)  # before it is checked: guesses sent at once are not checked at once
    known = identity.check_password(name, body.old_password.get_secret_value())
    if known is None:
        raise wrong("old_password", "give the password that you have now")
    tries.succeeded(name)
    secret = request.cookies[COOKIE]
    return ended(identity.change_password(name, body.password.get_secret_value(), secret, known))


@router.get("/v1/me/sessions")
def own_sessions(granted: Granted, present: Present, request: Request) -> list[OpenSession]:
    """One's own open sessions."""
    return opened(granted.office.identity.sessions_page(_signed_in(granted)), request)


@router.post("/v1/me/sessions/{session}/end")
def end_own_session(granted: Granted, session: SessionId) -> Ended:
    """End one of one's own sessions."""
    name = _signed_in(granted)
    return ended(granted.office.identity.end_session(session, name, of=name))


def _signed_in(granted: Grant) -> str:
    """The name of who signed in; a token may bear the same name and is nobody's account."""
    if not granted.asker.signed_in:
        raise Forbidden("sign in with name and password: a token has none")
    return granted.asker.subject


def _tries(request: Request) -> Attempts:
    """The app's counter of wrong passwords of people who are signed in."""
    state = request.app.state
    if not hasattr(state, "own_tries"):
        state.own_tries = Attempts(TRIES)
    tries: Attempts = state.own_tries
    return tries


def _operations(granted: Grant) -> list[str]:
    """What one may do by one's role, and then what in the place of others alone."""
    own = operations_of(granted.asker.role, granted.asker.scope)
    return own + sorted(lent_operations(granted.office, granted.asker.person) - {*own})


def _people(granted: Grant) -> int:
    """How many RMs one may ask about by name."""
    listing = granted.of("list_rms")
    return sum(map(listing.covers, listing.register.rms)) if listing else 0


def _pending(granted: Grant) -> int:
    """How many actions within reach wait for verification."""
    listing = granted.of("list_actions")
    if listing is None:
        return 0
    rm = listing.only_rm(None)
    return granted.office.read_model.waiting(listing.scope(None), rm)
