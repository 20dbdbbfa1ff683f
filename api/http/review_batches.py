"""/v1/reviews:...: a step of many reviews at once, each with the answer that it would get alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.acting import actor_of, fault_of, missing_of, reckoned, right_to
from api.asking import Grant, Granted
from api.guarded import Guarded
from api.problems import Forbidden, NotFound, Problem, of_refusals
from api.receipts import FieldFault, ReviewLine, ReviewsReceipt
from domain import fields
from domain.bank import Bank, Outcome
from domain.calendar import Quarter
from domain.refusal import Refusal, Taken
from domain.result import Result
from domain.review import NO_REVIEW, Actor, Review, review_id

LARGEST_BATCH = 1_000
router = APIRouter(tags=["reviews"], route_class=Guarded)
TWICE = "name each review once"


class OneReview(BaseModel):
    """One of many reviews, and its version that was looked at."""

    model_config = ConfigDict(extra="forbid")
    rm: str = Field(pattern=f"^(?:{fields.ID.pattern})$", description=fields.ID.remedy)
    version: int | None = Field(None, ge=1, le=999_999_999, description="Where it has moved on since, 412")


class ManyReviews(BaseModel):
    """Some reviews of a quarter."""

    model_config = ConfigDict(extra="forbid")
    quarter: str = Field(pattern="^[12][0-9]{3}Q[1-4]$", description="Like 2026Q3")
    reviews: Annotated[list[OneReview], Field(max_length=LARGEST_BATCH)]


Many = Callable[[Bank, Quarter, Sequence[Result], Actor, Mapping[str, int]], Sequence[Outcome]]


@router.post("/v1/reviews:submit")
def submit_reviews(granted: Granted, body: ManyReviews) -> ReviewsReceipt:
    """Hand up to 1,000 reviews on for approval; one that can't be stops no other."""
    return _all(granted, body, Bank.submit_reviews)


@router.post("/v1/reviews:approve")
def approve_reviews(granted: Granted, body: ManyReviews) -> ReviewsReceipt:
    """Stand for up to 1,000 results as a second person; one that can't be approved stops no other."""
    return _all(granted, body, Bank.approve_reviews)


@router.post("/v1/reviews:finalise")
def finalise_reviews(granted: Granted, body: ManyReviews) -> ReviewsReceipt:
    """Make up to 1,000 grades final; one of which something is missing stops no other."""

    def finalise(
        bank: Bank, quarter: Quarter, results: Sequence[Result], actor: Actor, versions: Mapping[str, int]
    ) -> Sequence[Outcome]:
        missing, told_at = missing_of(granted.office, quarter, [each.rm for each in results])
        return bank.finalise_reviews(quarter, results, missing, actor, versions, told_at)

    return _all(granted, body, finalise)


def _all(granted: Grant, body: ManyReviews, decide: Many) -> ReviewsReceipt:
    """Decide on the reviews within reach, by each right in turn; what became of each, in their order."""
    quarter, bank = Quarter.parse(body.quarter), granted.office.bank
    standing = bank.read_reviews([review_id(each.rm, quarter) for each in body.reviews])
    known = {review.rm: review for review in standing.values()}
    told: dict[str, Outcome | Problem] = {}
    by_right: dict[str | None, tuple[Grant, list[Review]]] = {}
    for each in body.reviews:
        review = known.get(each.rm)
        right = right_to(granted, each.rm, review.org if review else None)
        if right is None or review is None:
            told[each.rm] = NotFound(NO_REVIEW.remedy) if right else Forbidden()
        else:
            by_right.setdefault(right.on_behalf_of, (right, []))[1].append(review)
    versions = {each.rm: each.version for each in body.reviews if each.version is not None}
    for right, reviews in by_right.values():
        results = reckoned(granted.office, quarter, {each.rm: each for each in reviews}.values())
        outcomes = decide(bank, quarter, list(results.values()), actor_of(right), versions)
        told |= dict(zip(results, outcomes, strict=True))
    granted.office.follower.wake()
    return receipt_of(granted, _lines(body.reviews, told, versions))


def _lines(
    asked: Iterable[OneReview], told: Mapping[str, Outcome | Problem], versions: Mapping[str, int]
) -> Iterable[ReviewLine]:
    seen = set[str]()
    unknown = of_refusals([Refusal("not-found", "", NO_REVIEW.remedy)])
    for each in asked:
        twice = of_refusals([Refusal("conflict", "rm", TWICE)]) if each.rm in seen else None
        yield _line(each.rm, twice or told.get(each.rm, unknown), versions.get(each.rm))
        seen.add(each.rm)


def _line(rm: str, outcome: Outcome | Problem, version: int | None) -> ReviewLine:
    if isinstance(outcome, Taken):
        return ReviewLine(rm=rm, status=200, outcome=outcome.outcome, position=outcome.position)
    body = (outcome if isinstance(outcome, Problem) else fault_of(outcome, version)).body
    errors = body.errors or [FieldFault(pointer="", detail=body.detail)]
    return ReviewLine(rm=rm, status=body.status, outcome="rejected", errors=errors)


def receipt_of(granted: Grant, lines: Iterable[ReviewLine]) -> ReviewsReceipt:
    """What became of many reviews, counted."""
    results = list(lines)
    outcomes = [result.outcome for result in results]
    return ReviewsReceipt(
        accepted=outcomes.count("accepted"), duplicates=outcomes.count("duplicate"),
        rejected=outcomes.count("rejected"), results=results,
        position=max((each.position for each in results if each.position), default=granted.register.position),
    )  # fmt: skip
