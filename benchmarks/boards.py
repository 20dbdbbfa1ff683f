"""Questions of a board in-process, beside sorted sets of a Redis on the same machine.

No answer is kept in-process: each is put together from the rows of the board, which are told when somebody first asks
for them, and once more when they change.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

import redis

from benchmarks.bank import BY, QUARTER, Size, checked, make_bank, rm_id
from benchmarks.figure import Figure, in_turn, ratio_of, seconds
from benchmarks.load import action
from benchmarks.redis_ import BOARD, MISSING, running_redis
from benchmarks.sizes import Sizes
from projections.follower import Follower
from projections.read_model import ReadModel

UNIT = "questions/s"
AGAINST = "Redis, sorted set over a local socket"
NEAR = 2
"""How many neighbours are shown above and below."""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """The top 100, and an RM's rank with neighbours."""
    bank = make_bank(folder / "bank", Size(sizes.rms, sizes.actions))
    follower = Follower(bank, folder / "bank" / "read-model.duckdb")
    follower.catch_up()
    read_model = ReadModel(bank, follower)
    everybody = read_model.grades(QUARTER).grades
    values = {grade.rm: int(grade.score * 1_000_000) for grade in everybody if grade.score is not None}
    with running_redis(folder, values) as client:
        yield from _beside(read_model, client, sizes)
    follower.stop()
    bank.close()


def _beside(read_model: ReadModel, client: "redis.Redis | None", sizes: Sizes) -> Iterator[Figure]:
    def top(number: int) -> object:
        return read_model.leaderboard(QUARTER, limit=100, around=rm_id(number * 37 % sizes.rms))

    def around(number: int) -> object:
        return read_model.leaderboard(QUARTER, limit=0, around=rm_id(number * 37 % sizes.rms))

    for work, ours, theirs in (
        ("leaderboard top 100", top, lambda number: redis_top(client)),
        ("rank of me with neighbours", around, lambda number: redis_around(client, rm_id(number * 37 % sizes.rms))),
    ):
        name = f"{work} of {sizes.rms:,} RMs, in-process"
        if client is None:
            yield Figure(name, AGAINST, UNIT, reach=10, note=MISSING)
            continue
        firsts: list[float] = []
        mine, redis_ = in_turn(
            sizes.rounds, partial(_rate_after_a_move, read_model, ours, sizes, firsts), partial(rate, theirs, sizes)
        )
        yield Figure(
            name, AGAINST, UNIT, median(mine), median(redis_), ratio_of(mine, redis_), 10,
            note="ours answers with ranks, ties, names and tiers, every time another answer; before each round the "
            f"log moves on, and the first question, which makes the board anew, takes {median(firsts) * 1000:,.0f} ms",
        )  # fmt: skip


def _rate_after_a_move(read_model: ReadModel, ask: Callable[[int], object], sizes: Sizes, firsts: list[float]) -> float:
    """Questions a second on a board that the log has just moved; how long its first one took is added to `firsts`."""
    checked(read_model.bank.record_actions([action(0, sizes.rms)], BY)[0])
    read_model.follower.catch_up()
    firsts.append(seconds(lambda: ask(sizes.requests)))
    return rate(ask, sizes)


def rate(ask: Callable[[int], object], sizes: Sizes) -> float:
    """Questions a second."""
    return sizes.requests / seconds(lambda: [ask(number) for number in range(sizes.requests)])


def redis_top(client: "redis.Redis | None") -> object:
    assert client is not None
    return client.zrevrange(BOARD, 0, 99, withscores=True)


def redis_around(client: "redis.Redis | None", rm: str) -> object:
    assert client is not None
    place = int(str(client.zrevrank(BOARD, rm)))
    return place, client.zrevrange(BOARD, max(0, place - NEAR), place + NEAR, withscores=True)
