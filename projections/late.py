"""What was recorded since a review's facts: what can still be taken in, and what came after the cut-off."""

import json
from collections.abc import Sequence
from decimal import Decimal

import duckdb

from domain.calendar import Quarter
from domain.money import FEN, MILLI, unscaled
from domain.result import Result
from projections.answers import reviews as answers
from projections.at_position import named, utc
from projections.questions import Row
from projections.questions import rows as rows_of
from projections.results import Results, card_of

MOST = 100
"""Late facts that are told of each sort; all are counted."""


class Late(Results):
    """The questions about late facts."""

    def late_facts(self, rm: str, quarter: Quarter) -> answers.LateFacts | None:
        """What came in since a review's facts; None where there is no review."""
        with self._at(None) as con:
            found = rows_of(con, "review_facts", quarter=str(quarter), rms=[rm])
        results = self.review_results(quarter, [rm])
        return self._late_of(found[0], quarter, results[0]) if found and results else None

    def _late_counts(self, con: duckdb.DuckDBPyConnection, quarter: Quarter, rows: Sequence[Row]) -> dict[str, int]:
        """How many late facts each of some reviews could still take in."""
        if not rows:
            return {}
        found = rows_of(
            con, "late_counts", rms=[row["rm"] for row in rows], facts_at=[row["facts_at"] for row in rows],
            untils=[self._end_of(row["cutoff_on"]) for row in rows], since=min(row["facts_at"] for row in rows),
            quarter=str(quarter), last_day=quarter.last_day,
        )  # fmt: skip
        return {row["rm"]: row["facts"] for row in found}

    def _late_of(self, review: Row, quarter: Quarter, result: Result, with_drafts: bool = True) -> answers.LateFacts:
        """The late facts of a review whose result is known; what came in time is reckoned with the same ratings."""
        rm, facts_at, until = review["rm"], review["facts_at"], self._end_of(review["cutoff_on"])
        asked = {"rms": [rm], "facts_at": [facts_at], "since": facts_at}
        with self._cursor() as con:
            found = rows_of(con, "late_facts", **asked, quarter=str(quarter), last_day=quarter.last_day)
        in_time = [row for row in found if row["position"] <= until]
        too_late = [row for row in found if row["position"] > until]
        last = in_time[-1]["position"] if in_time else None
        on = {rm: last} if last else {}
        now = self.review_results(quarter, list(on), on, result.rated_at, with_drafts=with_drafts)
        scheme = self.bank.register.schemes.get((result.scheme or "", result.effective or review["cutoff_on"]))
        told = self._told_late(in_time[:MOST] + too_late[:MOST])
        return answers.LateFacts(
            facts_at=facts_at, cutoff_on=review["cutoff_on"], until=last, facts=told[: len(in_time[:MOST])],
            total=len(in_time), too_late=told[len(in_time[:MOST]) :], total_too_late=len(too_late),
            at_facts=card_of(result, scheme), now=card_of(now[0], scheme) if now else card_of(result, scheme),
            moves=bool(now) and now[0].digest != result.digest,
        )  # fmt: skip

    def _told_late(self, rows: Sequence[Row]) -> list[answers.LateFact]:
        who = self._authors([row["position"] for row in rows])
        return [self._late_fact(row, who[row["position"]]) for row in rows]

    def _late_fact(self, row: Row, by: str) -> answers.LateFact:
        kind = self._kind(row["kind"], row["rm"], row["occurred_on"]) if row["kind"] else None
        return answers.LateFact(
            position=row["position"], topic=row["topic"], recorded_at=utc(row["recorded_at"]), by=by, kind=row["kind"],
            kind_name=named(kind, row["kind"]) if row["kind"] else None, occurred_on=row["occurred_on"],
            indicator=row["indicator"], quantity=_unscaled(row["quantity"], MILLI),
            amount=_unscaled(row["amount"], FEN), value=_unscaled(row["value"], MILLI),
        )  # fmt: skip

    def _authors(self, positions: Sequence[int]) -> dict[int, str]:
        """Who recorded the events at some positions."""
        return {row[0]: json.loads(row[4])["by"] for row in self.bank.log.select_positions(positions)}


def _unscaled(value: int | None, unit: int) -> Decimal | None:
    return None if value is None else unscaled(value, unit)
