"""Grades of every RM of the big bank, now and as of a position, beside one query written by hand for their scheme."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.bank import BY, QUARTER, Size, checked, make_bank
from benchmarks.figure import Figure, in_turn, ratio_of, seconds
from benchmarks.load import action
from benchmarks.sizes import Sizes
from projections import pipeline
from projections.follower import Follower
from projections.past import go_back

UNIT = "ms"
BY_HAND = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
ANSWER = (Path(pipeline.__file__).parent / "queries/grades.sql").read_text(encoding="utf-8")
EVERYBODY = {"quarter": str(QUARTER), "scope": None, "rm": None, "status": None, "after": None, "limit": 2**31}
AGREED = "SELECT rm, indicator, target FROM targets WHERE quarter = $quarter"
NOW = f"""WITH entries AS (SELECT * FROM ledger),
totals AS (SELECT * FROM entries WHERE occurred_on BETWEEN $first AND $last), agreed AS ({AGREED}), """
THEN = f"""WITH entries AS (SELECT * FROM ledger WHERE position <= $position),
totals AS (SELECT * FROM entries WHERE occurred_on BETWEEN $first AND $last),
agreed AS ({AGREED} AND position <= $position), """
LATELY = 100
"""Actions recorded since the bank's last day was closed: the recent past lies among them."""
CLOSE = 0.05
"""Points by which a score in doubles may differ from the exact one."""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """What an answer now costs, what making all grades anew costs, and what the past costs."""
    bank = make_bank(folder, Size(sizes.rms, sizes.actions))
    for outcome in bank.record_actions([action(n, sizes.rms) for n in range(LATELY)], BY):
        checked(outcome)
    follower = Follower(bank, folder / "read-model.duckdb")
    follower.catch_up()
    graded = Graded(follower)
    graded.check()
    size = f"{sizes.rms:,} RMs over {sizes.rms * sizes.actions:,} actions"
    answer, anew, hand_now, then, hand_then, long_ago, hand_long_ago = (
        [1_000 * took for took in each]
        for each in in_turn(
            sizes.rounds, graded.answer, graded.anew, graded.by_hand_now, graded.as_of, graded.by_hand_then,
            graded.as_of_long_ago, graded.by_hand_long_ago,
        )
    )  # fmt: skip
    follower.stop()
    bank.close()
    over_ledger = "one hand-written query over the ledger"
    yield Figure(
        f"grades of {size}, now", over_ledger, UNIT, median(answer), median(hand_now), ratio_of(answer, hand_now), 1.5,
        least=False, note="the grades stand in the read model and are read; the limit scores them at that moment",
    )  # fmt: skip
    yield Figure(
        f"all figures of {size} made anew", over_ledger, UNIT, median(anew), median(hand_now),
        ratio_of(anew, hand_now), least=False,
        note="told beside: what a closed day costs, with every measure, score line, gate and board kept in a table",
    )  # fmt: skip
    yield Figure(
        f"grades of {size}, as of a position", over_ledger, UNIT, median(then), median(hand_then),
        ratio_of(then, hand_then), 1.5, least=False,
        note="a few events ago: whom the log has touched since is graded by the same models over the ledger up to the "
        "position, everybody else as now; the limit grades everybody",
    )  # fmt: skip
    yield Figure(
        f"grades of {size}, as of a position after which everybody acted", over_ledger, UNIT, median(long_ago),
        median(hand_long_ago), ratio_of(long_ago, hand_long_ago), 1.5, least=False,
        note="a tenth of the log ago: the same models over the ledger up to the position, for everybody",
    )  # fmt: skip


class Graded:
    """The ways to a quarter's grades, each in seconds."""

    def __init__(self, follower: Follower) -> None:
        self.follower = follower
        self._ago = count(1)
        self._given = {"first": QUARTER.first_day, "last": QUARTER.last_day, "quarter": str(QUARTER)}

    def check(self) -> None:
        """Insist that the hand-written query gives the scores that the models give."""
        with self.follower.connection.cursor() as con:
            con.execute(f"CREATE TEMP TABLE by_hand AS {NOW}{BY_HAND.partition('WITH ')[2]}", self._given)
            row = con.execute(
                "SELECT count(*), count(h.rm), max(abs(h.score - g.score / 1000000)) FROM grades AS g "
                "LEFT JOIN by_hand AS h ON h.rm = g.rm WHERE g.quarter = $quarter",
                {"quarter": str(QUARTER)},
            ).fetchone()
        if row is None or row[0] != row[1] or row[2] > CLOSE:
            raise RuntimeError(f"the hand-written query gives other scores: {row}")

    def answer(self) -> float:
        """Read the grades that stand."""
        with self.follower.connection.cursor() as con:
            return seconds(lambda: con.sql(ANSWER, params=EVERYBODY).to_arrow_table())

    def anew(self) -> float:
        """Make every model above the log anew for everybody, and take it back."""
        with self.follower.connection.cursor() as con:
            con.begin()
            con.execute("DELETE FROM touched")
            con.execute("INSERT INTO touched SELECT rm, quarter FROM service WHERE quarter = ?", [str(QUARTER)])
            took = seconds(lambda: _renew(con))
            con.rollback()
        return took

    def as_of(self) -> float:
        """Grade everybody as of a position that nobody has asked about yet."""
        return self._as_of(self._recent)

    def as_of_long_ago(self) -> float:
        """The same as of a position after which everybody acted."""
        return self._as_of(self._remote)

    @property
    def _recent(self) -> int:
        return self.follower.position - next(self._ago)

    @property
    def _remote(self) -> int:
        return self._recent - self.follower.position // 10

    def _as_of(self, position: int) -> float:
        with self.follower.connection.cursor() as con:
            return seconds(lambda: _past(con, position))

    def by_hand_now(self) -> float:
        """The hand-written query over the ledger as it is."""
        return self._by_hand(NOW, self._given)

    def by_hand_then(self) -> float:
        """The hand-written query over the ledger up to a position."""
        return self._by_hand(THEN, {**self._given, "position": self._recent})

    def by_hand_long_ago(self) -> float:
        """The same up to a position after which everybody acted."""
        return self._by_hand(THEN, {**self._given, "position": self._remote})

    def _by_hand(self, sources: str, given: dict[str, object]) -> float:
        question = sources + BY_HAND.partition("WITH ")[2]
        with self.follower.connection.cursor() as con:
            return seconds(lambda: con.sql(question, params=given).to_arrow_table())


def _past(con: duckdb.DuckDBPyConnection, position: int) -> None:
    go_back(con, position, QUARTER, None, pipeline.READ.findall(ANSWER))
    con.sql(ANSWER, params=EVERYBODY).to_arrow_table()


def _renew(con: duckdb.DuckDBPyConnection) -> None:
    for model in pipeline.models():
        if model.renewal in ("rebuilt", "worked"):
            pipeline.renew(con, model)
