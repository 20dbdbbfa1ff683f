"""Whether some group of RMs stands lower on the boards than others: by tenure, unit, outlet and position.

Compared are percentiles within the whole bank's graded of a quarter; who left the boards is among them, since nobody is
named here. A group of fewer than `LEAST` people is hidden: it would be about persons. So is a unit whose hidden
outlets have fewer together: the rest taken from it would be about them.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from domain.calendar import Quarter
from domain.money import MICRO, MILLI, scaled, unscaled
from domain.scheme_file.game_entries import UNSTATED_BOARDS
from projections.answers.fairness import By, Fairness, FairnessGroup, FairnessSide, Side, Stands
from projections.at_position import moment_of
from projections.board_making import BoardMaking
from projections.questions import Row, make, reads, rows

LEAST = 8
"""People of a group from which on it is shown."""
SIDES: tuple[Side, ...] = ("tenure", "unit", "outlet", "position")
ONE_IN = 40
"""Beyond either end of an interval lies at most one in so many cases: 2.5 %, so that 95 % lie within."""
MIDDLE = Decimal("0.5")
MONTHS = 12
READS = reads("fairness_places", "fairness_groups", "crowd")


class FairnessAsked(BoardMaking):
    """The question about fairness."""

    def fairness(
        self, quarter: Quarter, scope: str | None = None, by: By = "score", as_of: int | None = None
    ) -> Fairness:
        """How the groups of a unit's RMs stand among the bank's graded. Raises Refused for an unknown scope."""
        scope = self._scope(scope)
        with self._at(as_of, quarter, None, READS) as con:
            moment = moment_of(con, as_of)
            begins = self._tenure(rows(con, "crowd", quarter=str(quarter), scope=scope, off=[]))
            make(
                con, "fairness_places", quarter=str(quarter), board=by, scope=scope, least=LEAST,
                day=max(quarter.first_day, min(quarter.last_day, moment.today)),
                begins=[scaled(years, MILLI) * MONTHS // MILLI for years in begins],
            )  # fmt: skip
            sizes = rows(con, "fairness_sizes")
            shown = sorted({row["people"] for row in sizes if row["shown"]})
            found = rows(con, "fairness_groups", sizes=shown, ranks=[interval_rank(people) for people in shown])
        return Fairness(
            moment=moment, quarter=str(quarter), scope=scope, scope_name=self.bank.register.units[scope].name, by=by,
            least=LEAST,
            sides=[
                FairnessSide(side=side, groups=_groups(side, found, begins), hidden=_hidden(side, sizes))
                for side in SIDES
            ],
        )  # fmt: skip

    def _tenure(self, crowd: list[Row]) -> tuple[Decimal, ...]:
        """The years of service at which bands begin, by the scheme of most people, as on the boards."""
        in_use = self._schemes_in_use(crowd)
        return (in_use[0].boards if in_use else UNSTATED_BOARDS).tenure


@lru_cache(maxsize=4096)
def interval_rank(people: int) -> int:
    """Which value from below, and from above, bounds the interval that holds the median of those whom a group of
    people stands for, whatever their distribution: the interval of the sign test. How many of n lie below that median
    is binomial(n, 1/2), so the l-th value lies above it where fewer than l do; l is the largest for which that happens
    in at most 2.5 % of cases. Exact in whole numbers; 0, where fewer than 6 bound nothing."""
    nth, ways, fewer = 0, 1, 1  # `fewer` of all 2^n ways leave at most nth below
    while fewer * ONE_IN <= 1 << people:
        nth += 1
        ways = ways * (people - nth + 1) // nth
        fewer += ways
    return nth


def _hidden(side: Side, sizes: Sequence[Row]) -> int:
    """How many groups of a side are not shown."""
    return sum(row["members"] for row in sizes if row["side"] == side and not row["shown"])


def _groups(side: Side, found: Sequence[Row], begins: Sequence[Decimal]) -> list[FairnessGroup]:
    """The groups of a side as they are told."""
    groups = [_group(row, begins) for row in found if row["side"] == side]
    return sorted(groups, key=lambda one: int(one.group)) if side == "tenure" else groups


def _group(row: Row, begins: Sequence[Decimal]) -> FairnessGroup:
    median, low, high = (unscaled(row[name], MICRO) for name in ("median", "low", "high"))
    band = int(row["member"]) if row["side"] == "tenure" else None
    return FairnessGroup(
        group=row["member"], name=row["name"] or row["member"], people=row["people"], median=median, low=low, high=high,
        from_years=None if band is None else (Decimal(0), *begins)[band],
        below_years=None if band is None else (*begins, None)[band], stands=_stands(low, high),
    )  # fmt: skip


def _stands(low: Decimal, high: Decimal) -> Stands:
    if high < MIDDLE:
        return "below"
    return "above" if low > MIDDLE else "across"
