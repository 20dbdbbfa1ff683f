"""The reopening of a final review: one person proposes it with the reason, another one agrees. The grade stands on.

It takes back nothing that an appeal granted: no rating goes below what it was then (`Review.granted`). Facts count as
they are known by the new round: they may lower its result, for an appeal judges ratings and never changed a fact.
"""

from datetime import date

from domain.calendar import after_working_days
from domain.events import ReopeningProposed, ReopeningRefused, ReviewReopened
from domain.log import Decision
from domain.rating import check_text
from domain.refusal import Refusal, Refused
from domain.review import Act, Review, check_actor, check_second, decided, out_of_turn, refuse, rules_of
from domain.review_quarter import cutoff_faults

PROPOSED_IT = "nobody reopens what they proposed to reopen"
NOTHING_PROPOSED = Refusal("out-of-turn", "", "propose the reopening first: nothing waits for a second person")


def propose(review: Review, reason: str, standing: str | None, act: Act) -> Decision | Refused:
    """Ask for a final review to be opened again; the same again is a duplicate."""
    if fault := check_actor(review, act):
        return refuse(fault)
    if review.step != "final":
        return out_of_turn(review, "propose to reopen only what is final")
    if review.proposed_by:
        if act.actor.by in review.proposed_by and standing == reason.strip():
            return decided(review)
        return refuse(Refusal("conflict", "", "have the reopening decided that waits for a second person"))
    if fault := check_text("reason", reason.strip()):
        return refuse(fault)
    text = act.text(review, 1, "reason", reason.strip())
    return decided(
        review, ReopeningProposed(**act.place(review), **act.duty(), reason_digest=text.digest), texts=[text]
    )


def reopen(review: Review, facts_at: int, cutoff_on: date, recorded_on: date, act: Act) -> Decision | Refused:
    """Agree as a second person: the review begins another round, on the facts up to a position, which was recorded on
    the bank's day `recorded_on`."""
    if fault := check_actor(review, act):
        return refuse(fault)
    if review.step != "final":
        return out_of_turn(review, "reopen only what is final")
    if not review.proposed_by:
        return refuse(NOTHING_PROPOSED)
    if fault := check_second(review.proposed_by, act, PROPOSED_IT):
        return refuse(fault)
    faults = list(cutoff_faults(cutoff_on, act.today, act.today))
    if not review.facts_at <= facts_at <= act.register.position:
        remedy = f"name a log position from {review.facts_at} to {act.register.position}"
        faults.append(Refusal("not-allowed", "facts_at", remedy))
    elif not faults and recorded_on > cutoff_on:
        faults.append(Refusal("not-allowed", "facts_at", f"name a position of {cutoff_on} or before"))
    if faults:
        return Refused(faults)
    due_on = after_working_days(act.today, rules_of(review, act.register).rate_days)
    reopened = ReviewReopened(
        **act.place(review), **act.duty(), proposed_by=review.proposer or "", facts_at=facts_at, cutoff_on=cutoff_on,
        due_on=due_on,
    )  # fmt: skip
    return decided(review, reopened)


def refuse_reopening(review: Review, act: Act) -> Decision | Refused:
    """Say as a second person that the grade stays final, or take one's own proposal back."""
    if fault := check_actor(review, act):
        return refuse(fault)
    if not review.proposed_by:
        return refuse(NOTHING_PROPOSED)
    return decided(review, ReopeningRefused(**act.place(review), **act.duty()))
