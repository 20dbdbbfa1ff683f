"""Errors as RFC 9457 problems: which field, by JSON pointer, and what would be right.

Longer than 300 lines because every way to refuse a request stands here.

A problem never repeats what was sent (names and notes could be in it) and never carries the text of an exception.

    Problem                 what a door answers instead of a result
    +- Unauthenticated      401: nobody known asks
    +- Forbidden            403: known, but not allowed
    +- NotFound             404
    +- TooLate              503: the read model has not come that far yet
    NotModified             304: the asker has it already
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

import duckdb
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.receipts import FieldFault, ProblemBody
from domain.fields import DAY
from domain.log import Busy, DiskFull, Senseless, Unreachable
from domain.refusal import Code, Refusal, Refused

MEDIA_TYPE = "application/problem+json"
STATUS: dict[Code, int] = {  # but 422 where something not allowed names a field: another value would do
    "malformed": 422, "unknown": 422, "not-allowed": 403, "not-found": 404, "out-of-turn": 409, "conflict": 409,
    "stale": 409, "busy": 503,
}  # fmt: skip
TITLES = {
    400: "The request can't be read", 401: "Sign in first", 403: "Not allowed", 404: "Not found",
    405: "This path does not take this method", 408: "Too slow", 409: "Conflict",
    412: "It has changed meanwhile", 413: "Too large", 422: "Something is not right yet", 429: "Too many tries",
    500: "Something went wrong here", 503: "Busy", 507: "The disk is full",
}  # fmt: skip
REMEDIES = {
    "missing": "give this field", "string_type": "write a text", "extra_forbidden": "leave out unknown fields",
    "json_invalid": "send well-formed JSON", "model_attributes_type": "send a JSON object",
    "dict_type": "send a JSON object", "list_type": "send a JSON array", "too_long": "send fewer",
    "string_too_long": "write less", "string_too_short": "write something", "int_parsing": "write a whole number",
    "bool_parsing": "write true or false",
}  # fmt: skip
"""By pydantic's kind of fault; its own messages could repeat what was sent."""

SHAPES = ("(a seal)", "(a run)")
"""Which of several shapes a body was read as: no part of a pointer."""
LARGEST_BODY = 4_000_000
"""Bytes: a batch of 1,000 lines with long notes fits."""
SLOWEST_BODY = 30
"""Seconds that a command's body may take to come whole."""
log = logging.getLogger("appraise")


class Problem(Exception):
    """Answered instead of a result."""

    def __init__(
        self, status: int, detail: str, faults: Sequence[FieldFault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.body = ProblemBody(title=TITLES[status], status=status, detail=detail, errors=list(faults))
        self.headers = dict(headers or {})


class Unauthenticated(Problem):
    """Nobody known asks."""

    def __init__(self, detail: str = "sign in, or send a token as `Authorization: Bearer ...`") -> None:
        super().__init__(401, detail, headers={"WWW-Authenticate": 'Bearer realm="appraise"'})


class Forbidden(Problem):
    """The asker is known but may not do this."""

    def __init__(self, detail: str = "ask somebody whose role and scope cover this", field: str = "") -> None:
        super().__init__(403, detail, [FieldFault(pointer=f"/{field}", detail=detail)] if field else ())


class NotFound(Problem):
    """What was asked for does not exist."""

    def __init__(self, detail: str = "look in the list for what there is") -> None:
        super().__init__(404, detail)


class TooLate(Problem):
    """The read model has not come as far as the asker wants, and the deadline passed; where an event bars its way,
    `barred` says so, and to ask again is of no use."""

    def __init__(self, barred: str | None = None) -> None:
        detail, headers = barred or "the read model is not there yet; ask again", {"Retry-After": "1"}
        super().__init__(503, detail, headers=None if barred else headers)


class NotModified(Exception):
    """The asker holds this answer already; carries its headers."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.headers = dict(headers)


def wrong(field: str, detail: str) -> Problem:
    """422 for one field or parameter."""
    return Problem(422, detail, [FieldFault(pointer=f"/{field}" if field else "", detail=detail)])


def of_refusals(refusals: Iterable[Refusal]) -> Problem:
    """What a refused command answers; the first refusal decides the status."""
    found = list(refusals)
    told = [f"line {each.line}: {each.remedy}" if each.line else each.remedy for each in found]
    pointers = [f"/{each.field}" if each.field else "" for each in found]
    faults = [FieldFault(pointer=one, detail=detail) for one, detail in zip(pointers, told, strict=True)]
    first = found[0]
    status = 422 if first.code == "not-allowed" and first.field else STATUS[first.code]
    return Problem(status, str(first), faults, {"Retry-After": "1"} if status == 503 else None)


def of_store(fault: Busy | DiskFull) -> Problem:
    """What a command answers that could not be stored."""
    if isinstance(fault, Unreachable):
        told = "the store does not answer; try again, and if it stays, tell who runs this server"
        return Problem(503, told, headers={"Retry-After": "5"})
    if isinstance(fault, Busy):
        return Problem(503, "the store is busy; try again", headers={"Retry-After": "1"})
    return Problem(507, "the server's disk is full, and nothing was stored: tell who runs it, then try again")


def of_validation(errors: Iterable[Mapping[str, Any]], known: Sequence[str] = ()) -> Problem:
    """What a request answers whose fields have the wrong type; an unknown one is told which are `known`."""
    faults = [FieldFault(pointer=_pointer(error), detail=_remedy(error, known)) for error in errors]
    return Problem(
        422, "mend the fields named in errors", [fault for n, fault in enumerate(faults) if fault not in faults[:n]]
    )


def known_fields(body: Any) -> list[str]:
    """The fields of the model in a route's body; none where it takes no object."""
    if isinstance(body, type) and issubclass(body, BaseModel):
        return [field.alias or name for name, field in body.model_fields.items()]
    return next((found for inner in get_args(body) if (found := known_fields(inner))), [])


def _pointer(error: Mapping[str, Any]) -> str:
    _place, *path = error["loc"]
    if error["type"] in ("extra_forbidden", "json_invalid"):  # the last part is what was sent, or an offset
        path = path[:-1]
    path = [part for part in path if part not in SHAPES]
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _remedy(error: Mapping[str, Any], known: Sequence[str]) -> str:
    limits = error.get("ctx") or {}
    if error["type"] == "extra_forbidden" and known:
        return f"leave out unknown fields: known are {', '.join(known)}"
    if error["type"] == "string_pattern_mismatch":
        return f"write it by the pattern {limits['pattern']}"
    if error["type"] in ("greater_than_equal", "less_than_equal"):
        return "write a number of at " + (f"least {limits['ge']}" if "ge" in limits else f"most {limits['le']}")
    if error["type"] == "too_long":
        return f"send at most {limits['max_length']}"
    if error["type"] == "literal_error":
        return f"choose {limits['expected']}"
    if error["type"] in ("date_parsing", "date_from_datetime_parsing"):
        return DAY.remedy_of(str(error["input"]))
    return REMEDIES.get(error["type"], "write it as the OpenAPI description says")


def answer(problem: Problem) -> Response:
    """The response that carries a problem."""
    body = problem.body.model_dump_json()
    headers = {"Cache-Control": "no-store"} | problem.headers
    return Response(body, problem.body.status, headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error that leaves the app a problem."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(Refused, _on_refused)
    app.add_exception_handler(Busy, _on_store_fault)
    app.add_exception_handler(DiskFull, _on_store_fault)
    app.add_exception_handler(Senseless, _on_senseless)
    app.add_exception_handler(duckdb.ConnectionException, _on_rebuilding)
    app.add_exception_handler(duckdb.FatalException, _on_rebuilding)
    app.add_exception_handler(NotModified, _on_not_modified)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_middleware(LastResort, largest_body=LARGEST_BODY)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer(error)


async def _on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return answer(of_refusals(error.refusals))


async def _on_store_fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, Busy | DiskFull)
    return answer(of_store(error))


async def _on_senseless(request: Request, error: Exception) -> Response:
    assert isinstance(error, Senseless)
    log.warning("%s", error)
    return answer(
        Problem(503, "an event of the log says nothing any more: whoever runs the server asks appraise verify")
    )


async def _on_rebuilding(request: Request, error: Exception) -> Response:
    if getattr(request.app.state, "stopping", False):
        return answer(Problem(503, "the server is stopping; ask again once it runs", headers={"Retry-After": "5"}))
    return answer(Problem(503, "the read model is being rebuilt; ask again", headers={"Retry-After": "1"}))


async def _on_not_modified(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers=error.headers)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    taken = getattr(request.scope.get("route"), "dependant", None)
    known = [name for each in (taken.body_params if taken else []) for name in known_fields(each.field_info.annotation)]
    return answer(of_validation(error.errors(), known))


HTTP_REMEDIES = {
    400: "send well-formed JSON in UTF-8", 404: "take a path from /openapi.json", 405: "use a method named in Allow",
    408: "send it whole within half a minute", 413: "send less at once: 4 MB at most",
}  # fmt: skip


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(_of_http(error))


def _of_http(error: HTTPException) -> Problem:
    status = error.status_code if error.status_code in TITLES else 400
    allow = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    return Problem(status, HTTP_REMEDIES.get(status, "read /openapi.json"), headers=allow)


class LastResort:
    """ASGI middleware around the routes: a body that is too large, and defects of ours, become problems too."""

    def __init__(self, app: ASGIApp, largest_body: int) -> None:
        self.app, self.largest_body = app, largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; the log of the server has every defect, the asker gets no word of it."""
        begun, length = False, 0

        async def receiving() -> Message:
            nonlocal length
            message = await receive()
            length += len(message.get("body", b""))
            if length > self.largest_body:
                raise HTTPException(413)
            return message

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        if scope["type"] == "http" and _length(scope) > self.largest_body:
            return await answer(Problem(413, HTTP_REMEDIES[413]))(scope, receive, send)
        try:
            await self.app(scope, receiving, sending)
        except ClientDisconnect:
            return None
        except Exception as error:
            if scope["type"] != "http" or begun:
                raise
            await answer(_of_fault(error, scope))(scope, receive, send)


def _of_fault(error: Exception, scope: Scope) -> Problem:
    """What becomes of an error that no route answered; what stands before the routes asks the store, too."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, Busy | DiskFull):
        return of_store(error)
    path = getattr(scope.get("route"), "path", "an unknown path")
    log.error("a defect at %s %s", scope["method"], path, exc_info=error)
    return Problem(500, "try again; if it stays, tell who runs this server")


def _length(scope: Scope) -> int:
    told = Headers(scope=scope).get("content-length", "0")
    return int(told) if told.isascii() and told.isdigit() else 0
