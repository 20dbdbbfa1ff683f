"""The API: its routes, what is checked before each, and what opens and closes with the process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import Lock
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, iter_route_contexts

from api import problems
from api.days import keep_compared, keep_days, open_days
from api.described import describe
from api.head import HeadAsGet
from api.http import (
    account_changes,
    actions,
    board_choices,
    card_readings,
    contracts,
    delegations,
    docs,
    events,
    fairness,
    grades,
    health,
    inbox,
    leaderboards,
    log,
    me,
    metrics,
    names,
    opinions,
    organisation,
    payroll,
    plans,
    quarterly_checks,
    read_model,
    relations,
    review_batches,
    review_notices,
    review_quarters,
    review_steps,
    reviews,
    rms,
    schemes,
    seasons,
    sessions,
    setup,
    sign_in,
    templates,
    tokens,
    units,
    users,
)
from api.metrics import Measured, Requests
from api.moves import Moves
from api.office import open_office
from api.once_per_key import InTurn, OncePerKey
from api.permissions import check_routes
from api.settings import Settings

DOORS: tuple[APIRouter, ...] = (sign_in.router, health.router, metrics.router, docs.router)
V1: tuple[APIRouter, ...] = tuple(  # matched in this order: what is asked most stands first
    module.router
    for module in (
        leaderboards,
        me,
        actions,
        grades,
        fairness,
        quarterly_checks,
        organisation,
        rms,
        board_choices,
        contracts,
        plans,
        reviews,
        review_batches,
        review_steps,
        review_quarters,
        inbox,
        opinions,
        relations,
        delegations,
        payroll,
        schemes,
        seasons,
        units,
        names,
        events,
        setup,
        templates,
        read_model,
        log,
        users,
        sessions,
        tokens,
        account_changes,
        review_notices,
        card_readings,
    )
)
ROUTES = [route for router in (*DOORS, *V1) for route in router.routes if isinstance(route, APIRoute)]


def create_app(
    settings: Settings, run_token: str | None = None, keeps_days: bool = False, waits: bool = True
) -> FastAPI:
    """The API on a data dir that this process owns. `run_token` opens it with the administrator's rights; with
    `keeps_days` it closes the bank's days, which only a server does; unless it `waits`, a read model that can't follow
    the log for the time being is told at once."""
    app = _Api(
        title="Performance appraisal of relationship managers",
        version="1",
        lifespan=lambda app: _lifespan(app, settings, run_token, keeps_days, waits),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    check_routes(route.name for route in ROUTES)
    for router in (*V1, *DOORS):
        app.include_router(router)
    app.state.stopping = False
    app.state.requests = Requests()
    app.add_middleware(OncePerKey)
    app.add_middleware(InTurn)
    problems.install(app)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Measured, requests=app.state.requests)
    app.add_route("/openapi.json", lambda _: JSONResponse(app.openapi()), include_in_schema=False)
    return app


class _Api(FastAPI):
    """Describes itself when it is first asked to, in a thread: that takes longer than all else that a command does."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self._describing = Lock()

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description, made once."""
        with self._describing:
            if not self.openapi_schema:
                describe(super().openapi(), ROUTES)  # which the app keeps
            assert self.openapi_schema
            return self.openapi_schema


@asynccontextmanager
async def _lifespan(
    app: FastAPI, settings: Settings, run_token: str | None, keeps_days: bool, waits: bool
) -> AsyncIterator[None]:
    """Open the bank, follow its log, close its days; and all back again."""
    office = await run_sync(open_office, settings, run_token, waits)
    app.state.office, app.state.moves = office, Moves(office.follower)
    tasks: list[asyncio.Task[None]] = []
    try:
        if keeps_days:
            await run_sync(list, iter_route_contexts(app.routes))  # else whoever asks first waits for them
            await run_sync(open_days, office.bank)
            tasks.append(asyncio.create_task(keep_days(office.bank)))
            tasks.append(asyncio.create_task(keep_compared(office.read_model)))
        yield
    finally:
        app.state.stopping = True
        for task in tasks:
            await _stop(task)
        await run_sync(office.close)


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
