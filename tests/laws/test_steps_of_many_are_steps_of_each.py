"""The law of bulk steps: many reviews at once get the verdicts and the bytes that each would get alone.

Reviews are brought to any state, some are spoilt, and then one step is taken of all: alone, together by SQL for those
that are plain, and together without it. Only positions differ, since those that are plain come first.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import strategies as st

from domain.bank import Outcome
from domain.bulk import review_steps
from domain.refusal import Refused
from domain.result import Result
from domain.review import Actor
from tests.bank import SCHEME, TestBank, all_done, done
from tests.domain.reviewing import BOSS, LEAD, Reviewing
from tests.laws.often import hold

STATES = (
    "open",
    "rated",
    "submitted",
    "returned",
    "approved",
    "acknowledged",
    "appealed",
    "decided",
    "final",
    "reopened",
)
SPOILT = (
    "late facts", "talked over", "another digest", "too early", "moved on", "looked at", "looked away", "lacks",
    "another comment", "no grade", "lowest tier", "another unit", "quoted",
)  # fmt: skip
PEOPLE = ("lead", "boss", "hr", "m1", "cousin", "aide", "vice")
"""`cousin` is a relative of `m0`, `aide` a registered RM whose superior is `m1`, `vice` does the duties of `boss`."""
STEPS = ("submit", "approve", "finalise")
USUAL = {
    "submit": ("rated", "commented", "rated"), "approve": ("submitted",) * 3,
    "finalise": ("acknowledged", "approved", "approved"),
}  # fmt: skip


class Drawn(NamedTuple):
    """One review: its state (a number is one of those that the step usually meets) and what is unusual about it."""

    state: str | int
    spoilt: frozenset[str]


DRAWN = st.builds(
    Drawn,
    st.one_of(st.integers(0, 2), st.integers(0, 2), st.sampled_from(STATES)),
    st.frozensets(st.sampled_from(SPOILT), max_size=2),
)
REVIEWS = st.lists(DRAWN, min_size=4, max_size=7)
ACTORS = st.builds(
    Actor, st.sampled_from(PEOPLE), st.sampled_from([None, None, None, "boss"]),
    st.sampled_from([frozenset[str](), frozenset[str](), frozenset(["lead"])]),
)  # fmt: skip
ASKING = (
    SCHEME
    + """
[review]
clause = "1"
en = "An interview for the lowest"
zh = "最低等次须面谈"
approve_days = 3
answer_days = 4
interview = ["unqualified"]
"""
)


class Lowest(Reviewing):
    """A review whose result is of the lowest tier all along."""

    def result(self, **more: Any) -> Result:
        return super().result(**{"tier": "unqualified"} | more)


def peopled(folder: Path, step: str, drawn: Sequence[Drawn], waits: bool) -> list[Reviewing]:
    """Reviews in their states, of `m0` and so on."""
    story = TestBank(folder).founded(ASKING)
    story.bank.salts = lambda: "one-salt"
    rms = [f"m{number}" for number in range(len(drawn))]
    all_done(story.bank.register_rms([*map(story.rm_line, rms), story.rm_line("aide", supervisor="m1")], "hr"))
    reviews = [
        (Lowest if "lowest tier" in each.spoilt else Reviewing)(story, rm) for rm, each in zip(rms, drawn, strict=True)
    ]
    for review, (state, spoilt) in zip(reviews, drawn, strict=True):
        review.begin()
        if "late facts" in spoilt:
            story.register(f"new-{review.rm}")
            done(review.accept())
        if "talked over" in spoilt or (state in ("final", "reopened") and "lowest tier" in spoilt):
            done(review.interview())
        if "another comment" in spoilt:
            done(review.rate(comment="once more", by=Actor("second")))
        state = state if isinstance(state, str) else USUAL[step][state]
        if state == "commented":
            done(review.bank.rate_review(review.rm, review.quarter, {}, "a good quarter", LEAD))
        else:
            review.come_to(state)
    done(story.bank.declare_relation("cousin", "m0", "hr"))
    done(story.bank.delegate_duties("boss", "vice", story.bank.today, reviews[0].review.cutoff_on, "boss"))
    if waits:
        story.clock.set("2026-04-19")
    return reviews


def result_of(review: Reviewing, spoilt: frozenset[str]) -> Result:
    """The result that stands, or one that something is wrong with, or unusual."""
    more: dict[str, Any] = {}
    if "another digest" in spoilt:
        more = {"score": Decimal("84.50")}
    if "too early" in spoilt:
        more |= {"rated_at": review.review.reckoned_at - 1}
    if "moved on" in spoilt:
        more |= {"facts_at": review.review.facts_at + 1}
    if "no grade" in spoilt:
        more |= {"status": "no-scheme", "score": None, "tier": None, "coefficient": None}
    if "another unit" in spoilt:
        more |= {"org": "south", "scheme": None, "effective": None}
    if "quoted" in spoilt:
        more |= {"lines": '{"lines":[{"zh":"很好","en":"a \\"b\\" \\\\ /"}]}'}
    return review.result(**more)


def take(
    step: str, together: bool, reviews: Sequence[Reviewing], drawn: Sequence[Drawn], actor: Actor
) -> list[Outcome]:
    """What each review is told of the step."""
    bank, quarter = reviews[0].bank, reviews[0].quarter
    results = [result_of(review, each.spoilt) for review, each in zip(reviews, drawn, strict=True)]
    spoilt = {review.rm: each.spoilt for review, each in zip(reviews, drawn, strict=True)}
    missing = {rm: {"quota"} for rm, why in spoilt.items() if "lacks" in why}
    looked = {review.rm: review.review.version for review in reviews if "looked at" in spoilt[review.rm]}
    away = {review.rm: review.review.version - 1 for review in reviews if "looked away" in spoilt[review.rm]}
    versions = looked | away
    if step == "finalise":
        if together:
            return bank.finalise_reviews(quarter, results, missing, actor, versions)
        return [
            bank.finalise_review(one.rm, quarter, one, missing.get(one.rm, ()), actor, versions.get(one.rm))
            for one in results
        ]
    if together:
        many = bank.submit_reviews if step == "submit" else bank.approve_reviews
        return many(quarter, results, actor, versions)
    alone = bank.submit_review if step == "submit" else bank.approve_review
    return [alone(one.rm, quarter, one, actor, versions.get(one.rm)) for one in results]


def lived(
    folder: Path, step: str, together: bool, drawn: Sequence[Drawn], actor: Actor, waits: bool
) -> tuple[list[str], list[Any]]:
    """What each was told, and the rows of each stream, the quarter's last."""
    reviews = peopled(folder, step, drawn, waits)
    told = take(step, together, reviews, drawn, actor)
    streams = reviews[0].bank.log.select_streams([*(review.stream for review in reviews), "quarter:2026Q1"])
    reviews[0].story.close()
    return [str(each) if isinstance(each, Refused) else each.outcome for each in told], list(streams.items())


@pytest.mark.parametrize("step", STEPS)
def test_many_reviews_take_a_step_as_each_would_alone(step: str) -> None:
    drawn: Counter[Any] = Counter()
    plain = Counter[str]()

    def law(reviews: list[Drawn], actor: Actor, waits: bool) -> None:
        with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
            folder = Path(name)
            one = lived(folder / "one", step, False, reviews, actor, waits)
            assert lived(folder / "together", step, True, reviews, actor, waits) == one
            patch.setattr(review_steps, "MANY", 1)
            patch.setattr(review_steps, "PIECE", 3)
            by_sql = review_steps.taken
            patch.setattr(review_steps, "taken", lambda *given: counted(plain, by_sql(*given)))
            assert lived(folder / "many", step, True, reviews, actor, waits) == one
        drawn.update("accepted" if told == "accepted" else "refused" for told in one[0] if told != "duplicate")
        drawn.update(f"plain {step}" for _ in range(plain.pop(step, 0)))

    def counted(into: Counter[str], events: list[Any]) -> list[Any]:
        into[step] += len(events)
        return events

    wanted = ["accepted", "refused", f"plain {step}"]
    hold(law, REVIEWS, ACTORS, st.booleans(), drawn=drawn, wanted=wanted, examples=12, often=8)


def test_whoever_acts_for_nobody_decides_no_plain_review(tmp_path: Path, store: str | None) -> None:
    review = Reviewing(TestBank(tmp_path, store=store).founded()).come_to("submitted")

    def approved_by(actor: Actor) -> list[str]:
        act = review.bank._act(actor, review.bank.register)
        given = [review.result()]
        events = review_steps.taken(review_steps.APPROVE, review.quarter, given, {}, act, review.bank.log)
        return [event.topic for event in events]

    assert approved_by(Actor("vice", "boss")) == []
    assert approved_by(BOSS) == ["ReviewApproved"]
    review.story.close()
