"""/v1/organisation: how the units of the tree stand in a quarter."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Granted, Then
from api.guarded import Guarded
from api.http.parameters import QuarterText, Scope
from api.problems import NotFound
from domain.calendar import Quarter
from projections.answers import Organisation, TreePart

router = APIRouter(tags=["standing"], route_class=Guarded)


@router.get("/v1/organisation/{quarter}")
def organisation(
    granted: Granted,
    reading: Then,
    quarter: QuarterText,
    scope: Scope = None,
    part: Annotated[TreePart, Query(description="The units directly below, or every outlet below")] = "children",
    limit: Annotated[int, Query(ge=1, le=500, description="How many units at most")] = 100,
) -> Organisation:
    """A unit within reach and those below it, furthest behind the plan first: people, mean score, tiers, lights, and of
    each indicator that adds up what is done against what is due by now."""
    asked, within = Quarter.parse(quarter), granted.scope(scope)
    if found := granted.office.read_model.organisation(asked, within, part, limit, reading.as_of):
        return found
    raise NotFound("name a unit that was in the tree by then")
