"""/v1/plans: what units have to reach, and whether the targets below add up to it."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Grant, Granted, Then
from api.guarded import Guarded
from api.http.contracts import LARGEST_BATCH, Year
from api.problems import Forbidden, NotFound
from api.receipts import Noted
from domain import fields
from domain.organisation import ancestors
from domain.refusal import Refused
from projections.answers.contracts import Cascade

router = APIRouter(tags=["contracts"], route_class=Guarded)
OrgPath = Annotated[str, Path(pattern=f"^(?:{fields.ID.pattern})$", description="A unit of the tree")]


class PlannedFigure(BaseModel):
    """One figure of a plan; decimals are texts."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    quarter: str = Field(description=fields.FULL_QUARTER.remedy)
    indicator: str = Field(description=fields.INDICATOR.remedy)
    target: str = Field(description=fields.TARGET.remedy)


class PlannedFigures(BaseModel):
    """Figures of a plan, all or none of them; the reason where one that stands is changed."""

    model_config = ConfigDict(extra="forbid")
    figures: list[PlannedFigure] = Field(min_length=1, max_length=LARGEST_BATCH)
    reason: str = Field("", description=fields.NOTE.remedy)


@router.get("/v1/plans/{org}/{year}")
def read_plan(granted: Granted, reading: Then, org: OrgPath, year: Year) -> Cascade:
    """A unit's plan by indicator and quarter, the sum of its RMs' agreed targets and of the plans right below it; what
    exceeds the plan, or falls short of it, is marked."""
    _require(granted, org)
    found = granted.office.read_model.cascade(org, year, reading.as_of)
    may_set = granted.of("set_plan") is not None and org != granted.asker.scope
    return found.model_copy(update={"may_set": may_set})


@router.post("/v1/plans/{org}/{year}")
def set_plan(granted: Granted, org: OrgPath, year: Year, body: PlannedFigures) -> Noted:
    """Set figures of the plan of a unit below one's own: it comes from above."""
    _require(granted, org)
    if org == granted.asker.scope:
        raise Forbidden("ask who is set over this unit: its plan comes from above")
    lines = [line.model_dump() for line in body.figures]
    outcome = granted.office.bank.set_plan(org, year, lines, granted.asker.person, body.reason)
    if isinstance(outcome, Refused):
        raise outcome
    granted.office.follower.wake()
    return Noted(position=outcome.position, outcome=outcome.outcome)


def _require(granted: Grant, org: str) -> None:
    """403 unless the unit lies within reach, 404 where who reaches all asks for one that is not there."""
    units, scope = granted.register.units, granted.asker.scope
    if granted.reach != "any" and scope is not None and scope not in ancestors(org, units):
        raise Forbidden
    if org not in units:
        raise NotFound("take a unit of the organisation tree")
