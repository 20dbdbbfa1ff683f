"""How groups stand among the whole bank: medians of percentiles, their intervals, and who is too few to be told."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import comb
from typing import NamedTuple

import pytest

from domain.refusal import Refused
from projections import fairness
from projections.answers.fairness import By, Fairness, FairnessGroup, Side
from projections.fairness import interval_rank
from projections.read_model import ReadModel
from tests.bank import Q1, SCHEME, TestBank, all_done, done

BOARDS = """
[boards]
clause = "1"
en = "The leaderboards"
zh = "榜单"
tenure = ["1", "3"]
"""
COMPARED = SCHEME.replace('positions = ["personal"]', 'positions = ["personal", "lending"]', 1) + BOARDS
WEST = {"org": "west", "parent": "head", "level": "outlet", "name": "West"}
CALLS = {
    "east": (9, 1, 1, 4, 12, 6, 2, 0),  # an even number, with equals among it
    "branch": (3, 5, 5, 7, 8, 10, 11, 13, 14),  # an odd number
    "south": (2, 3, 4, 5, 6, 7, 8),  # one too few
    "west": (4,) * 10,  # all equal
}
"""By unit the calls of each of its RMs, which are a point each."""
JOINED = ("2025-06-01", "2023-03-31", "2024-01-01", "2025-03-20", "2025-03-21", "2023-03-20")
"""The bank's day is 2026-03-20: those of the 4th have served a year on it, those of the 5th a day less."""
BANDS = {
    "2025-06-01": "0",
    "2025-03-21": "0",
    "2025-03-20": "1",
    "2024-01-01": "1",
    "2023-03-31": "1",
    "2023-03-20": "2",
}


class One(NamedTuple):
    """An RM as the groups see them."""

    points: int
    tenure: str
    outlet: str
    position: str

    @property
    def unit(self) -> str:
        """The unit next below the head office."""
        return self.outlet if self.outlet == "west" else "branch"


def people() -> dict[str, One]:
    told = [(org, calls) for org, each in CALLS.items() for calls in each]
    return {
        f"p{n:02}": One(calls, BANDS[JOINED[n % len(JOINED)]], org, "lending" if n % 4 == 1 else "personal")
        for n, (org, calls) in enumerate(told)
    }


EVERYBODY = people()


class Told(NamedTuple):
    """A read model of them all, and the position before somebody had a call more."""

    model: ReadModel
    before: int

    def ask(self, scope: str | None = None, by: By = "points", as_of: int | None = None) -> Fairness:
        return self.model.fairness(Q1, scope, by, as_of)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    story = TestBank(tmp_path_factory.mktemp("fairness"))
    done(story.publish(COMPARED))
    units = [("head", "", "head-office"), ("branch", "head", "branch"), ("east", "branch", "outlet")]
    lines = [{"org": org, "parent": parent, "level": level, "name": org.title()} for org, parent, level in units]
    all_done(story.bank.open_units([*lines, lines[2] | {"org": "south", "name": "South"}, WEST], "lead"))
    all_done(story.bank.register_rms([
        story.rm_line(rm, one.outlet, position=one.position, joined_on=JOINED[n % len(JOINED)])
        for n, (rm, one) in enumerate(EVERYBODY.items())
    ], "lead"))  # fmt: skip
    all_done(story.bank.agree_targets([line for rm in EVERYBODY for line in story.target_lines(rm, "1")], "lead"))
    calls = [
        story.line(f"{rm}-{n}", "call", rm=rm, occurred_on=f"2026-02-{n + 1:02}")
        for rm, one in EVERYBODY.items()
        for n in range(one.points)
    ]
    all_done(story.bank.record_actions(calls, "crm"))
    before = story.last_position
    all_done(story.bank.record_actions([story.line("late", "call", rm="p07", quantity="3")], "crm"))
    done(story.bank.leave_boards("p00", "p00"))
    with story.following() as model:
        yield Told(model, before)
    story.close()


def percentiles(merits: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Of each, the part of the others whom they are not behind, equals counting half; to millionths, half up."""
    found = {}
    for rm, merit in merits.items():
        others = [one for other, one in merits.items() if other != rm]
        behind, equal = sum(one < merit for one in others), sum(one == merit for one in others)
        found[rm] = rounded(Fraction(2 * behind + equal, 2 * len(others)))
    return found


def rounded(value: Fraction) -> Fraction:
    return Fraction(int(value * 1_000_000 + Fraction(1, 2)), 1_000_000)


def reckoned(
    merits: Mapping[str, Fraction], side: Side, within: str | None = None, least: int = 8
) -> dict[str, tuple[Fraction, ...]]:
    """By group of eight or more how many they are, their median and its interval."""
    placed, groups, found = percentiles(merits), dict[str, list[Fraction]](), dict[str, tuple[Fraction, ...]]()
    for rm, one in EVERYBODY.items():
        if within in (None, one.outlet):
            groups.setdefault(getattr(one, side), []).append(placed[rm])
    for name, unsorted in groups.items():
        each, n = sorted(unsorted), len(unsorted)
        if n >= least:
            nth = max(k for k in range(n) if sum(comb(n, less) for less in range(k)) * 1000 <= 25 * 2**n)
            median = rounded((each[(n - 1) // 2] + each[n // 2]) / 2)
            found[name] = (Fraction(n), median, each[nth - 1], each[n - nth])
    return found


def figures(found: Fairness, side: Side) -> Mapping[str, tuple[Fraction, ...]]:
    (told,) = (one for one in found.sides if one.side == side)
    return {
        one.group: (Fraction(one.people), *(Fraction(value) for value in (one.median, one.low, one.high)))
        for one in told.groups
    }


def group(found: Fairness, side: Side, name: str) -> FairnessGroup:
    (one,) = (one for told in found.sides if told.side == side for one in told.groups if one.group == name)
    return one


@pytest.mark.parametrize("side", ["tenure", "outlet", "position"])
def test_medians_and_intervals_are_those_of_fractions(told: Told, side: Side) -> None:
    """Also of who left the boards (p00), of whom nobody is told by name."""
    points = {rm: Fraction(one.points) for rm, one in EVERYBODY.items()} | {"p07": Fraction(3)}
    scores = {one.rm: Fraction(one.score) for one in told.model.grades(Q1).grades if one.score is not None}
    assert len(scores) == len(EVERYBODY)
    assert figures(told.ask(), side) == reckoned(points, side) != {}
    assert figures(told.ask(by="score"), side) == reckoned(scores, side)


def test_the_past_stands_as_it_stood(told: Told) -> None:
    then = told.ask(as_of=told.before)
    assert figures(then, "outlet") == reckoned({rm: Fraction(one.points) for rm, one in EVERYBODY.items()}, "outlet")
    assert then.moment.past
    assert figures(then, "outlet") != figures(told.ask(), "outlet")


def test_a_unit_is_held_against_the_whole_bank(told: Told) -> None:
    points = {rm: Fraction(one.points) for rm, one in EVERYBODY.items()}
    found = told.ask("west", as_of=told.before)
    assert figures(found, "outlet") == reckoned(points, "outlet", "west")
    assert figures(found, "outlet").keys() == {"west"}
    assert [one.hidden for one in found.sides] == [3, 0, 0, 2]


def test_seven_are_hidden_and_eight_are_shown(told: Told) -> None:
    (outlets,) = (one for one in told.ask().sides if one.side == "outlet")
    assert {one.group for one in outlets.groups} == {"east", "branch", "west"}
    assert (outlets.hidden, told.ask().least) == (1, 8)


def test_a_unit_next_below_stands_with_all_under_it(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fairness, "LEAST", 7)
    points = {rm: Fraction(one.points) for rm, one in EVERYBODY.items()}
    found = told.ask(as_of=told.before)
    assert figures(found, "unit") == reckoned(points, "unit", least=7)
    assert figures(found, "unit").keys() == {"branch", "west"}
    assert group(found, "unit", "branch").name == "Branch"


def test_a_unit_is_hidden_where_the_rest_of_it_would_tell_of_a_few(told: Told) -> None:
    """The branch has 24, of whom two outlets' 9 and 8 are shown: the 7 of the third would be known."""
    (units,) = (one for one in told.ask().sides if one.side == "unit")
    assert ([one.group for one in units.groups], units.hidden) == (["west"], 1)


def test_a_unit_above_nothing_but_outlets_is_not_grouped_by_them_twice(told: Told) -> None:
    for scope in ("branch", "west"):
        (units,) = (one for one in told.ask(scope).sides if one.side == "unit")
        assert (units.groups, units.hidden) == ([], 0)


def test_nothing_tells_of_how_many_a_hidden_group_is_the_rest(told: Told) -> None:
    """Whoever knew how many all are could take the shown from them."""
    answer = told.ask().model_dump(exclude={"sides", "moment"})
    assert answer.keys() == {"quarter", "scope", "scope_name", "by", "least"}
    assert {name for one in told.ask().sides for name in one.model_dump()} == {"side", "groups", "hidden"}


def test_a_group_of_all_equals_has_an_interval_of_one_point(told: Told) -> None:
    west = group(told.ask(), "outlet", "west")
    assert west.low == west.median == west.high
    assert (west.name, west.people, west.stands) == ("West", 10, "below")


def test_the_lowest_median_stands_first_and_bands_of_tenure_stand_in_their_order(told: Told) -> None:
    sides = {one.side: one.groups for one in told.ask().sides}
    assert [one.median for one in sides["outlet"]] == sorted(one.median for one in sides["outlet"])
    bands = [(one.group, one.from_years, one.below_years) for one in sides["tenure"]]
    assert bands == [("0", Decimal(0), Decimal(1)), ("1", Decimal(1), Decimal(3))]


@pytest.mark.parametrize(("people", "nth"), [(5, 0), (6, 1), (8, 1), (9, 2), (20, 6), (24, 7), (100, 40)])
def test_an_interval_is_bounded_as_the_tables_of_the_sign_test_say(people: int, nth: int) -> None:
    assert interval_rank(people) == nth


def test_no_unit_is_asked_that_does_not_exist(told: Told) -> None:
    with pytest.raises(Refused):
        told.ask("nowhere")
