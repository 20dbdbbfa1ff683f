"""What a version would change is what it changes: the draft is scored over the real history."""

import re
from datetime import date

from domain.calendar import Quarter
from domain.publication import digest_of
from projections.read_model import ReadModel
from tests.bank import Q1, SCHEME, TestBank, done, tables
from tests.domain.test_publication import version


def worked(story: TestBank) -> None:
    """Two RMs of three worked; the first quarter of 2026 is over."""
    for rm, amount in (("r1", "300000"), ("r2", "5000")):
        story.counted(f"{rm}-a", "deposit", rm=rm, quantity="1", amount=amount)
        story.counted(f"{rm}-b", "visit", rm=rm, quantity="9")
    story.clock.set("2026-04-20")
    story.close_days("2026-04-18", "2026-04-19")


def tiers(model: ReadModel, quarter: Quarter = Q1) -> dict[str, str | None]:
    return {grade.rm: grade.tier for grade in model.grades(quarter).grades}


def lenient(text: str) -> str:
    """The same scheme, whose tiers ask for a third of their scores."""
    for floor in ("90", "70", "60"):
        text = text.replace(f'floor = "{floor}"', f'floor = "{int(floor) // 3}"')
    return text


def test_a_retroactive_version_says_whom_it_changes_and_then_does_just_that(story: TestBank) -> None:
    worked(story)
    text = lenient(version("lenient", date(2026, 1, 1), ("personal",), ("east",)))
    with story.following() as model:
        before = tiers(model)
        done(story.bank.propose_scheme(text, "lead"))
        model.follower.catch_up()
        assert tiers(model) == before, "what waits changes nothing"
        found = model.scheme_changes("lenient", date(2026, 1, 1))
        assert found
        assert [(one.quarter, one.graded) for one in found.quarters] == [("2026Q1", 2), ("2026Q2", 2)]
        assert found.quarters[0].changed == len([one for one in found.changes if one.quarter == "2026Q1"]) > 0
        changed = {one.after.rm: (one.before.tier, one.after.tier) for one in found.changes if one.quarter == "2026Q1"}
        assert {rm: then for rm, (then, _) in changed.items()} == {rm: before[rm] for rm in changed}
        done(story.bank.approve_scheme("lenient", date(2026, 1, 1), digest_of(text), "head"))
        model.follower.catch_up()
        after = tiers(model)
        assert after == before | {rm: tier for rm, (_, tier) in changed.items()}
        assert model.scheme_changes("lenient", date(2026, 1, 1)) is None
        with story.following() as other:
            other.follower.rebuild()
            assert tables(other) == tables(model)


def test_a_version_that_moves_scores_and_no_tier_says_whose(story: TestBank) -> None:
    worked(story)
    text = version("finer", date(2026, 1, 1), ("personal",), ("head",)).replace('points = "0.5"', 'points = "0.4"')
    done(story.bank.propose_scheme(text, "lead"))
    with story.following() as model:
        found = model.scheme_changes("finer", date(2026, 1, 1))
        assert found
        assert [(one.changed, one.rescored) for one in found.quarters] == [(0, 2), (0, 0)]
        moved = {one.after.rm: (one.changed, one.before.score, one.after.score) for one in found.changes}
        before = {one.rm: one.score for one in model.grades(Q1).grades}
        done(story.bank.approve_scheme("finer", date(2026, 1, 1), digest_of(text), "head"))
        model.follower.catch_up()
        after = {one.rm: one.score for one in model.grades(Q1).grades}
        assert moved == {rm: ("score", before[rm], after[rm]) for rm in ("r1", "r2")}
        assert before["r1"] != after["r1"]


def test_who_has_no_grade_either_way_is_counted_apart(story: TestBank) -> None:
    done(story.register("r9", position="trainee"))
    done(story.bank.propose_scheme(version("trainees", date(2026, 1, 1), ("trainee",), ("head",)), "lead"))
    with story.following() as model:
        found = model.scheme_changes("trainees", date(2026, 1, 1))
        assert found
        assert (found.changes[0].before.status, found.changes[0].after.status) == ("no-scheme", "no-contract")
        assert [(one.changed, one.ungraded) for one in found.quarters] == [(1, 1)]


def test_changes_come_page_by_page(story: TestBank) -> None:
    worked(story)
    text = lenient(version("lenient", date(2026, 1, 1), ("personal",), ("head",)))
    done(story.bank.propose_scheme(text, "lead"))
    with story.following() as model:
        whole = model.scheme_changes("lenient", date(2026, 1, 1))
        assert whole
        assert len(whole.changes) > 1
        paged, after = [], ""
        while (page := model.scheme_changes("lenient", date(2026, 1, 1), after, len(whole.changes) - 1)) and page.after:
            paged += page.changes
            after = page.after
        assert page
        assert [*paged, *page.changes] == whole.changes
        assert page.quarters == whole.quarters


def test_a_version_ends_where_another_takes_its_place_and_is_to_come_before_its_day(story: TestBank) -> None:
    done(story.publish(version("newer", date(2026, 1, 1), ("personal",), ("head",))))
    done(story.publish(version("newer", date(2026, 4, 1), ("personal",), ("head",))))
    done(story.bank.propose_scheme(version("newest", date(2026, 7, 1)), "lead"))
    with story.following() as model:
        states = {(one.scheme, str(one.effective)): one.state for one in model.schemes(with_proposed=True)}
        assert states == {
            ("newest", "2026-07-01"): "proposed",
            ("newer", "2026-04-01"): "coming",
            ("newer", "2026-01-01"): "in-force",
            ("tests", "2026-01-01"): "ended",
        }
        assert [one.scheme for one in model.schemes()] == ["newer", "newer", "tests"]
        found = model.scheme("newest", date(2026, 7, 1), with_proposed=True)
        assert found
        assert (found.version.state, model.scheme("newest", date(2026, 7, 1))) == ("proposed", None)
        past = model.schemes(as_of=story.bank.log.select_first_positions(["rm:r1"])["rm:r1"])
        assert [(one.scheme, one.state) for one in past] == [("tests", "in-force")]


def test_who_moves_between_outlets_falls_under_the_scheme_of_that_of_most_working_days(story: TestBank) -> None:
    done(story.publish(version("southern", date(2026, 1, 1), ("personal",), ("south",))))
    for rm, day in (("r1", "2026-02-02"), ("r3", "2026-03-02")):
        done(story.register(rm, "south", **{"from": day}))
    with story.following() as model:
        assert {one.rm: one.scheme for one in model.grades(Q1).grades} == {
            "r1": "southern", "r2": "southern", "r3": "tests",
        }  # fmt: skip


def test_a_unit_that_moves_in_the_tree_takes_its_people_under_the_scheme_there(story: TestBank) -> None:
    done(story.publish(version("northern", date(2026, 1, 1), ("personal",), ("south",))))
    with story.following() as model:
        done(story.bank.open_units([{"org": "east", "parent": "south", "level": "desk", "name": "East"}], "lead")[0])
        model.follower.catch_up()
        assert {one.scheme for one in model.grades(Q1).grades} == {"northern"}


def test_the_check_says_with_how_many_of_those_whom_a_text_would_appraise_a_target_is_missing(story: TestBank) -> None:
    done(story.register("r4"))
    renamed = SCHEME.replace('id = "funds"', 'id = "wealth"')
    with story.following() as model:
        told = {one.key: one for one in model.check_scheme(renamed).findings if one.rule == "target"}
        assert {key: one.severity for key, one in told.items()} == {
            "indicators.savings": "note",
            "indicators.wealth": "warning",
        }
        assert "agree on targets with 1 of 4 RMs for 2026Q1" in told["indicators.savings"].message
        assert "agree on targets with 4 of 4 RMs for 2026Q1" in told["indicators.wealth"].message
        other = model.check_scheme(re.sub("positions = .*", 'positions = ["trainee"]', renamed))
        assert (other.rms, [one.key for one in other.findings if one.rule == "target"]) == (0, ["indicators.savings"])


def test_the_check_of_a_text_with_a_mistake_looks_at_no_bank(story: TestBank) -> None:
    with story.following() as model:
        checked = model.check_scheme(SCHEME.replace('half = "up"', 'half = "down"'))
        assert (checked.is_publishable, checked.quarter, [one.key for one in checked.findings]) == (
            False,
            None,
            ["rounding.half"],
        )


FEW_EXCELLENT = """
[[quotas]]
id = "few"
clause = "1"
en = "At most half are excellent"
zh = "优秀不超过一半"
tier = "excellent"
at_most = "0.5"
heads = "floor"
smallest = 2
ties = "fall"

"""


def test_who_was_compared_with_those_whom_a_version_takes_away_is_told_too(story: TestBank) -> None:
    worked(story)
    text = lenient(version("compared", date(2026, 1, 1), ("personal",), ("head",)))
    done(story.publish(text.replace("[[tiers]]", f"{FEW_EXCELLENT}[[tiers]]", 1)))
    draft = version("eastern", date(2026, 1, 1), ("personal",), ("east",))
    done(story.bank.propose_scheme(draft, "lead"))
    with story.following() as model:
        before = tiers(model)
        found = model.scheme_changes("eastern", date(2026, 1, 1))
        assert found
        told = {one.after.rm: one.after.tier for one in found.changes if one.quarter == "2026Q1"}
        done(story.bank.approve_scheme("eastern", date(2026, 1, 1), digest_of(draft), "head"))
        model.follower.catch_up()
        assert tiers(model) == before | told
        assert "r2" in told
