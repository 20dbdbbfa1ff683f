"""The review as a workflow: each step by who may take it, in its turn, once; everything else changes nothing.

Longer than 300 lines because every refusal of the one workflow stands here.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.bank import Outcome
from domain.events import AppealDecided, GradeFinalised, IndicatorRated, ReviewOpened, ReviewReopened, ReviewSubmitted
from domain.refusal import Refused
from domain.review import Actor
from tests.bank import Q1, Q2, TestBank, done, refused
from tests.domain.reviewing import BOSS, CUTOFF, HEAD, HR, LEAD, Reviewing

Step = Callable[[Reviewing], Outcome]
STEPS: dict[str, Step] = {
    "rate": lambda review: review.rate("70"),
    "interview": lambda review: review.interview(),
    "accept": lambda review: review.accept(),
    "submit": lambda review: review.submit(),
    "return": lambda review: review.send_back(),
    "approve": lambda review: review.approve(),
    "acknowledge": lambda review: review.acknowledge(),
    "appeal": lambda review: review.appeal(),
    "decide": lambda review: review.decide(),
    "finalise": lambda review: review.finalise(),
    "propose": lambda review: review.propose(),
    "reopen": lambda review: review.reopen(),
    "refuse": lambda review: review.refuse(),
}
ALLOWED = {
    "open": {"rate", "interview", "accept"},
    "rated": {"rate", "interview", "accept", "submit"},
    "submitted": {"interview", "submit", "return", "approve"},
    "returned": {"rate", "interview", "accept", "submit", "return"},
    "approved": {"interview", "approve", "acknowledge", "appeal"},
    "acknowledged": {"interview", "acknowledge", "finalise"},
    "appealed": {"interview", "appeal", "decide"},
    "decided": {"interview", "return", "finalise"},
    "final": {"finalise", "propose"},
    "reopened": {"rate", "interview", "accept", "submit"},
}
"""What is taken in each state, a repeated step as a duplicate; all else is refused."""


@pytest.fixture
def review(story: TestBank) -> Reviewing:
    return Reviewing(story)


def refuse(review: Reviewing, step: Step, code: str, field: str = "") -> None:
    """A step is refused for one reason, and the log is as it was."""
    before = review.story.last_position
    assert refused(step(review)) == [(code, field)]
    assert review.story.last_position == before


def test_a_review_goes_from_its_opening_to_the_final_grade(review: Reviewing) -> None:
    review.come_to("final")
    assert review.story.types(review.stream) == [
        "ReviewOpened", "IndicatorRated", "ReviewCommented", "ReviewSubmitted", "ReviewApproved",
        "ReviewAcknowledged", "GradeFinalised",
    ]  # fmt: skip
    final = review.story.events(review.stream)[-1]
    assert isinstance(final, GradeFinalised)
    assert (final.rated_by, final.approved_by, final.by, final.answer) == ("lead", "boss", "hr", "acknowledged")
    assert (final.round, final.tier, final.result_digest) == (1, "qualified", review.result().digest)


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_out_of_turn_is_refused_and_changes_nothing(tmp_path: Any, state: str, step: str) -> None:
    review = Reviewing(TestBank(tmp_path).founded()).come_to(state)
    before = review.story.last_position
    outcome = STEPS[step](review)
    if step in ALLOWED[state]:
        done(outcome)
    else:
        assert isinstance(outcome, Refused)
        assert {each.code for each in outcome.refusals} <= {"not-allowed", "out-of-turn"}
        assert all(each.remedy for each in outcome.refusals)
        assert review.story.last_position == before
    review.story.close()


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("submitted", "submit"), ("returned", "return"), ("approved", "approve"), ("acknowledged", "acknowledge"),
        ("appealed", "appeal"), ("final", "finalise"),
    ],
)  # fmt: skip
def test_the_same_step_again_is_a_duplicate(review: Reviewing, state: str, step: str) -> None:
    review.come_to(state)
    before = review.story.last_position
    if step == "approve":
        assert done(review.approve()).outcome == "duplicate"
    else:
        assert done(STEPS[step](review)).outcome == "duplicate"
    assert review.story.last_position == before


@pytest.mark.parametrize("state", ["rated", "submitted", "approved", "acknowledged", "final"])
def test_a_form_that_shows_an_older_version_is_stale(review: Reviewing, state: str) -> None:
    review.come_to(state)
    old = review.review.version - 1
    for step in (review.submit, review.approve, review.send_back, review.acknowledge, review.finalise, review.rate):
        refuse(review, lambda _, step=step: step(version=old), "stale", "version")  # type: ignore[misc]


# Two at once


def test_of_two_who_submit_at_once_one_is_told_that_it_was_there(review: Reviewing) -> None:
    review.come_to("rated")
    other, result, version = review.story.beside(), review.result(), review.review.version
    done(review.bank.submit_review("r1", Q1, result, LEAD, version))
    assert done(other.submit_review("r1", Q1, result, LEAD)).outcome == "duplicate"
    assert refused(other.submit_review("r1", Q1, result, LEAD, version)) == [("stale", "version")]
    other.close()


def test_of_one_who_approves_and_one_who_returns_at_once_the_first_wins(
    review: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    review.come_to("submitted")
    other, result = review.story.beside(), review.result()
    read = other.read_review

    def overtaken(*named: Any) -> Any:
        found = read(*named)
        monkeypatch.setattr(other, "read_review", read)
        done(review.approve())
        return found

    monkeypatch.setattr(other, "read_review", overtaken)
    assert refused(other.return_review("r1", Q1, "more words", HEAD)) == [("out-of-turn", "")]
    assert review.review.step == "approved"
    assert refused(other.approve_review("r1", Q1, result, HEAD)) == [("out-of-turn", "")]
    other.close()


def test_a_relation_declared_while_somebody_approves_comes_first(
    review: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    review.come_to("submitted")
    read, result, other = review.bank.read_review, review.result(), review.story.beside()

    def overtaken(*named: Any) -> Any:
        found = read(*named)
        monkeypatch.setattr(review.bank, "read_review", read)
        done(other.declare_relation("boss", "r1", "hr"))
        return found

    monkeypatch.setattr(review.bank, "read_review", overtaken)
    assert refused(review.bank.approve_review("r1", Q1, result, BOSS)) == [("not-allowed", "")]
    other.close()


# Who may act


def test_nobody_approves_what_they_rated_commented_or_submitted(review: Reviewing) -> None:
    review.come_to("open")
    done(review.rate(by=Actor("aide")))
    done(review.submit())
    for person in ("aide", "lead"):
        refuse(review, lambda each, person=person: each.approve(Actor(person)), "not-allowed")  # type: ignore[misc]


@pytest.mark.parametrize("state", ["open", "submitted", "approved", "final"])
def test_the_rm_takes_no_step_of_others_in_their_own_review(review: Reviewing, state: str) -> None:
    review.come_to(state)
    steps: dict[str, Step] = {
        "open": lambda each: each.rate(by=Actor("r1")), "submitted": lambda each: each.approve(Actor("r1")),
        "approved": lambda each: each.finalise(Actor("r1")), "final": lambda each: each.propose(by=Actor("r1")),
    }  # fmt: skip
    refuse(review, steps[state], "not-allowed")


@pytest.mark.parametrize(("person", "relative"), [("boss", "r1"), ("r1", "boss")])
def test_a_declared_relative_decides_nothing_whoever_declared_it(review: Reviewing, person: str, relative: str) -> None:
    review.come_to("submitted")
    done(review.bank.declare_relation(person, relative, "hr"))
    refuse(review, lambda each: each.approve(), "not-allowed")
    done(review.bank.end_relation(person, relative, "hr"))
    done(review.approve())


def test_a_subordinate_of_the_rm_rates_nothing_at_any_depth(review: Reviewing) -> None:
    done(review.story.register("r4", supervisor="r1"))
    done(review.story.register("r5", supervisor="r4"))
    review.come_to("open")
    for person in ("r4", "r5"):
        refuse(review, lambda each, person=person: each.rate(by=Actor(person)), "not-allowed")  # type: ignore[misc]


def test_a_subordinate_of_who_rated_does_not_approve(review: Reviewing) -> None:
    done(review.story.register("r4", supervisor="lead"))
    review.come_to("submitted")
    refuse(review, lambda each: each.approve(Actor("r4")), "not-allowed")


def test_who_gave_the_other_their_rights_is_no_second_person(review: Reviewing) -> None:
    review.come_to("submitted")
    refuse(review, lambda each: each.approve(Actor("boss", granted_by=frozenset(["lead"]))), "not-allowed")
    done(review.approve(Actor("boss", granted_by=frozenset(["cli"]))))


def test_only_the_rm_answers(review: Reviewing) -> None:
    review.come_to("approved")
    for by in (Actor("r2"), LEAD, Actor("r1", on_behalf_of="r2")):
        refuse(review, lambda each, by=by: each.acknowledge(by), "not-allowed")  # type: ignore[misc]
        refuse(review, lambda each, by=by: each.appeal(by=by), "not-allowed")  # type: ignore[misc]


@pytest.mark.parametrize("person", ["lead", "boss", "branch", "talker", "r1"])
def test_who_took_part_does_not_decide_the_appeal(review: Reviewing, person: str) -> None:
    review.come_to("rated")
    done(review.interview(Actor("talker")))
    done(review.bank.record_inspection("r1", Q1, "branch", date(2026, 3, 3), 0, "nothing found", "hr"))
    for step in (review.submit, review.approve, review.appeal):
        done(step())
    refuse(review, lambda each: each.decide(by=Actor(person)), "not-allowed")
    done(review.decide(by=HEAD))


# Standing in


def test_who_stands_in_acts_for_whom_they_name_and_both_are_looked_at(review: Reviewing) -> None:
    review.come_to("submitted")
    vice = Actor("vice", on_behalf_of="boss")
    refuse(review, lambda each: each.approve(vice), "not-allowed", "on_behalf_of")
    today = review.bank.today
    done(review.bank.delegate_duties("boss", "vice", today, today, "boss"))
    done(review.approve(vice))
    approved = review.story.events(review.stream)[-1].model_dump()
    assert (approved["by"], approved["on_behalf_of"]) == ("vice", "boss")


def test_nobody_approves_through_a_delegate_what_they_rated_nor_for_who_rated(review: Reviewing) -> None:
    review.come_to("submitted")
    today = review.bank.today
    done(review.bank.delegate_duties("lead", "vice", today, today, "lead"))
    done(review.bank.delegate_duties("boss", "lead", today, today, "boss"))
    refuse(review, lambda each: each.approve(Actor("vice", on_behalf_of="lead")), "not-allowed")
    refuse(review, lambda each: each.approve(Actor("lead", on_behalf_of="boss")), "not-allowed")


def test_a_delegation_that_is_over_or_ended_lets_nobody_act(review: Reviewing) -> None:
    review.come_to("submitted")
    today = review.bank.today
    done(review.bank.delegate_duties("boss", "vice", today, date(2026, 4, 9), "boss"))
    done(review.bank.end_delegation("boss", "vice", "boss"))
    refuse(review, lambda each: each.approve(Actor("vice", on_behalf_of="boss")), "not-allowed", "on_behalf_of")


# Rating


def test_only_what_differs_is_written(review: Reviewing) -> None:
    review.come_to("rated")
    assert done(review.rate()).outcome == "duplicate"
    assert done(review.rate("90.00")).outcome == "duplicate"
    done(review.rate("91.5"))
    rated = review.story.events(review.stream)[-1]
    assert isinstance(rated, IndicatorRated)
    assert rated.value == Decimal("91.5")


@pytest.mark.parametrize(
    ("ratings", "comment", "fault"),
    [
        ({"service": "100.001"}, None, ("malformed", "ratings.service")),
        ({"service": "-1"}, None, ("malformed", "ratings.service")),
        ({"service": "1e2"}, None, ("malformed", "ratings.service")),
        ({"service": "1.2345"}, None, ("malformed", "ratings.service")),
        ({"service": Decimal("NaN")}, None, ("malformed", "ratings.service")),
        ({"savings": "90"}, None, ("unknown", "ratings.savings")),
        ({"no such; thing": "90"}, None, ("unknown", "ratings")),
        ({}, "x" * 501, ("malformed", "comment")),
        ({}, "a\x00b", ("malformed", "comment")),
    ],
)
def test_a_rating_that_is_none_is_refused_whole(
    review: Reviewing, ratings: Any, comment: str | None, fault: tuple[str, str]
) -> None:
    review.come_to("open")
    refuse(review, lambda each: each.bank.rate_review("r1", Q1, ratings, comment, LEAD), *fault)


def test_what_is_not_rated_or_commented_is_not_submitted(review: Reviewing) -> None:
    review.come_to("open")
    assert refused(review.submit()) == [("not-allowed", "ratings.service"), ("not-allowed", "comment")]


def test_a_result_of_another_rm_or_of_before_the_last_rating_is_not_submitted(review: Reviewing) -> None:
    review.come_to("rated")
    old = review.result()
    done(review.rate("80"))
    refuse(review, lambda each: each.bank.submit_review("r1", Q1, old, LEAD), "stale", "result")
    refuse(review, lambda each: each.submit(rm="r2"), "conflict", "result")
    refuse(review, lambda each: each.submit(facts_at=1), "stale", "result")
    refuse(review, lambda each: each.submit(rated_at=10**6), "stale", "result")


def test_late_facts_are_taken_in_until_the_cut_off_day_is_over(review: Reviewing) -> None:
    review.come_to("open")
    done(review.story.record("late", occurred_on="2026-03-30"))
    in_time = review.story.last_position
    review.story.clock.set("2026-04-21")
    done(review.story.record("too-late", occurred_on="2026-03-31"))
    too_late = review.story.last_position
    refuse(review, lambda each: each.accept(too_late), "not-allowed", "facts_at")
    refuse(review, lambda each: each.accept(too_late + 1), "not-allowed", "facts_at")
    done(review.accept(in_time))
    assert review.review.facts_at == in_time
    refuse(review, lambda each: each.accept(in_time - 1), "not-allowed", "facts_at")
    assert done(review.accept(in_time)).outcome == "duplicate"


@pytest.mark.parametrize("day", ["2025-12-31", "2026-04-02"])
def test_an_interview_of_a_day_outside_is_refused(review: Reviewing, day: str) -> None:
    review.come_to("open")
    refuse(review, lambda each: each.interview(day=day), "not-allowed", "held_on")


# Approval and the answer


def test_a_result_that_moved_is_approved_again_and_the_rm_answers_anew(review: Reviewing) -> None:
    review.come_to("acknowledged")
    refuse(review, lambda each: each.finalise(score=Decimal(84)), "stale", "result")
    refuse(review, lambda each: each.approve(), "out-of-turn")
    done(review.approve(score=Decimal(84)))
    assert review.review.step == "approved"
    refuse(review, lambda each: each.finalise(score=Decimal(84)), "out-of-turn")
    done(review.acknowledge())
    done(review.finalise(score=Decimal(84)))


def test_an_answer_that_does_not_come_counts_as_seen_after_its_last_day(review: Reviewing) -> None:
    review.come_to("approved")
    refuse(review, lambda each: each.finalise(), "out-of-turn")
    review.story.clock.set(str(review.review.due_on))
    refuse(review, lambda each: each.finalise(), "out-of-turn")
    review.story.clock.set("2026-04-20")
    refuse(review, lambda each: each.acknowledge(), "out-of-turn")
    refuse(review, lambda each: each.appeal(), "out-of-turn")
    done(review.finalise())
    final = review.story.events(review.stream)[-1]
    assert isinstance(final, GradeFinalised)
    assert final.answer == "unanswered"


def test_what_the_scheme_asks_and_lacks_keeps_a_grade_from_being_final(review: Reviewing) -> None:
    review.come_to("acknowledged")
    before = review.story.last_position
    lacking = review.finalise(missing=["quota", "interview"])
    assert refused(lacking) == [("out-of-turn", "interview"), ("out-of-turn", "quota")]
    assert review.story.last_position == before


# Appeal


@pytest.mark.parametrize(
    "worse",
    [
        {"score": Decimal("84.99")}, {"coefficient": Decimal(1)}, {"tier": "basically-qualified"},
        {"status": "held", "score": None, "tier": None, "coefficient": None},
    ],
)  # fmt: skip
def test_an_appeal_never_ends_worse_nor_does_what_follows(review: Reviewing, worse: dict[str, Any]) -> None:
    review.come_to("appealed")
    refuse(review, lambda each: each.decide("granted", **worse), "not-allowed", "result")
    refuse(review, lambda each: each.decide("dismissed", **worse), "stale", "result")
    refuse(review, lambda each: each.decide("granted", ratings={"service": "89"}), "not-allowed", "ratings.service")
    refuse(review, lambda each: each.decide("dismissed", ratings={"service": "95"}), "not-allowed", "ratings")
    done(review.decide("granted", ratings={"service": "95"}, score=Decimal(87)))
    refuse(review, lambda each: each.approve(**worse), "not-allowed", "result")
    refuse(review, lambda each: each.finalise(), "stale", "result")
    done(review.finalise(score=Decimal(87)))
    final = review.story.events(review.stream)[-1]
    assert isinstance(final, GradeFinalised)
    assert (final.decided_by, final.answer, final.score) == ("head", "appealed", Decimal(87))


def test_new_ratings_and_the_decision_stand_in_one_save(review: Reviewing) -> None:
    review.come_to("appealed")
    done(review.decide("granted", ratings={"service": "95"}, score=Decimal(87)))
    assert review.story.types(review.stream)[-2:] == ["IndicatorRated", "AppealDecided"]
    ended = review.story.events(review.stream)[-1]
    assert isinstance(ended, AppealDecided)
    assert (ended.outcome, ended.by, review.review.ratings["service"]) == ("granted", "head", Decimal(95))


# Reopening


def test_a_final_review_is_reopened_by_two_people_and_the_old_grade_stands_beside_the_new(review: Reviewing) -> None:
    review.come_to("final")
    refuse(review, lambda each: each.reopen(), "out-of-turn")
    done(review.propose())
    refuse(review, lambda each: each.reopen(HR), "not-allowed")
    refuse(review, lambda each: each.reopen(Actor("r1")), "not-allowed")
    refuse(review, lambda each: each.propose(by=HEAD), "conflict")
    refuse(review, lambda each: each.reopen(facts_at=10**6), "not-allowed", "facts_at")
    refuse(review, lambda each: each.reopen(cutoff_on=date(2026, 3, 1)), "not-allowed", "cutoff_on")
    done(review.reopen())
    reopened = review.story.events(review.stream)[-1]
    assert isinstance(reopened, ReviewReopened)
    assert (reopened.proposed_by, reopened.by, review.review.round) == ("hr", "head", 2)
    for step in (review.submit, review.approve, review.acknowledge, review.finalise):
        done(step())
    finals = [each for each in review.story.events(review.stream) if isinstance(each, GradeFinalised)]
    assert [each.round for each in finals] == [1, 2]


def test_a_reopening_takes_back_no_rating_that_an_appeal_granted(review: Reviewing) -> None:
    review.come_to("appealed")
    done(review.decide("granted", ratings={"service": "95"}, score=Decimal(87)))
    done(review.finalise(score=Decimal(87)))
    done(review.propose())
    done(review.reopen())
    refuse(review, lambda each: each.rate("94.999"), "not-allowed", "ratings.service")
    for rating in ("96", "95"):
        done(review.rate(rating))
    for step in (review.submit, review.approve):  # on facts that came since, the result may be a lower one
        done(step(score=Decimal(80)))


def test_a_reopening_that_is_refused_or_taken_back_leaves_the_grade_final(review: Reviewing) -> None:
    review.come_to("final")
    for by in (HEAD, HR):
        done(review.propose())
        done(review.refuse(by))
        assert (review.review.step, review.review.proposer) == ("final", None)
        refuse(review, lambda each: each.reopen(), "out-of-turn")


# Opening


def test_the_quarter_is_opened_once_and_again_adds_whom_it_lacks(review: Reviewing) -> None:
    first = review.open(lines=[review.served()])
    again = review.open(lines=[review.served(), review.served(rm="r2", org="south")])
    assert [done(each).outcome for each in (first.quarter, *first.reviews)] == ["accepted", "accepted"]
    assert [done(each).outcome for each in (again.quarter, *again.reviews)] == ["duplicate", "duplicate", "accepted"]
    opened = review.story.events("review:r2:2026Q1")[0]
    assert isinstance(opened, ReviewOpened)
    assert (opened.org, opened.cutoff_on, opened.due_on) == ("south", CUTOFF, date(2026, 4, 16))
    assert review.bank.register.quarters[Q1].cutoff_on == CUTOFF


@pytest.mark.parametrize(
    ("day", "cutoff_on", "fault"),
    [
        ("2026-03-31", date(2026, 4, 20), ("not-allowed", "quarter")),
        ("2026-04-01", date(2026, 3, 31), ("not-allowed", "cutoff_on")),
        ("2026-04-01", date(2026, 7, 30), ("not-allowed", "cutoff_on")),
    ],
)
def test_a_quarter_that_runs_or_a_date_outside_opens_nothing(
    review: Reviewing, day: str, cutoff_on: date, fault: tuple[str, str]
) -> None:
    refuse(review, lambda each: each.open(day, cutoff_on=cutoff_on).quarter, *fault)


def test_another_cut_off_date_conflicts_with_the_one_that_stands(review: Reviewing) -> None:
    review.open()
    refuse(review, lambda each: each.open(cutoff_on=date(2026, 4, 21)).quarter, "conflict", "cutoff_on")


def test_a_review_of_somebody_who_was_never_there_is_refused(review: Reviewing) -> None:
    done(review.story.register("gone", left_on="2026-01-31"))
    review.open(lines=[])
    late = Reviewing(review.story, quarter=Q2)
    refuse(review, lambda each: each.open(lines=[each.served(rm="nobody")]).reviews[0], "unknown", "rm")
    refuse(late, lambda each: each.rate(), "not-found")
    refuse(Reviewing(review.story, "r2"), lambda each: each.rate(), "not-found")
    gone, until = review.served(rm="gone"), date(2026, 7, 20)
    done(late.open("2026-07-01", [], until).quarter)
    refuse(late, lambda each: each.open("2026-07-01", [gone], until).reviews[0], "not-allowed", "rm")


def test_what_was_opened_in_part_goes_on_where_it_stopped(review: Reviewing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.deciding.CHUNK", 1)
    lines = [review.served(rm=rm) for rm in ("r1", "r2", "r3")]
    insert, calls = review.bank.log.insert_new, iter([1, 2])

    def interrupted(*given: Any) -> Any:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return insert(*given)

    monkeypatch.setattr(review.bank.log, "insert_new", interrupted)
    with pytest.raises(KeyboardInterrupt):
        review.open(lines=lines)
    monkeypatch.setattr(review.bank.log, "insert_new", insert)
    assert [done(each).outcome for each in review.open(lines=lines).reviews] == ["duplicate", "duplicate", "accepted"]


# Many at once


def test_many_at_once_get_the_verdicts_of_each_alone(review: Reviewing) -> None:
    others = [Reviewing(review.story, rm) for rm in ("r2", "r3")]
    review.open(lines=[each.served() for each in (review, *others)])
    done(review.rate())
    done(others[0].rate())
    results = [each.result() for each in (review, *others)]
    told = review.bank.submit_reviews(Q1, [*results, results[0]], LEAD, {"r2": 1})
    assert [refused(each) if isinstance(each, Refused) else done(each).outcome for each in told] == [
        "accepted", [("stale", "version")], [("not-allowed", "ratings.service"), ("not-allowed", "comment")],
        "duplicate",
    ]  # fmt: skip
    submitted = review.story.events(review.stream)[-1]
    assert isinstance(submitted, ReviewSubmitted)
    assert submitted.due_on == date(2026, 4, 9)


def test_of_many_that_are_made_final_one_of_which_something_is_missing_stops_no_other(review: Reviewing) -> None:
    others = [Reviewing(review.story, rm) for rm in ("r2", "r3")]
    everyone = [review, *others]
    review.open(lines=[each.served() for each in everyone])
    for each in everyone:
        for step in (each.rate, each.submit, each.approve, each.acknowledge):
            done(step())
    told = review.bank.finalise_reviews(Q1, [each.result() for each in everyone], {"r3": ["quota"]}, HR)
    assert [isinstance(each, Refused) for each in told] == [False, False, True]
    done(others[1].finalise())


def test_no_version_of_a_scheme_is_published_by_which_a_quarter_under_review_would_be_judged(review: Reviewing) -> None:
    review.come_to("open")
    other = review.story.scheme.replace('"tests"', '"others"')
    in_east = other.replace('positions = ["personal"]', 'positions = ["personal"]\nunits = ["east"]')
    assert refused(review.story.publish(in_east)) == [("not-allowed", "effective")]
    done(review.story.publish(other.replace('["personal"]', '["clerk"]')))  # whom nobody under review is
