"""Which actions are listed: by state, person, unit of today, kind, and how long ago they were recorded."""

from datetime import timedelta

from tests.bank import TestBank, done


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
