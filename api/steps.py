"""Which steps of a review somebody may take now, and why not the others: the domain's own decisions, never written."""

from collections.abc import Callable
from datetime import timedelta

from api.acting import act_of, reckoned, right_to
from api.asking import Grant
from domain import appeal, approval, rating, reopening
from domain.log import Decision
from domain.refusal import Refused
from domain.result import Result
from domain.review import Act, Review
from projections.answers.reviews import Review as ReviewAnswer
from projections.answers.reviews import Step

SAID = "-"
"""What stands for the text that a step asks for."""
Try = Callable[[Review, Result, ReviewAnswer, Act], Decision | Refused]
MONTH = timedelta(days=30)
STEPS: dict[str, tuple[str, Try]] = {
    "rate": ("rate_review", lambda review, result, page, act: rating.rate(review, {}, None, None, act)),
    "accept-late-facts": (
        "accept_late_facts",
        lambda review, result, page, act: rating.accept_late_facts(
            review, page.late.until or review.facts_at, min(act.today, review.cutoff_on), act
        ),
    ),
    "interview": (
        "record_interview",
        lambda review, result, page, act: rating.record_interview(review, act.today, SAID, None, act),
    ),
    "submit": ("submit_review", lambda review, result, page, act: rating.submit(review, result, act)),
    "return": ("return_review", lambda review, result, page, act: approval.return_review(review, SAID, None, act)),
    "approve": ("approve_review", lambda review, result, page, act: approval.approve(review, result, act)),
    "acknowledge": ("acknowledge_review", lambda review, result, page, act: approval.acknowledge(review, act)),
    "appeal": ("appeal_review", lambda review, result, page, act: appeal.appeal(review, SAID, None, act)),
    "decide": (
        "decide_appeal",
        lambda review, result, page, act: appeal.decide(
            review, "granted", {}, SAID, result, {each.inspector for each in page.evidence.inspections}, act
        ),
    ),
    "finalise": (
        "finalise_review",
        lambda review, result, page, act: approval.finalise(review, result, {each.what for each in page.missing}, act),
    ),
    "propose-reopening": (
        "propose_reopening",
        lambda review, result, page, act: reopening.propose(review, SAID, None, act),
    ),
    "reopen": (
        "reopen_review",
        lambda review, result, page, act: reopening.reopen(
            review, act.register.position, act.today + MONTH, act.today, act
        ),
    ),
    "refuse-reopening": (
        "refuse_reopening",
        lambda review, result, page, act: reopening.refuse_reopening(review, act),
    ),
}
"""Each with the operation that takes it, and the decision that would be made of it."""


def steps_of(granted: Grant, review: Review, page: ReviewAnswer) -> list[Step]:
    """The steps that the asker's role has for this review, each with the reason where it is not to be taken now."""
    result = reckoned(granted.office, review.quarter, [review]).get(review.rm)
    if result is None:
        return []
    told = []
    for step, (operation, attempt) in STEPS.items():
        whole = granted.of(operation)
        if right := whole and right_to(whole, review.rm, review.org):
            told.append(_told(step, attempt(review, result, page, act_of(right)), page))
    return told


def _told(step: str, decided: Decision | Refused, page: ReviewAnswer) -> Step:
    if isinstance(decided, Refused):
        first = decided.refusals[0]
        return Step(step=step, allowed=False, code=first.code, reason=str(first.remedy))
    goes_on = step == "rate" or bool(decided.events)
    return Step(step=step, allowed=goes_on and (step != "accept-late-facts" or page.late.until is not None))
