"""/v1/templates: empty files to fill in and import, and a scheme to begin with."""

import tomllib
from pathlib import Path
from typing import Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

import domain
from api.asking import Granted, Now
from api.files.template import template_bytes
from api.guarded import Guarded
from api.importing.tables import TABLES
from projections.answers import SetupWhat

SHIPPED = Path(str(domain.__file__)).parent / "schemes"
router = APIRouter(tags=["the bank"], route_class=Guarded)
Format = Literal["csv", "xlsx", "ndjson", "parquet"]
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}


@router.get("/v1/templates/{what}", response_class=Response, responses={200: {"description": "The file"}})
async def template(granted: Granted, reading: Now, what: SetupWhat, format: Format = "csv") -> Response:
    """An empty file of the columns that `appraise import` takes, explained where its format can; for `scheme` the
    newest that comes with the product for every position, as TOML whatever the format."""
    if what == "scheme":
        dated = (
            file for file in SHIPPED.glob("*/*-*-*.toml") if "*" in tomllib.loads(file.read_text("utf-8"))["positions"]
        )
        newest = max(dated, key=lambda file: (file.stem, file.parent.name))
        name = f"{newest.parent.name}-{newest.stem}.toml"
        return PlainTextResponse(newest.read_text(encoding="utf-8"), headers=_named(name))
    table = TABLES[what]
    made = await run_sync(template_bytes, what, table.columns, table.rules, f".{format}")
    return Response(made, media_type=MEDIA_TYPES[format], headers=_named(f"{what}.{format}"))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
