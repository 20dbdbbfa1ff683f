"""The routes under /v1: what is settled before anything that was sent is read."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.asking import Grant, asker_of, grant
from api.problems import wrong

REFUSED = "refused"
"""Where in a request's scope a middleware leaves the Problem that it found: who lacks the right learns that first."""
STORED = "stored"
"""Where it leaves the answer that stands for the request already: who lost the right meanwhile isn't told it again."""
_known = dict[str, set[str]]()
"""The query parameters of the operations that were asked for."""


class Guarded(APIRoute):
    """A route that first asks who is there and whether they may: whatever else is wrong is told to those only."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request, before the dependencies of the route's function."""
        ask = super().get_route_handler()

        async def answer(request: Request) -> Response:
            request.scope["asker"] = asker = await asker_of(request)
            granted = await grant(request, asker)
            if kept := self.kept(request, granted):
                return kept
            if stored := request.scope.get(STORED):
                return cast("Response", stored)
            if refused := request.scope.get(REFUSED):
                raise refused
            _refuse_unknown_parameters(request)
            return await ask(request)

        return answer

    def kept(self, request: Request, granted: Grant) -> Response | None:
        """An answer that is there already, for a route that keeps some."""
        return None


def _refuse_unknown_parameters(request: Request) -> None:
    """422 for a parameter that the route doesn't have: a mistyped `scope` would else answer for the whole bank."""
    route: APIRoute = request.scope["route"]
    if (known := _known.get(route.name)) is None:
        known = _known[route.name] = _parameters(route.dependant)
    if set(request.query_params) - known:
        raise wrong("", f"take only these parameters: {', '.join(sorted(known)) or 'none'}")


def _parameters(dependant: Dependant) -> set[str]:
    """The query parameters of a route, and of what it depends on."""
    return {field.alias for field in dependant.query_params}.union(*map(_parameters, dependant.dependencies))
