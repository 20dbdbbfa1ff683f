"""People compared with each other, followed live: whoever is compared is graded anew with whom they are compared to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.calendar import Quarter
from projections.read_model import ReadModel
from tests.bank import COMPARED, Q1, Q2, TestBank, answers, done, tables


@pytest.fixture
def story(tmp_path: Path) -> Iterator[TestBank]:
    story = TestBank(tmp_path).founded(COMPARED)
    yield story
    story.close()


def place(model: ReadModel, rm: str, as_of: int | None = None, quarter: Quarter = Q1) -> tuple[int | None, int | None]:
    card = model.scorecard(rm, quarter, as_of=as_of)
    assert card
    (line,) = (line for line in card.lines if line.indicator == "visits")
    return line.place, line.peers


def target(model: ReadModel, quarter: Quarter, as_of: int | None = None) -> tuple[str, str]:
    card = model.scorecard("r1", quarter, as_of=as_of)
    assert card
    (line,) = (line for line in card.lines if line.indicator == "calls")
    return str(line.target), str(line.carried)


def same_as_rebuilt(story: TestBank, live: ReadModel) -> None:
    with story.following() as rebuilt:
        assert tables(live) == tables(rebuilt)
        assert answers(live) == answers(rebuilt)


def test_who_is_overtaken_has_a_lower_place_without_having_done_anything(story: TestBank) -> None:
    with story.following() as model:
        assert (place(model, "r1"), place(model, "r2"), place(model, "r3")) == ((2, 2), (1, 1), (2, 2))
        story.counted("a", rm="r1")
        model.follower.catch_up()
        before = model.follower.position
        assert (place(model, "r1"), place(model, "r3")) == ((1, 2), (2, 2))
        story.counted("b", rm="r3", quantity="2")
        model.follower.catch_up()
        assert (place(model, "r1"), place(model, "r3")) == ((2, 2), (1, 2))
        assert (place(model, "r1", as_of=before), place(model, "r3", as_of=before)) == ((1, 2), (2, 2))
        same_as_rebuilt(story, model)


def test_who_comes_to_another_unit_is_compared_there_and_missed_where_they_were(story: TestBank) -> None:
    with story.following() as model:
        before = model.follower.position
        done(story.register("r3", "south", **{"from": "2026-02-02"}))
        model.follower.catch_up()
        assert [place(model, rm)[1] for rm in ("r1", "r2", "r3")] == [1, 2, 2]
        assert [place(model, rm, as_of=before)[1] for rm in ("r1", "r2", "r3")] == [2, 1, 2]
        same_as_rebuilt(story, model)


def test_another_tree_has_other_groups(story: TestBank) -> None:
    with story.following() as model:
        (changed,) = story.bank.open_units(
            [{"org": "south", "parent": "east", "level": "desk", "name": "South"}], "lead"
        )
        done(changed)
        model.follower.catch_up()
        assert [place(model, rm)[1] for rm in ("r1", "r2", "r3")] == [3, 3, 3]
        same_as_rebuilt(story, model)


def test_what_was_missing_is_asked_of_the_next_quarter_and_what_comes_late_takes_it_back(story: TestBank) -> None:
    with story.following() as model:
        story.clock.set("2026-08-10")
        story.counted("c1", "call")
        story.counted("c2", "call", occurred_on="2026-07-01")
        model.follower.catch_up()
        before = model.follower.position
        carried = [target(model, quarter) for quarter in (Q1, Q2, Q2.next)]
        assert carried == [("4", "0"), ("7", "3"), ("11", "7")]
        for n in range(9):
            story.counted(f"l{n}", "call", occurred_on="2026-01-15")
            model.follower.catch_up()
        assert [target(model, quarter) for quarter in (Q1, Q2, Q2.next)] == [("4", "0"), ("4", "0"), ("8", "4")]
        assert [target(model, quarter, before) for quarter in (Q1, Q2, Q2.next)] == carried
        same_as_rebuilt(story, model)


def test_a_new_year_begins_without_what_was_missing(story: TestBank) -> None:
    story.clock.set("2027-01-10")
    story.counted("c", "call", occurred_on="2027-01-04")
    with story.following() as model:
        assert [target(model, Quarter(2026, 4)), target(model, Quarter(2027, 1))] == [("16", "12"), ("4", "0")]


def test_a_quota_moves_the_lowest_down_and_the_scorecard_names_it(story: TestBank) -> None:
    for rm, amount in (("r1", "5000"), ("r2", "4000"), ("r3", "5000")):
        story.counted(f"f{rm}", "fund", rm=rm, amount=amount)
        story.counted(f"d{rm}", "deposit", rm=rm, amount="90000", customer="C1", occurred_on="2026-01-02")
        for n in range(4):
            story.counted(f"{rm}c{n}", "call", rm=rm)
    with story.following() as model:
        tiers = {grade.rm: grade.tier for grade in model.grades(Q1).grades}
        card = model.scorecard("r1", Q1, explain=True)
        assert tiers == {"r1": "unqualified", "r2": "excellent", "r3": "unqualified"}
        assert card
        assert [told.sentence.en for told in card.told if told.about == "tier"][-1] == (
            "Few on top: of 3 graded people 2 have to be Unqualified or lower, 0 were; the lowest scores follow: "
            "Unqualified, coefficient 0.5 at most."
        )
        assert card.next_tier
        assert [one.en for one in card.next_tier.compared] == ["Few on top"]


@pytest.mark.parametrize(
    ("part", "taken", "reasons"),
    [
        ("0.1", "Few on top: in a group of 3 at most 0 can be Basically qualified or better.", set()),
        (
            "0.4",
            "Few on top: in a group of 3 at most 1 can be Basically qualified or better, "
            "and as many better scores stand before.",
            {"outdone"},
        ),
        ("1", None, set()),
    ],
)
def test_no_way_is_promised_that_a_quota_would_take_back(
    tmp_path: Path, part: str, taken: str | None, reasons: set[str]
) -> None:
    story = TestBank(tmp_path).founded(COMPARED.replace('at_most = "0.4"', f'at_most = "{part}"'))
    for rm, amount in (("r1", "1000"), ("r2", "5000")):
        story.counted(f"f{rm}", "fund", rm=rm, amount=amount)
        story.counted(f"d{rm}", "deposit", rm=rm, amount="90000", customer="C1", occurred_on="2026-01-02")
    for n in range(4):
        story.counted(f"c{n}", "call", rm="r2")
    with story.following() as model:
        now, then = (model.scorecard("r3", Q1, as_of=at, explain=True) for at in (None, model.follower.position))
    assert now
    assert then
    assert now.next_tier == then.next_tier
    better = now.next_tier
    assert better
    assert [one.en for one in better.taken] == ([taken] if taken else [])
    assert bool(better.ways) is (taken is None)
    assert {one.reason for one in better.out_of_reach} >= reasons
    assert [one.en for one in better.compared] == ["Few on top"]
    story.close()
