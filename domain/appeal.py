"""The appeal: the RM contests an approved result, and somebody who took no part decides. It never ends worse.

The ratings that a granted one leaves are a floor for every later round, too: see `reopening.py`.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Literal

from domain.approval import check_answering, is_worse, overdue
from domain.calendar import after_working_days
from domain.events import AppealDecided, Event, ReviewAppealed
from domain.log import Decision
from domain.rating import check_text, rating_events, rating_faults
from domain.refusal import Refusal, Refused
from domain.result import Result
from domain.review import (
    Act,
    Review,
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

TOOK_PART = "an appeal is decided by who took no part in the review"


def appeal(review: Review, reason: str, standing: str | None, act: Act) -> Decision | Refused:
    """Contest an approved result as the RM, with the reason, until its last day; the same again is a duplicate."""
    if fault := check_answering(review, act):
        return refuse(fault)
    if review.step == "appealed" and standing == reason.strip():
        return decided(review)
    if review.step != "approved":
        return out_of_turn(review, "appeal only against what was approved and not answered")
    if act.today > review.due_on:
        return refuse(overdue(review))
    if fault := check_text("reason", reason.strip()):
        return refuse(fault)
    text = act.text(review, 1, "reason", reason.strip())
    due_on = after_working_days(act.today, rules_of(review, act.register).decide_days)
    appealed = ReviewAppealed(**act.place(review), reason_digest=text.digest, due_on=due_on)
    return decided(review, appealed, texts=[text])


def decide(
    review: Review,
    outcome: Literal["dismissed", "granted"],
    ratings: Mapping[str, Decimal | str],
    reason: str,
    result: Result,
    inspectors: Collection[str],
    act: Act,
) -> Decision | Refused:
    """Dismiss an appeal, or grant it with ratings that go up and a result that is nowhere worse. `inspectors` are those
    who inspected the RM's quarter: they took part, too."""
    others = review.took_part | frozenset(inspectors)
    if fault := check_actor(review, act) or check_second(others, act, TOOK_PART):
        return refuse(fault)
    if review.step != "appealed" or review.approved is None:
        return out_of_turn(review, "decide only what the RM contests")
    if faults := _faults(review, outcome, ratings, reason, result, act):
        return Refused(faults)
    rated: list[Event] = rating_events(review, ratings, act)
    nth = len(rated) + 1
    text = act.text(review, nth, "reason", reason.strip())
    ended = AppealDecided(
        **act.place(review, nth), **act.duty(), **said_of(result), outcome=outcome, reason_digest=text.digest
    )
    return decided(review, *rated, ended, texts=[text])


def _faults(
    review: Review, outcome: str, ratings: Mapping[str, Decimal | str], reason: str, result: Result, act: Act
) -> list[Refusal]:
    """Why a decision on an appeal is none."""
    contested = review.approved
    faults = [fault] if (fault := check_text("reason", reason.strip())) else []
    faults += rating_faults(review, ratings, act)
    if faults or contested is None:
        return faults
    if outcome == "dismissed" and ratings:
        return [Refusal("not-allowed", "ratings", "leave them out: a dismissed appeal changes no rating")]
    for name, value in ratings.items():
        if Decimal(value) < review.ratings.get(name, Decimal(0)):
            faults.append(Refusal("not-allowed", f"ratings.{name}", "rate it no lower than it is: no appeal worsens"))
    if fault := check_result(review, result, act):
        faults.append(fault)
    elif outcome == "dismissed" and result.digest != contested.digest:
        faults.append(Refusal("stale", "result", "look at the review again: the result moved since it was approved"))
    elif outcome == "granted" and any(
        is_worse(result, each, scheme_of(review, act.register)) for each in (contested, review.decided) if each
    ):
        faults.append(Refusal("not-allowed", "result", "give a result that is nowhere worse than the contested one"))
    return faults
