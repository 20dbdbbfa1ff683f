"""Dashboard and API on one address, or a dashboard of its own that asks an API elsewhere.

The dashboard is mounted by its path: nothing imports it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from anyio.to_thread import run_sync
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from api.front_door import FrontDoor, RemoteApi, SignedIn
from api.problems import LARGEST_BODY, LastResort

DASHBOARD = Path(__file__).parent.parent / "dashboard" / "app.py"


def one_port(api: FastAPI) -> ASGIApp:
    """The dashboard with the API before it; the API's lifespan runs within the dashboard's."""

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
        async with api.router.lifespan_context(api):
            yield {}

    async def signed_in(secret: str) -> bool:
        return bool(secret) and await run_sync(api.state.office.identity.of_session, secret) is not None

    return st.App(DASHBOARD, lifespan=lifespan, middleware=_before_streamlit(api, signed_in))


def _before_streamlit(api: ASGIApp, signed_in: SignedIn) -> list[Middleware]:
    return [Middleware(LastResort, largest_body=LARGEST_BODY), Middleware(FrontDoor, api=api, signed_in=signed_in)]


def dashboard_alone(api_url: str) -> ASGIApp:
    """The dashboard in a process of its own; the sign-in page comes from the API, on the dashboard's address."""
    remote = RemoteApi(api_url)
    return st.App(DASHBOARD, middleware=_before_streamlit(remote, remote.signed_in))
