"""The quarterly check: against the part of the quarter that has passed, who is on pace, and what is missing."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.calendar import Quarter
from projections.answers import CheckedLine, QuarterlyCheck
from projections.read_model import ReadModel
from tests.bank import Q1, SCHEME, UNITS, TestBank, all_done, done


def check_of(model: ReadModel, rm: str = "r1", as_of: int | None = None) -> QuarterlyCheck:
    [found] = model.quarterly_checks(Q1, rm=rm, as_of=as_of).checks
    return found


def line_of(check: QuarterlyCheck, indicator: str) -> CheckedLine:
    return next(line for line in check.lines if line.indicator == indicator)


def test_a_sum_is_measured_against_the_days_that_have_passed(story: TestBank) -> None:
    """Given 51 of the 59 working days over, when 4,000 of 5,000 are sold, then 4,000 * 59 / 51 come of it."""
    story.counted("f1", "fund", amount="4000")
    with story.following() as model:
        line = line_of(check_of(model), "funds")
    assert (line.flows, line.expected, line.forecast, line.light) == (
        True, Decimal("4322.034"), Decimal("4627.451"), "amber",
    )  # fmt: skip
    assert line.pace == Decimal("0.92549")


def test_a_daily_average_stands_as_it_is(story: TestBank) -> None:
    """The base of 200 taken off, 1,000 on each day is 800 of 1,000: neither more nor less by the end of the quarter."""
    story.counted("b1", "balance", amount="1000", customer="C1", occurred_on="2026-01-01")
    with story.following() as model:
        line = line_of(check_of(model), "savings")
    assert (line.flows, line.measured, line.expected, line.forecast, line.pace, line.light) == (
        False, Decimal(800), Decimal(1000), Decimal(800), Decimal("0.8"), "amber",
    )  # fmt: skip


def test_what_nobody_rated_has_no_light_and_what_takes_points_off_no_line(story: TestBank) -> None:
    with story.following() as model:
        check = check_of(model)
    assert line_of(check, "service").light == "none"
    assert "conduct" not in [line.indicator for line in check.lines]


def test_who_joined_late_is_measured_by_the_own_days(story: TestBank) -> None:
    """Given somebody who began on 2 March, then 14 of their 22 working days are over on 20 March."""
    done(story.register("r4", joined_on="2026-03-02"))
    done(story.agree("r4", funds="2200"))
    story.counted("f1", "fund", rm="r4", amount="1400", occurred_on="2026-03-05")
    with story.following() as model:
        check = check_of(model, "r4")
    assert (check.working_days, check.working_days_passed) == (22, 14)
    assert line_of(check, "funds").light == "green"


def test_of_who_left_no_more_is_due_than_of_the_days_served(story: TestBank) -> None:
    """Given a target of 5,900 for all 59 working days, and the last day on 6 February, then 26 of them were served."""
    done(story.register("r4", joined_on="2025-01-01"))
    done(story.agree("r4", funds="5900"))
    story.counted("f1", "fund", rm="r4", amount="2600", occurred_on="2026-01-15")
    done(story.register("r4", joined_on="2025-01-01", left_on="2026-02-06"))
    with story.following() as model:
        check = check_of(model, "r4")
    assert (check.working_days, check.working_days_passed, check.left_on) == (26, 26, date(2026, 2, 6))
    line = line_of(check, "funds")
    assert (line.expected, line.forecast, line.light) == (Decimal(2600), Decimal(5900), "green")


def test_an_absence_is_no_passed_day_and_no_silence(story: TestBank) -> None:
    story.counted("v1", occurred_on="2026-03-13")
    done(story.bank.record_absence("r1", date(2026, 3, 16), date(2026, 3, 18), "hr"))
    with story.following() as model:
        check = check_of(model)
    assert (check.working_days, check.working_days_passed, check.silent_days) == (56, 48, 1)
    assert "silent" not in check.missing


@pytest.mark.parametrize(("today", "passed"), [("2000-01-01", 0), ("2000-01-06", 2)])
def test_in_the_first_quarter_of_all_silence_begins_where_the_calendar_does(
    today: str, passed: int, tmp_path: Path
) -> None:
    """Given somebody who joined before the first day that the calendar knows and never kept the log."""
    story = TestBank(tmp_path)
    story.clock.set(today)
    done(story.publish(SCHEME.replace("effective = 2026-01-01", "effective = 2000-01-01")))
    all_done(story.bank.open_units(UNITS, "lead"))
    done(story.register("r1", joined_on="1999-06-01"))
    with story.following() as model:
        [check] = model.quarterly_checks(Quarter(2000, 1)).checks
    story.close()
    assert (check.rm, check.working_days_passed, check.silent_days) == ("r1", passed, passed)


def test_silence_begins_after_as_many_working_days_as_the_scheme_says(story: TestBank) -> None:
    """Given a last own entry on Friday the 13th, four working days are over on the 20th; a fed deposit is no log."""
    story.counted("v1", occurred_on="2026-03-13")
    story.counted("d1", "deposit", amount="5", occurred_on="2026-03-19")
    with story.following() as model:
        check = check_of(model)
    assert (check.silent_days, check.missing) == (4, ["silent"])


def test_what_waits_is_counted_until_it_is_decided(story: TestBank) -> None:
    """Also where the answer is only continued from the one before; it waits since it was recorded, whatever its day."""
    first = done(story.report("v1", occurred_on="2026-03-19")).subject
    second = done(story.report("v2", occurred_on="2026-03-18")).subject
    third = done(story.report("v3", occurred_on="2026-03-17")).subject
    with story.following() as model:
        before = story.last_position
        times = {one.action_id: one.recorded_at for one in model.actions(rm="r1").actions}
        assert (check_of(model).waiting, check_of(model).oldest_waiting) == (3, times[first])
        assert model.actions(rm="r1", state="recorded").oldest == times[first]
        assert model.quarterly_checks(Q1).lacking["waiting"] == 1
        done(story.bank.verify_action(first, "boss"))
        done(story.bank.reject_action(second, "no such visit", "boss"))
        model.follower.catch_up()
        left = next(each for each in model.quarterly_checks(Q1).checks if each.rm == "r1")
        assert (left.waiting, left.oldest_waiting) == (1, times[third])
        done(story.bank.void_action(third, "in error", "r1"))
        model.follower.catch_up()
        assert model.quarterly_checks(Q1).lacking["waiting"] == 0
        then = next(each for each in model.quarterly_checks(Q1, as_of=before).checks if each.rm == "r1")
        assert (then.waiting, then.oldest_waiting) == (3, times[first])


def test_who_has_no_contract_or_no_certificate_is_found_by_it(story: TestBank) -> None:
    done(story.register("r4", certificate=""))
    with story.following() as model:
        assert {"no-contract", "no-certificate"} <= set(check_of(model, "r4").missing)
        answer = model.quarterly_checks(Q1, missing="no-contract")
    assert ([each.rm for each in answer.checks], answer.total, answer.lacking["no-contract"]) == (["r4"], 1, 1)


def test_the_worst_stand_first_and_pages_follow_each_other(story: TestBank) -> None:
    story.counted("f1", "fund", rm="r2", amount="9000")
    story.counted("f2", "fund", rm="r3", amount="2000")
    with story.following() as model:
        first = model.quarterly_checks(Q1, limit=2)
        second = model.quarterly_checks(Q1, limit=2, after=first.after)
        south = model.quarterly_checks(Q1, scope="south")
    assert [each.rm for each in first.checks + second.checks] == ["r1", "r3", "r2"]
    assert (first.after, second.after, first.people, second.total) == ("r3", None, 3, 3)
    assert ([each.rm for each in south.checks], south.people) == (["r2"], 1)


def test_the_thresholds_are_the_schemes(tmp_path_factory, store: str | None) -> None:  # type: ignore[no-untyped-def]
    """Given green from 50 % on, then half of the plan is green; the clause is told."""
    own = SCHEME.replace(
        "[rounding]",
        '[quarterly_check]\nclause = "1"\nen = "Check"\nzh = "检查"\n'
        'green = "0.5"\namber = "0.4"\nsilent_days = 60\n\n[rounding]',
        1,
    )
    story = TestBank(tmp_path_factory.mktemp("own"), store=store).founded(own)
    story.counted("f1", "fund", amount="2200")
    with story.following() as model:
        answer = model.quarterly_checks(Q1)
        check = check_of(model)
    story.close()
    assert (line_of(check, "funds").light, check.missing) == ("green", [])
    assert [(rule.clause, rule.green, rule.silent_days) for rule in answer.rules] == [("1", Decimal("0.5"), 60)]


def test_the_past_answers_as_it_did_then(story: TestBank) -> None:
    story.counted("f1", "fund", amount="4000")
    with story.following() as model:
        before, then = story.last_position, model.quarterly_checks(Q1)
        story.counted("f2", "fund", amount="4000")
        model.follower.catch_up()
        again = model.quarterly_checks(Q1, as_of=before)
        assert model.quarterly_checks(Q1).checks != then.checks
    assert (again.checks, again.lights) == (then.checks, then.lights)
