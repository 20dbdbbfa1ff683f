"""/sign-in and /sign-out: a session for people, kept in a cookie that pages and scripts can't read."""

import re
from functools import partial
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.asking import the_office
from api.attempts import Attempts
from api.http.page import page
from api.identity import SESSION_SECONDS
from api.origin import is_same_origin
from api.problems import Forbidden, Problem
from api.settings import COOKIE

router = APIRouter(tags=["doors"])
TRIES_FROM_ONE_PLACE, TRIES_BY_NAME, TRIES_BY_ADDRESS = 10, 50, 100
"""Failures within five minutes: of a name from one address, of a name from everywhere, from an address."""
PAGE: dict[str, Any] = {"text/html": {"schema": {"type": "string"}}}
LONGEST_QUEUE = 200
"""Passwords that wait to be checked; more are sent away."""
Ended = Annotated[bool, Query(description="Whether a session has just ended: the page says so")]
Next = Annotated[str, Query(description="The page to go to; only a path of this address is taken")]
LONGEST_NAME, LONGEST_TARGET = 64, 2_000
"""A longer name is nobody's, and a longer way back is not kept: a person sees the page, and no problem in JSON."""


def local_path(target: str) -> str:
    """A path of this address, or `/` for whatever could lead elsewhere (`//host`, a backslash, a control character) or
    is longer than an address of ours."""
    odd = "\\" in target or not re.fullmatch(r"[^\x00-\x20\x7f\ud800-\udfff]*", target)
    whole = len(target) <= LONGEST_TARGET and not odd
    return target if target.startswith("/") and not target.startswith("//") and whole else "/"


def _sign_in_form(request: Request, target: str, failed: bool = False, wait: int = 0, ended: bool = False) -> Response:
    """The page, saying what went before: a wrong password, too many of them, a session that ended."""
    sign_ins = the_office(request).identity.demo_sign_ins()
    status = 429 if wait else 401 if failed else 200
    minutes = ceil(wait / 60)
    told = {"failed": failed, "minutes": minutes, "ended": ended, "sign_ins": sign_ins}
    answer = page("sign_in.html", status, target=local_path(target), **told)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page(request: Request, next: Next = "/", ended: Ended = False) -> Response:
    """The page that asks for name and password; it says so where a session has ended."""
    return _sign_in_form(request, next, ended=ended or (next != "/" and COOKIE in request.cookies))


@router.post(
    "/sign-in",
    status_code=303,
    response_class=RedirectResponse,
    responses={
        401: {"description": "The page again: name and password don't belong together", "content": PAGE},
        429: {"description": "The page again: too many tries, and how long to wait", "content": PAGE},
    },
)
async def sign_in(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Open a session and go on to `next`; the page again, with 401 where name and password don't belong together, with
    429 after too many tries. An Idempotency-Key has no meaning here: signing in twice opens two sessions."""
    if "origin" in request.headers and not is_same_origin(request.headers):
        raise Forbidden("sign in on the page of this address")
    name = name.strip()[:LONGEST_NAME]
    counted = _counted(request, name)
    if seconds := max(attempts.wait(key) for attempts, key in counted):
        return await run_sync(partial(_sign_in_form, request, next, wait=seconds))
    office = the_office(request)
    if office.checkers.statistics().tasks_waiting >= LONGEST_QUEUE:
        raise Problem(503, "many sign in at this moment; try again", headers={"Retry-After": "5"})
    for attempts, key in counted:  # before it is checked: guesses sent at once are not checked at once
        attempts.failed(key)
    known = await run_sync(office.identity.check_password, name, password, limiter=office.checkers)
    if known is None:
        return await run_sync(partial(_sign_in_form, request, next, failed=True))
    here, *elsewhere = counted
    here[0].succeeded(here[1])
    for attempts, key in elsewhere:
        attempts.taken_back(key)
    host = request.client.host if request.client else None
    secret = await run_sync(office.identity.open_session, name, host, known)
    answer = RedirectResponse(local_path(next), 303, headers={"Cache-Control": "no-store"})
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, secret, SESSION_SECONDS, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


def _counted(request: Request, name: str) -> list[tuple[Attempts, str]]:
    """The app's counters of failures, each with the key that this request counts under."""
    state = request.app.state
    if not hasattr(state, "attempts"):
        state.attempts = [Attempts(limit) for limit in (TRIES_FROM_ONE_PLACE, TRIES_BY_NAME, TRIES_BY_ADDRESS)]
    address = _network(request.client.host if request.client else "")
    return list(zip(state.attempts, (f"{name}\n{address}", name, address), strict=True))


def _network(address: str) -> str:
    """Who has an address of IPv6 has a whole /64 of them."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else address


@router.post("/sign-out", status_code=303, response_class=RedirectResponse)
def sign_out(request: Request) -> Response:
    """End the session and go to the sign-in page. An Idempotency-Key has no meaning here: once ended, it is ended."""
    if secret := request.cookies.get(COOKIE):
        if not is_same_origin(request.headers):
            raise Forbidden("sign out on a page of this address")
        the_office(request).identity.sign_out(secret)
    answer = RedirectResponse("/sign-in", 303, headers={"Cache-Control": "no-store"})
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return answer
