"""A scorecard with how it came about, and what the next tier would take."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import duckdb

from domain import scheme as rules
from projections import explain, reach
from projections.answers import Scorecard
from projections.next_tier import beyond_quota, next_tier
from projections.questions import Row
from projections.questions import rows as rows_of
from projections.rooms import Room, kept
from projections.variants import Variants

COUNTED = ("counted", "done", "averaged", "worked")
"""The questions that an account begins with."""


def counted(con: duckdb.DuckDBPyConnection, key: Mapping[str, str]) -> explain.Quarterly:
    """One RM's quarter as it was counted, from the models below those that score."""
    (worked,) = rows_of(con, "worked", **key)
    return explain.Quarterly(
        figures={row["indicator"]: row for row in rows_of(con, "counted", **key)},
        done={row["kind"]: row for row in rows_of(con, "done", **key)},
        averaged={row["indicator"]: row for row in rows_of(con, "averaged", **key)},
        working_days=worked["working_days"], passed=worked["passed"], certified=worked["certified"],
        due=Fraction(worked["due_n"], worked["due_d"]),
    )  # fmt: skip


def explained(
    card: Scorecard, scheme: rules.Scheme, quarterly: explain.Quarterly, moved: Row | None, rooms: Sequence[Room] = ()
) -> Scorecard:  # fmt: skip
    """The card with how it came about, and what the next tier would take. What can't be counted exactly is told by its
    lines alone. `moved` is the quota that moved the tier down, if one did: then the next tier hangs on others. `rooms`
    are what the quotas leave in the RM's group."""
    if not quarterly.is_counted():
        return card
    tried, score = quarterly.tried(scheme, card.lines), card.grade.score
    places = {line.indicator: (line.place, line.peers) for line in card.lines if line.place and line.peers}
    with Variants(scheme, tried, places) as variants:
        own = variants.own
        found = reach.find(scheme, variants, tried, quarterly.passed) if score is not None and not moved else None
        reached, taken = kept(variants, found, rooms) if found else (None, [])
    left = quarterly.working_days - quarterly.passed
    steps = {line.indicator: explain.steps(scheme, line, quarterly, own) for line in card.lines}
    return card.model_copy(
        update={
            "lines": [line.model_copy(update={"steps": steps[line.indicator]}) for line in card.lines],
            "sections": explain.sections(scheme, own),
            "multipliers": explain.multipliers(scheme, own),
            "told": [] if score is None else list(explain.told(scheme, own, score, moved)),
            "next_tier": beyond_quota(scheme, moved["quota"], moved["to_ordinal"], rooms)
            if moved
            else reached and next_tier(scheme, reached, left, taken),
        }
    )
