"""What an RM won, asked of a bank: dated to the action that made it true, taken back and given by corrections."""

from datetime import date
from pathlib import Path

from projections.answers.awards import Award, Awards
from tests.bank import PLAYED, TestBank, done


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
