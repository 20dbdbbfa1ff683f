"""One RM's quarter with other figures: many variants at once, scored by the very models that grade the bank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow

from domain.money import MILLI
from domain.scheme import Scheme
from projections import pipeline, trial
from projections.tried import Figure, Tried

Moved = Mapping[str, int]
"""What is other than it was: figures and kinds by name, in thousandths; of one over its base what lies above that."""
OWN = "own"
GIVEN = {"service": "", "counted_figures": "measured", "kind_totals": "quantity", "carried": "", "ranks": ""}
"""The tables that stand below the scoring models, each with the column that a variant changes."""
NAMED = {"counted_figures": "indicator", "kind_totals": "kind"}


@dataclass(frozen=True, slots=True)
class Own:
    """What the models made of the RM as they are: `measured`, `kinds` and `targets` in thousandths; `points`,
    `sections`, `shares` and `score` in millionths, `exact` before they were rounded; `figures` in their units.

    `score` is what tiers look at, `times` what multiplied it. `caps` are the gates and sections that leave no better
    place, `held` the conditions, `earned` the place of the tier before anything held it down.
    """

    place: int | None
    measured: dict[str, int | None]
    kinds: dict[str, int]
    targets: dict[str, int]
    shares: dict[str, Fraction]
    points: dict[str, int | None]
    reasons: dict[str, str | None]
    score: Fraction
    times: Fraction
    caps: dict[str, int]
    figures: dict[str, Fraction | None]
    exact: dict[str, Fraction]
    sections: dict[str, int]
    held: dict[str, bool]
    earned: int | None
    step: int | None
    coefficient: int | None
    certified: bool


class Variants:
    """An in-memory database in which one RM is scored as they are, and then in many variants at a time. Their places
    among peers stay as they are, and no quota moves them: others would have to move, too."""

    def __init__(self, scheme: Scheme, tried: Tried, places: trial.Places) -> None:
        self._con = duckdb.connect(config={"threads": 1})
        trial.make(self._con, scheme, {OWN: _filled(scheme, tried)}, places)
        self._models = trial.scoring(("ranks",))
        self.own = _own(self._con)
        self.most: dict[str, int] = {}
        for table in GIVEN:
            self._con.execute(f"CREATE TABLE own_{table} AS SELECT * FROM {table}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._con.close()

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What stands in the tables of the models now."""
        return self._con.execute(question).fetchall()

    def names(self, number: int) -> list[str]:
        """By which names so many variants stand in the tables, once they are scored."""
        return [_name(n) for n in range(number)]

    def score(self, variants: Sequence[Moved]) -> list[int | None]:
        """Score them together: the place of each one's tier, best 0, None without a grade, as where a figure is larger
        than any that is counted. `most` keeps the most points
        that any variant gave each line."""
        if not variants:
            return []
        self._fill(variants)
        for model in self._models:
            pipeline.renew(self._con, model)
        for indicator, points in self.rows(
            "SELECT l.indicator, max(l.points) FROM score_lines AS l WHERE l.points IS NOT NULL GROUP BY l.indicator"
        ):
            self.most[indicator] = max(points, self.most.get(indicator, points))
        places = dict(self.rows(
            "SELECT g.rm, t.ordinal FROM grades AS g "
            "JOIN scheme_tiers AS t ON t.scheme = g.scheme AND t.effective = g.effective AND t.tier = g.tier"
        ))  # fmt: skip
        return [places.get(_name(n)) for n in range(len(variants))]

    def _fill(self, variants: Sequence[Moved]) -> None:
        counted = {n: one for n, one in enumerate(variants) if all(abs(value) < 2**63 for value in one.values())}
        moved = [(_name(n), name, value) for n, one in counted.items() for name, value in one.items()]
        names, figures, values = ([row[k] for row in moved] for k in range(3))
        tables = {
            "variants": pyarrow.table({"rm": [_name(n) for n in counted]}),
            "moved": pyarrow.table({"rm": names, "name": figures, "value": pyarrow.array(values, pyarrow.int64())}),
        }
        for name, table in tables.items():
            self._con.register(name, table)
        quarter = "SELECT v.rm, s.quarter FROM variants AS v CROSS JOIN own_service AS s"
        self._con.execute(f"DELETE FROM touched; INSERT INTO touched {quarter}")
        for table, column in GIVEN.items():
            self._con.execute(f"DELETE FROM {table}; INSERT INTO {table} {_varied(table, column)}")
        for name in tables:
            self._con.unregister(name)


def _filled(scheme: Scheme, tried: Tried) -> Tried:
    """The same RM with every kind counted."""
    return replace(tried, figures={kind: Figure(Decimal(0)) for kind in scheme.kinds} | tried.figures)


def _varied(table: str, column: str) -> str:
    """Each row of the RM's own for each variant, with what the variant changes."""
    if not column:
        return f"SELECT o.* REPLACE (v.rm AS rm) FROM own_{table} AS o CROSS JOIN variants AS v"
    return (
        f"SELECT o.* REPLACE (v.rm AS rm, coalesce(m.value, o.{column}) AS {column}) "
        f"FROM own_{table} AS o CROSS JOIN variants AS v "
        f"LEFT JOIN moved AS m ON m.rm = v.rm AND m.name = o.{NAMED[table]}"
    )


def _name(number: int) -> str:
    return f"v{number}"


def _own(con: duckdb.DuckDBPyConnection) -> Own:
    """Read what the models made of the RM as they are."""

    def rows(question: str) -> list[tuple[Any, ...]]:
        return con.execute(question).fetchall()

    measures = rows("SELECT m.indicator, m.measured, m.target, m.x_n, m.x_d FROM measures AS m")
    lines = rows("SELECT l.indicator, l.points, l.reason FROM score_lines AS l")
    shares = rows("SELECT s.indicator, s.weight * s.total_units, s.scored_units FROM shares AS s WHERE s.scored")
    exact = rows("SELECT e.indicator, e.points_n, e.points_d FROM earned_points AS e WHERE e.points_n IS NOT NULL")
    (score,) = rows("SELECT p.tier_n, p.tier_d FROM scores AS p") or [(0, 1)]
    (times,) = rows("SELECT max(f.times) FROM factors AS f")
    caps = rows(
        "SELECT g.gate, g.cap_ordinal FROM gates_fired AS g WHERE g.fired AND g.cap_ordinal IS NOT NULL UNION ALL "
        "SELECT t.section, t.cap_ordinal FROM section_totals AS t WHERE t.has_lines AND t.points < t.minimum"
    )
    (graded,) = rows(
        "SELECT t.ordinal, g.step, g.coefficient FROM grades AS g "
        "LEFT JOIN scheme_tiers AS t ON t.scheme = g.scheme AND t.effective = g.effective AND t.tier = g.tier"
    ) or [(None, None, None)]
    (earned,) = rows("SELECT e.earned FROM earned_tiers AS e")
    return Own(
        place=graded[0],
        measured={name: measured for name, measured, *_ in measures},
        kinds=dict(rows("SELECT k.kind, k.quantity FROM kind_totals AS k")),
        targets={name: target for name, _, target, *_ in measures if target},
        shares={name: Fraction(n, d) for name, n, d in shares},
        points={name: points for name, points, _ in lines},
        reasons={name: reason for name, _, reason in lines},
        score=Fraction(score[0] or 0, score[1] or 1),
        times=Fraction(10**12 if times[0] is None else int(times[0]), 10**12),
        caps=dict(caps),
        figures={name: None if n is None else Fraction(n, d * MILLI) for name, _, _, n, d in measures},
        exact={name: Fraction(n, d) for name, n, d in exact},
        sections=dict(rows("SELECT t.section, t.points FROM section_totals AS t")),
        held=dict(rows("SELECT h.condition, coalesce(h.is_held, FALSE) FROM conditions_held AS h")),
        earned=earned[0],
        step=graded[1],
        coefficient=graded[2],
        certified=rows("SELECT s.certified FROM service AS s")[0][0],
    )
