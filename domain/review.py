"""The review of one RM and quarter: what its events add up to, who may act in it, and what every step asks first.

Its steps stand beside: `rating.py` until it is submitted, `approval.py` until it is final, `appeal.py`, `reopening.py`.
The fold reads the plain JSON of the rows: thousands of reviews are decided on at once, and an event as a model is slow.
Longer than 300 lines because the state and what every step asks first stand together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar

from pydantic_core import from_json

from domain.calendar import Quarter
from domain.events import Event, Stamp
from domain.log import Decision, Placed, Senseless, Text
from domain.refusal import Refusal, Refused
from domain.register import Register
from domain.result import Result
from domain.scheme import Scheme
from domain.scheme_file.entries import UNSTATED_REVIEW, ReviewRules

Step = Literal["open", "submitted", "returned", "approved", "acknowledged", "appealed", "decided", "final", "reopened"]
"""How far a review has come. That it is rated follows from its ratings and its scheme: see `rating.missing_ratings`."""
BEING_RATED = ("open", "returned", "reopened")
STANDS: dict[str, str] = {
    "open": "the supervisor rates and submits it now",
    "reopened": "it was reopened, and the supervisor rates and submits it anew",
    "returned": "it was returned, and the supervisor mends and submits it",
    "submitted": "it is submitted, and somebody else approves or returns it",
    "approved": "it is approved, and the RM acknowledges it or appeals",
    "acknowledged": "the RM acknowledged it, and it can be made final",
    "appealed": "the RM appealed, and somebody who took no part decides",
    "decided": "the appeal is decided, and it can be made final",
    "final": "it is final; two people can reopen it, with a reason",
}
NO_REVIEW = Refusal("not-found", "", "name an RM and a quarter whose review was opened")
MOVED_ON = Refusal("stale", "version", "look at the review again: somebody changed it since")
OTHERS_MOVED = Refusal(
    "stale", "", "make it final again: another review of the quarter came to another result meanwhile"
)
ONESELF = Refusal("not-allowed", "", "leave it to somebody else: nobody decides on their own review")
RELATIVE = Refusal("not-allowed", "", "leave it to somebody else: a declared relative of the RM decides nothing here")
BELOW = Refusal("not-allowed", "", "leave it to somebody else: the RM is your superior")
NO_DELEGATE = Refusal("not-allowed", "on_behalf_of", "name somebody who delegated their duties to you for today")
INDEPENDENT = Refusal(
    "not-allowed",
    "",
    "ask somebody to do it who has neither given sign-in, role, password or token to who acted before nor got them "
    "there",
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and whose duty it was, where they stand in for somebody absent. `granted_by` are those who could act as
    this person, having given them their rights, and those whom this person gave theirs."""

    by: str
    on_behalf_of: str | None = None
    granted_by: frozenset[str] = frozenset()

    @property
    def people(self) -> frozenset[str]:
        """Both persons: the separation of duties looks at each."""
        return frozenset([self.by, self.on_behalf_of or self.by])


@dataclass(frozen=True, slots=True)
class Standing:
    """A result that somebody stood for: who, and which one."""

    by: str
    people: frozenset[str]
    facts_at: int
    digest: str
    status: str
    score: Decimal | None
    tier: str | None
    coefficient: Decimal | None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A review as it stands. `reckoned_at` is the position of what last moved its result: a rating, facts taken in.

    `raters` are all who rated, commented or submitted, `took_part` all who judged in any way; both hold through every
    round. `commented` and `said` are the versions of the newest comment and of the newest other text. `decided` is what
    an appeal of this round gave: nothing worse follows. `granted` are the ratings as a granted appeal left them: none
    goes below, in a later round neither. `final` is the newest final result; it stands while a reopened review goes on.
    """

    rm: str
    quarter: Quarter
    org: str
    post: str
    scheme: str | None
    effective: date | None
    facts_at: int
    cutoff_on: date
    due_on: date
    version: int
    reckoned_at: int
    step: Step = "open"
    round: int = 1
    ratings: Mapping[str, Decimal] = field(default_factory=dict)
    granted: Mapping[str, Decimal] = field(default_factory=dict)
    commented: int = 0
    said: int = 0
    raters: frozenset[str] = frozenset()
    took_part: frozenset[str] = frozenset()
    interviews: tuple[date, ...] = ()
    acted_last: frozenset[str] = frozenset()
    submitted: Standing | None = None
    approved: Standing | None = None
    decided: Standing | None = None
    outcome: str | None = None
    answer: Literal["acknowledged", "appealed"] | None = None
    proposed_by: frozenset[str] = frozenset()
    proposer: str | None = None
    final: Standing | None = None

    @property
    def review_id(self) -> str:
        return review_id(self.rm, self.quarter)


_quarter = cache(Quarter.parse)
NAMES = tuple(each.name for each in fields(Review))


def review_id(rm: str, quarter: Quarter) -> str:
    """The stream of a review."""
    return f"review:{rm}:{quarter}"


def fold(state: Review | None, rows: Iterable[Placed]) -> Review | None:
    """What the rows of a review add up to."""
    told: dict[str, Any] = {name: getattr(state, name) for name in NAMES} if state else {}
    for position, version, topic, text in rows:
        try:
            said = from_json(text)
            if topic == "ReviewOpened":
                told = _opened(said, position)
            elif told:
                FOLDS.get(topic, _nothing)(told, said, version, position)
        except (KeyError, ValueError, TypeError, ArithmeticError) as error:
            raise Senseless(f"Event {version} of a review ({topic})", position) from error
        if told:
            told["version"] = version
    return Review(**told) if told else None


def _opened(said: dict[str, Any], position: int) -> dict[str, Any]:
    effective = said.get("effective")
    return {
        "rm": said["rm"], "quarter": _quarter(said["quarter"]), "org": said["org"], "post": said["post"],
        "scheme": said.get("scheme"), "effective": date.fromisoformat(effective) if effective else None,
        "facts_at": said["facts_at"], "cutoff_on": date.fromisoformat(said["cutoff_on"]),
        "due_on": date.fromisoformat(said["due_on"]), "reckoned_at": position, "ratings": {},
        "raters": frozenset(), "took_part": frozenset(), "interviews": (),
    }  # fmt: skip


Told = dict[str, Any]


def _people(said: Told) -> frozenset[str]:
    return frozenset([said["by"], said.get("on_behalf_of") or said["by"]])


def _part(told: Told, said: Told, *, rater: bool = False) -> None:
    people = _people(said)
    told["acted_last"] = people
    told["took_part"] |= people
    if rater:
        told["raters"] |= people


def _standing(said: Told) -> Standing:
    score, coefficient, due_on = said.get("score"), said.get("coefficient"), said.get("due_on")
    return Standing(
        said["by"], _people(said), said["facts_at"], said["result_digest"], said["status"],
        Decimal(score) if score is not None else None, said.get("tier"),
        Decimal(coefficient) if coefficient is not None else None, date.fromisoformat(due_on) if due_on else None,
    )  # fmt: skip


def _nothing(told: Told, said: Told, version: int, position: int) -> None:
    """What changes nothing that decisions look at."""


def _rated(told: Told, said: Told, version: int, position: int) -> None:
    _part(told, said, rater=True)
    told["ratings"] = told["ratings"] | {said["indicator"]: Decimal(said["value"])}
    told["reckoned_at"] = position


def _commented(told: Told, said: Told, version: int, position: int) -> None:
    _part(told, said, rater=True)
    told["commented"] = version


def _late_facts(told: Told, said: Told, version: int, position: int) -> None:
    _part(told, said, rater=True)
    told.update(facts_at=said["facts_at"], reckoned_at=position)


def _interviewed(told: Told, said: Told, version: int, position: int) -> None:
    _part(told, said)
    told["interviews"] = (*told["interviews"], date.fromisoformat(said["held_on"]))
    told["said"] = version


def _submitted(told: Told, said: Told, version: int, position: int) -> None:
    _part(told, said, rater=True)
    standing = _standing(said)
    told.update(step="submitted", submitted=standing, approved=None, answer=None, due_on=standing.due_on)


def _returned(told: Told, said: Told, version: int, position: int) -> None:
    _part(told, said)
    told.update(step="returned", said=version, approved=None, answer=None, due_on=date.fromisoformat(said["due_on"]))


def _approved(told: Told, said: Told, version: int, position: int) -> None:
    _part(told, said)
    standing = _standing(said)
    told.update(step="approved", approved=standing, answer=None, due_on=standing.due_on)


def _acknowledged(told: Told, said: Told, version: int, position: int) -> None:
    told.update(step="acknowledged", answer="acknowledged", acted_last=_people(said))


def _appealed(told: Told, said: Told, version: int, position: int) -> None:
    told.update(step="appealed", answer="appealed", said=version, acted_last=_people(said))
    told["due_on"] = date.fromisoformat(said["due_on"])


def _decided(told: Told, said: Told, version: int, position: int) -> None:
    _part(told, said)
    told.update(step="decided", decided=_standing(said), outcome=said["outcome"], said=version)
    if said["outcome"] == "granted":
        told["granted"] = told["ratings"]


def _final(told: Told, said: Told, version: int, position: int) -> None:
    told.update(step="final", final=_standing(said), acted_last=_people(said), proposed_by=frozenset(), proposer=None)


def _proposed(told: Told, said: Told, version: int, position: int) -> None:
    told.update(proposed_by=_people(said), proposer=said["by"], said=version, acted_last=_people(said))


def _refused(told: Told, said: Told, version: int, position: int) -> None:
    told.update(proposed_by=frozenset(), proposer=None, acted_last=_people(said))


def _reopened(told: Told, said: Told, version: int, position: int) -> None:
    told.update(
        step="reopened", round=told.get("round", 1) + 1, facts_at=said["facts_at"], reckoned_at=position,
        cutoff_on=date.fromisoformat(said["cutoff_on"]), due_on=date.fromisoformat(said["due_on"]), interviews=(),
        submitted=None, approved=None, decided=None, outcome=None, answer=None, proposed_by=frozenset(), proposer=None,
        acted_last=_people(said),
    )  # fmt: skip


FOLDS: dict[str, Callable[[Told, Told, int, int], None]] = {
    "IndicatorRated": _rated, "ReviewCommented": _commented, "LateFactsAccepted": _late_facts,
    "InterviewHeld": _interviewed, "ReviewSubmitted": _submitted, "ReviewReturned": _returned,
    "ReviewApproved": _approved, "ReviewAcknowledged": _acknowledged, "ReviewAppealed": _appealed,
    "AppealDecided": _decided, "GradeFinalised": _final, "ReopeningProposed": _proposed,
    "ReopeningRefused": _refused, "ReviewReopened": _reopened,
}  # fmt: skip
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Act:
    """What a decision on a review stands on: who acts, on which day, and the register. `salts` are for its texts."""

    actor: Actor
    register: Register
    today: date
    stamp: Stamp
    salts: Callable[[], str]

    @property
    def at(self) -> datetime:
        moment: datetime = self.stamp["recorded_at"]
        return moment

    def place(self, review: Review, nth: int = 1) -> dict[str, Any]:
        """Where the nth event of a decision stands, and what all of them say."""
        return {
            "originator_id": review.review_id, "originator_version": review.version + nth, **self.stamp,
            "rm": review.rm, "quarter": str(review.quarter),
        }  # fmt: skip

    def duty(self) -> dict[str, str | None]:
        """Whose duty it was."""
        return {"on_behalf_of": self.actor.on_behalf_of}

    def text(self, review: Review, nth: int, name: str, text: str) -> Text:
        """A text that the nth event of a decision refers to."""
        return Text(review.review_id, review.version + nth, name, self.salts(), text)


def decided(review: Review, *events: Event, texts: Iterable[Text] = ()) -> Decision:
    """The decision that adds some events to a review, none where it stands already."""
    return Decision(review.review_id, list(events), tuple(texts))


def refuse(*refusals: Refusal) -> Refused:
    return Refused(refusals)


def out_of_turn(review: Review, what: str) -> Refused:
    """Of a step that comes too early or too late: what would have to be, and how the review stands."""
    return refuse(Refusal("out-of-turn", "", f"{what}: {STANDS[review.step]}"))


def check_actor(review: Review, act: Act) -> Refusal | None:
    """Why somebody decides nothing in a review: its RM, a relative or a subordinate, or no delegate."""
    actor, register = act.actor, act.register
    if actor.on_behalf_of and not register.stands_in(actor.by, actor.on_behalf_of, act.today):
        return NO_DELEGATE
    for person in actor.people:
        if person == review.rm:
            return ONESELF
        if register.are_relatives(person, review.rm):
            return RELATIVE
        if register.is_below(person, review.rm, act.today):
            return BELOW
    return None


def check_second(others: Collection[str], act: Act, what: str) -> Refusal | None:
    """Why somebody is no second person beside others: one of them, a subordinate, or tied to one by given rights."""
    actor = act.actor
    if actor.people & set(others):
        return Refusal("not-allowed", "", f"ask somebody else: {what}")
    if any(act.register.is_below(person, other, act.today) for person in actor.people for other in others):
        return Refusal("not-allowed", "", "ask somebody who is not below those who acted before")
    if actor.granted_by & set(others):
        return INDEPENDENT
    return None


def check_result(review: Review, result: Result, act: Act) -> Refusal | None:
    """Why a result is not this review's as it stands: another RM's, or reckoned before what it says now."""
    if result.rm != review.rm:
        return Refusal("conflict", "result", "give the result of the RM whose review it is")
    if result.facts_at != review.facts_at or not review.reckoned_at <= result.rated_at <= act.register.position:
        return Refusal("stale", "result", "look at the review again: its result was reckoned before it changed")
    return None


def said_of(result: Result) -> dict[str, Any]:
    """What an event repeats of a result."""
    return {
        "facts_at": result.facts_at, "status": result.status, "score": result.score, "tier": result.tier,
        "coefficient": result.coefficient, "result_digest": result.digest,
    }  # fmt: skip


def scheme_of(review: Review, register: Register) -> Scheme | None:
    """The version of the review's scheme that holds in its quarter now; one may have been published since it began."""
    return scheme_named(review.scheme, review.quarter, register)


def scheme_named(scheme: str | None, quarter: Quarter, register: Register) -> Scheme | None:
    """The version of a scheme that holds in a quarter."""
    begun = [day for name, day in register.schemes if name == scheme and day <= quarter.first_day]
    return register.schemes[str(scheme), max(begun)] if begun else None


def rules_of(review: Review, register: Register) -> ReviewRules:
    """What the review's scheme says of its steps."""
    scheme = scheme_of(review, register)
    return scheme.review if scheme else UNSTATED_REVIEW
