"""/v1/quarterly-checks: who is on pace in a quarter, and what is missing."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Granted, Then
from api.guarded import Guarded
from api.http.parameters import AfterRM, QuarterText, RMFilter, Scope
from domain.calendar import Quarter
from projections.answers import Light, Missing, QuarterlyChecks

router = APIRouter(tags=["standing"], route_class=Guarded)


@router.get("/v1/quarterly-checks/{quarter}")
def quarterly_checks(
    granted: Granted,
    reading: Then,
    quarter: QuarterText,
    scope: Scope = None,
    rm: RMFilter = None,
    light: Annotated[Light | None, Query(description="Only those with this light")] = None,
    missing: Annotated[Missing | None, Query(description="Only those who lack this")] = None,
    after: AfterRM = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many RMs at most")] = 50,
    lines: Annotated[bool, Query(description="Whether each comes with the lines of its indicators")] = True,
) -> QuarterlyChecks:
    """The RMs within reach against the part of the quarter that has passed, worst first, each with the lines, the
    forecast at this pace and what is missing. An RM sees their own."""
    asked, within, only = Quarter.parse(quarter), granted.scope(scope), granted.only_rm(rm) if rm is None else rm
    if rm is not None:
        granted.require_quarter(rm, asked)
        within = scope
    found = (asked, within, only, light, missing, after, limit, lines, reading.as_of)
    return granted.office.read_model.quarterly_checks(*found)
