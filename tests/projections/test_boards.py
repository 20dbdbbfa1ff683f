"""Boards in memory: made once for a position, told in blocks, kept as JSON within a bound."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from projections import boards
from projections.answers import Leaderboard, Moment, Standing, Words
from projections.boards import Board, Boards, Row, ranked

WORDS = Words(en="points", zh="分")
BARE = Leaderboard(
    moment=Moment(position=1, today=date(2026, 4, 1), past=False), quarter="2026Q1", scope="head", scope_name="Head",
    by="score", unit=WORDS, tie_rule=WORDS, boards=[], ranked=0, unranked=0, standings=[], around=[], tiers={},
)  # fmt: skip


def tell(rows: list[Row]) -> list[Standing]:
    return [
        Standing(
            rank=row["place"], tied=row["tied"], rm=row["rm"], name=row["rm"], org=row["org"], org_name=row["org"],
            tier=row["tier"], tier_name=None, value=Decimal(row["value"]),
        )
        for row in rows
    ]  # fmt: skip


def board_of(people: int, told: Callable[[list[Row]], list[Standing]] = tell) -> Board:
    merits = [people - place // 2 for place in range(people)]
    rows = [(f"r{place:05}", "east", None, None, merit) for place, merit in enumerate(merits)]
    return Board(ranked(rows, merits), BARE, told)


@pytest.mark.parametrize("place", [0, 1, 97, 99, 100, 101, 249, 299])
@pytest.mark.parametrize("limit", [0, 1, 99, 100, 101, 300, 1_000])
def test_rows_told_in_blocks_are_the_rows_of_the_ranking(place: int, limit: int) -> None:
    board = board_of(300)
    answer = board.answer(limit, f"r{place:05}")
    expected = tell([board.ranking.row(each) for each in range(300)])
    assert answer.standings == expected[:limit]
    assert answer.around == expected[max(0, place - 2) : place + 3]


def test_a_row_is_told_once_whoever_asks() -> None:
    told: list[Row] = []

    def telling(rows: list[Row]) -> list[Standing]:
        told.extend(rows)
        return tell(rows)

    board = board_of(250, telling)
    for place in range(250):
        board.answer(120, f"r{place:05}")
    assert sorted(row["rm"] for row in told) == [f"r{place:05}" for place in range(250)]


def test_a_board_is_made_once_for_a_position() -> None:
    held, made = Boards(), []

    def make() -> Board:
        made.append(1)
        return board_of(3)

    key = ("2026Q1", "", "score")
    first = held.at(7, key, make)
    assert held.at(7, key, make) is first
    assert held.at(8, key, make) is not first
    assert len(made) == 2


def test_of_the_answers_kept_those_asked_for_longest_ago_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "HELD", 25)
    held, key = Boards(), ("2026Q1", "", "score")
    for limit in (1, 2):
        held.keep((7, key, limit, None), b"0123456789")
    assert held.answer((7, key, 1, None))
    held.keep((7, key, 3, None), b"0123456789")
    assert [held.answer((7, key, limit, None)) is not None for limit in (1, 2, 3)] == [True, False, True]
    assert held.answer((8, key, 1, None)) is None
