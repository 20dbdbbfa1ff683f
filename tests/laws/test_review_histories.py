"""The law of reviews: whatever people try, no grade becomes final without two of them, and no step is skipped.

Histories are drawn of acts by people, half of them the next step by somebody who may take it. After each act: a refusal
left the log as it was, the state is what the stored rows add up to, and an appeal never ended worse.
"""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import strategies as st

from domain.bank import Outcome
from domain.events import (
    AppealDecided,
    GradeFinalised,
    IndicatorRated,
    InterviewHeld,
    LateFactsAccepted,
    ReviewAppealed,
    ReviewApproved,
    ReviewCommented,
    ReviewReturned,
    ReviewSubmitted,
)
from domain.refusal import Taken
from domain.review import Actor, Review, fold
from tests.bank import TestBank, done
from tests.domain.reviewing import Reviewing
from tests.laws.often import hold

PEOPLE = ("lead", "aide", "boss", "head", "hr", "chief", "r1", "r2", "cousin", "vice")
"""`cousin` is a relative of the RM `r1`, `r2` a subordinate; `vice` does the duties of `boss`."""
NEXT = {
    "open": ["rate", "submit"], "reopened": ["rate", "submit"], "returned": ["rate", "submit"],
    "submitted": ["approve", "approve", "send_back"], "approved": ["acknowledge", "appeal", "wait"],
    "acknowledged": ["finalise"], "appealed": ["dismiss", "grant"], "decided": ["finalise"],
    "final": ["propose", "reopen"],
}  # fmt: skip
ACTS = (
    "rate", "submit", "send_back", "approve", "acknowledge", "appeal", "dismiss", "grant", "finalise", "propose",
    "reopen", "refuse", "interview", "accept", "wait",
)  # fmt: skip
SCORES = {60: ("basically-qualified", "0.8"), 75: ("qualified", "1"), 92: ("excellent", "1.2")}
ORDER = ("excellent", "qualified", "basically-qualified", "unqualified")
FROM = {
    "open": {"submitted"}, "reopened": {"submitted"}, "returned": {"submitted"}, "submitted": {"approved", "returned"},
    "approved": {"acknowledged", "appealed", "final"}, "acknowledged": {"approved", "final"}, "appealed": {"decided"},
    "decided": {"approved", "returned", "final"}, "final": {"reopened"},
}  # fmt: skip
"""Where a state may lead: whatever else would skip a step."""


class Tried(NamedTuple):
    """One act: the next step there is or a certain one, by whom, with which score."""

    act: str | None
    nth: int
    by: str
    stands_in: bool
    score: int


TRIED = st.builds(
    Tried, st.one_of(st.none(), st.sampled_from(ACTS)), st.integers(0, 2), st.sampled_from(PEOPLE),
    st.sampled_from([False, False, False, True]), st.sampled_from([75, 75, 75, 75, 60, 92]),
)  # fmt: skip
HISTORIES = st.lists(TRIED, min_size=15, max_size=40)
SEEN = ("submitted", "returned", "approved", "acknowledged", "appealed", "decided", "final", "reopened", "refused")


def happen(review: Reviewing, tried: Tried) -> Outcome | None:
    """What becomes of an act; None for days that pass."""
    act = tried.act or NEXT[review.review.step][tried.nth % len(NEXT[review.review.step])]
    tier, coefficient = SCORES[tried.score]
    as_reckoned: dict[str, Any] = {"score": Decimal(tried.score), "tier": tier, "coefficient": Decimal(coefficient)}
    is_answer = tried.act is None and act in ("acknowledge", "appeal")
    by = Actor("r1") if is_answer else Actor(tried.by, "boss" if tried.stands_in else None)
    acts: dict[str, Callable[[], Outcome]] = {
        "rate": lambda: review.rate(str(tried.score), by=by), "interview": lambda: review.interview(by, note=tried.by),
        "submit": lambda: review.submit(by, **as_reckoned), "approve": lambda: review.approve(by, **as_reckoned),
        "dismiss": lambda: review.decide("dismissed", by, **as_reckoned),
        "grant": lambda: review.decide("granted", by, {"service": str(tried.score)}, **as_reckoned),
        "finalise": lambda: review.finalise(by, **as_reckoned), "send_back": lambda: review.send_back(by=by),
        "acknowledge": lambda: review.acknowledge(by), "appeal": lambda: review.appeal(by=by),
        "propose": lambda: review.propose(by=by), "reopen": lambda: review.reopen(by),
        "refuse": lambda: review.refuse(by), "accept": review.accept,
    }  # fmt: skip
    if act == "wait":
        review.story.clock.set(f"2026-04-{min(review.bank.today.day + 4, 28):02}")
        return None
    return acts[act]()


def peopled(folder: str) -> Reviewing:
    """A quarter that was opened, with a relative, a subordinate and a delegate."""
    story = TestBank(Path(folder)).founded()
    done(story.register("r2", "south", supervisor="r1", **{"from": "2026-02-01"}))
    review = Reviewing(story).come_to("open")
    done(story.bank.declare_relation("cousin", "r1", "hr"))
    done(story.bank.delegate_duties("boss", "vice", story.bank.today, review.review.cutoff_on, "boss"))
    return review


def told(event: Any) -> set[str]:
    """Who acted, and for whom."""
    return {event.by, event.on_behalf_of or event.by}


def two_people_stood_for_it(events: list[Any]) -> bool:
    """Whether who approved had not rated, commented or submitted, who decided on an appeal had taken no part, and
    none of them is the RM, a relative or below."""
    rated, took_part, contested = set[str](), set[str](), False
    for event in events:
        people = told(event) if hasattr(event, "on_behalf_of") else set[str]()
        match event:
            case IndicatorRated() | ReviewCommented() | ReviewSubmitted() | LateFactsAccepted():
                rated |= people
                took_part |= set() if contested else people  # whoever decides on an appeal rates in the same save
            case ReviewApproved() | ReviewReturned() | InterviewHeld():
                if people & rated and not isinstance(event, InterviewHeld):
                    return False
                took_part |= people
            case ReviewAppealed():
                contested = True
            case AppealDecided():
                if people & took_part:
                    return False
                took_part, contested = took_part | people, False
            case GradeFinalised():
                if event.rated_by == event.approved_by or not {event.rated_by, event.approved_by} <= took_part:
                    return False
    return not (rated | took_part) & {"r1", "r2", "cousin"}


def no_worse(new: Any, old: Any) -> bool:
    return bool(
        new.score >= old.score and new.coefficient >= old.coefficient and ORDER.index(new.tier) <= ORDER.index(old.tier)
    )


def check(before: Review, after: Review, events: list[Any]) -> None:
    """What holds from one state to the next."""
    assert after.step == before.step or after.step in FROM[before.step], (before.step, after.step)
    assert two_people_stood_for_it(events)
    if before.step == "appealed" and after.step == "decided":
        assert before.approved is not None
        assert after.decided is not None
        assert no_worse(after.decided, before.approved)
    if after.step == "final" and after.decided:
        assert after.final is not None
        assert no_worse(after.final, after.decided)
    if after.step in ("approved", "acknowledged") and after.decided:
        assert after.approved is not None
        assert no_worse(after.approved, after.decided)


def test_no_grade_is_final_without_two_people_no_step_is_skipped_and_replay_gives_the_same() -> None:
    drawn: Counter[str] = Counter()

    def law(history: list[Tried]) -> None:
        with TemporaryDirectory() as folder:
            review = peopled(folder)
            log = review.bank.log
            for tried in history:
                before, at = review.review, review.story.last_position
                outcome = happen(review, tried)
                after = review.review
                if not isinstance(outcome, Taken) or outcome.outcome == "duplicate":
                    assert (after, review.story.last_position) == (before, at)
                    drawn["refused"] += outcome is not None
                    continue
                rows = log.select_placed([review.stream])[review.stream]
                assert fold(before, rows[before.version :]) == fold(None, rows) == after
                check(before, after, review.story.events(review.stream))
                drawn[after.step] += after.step != before.step
            review.story.close()

    hold(law, HISTORIES, drawn=drawn, wanted=SEEN, examples=40, often=10)
