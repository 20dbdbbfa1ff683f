"""/v1/rms/{rm}/votes and /inspections: what others say of an RM's quarter."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.acting import right_to
from api.asking import Granted
from api.guarded import Guarded
from api.http.parameters import QuarterText, RMPath
from api.http.relations import noted
from api.problems import Forbidden
from api.receipts import Noted
from domain import fields
from domain.calendar import Quarter
from domain.inspection import MOST_FINDINGS

router = APIRouter(tags=["reviews"], route_class=Guarded)


class Vote(BaseModel):
    """One of the levels that the RM's scheme counts."""

    model_config = ConfigDict(extra="forbid")
    measure: str = Field(max_length=64, description="A measure of votes, as the scheme names it")


class Inspected(BaseModel):
    """Who inspected the work on which day, how many findings there were, and which."""

    model_config = ConfigDict(extra="forbid")
    inspector: str = Field(description=fields.ID.remedy)
    inspected_on: date = Field(description=fields.DAY.remedy)
    findings: int = Field(json_schema_extra={"minimum": 0, "maximum": MOST_FINDINGS})  # the domain refuses others
    note: str = Field(max_length=2_000, description=fields.NOTE.remedy)


@router.post("/v1/rms/{rm}/votes/{quarter}")
def cast_vote(granted: Granted, rm: RMPath, quarter: QuarterText, body: Vote) -> Noted:
    """Give an RM one of the levels; a later one takes its place. Pages tell sums alone."""
    bank, asked = granted.office.bank, Quarter.parse(quarter)
    return noted(granted, bank.cast_vote(rm, asked, body.measure, granted.asker.person))


@router.post("/v1/rms/{rm}/inspections/{quarter}")
def record_inspection(granted: Granted, rm: RMPath, quarter: QuarterText, body: Inspected) -> Noted:
    """Record an inspection of an RM's work in the quarter; it stands beside the ratings."""
    bank, asked = granted.office.bank, Quarter.parse(quarter)
    review, known = bank.read_review(rm, asked), granted.register.rms.get(rm)
    org = review.org if review else known.place_on(bank.today).org if known and known.postings else None
    if right_to(granted, rm, org) is None:
        raise Forbidden
    told = (body.inspector, body.inspected_on, body.findings, body.note, granted.asker.person)
    return noted(granted, bank.record_inspection(rm, asked, *told))
