"""/sign-in and /sign-out: a session for people, kept in a cookie that pages and scripts can't read."""

from math import ceil
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.asking import is_same_origin, the_office
from api.attempts import Attempts
from api.http.page import page
from api.identity import SESSION_SECONDS
from api.passwords import LONGEST
from api.problems import Forbidden
from api.settings import COOKIE

router = APIRouter(tags=["doors"])
TRIES_BY_NAME, TRIES_BY_ADDRESS = 10, 100
Ended = Annotated[bool, Query(description="Whether a session has just ended: the page says so")]
Next = Annotated[str, Query(max_length=2_000, description="The page to go to; only a path of this address is taken")]


def local_path(target: str) -> str:
    """A path of this address, or `/` for whatever could lead elsewhere (`//host`, a backslash, a control character)."""
    odd = "\\" in target or any(ord(char) <= 32 or ord(char) == 127 for char in target)
    return target if target.startswith("/") and not target.startswith("//") and not odd else "/"


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
        401: {"description": "The page again: name and password don't belong together"},
        429: {"description": "The page again: too many tries, and how long to wait"},
    },
)
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=LONGEST)],
    next: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    """Open a session and go on to `next`; the page again, with 401 where name and password don't belong together, with
    429 after too many tries."""
    if "origin" in request.headers and not is_same_origin(request.headers):
        raise Forbidden("sign in on the page of this address")
    by_name, by_address = _counters(request)
    address = request.client.host if request.client else ""
    key = f"{name}\n{address}"
    if seconds := max(by_name.wait(key), by_address.wait(address)):
        return _sign_in_form(request, next, wait=seconds)
    secret = the_office(request).identity.sign_in(name, password)
    if secret is None:
        by_name.failed(key)
        by_address.failed(address)
        return _sign_in_form(request, next, failed=True)
    by_name.succeeded(key)
    answer = RedirectResponse(local_path(next), 303, headers={"Cache-Control": "no-store"})
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, secret, SESSION_SECONDS, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


def _counters(request: Request) -> tuple[Attempts, Attempts]:
    """The app's counters of failures: by name and address, and by address alone."""
    state = request.app.state
    if not hasattr(state, "attempts"):
        state.attempts = (Attempts(TRIES_BY_NAME), Attempts(TRIES_BY_ADDRESS))
    counters: tuple[Attempts, Attempts] = state.attempts
    return counters


@router.post("/sign-out", status_code=303, response_class=RedirectResponse)
def sign_out(request: Request) -> Response:
    """End the session and go to the sign-in page."""
    if secret := request.cookies.get(COOKIE):
        if not is_same_origin(request.headers):
            raise Forbidden("sign out on a page of this address")
        the_office(request).identity.sign_out(secret)
    answer = RedirectResponse("/sign-in", 303, headers={"Cache-Control": "no-store"})
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return answer
