"""What the game costs: steps of the read model with points, streaks, badges and boards beside the same without, every
board beside a sorted set of Redis, and an action's way to a changed board."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

import redis

from api.office import READ_MODEL
from benchmarks.bank import BY, QUARTER, Size, checked, make_bank, rm_id, the_scheme
from benchmarks.boards import AGAINST, rate, redis_around, redis_top
from benchmarks.figure import Figure, in_turn, percentile, ratio_of
from benchmarks.latency import shown
from benchmarks.load import action, load_told, steady_load
from benchmarks.redis_ import MISSING, running_redis
from benchmarks.sizes import Sizes
from domain.bank import Bank
from domain.scheme_file.game_entries import Period as Kind
from projections.follower import Follower
from projections.periods import around
from projections.read_model import ReadModel

TENTH, MOST = 1.1, 1_000
"""By how much the game may slow a step down; milliseconds from an action to the boards that it changed."""
PERIODS: tuple[Kind, ...] = ("week", "month", "quarter")


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Steps, boards, an action's way."""
    plays, without = (Followed(folder / name, sizes, name == "plays") for name in ("plays", "without"))
    yield from _steps(plays, without, sizes)
    without.close()
    values = {grade.rm: int(grade.score * 1_000_000) for grade in plays.model.grades(QUARTER).grades if grade.score}
    with running_redis(folder, values) as client:
        yield from _boards(plays, client, sizes)
    yield _way(plays, sizes)
    plays.close()


class Followed:
    """A bank with or without a game, and its read model."""

    def __init__(self, folder: Path, sizes: Sizes, plays: bool) -> None:
        self.bank: Bank = make_bank(folder, Size(sizes.rms, sizes.actions, plays))
        self.follower = Follower(self.bank, folder / READ_MODEL)
        self.follower.catch_up()
        self.model = ReadModel(self.bank, self.follower)
        self.sizes, self._days, self._actions = sizes, 0, 0

    def close(self) -> None:
        self.follower.stop()
        self.bank.close()

    def day(self) -> float:
        """Seconds of a core that a closed day takes."""
        checked(self.bank.close_day(QUARTER.last_day + timedelta(days=self._days), BY))
        self._days += 1
        return self._step()

    def action(self) -> float:
        """Seconds of a core that one action takes."""
        checked(self.bank.record_actions([action(self._actions, self.sizes.rms)], BY)[0])
        self._actions += 1
        return self._step()

    def _step(self) -> float:
        begun = process_time()
        self.follower.catch_up()
        return process_time() - begun


def _steps(plays: Followed, without: Followed, sizes: Sizes) -> Iterator[Figure]:
    for work, step in (("a closed day", Followed.day), ("the step of one action", Followed.action)):
        ours, limit = in_turn(sizes.rounds, partial(step, plays), partial(step, without))
        yield Figure(
            f"{work}, {sizes.rms:,} RMs, with a game", "the same without a game", "ms", median(ours) * 1000,
            median(limit) * 1000, ratio_of(ours, limit), TENTH, least=False, note="time of the cores, not of the clock",
        )  # fmt: skip


def _boards(plays: Followed, client: "redis.Redis | None", sizes: Sizes) -> Iterator[Figure]:
    """Every board of the scheme, and what can always be ranked: the first 100, and an RM's rank with neighbours."""
    for kind in PERIODS:
        period = around(kind, QUARTER.last_day).text
        stated = [(each.id, each.level) for each in the_scheme(True).board if kind in each.periods]
        for by, level in [*stated, *([("score", None)] if kind == "quarter" else [])]:
            yield from _beside(plays, client, sizes, period, by, bool(level))


def _beside(
    plays: Followed, client: "redis.Redis | None", sizes: Sizes, period: str, by: str, is_of_teams: bool
) -> Iterator[Figure]:
    def top(number: int) -> object:
        return plays.model.leaderboard(period, None, by, 100, rm_id(number * 37 % sizes.rms))

    def near(number: int) -> object:
        return plays.model.leaderboard(period, None, by, 0, rm_id(number * 37 % sizes.rms))

    asked: list[tuple[str, Callable[[int], object], Callable[[int], object]]] = [
        ("first 100", top, lambda _: redis_top(client)),
        ("rank of me with neighbours", near, lambda number: redis_around(client, rm_id(number * 37 % sizes.rms))),
    ]
    for work, ours, theirs in asked[:1] if is_of_teams else asked:
        name = f"board `{by}` of {period}, {sizes.rms:,} RMs: {work}"
        if client is None:
            yield Figure(name, AGAINST, "questions/s", reach=10, note=MISSING)
            continue
        mine, limit = in_turn(sizes.rounds, partial(rate, ours, sizes), partial(rate, theirs, sizes))
        yield Figure(name, AGAINST, "questions/s", median(mine), median(limit), ratio_of(mine, limit), 10)


def _way(plays: Followed, sizes: Sizes) -> Figure:
    """From an action to the boards that it changed, while others are recorded."""
    plays.follower.start()
    with steady_load(plays.bank, sizes.rms, sizes.rate) as recorded:
        took = sorted(shown(plays.bank, plays.model, sizes.rms, sizes.seconds * sizes.rounds, _all_boards(plays)))
    worst = percentile(took, 0.99) * 1000
    loaded, told = load_told(sum(recorded) / (sizes.seconds * sizes.rounds), sizes.rate)
    return Figure(
        f"an action to every board it changed, game on, {sizes.rms:,} RMs, {sizes.rate} actions/s, p99", "a second",
        "ms", worst, MOST, worst / MOST, 1.0, least=False,
        note=f"{len(took)} actions looked at, median {percentile(took, 0.5) * 1000:,.0f} ms; {told}", loaded=loaded,
    )  # fmt: skip


def _all_boards(plays: Followed) -> Callable[[str], None]:
    asked = [
        (around(kind, QUARTER.last_day).text, each.id)
        for kind in PERIODS for each in the_scheme(True).board if kind in each.periods
    ]  # fmt: skip

    def ask(rm: str) -> None:
        for period, by in asked:
            plays.model.leaderboard(period, by=by, around=rm)

    return ask
