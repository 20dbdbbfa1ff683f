"""/v1/schemes: the dated rule books, as published."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path

from api.asking import Granted, Then
from api.guarded import Guarded
from api.problems import NotFound
from projections.answers import Scheme, SchemeVersion

router = APIRouter(tags=["the bank"], route_class=Guarded)


@router.get("/v1/schemes")
def list_schemes(granted: Granted, reading: Then) -> list[SchemeVersion]:
    """Every published version of every scheme."""
    return granted.office.read_model.schemes(reading.as_of)


@router.get("/v1/schemes/{scheme}/{effective}")
def read_scheme(
    granted: Granted,
    reading: Then,
    scheme: Annotated[str, Path(pattern="^[a-z0-9-]{1,48}$")],
    effective: Annotated[date, Path(description="The date of effect, YYYY-MM-DD")],
) -> Scheme:
    """One version, with its whole text; it is named by its date of effect."""
    if found := granted.office.read_model.scheme(scheme, effective, reading.as_of):
        return found
    raise NotFound("take scheme and date from the list of schemes")
