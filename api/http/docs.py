"""/docs: what the API can do and who may, made from the routes and the table of permissions."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.http.page import page
from api.permissions import OPERATIONS, ROLES

router = APIRouter(tags=["doors"])


@router.get("/docs", response_class=HTMLResponse)
def list_operations(request: Request) -> HTMLResponse:
    """Every operation: method, path, what it does, and how far each role reaches."""
    paths: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    rows = [
        (method.upper(), path, OPERATIONS[about["operationId"]])
        for path, methods in paths.items()
        for method, about in methods.items()
    ]
    return page("docs.html", rows=rows, roles=ROLES)
