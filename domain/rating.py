"""The review until it is submitted: opened, rated against the scheme's anchors, late facts taken in, talked over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from domain import fields
from domain.calendar import Quarter, after_working_days
from domain.events import (
    Event,
    IndicatorRated,
    InterviewHeld,
    LateFactsAccepted,
    ReviewCommented,
    ReviewOpened,
    ReviewSubmitted,
    Stamp,
)
from domain.fields import Line, check, given
from domain.log import Decision, Text
from domain.money import canonical, plain
from domain.refusal import Refusal, Refused
from domain.register import Register
from domain.result import Result
from domain.review import (
    BEING_RATED,
    Act,
    Review,
    check_actor,
    check_result,
    decided,
    out_of_turn,
    refuse,
    review_id,
    rules_of,
    said_of,
    scheme_of,
)
from domain.scheme import Scheme
from domain.scheme_file.entries import UNSTATED_REVIEW, Indicator

RATING = r"[0-9]{1,13}(\.[0-9]{1,3})?"
BEST = Decimal(100)
"""The best rating of an indicator that states no target."""


class Wording(Line):
    """What people say in a review."""

    comment: Annotated[str | None, given(fields.NOTE)] = None
    reason: Annotated[str | None, given(fields.NOTE)] = None
    note: Annotated[str | None, given(fields.NOTE)] = None


def check_text(name: str, text: str) -> Refusal | None:
    """Why something said is no text, by the rule of notes."""
    if not text.strip():
        return Refusal("malformed", name, f"is missing: {fields.NOTE.remedy}")
    line = check(Wording, {name: fields.NOTE}, {name: text})
    return line.refusals[0] if isinstance(line, Refused) else None


@dataclass(frozen=True, slots=True)
class Served:
    """Of somebody who served in a quarter: the unit served in last, the post, and the scheme that it fell under."""

    rm: str
    org: str
    post: str
    scheme: str | None = None
    effective: date | None = None


def open_review(
    served: Served, quarter: Quarter, facts_at: int, cutoff_on: date, register: Register, today: date, stamp: Stamp
) -> ReviewOpened | Refused:
    """Open the review of somebody who served in the quarter; the supervisor has the scheme's working days to rate."""
    if fault := served_fault(served.rm, quarter, register):
        return refuse(fault)
    scheme = register.schemes.get((served.scheme, served.effective)) if served.scheme and served.effective else None
    if served.scheme and scheme is None:
        return refuse(Refusal("unknown", "scheme", "name a version of a scheme that was published"))
    rules = scheme.review if scheme else UNSTATED_REVIEW
    return ReviewOpened(
        originator_id=review_id(served.rm, quarter), originator_version=1, **stamp, rm=served.rm, quarter=str(quarter),
        org=served.org, post=served.post, scheme=served.scheme, effective=served.effective, facts_at=facts_at,
        cutoff_on=cutoff_on, due_on=after_working_days(today, rules.rate_days),
    )  # fmt: skip


def served_fault(rm: str, quarter: Quarter, register: Register) -> Refusal | None:
    """Why somebody has no review of a quarter: they never served in it."""
    known = register.rms.get(rm)
    if known is None:
        return Refusal("unknown", "rm", "name an RM of the bank; import rms first")
    return None if known.serves_in(quarter) else Refusal("not-allowed", "rm", f"name somebody who served in {quarter}")


def rated_indicators(scheme: Scheme | None) -> dict[str, Indicator]:
    """What people rate: the indicators whose figure is a review's, by id."""
    return {one.id: one for one in scheme.indicators if one.measure.rule == "rating"} if scheme else {}


def best_rating(indicator: Indicator) -> Decimal:
    """The best rating that can be given: the indicator's target."""
    return indicator.target or BEST


def missing_ratings(review: Review, register: Register) -> list[str]:
    """What is missing before a review is rated: indicators of its scheme, and `comment`."""
    wanted = rated_indicators(scheme_of(review, register))
    return [name for name in wanted if name not in review.ratings] + ([] if review.commented else ["comment"])


def rate(
    review: Review, ratings: Mapping[str, Decimal | str], comment: str | None, standing: str | None, act: Act
) -> Decision | Refused:
    """Rate some indicators and comment, as far as it differs from what stands (`standing` is the comment that does)."""
    if fault := check_actor(review, act):
        return refuse(fault)
    if review.step not in BEING_RATED:
        return out_of_turn(review, "rate only what is not submitted yet")
    said = (comment or "").strip()
    faults = rating_faults(review, ratings, act)
    if comment is not None and (said or standing) and (fault := check_text("comment", said)):
        faults.append(fault)
    if faults:
        return Refused(faults)
    events = rating_events(review, ratings, act)
    texts: list[Text] = []
    if said and said != standing:
        texts = [act.text(review, len(events) + 1, "comment", said)]
        place = act.place(review, len(events) + 1)
        events.append(ReviewCommented(**place, **act.duty(), comment_digest=texts[0].digest))
    return decided(review, *events, texts=texts)


def rating_events(review: Review, ratings: Mapping[str, Decimal | str], act: Act) -> list[Event]:
    """What says of some ratings those that differ from what stands."""
    new = {name: canonical(Decimal(value)) for name, value in ratings.items()}
    changed = [(name, value) for name, value in new.items() if review.ratings.get(name) != value]
    return [
        IndicatorRated(**act.place(review, nth), **act.duty(), indicator=name, value=value)
        for nth, (name, value) in enumerate(changed, 1)
    ]


def rating_faults(review: Review, ratings: Mapping[str, Decimal | str], act: Act) -> list[Refusal]:
    """What is wrong with ratings: indicators that nobody rates, figures that are no ratings of theirs, and those below
    what a granted appeal left, which a reopening does not take back."""
    return list(_rating_faults(ratings, rated_indicators(scheme_of(review, act.register)), review.granted))


def _rating_faults(
    ratings: Mapping[str, Decimal | str], known: Mapping[str, Indicator], granted: Mapping[str, Decimal]
) -> Iterator[Refusal]:
    for name, value in ratings.items():
        text = plain(value) if isinstance(value, Decimal) and value.is_finite() else str(value)
        if name not in known:
            remedy = (
                f"name an indicator that people rate: {', '.join(known)}" if known else "leave it out: there is none"
            )
            yield Refusal(
                "unknown", f"ratings.{name}" if re.fullmatch(fields.INDICATOR.pattern, name) else "ratings", remedy
            )
        elif not re.fullmatch(RATING, text) or Decimal(text) > best_rating(known[name]):
            best = plain(best_rating(known[name]))
            yield Refusal(
                "malformed", f"ratings.{name}", f"write a plain number from 0 to {best} with up to 3 decimals"
            )
        elif Decimal(text) < granted.get(name, 0):
            least = plain(granted[name])
            yield Refusal("not-allowed", f"ratings.{name}", f"rate it {least} or more: an appeal was granted with that")


def accept_late_facts(review: Review, facts_at: int, recorded_on: date, act: Act) -> Decision | Refused:
    """Take in what was recorded up to a position; `recorded_on` is the bank's day of the last event up to there."""
    if fault := check_actor(review, act):
        return refuse(fault)
    if review.step not in BEING_RATED:
        return out_of_turn(review, "take in late facts only before it is submitted")
    if facts_at == review.facts_at:
        return decided(review)
    if not review.facts_at < facts_at <= act.register.position:
        remedy = f"name a log position from {review.facts_at} to {act.register.position}"
        return refuse(Refusal("not-allowed", "facts_at", remedy))
    if recorded_on > review.cutoff_on:
        remedy = f"name a position of {review.cutoff_on} or before: what was recorded later came too late"
        return refuse(Refusal("not-allowed", "facts_at", remedy))
    accepted = LateFactsAccepted(
        **act.place(review), **act.duty(), facts_at=facts_at, previous_facts_at=review.facts_at
    )
    return decided(review, accepted)


def record_interview(review: Review, held_on: date, note: str, standing: str | None, act: Act) -> Decision | Refused:
    """Note that somebody talked the quarter over with the RM, before it is final; the same again is a duplicate."""
    if fault := check_actor(review, act):
        return refuse(fault)
    if review.step == "final":
        return out_of_turn(review, "record the interview before it is final")
    if review.interviews and review.interviews[-1] == held_on and standing == note.strip():
        return decided(review)
    faults = [fault] if (fault := check_text("note", note.strip())) else []
    if not review.quarter.first_day <= held_on <= act.today:
        remedy = f"name a day from {review.quarter.first_day} on that is not in the future"
        faults.append(Refusal("not-allowed", "held_on", remedy))
    if faults:
        return Refused(faults)
    text = act.text(review, 1, "note", note.strip())
    held = InterviewHeld(**act.place(review), **act.duty(), held_on=held_on, note_digest=text.digest)
    return decided(review, held, texts=[text])


def submit(review: Review, result: Result, act: Act) -> Decision | Refused:
    """Hand a rated review on, so that somebody else approves its result; the same again is a duplicate."""
    if fault := check_actor(review, act):
        return refuse(fault)
    stands = review.submitted if review.step == "submitted" else None
    if stands and (stands.by, stands.digest) == (act.actor.by, result.digest):
        return decided(review)
    if review.step not in BEING_RATED:
        return out_of_turn(review, "submit only what is not submitted yet")
    if missing := missing_ratings(review, act.register):
        return Refused(Refusal("not-allowed", _field(name), "rate it before it is submitted") for name in missing)
    if fault := check_result(review, result, act):
        return refuse(fault)
    due_on = after_working_days(act.today, rules_of(review, act.register).approve_days)
    return decided(review, ReviewSubmitted(**act.place(review), **act.duty(), **said_of(result), due_on=due_on))


def _field(name: str) -> str:
    return name if name == "comment" else f"ratings.{name}"
