"""What happens before a route's function: who asks, whether they may, and which state of the log they ask about."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, cast

from anyio.to_thread import run_sync
from fastapi import Depends, Query, Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from api.card_readings import What
from api.duties import DELEGATED, duties_of
from api.identity import Asker
from api.office import Office
from api.origin import is_same_origin
from api.permissions import Reach, reach_of
from api.problems import Forbidden, NotModified, TooLate, Unauthenticated, wrong
from api.release import RELEASE
from api.settings import COOKIE
from domain.calendar import Quarter
from domain.organisation import ancestors
from domain.register import Register
from projections.at_position import Ambiguous

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
LONGEST_WAIT = 5.0
"""Seconds that a read waits for `min_position`."""
LARGEST_POSITION = 2**53 - 1

BEFORE_THE_CHANGE = ("me", "change_password")
"""What a password that was given out opens."""

_bearer = HTTPBearer(auto_error=False, description="A token of `appraise token create`, for machines")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="The session of a person, from /sign-in")


def the_office(request: Request) -> Office:
    """What the app's lifespan opened."""
    office: Office = request.app.state.office
    return office


async def find_asker(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    session: Annotated[str | None, Security(_cookie)],
) -> Asker:
    """Who asks, by token or session; 401 where nobody known does, 403 where another site sends the cookie."""
    if known := request.scope.get("asker"):
        return cast("Asker", known)
    office = the_office(request)
    if bearer:
        asker = await run_sync(office.of_token, bearer.credentials)
    elif session and request.method not in SAFE_METHODS and not is_same_origin(request.headers):
        raise Forbidden("send it from a page of this address, or with a token")
    else:
        asker = await run_sync(office.identity.of_session, session) if session else None
    if asker is None:
        raise Unauthenticated
    return asker


async def asker_of(request: Request) -> Asker:
    """The same, for what stands before the routes."""
    return await find_asker(request, await _bearer(request), await _cookie(request))


@dataclass(frozen=True)
class Grant:
    """An operation that the asker may do, as far as `reach` goes; in reviews also in the place of others, whose
    `duties` they do. Such a one has the other's role and scope, and says `on_behalf_of` whom."""

    asker: Asker
    reach: Reach
    office: Office
    on_behalf_of: str | None = None
    duties: tuple["Grant", ...] = ()

    @cached_property
    def register(self) -> Register:
        """Who serves where, caught up with the log: rights don't wait for the read model."""
        return self.office.bank.register

    def unit_name(self, org: str | None) -> str | None:
        """What a unit is called; one that the tree lacks by its id, None for the whole bank."""
        unit = self.register.units.get(org or "")
        return unit.name if unit else org

    def covers(self, rm: str) -> bool:
        """Whether an RM lies within reach; who has left stays where they served last."""
        if self.reach == "own":
            return rm == self.asker.rm
        return self.reach == "any" or self.is_below(rm)

    def is_below(self, rm: str) -> bool:
        """Whether an RM belongs within the asker's scope; who has none is asked about the whole bank."""
        return self.asker.scope is None or self.asker.scope in self._above(rm)

    def _above(self, rm: str) -> frozenset[str]:
        standing = self.register.rms.get(rm)
        if standing is None or not standing.postings:
            return frozenset()
        place = standing.place_on(self.office.bank.today)
        return frozenset(ancestors(place.org, self.register.units))

    def require(self, rm: str) -> None:
        """403 unless the RM lies within reach."""
        if not self.covers(rm):
            raise Forbidden

    def require_quarter(self, rm: str, quarter: Quarter) -> None:
        """403 unless the RM lies within reach, or served that quarter in an outlet that does."""
        if not self.covers(rm):
            org = None if self.reach == "own" else self.office.read_model.served_in(rm, quarter)
            if org is None or (self.asker.scope or "") not in ancestors(org, self.register.units):
                raise Forbidden

    def scope(self, asked: str | None) -> str | None:
        """The unit that a listing covers: the one asked for, if it lies within the asker's scope, else that scope."""
        if asked is not None and asked not in self.register.units:
            raise wrong("scope", "name a unit of the organisation tree")
        if self.reach == "any" or self.asker.scope is None:
            return asked
        if asked is not None and self.asker.scope not in ancestors(asked, self.register.units):
            raise Forbidden
        return asked or self.asker.scope

    def only_rm(self, asked: str | None) -> str | None:
        """The one RM that a listing is about, or None for all within scope."""
        rm = asked or (self.asker.rm if self.reach == "own" else None)
        if rm is not None or self.reach == "own":
            self.require(rm or "")
        return rm

    def require_known(self, cursor: int | None, reading: "Reading", field: str = "after") -> None:
        """422 where the log does not reach a cursor: no page ended there, and newest first it would begin anew."""
        if cursor is None or cursor <= reading.position:
            return
        if cursor > (last := self.office.read_model.progress().log_position):
            raise wrong(field, f"the log ends at {last}: take the cursor of a page's answer, or leave it out")

    def note_reading(self, rm: str, quarter: str, what: What) -> None:
        """Keep for the auditor that somebody other than the RM read this of their quarter."""
        if rm != self.asker.rm:
            self.office.readings.note(self.asker.person, self.asker.role, rm, quarter, what)

    def of(self, operation: str) -> "Grant | None":
        """What the same asker may do by another operation."""
        return granted_to(self.asker, operation, self.office)


def granted_to(asker: Asker, operation: str, office: Office) -> Grant | None:
    """What somebody may do by an operation, by their own right or in the place of others."""
    duties = tuple(
        Grant(replace(asker, role=duty.role, scope=duty.scope), reach, office, duty.person)
        for duty in duties_of(office, asker.person, operation)
        if (reach := reach_of(operation, duty.role, duty.scope)) not in (None, "own")
    )
    if reach := reach_of(operation, asker.role, asker.scope):
        return Grant(asker, reach, office, duties=duties)
    return replace(duties[0], duties=duties[1:]) if duties else None


async def grant(request: Request, asker: Annotated[Asker, Depends(find_asker)]) -> Grant:
    """The right to do what the route's name says; 403 where the table of permissions gives none."""
    operation = request.scope["route"].name
    given = (asker, operation, the_office(request))
    granted = await run_sync(granted_to, *given) if operation in DELEGATED else granted_to(*given)
    if granted is None:
        raise Forbidden
    if asker.one_time and operation not in BEFORE_THE_CHANGE:
        raise Forbidden("choose a password of your own first: the one you have was given out")
    return granted


Granted = Annotated[Grant, Depends(grant)]


async def is_granted_still(request: Request) -> bool:
    """Whether who began a long answer may still have it: a session ends, a token is revoked, a role changes."""
    anew = Request({name: value for name, value in request.scope.items() if name != "asker"})
    try:
        await grant(anew, await asker_of(anew))
    except (Unauthenticated, Forbidden):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Reading:
    """Which state of the log a question is about: as of a position in the past, or None for now. `position` is how far
    the read model has come: names and notes are told as they stand today, also where the figures are of the past."""

    as_of: int | None
    position: int


AsOf = Annotated[
    str | None,
    Query(max_length=40, description="A time (ISO 8601; a bare date means its end) or a log position"),
]
MinPosition = Annotated[
    int | None,
    Query(ge=0, le=LARGEST_POSITION, description="Answer only once the read model has come this far"),
]


async def _wait_for(office: Office, position: int | None) -> int:
    """Wait until the read model has come to a position, and tell where it is; TooLate where it doesn't in time, 422
    where the log has no such position: to ask again would be of no use."""
    reached = office.follower.position
    if not position or position <= reached:
        return reached  # the common case asks neither the store nor a thread
    if position > (last := (await run_sync(office.read_model.progress)).log_position):
        raise wrong("min_position", f"the log ends at {last}: name a position up to it, or leave it out")
    if not await run_sync(office.read_model.wait_for, position, LONGEST_WAIT, limiter=office.waiters):
        raise TooLate(office.follower.barred)
    return office.follower.position


async def read_now(request: Request, response: Response, granted: Granted, min_position: MinPosition = None) -> Reading:
    """A question about the present; 503 where `min_position` isn't reached in time, 422 where the log
    doesn't reach it, 304 where nothing changed."""
    position = await _wait_for(the_office(request), min_position)
    return _tagged(request, response, granted.asker, Reading(None, position))


async def read_tables(request: Request, response: Response, min_position: MinPosition = None) -> None:
    """A question about the store's ordinary tables: no log position names the answer, so nobody keeps it."""
    await _wait_for(the_office(request), min_position)
    response.headers["Cache-Control"] = "no-store"


async def read_then(
    request: Request, response: Response, granted: Granted, as_of: AsOf = None, min_position: MinPosition = None
) -> Reading:
    """A question about the present or, by `as_of`, about what was known then; 422 where that is no time, one to come,
    or one before anything was known."""
    if as_of is None:
        return await read_now(request, response, granted, min_position)
    office = the_office(request)
    present = await _wait_for(office, min_position)
    try:
        ahead = office.read_model.lies_ahead(as_of)
        position = await run_sync(office.read_model.position_at, as_of)
    except Ambiguous as either:
        raise wrong("as_of", str(either)) from None
    except ValueError:
        raise wrong("as_of", "write a time as ISO 8601, a date, or a log position") from None
    if ahead:
        raise wrong("as_of", "lies in the future; leave it out for the present")
    present = max(present, await _wait_for(office, position))
    if not await run_sync(office.read_model.has_begun, position):
        await run_sync(_refuse_before_the_log, office)
    return _tagged(request, response, granted.asker, Reading(position, present))


def _refuse_before_the_log(office: Office) -> None:
    """Say from when on there is something to ask; TooLate where the read model has not taken in the first event yet."""
    if begins := office.read_model.beginning():
        position, day = begins
        raise wrong("as_of", f"nothing was recorded by then; ask as of {day} or later, or of position {position} on")
    if office.read_model.progress().log_position:
        raise TooLate(office.follower.barred)
    raise wrong("as_of", "nothing was recorded yet; leave it out")


def _tagged(request: Request, response: Response, asker: Asker, reading: Reading) -> Reading:
    """Put an ETag on the answer; 304 where the asker holds the answer of this state already."""
    response.headers.update(tag(request, asker, reading))
    return reading


def tag(request: Request, asker: Asker, reading: Reading) -> dict[str, str]:
    """The headers that name an answer by question, asker and state; NotModified where the asker holds it already."""
    asked = sorted((name, value) for name, value in request.query_params.multi_items() if name != "min_position")
    form = request.headers.get("accept")
    facts = (RELEASE, request.url.path, asked, form, asker, reading, the_office(request).read_model.edition)
    headers = {
        "ETag": f'W/"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Authorization, Cookie",
    }
    held = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in held or "*" in held:
        raise NotModified(headers)
    return headers


Present = Annotated[None, Depends(read_tables)]
Now = Annotated[Reading, Depends(read_now)]
Then = Annotated[Reading, Depends(read_then)]
