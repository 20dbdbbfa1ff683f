"""The verbs of the tests about reviews: a quarter that is over, who acts in it, and the results that they stand for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.bank import Outcome
from domain.calendar import Quarter
from domain.rating import Served
from domain.result import Result
from domain.review import Actor, Review
from domain.review_commands import Opening
from tests.bank import Q1, TestBank, done

LEAD, BOSS, HEAD, HR = Actor("lead"), Actor("boss"), Actor("head"), Actor("hr")
"""Who rates, who approves, who decides on appeals, who makes final."""
R1 = Actor("r1")
CUTOFF = date(2026, 4, 20)


class Reviewing:
    """One RM's review of the first quarter (of `r1`, unless another is named), seen by who acts in it."""

    def __init__(self, story: TestBank, rm: str = "r1", quarter: Quarter = Q1) -> None:
        self.story, self.rm, self.quarter = story, rm, quarter
        self.bank = story.bank

    @property
    def stream(self) -> str:
        return f"review:{self.rm}:{self.quarter}"

    @property
    def review(self) -> Review:
        review = self.bank.read_review(self.rm, self.quarter)
        assert review is not None
        return review

    def result(self, **more: Any) -> Result:
        """The result as it stands now: qualified, with 85 points, unless told otherwise."""
        reckoned = Result(
            rm=self.rm, org="east", post="personal", scheme=self.served().scheme, effective=self.served().effective,
            status="graded", score=Decimal(85), tier="qualified", coefficient=Decimal("1.1"), lines='{"lines":[]}',
            facts_at=self.review.facts_at, rated_at=self.story.last_position,
        )  # fmt: skip
        return replace(reckoned, **more)

    def served(self, **more: Any) -> Served:
        scheme = next(iter(self.bank.register.schemes))
        return replace(Served(self.rm, "east", "personal", *scheme), **more)

    def open(self, day: str = "2026-04-01", lines: Sequence[Served] | None = None, cutoff_on: date = CUTOFF) -> Opening:
        """Open the quarter on a day after its end."""
        self.story.clock.set(day)
        served = [self.served()] if lines is None else lines
        opened = self.bank.register.quarters.get(self.quarter)
        facts_at = opened.facts_at if opened else self.story.last_position
        return self.bank.open_quarter(self.quarter, cutoff_on, facts_at, served, "hr")

    def rate(self, value: str = "90", comment: str | None = "a good quarter", by: Actor = LEAD, **more: Any) -> Outcome:
        return self.bank.rate_review(self.rm, self.quarter, {"service": value}, comment, by, **more)

    def submit(self, by: Actor = LEAD, version: int | None = None, **more: Any) -> Outcome:
        return self.bank.submit_review(self.rm, self.quarter, self.result(**more), by, version)

    def approve(self, by: Actor = BOSS, version: int | None = None, **more: Any) -> Outcome:
        return self.bank.approve_review(self.rm, self.quarter, self.result(**more), by, version)

    def send_back(self, reason: str = "more words", by: Actor = BOSS, version: int | None = None) -> Outcome:
        return self.bank.return_review(self.rm, self.quarter, reason, by, version)

    def acknowledge(self, by: Actor | None = None, version: int | None = None) -> Outcome:
        return self.bank.acknowledge_review(self.rm, self.quarter, by or Actor(self.rm), version)

    def appeal(self, reason: str = "two visits are missing", by: Actor | None = None) -> Outcome:
        return self.bank.appeal_review(self.rm, self.quarter, reason, by or Actor(self.rm))

    def decide(
        self,
        outcome: Any = "dismissed",
        by: Actor = HEAD,
        ratings: Any = None,
        reason: str = "all were counted",
        **more: Any,
    ) -> Outcome:
        result = self.result(**more)
        return self.bank.decide_appeal(self.rm, self.quarter, outcome, ratings or {}, reason, result, by)

    def finalise(
        self,
        by: Actor = HR,
        missing: Sequence[str] = (),
        version: int | None = None,
        told_at: int | None = None,
        **more: Any,
    ) -> Outcome:
        return self.bank.finalise_review(self.rm, self.quarter, self.result(**more), missing, by, version, told_at)

    def propose(self, reason: str = "a sale was another's", by: Actor = HR) -> Outcome:
        return self.bank.propose_reopening(self.rm, self.quarter, reason, by)

    def reopen(self, by: Actor = HEAD, facts_at: int | None = None, cutoff_on: date = date(2026, 5, 20)) -> Outcome:
        facts = self.story.last_position if facts_at is None else facts_at
        return self.bank.reopen_review(self.rm, self.quarter, facts, cutoff_on, by)

    def refuse(self, by: Actor = HEAD) -> Outcome:
        return self.bank.refuse_reopening(self.rm, self.quarter, by)

    def accept(self, facts_at: int | None = None) -> Outcome:
        """Take in late facts, all that there are unless told up to where."""
        facts = self.story.last_position if facts_at is None else facts_at
        return self.bank.accept_late_facts(self.rm, self.quarter, facts, LEAD)

    def interview(self, by: Actor = LEAD, day: str = "2026-04-01", note: str = "we talked") -> Outcome:
        return self.bank.record_interview(self.rm, self.quarter, date.fromisoformat(day), note, by)

    def come_to(self, step: str) -> "Reviewing":
        """Take the steps that lead to a state, each by who takes it."""
        way = {
            "open": ["begin"], "rated": ["begin", "rate"], "submitted": ["begin", "rate", "submit"],
            "returned": ["begin", "rate", "submit", "send_back"],
            "approved": ["begin", "rate", "submit", "approve"],
            "acknowledged": ["begin", "rate", "submit", "approve", "acknowledge"],
            "appealed": ["begin", "rate", "submit", "approve", "appeal"],
            "decided": ["begin", "rate", "submit", "approve", "appeal", "decide"],
            "final": ["begin", "rate", "submit", "approve", "acknowledge", "finalise"],
            "reopened": ["begin", "rate", "submit", "approve", "acknowledge", "finalise", "propose", "reopen"],
        }  # fmt: skip
        for verb in way[step]:
            done(getattr(self, verb)())
        return self

    def begin(self) -> Outcome:
        opening = self.open()
        done(opening.quarter)
        return opening.reviews[0]
