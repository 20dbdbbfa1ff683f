"""Boards in memory: made once for a position from the one before, told in blocks, kept as JSON within a bound."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from domain.erasure import erase_texts
from domain.refusal import Refused
from projections import boards
from projections.answers import Leaderboard, Moment, Standing, Words
from projections.board_figures import Figures
from projections.board_making import Made
from projections.board_rules import Part, Rule, Seen
from projections.boards import Board, Boards, Row, ranked
from projections.read_model import ReadModel
from tests.bank import BOARDS, HOMES, Q1, TestBank, done

WORDS = Words(en="points", zh="分")
BARE = Leaderboard(
    moment=Moment(position=1, today=date(2026, 4, 1), past=False), quarter="2026Q1", scope="head", scope_name="Head",
    by="score", unit=WORDS, tie_rule=WORDS, boards=[], ranked=0, unranked=0, standings=[], around=[], tiers={},
)  # fmt: skip


RULE = Rule("score", WORDS, WORDS, 1, (Part("score", "score", 100),))
PEOPLE = object()


def tell(rows: list[Row]) -> list[Standing]:
    return [
        Standing(
            rank=row["place"], tied=row["tied"], rm=row["rm"], name=row["rm"], org=row["org"], org_name=row["org"],
            tier=row["tier"], tier_name=None, value=Decimal(row["value"]),
        )
        for row in rows
    ]  # fmt: skip


def table_of(merits: dict[str, int]) -> pa.Table:
    """The rows of a board as the SQL gives them."""
    best_first = sorted(merits.items(), key=lambda item: (-item[1], item[0]))
    rows = [
        {"rm": rm, "org": "east", "org_name": None, "tier": None, "value": n, "merit": n, "people": None}
        for rm, n in best_first
    ]
    return pa.Table.from_pylist(rows)


def merits_of(people: int) -> dict[str, int]:
    return {f"r{place:05}": people - place // 2 for place in range(people)}


def made_of(merits: dict[str, int]) -> Made:
    return Made(ranked(table_of(merits)), BARE, RULE, Seen(), Figures((), {}, 1))


def board_of(people: int, told: Callable[[list[Row]], list[Standing]] = tell) -> Board:
    return Board(made_of(merits_of(people)), BARE, told, PEOPLE)


class Telling:
    """Tells, and remembers of whom it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, rows: list[Row]) -> list[Standing]:
        self.asked += [row["rm"] for row in rows]
        return tell(rows)


@pytest.mark.parametrize("place", [0, 1, 97, 99, 100, 101, 249, 299])
@pytest.mark.parametrize("limit", [0, 1, 99, 100, 101, 300, 1_000])
def test_rows_told_in_blocks_are_the_rows_of_the_ranking(place: int, limit: int) -> None:
    board = board_of(300)
    answer = board.answer(limit, f"r{place:05}")
    expected = [
        Standing(
            rank=each // 2 * 2 + 1, tied=True, rm=f"r{each:05}", name=f"r{each:05}", org="east", org_name="east",
            tier=None, tier_name=None, value=Decimal(300 - each // 2),
        )
        for each in range(300)
    ]  # fmt: skip
    assert answer.standings == expected[:limit]
    assert answer.around == expected[max(0, place - 2) : place + 3]


def test_a_row_is_told_once_whoever_asks() -> None:
    telling = Telling()
    board = board_of(250, telling)
    for place in range(250):
        board.answer(120, f"r{place:05}")
    assert sorted(telling.asked) == [f"r{place:05}" for place in range(250)]


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        ({}, []),
        ({"r00200": 1_000, "r00007": 246}, ["r00007", "r00200"]),
        ({"r00099": 150}, ["r00099"]),
        ({"new": 150}, ["new"]),
    ],
    ids=["nothing", "up and down", "equal to the first of the next block", "somebody new"],
)  # fmt: skip
def test_of_the_board_before_only_what_differs_is_told_anew_and_every_rank_is_of_now(
    moved: dict[str, int], told: list[str]
) -> None:
    before, telling = board_of(250), Telling()
    before.answer(250, None)
    merits = merits_of(250) | moved
    after = Board(made_of(merits), BARE, telling, PEOPLE, before)
    answer = after.answer(251, None)
    assert sorted(telling.asked) == told
    assert answer == Board(made_of(merits), BARE, tell, PEOPLE).answer(251, None)
    assert before.answer(250, None) == board_of(250).answer(250, None)


def test_where_the_register_has_moved_every_row_is_told_anew() -> None:
    before, telling = board_of(5), Telling()
    before.answer(5, None)
    Board(made_of(merits_of(5)), BARE, telling, object(), before).answer(5, None)
    assert sorted(telling.asked) == sorted(merits_of(5))


def test_a_board_tells_a_corrected_name_and_forgets_an_erased_one(story: TestBank) -> None:
    for n, rm in enumerate(("r1", "r2", "r3")):
        done(story.record(f"s{n}", "satisfaction", rm=rm, quantity=str(90 - n)))
    with story.following() as model:

        def names() -> list[str]:
            model.follower.catch_up()
            return [each.name for each in model.leaderboard(Q1, by="index").standings]

        assert names() == ["Person r1", "Person r2", "Person r3"]
        done(story.register("r2", HOMES["r2"], name="Person Two"))
        assert names() == ["Person r1", "Person Two", "Person r3"]
        erase_texts(story.bank, "rm", "r1", "lead")
        assert names() == ["r1", "Person Two", "Person r3"]


def test_a_team_is_a_unit_within_the_scope_and_never_a_part_of_one(tmp_path: Path) -> None:
    story = TestBank(tmp_path).founded(BOARDS)
    story.counted("v1", quantity="3")
    with story.following() as model:

        def teams(scope: str) -> list[tuple[str | None, int | None]]:
            return [(row.org, row.people) for row in model.leaderboard(Q1, scope, "branches").standings]

        assert teams("head") == teams("branch") == [("branch", 3)]
        assert teams("east") == []


def test_a_team_is_ranked_with_all_its_people_and_among_nobody_alone(tmp_path: Path) -> None:
    story = TestBank(tmp_path).founded(BOARDS)
    with story.following() as model, pytest.raises(Refused) as refused:
        model.leaderboard(Q1, "head", "branches", among="tenure:0")
    assert [(one.code, one.field) for one in refused.value.refusals] == [("not-allowed", "among")]
    story.close()


VISITED = """
[[board]]
id = "visited"
clause = "1"
en = "Visits"
zh = "拜访"
by = "completion:visits"
periods = ["quarter"]
"""


def test_whatever_has_a_target_has_a_completion_also_where_its_score_looks_at_something_else(tmp_path: Path) -> None:
    story = TestBank(tmp_path).founded(BOARDS + VISITED)
    done(story.agree("r1", visits="9", reason="more"))
    story.counted("v1", quantity="4")
    with story.following() as model:
        board = model.leaderboard(Q1, "head", "visited")
        assert [(row.rm, row.value) for row in board.standings] == [("r1", Decimal("0.444444"))]
    story.close()


def test_a_boards_first_days_are_compared_with_nothing(tmp_path: Path) -> None:
    story = TestBank(tmp_path).founded(BOARDS)
    for rm in HOMES:
        done(story.agree(rm, quarter="2", funds="5", reason="more"))
    story.counted("v1", quantity="4")
    story.clock.set("2026-04-02")
    story.close_days("2026-03-19", "2026-04-01")
    story.counted("v2", quantity="4", occurred_on="2026-04-02")
    with story.following() as model:
        for period in ("2026-04", "2026Q2", "spring"):
            board = model.leaderboard(period, "head", "points")
            assert board.standings
            moved = {row.movement for row in board.standings}
            assert (board.moved_since, moved) == ((date(2026, 3, 26), {0}) if period == "spring" else (None, {None}))
    story.close()


def test_a_board_is_made_once_for_a_position() -> None:
    held, made = Boards(), list[Board | None]()

    def make(before: Board | None) -> Board:
        made.append(before)
        return board_of(3)

    key = ("2026Q1", "", "score", "")
    first = held.at((7, ""), key, make)
    assert held.at((7, ""), key, make) is first
    assert held.at((8, ""), key, make) is not first
    assert made == [None, first]


def test_of_the_answers_kept_those_asked_for_longest_ago_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "HELD", 25)
    held, key = Boards(), ("2026Q1", "", "score", "")
    for limit in (1, 2):
        held.keep(((7, ""), key, limit, None, "all"), b"0123456789")
    assert held.answer(((7, ""), key, 1, None, "all"))
    held.keep(((7, ""), key, 3, None, "all"), b"0123456789")
    assert [held.answer(((7, ""), key, limit, None, "all")) is not None for limit in (1, 2, 3)] == [True, False, True]
    assert held.answer(((8, ""), key, 1, None, "all")) is None


def test_who_left_the_boards_is_not_among_those_that_a_board_counts_now_or_then(tmp_path: Path) -> None:
    story = TestBank(tmp_path)
    story.founded()
    done(story.register("r9"))  # without a contract, and so without a grade
    story.counted("v1", rm="r1")
    before = story.last_position

    def counted(model: ReadModel, as_of: int | None = None) -> tuple[int, int, int]:
        model.follower.catch_up()
        board = model.leaderboard(Q1, as_of=as_of)
        return board.ranked, board.unranked, sum(board.tiers.values())

    with story.following() as model:
        assert counted(model) == (3, 1, 3)
        for rm in ("r1", "r9"):
            done(story.bank.leave_boards(rm, rm))
        assert counted(model) == (2, 0, 2)
        assert counted(model, before) == (2, 0, 2)
        done(story.bank.join_boards("r9", "r9"))
        assert counted(model) == (2, 1, 2)


@pytest.mark.parametrize("by", ["first-there", "funds-first"])
def test_who_was_there_first_is_told_by_what_still_stands_and_by_what_the_board_looks_at(
    tmp_path: Path, by: str
) -> None:
    story, period = TestBank(tmp_path).founded(BOARDS), "2026-W06" if by == "first-there" else "2026Q1"
    for rm in ("r2", "r1", "r3"):
        story.counted(f"f-{rm}", "fund", rm=rm, occurred_on="2026-02-03", amount="100")
    with story.following() as model:

        def order() -> list[str | None]:
            model.follower.catch_up()
            return [row.rm for row in model.leaderboard(period, by=by).standings]

        assert order() == ["r2", "r1", "r3"]
        story.counted("d", "deposit", rm="r2", occurred_on="2026-02-04", amount="50")
        assert order() == ["r2", "r1", "r3"], "a deposit is nothing that the board looks at"
        mistake = story.counted("v", "fund", rm="r2", occurred_on="2026-02-04", amount="50")
        assert order()[0] == "r2", "who has more stands first"
        done(story.bank.void_action(mistake, "by mistake", "boss"))
        assert order() == ["r2", "r1", "r3"], "neither what was taken back nor the taking back counts"
        back = story.counted("w", "fund", rm="r1", occurred_on="2026-02-04", amount="50")
        story.counted(
            "x", "fund", rm="r1", occurred_on="2026-02-05", amount="50", reverses=back.removeprefix("action:")
        )
        assert order() == ["r2", "r1", "r3"], "nor what was reversed, nor the reversal"
    story.close()
