"""What an RM won, asked of a bank: dated to the action that made it true, taken back and given by corrections."""

from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

from projections.answers.awards import Award, Awards
from tests.bank import PLAYED, TestBank, done

SAID_OTHERWISE = {
    'scheme = "tests"': 'scheme = "others"', 'positions = ["personal"]': 'positions = ["marketing"]',
    '"First fund"': '"Two loans"', '"seedling"': '"bridge"', '"Out with customers"': '"Among people"',
    'kinds = ["fund"], at_least = "1"': 'kinds = ["fund"], at_least = "2"',
}  # fmt: skip


def _other() -> str:
    text = PLAYED
    for here, there in SAID_OTHERWISE.items():
        assert here in text, here
        text = text.replace(here, there, 1)
    return text


OTHER = _other()
"""A scheme for another position: the same ids, but what they say is another thing."""


def of(awards: Awards, badge: str) -> Award:
    [found] = [one for one in (*awards.won, *awards.next_badges) if one.badge == badge]
    return found


def test_a_badge_names_the_action_that_made_it_true_and_the_events_behind_it(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.founded(PLAYED)
    story.counted("a", "fund", occurred_on="2026-03-03", amount="600")
    story.counted("b", "fund", occurred_on="2026-03-02", amount="100")
    with story.following() as model:
        first = of(model.awards("r1"), "first-fund")
    assert first.won_on == date(2026, 3, 2)
    assert [event.action_id for event in first.events] == ["action:crm:b"]
    assert first.position == first.events[0].position
    assert first.says.en == "won by Wealth product sold: at least 1 time; within all the time since joining"
    assert [first.reached, first.wanted] == [2, 1]
    story.close()


def test_what_is_voided_takes_back_what_it_won_and_the_next_one_wins_it(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.founded(PLAYED)
    story.counted("a", "fund", occurred_on="2026-03-02", amount="100")
    story.counted("b", "fund", occurred_on="2026-03-03", amount="100")
    done(story.bank.void_action("action:crm:a", "by mistake", "boss"))
    with story.following() as model:
        assert of(model.awards("r1"), "first-fund").won_on == date(2026, 3, 3)
        done(story.bank.void_action("action:crm:b", "by mistake", "boss"))
        model.follower.catch_up()
        gone = of(model.awards("r1"), "first-fund")
    assert (gone.won_on, gone.position, gone.events) == (None, None, [])
    story.close()


def test_a_clean_record_is_decided_at_the_close_and_a_late_breach_takes_it_back(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.founded(PLAYED)
    story.counted("a", quantity="3", occurred_on="2026-03-02")
    with story.following() as model:
        assert not of(model.awards("r1"), "visitor").awaits_close
        story.counted("b", quantity="1", occurred_on="2026-03-02")
        model.follower.catch_up()
        full = model.awards("r1").next_badges[0]
        assert (full.badge, full.won_on, full.awaits_close) == ("visitor", None, True)
        assert full.closes_on == date(2026, 3, 31)
        story.clock.set("2026-04-02")
        done(story.bank.close_day(date(2026, 4, 1), "clock"))
        model.follower.catch_up()
        won = [one for one in model.awards("r1").won if one.badge == "visitor"]
        assert [(one.period, one.won_on, one.position) for one in won] == [("2026Q1", date(2026, 3, 31), None)]
        assert not won[0].awaits_close
        before = model.follower.position
        story.counted("x", "breach", occurred_on="2026-03-09")
        model.follower.catch_up()
        assert [one.badge for one in model.awards("r1").won] == ["first-of-outlet"]
        assert [one.badge for one in model.awards("r1", as_of=before).won] == ["first-of-outlet", "visitor"]
    story.close()


def test_what_waits_for_its_close_waits_no_more_once_it_is_spoiled_or_taken_back(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.founded(PLAYED)
    story.counted("a", quantity="4", occurred_on="2026-03-02")
    story.counted("f", "fund", occurred_on="2026-03-02", amount="90")
    with story.following() as model:
        waiting = {one.badge for one in model.awards("r1").next_badges if one.awaits_close}
        assert waiting == {"visitor"}
        story.counted("x", "breach", occurred_on="2026-03-03")
        model.follower.catch_up()
        spoiled = of(model.awards("r1"), "visitor")
        assert (spoiled.spoiled_by is not None, spoiled.awaits_close) == (True, False)
    story.close()


def test_streaks_run_over_the_quarters_and_are_told_with_their_rule(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.clock.set("2026-04-03")
    story.founded(PLAYED)
    for day in ("03-30", "03-31", "04-01", "04-02"):
        story.counted(f"v{day}", occurred_on=f"2026-{day}")
    with story.following() as model:
        awards = model.awards("r1")
    [streak] = awards.streaks
    assert (streak.current, streak.longest, streak.held, streak.today) == (4, 4, 2, "open")
    assert of(awards, "on-the-way").won_on == date(2026, 4, 1)
    assert [str(event.occurred_on) for event in of(awards, "on-the-way").events] == [
        "2026-04-01", "2026-03-31", "2026-03-30",
    ]  # fmt: skip
    story.close()


def moved(folder: Path) -> TestBank:
    """A bank in which r1, who sold a fund and made visits in the first quarter, is under another scheme from the second
    on: one whose badges and streak have the same ids, and say something else."""
    story = TestBank(folder).founded(PLAYED)
    done(story.publish(OTHER))
    story.counted("f", "fund", occurred_on="2026-03-02", amount="100")
    for day in ("03-16", "03-17", "03-18", "03-19"):
        story.counted(f"v{day}", occurred_on=f"2026-{day}")
    done(story.register("r1", position="marketing", **{"from": "2026-04-01"}))
    story.clock.set("2026-04-02")
    done(story.bank.close_day(date(2026, 4, 1), "clock"))
    return story


def test_a_badge_won_under_one_scheme_is_told_by_that_scheme_after_a_move_to_another(tmp_path: Path) -> None:
    with closing(moved(tmp_path)) as story, story.following() as model:
        before, there = model.awards("r1"), {(one.scheme, one.badge) for one in model.awards("r1").won}
        assert ("tests", "first-fund") in there
        [first] = [one for one in before.won if one.badge == "first-fund"]
        assert (first.name.en, first.icon, str(first.wanted)) == ("First fund", "seedling", "1")
        assert (first.won_on, first.total) == (date(2026, 3, 2), 1)
        [then] = [one for one in before.next_badges if one.badge == "first-fund"]
        assert (then.scheme, then.name.en, then.icon) == ("others", "Two loans", "bridge")
        assert (str(then.reached), str(then.wanted), then.events) == ("0", "2", [])
        assert {one.scheme for one in before.next_badges} == {"others"}
        for ref in "xy":
            story.counted(ref, "fund", occurred_on="2026-04-02", amount="100")
        model.follower.catch_up()
        won = [(one.scheme, one.won_on, one.total) for one in model.awards("r1").won if one.badge == "first-fund"]
    assert won == [("others", date(2026, 4, 2), 2), ("tests", date(2026, 3, 2), 1)]


def test_a_streak_is_its_schemes_own_and_that_of_another_begins_anew(tmp_path: Path) -> None:
    with closing(moved(tmp_path)) as story, story.following() as model:
        story.counted("w", occurred_on="2026-04-01")
        story.counted("x", occurred_on="2026-04-02")
        model.follower.catch_up()
        awards = model.awards("r1")
    assert [(one.scheme, one.name.en, one.current) for one in awards.streaks] == [("others", "Among people", 2)]
    ways = [(one.scheme, one.won_on, one.reached) for one in (*awards.won, *awards.next_badges) if one.unit == "days"]
    assert ways == [("tests", date(2026, 3, 18), Decimal(0)), ("others", None, Decimal(2))]


def test_versions_of_one_scheme_share_their_badges_and_streaks(tmp_path: Path) -> None:
    later = PLAYED.replace("effective = 2026-01-01", "effective = 2026-04-01").replace('"First fund"', '"First sale"')
    with closing(TestBank(tmp_path).founded(PLAYED)) as story:
        story.counted("f", "fund", occurred_on="2026-03-02", amount="100")
        done(story.publish(later))
        story.clock.set("2026-04-02")
        story.counted("v", occurred_on="2026-03-31")
        story.counted("w", occurred_on="2026-04-01")
        with story.following() as model:
            awards = model.awards("r1")
    first = of(awards, "first-fund")
    assert (first.name.en, first.won_on) == ("First sale", date(2026, 3, 2))
    assert [(one.current, one.longest) for one in awards.streaks] == [(2, 2)]


def test_who_left_the_boards_by_the_close_takes_no_place_and_who_leaves_later_keeps_theirs(tmp_path: Path) -> None:
    with closing(TestBank(tmp_path).founded(PLAYED)) as story:
        story.counted("a", quantity="3", occurred_on="2026-03-02")
        story.counted("b", rm="r3", quantity="2", occurred_on="2026-03-02")
        done(story.bank.leave_boards("r1", "r1"))
        story.clock.set("2026-04-02")
        story.close_days("2026-03-31", "2026-04-01")
        done(story.bank.join_boards("r1", "r1"))
        done(story.bank.leave_boards("r3", "r3"))
        with story.following() as model:
            now = [(rm, _won(model.awards(rm))) for rm in ("r1", "r3")]
            then = [(rm, _won(model.awards(rm, as_of=model.follower.position))) for rm in ("r1", "r3")]
    assert now == then == [("r1", []), ("r3", ["first-of-outlet"])]


def _won(awards: Awards) -> list[str]:
    return [one.badge for one in awards.won]
