"""/v1/review-quarters: a quarter's reviews as a whole: opened, how far they are, what is missing."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.acting import listed_scope, taken
from api.asking import LONGEST_WAIT, Granted, Now
from api.guarded import Guarded
from api.http.parameters import QuarterText, Scope
from api.problems import TooLate
from api.receipts import ReviewsReceipt
from domain import fields
from domain.calendar import Quarter
from domain.refusal import Refused
from projections.answers.reviews import Distribution, QuarterProgress, Requirements

router = APIRouter(tags=["reviews"], route_class=Guarded)
AT_ONCE = 5_000
"""Reviews that one request opens, unless it says how many."""


class Opening(BaseModel):
    """Until which day late facts count, and how many reviews are opened at once."""

    model_config = ConfigDict(extra="forbid")
    cutoff_on: date = Field(description=fields.DAY.remedy)
    limit: Annotated[int, Field(ge=1, le=50_000)] = AT_ONCE


@router.get("/v1/review-quarters")
def list_review_quarters(granted: Granted, reading: Now) -> list[QuarterProgress]:
    """The quarters that are over or were opened, the newest first, and how far each is within reach."""
    read_model = granted.office.read_model
    opened = {Quarter.parse(each) for each in read_model.review_quarters()}
    over = {Quarter.parse(each) for each in read_model.quarters()}
    over = {each for each in over if each.last_day < granted.office.bank.today}
    is_own = granted.reach == "own" and not granted.duties
    rms, scope = ([granted.asker.rm or ""], None) if is_own else (None, listed_scope(granted, None))
    return [read_model.quarter_progress(each, scope, rms) for each in sorted(opened | over, reverse=True)]


@router.get("/v1/review-quarters/{quarter}")
def review_quarter(granted: Granted, reading: Now, quarter: QuarterText, scope: Scope = None) -> QuarterProgress:
    """How far the reviews of a quarter are: how many in each state, how many overdue."""
    return granted.office.read_model.quarter_progress(Quarter.parse(quarter), listed_scope(granted, scope))


@router.get("/v1/review-quarters/{quarter}/distribution")
def review_distribution(granted: Granted, reading: Now, quarter: QuarterText, scope: Scope = None) -> Distribution:
    """Tiers against the scheme's quotas, and how high each supervisor rates beside the others."""
    within = listed_scope(granted, scope)
    return granted.office.read_model.distribution(Quarter.parse(quarter), within, reader=granted.asker.rm)


@router.get("/v1/review-quarters/{quarter}/requirements")
def review_requirements(granted: Granted, reading: Now, quarter: QuarterText, scope: Scope = None) -> Requirements:
    """What is missing before the quarter's grades may be final: for whom, and who can mend it."""
    within = listed_scope(granted, scope)
    return granted.office.read_model.review_missing(Quarter.parse(quarter), scope=within, reader=granted.asker.rm)


@router.post("/v1/review-quarters/{quarter}/open")
def open_review_quarter(granted: Granted, quarter: QuarterText, body: Opening) -> ReviewsReceipt:
    """Open a quarter and a review for each RM who served in it, so many at once; `remaining` says how many have none
    yet. The same again goes on there, and then opens a review for who was registered since, on the facts of now."""
    office, asked = granted.office, Quarter.parse(quarter)
    opened = office.bank.register.quarters.get(asked)
    facts_at = opened.facts_at if opened else office.bank.register.position
    office.follower.wake()
    if not office.read_model.wait_for(office.bank.register.position, LONGEST_WAIT):
        raise TooLate(office.follower.barred)
    unopened = office.read_model.unopened(asked)
    since = office.read_model.told_since(facts_at) if opened else set()
    known = [each for each in unopened if each.rm not in since]
    if not known:
        facts_at = office.bank.register.position
    now = (known or unopened)[: body.limit]
    opening = office.bank.open_quarter(asked, body.cutoff_on, facts_at, now, granted.asker.person)
    begun = taken(opening.quarter)
    office.follower.wake()
    outcomes = [each.outcome for each in opening.reviews if not isinstance(each, Refused)]
    position = max([begun.position, *(each.position for each in opening.reviews if not isinstance(each, Refused))])
    return ReviewsReceipt(
        accepted=outcomes.count("accepted"), duplicates=outcomes.count("duplicate"),
        rejected=len(now) - len(outcomes), position=position, remaining=len(unopened) - len(now),
    )  # fmt: skip
