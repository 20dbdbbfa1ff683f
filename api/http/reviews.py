"""/v1/reviews: one RM's quarter each, as people judge it: looked at, and what it would come to."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.acting import Within, act_of, checked_ratings, listed_scope, reached
from api.asking import Grant, Granted, Now
from api.guarded import Guarded
from api.http.parameters import AfterReview, QuarterQuery, QuarterText, RMPath, Scope, Search
from api.inbox import waiting_for
from api.problems import NotFound, of_refusals
from api.steps import steps_of
from domain.calendar import Quarter
from domain.review import check_actor
from projections.answers.reviews import Preview, ReviewList, State, Timeline
from projections.answers.reviews import Review as ReviewAnswer

router = APIRouter(tags=["reviews"], route_class=Guarded)
MOST_FOUND = 1_000
"""RMs that a search looks through the reviews of."""
Ratings = Annotated[
    dict[str, Annotated[str, Field(max_length=20)]],
    Field(max_length=100, description="By indicator, each a plain number from 0 to the best rating"),
]


class RatingsBody(BaseModel):
    """Ratings that nobody gave yet."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    ratings: Ratings


def reads_drafts(right: Grant, rm: str) -> bool:
    """Whether somebody reads of a review what no second person stands for yet: anybody but the RM whom it is about."""
    return right.reach != "own" and right.asker.rm != rm


@router.get("/v1/reviews")
def list_reviews(
    granted: Granted,
    reading: Now,
    quarter: QuarterQuery,
    status: Annotated[State | None, Query(description="Only those in this state")] = None,
    scope: Scope = None,
    waiting: Annotated[Literal["me"] | None, Query(description="Only those that wait for the asker")] = None,
    search: Search = None,
    after: AfterReview = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 50,
) -> ReviewList:
    """The reviews of a quarter within reach, the most urgent first; an RM sees their own. `states` counts them all."""
    asked, read_model = Quarter.parse(quarter), granted.office.read_model
    is_own = granted.reach == "own" and (scope is None or not granted.duties)
    rms = [granted.asker.rm or ""] if is_own else None
    within = None if rms is not None else listed_scope(granted, scope)
    if search and rms is None:
        rms = [each.rm for each in read_model.people(within, None, "", MOST_FOUND, search)]
    if waiting:
        mine = [each.row.rm for each in waiting_for(granted).items if each.row.quarter == quarter]
        rms = mine if rms is None else [rm for rm in mine if rm in set(rms)]
    return read_model.reviews(
        asked, scope=within, state=status, rms=rms, after=after, limit=limit, reader=granted.asker.rm
    )


@router.get("/v1/reviews/{rm}/{quarter}")
def read_review(granted: Granted, reading: Now, rm: RMPath, quarter: QuarterText) -> ReviewAnswer:
    """All of one review, with the steps that the asker may take now and why not where not."""
    standing, right = reached(granted, rm, Quarter.parse(quarter))
    drafts = reads_drafts(right, rm)
    if found := granted.office.read_model.review(rm, standing.quarter, with_drafts=drafts, reader=granted.asker.rm):
        granted.note_reading(rm, quarter, "review")
        return found.model_copy(update={"steps": steps_of(granted, standing, found)})
    raise NotFound("name an RM and a quarter whose review was opened")


@router.post("/v1/reviews/{rm}/{quarter}/preview")
def preview_review(within: Within, body: RatingsBody) -> Preview:
    """What a review would come to with some ratings on top of those that stand, for who could give them; nothing is
    saved."""
    if fault := check_actor(within.review, act_of(within.right)):
        raise of_refusals([fault])
    checked = checked_ratings(within.right, within.review, body.ratings)
    now, then = within.result(), within.result(ratings=checked)
    return Preview(result=within.right.office.read_model.told(then), moves=now.digest != then.digest)


@router.get("/v1/reviews/{rm}/{quarter}/timeline")
def review_timeline(granted: Granted, reading: Now, rm: RMPath, quarter: QuarterText) -> Timeline:
    """One review as the events that made it; who voted what is told to the auditor alone."""
    standing, right = reached(granted, rm, Quarter.parse(quarter))
    told = granted.office.read_model.review_timeline(
        rm, standing.quarter, with_votes=right.reach != "own", with_drafts=reads_drafts(right, rm)
    )
    if told is None:
        raise NotFound("name an RM and a quarter whose review was opened")
    granted.note_reading(rm, quarter, "review")
    return told
