"""/v1/reviews/{rm}/{quarter}/...: the steps of one review, each by who may take it."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.acting import Within, checked_ratings, missing_of
from api.asking import LARGEST_POSITION
from api.guarded import Guarded
from api.http.reviews import Ratings
from api.receipts import ReviewReceipt
from domain import fields

router = APIRouter(tags=["reviews"], route_class=Guarded)
Note = Annotated[str, Field(max_length=2_000, description=fields.NOTE.remedy)]


class Rated(BaseModel):
    """What a supervisor says: some ratings, the comment, or both; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    ratings: Ratings = {}
    comment: Note | None = None


class UpTo(BaseModel):
    """Up to which log position facts are taken in."""

    model_config = ConfigDict(extra="forbid")
    facts_at: int = Field(ge=1, le=LARGEST_POSITION)


class Talk(BaseModel):
    """A talk about the quarter."""

    model_config = ConfigDict(extra="forbid")
    held_on: date = Field(description=fields.DAY.remedy)
    note: Note


class LookedAt(BaseModel):
    """Which result somebody looked at; without it, the one that stands."""

    model_config = ConfigDict(extra="forbid")
    digest: str | None = Field(None, pattern="^[0-9a-f]{64}$", description="The `digest` of the review's result")


class Why(BaseModel):
    """The reason for a step."""

    model_config = ConfigDict(extra="forbid")
    reason: Note


class Decided(Why):
    """What became of an appeal; one that is granted may raise ratings."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    outcome: Literal["granted", "dismissed"]
    ratings: Ratings = {}


class Anew(BaseModel):
    """Until which day late facts count in the next round."""

    model_config = ConfigDict(extra="forbid")
    cutoff_on: date = Field(description=fields.DAY.remedy)


@router.post("/v1/reviews/{rm}/{quarter}/rate")
def rate_review(within: Within, body: Rated) -> ReviewReceipt:
    """Rate some indicators and comment; only what differs from what stands is written."""
    return within.receipt(within.bank.rate_review(*within.which, body.ratings, body.comment, *within.how))


@router.post("/v1/reviews/{rm}/{quarter}/accept-late-facts")
def accept_late_facts(within: Within, body: UpTo) -> ReviewReceipt:
    """Take in the facts up to a log position, of the cut-off day or before."""
    return within.receipt(within.bank.accept_late_facts(*within.which, body.facts_at, *within.how))


@router.post("/v1/reviews/{rm}/{quarter}/interview")
def record_interview(within: Within, body: Talk) -> ReviewReceipt:
    """Record that the quarter was talked over with the RM, as the scheme asks for before some tiers are final."""
    return within.receipt(within.bank.record_interview(*within.which, body.held_on, body.note, *within.how))


@router.post("/v1/reviews/{rm}/{quarter}/submit")
def submit_review(within: Within, body: LookedAt) -> ReviewReceipt:
    """Hand a review on that is rated and commented, with the result that it comes to now."""
    return within.receipt(within.bank.submit_review(*within.which, within.result(body.digest), *within.how))


@router.post("/v1/reviews/{rm}/{quarter}/return")
def return_review(within: Within, body: Why) -> ReviewReceipt:
    """Give a submitted review back to the supervisor, with the reason."""
    return within.receipt(within.bank.return_review(*within.which, body.reason, *within.how))


@router.post("/v1/reviews/{rm}/{quarter}/approve")
def approve_review(within: Within, body: LookedAt) -> ReviewReceipt:
    """Stand for the result that a review comes to now, as a second person; again where it moved since."""
    return within.receipt(within.bank.approve_review(*within.which, within.result(body.digest), *within.how))


@router.post("/v1/reviews/{rm}/{quarter}/acknowledge")
def acknowledge_review(within: Within) -> ReviewReceipt:
    """Say of one's own approved result that one has seen it and does not contest it."""
    return within.receipt(within.bank.acknowledge_review(*within.which, *within.how))


@router.post("/v1/reviews/{rm}/{quarter}/appeal")
def appeal_review(within: Within, body: Why) -> ReviewReceipt:
    """Contest one's own approved result, with the reason: somebody who took no part decides, never for the worse."""
    return within.receipt(within.bank.appeal_review(*within.which, body.reason, *within.how))


@router.post("/v1/reviews/{rm}/{quarter}/decide")
def decide_appeal(within: Within, body: Decided) -> ReviewReceipt:
    """Dismiss an appeal, or grant it with ratings that go up; the result is nowhere worse than the contested one."""
    ratings = checked_ratings(within.right, within.review, body.ratings)
    result = within.result(ratings=ratings)
    return within.receipt(
        within.bank.decide_appeal(*within.which, body.outcome, ratings, body.reason, result, *within.how)
    )


@router.post("/v1/reviews/{rm}/{quarter}/finalise")
def finalise_review(within: Within, body: LookedAt) -> ReviewReceipt:
    """Make the result final that people stand for, once nothing that the scheme asks is missing."""
    rm, quarter = within.which
    result, (missing, told_at) = within.result(body.digest), missing_of(within.right.office, quarter, [rm])
    lacks = missing.get(rm, set())
    return within.receipt(within.bank.finalise_review(*within.which, result, lacks, *within.how, told_at))


@router.post("/v1/reviews/{rm}/{quarter}/propose-reopening")
def propose_reopening(within: Within, body: Why) -> ReviewReceipt:
    """Ask for a final review to be opened again, with the reason; another person has to agree."""
    return within.receipt(within.bank.propose_reopening(*within.which, body.reason, *within.how))


@router.post("/v1/reviews/{rm}/{quarter}/reopen")
def reopen_review(within: Within, body: Anew) -> ReviewReceipt:
    """Open a final review again, on all facts that stand now, as the person who did not propose it. The final grade
    stands until another one is final beside it."""
    facts_at = within.bank.register.position
    return within.receipt(within.bank.reopen_review(*within.which, facts_at, body.cutoff_on, *within.how))


@router.post("/v1/reviews/{rm}/{quarter}/refuse-reopening")
def refuse_reopening(within: Within) -> ReviewReceipt:
    """Leave a final review as it is, or take one's own proposal back."""
    return within.receipt(within.bank.refuse_reopening(*within.which, *within.how))
