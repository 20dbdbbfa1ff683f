"""Which actions are listed: by state, person, unit of today, kind, and how long ago they were recorded."""

from datetime import timedelta

from tests.bank import Q1, TestBank, done


def test_actions_are_listed_newest_first_by_state_rm_and_unit_page_by_page(story: TestBank) -> None:
    for n in range(5):
        done(story.record(f"n{n}", rm="r1" if n % 2 else "r2"))
    done(story.bank.verify_action("action:crm:n4", "boss"))
    with story.following() as model:
        pages, after = [], None
        while True:
            page = model.actions(state="recorded", after=after, limit=3)
            pages.append([each.action_id.split(":")[2] for each in page.actions])
            after = page.after
            if after is None:
                break
        assert pages == [["n3", "n2", "n1"], ["n0"]]
        assert [each.rm for each in model.actions(scope="east").actions] == ["r1", "r1"]
        assert model.actions(rm="r2", state="counted").total == 1


def test_actions_of_one_kind_and_those_recorded_up_to_a_day_are_found_with_the_oldest_of_them(story: TestBank) -> None:
    """Given one at 1 o'clock UTC on 20 March, 9 o'clock in the bank, and others a day later."""
    done(story.record("early"))
    story.clock.now += timedelta(days=1)
    done(story.record("late"))
    done(story.record("other", "call"))
    with story.following() as model:
        first, later = model.action("action:crm:early"), model.action("action:crm:late")
        assert first
        assert later
        day = first.recorded_at.astimezone(story.bank.timezone).date()
        waited = model.actions(to_day=day)
        assert ([each.action_id for each in waited.actions], waited.total) == (["action:crm:early"], 1)
        assert model.actions(kind="visit").total == 2
        assert model.actions(kind="call", to_day=day).oldest is None
        assert (model.actions().oldest, model.actions(kind="visit", limit=1).oldest) == (first.recorded_at,) * 2
        assert model.actions(kind="call").oldest == later.recorded_at


def test_what_was_rejected_in_the_last_days_is_told_whatever_its_own_day_and_no_longer(story: TestBank) -> None:
    """Given two rejected today and one of another RM: the later decision stands first, and a week on there is none."""
    for n, rm in enumerate(("r1", "r1", "r2", "r1")):
        done(story.record(f"n{n}", rm=rm, occurred_on="2026-02-03"))
    for n in (1, 0, 2):
        done(story.bank.reject_action(f"action:crm:n{n}", "no such visit", "boss"))
    with story.following() as model:
        told = model.rejected("r1", 7)
        assert [(one.action_id, one.state, one.decided_by, one.reason) for one in told] == [
            (f"action:crm:n{n}", "rejected", "boss", "no such visit") for n in (0, 1)
        ]
        assert told == model.actions(rm="r1", state="rejected").actions[::-1]
        story.clock.now += timedelta(days=6)
        assert len(model.rejected("r1", 7)) == 2
        story.clock.now += timedelta(days=1)
        assert model.rejected("r1", 7) == []


def test_an_rm_belongs_to_the_last_posting_that_has_begun_and_a_newcomer_to_the_first(story: TestBank) -> None:
    done(story.register("r1", org="south", **{"from": "2026-03-10"}))
    done(story.register("r1", org="east", **{"from": "2026-12-01"}))
    done(story.register("r9", org="south", joined_on="2026-12-01"))
    done(story.record("a1"))
    with story.following() as model:
        before = story.last_position
        assert model.waiting(scope="south") == model.actions(scope="south").total == 1
        assert model.waiting(scope="east") == 0
        with model.follower.connection.cursor() as con:
            found = con.execute("SELECT s.rm, s.org FROM serving AS s WHERE s.rm IN ('r1', 'r9') ORDER BY 1").fetchall()
        assert found == [("r1", "south"), ("r9", "south")]
        done(story.register("r1", org="east", **{"from": "2026-03-15"}))
        model.follower.catch_up()
        assert model.actions(scope="south").total == 0
        assert model.actions(scope="south", as_of=before).total == 1


def test_behind_a_line_stand_who_recorded_an_entry_and_who_decided_that_it_counts_or_no_longer_does(
    story: TestBank,
) -> None:
    """Given a visit at 1 o'clock UTC, verified an hour later and voided the hour after, and a deposit that counts at
    once."""
    then = story.clock()
    visit = done(story.report("a")).subject
    done(story.record("b", "deposit", amount="5"))
    story.clock.now += timedelta(hours=1)
    done(story.bank.verify_action(visit, "boss"))
    story.clock.now += timedelta(hours=1)
    done(story.bank.void_action(visit, "by mistake", "chief"))
    with story.following() as model:
        visits, savings = (model.line_events("r1", Q1, indicator).events for indicator in ("visits", "savings"))
    hour = timedelta(hours=1)
    assert [(one.count, one.recorded_by, one.recorded_at, one.decided_by, one.decided_at) for one in visits] == [
        (-1, "r1", then, "chief", then + 2 * hour),
        (1, "r1", then, "boss", then + hour),
    ]
    assert [(one.recorded_by, one.source, one.decided_by, one.decided_at) for one in savings] == [
        ("crm", "crm", None, None)
    ]
