"""Law: after any history, every board of every period, unit and band is what plain Python makes of single people's
figures, now and of the same position in the past; who left the boards is on none."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings

from domain.money import MICRO, MILLI
from domain.organisation import ancestors
from domain.scheme_file.game_entries import Board
from projections import comparisons
from projections.answers import Leaderboard
from projections.periods import Period, around, before, period_of
from projections.read_model import ReadModel
from tests.bank import BOARDS, Q1, TestBank, all_done, done
from tests.laws.histories import EVERY_ACT, Act, History, histories
from tests.reference_of_boards import Known, alike, best_of_unit, board_of
from tests.reference_of_game import known as facts_of

PERIODS = ("2026-W06", "2026-02", "2026Q1", "2026Q2", "spring", "2026")
SCOPES, BANDS = ("head", "east"), ("tenure:0", "tenure:1", "portfolio:0", "portfolio:1")
OTHERS = {"s1": "2026-01-01", "s2": "2025-10-31", "s3": "2024-02-29", "s4": "2025-12-30", "s5": "2026-02-01"}
"""More RMs, by the day on which they joined."""
CLOSED = (Q1,)
"""Quarters that a history may come to close."""
TABLES = (
    "grades", "gates_fired", "score_lines", "game_days", "people", "assignments", "service", "board_choices",
    "closed_days",
)  # fmt: skip


def known(story: TestBank, model: ReadModel) -> Known:
    """What the read model says of single people."""
    rows = rows_by_name(model)
    one = Known(next(iter(story.bank.register.schemes.values())), above(story))
    one.grades = {
        (row["rm"], row["quarter"]): (row["org"], Fraction(row["score"], MICRO))
        for row in rows["grades"] if row["status"] == "graded"
    }  # fmt: skip
    one.gated = {(row["rm"], row["quarter"]) for row in rows["gates_fired"] if row["fired"]}
    one.lines = {
        (row["rm"], row["quarter"], row["indicator"]): (
            Fraction(row["measured"], MILLI),
            None if row["completion"] is None else Fraction(row["completion"], MICRO),
        )
        for row in rows["score_lines"] if row["scored"] and row["measured"] is not None
    }  # fmt: skip
    for row in rows["game_days"]:
        one.days.setdefault(row["rm"], {})[row["day"]] = Fraction(row["points"], MICRO)
    begun = [row for row in rows["people"] if row["event"] in ("RMRegistered", "RMPosted")]
    one.joined = {rm: min(row["from_day"] for row in begun if row["rm"] == rm) for rm in {row["rm"] for row in begun}}
    posts = sorted(rows["assignments"], key=itemgetter("position"))
    newest = {(row["rm"], row["customer"]): row["post"] for row in posts}
    one.customers = Counter(rm for (rm, _), post in newest.items() if post == "A")
    one.facts = facts_of(story.bank.log, story.bank.timezone).facts
    one.served = {(row["rm"], row["quarter"]) for row in rows["service"] if row["scheme"]}
    choices = sorted(rows["board_choices"], key=itemgetter("position"))
    for quarter in CLOSED:
        closes = [row["position"] for row in rows["closed_days"] if row["day"] >= quarter.last_day]
        said = {row["rm"]: row["is_off"] for row in choices if row["position"] < min(closes, default=0) or not closes}
        one.off_at_close[str(quarter)] = {rm for rm, is_off in said.items() if is_off}
    one.off = {rm for rm, choice in story.bank.register.board_choices.items() if choice.left_at}
    return one


def check_badges(model: ReadModel, people: Known, today: date, asked_then: bool) -> None:
    """The badge of who is first of the outlet, of each quarter that is over."""
    badge = next(one for one in people.scheme.badges if one.rank and one.rank.level)
    assert badge.rank
    rms = sorted({rm for rm, _ in people.grades})
    for as_of in (None, model.follower.position) if asked_then else (None,):
        won = {rm: {one.period for one in model.awards(rm, as_of).won if one.badge == badge.id} for rm in rms}
        for quarter in (one for one in CLOSED if one.last_day < today):
            places = best_of_unit(
                people, badge.rank.by, period_of(str(quarter), [people.scheme]), badge.rank.first, str(badge.rank.level)
            )
            assert {rm for rm in rms if str(quarter) in won[rm]} == places


def above(story: TestBank) -> dict[str, dict[str, str]]:
    """By unit, those above by their level."""
    units = story.bank.register.units
    return {org: {units[one].level: one for one in ancestors(org, units)} for org in units}


def rows_by_name(model: ReadModel) -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables that figures of people stand in."""
    with model.follower.connection.cursor() as con:
        return {name: con.table(name).to_arrow_table().to_pylist() for name in TABLES}


def entries(known: Known, period: Period) -> Iterator[Board]:
    """Every board of a period: those of the scheme, and what can always be ranked."""
    stated = [board for board in known.scheme.board if period.kind in board.periods]
    yield from stated
    plain = ["points"] if period.kind in ("week", "month") else ["score", "points", *(
        one.id for one in known.scheme.indicators if not one.deposit
    )]  # fmt: skip
    yield from map(ranking, plain)


def ranking(by: str) -> Board:
    """What ranks by one thing where no scheme says so."""
    return Board(id=by.replace("_", "-"), clause="1", en="Plain", zh="默认", by=by, periods=("quarter",))


def rows_of(board: Leaderboard) -> list[tuple[str, Fraction, bool, Fraction]]:
    return [
        (row.rm or row.org or "", Fraction(row.mean_rank or row.rank), row.tied, Fraction(row.value or 0))
        for row in board.standings
    ]


def check(story: TestBank, model: ReadModel, asked_then: bool, shown: set[str]) -> None:
    people, today = known(story, model), model.progress().today
    assert today
    check_badges(model, people, today, asked_then)
    schemes = list(story.bank.register.schemes.values())
    for text in PERIODS:
        period = period_of(text, schemes)
        quarter = str(period.appraised(today))
        if not any(of == quarter for _, of in people.grades):
            continue
        for scope, boards in (("head", list(entries(people, period))), ("east", entries(people, period))):
            within = {
                rm for (rm, of), (org, _) in people.grades.items()
                if of == quarter and scope in people.above[org].values()
            }  # fmt: skip
            for board in boards if scope == "head" else (next(iter(boards)),) if within else ():
                by = board.id if board in people.scheme.board else board.by or ""
                now = model.leaderboard(text, scope, by)
                places = board_of(people, board, period, before(period, schemes), today, within.__contains__)
                shown |= {by} if now.standings else set()
                assert rows_of(now) == [(one.who, one.rank, one.tied, one.value) for one in places], (text, by, scope)
                if asked_then and text in ("spring", "2026Q1") and board in people.scheme.board:
                    then = model.leaderboard(text, scope, by, as_of=model.follower.position)
                    same = {"moment": {"past"}}
                    assert then.model_dump_json(exclude=same) == now.model_dump_json(exclude=same)


def check_bands(story: TestBank, model: ReadModel) -> None:
    people, today = known(story, model), model.progress().today
    assert today
    period = around("quarter", today)
    board = ranking("score")
    for among in BANDS:
        now = model.leaderboard(period.text, None, "score", 100, None, among=among)
        is_in = alike(people, among, period.reached(today))
        assert rows_of(now) == [
            (one.who, one.rank, one.tied, one.value) for one in board_of(people, board, period, None, today, is_in)
        ]
        assert now.among == among
        for row in now.standings[:1]:
            own = model.leaderboard(period.text, None, "score", 100, row.rm, among=among.partition(":")[0])
            assert own.among == among


@settings(max_examples=1, derandomize=True, phases=[Phase.explicit, Phase.generate])
@example(
    [
        *EVERY_ACT, Act("advance", (24 * 9,)), Act("advance", (24 * 9,)), *[Act("close_day", (1,))] * 9,
        Act("record", ("r1", "visit", "2026-04-02", "2", "0", "C1")), Act("leave_boards", ("r2",)),
    ]
)  # fmt: skip
@given(histories(40))
def test_every_board_is_that_of_a_plain_sort_now_and_then(acts: list[Act]) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(comparisons, "AT_ONCE", 0)  # how rows moved is held by a law of its own
        story = TestBank(Path(folder)).founded(BOARDS)
        all_done(story.bank.register_rms([story.rm_line(rm, "south", joined_on=on) for rm, on in OTHERS.items()], "hr"))
        all_done(story.bank.agree_targets([line for rm in OTHERS for line in story.target_lines(rm, "1")], "lead"))
        for number, rm in enumerate(OTHERS):
            story.counted(f"v-{rm}", rm=rm, quantity=str(1 + number // 2), occurred_on="2026-02-03")
            done(story.assign(f"K{rm}", a_rm=rm)) if number % 2 else None
        history, shown = History(story), set[str]()
        with story.following() as model:
            for half in (acts[: len(acts) // 2], acts[len(acts) // 2 :]):
                for act in half:
                    history.play(act)
                history.verify_all()
                model.follower.catch_up()
                check(story, model, half == acts[len(acts) // 2 :], shown)
            check_bands(story, model)
        assert acts[-1].name != "leave_boards" or shown > {
            one.id for one in next(iter(story.bank.register.schemes.values())).board
        }
        story.close()
