"""Reviews as they stand: worklist, page, late facts, what is missing, distribution, leniency, progress.

Longer than 300 lines because what is asked of reviews is asked here in turn, of one and the same quarter.
"""

from decimal import Decimal

import pytest

from domain.events import InterviewHeld, LateFactsAccepted, ReopeningProposed
from projections.answers.reviews import Requirement, ReviewRow
from projections.read_model import ReadModel
from tests import reviewed
from tests.bank import COMPARED, Q1, SCHEME, TestBank, done
from tests.domain.reviewing import HEAD, Reviewing

ASKING = SCHEME.replace(
    "[appraisal]",
    '[review]\nclause = "1"\nen = "How it is reviewed"\nzh = "考核程序"\ninterview = ["unqualified"]\n'
    "all_rated = true\nquota_met = true\nleast_votes = 2\n\n[appraisal]",
    1,
)


def begun(story: TestBank, *rms: str) -> int:
    """The quarter is over and reviews are open; the position of the facts."""
    story.counted("a", "visit", quantity="4")
    story.clock.set("2026-04-02")
    story.close_days("2026-03-19", "2026-04-01")
    facts_at = story.last_position
    reviewed.quarter_opened(story, facts_at=facts_at)
    for rm in rms or ("r1", "r2", "r3"):
        reviewed.opened(story, rm, facts_at=facts_at)
    return facts_at


def row(model: ReadModel, rm: str = "r1") -> ReviewRow:
    model.follower.catch_up()
    return next(each for each in model.reviews(Q1).reviews if each.rm == rm)


def lacks(model: ReadModel, rm: str = "r1") -> list[str]:
    model.follower.catch_up()
    return [each.what for each in model.review_missing(Q1, [rm]).missing]


def test_a_review_is_rated_once_every_rating_and_a_comment_are_there(story: TestBank) -> None:
    begun(story)
    with story.following() as model:
        assert (row(model).state, row(model).waits_for, row(model).whose) == ("open", "rate", "supervisor")
        assert lacks(model) == ["unrated", "comment", "approval"]
        reviewed.rated(story, "r1", "service", "80")
        assert (row(model).state, row(model).rated, row(model).to_rate) == ("open", 1, 1)
        reviewed.commented(story, "r1")
        assert (row(model).state, row(model).waits_for, row(model).rated_by) == ("rated", "submit", "lead")
        assert row(model, "r2").state == "open"
        assert lacks(model) == ["approval"]


@pytest.mark.parametrize(
    ("steps", "state", "waits_for", "whose"),
    [
        (["submitted"], "submitted", "approve", "approver"),
        (["submitted", "returned"], "returned", "rate", "supervisor"),
        (["submitted", "approved"], "approved", "answer", "rm"),
        (["submitted", "approved", "acknowledged"], "acknowledged", "finalise", "hr"),
        (["submitted", "approved", "appealed"], "appealed", "decide", "approver"),
        (["submitted", "approved", "appealed", "decided"], "decided", "finalise", "hr"),
    ],
)
def test_a_review_waits_for_the_next_step_of_whoever_has_to_take_it(
    story: TestBank, steps: list[str], state: str, waits_for: str, whose: str
) -> None:
    begun(story)
    for step in steps:
        reviewed.stepped(story, "r1", step)
    with story.following() as model:
        found = row(model)
        assert (found.state, found.waits_for, found.whose) == (state, waits_for, whose)
        assert found.version == len(story.events("review:r1:2026Q1"))
        assert found.result
        assert (found.result.tier, found.result.score) == ("qualified", Decimal("81.5"))
        assert [item.row.rm for item in model.waiting_reviews([waits_for], rms=["r1"]).items] == ["r1"]  # type: ignore[list-item]


def test_an_unanswered_approval_can_be_made_final_once_the_days_are_over(story: TestBank) -> None:
    begun(story)
    reviewed.stepped(story, "r1", "approved")
    with story.following() as model:
        assert (row(model).waits_for, lacks(model)) == ("answer", ["answer", "result-moved"])
        story.clock.set("2026-05-07")
        story.close_days("2026-04-02", "2026-04-30")
        assert (row(model).waits_for, row(model).due_on, lacks(model)) == ("finalise", None, ["result-moved"])


def test_days_left_are_working_days_and_turn_negative(story: TestBank) -> None:
    begun(story)
    with story.following() as model:
        assert row(model).days_left == 20 - 1  # 3 to 30 April, less Tomb-Sweeping Day's Monday
        story.clock.set("2026-05-08")
        story.close_days("2026-04-02", "2026-05-06")
        assert row(model).days_left == -2  # 6 and 7 May, after Labour Day's holidays
        (open_,) = model.reviews(Q1).states
        assert (open_.state, open_.reviews, open_.overdue) == ("open", 3, 3)


def test_a_final_review_lacks_nothing_and_waits_for_nobody_until_a_reopening_is_proposed(story: TestBank) -> None:
    begun(story)
    reviewed.finalised(story)
    with story.following() as model:
        assert (row(model).state, row(model).waits_for, lacks(model)) == ("final", None, [])
        reviewed.saved(story, "r1", ReopeningProposed, "lead", reason_digest="0" * 64)
        assert (row(model).waits_for, row(model).reopening_proposed_by) == ("agree-reopening", "lead")
        reviewed.reopened(story)
        found = row(model)
        assert (found.state, found.round, found.result, found.reopening_proposed_by) == ("reopened", 2, None, None)
        review = model.review("r1", Q1)
        assert review
        assert [(each.round, each.result.card.tier) for each in review.finals] == [(1, "qualified")]
        assert review.finals[0].result.card.digest == reviewed.result_of().digest


def test_the_worklist_comes_in_pages_and_by_state_and_unit(story: TestBank) -> None:
    begun(story)
    reviewed.stepped(story, "r2", "submitted")
    with story.following() as model:
        first = model.reviews(Q1, limit=2)
        assert [each.rm for each in first.reviews] == ["r1", "r2"]
        assert [each.rm for each in model.reviews(Q1, after=first.after, limit=2).reviews] == ["r3"]
        assert [each.rm for each in model.reviews(Q1, state="submitted").reviews] == ["r2"]
        assert [each.rm for each in model.reviews(Q1, scope="east").reviews] == ["r1", "r3"]
        assert [(each.state, each.reviews) for each in first.states] == [("open", 2), ("submitted", 1)]
        inbox = model.waiting_reviews(["rate", "approve"], limit=2)
        assert (inbox.total, [each.row.rm for each in inbox.items]) == (3, ["r1", "r2"])


def test_late_facts_show_the_difference_until_they_are_taken_in(story: TestBank) -> None:
    facts_at = begun(story)
    story.counted("b", "visit", quantity="2", occurred_on="2026-03-30")
    story.deliver("profit", "850", as_of="2026-03-31")
    story.record("next", "call", occurred_on="2026-04-01")
    with story.following() as model:
        found = model.late_facts("r1", Q1)
        assert found
        assert [(each.topic, each.kind, each.by) for each in found.facts] == [
            ("ActionVerified", "visit", "boss"),
            ("MeasureDelivered", None, "dw"),
        ]
        assert (found.total, found.total_too_late, found.moves, found.facts_at) == (2, 0, True, facts_at)
        assert found.now
        assert found.at_facts
        assert found.now.score != found.at_facts.score
        assert row(model).late == 2
        reviewed.saved(story, "r1", LateFactsAccepted, "lead", facts_at=found.until, previous_facts_at=facts_at)
        assert (row(model).late, row(model).facts_at) == (0, found.until)
        (result,) = model.review_results(Q1, ["r1"])
        assert result.digest == found.now.digest


def test_what_comes_after_the_cut_off_is_too_late(story: TestBank) -> None:
    begun(story)
    story.counted("b", "visit", quantity="2", occurred_on="2026-03-30")
    story.clock.set("2026-04-21")
    story.counted("c", "visit", quantity="2", occurred_on="2026-03-30")
    with story.following() as model:
        found = model.late_facts("r1", Q1)
        assert found
        assert ([each.occurred_on for each in found.facts], found.total_too_late) == ([found.facts[0].occurred_on], 1)
        assert row(model).late == 1


def test_one_page_holds_ratings_evidence_texts_and_who_stood_for_what(story: TestBank) -> None:
    begun(story)
    reviewed.rated(story, "r1", "service", "80")
    reviewed.rated(story, "r1", "service", "85.5", by="deputy")
    reviewed.commented(story, "r1")
    reviewed.inspected(story)
    reviewed.saved(story, "r1", InterviewHeld, "lead", held_on=reviewed.CUTOFF, note_digest="1" * 64)
    reviewed.stepped(story, "r1", "submitted")
    with story.following() as model:
        page = model.review("r1", Q1)
        assert page
        (rating,) = page.ratings
        assert (rating.indicator, rating.value, rating.by, rating.best) == (
            "service", Decimal("85.5"), "deputy", Decimal(100),
        )  # fmt: skip
        assert page.comment
        assert (page.comment.digest, page.comment.by, page.comment.text) == ("0" * 64, "lead", None)
        (inspection,) = page.evidence.inspections
        assert (inspection.findings, inspection.inspector) == (2, "branch")
        assert [(each.kind, each.entries, each.quantity) for each in page.evidence.kinds] == [("visit", 1, Decimal(4))]
        assert [each.held_on for each in page.evidence.interviews] == [reviewed.CUTOFF]
        assert [(each.what, each.by) for each in page.stated] == [("submitted", "boss")]
        assert page.missing == [each for each in model.review_missing(Q1).missing if each.rm == "r1"]
        assert page.result.card.digest == model.review_results(Q1, ["r1"])[0].digest
        assert model.review("r9", Q1) is None
        assert model.review_version("r1", Q1) == page.row.version


def missing(model: ReadModel, what: str) -> list[Requirement]:
    return [each for each in model.review_missing(Q1).missing if each.what == what]


def test_what_the_scheme_asks_is_missing_until_it_is_there(story: TestBank) -> None:
    bank = TestBank(story.folder / "asking").founded(ASKING)
    try:
        begun(bank)
        for rm in ("r1", "r2"):
            reviewed.rated(bank, rm, "service", "80")
            reviewed.commented(bank, rm)
        with bank.following() as model:
            assert {each.rm for each in missing(model, "interview")} == {
                each.rm for each in model.grades(Q1).grades if each.tier == "unqualified"
            }
            own, others = [each for each in missing(model, "unrated") if each.peers is None], missing(model, "unrated")
            assert [(each.rm, each.indicators) for each in own] == [("r3", ["service"])]
            assert [(each.rm, each.peers) for each in others if each.peers] == [("r1", 1)]
            asked = missing(model, "interview")[0].rm
            reviewed.saved(bank, asked, InterviewHeld, "lead", held_on=reviewed.CUTOFF, note_digest="1" * 64)
            model.follower.catch_up()
            assert asked not in {each.rm for each in missing(model, "interview")}
    finally:
        bank.close()


def test_a_department_sees_its_results_against_the_quota(story: TestBank) -> None:
    bank = TestBank(story.folder / "quota").founded(
        COMPARED.replace(
            "[appraisal]", ASKING[ASKING.index("[review]") : ASKING.index("[appraisal]")] + "[appraisal]", 1
        )
    )
    try:
        begun(bank)
        for rm in ("r1", "r2"):
            reviewed.stepped(bank, rm, "submitted")
        with bank.following() as model:
            found = model.distribution(Q1, "branch")
            (quota,) = found.quotas
            assert (quota.side, quota.people, quota.have, quota.bound) == ("at-most", 3, 2, 1)
            assert (quota.met, quota.group, quota.asks) == (False, "branch", True)
            assert (found.people, found.provisional) == (3, 1)
            assert sum(each.people for each in found.tiers) == 3
            assert [(each.rm, each.have, each.wanted) for each in missing(model, "quota")] == [
                ("r1", 2, 1), ("r2", 2, 1), ("r3", 2, 1),
            ]  # fmt: skip
    finally:
        bank.close()


def test_leniency_is_a_supervisors_mean_beside_that_of_all(story: TestBank) -> None:
    begun(story)
    for rm, value, by in (("r1", "90", "kind"), ("r3", "80", "kind"), ("r2", "50", "strict")):
        reviewed.rated(story, rm, "service", value, by=by)
    with story.following() as model:
        found = model.distribution(Q1)
        assert [(each.rated_by, each.ratings, each.mean, each.difference) for each in found.leniency] == [
            ("kind", 2, Decimal("0.8500"), Decimal("0.1167")),
            ("strict", 1, Decimal("0.5000"), Decimal("-0.2333")),
        ]
        assert {each.mean_of_all for each in found.leniency} == {Decimal("0.7333")}
        assert [each.rated_by for each in model.distribution(Q1, "south").leniency] == ["strict"]


def test_how_far_a_quarter_is_counts_those_without_a_review_too(story: TestBank) -> None:
    facts_at = begun(story, "r1", "r2")
    with story.following() as model:
        found = model.quarter_progress(Q1)
        assert (found.served, found.reviews, found.unopened, found.facts_at) == (3, 2, 1, facts_at)
        assert (found.cutoff_on, found.opened_by) == (reviewed.CUTOFF, "hr")
        assert model.quarter_progress(Q1, "south").served == 1
        assert model.review_quarters() == ["2026Q1"]


def test_reviews_are_opened_for_whoever_served_as_it_was_known_then(story: TestBank) -> None:
    facts_at = begun(story, "r1")
    story.register("r4", "south")
    with story.following() as model:
        (first, *_) = served = model.review_served(Q1, facts_at)
        assert [each.rm for each in served] == ["r1", "r2", "r3"]
        assert (first.org, first.post, first.scheme, first.effective) == (
            "east",
            "personal",
            "tests",
            reviewed.EFFECTIVE,
        )
        assert [each.rm for each in model.review_served(Q1, story.last_position, "south")] == ["r2", "r4"]


def test_a_timeline_tells_every_event_and_the_voters_where_it_may(story: TestBank) -> None:
    begun(story, "r1")
    reviewed.rated(story, "r1", "service", "80")
    reviewed.voted(story, "votes_good")
    reviewed.inspected(story)
    reviewed.finalised(story)
    with story.following() as model:
        found, told = model.review_timeline("r1", Q1), model.review_timeline("r1", Q1, with_votes=False)
        assert found
        assert told
        assert [each.topic for each in found.entries] == [
            "ReviewOpened", "IndicatorRated", "VoteCast", "InspectionRecorded", "GradeFinalised",
        ]  # fmt: skip
        assert [each.topic for each in told.entries] == [
            "ReviewOpened", "IndicatorRated", "InspectionRecorded", "GradeFinalised",
        ]  # fmt: skip
        assert {(fact.name, fact.value) for fact in found.entries[1].facts} == {
            ("indicator", "service"),
            ("value", "80"),
        }
        assert (found.entries[1].by, found.entries[1].at) == ("lead", story.clock())
        assert model.review_timeline("r9", Q1) is None


def test_who_decides_on_an_appeal_has_not_rated_whatever_they_raise(story: TestBank) -> None:
    review = Reviewing(story).come_to("appealed")
    done(review.decide("granted", HEAD, {"service": "95"}, score=Decimal(95), tier="excellent"))
    with story.following() as model:
        assert (row(model).rated_by, row(model).decided_by, row(model).state) == ("lead", "head", "decided")
        assert [(one.rated_by, one.mean) for one in model.distribution(Q1).leniency] == [("lead", Decimal("0.9"))]
        (line,) = model.review("r1", Q1).ratings  # type: ignore[union-attr]
        assert (line.value, line.by) == (Decimal(95), "head")


def test_behind_a_rated_line_stand_the_ratings_that_a_second_person_stood_for(story: TestBank) -> None:
    review = Reviewing(story).come_to("submitted")
    with story.following() as model:
        assert model.line_events("r1", Q1, "service").measures == []
        done(review.send_back())
        done(review.rate("70"))
        done(review.submit())
        done(review.approve())
        model.follower.catch_up()
        behind = model.line_events("r1", Q1, "service")
        assert [(one.value, one.by, one.source, one.stands) for one in behind.measures] == [
            (Decimal(70), "lead", "review", True), (Decimal(90), "lead", "review", False),
        ]  # fmt: skip
        card = model.scorecard("r1", Q1)
        assert card
        (line,) = (one for one in card.lines if one.indicator == "service")
        assert (line.measured, line.events, behind.total) == (Decimal(70), 2, 2)


def test_of_many_reviews_at_once_each_counts_the_ratings_that_nobody_else_stands_for_yet(story: TestBank) -> None:
    begun(story)
    reviewed.rated(story, "r1", "service", "80")
    with story.following() as model:
        for each in model.reviews(Q1).reviews:
            (result,) = model.review_results(Q1, [each.rm], story.last_position)
            assert each.provisional
            assert (each.provisional.score, each.provisional.tier) == (result.score, result.tier)
        (own,) = model.reviews(Q1, rms=["r1"], reader="r1").reviews
        (before,) = model.grades(Q1, rm="r1").grades
        assert own.provisional
        assert own.provisional.score == before.score != row(model).provisional.score  # type: ignore[union-attr]
