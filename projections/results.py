"""The results of reviews: what a quarter comes to on the facts at one position and the ratings at another.

They are reckoned by the models that grade, for all reviews that are on the same facts at once.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb

from domain import scheme as rules
from domain.bank import Bank
from domain.calendar import Quarter
from domain.money import MICRO, MILLI, scaled, unscaled
from domain.result import Result
from domain.shapes import Line
from domain.wording.verdicts import zeroed_words
from projections.answers.reviews import ResultCard, ResultGate, ResultLine, ReviewResult
from projections.at_position import both, words
from projections.checks import Schemes
from projections.comparisons import Comparisons
from projections.follower import Follower
from projections.past import go_back
from projections.questions import Row, reads
from projections.questions import rows as rows_of
from projections.remembered import Remembered
from projections.step import FEW

HELD_RESULTS = 10_000
"""Results that are remembered."""
Ratings = Mapping[str, Mapping[str, Decimal]]
"""Of some RMs, by indicator: ratings that nobody gave yet."""


class Results(Comparisons):
    """The questions about what reviews come to."""

    def __init__(self, bank: Bank, follower: Follower) -> None:
        super().__init__(bank, follower)
        self._remembered = Remembered[Result](HELD_RESULTS)

    def review_results(
        self, quarter: Quarter, rms: Sequence[str] | None = None, facts_at: Mapping[str, int] | int | None = None,
        rated_at: int | None = None, with_ratings: Ratings | None = None, with_drafts: bool = True,
        afresh: bool = False,
    ) -> list[Result]:  # fmt: skip
        """The results of some RMs' quarter by their ids, or of all who have a review: on the facts at a position (that
        of each review, unless others are given) and on the ratings and votes at `rated_at`, or now: without drafts only
        on ratings that a second person stood for. `with_ratings` are supposed to be given on top; what is to prove
        something is reckoned `afresh`. Who did not serve in the quarter, as it was known then, has none."""
        on = self._facts_of(quarter, rms, facts_at)
        groups: dict[int, list[str]] = {}
        for rm, position in on.items():
            groups.setdefault(position, []).append(rm)
        found = [
            result
            for position, group in groups.items()
            for result in self._results_on(quarter, group, position, rated_at, with_ratings or {}, with_drafts, afresh)
        ]
        return sorted(found, key=lambda result: result.rm)

    def _facts_of(
        self, quarter: Quarter, rms: Sequence[str] | None, given: Mapping[str, int] | int | None
    ) -> dict[str, int]:
        """On which facts each RM's result is: all of one position, those given, or those of the reviews."""
        if isinstance(given, int) and rms is not None:
            return dict.fromkeys(rms, given)
        if isinstance(given, int):
            with self._at(given, quarter, None, frozenset({"service"})) as con:
                served = con.execute("SELECT s.rm FROM service AS s WHERE s.quarter = ?", [str(quarter)]).fetchall()
            return {rm: given for (rm,) in served}
        if given is not None:
            return {rm: given[rm] for rm in (given if rms is None else rms) if rm in given}
        with self._cursor() as con:
            rows = rows_of(con, "review_facts", quarter=str(quarter), rms=None if rms is None else list(rms))
        return {row["rm"]: row["facts_at"] for row in rows}

    def _results_on(
        self, quarter: Quarter, rms: list[str], facts_at: int, rated_at: int | None, with_ratings: Ratings,
        with_drafts: bool, afresh: bool,
    ) -> list[Result]:  # fmt: skip
        """The results of RMs whose reviews are on the same facts: those that are remembered, and the others."""
        with self._cursor() as con:
            con.begin()
            try:
                now = self._position_of(con)
                judged_at = now if rated_at is None else rated_at
                if with_ratings or afresh or len(rms) > FEW or now < max(facts_at, judged_at):
                    return self._reckoned(con, quarter, rms, facts_at, judged_at, with_ratings, with_drafts)
                (said,) = rows_of(con, "last_said", until=judged_at)
                on = (quarter, facts_at, said["position"], with_drafts)
                known = self._remembered.known(on, rms)
                if unknown := [rm for rm in rms if rm not in known]:
                    found = self._reckoned(con, quarter, unknown, facts_at, judged_at, {}, with_drafts)
                    known |= self._remembered.keep(on, {result.rm: result for result in found})
            finally:
                con.rollback()
        return [replace(known[rm], rated_at=judged_at) for rm in rms if rm in known]

    def _reckoned(
        self, con: duckdb.DuckDBPyConnection, quarter: Quarter, rms: list[str], facts_at: int, judged_at: int,
        with_ratings: Ratings, with_drafts: bool,
    ) -> list[Result]:  # fmt: skip
        """Results on the same facts, made on a cursor. Of many everybody's are reckoned in one go."""
        supposed = [
            (rm, indicator, scaled(value, MILLI))
            for rm in rms
            for indicator, value in with_ratings.get(rm, {}).items()
        ]  # fmt: skip
        some = rms if supposed or len(rms) <= FEW else None
        go_back(con, facts_at, quarter, some, reads("results"), judged_at, supposed, with_drafts)
        return [_result(row, facts_at, judged_at) for row in rows_of(con, "results", quarter=str(quarter), rms=rms)]

    def _position_of(self, con: duckdb.DuckDBPyConnection) -> int:
        rows = con.execute("SELECT p.position FROM progress AS p").fetchall()
        return int(rows[0][0]) if rows else 0

    def preview(self, rm: str, quarter: Quarter, ratings: Mapping[str, Decimal]) -> ReviewResult | None:
        """What a review would come to with some ratings on top of those that stand; None where there is no review."""
        found = self.review_results(quarter, [rm], with_ratings={rm: ratings})
        return self.told(found[0]) if found else None

    def told(self, result: Result) -> ReviewResult:
        """A result with the names that its scheme gives to lines and gates."""
        return told_of(result, self.bank.register.schemes)


def _result(row: Row, facts_at: int, rated_at: int) -> Result:
    figures = {name: None if row[name] is None else Decimal(row[name]) for name in ("score", "coefficient")}
    return Result(**(row | figures), facts_at=facts_at, rated_at=rated_at)


def told_of(result: Result, schemes: Schemes) -> ReviewResult:
    """A result with the names that its scheme gives to lines and gates; none where nobody knows it any more."""
    scheme = (
        None if result.scheme is None or result.effective is None else schemes.get((result.scheme, result.effective))
    )
    said: dict[str, Any] = json.loads(result.lines)
    fired = {gate["gate"] for gate in said["gates"] if gate["fired"]}
    return ReviewResult(
        card=card_of(result, scheme), rated_at=result.rated_at,
        lines=[_line(line, scheme, fired) for line in said["lines"]] if scheme else [],
        gates=[_gate(gate, scheme) for gate in said["gates"]] if scheme else [],
    )  # fmt: skip


def card_of(result: Result, scheme: rules.Scheme | None) -> ResultCard:
    """A result in a few figures."""
    tier = next((tier for tier in scheme.tiers if tier.id == result.tier), None) if scheme else None
    return ResultCard(
        status=result.status, score=result.score, tier=result.tier, tier_name=words(tier) if tier else None,
        coefficient=result.coefficient, facts_at=result.facts_at, digest=result.digest,
    )  # fmt: skip


def stated_card(row: Row, scheme: rules.Scheme | None) -> ResultCard | None:
    """The figures of a result from a row in millionths; None where there is none."""
    if row["status"] is None:
        return None
    tier = next((tier for tier in scheme.tiers if tier.id == row["tier"]), None) if scheme else None
    figures = {name: None if row[name] is None else unscaled(row[name], MICRO) for name in ("score", "coefficient")}
    return ResultCard(
        **figures, status=row["status"], tier=row["tier"], tier_name=words(tier) if tier else None,
        facts_at=row["facts_at"], digest=row["result_digest"],
    )  # fmt: skip


def _line(line: Row, scheme: rules.Scheme, fired: set[str]) -> ResultLine:
    indicator = next(one for one in scheme.indicators if one.id == line["indicator"])
    figures = ("weight", "share", "measured", "target", "base", "completion", "points")
    took = [gate for gate in scheme.gates if gate.id in fired and indicator.id in gate.zero]
    zeroed = zeroed_words(took) if line["reason"] == "zeroed" else None
    return ResultLine(
        indicator=indicator.id, name=words(indicator), unit=words(scheme.unit_of(indicator)), clause=indicator.clause,
        nature=indicator.nature, scored=line["scored"], reason=line["reason"],
        sentence=both(zeroed or indicator.shape.sentence(_stated(line, scheme.unit_of(indicator)))),
        **{name: None if line[name] is None else Decimal(line[name]) for name in figures},
    )  # fmt: skip


def _stated(line: Row, unit: rules.Words) -> Line:
    """A line as the sentence of its shape takes it, by the figures that were frozen in the result."""
    figures = ("share", "measured", "target", "completion", "points", "carried")
    told: dict[str, Any] = {name: None if line[name] is None else Decimal(line[name]) for name in figures}
    place, peers = (None if line[name] is None else int(line[name]) for name in ("place", "peers"))
    return Line(unit_en=unit.en, unit_zh=unit.zh, reason=line["reason"], rank=place, peers=peers, **told)


def _gate(gate: Row, scheme: rules.Scheme) -> ResultGate:
    known = next(one for one in scheme.gates if one.id == gate["gate"])
    return ResultGate(
        gate=known.id, name=words(known), clause=known.clause, fired=gate["fired"], cap_tier=gate["cap_tier"],
        coefficient=None if gate["coefficient"] is None else Decimal(gate["coefficient"]),
    )  # fmt: skip
