"""The work log: what each day of a period comes to, by kind and state, and its actions page by page."""

from datetime import date
from decimal import Decimal

from projections.answers import Worklog
from projections.read_model import ReadModel
from tests.bank import TestBank, done

MONTH = (date(2026, 3, 1), date(2026, 3, 31))


def diary(model: ReadModel, rm: str = "r1", **asked: object) -> Worklog:
    return model.worklog(rm, *MONTH, **asked)  # type: ignore[arg-type]


def counts(log: Worklog) -> list[tuple[int, str, str, int, Decimal, Decimal]]:
    """Day of the month, kind, state, actions, quantity and amount of every day on which something stands."""
    return [
        (day.day.day, one.kind, one.state, one.actions, one.quantity, one.amount)
        for day in log.days
        for one in day.counts
    ]


def references(log: Worklog) -> list[str]:
    return [one.action_id.split(":")[2] for one in log.actions]


def test_a_day_counts_what_was_recorded_of_it_by_kind_and_state(story: TestBank) -> None:
    done(story.report("1", occurred_on="2026-03-02", quantity="2"))
    done(story.report("2", occurred_on="2026-03-02"))
    story.counted("3", occurred_on="2026-03-02", quantity="4")
    done(story.record("4", "deposit", occurred_on="2026-03-03", amount="1200.50"))
    done(story.record("5", "deposit", occurred_on="2026-02-28"))
    done(story.record("6", rm="r2", occurred_on="2026-03-02"))
    with story.following() as model:
        log = diary(model)
    assert counts(log) == [
        (2, "visit", "counted", 1, Decimal(4), Decimal(0)),
        (2, "visit", "recorded", 2, Decimal(3), Decimal(0)),
        (3, "deposit", "counted", 1, Decimal(1), Decimal("1200.5")),
    ]
    assert (log.total, log.sources, len(log.days)) == (4, {"crm": 2, "log": 2}, 31)
    assert [kind.kind for kind in log.kinds] == ["visit", "deposit"]


def test_what_takes_back_is_subtracted_on_its_own_day(story: TestBank) -> None:
    done(story.record("1", "deposit", occurred_on="2026-03-02", amount="100"))
    done(story.record("2", "deposit", occurred_on="2026-03-05", amount="30", reverses="crm:1"))
    with story.following() as model:
        assert [row[-1] for row in counts(diary(model))] == [Decimal(100), Decimal(-30)]


def test_the_newest_day_stands_first_and_on_a_day_what_was_recorded_last(story: TestBank) -> None:
    for reference, day in (("a", "2026-03-04"), ("b", "2026-03-02"), ("c", "2026-03-04"), ("d", "2026-03-03")):
        done(story.report(reference, occurred_on=day))
    with story.following() as model:
        assert references(diary(model)) == ["c", "a", "d", "b"]
        pages, after = [], None
        while page := diary(model, after=after, limit=3):
            pages.append(references(page))
            if (after := page.after) is None:
                break
        assert pages == [["c", "a", "d"], ["b"]]
        assert page.total == 4  # of the last page, too


def test_source_and_state_narrow_the_actions_and_not_the_days(story: TestBank) -> None:
    done(story.report("own", occurred_on="2026-03-02"))
    done(story.record("foreign", occurred_on="2026-03-02"))
    done(story.bank.reject_action("action:crm:foreign", "nobody saw it", "boss"))
    with story.following() as model:
        assert references(diary(model, source="log")) == ["own"]
        rejected = diary(model, state="rejected")
        assert [(one.reason, one.decided_by) for one in rejected.actions] == [("nobody saw it", "boss")]
        assert len(counts(rejected)) == 2


def test_a_work_log_of_the_past_knows_no_later_decision(story: TestBank) -> None:
    then = done(story.report("1", occurred_on="2026-03-02")).position
    done(story.report("2", occurred_on="2026-03-02"))
    done(story.bank.verify_action("action:log:1", "boss"))
    with story.following() as model:
        assert [one.state for one in diary(model).actions] == ["recorded", "counted"]
        before = diary(model, as_of=then)
        assert [(one.state, one.decided_by) for one in before.actions] == [("recorded", None)]
        assert counts(before) == [(2, "visit", "recorded", 1, Decimal(1), Decimal(0))]


def test_a_day_of_leave_or_a_holiday_is_no_day_of_work(story: TestBank) -> None:
    done(story.bank.record_absence("r1", date(2026, 3, 10), date(2026, 3, 11), "hr"))
    with story.following() as model:
        log = diary(model)
    idle = [day.day.day for day in log.days if not day.works]
    assert idle == [1, 7, 8, 10, 11, 14, 15, 21, 22, 28, 29]


def test_an_entry_that_was_corrected_names_the_one_in_its_place(story: TestBank) -> None:
    done(story.report("1", occurred_on="2026-03-02", quantity="3"))
    line = story.line("2", source="log", occurred_on="2026-03-02", quantity="2")
    done(story.bank.correct_action("action:log:1", line, "r1"))
    with story.following() as model:
        log = diary(model)
    assert [(one.state, one.replaced_by) for one in log.actions] == [("recorded", None), ("voided", "action:log:2")]
    assert [(row[2], row[4]) for row in counts(log)] == [("recorded", Decimal(2)), ("voided", Decimal(3))]
