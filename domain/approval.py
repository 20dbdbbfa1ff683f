"""The review from its submission to the final grade: returned or approved by a second person, seen by the RM, final."""

from collections.abc import Collection

from domain.calendar import after_working_days
from domain.events import GradeFinalised, ReviewAcknowledged, ReviewApproved, ReviewReturned
from domain.log import Decision
from domain.rating import check_text
from domain.refusal import Refusal, Refused
from domain.result import Result
from domain.review import (
    Act,
    Review,
    Standing,
    check_actor,
    check_result,
    check_second,
    decided,
    out_of_turn,
    refuse,
    rules_of,
    said_of,
    scheme_of,
)
from domain.scheme import Scheme

RATED_IT = "nobody approves what they rated, commented or submitted"
ASKED: dict[str, str] = {
    "interview": "record an interview with the RM first: the scheme asks for one before this tier is final",
    "quota": "have the department meet the scheme's quota first",
    "unrated": "have everybody of the group rated first",
    "result-moved": "have the result approved again: it moved since",
    "answer": "wait for the RM's answer, or until its last day is over",
}
"""What a scheme may ask before a grade is final, and what would mend its lack."""


def return_review(review: Review, reason: str, standing: str | None, act: Act) -> Decision | Refused:
    """Give a submitted review back to its supervisor, with the reason; the same again is a duplicate. One whose appeal
    is decided can go back, too, should its result have moved for the worse."""
    if fault := check_actor(review, act) or check_second(review.raters, act, RATED_IT):
        return refuse(fault)
    if review.step == "returned" and act.actor.by in review.acted_last and standing == reason.strip():
        return decided(review)
    if review.step not in ("submitted", "decided"):
        return out_of_turn(review, "return only what was submitted")
    if fault := check_text("reason", reason.strip()):
        return refuse(fault)
    text = act.text(review, 1, "reason", reason.strip())
    due_on = after_working_days(act.today, rules_of(review, act.register).rate_days)
    returned = ReviewReturned(**act.place(review), **act.duty(), reason_digest=text.digest, due_on=due_on)
    return decided(review, returned, texts=[text])


def approve(review: Review, result: Result, act: Act) -> Decision | Refused:
    """Stand for a result as a second person; the RM answers it. Once more where it moved since: the RM answers anew."""
    if fault := check_actor(review, act) or check_second(review.raters, act, RATED_IT):
        return refuse(fault)
    stands = (review.decided if review.step == "decided" else None) or review.approved
    again = review.step in ("approved", "acknowledged", "decided") and stands is not None
    if again and stands and stands.digest == result.digest:
        is_same = review.step == "approved" and stands.by == act.actor.by
        return decided(review) if is_same else out_of_turn(review, "approve only what moved since it was approved")
    if review.step != "submitted" and not again:
        return out_of_turn(review, "approve only what was submitted")
    if fault := check_result(review, result, act):
        return refuse(fault)
    if review.decided and is_worse(result, review.decided, scheme_of(review, act.register)):
        remedy = "return it, so that it is mended: after an appeal no worse result is approved"
        return refuse(Refusal("not-allowed", "result", remedy))
    due_on = after_working_days(act.today, rules_of(review, act.register).answer_days)
    return decided(review, ReviewApproved(**act.place(review), **act.duty(), **said_of(result), due_on=due_on))


def acknowledge(review: Review, act: Act) -> Decision | Refused:
    """Say as the RM that one has seen the result and does not contest it, until its last day; once."""
    if fault := check_answering(review, act):
        return refuse(fault)
    if review.step == "acknowledged":
        return decided(review)
    if review.step != "approved" or review.approved is None:
        return out_of_turn(review, "acknowledge only what was approved")
    if act.today > review.due_on:
        return refuse(overdue(review))
    return decided(review, ReviewAcknowledged(**act.place(review), result_digest=review.approved.digest))


def check_answering(review: Review, act: Act) -> Refusal | None:
    """Why somebody does not answer in a review: only the RM whom it is about does."""
    if act.actor.by == review.rm and act.actor.on_behalf_of is None:
        return None
    return Refusal("not-allowed", "", "leave it to the RM: nobody answers in another's place")


def overdue(review: Review) -> Refusal:
    """Of an answer that comes too late."""
    return Refusal(
        "out-of-turn",
        "",
        f"ask for the review to be reopened once it is final: it could be answered until {review.due_on}",
    )


def finalise(review: Review, result: Result, missing: Collection[str], act: Act) -> Decision | Refused:
    """Make the grade final that people stand for; `missing` is what the scheme asks and still lacks. Once; the same
    again is a duplicate."""
    if fault := check_actor(review, act):
        return refuse(fault)
    if review.step == "final" and review.final and review.final.digest == result.digest:
        return decided(review)
    answer = review.answer or "unanswered"
    stands = review.decided if review.step == "decided" else review.approved
    if review.step not in ("approved", "acknowledged", "decided") or stands is None or review.submitted is None:
        return out_of_turn(review, "make final only what is approved and answered")
    if review.step == "approved" and act.today <= review.due_on:
        remedy = f"wait for the RM's answer: until {review.due_on} the result can be acknowledged or contested"
        return refuse(Refusal("out-of-turn", "", remedy))
    if fault := check_result(review, result, act):
        return refuse(fault)
    said = said_of(result)
    if said["result_digest"] != stands.digest:
        return refuse(
            Refusal("stale", "result", "have it approved again: the result moved since somebody stood for it")
        )
    if review.raters & review.approved.people if review.approved else True:
        return refuse(Refusal("not-allowed", "", "have a second person approve it: rated and approved by the same one"))
    lacks = {*missing, *_without_interview(review, stands, act)}
    if lacks:
        return Refused(
            Refusal("out-of-turn", name, ASKED.get(name, "mend what the scheme asks for")) for name in sorted(lacks)
        )
    assert review.approved is not None
    final = GradeFinalised(
        **act.place(review), **act.duty(), **said, round=review.round, org=result.org, post=result.post,
        scheme=result.scheme, effective=result.effective, lines=result.lines, rated_at=result.rated_at,
        rated_by=review.submitted.by, approved_by=review.approved.by,
        decided_by=review.decided.by if review.decided else None, answer=answer,
    )  # fmt: skip
    return decided(review, final)


def _without_interview(review: Review, stands: Standing, act: Act) -> set[str]:
    asked = rules_of(review, act.register).interview
    return {"interview"} if stands.tier in asked and not review.interviews else set()


def is_worse(result: Result, than: Standing, scheme: Scheme | None) -> bool:
    """Whether a result is worse than another one in any respect: tier, score, coefficient, or no grade any more."""
    if than.status == "graded" and result.status != "graded":
        return True
    pairs = ((result.score, than.score), (result.coefficient, than.coefficient))
    if any(old is not None and (new is None or new < old) for new, old in pairs):
        return True
    order = [tier.id for tier in scheme.tiers] if scheme else []
    if than.tier is None or result.tier == than.tier:
        return False
    return result.tier not in order or than.tier not in order or order.index(result.tier) > order.index(than.tier)
