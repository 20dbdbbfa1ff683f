"""The few pages that the API serves itself, with no script and nothing from elsewhere."""

from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # `no-referrer` would make a form's Origin `null`
    "X-Content-Type-Options": "nosniff",
}
_templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page made from a template beside this file; every value is escaped."""
    return HTMLResponse(_templates.get_template(template).render(values), status, HEADERS)
