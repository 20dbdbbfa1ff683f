"""The stories of the demo, as the read model tells them: whoever looks at the pages finds each of these people."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from api.demo.habits import read_habits
from api.demo.stories import read_stories
from api.identity import Identity
from domain.calendar import Quarter
from projections import answers
from projections.history import Sought
from tests.api.demo.conftest import NOW, Demo

QUARTER = Quarter(2026, 4)
STATES = ("recorded", "counted", "rejected")
PEOPLE = {story.story: story for story in read_stories().people}


def scorecard(demo: Demo, story: str) -> answers.Scorecard:
    card = demo.read_model.scorecard(PEOPLE[story].rm, QUARTER)
    assert card is not None
    return card


def actions(demo: Demo, story: str) -> list[answers.Action]:
    return demo.read_model.actions(rm=PEOPLE[story].rm, limit=1000).actions


def ranks(demo: Demo, days_ago: int) -> dict[str, int]:
    """The board of all, as it was known at noon so many days before."""
    moment = NOW.replace(hour=9) - timedelta(days=days_ago)
    position = demo.read_model.position_at(moment.isoformat())
    board = demo.read_model.leaderboard(QUARTER, limit=200, as_of=position)
    return {each.rm or "": each.rank for each in board.standings}


def test_everybody_is_called_what_the_stories_call_them(large: Demo) -> None:
    names = large.bank.names([story.rm for story in PEOPLE.values()])
    assert names == {story.rm: story.name for story in PEOPLE.values()}


def test_two_rivals_lead_the_board_and_have_changed_places_within_a_week(large: Demo) -> None:
    leader, passed = PEOPLE["leader"].rm, PEOPLE["passed"].rm
    now, before = ranks(large, 0), ranks(large, 7)
    assert (now[leader], now[passed]) == (1, 2)
    assert before[passed] < before[leader] <= 15


def test_somebody_climbs_many_places_within_a_week(large: Demo) -> None:
    climber = PEOPLE["climber"].rm
    assert ranks(large, 7)[climber] - ranks(large, 0)[climber] >= 20


def test_somebody_lacks_one_visit_for_the_next_tier(large: Demo) -> None:
    card = scorecard(large, "one short")
    visits = next(line for line in card.lines if line.indicator == "visits")
    floor = next(tier.floor or Decimal(0) for tier in card.tiers if tier.tier == "excellent")
    assert card.grade.tier == "good"
    assert card.grade.score is not None
    assert card.grade.score < floor <= card.grade.score + Decimal("0.05")
    assert visits.measured is not None
    assert visits.measured < 80  # from 80 on no more visit counts


def test_a_breach_holds_somebody_back_whose_score_is_better(large: Demo) -> None:
    card = scorecard(large, "held back")
    assert (card.grade.tier, [gate.gate for gate in card.gates if gate.fired]) == ("qualified", ["breach"])
    assert card.grade.score is not None
    assert card.grade.score >= 80


def test_somebody_has_not_written_for_seven_working_days(large: Demo) -> None:
    written = [action.occurred_on for action in actions(large, "silent") if action.self_reported]
    assert max(written) < date(2026, 11, 13)


def test_some_sell_without_a_certificate(large: Demo) -> None:
    without = {rm.rm for rm in large.bank.register.rms.values() if not rm.certificates}
    assert PEOPLE["without certificate"].rm in without
    assert 3 <= len(without) <= 15


def test_a_target_was_amended_for_a_reason(large: Demo) -> None:
    lines = scorecard(large, "target amended").lines
    amended = next(line for line in lines if line.previous_target is not None)
    assert amended.indicator == PEOPLE["target amended"].amended
    assert amended.target is not None
    assert amended.previous_target is not None
    assert amended.target < amended.previous_target
    assert amended.amendment_reason


def test_some_were_transferred_and_some_on_leave_within_the_quarter(large: Demo) -> None:
    moved = large.bank.register.rms[PEOPLE["transferred"].rm]
    assert len({posting.org for posting in moved.postings}) == 2
    assert QUARTER.first_day < moved.postings[-1].from_day < NOW.date()
    card, away = scorecard(large, "on leave"), large.bank.register.rms[PEOPLE["on leave"].rm]
    assert len(away.absences) == 1
    assert card.working_days == card.working_days_in_quarter - 5


def test_complaints_count_where_responsibility_was_established_and_not_where_it_was_not(large: Demo) -> None:
    own = [action for action in actions(large, "complained of") if action.kind == "complaint"]
    assert len([action for action in own if action.state == "counted"]) == 2
    refused = [action.reason for action in own if action.state == "rejected"]
    assert len(refused) == 1
    assert refused[0] in read_habits()[0].kinds["complaint"].reasons


def test_somebody_writes_days_after(large: Demo) -> None:
    late = [each for each in actions(large, "writes late") if each.recorded_at.date() > each.occurred_on]
    assert len(late) > len(actions(large, "writes late")) / 4


def test_the_three_without_a_grade_have_none_for_reasons_of_their_own(large: Demo) -> None:
    statuses = {grade.rm: grade.status for grade in large.read_model.grades(QUARTER).grades}
    told = [PEOPLE[story].rm for story in ("newcomer", "leaver", "without contract")]
    assert [statuses[rm] for rm in told] == ["short-service", "short-service", "no-contract"]
    assert large.bank.register.rms[told[0]].joined_on > QUARTER.first_day
    assert large.bank.register.rms[told[1]].left_on is not None


def test_the_one_who_was_passed_finds_an_entry_rejected_with_a_reason_and_others_waiting(large: Demo) -> None:
    by_state = {state: [each for each in actions(large, "passed") if each.state == state] for state in STATES}
    assert all(by_state.values())
    assert all(action.reason for action in by_state["rejected"])
    assert {action.occurred_on for action in by_state["recorded"]} == {date(2026, 11, 23)}


def test_the_supervisor_has_a_days_work_to_verify_and_others_more_than_a_week(large: Demo) -> None:
    scope = next(user.scope for user in Identity(large.bank).users() if user.name == "supervisor")
    waiting = large.read_model.actions(scope=scope, state="recorded", limit=1000)
    assert 8 <= waiting.total <= 20
    by_outlet = Counter(
        large.bank.register.rms[each.rm].place_on(NOW.date()).org
        for each in large.read_model.actions(state="recorded", limit=5000).actions
    )
    assert 3 <= sum(number > 3 * waiting.total for number in by_outlet.values()) <= 12


def test_one_branch_lags(large: Demo) -> None:
    scope = next(user.scope for user in Identity(large.bank).users() if user.name == "branch")
    scores = {
        unit.org: [grade.score for grade in large.read_model.grades(QUARTER, scope=unit.org).grades if grade.score]
        for unit in large.read_model.units()
        if unit.level == "branch"
    }
    middle = {org: median(each) for org, each in scores.items()}
    assert min(middle, key=lambda org: middle[org]) == scope
    assert sorted(middle.values())[1] - min(middle.values()) > 2


def test_premium_customers_have_an_a_and_a_b_post(large: Demo) -> None:
    held = large.read_model.portfolio(PEOPLE["leader"].rm, limit=200).customers
    assert Counter(each.post for each in held) == {"A": 40, "B": 40}
    assert min(each.assets for each in held) >= 500_000
    assert len({each.segment for each in held}) == 3


def test_the_warehouse_measures_satisfaction_and_the_newest_figure_stands(large: Demo) -> None:
    line = next(each for each in scorecard(large, "leader").lines if each.indicator == "satisfaction")
    assert line.measured is not None
    sought = Sought(rm=PEOPLE["leader"].rm, type="MeasureDelivered")
    delivered = large.read_model.logged_events(sought).events
    delivered = [event for event in delivered if event.state["indicator"] == "satisfaction"]
    assert [event.state["as_of"] for event in delivered] == ["2026-10-31", "2026-11-23"]
    assert line.measured == Decimal(str(delivered[-1].state["value"]))


def test_about_a_sixth_of_the_bank_lends_by_a_scheme_of_its_own(large: Demo) -> None:
    grades = large.read_model.grades(QUARTER).grades
    lending = {grade.rm for grade in grades if grade.scheme == "lending-rm"}
    assert lending == {rm.rm for rm in large.bank.register.rms.values() if rm.postings[0].position == "lending-rm"}
    assert 0.15 <= len(lending) / len(grades) <= 0.2
    tiers = {grade.tier for grade in grades if grade.rm in lending and grade.status == "graded"}
    assert tiers == {grade.tier for grade in grades if grade.status == "graded"}


def test_one_who_lends_has_every_figure_but_those_that_people_give(large: Demo) -> None:
    card = scorecard(large, "lender")
    assert (card.grade.scheme, card.grade.tier) == ("lending-rm", "good")
    assert [line.indicator for line in card.lines if not line.scored] == ["duties"]
    measured = {line.indicator: line.measured or Decimal(0) for line in card.lines}
    assert measured["net_loans"] > 1_000_000
    assert 95 < measured["recovery"] <= 100
    assert measured["bad_loans"] > 0


def test_a_liability_case_holds_a_grade_until_it_is_decided(large: Demo) -> None:
    card = scorecard(large, "liability case")
    assert (card.grade.status, card.grade.tier, card.grade.score) == ("held", None, None)
    assert "liability-case" in [gate.gate for gate in card.gates if gate.fired]


def test_who_held_the_b_posts_of_one_who_left_has_the_a_posts_now(large: Demo) -> None:
    left = PEOPLE["leaver"].rm
    assert large.read_model.portfolio(left, limit=200).customers == []
    rms = large.bank.register.rms
    outlet = rms[left].postings[0].org
    colleagues = [rm for rm in rms if rms[rm].postings[0].org == outlet]
    held = [
        Counter(each.post for each in large.read_model.portfolio(rm, limit=200).customers)["A"] for rm in colleagues
    ]
    assert sorted(held) == [0, 40, 40, 40, 80]
