"""/v1/reviews/{rm}/{quarter}/...: the steps of one review, each by who may take it."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.acting import (
    Version,
    actor_of,
    checked_ratings,
    missing_of,
    reached,
    receipt,
    reckoned,
    result_of,
    version_of,
)
from api.asking import LARGEST_POSITION, Grant, Granted
from api.guarded import Guarded
from api.http.parameters import QuarterText, RMPath
from api.http.reviews import Ratings
from api.problems import NotFound
from api.receipts import ReviewReceipt
from domain import fields
from domain.bank import Bank, Outcome
from domain.calendar import Quarter
from domain.review import Actor, Review

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


Take = Callable[[Bank, Review, Actor, int | None], Outcome]


def _step(granted: Grant, rm: str, quarter: str, looked_at: str | None, take: Take) -> ReviewReceipt:
    """Take a step of a review within reach, and tell how it stands then."""
    standing, right = reached(granted, rm, Quarter.parse(quarter))
    version = version_of(looked_at)
    return receipt(granted, take(granted.office.bank, standing, actor_of(right), version), version)


@router.post("/v1/reviews/{rm}/{quarter}/rate")
def rate_review(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: Rated, looked_at: Version = None
) -> ReviewReceipt:
    """Rate some indicators and comment; only what differs from what stands is written."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.rate_review(rm, review.quarter, body.ratings, body.comment, actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/accept-late-facts")
def accept_late_facts(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: UpTo, looked_at: Version = None
) -> ReviewReceipt:
    """Take in the facts up to a log position, of the cut-off day or before."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.accept_late_facts(rm, review.quarter, body.facts_at, actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/interview")
def record_interview(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: Talk, looked_at: Version = None
) -> ReviewReceipt:
    """Record that the quarter was talked over with the RM, as the scheme asks for before some tiers are final."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.record_interview(rm, review.quarter, body.held_on, body.note, actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/submit")
def submit_review(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: LookedAt, looked_at: Version = None
) -> ReviewReceipt:
    """Hand a review on that is rated and commented, with the result that it comes to now."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.submit_review(rm, review.quarter, result_of(granted, review, body.digest), actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/return")
def return_review(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: Why, looked_at: Version = None
) -> ReviewReceipt:
    """Give a submitted review back to the supervisor, with the reason."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.return_review(rm, review.quarter, body.reason, actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/approve")
def approve_review(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: LookedAt, looked_at: Version = None
) -> ReviewReceipt:
    """Stand for the result that a review comes to now, as a second person; again where it moved since."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.approve_review(rm, review.quarter, result_of(granted, review, body.digest), actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/acknowledge")
def acknowledge_review(granted: Granted, rm: RMPath, quarter: QuarterText, looked_at: Version = None) -> ReviewReceipt:
    """Say of one's own approved result that one has seen it and does not contest it."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.acknowledge_review(rm, review.quarter, actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/appeal")
def appeal_review(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: Why, looked_at: Version = None
) -> ReviewReceipt:
    """Contest one's own approved result, with the reason: somebody who took no part decides, never for the worse."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.appeal_review(rm, review.quarter, body.reason, actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/decide")
def decide_appeal(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: Decided, looked_at: Version = None
) -> ReviewReceipt:
    """Dismiss an appeal, or grant it with ratings that go up; the result is nowhere worse than the contested one."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        ratings = checked_ratings(granted, review, body.ratings)
        result = reckoned(granted.office, review.quarter, [review], {rm: ratings}).get(rm)
        if result is None:
            raise NotFound("name an RM who served in that quarter")
        return bank.decide_appeal(rm, review.quarter, body.outcome, ratings, body.reason, result, actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/finalise")
def finalise_review(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: LookedAt, looked_at: Version = None
) -> ReviewReceipt:
    """Make the result final that people stand for, once nothing that the scheme asks is missing."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        result = result_of(granted, review, body.digest)
        missing = missing_of(granted.office, review.quarter, [rm]).get(rm, set())
        return bank.finalise_review(rm, review.quarter, result, missing, actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/propose-reopening")
def propose_reopening(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: Why, looked_at: Version = None
) -> ReviewReceipt:
    """Ask for a final review to be opened again, with the reason; another person has to agree."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.propose_reopening(rm, review.quarter, body.reason, actor, version)

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/reopen")
def reopen_review(
    granted: Granted, rm: RMPath, quarter: QuarterText, body: Anew, looked_at: Version = None
) -> ReviewReceipt:
    """Open a final review again, on all facts that stand now, as the person who did not propose it. The final grade
    stands until another one is final beside it."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.reopen_review(
            rm, review.quarter, granted.office.bank.register.position, body.cutoff_on, actor, version
        )

    return _step(granted, rm, quarter, looked_at, take)


@router.post("/v1/reviews/{rm}/{quarter}/refuse-reopening")
def refuse_reopening(granted: Granted, rm: RMPath, quarter: QuarterText, looked_at: Version = None) -> ReviewReceipt:
    """Leave a final review as it is, or take one's own proposal back."""

    def take(bank: Bank, review: Review, actor: Actor, version: int | None) -> Outcome:
        return bank.refuse_reopening(rm, review.quarter, actor, version)

    return _step(granted, rm, quarter, looked_at, take)
