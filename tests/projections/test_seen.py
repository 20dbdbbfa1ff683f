"""What peers see of a board: places and names, no figures; of the lower half their neighbours; elsewhere aliases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from domain.organisation import Unit
from projections.answers import Leaderboard, LeaderboardHistory, Overtaker, Standing, Trace
from projections.board_rules import Seen
from projections.boards import Ranking, ranked
from projections.former import Ranks
from projections.seen import EVERYTHING, Eyes, Sight
from tests.projections.test_boards import BARE, WORDS

OUTLETS = ("east", "west")
UNITS = {
    "head": Unit(1, "head", None, "head-office", "Head"),
    "east": Unit(1, "east", "head", "outlet", "East"),
    "west": Unit(1, "west", "head", "outlet", "West"),
}


def ranking(merits: Sequence[int]) -> Ranking:
    """r0, r1 ... in this order, in turn of the one and of the other outlet."""
    rows = [
        {"rm": f"r{n}", "org": OUTLETS[n % 2], "org_name": None, "tier": None, "value": m, "merit": m, "people": None}
        for n, m in enumerate(merits)
    ]
    return ranked(pa.Table.from_pylist(rows))


def standing(n: int, merit: int) -> Standing:
    return Standing(
        rank=n + 1, tied=False, rm=f"r{n}", name=f"Name {n}", org=OUTLETS[n % 2], org_name=OUTLETS[n % 2], tier=None,
        tier_name=None, value=Decimal(merit),
    )  # fmt: skip


def sight(
    own: int | None, seen: Seen, merits: Sequence[int], covers: Callable[[str], bool] | None = None,
    aliases: Mapping[str, str] = {},
) -> Sight:  # fmt: skip
    """A board before the eyes of one of its RMs, or of somebody in the east."""
    rm = None if own is None else f"r{own}"
    org = OUTLETS[(own or 0) % 2]
    return Sight(
        Eyes("one", covers or (lambda each: each == rm), rm, org), ranking(merits), seen, UNITS,
        lambda rms: {one: aliases[one] for one in rms if one in aliases},
    )  # fmt: skip


def shown(one: Sight, merits: Sequence[int]) -> list[tuple[str | None, str, Decimal | None]]:
    board = BARE.model_copy(update={"standings": [standing(n, m) for n, m in enumerate(merits)]})
    return [(row.rm, row.name, row.value) for row in one.board(board).standings]


TEN = tuple(range(100, 0, -10))


@pytest.mark.parametrize(
    ("own", "neighbours", "named"),
    [(0, 2, [0, 1, 2, 3, 4]), (8, 1, [0, 1, 2, 3, 4, 7, 8, 9]), (9, 0, [0, 1, 2, 3, 4, 9]), (6, 2, [*range(9)]),
     (None, 2, [0, 1, 2, 3, 4])],
)  # fmt: skip
def test_of_the_lower_half_only_ones_own_neighbourhood_is_named(
    own: int | None, neighbours: int, named: list[int]
) -> None:
    rows = shown(sight(own, Seen(neighbours=neighbours), TEN), TEN)
    assert [rm for rm, _, _ in rows] == [f"r{n}" for n in named]


def test_on_a_board_that_is_not_ones_own_nobody_is_named_but_whom_one_is_above() -> None:
    foreign = replace(sight(None, Seen(), TEN, covers=lambda rm: rm == "r9"), is_own=False)
    assert [rm for rm, *_ in shown(foreign, TEN)] == ["r9"]
    told = foreign.board(BARE.model_copy(update={"tiers": {"good": 3}}))
    assert (told.is_own, told.tiers) == (False, {})
    named = replace(foreign, seen=Seen(lower_half=True))
    assert len(shown(named, TEN)) == len(TEN)
    assert named.board(BARE.model_copy(update={"tiers": {"good": 3}})).tiers == {"good": 3}


def test_where_no_unit_of_the_level_is_above_somebody_they_are_of_their_own_unit_alone() -> None:
    one = sight(2, Seen(lower_half=True, alias_outside=("sub-branch",)), TEN)
    assert [rm for rm, *_ in shown(one, TEN)] == [f"r{n}" if n % 2 == 0 else None for n in range(10)]


def test_equals_of_the_last_of_the_upper_half_are_of_it_and_of_an_odd_number_the_middle_one_is() -> None:
    tied = (9, 8, 5, 5, 5, 1)
    assert [rm for rm, *_ in shown(sight(0, Seen(neighbours=0), tied), tied)] == ["r0", "r1", "r2", "r3", "r4"]
    odd = (9, 8, 7, 6, 5)
    assert [rm for rm, *_ in shown(sight(0, Seen(neighbours=0), odd), odd)] == ["r0", "r1", "r2"]


def test_figures_are_ones_own_and_of_whom_one_is_above_unless_the_scheme_shows_them() -> None:
    peers = shown(sight(2, Seen(lower_half=True), TEN), TEN)
    assert [rm for rm, _, value in peers if value is not None] == ["r2"]
    above = shown(sight(None, Seen(), TEN, covers=lambda rm: rm in ("r1", "r9")), TEN)
    assert [rm for rm, _, value in above if value is not None] == ["r1", "r9"]
    open_ = shown(sight(2, Seen(lower_half=True, value=True), TEN), TEN)
    assert [value for *_, value in open_] == [Decimal(each) for each in TEN]


def test_outside_the_own_outlet_an_alias_stands_or_none_and_neither_id_nor_unit() -> None:
    seen = Seen(lower_half=True, alias_outside=("outlet",))
    one = sight(2, seen, TEN, aliases={"r1": "Bamboo", "r0": "Plum"})
    rows = shown(one, TEN)
    assert rows[:4] == [("r0", "Name 0", None), (None, "Bamboo", None), ("r2", "Name 2", Decimal(80)), (None, "", None)]
    board = one.board(BARE.model_copy(update={"standings": [standing(1, 90)]}))
    assert (board.standings[0].org, board.standings[0].org_name) == (None, "")


def history_of(traces: list[Trace], passed: Sequence[int] = ()) -> LeaderboardHistory:
    return LeaderboardHistory(
        moment=BARE.moment, quarter="2026Q1", scope="head", by="score", unit=WORDS, days=[BARE.moment.today],
        ranked_within="scope", traces=traces, overtakers=len(passed),
        overtaken_by=[Overtaker(rm=f"r{n}", name=f"Name {n}", rank=n + 1, rank_before=10) for n in passed],
    )  # fmt: skip


def weeks_of(n: int) -> Trace:
    return Trace(rm=f"r{n}", name=f"Name {n}", values=[Decimal(1)], ranks=[n + 1])


def around(*places: int) -> Leaderboard:
    """A board of which only the rows around somebody are told."""
    return BARE.model_copy(update={"around": [standing(n, TEN[n]) for n in places]})


def test_a_history_names_only_whom_the_board_names_and_counts_those_who_passed() -> None:
    one = sight(9, Seen(neighbours=0, alias_outside=("outlet",)), TEN, aliases={"r0": "Plum"})
    standings = [standing(n, m) for n, m in enumerate(TEN)]
    board = BARE.model_copy(update={"standings": standings, "around": standings[-1:]})
    seen = one.history(history_of([weeks_of(n) for n in range(10)], (1, 2, 7)), board, "r9")
    assert [(trace.rm, trace.name) for trace in seen.traces] == [
        (None, "Plum"), ("r1", "Name 1"), (None, ""), ("r3", "Name 3"), (None, ""), ("r9", "Name 9"),
    ]  # fmt: skip
    assert [trace.values for trace in seen.traces] == [[None]] * 5 + [[Decimal(1)]]
    assert ([one.rm for one in seen.overtaken_by], seen.overtakers) == (["r1"], 3)


def test_who_stood_in_the_lower_half_before_is_not_told_with_the_rank_of_then() -> None:
    """r1 came from the 8th place to the 2nd, r2 from the 4th; 5 of 10 are the upper half."""
    before = Ranks({f"r{n}": n for n in range(10)}, np.array([1, 8, 4, 2, 3, 5, 6, 7, 9, 10]))
    board = BARE.model_copy(update={"standings": [moved(n, was) for n, was in enumerate((1, 8, 4))]})
    board = board.model_copy(update={"around": [moved(9, 10)]})
    weeks = [
        Trace(rm=f"r{n}", name=f"Name {n}", values=[Decimal(1)] * 3, ranks=[was, was, n + 1])
        for n, was in ((0, 1), (1, 8), (2, 4), (9, 10))
    ]
    history = history_of(weeks, (1, 2)).model_copy(
        update={
            "overtaken_by": [Overtaker(rm=f"r{n}", name="", rank=n + 1, rank_before=was) for n, was in ((1, 8), (2, 4))]
        }
    )

    def told(seen: Seen, covers: Callable[[str], bool] | None = None) -> tuple[object, ...]:
        one = replace(sight(9, seen, TEN, covers), former=before)
        found = one.history(history, board, "r9", [5, None])
        return (
            [row.movement for row in one.board(board).standings],
            {trace.rm: (trace.ranks, [value is not None for value in trace.values]) for trace in found.traces},
            [each.rm for each in found.overtaken_by],
            found.overtakers,
        )

    hidden = told(Seen(value=True))
    assert hidden == (
        [0, None, 1],
        {
            "r0": ([1, 1, 1], [True, True, True]), "r1": ([None, 8, 2], [False, True, True]),
            "r2": ([4, 4, 3], [True, True, True]), "r9": ([10, 10, 10], [True, True, True]),
        },
        ["r2"], 2,
    )  # fmt: skip
    for open_ in (told(Seen(value=True, lower_half=True)), told(Seen(value=True), lambda _: True)):
        assert open_[0] == [0, 6, 1]
        assert open_[2] == ["r1", "r2"]


def test_the_upper_half_of_then_takes_in_the_middle_one_and_its_equals() -> None:
    def half(*ranks: int) -> int:
        return Ranks({}, np.array(ranks)).upper_half

    assert (half(3, 1, 2), half(1, 2, 3, 4), half(2, 1, 2, 4), half(1, 0, 0), half(0)) == (2, 2, 2, 1, 0)


def moved(n: int, was: int) -> Standing:
    return standing(n, TEN[n]).model_copy(update={"movement": was - n - 1})


@pytest.mark.parametrize(
    ("sought", "seen"), [(1, Seen(lower_half=True, alias_outside=("outlet",))), (8, Seen(neighbours=0))],
    ids=["under an alias", "of the lower half"],
)  # fmt: skip
def test_whom_one_does_not_see_by_name_one_does_not_find_by_asking_around_them(sought: int, seen: Seen) -> None:
    one, near = sight(2, seen, TEN), range(sought - 1, sought + 2)
    assert one.board(around(*near), f"r{sought}").around == []
    told = one.history(history_of([weeks_of(sought)], (0,)), around(*near), f"r{sought}")
    assert (told.traces, told.overtakers, told.overtaken_by) == ([], 0, [])
    assert len(one.board(around(1, 2), "r2").around) == 2


def test_who_is_above_everybody_sees_the_board_as_it_is() -> None:
    assert EVERYTHING.covers("anybody")
    assert shown(Sight(EVERYTHING, ranking(TEN), Seen(), UNITS, lambda _: {}), TEN)[-1] == ("r9", "Name 9", Decimal(10))


def test_the_weeks_of_units_are_everybodys_to_see() -> None:
    weeks = [Trace(rm=None, name="East", values=[Decimal(1)], ranks=[1])]
    history = LeaderboardHistory(
        moment=BARE.moment, quarter="2026Q1", scope="head", by="outlets", unit=WORDS, days=[BARE.moment.today],
        ranked_within="scope", traces=weeks,
    )  # fmt: skip
    assert sight(9, Seen(), TEN).history(history, BARE).traces == weeks
