"""/v1/schemes: the dated rule books, as published."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.asking import Granted, Then
from api.guarded import Guarded
from api.problems import NotFound, wrong
from projections.answers import Scheme, SchemeDifferences, SchemeVersion

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
    """One version, with its whole text and in words; it is named by its date of effect."""
    if found := granted.office.read_model.scheme(scheme, effective, reading.as_of):
        return found
    raise NotFound("take scheme and date from the list of schemes")


@router.get("/v1/schemes/{scheme}/{effective}/differences")
def scheme_differences(
    granted: Granted,
    reading: Then,
    scheme: Annotated[str, Path(pattern="^[a-z0-9-]{1,48}$")],
    effective: Annotated[date, Path(description="The date of effect, YYYY-MM-DD")],
    old_scheme: Annotated[str | None, Query(pattern="^[a-z0-9-]{1,48}$", description="Compared with this one")] = None,
    old_effective: Annotated[date | None, Query(description="The date of effect of the version compared with")] = None,
) -> SchemeDifferences:
    """What a version changes, in words and clause by clause: against another one, else against the one before it."""
    old = (old_scheme or scheme, old_effective) if old_effective else None
    if old_scheme and not old_effective:
        raise wrong("old_effective", "name the version's date of effect, too")
    if found := granted.office.read_model.scheme_differences(scheme, effective, old, reading.as_of):
        return found
    raise NotFound("take schemes and dates from the list of schemes")
