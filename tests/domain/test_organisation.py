"""The organisation tree: one root, no circle, a line at a time."""

from pathlib import Path

import pytest

from domain import organisation
from domain.organisation import MOST_LEVELS, ancestors
from tests.bank import UNITS, TestBank, all_done, done, outcomes, refused


def open_unit(story: TestBank, org: str, parent: str, name: str = "A unit") -> object:
    return story.bank.open_units([{"org": org, "parent": parent, "level": "outlet", "name": name}], "lead")[0]


def refused_unit(story: TestBank, org: str, parent: str) -> list[tuple[str, str]]:
    lines = [{"org": org, "parent": parent, "level": "outlet", "name": "A unit"}]
    return refused(story.bank.open_units(lines, "lead")[0])


def test_a_unit_is_opened_below_its_parent(story: TestBank) -> None:
    open_unit(story, "west", "branch")
    assert story.types("org:west") == ["UnitOpened"]
    assert list(ancestors("west", story.bank.register.units)) == ["west", "branch", "head"]


@pytest.mark.parametrize("at_once", [1, 2, 5_000])
def test_a_line_may_stand_on_a_line_before_it_and_not_on_one_after(
    story: TestBank, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("domain.deciding.CHUNK", at_once)
    lines = [
        {"org": "desk", "parent": "west", "level": "desk", "name": "Desk"},
        {"org": "west", "parent": "branch", "level": "outlet", "name": "West"},
        {"org": "counter", "parent": "west", "level": "desk", "name": "Counter"},
    ]
    assert outcomes(story.bank.open_units(lines, "lead")) == ["unknown", "accepted", "accepted"]


def test_the_same_unit_again_is_a_duplicate_without_an_event(story: TestBank) -> None:
    assert outcomes(story.bank.open_units(UNITS, "lead")) == ["duplicate"] * 4
    assert story.types("org:east") == ["UnitOpened"]


def test_a_unit_with_another_name_or_parent_is_changed(story: TestBank) -> None:
    all_done(story.bank.open_units([{"org": "east", "parent": "south", "level": "desk", "name": "East"}], "lead"))
    assert story.types("org:east") == ["UnitOpened", "UnitChanged"]
    assert list(ancestors("east", story.bank.register.units)) == ["east", "south", "branch", "head"]


def test_a_second_root_is_refused(story: TestBank) -> None:
    assert refused_unit(story, "other-bank", "") == [("not-allowed", "parent")]


def test_a_unit_below_an_unknown_one_is_refused(story: TestBank) -> None:
    assert refused_unit(story, "west", "nowhere") == [("unknown", "parent")]


def test_a_unit_can_not_lie_below_itself(story: TestBank) -> None:
    assert refused_unit(story, "branch", "east") == [("not-allowed", "parent")]
    assert refused_unit(story, "branch", "branch") == [("not-allowed", "parent")]


def test_the_root_can_not_be_put_below_another_unit(story: TestBank) -> None:
    assert refused_unit(story, "head", "east") == [("not-allowed", "parent")]


def chain(first: int, last: int, top: str) -> list[dict[str, str]]:
    """Units named after their level, each below the one before, the first below `top`."""
    return [
        {"org": f"u{number}", "parent": top if number == first else f"u{number - 1}", "level": "desk", "name": "A desk"}
        for number in range(first, last + 1)
    ]


def test_a_tree_has_a_last_level(story: TestBank) -> None:
    all_done(story.bank.open_units(chain(4, MOST_LEVELS, "east"), "lead"))
    assert refused_unit(story, "beyond", f"u{MOST_LEVELS}") == [("not-allowed", "parent")]
    open_unit(story, "beside", f"u{MOST_LEVELS - 1}")
    assert story.types("org:beside") == ["UnitOpened"]


def test_a_unit_is_not_moved_where_what_lies_below_it_would_stand_too_deep(story: TestBank) -> None:
    all_done(story.bank.open_units([*chain(4, MOST_LEVELS, "east"), *chain(101, 103, "south")], "lead"))
    assert refused_unit(story, "u101", f"u{MOST_LEVELS - 2}") == [("not-allowed", "parent")]
    open_unit(story, "u101", f"u{MOST_LEVELS - 3}")
    assert story.types("org:u101") == ["UnitOpened", "UnitChanged"]


def test_what_stands_deeper_already_is_listed_and_can_be_renamed_and_moved_up(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organisation, "MOST_LEVELS", 10_000)
    all_done(story.bank.open_units(chain(4, 1_100, "east"), "lead"))
    monkeypatch.undo()
    with story.following() as model:
        assert max(unit.depth for unit in model.units()) == 1_099
    open_unit(story, "u1100", "u1099", "Another name")
    open_unit(story, "u1100", "east", "Another name")
    assert story.types("org:u1100") == ["UnitOpened", "UnitChanged", "UnitChanged"]


def test_an_empty_bank_takes_its_root_first(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    assert refused_unit(story, "east", "head") == [("unknown", "parent")]
    done(story.bank.open_units(UNITS[:1], "lead")[0])
    story.close()
