"""The questions: who is not graded and why, who stands where, what was known when."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.calendar import Quarter
from domain.refusal import Refused
from projections.at_position import Ambiguous
from projections.history import Sought
from projections.read_model import ReadModel
from tests.bank import Q1, Q2, SCHEME, TestBank, done
from tests.tampering import tampered


def status(model: ReadModel, rm: str, quarter: Quarter = Q1) -> str:
    [grade] = model.grades(quarter, rm=rm).grades
    return grade.status


# Grades


def test_not_graded_is_a_state_with_its_reason_and_neither_zero_nor_unqualified(story: TestBank) -> None:
    done(story.register("no-contract"))
    done(story.register("no-scheme", position="trainee"))
    done(story.register("late", joined_on="2026-03-02"))
    done(story.agree("late"))
    done(story.register("left", left_on="2026-01-20"))
    done(story.agree("left"))
    wanted = {"no-contract": "no-contract", "no-scheme": "no-scheme", "late": "short-service", "left": "short-service"}
    with story.following() as model:
        assert {rm: status(model, rm) for rm in wanted} == wanted
        for grade in [model.grades(Q1, rm=rm).grades[0] for rm in wanted]:
            assert (grade.score, grade.tier, grade.coefficient) == (None, None, None)
        board = model.leaderboard(Q1)
        assert (board.ranked, board.unranked) == (3, 4)
        assert {standing.rm for standing in board.standings} == {"r1", "r2", "r3"}


def test_an_absence_can_make_the_service_too_short(story: TestBank) -> None:
    done(story.bank.record_absence("r1", Q1.first_day, datetime(2026, 2, 28).date(), "hr"))
    with story.following() as model:
        assert (status(model, "r1"), status(model, "r2")) == ("short-service", "graded")


@pytest.mark.parametrize(("kind", "indicator"), [("deposit", "savings"), ("fund", "funds")])
def test_a_figure_out_of_range_leaves_that_rm_without_a_grade_and_the_follower_going(
    tmp_path: Path, kind: str, indicator: str
) -> None:
    story = TestBank(tmp_path).founded(SCHEME.replace('counts = "verified"\npoints = "3"', 'counts = "at-once"'))
    lines = [story.line(f"n{n}", kind, amount="1000000000000", occurred_on="2026-01-01") for n in range(9_300)]
    story.bank.record_actions(lines, "crm")
    with story.following() as model:
        assert (status(model, "r1"), status(model, "r2")) == ("not-gradable", "graded")
        card = model.scorecard("r1", Q1)
        assert card
        assert [line.measured for line in card.lines if line.indicator == indicator] == [None]
    story.close()


def test_an_rm_without_certificate_is_appraised_and_flagged(story: TestBank) -> None:
    done(story.bank.register_rms([story.rm_line("r9") | {"certificate": ""}], "hr")[0])
    done(story.agree("r9"))
    with story.following() as model:
        grades = {grade.rm: grade for grade in model.grades(Q1).grades}
        assert (grades["r9"].status, grades["r9"].flags) == ("graded", ["no-certificate"])
        assert grades["r1"].flags == []


def test_what_occurred_in_a_quarter_counts_there_whenever_it_is_verified(story: TestBank) -> None:
    done(story.record("a", "breach", occurred_on="2026-03-19"))
    done(story.record("b", occurred_on="2026-03-19", quantity="4"))
    story.clock.set("2026-04-10")
    done(story.bank.verify_action("action:crm:b", "boss"))
    with story.following() as model:
        measured = {quarter: _measured(model, quarter) for quarter in (Q1, Q2)}
    assert measured == {Q1: {"visits": 4, "conduct": 1}, Q2: {"visits": 0, "conduct": 0}}


def _measured(model: ReadModel, quarter: Quarter) -> dict[str, Decimal | None]:
    card = model.scorecard("r1", quarter)
    assert card
    return {line.indicator: line.measured for line in card.lines if line.indicator in ("visits", "conduct")}


def test_an_amended_target_is_shown_with_the_one_before_it(story: TestBank) -> None:
    done(story.agree("r1", funds="8000", reason="the year went well"))
    with story.following() as model:
        card = model.scorecard("r1", Q1)
        assert card
        [line] = [line for line in card.lines if line.indicator == "funds"]
        assert [line.target, line.previous_target] == [Decimal(8000), Decimal(5000)]


def test_a_quarter_that_has_not_begun_has_no_grades(story: TestBank) -> None:
    with story.following() as model:
        assert model.grades(Q2).grades == []
        assert model.scorecard("r1", Q2) is None
        assert model.quarters() == ["2026Q1"]


def test_who_can_not_be_found_has_no_scorecard(story: TestBank) -> None:
    with story.following() as model:
        assert model.scorecard("nobody", Q1) is None
        assert model.grades(Q1, rm="nobody").grades == []


# Leaderboards


def test_a_deposit_measure_is_never_ranked_and_the_rule_is_told(story: TestBank) -> None:
    with story.following() as model:
        with pytest.raises(Refused, match="deposit") as refusal:
            model.leaderboard(Q1, by="savings")
        assert [(each.code, each.field) for each in refusal.value.refusals] == [("not-allowed", "by")]
        boards = {board.by: board.refusal for board in model.leaderboard(Q1).boards}
        assert {by for by, refused in boards.items() if refused} == {"savings"}


@pytest.mark.parametrize(
    ("more", "field"),
    [({"by": "canary"}, "by"), ({"scope": "canary"}, "scope"), ({"among": "position:canary"}, "among")],
)
def test_an_unknown_board_or_unit_is_refused_with_what_would_be_right(
    story: TestBank, more: dict[str, str], field: str
) -> None:
    with story.following() as model, pytest.raises(Refused) as refusal:
        model.leaderboard(Q1, **more)  # type: ignore[arg-type]
    assert [(each.code, each.field) for each in refusal.value.refusals] == [("unknown", field)]
    assert "canary" not in str(refusal.value)


def test_equal_values_share_a_rank_and_the_next_rank_is_left_out(story: TestBank) -> None:
    done(story.register("r4"))
    done(story.agree("r4"))
    for rm, visits in (("r1", "5"), ("r2", "3"), ("r3", "3"), ("r4", "1")):
        story.counted(f"v-{rm}", rm=rm, quantity=visits)
    with story.following() as model:
        for by in ("score", "visits", "points"):
            board = model.leaderboard(Q1, by=by)
            found = [(each.rank, each.tied, each.rm) for each in board.standings]
            assert found == [(1, False, "r1"), (2, True, "r2"), (2, True, "r3"), (4, False, "r4")]
            assert "(1, 2, 2, 4)" in board.tie_rule.en


def test_a_board_shows_its_top_and_an_rm_with_neighbours(story: TestBank) -> None:
    for n in range(10):
        done(story.register(f"m{n}"))
        done(story.agree(f"m{n}"))
        story.counted(f"v{n}", rm=f"m{n}", quantity=str(n + 1))
    with story.following() as model:
        board = model.leaderboard(Q1, by="visits", limit=2, around="m4")
    assert [each.rm for each in board.standings] == ["m9", "m8"]
    assert [each.rm for each in board.around] == ["m6", "m5", "m4", "m3", "m2"]
    assert board.ranked == 13


def test_a_board_of_a_unit_holds_those_at_and_below_it_and_ranks_them_anew(story: TestBank) -> None:
    story.counted("v1", rm="r1", quantity="9")
    story.counted("v2", rm="r3", quantity="5")
    with story.following() as model:
        south = model.leaderboard(Q1, "south", "visits")
        assert [(each.rank, each.rm) for each in south.standings] == [(1, "r2")]
        assert [each.rm for each in model.leaderboard(Q1, "branch", "visits").standings] == ["r1", "r3", "r2"]


def test_a_board_counts_those_whom_it_ranks(story: TestBank) -> None:
    done(story.record("s", "satisfaction", quantity="90"))
    with story.following() as model:
        board = model.leaderboard(Q1, by="index")
        assert [each.rm for each in board.standings] == ["r1"]
        assert (board.ranked, board.unranked) == (1, 2)


# The past


def test_a_position_a_time_and_a_day_lead_to_what_was_known_then(story: TestBank) -> None:
    with story.following() as model:
        story.clock.set("2026-03-21", hour=10)
        first = done(story.record("a", "breach")).position
        story.clock.set("2026-03-22", hour=1)
        second = done(story.record("b", "breach")).position
        model.follower.catch_up()
        asked = {
            str(first): first, "2026-03-21": first, "2026-03-21T10:00:00": first, "2026-03-21T02:00:00+00:00": first,
            "2026-03-21T09:59:59": first - 1, "2026-03-20": first - 1, "2026-03-22": second, "2030-01-01": second,
            "2026-03-21T17:00:00Z": second, "2020-01-01": 0, "0": 0,
        }  # fmt: skip
        assert {text: model.position_at(text) for text in asked} == asked


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01", "2026-03-21T25:00:00", "-1", "９", "9" * 16, "20261101", "1e3"]
)
def test_what_is_no_time_is_refused_with_the_remedy(story: TestBank, text: str) -> None:
    with story.following() as model, pytest.raises(ValueError, match="write a date or time like"):
        model.position_at(text)


def test_in_a_very_long_log_a_date_without_hyphens_is_not_taken_for_a_position(story: TestBank) -> None:
    column = story.bank.log.POSITION
    tampered(story, f"UPDATE stored_events SET {column} = 20260401 WHERE {column} = {story.last_position}")
    with story.following() as model:
        with pytest.raises(Ambiguous, match=r"write the date as 2026-03-01, or the log position .* as 020260301"):
            model.position_at("20260301")
        asked = {"020260301": 20260301, "20260399": 20260399, "19991231": 19991231}
        assert {text: model.position_at(text) for text in asked} == asked


def test_a_clock_that_was_set_back_hides_nothing_that_was_known_by_then(story: TestBank) -> None:
    """A time is the running maximum: what was recorded after a later stamp was not known before it."""
    story.clock.set("2026-03-25")
    before = story.last_position
    done(story.record("a"))
    story.clock.set("2026-03-23")
    done(story.record("b"))
    with story.following() as model:
        assert model.position_at("2026-03-24") == before
        assert model.position_at("2026-03-25") == story.last_position


def test_the_past_fixes_the_banks_day_too(story: TestBank) -> None:
    story.clock.set("2026-04-20")
    story.close_days("2026-03-29", "2026-03-30")
    then = story.last_position
    story.close_days("2026-03-31", "2026-04-02")
    with story.following() as model:
        assert [str(model.grades(Q1, as_of=at).moment.today) for at in (then, None)] == ["2026-03-31", "2026-04-03"]
        assert [len(model.grades(Q2, as_of=at).grades) for at in (then, None)] == [0, 3]


def test_a_later_version_of_the_scheme_grades_its_own_quarters_and_leaves_the_earlier_ones(story: TestBank) -> None:
    text = SCHEME.replace("2026-01-01", "2026-04-01").replace('floor = "90"', 'floor = "99"')
    done(story.publish(text))
    story.clock.set("2026-04-10")
    done(story.record("a"))
    with story.following() as model:
        versions = [model.grades(quarter, rm="r1").grades[0].effective for quarter in (Q1, Q2)]
        assert [str(version) for version in versions] == ["2026-01-01", "2026-04-01"]
        assert [str(each.effective) for each in model.schemes()] == ["2026-04-01", "2026-01-01"]


# Actions and history


def test_an_action_tells_what_became_of_it_by_whom_when_and_why(story: TestBank) -> None:
    done(story.report("a", note="met at the fair", customer="C1"))
    story.clock.set("2026-03-21")
    done(story.bank.reject_action("action:log:a", "not seen", "boss"))
    with story.following() as model:
        action = model.action("action:log:a")
        assert action
        assert (action.state, action.note, action.reason) == ("rejected", "met at the fair", "not seen")
        assert (action.recorded_by, action.decided_by, action.version) == ("r1", "boss", 2)
        assert action.decided_at == datetime(2026, 3, 21, 1, tzinfo=UTC)
        assert model.action("action:log:none") is None


def test_the_raw_history_comes_page_by_page_and_by_type_and_rm(story: TestBank) -> None:
    for ref in "abc":
        done(story.record(ref))
    with story.following() as model:
        first = model.logged_events(Sought(type="ActionRecorded"), limit=2)
        rest = model.logged_events(Sought(type="ActionRecorded"), limit=2, after=first.after or 0)
        assert [each.stream for each in [*first.events, *rest.events]] == [f"action:crm:{ref}" for ref in "abc"]
        assert rest.after is None
        assert {each.rm for each in model.logged_events(Sought(rm="r1")).events} == {"r1"}


def _figures(model: ReadModel) -> dict[tuple[str, str, str], int]:
    question = "SELECT rm, quarter, indicator, measured FROM score_lines WHERE measured IS NOT NULL"
    with model.follower.connection.cursor() as con:
        return {(rm, quarter, indicator): value for rm, quarter, indicator, value in con.execute(question).fetchall()}


def test_a_late_deposit_moves_the_daily_average_of_every_quarter_since(story: TestBank) -> None:
    story.clock.set("2026-05-10")
    done(story.record("early", "deposit", amount="9000", occurred_on="2026-03-01"))
    with story.following() as model:
        before = _figures(model)
        done(story.record("late", "deposit", amount="9000", occurred_on="2026-03-01"))
        model.follower.catch_up()
        after = _figures(model)
    with story.following() as anew:
        assert after == _figures(anew)
    assert after.keys() == before.keys()
    assert {key[1] for key, now in after.items() if now > before[key]} == {"2026Q1", "2026Q2"}
