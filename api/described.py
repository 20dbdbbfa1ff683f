"""What the OpenAPI description says of a route beside what its function says: in one sentence what it does, and which
problems it may answer. No route names these itself: they follow from its row in the table of permissions, its path and
method, what it takes, and the kinds of refusal."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api import once_per_key
from api.asking import read_now, read_then
from api.permissions import OPERATIONS
from api.problems import LARGEST_BODY, MEDIA_TYPE, SLOWEST_BODY, STATUS
from api.receipts import ProblemBody

SHAPES, PAGE = "#/components/schemas/", "text/html"
PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": f"{SHAPES}ProblemBody"}}}
OF_FASTAPI = ("HTTPValidationError", "ValidationError")
"""Shapes of FastAPI's own refusals, which nobody is answered here."""
WHY = {
    304: "Nothing has changed since the answer that If-None-Match names",
    400: "The body can't be read",
    401: "Nobody known asks",
    403: "The role or the scope doesn't cover this",
    404: "There is no such thing",
    408: f"The body did not come whole within {SLOWEST_BODY} seconds",
    409: "It stands otherwise already, is not that far yet or beyond it, has changed meanwhile, or is being done under "
    "the same Idempotency-Key",
    412: "It is not the version that If-Match names: read it again, then decide",
    413: f"The body is larger than {LARGEST_BODY:,} bytes",
    422: "A field or a parameter is not right; `errors` says which and what would be",
    429: "Too many tries",
    503: "Busy, or not that far yet: ask again after Retry-After seconds",
    507: "The disk is full, and nothing was stored",
}
"""What each status says here, in one line."""


def describe(told: dict[str, Any], routes: Iterable[APIRoute]) -> None:
    """Complete a description that FastAPI made of these routes."""
    by_name = {route.name: route for route in routes}
    for path, methods in told["paths"].items():
        for method, about in methods.items():
            route = by_name[about["operationId"]]
            about["summary"] = OPERATIONS[route.name].sentence
            about["responses"] = _with_problems(about["responses"], statuses(route, path, method))
    once_per_key.describe(told["paths"])
    shape = ProblemBody.model_json_schema(ref_template=SHAPES + "{model}")
    shapes = told.setdefault("components", {}).setdefault("schemas", {})
    shapes |= shape.pop("$defs") | {"ProblemBody": shape}
    for name in OF_FASTAPI:
        shapes.pop(name, None)


def statuses(route: APIRoute, path: str, method: str) -> set[int]:
    """Which problems, and whether `not modified`, a route may answer. A defect (500) is never announced."""
    is_open, is_command, names = OPERATIONS[route.name].open, method == "post", "{" in path
    refusals = [status for code, status in STATUS.items() if names or code != "not-found"]
    cases: tuple[tuple[bool, Iterable[int]], ...] = (
        (True, (503,)),
        (not is_open, (401, 403)),
        (names, (404,)),
        (path.startswith("/v1") or _takes(route.dependant), (422,)),
        (_reads(route.dependant), (304,)),
        (is_command, (403, 413, 507)),
        (_is_conditional(route.dependant), (412,)),
        (is_command and not is_open, (408, *refusals)),
        (route.body_field is not None, (400,)),
    )
    return {status for holds, some in cases if holds for status in some}


def _takes(dependant: Dependant) -> bool:
    """Whether something is read that can be wrong; under /v1 an unknown parameter is, too."""
    own = (dependant.path_params, dependant.query_params, dependant.header_params, dependant.body_params)
    return any(own) or any(map(_takes, dependant.dependencies))


def _is_conditional(dependant: Dependant) -> bool:
    """Whether a command may say which version of its subject it is about."""
    own = any(field.alias.lower() == "if-match" for field in dependant.header_params)
    return own or any(map(_is_conditional, dependant.dependencies))


def _reads(dependant: Dependant) -> bool:
    """Whether a route answers about a state of the log, and so with an ETag."""
    return dependant.call in (read_now, read_then) or any(map(_reads, dependant.dependencies))


def _with_problems(told: Mapping[str, Any], found: set[int]) -> dict[str, Any]:
    """A route's responses with these statuses. What the route says itself of one stands; a page is no problem."""
    responses = {status: about for status, about in told.items() if status != "422"}  # FastAPI's own shape of it
    failures = {int(status) for status in responses if int(status) >= HTTPStatus.BAD_REQUEST}
    for status in found | failures:
        about = responses[str(status)] = {"description": WHY[status]} | responses.get(str(status), {})
        if (status in failures and PAGE in about.get("content", ())) or status == HTTPStatus.NOT_MODIFIED:
            continue
        about["content"] = about.get("content", {}) | PROBLEM
    return dict(sorted(responses.items()))
