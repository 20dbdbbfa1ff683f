"""How far payroll is with a quarter: who has a final grade, who has none and why, and who stands otherwise than in the
quarter before. All of them are counted and sought in SQL; only the rows of a page become objects."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from domain import payroll_files
from domain.calendar import Quarter
from domain.money import MICRO, unscaled
from projections.answers import payroll as answers
from projections.payroll import GRADED, Payroll
from projections.questions import Row, make, question
from projections.questions import rows as rows_of

LEFT = "not-in-service"
"""The state of who had a grade in the quarter before and did not serve in this one."""


class PayrollQuarters(Payroll):
    """The questions about a quarter as a whole."""

    def payroll_progress(
        self, quarter: Quarter, state: str | None = None, search: str = "", after: str = "", limit: int = 100
    ) -> answers.PayrollProgress:
        """How many have a final grade and who has none, by the review's state; a page of those by id, of one state or
        all, whose name, id or unit hold each word of `search`."""
        with self._of_quarter(quarter) as (con, at):
            tiers, states = rows_of(con, "payroll_tiers"), rows_of(con, "payroll_states")
            words = self._named(con, "payroll_unpaid", search)
            found = con.sql(question("payroll_unpaid_found"), params={"state": state, "words": words}).to_arrow_table()
        page, more = _page(found, after, limit)
        names = self.bank.names([row["employee"] for row in page])
        graded, unpaid = (sum(row["employees"] for row in each) for each in (tiers, states))
        return answers.PayrollProgress(
            quarter=str(quarter), position=at, served=graded + unpaid, graded=graded,
            released=sum(row["employees"] for row in tiers if row["is_released"]),
            coefficients=unscaled(sum(row["coefficients"] for row in tiers), MICRO), tiers=self._totals(tiers),
            waiting=self._totals([row for row in tiers if not row["is_released"]]),
            states=[answers.StateTotal(**row) for row in states],
            unpaid=[
                answers.Unpaid(
                    **row, name=names.get(row["employee"], row["employee"]), org_name=self._unit_name(row["org"]),
                    why=payroll_files.why(row["state"]),
                )
                for row in page
            ],
            found=len(found), after=more,
        )  # fmt: skip

    def payroll_changes(
        self, quarter: Quarter, change: answers.Change | None = None, search: str = "", after: str = "",
        limit: int = 100,
    ) -> answers.PayrollChanges:  # fmt: skip
        """Who has another tier than in the quarter before, a grade for the first time, or none any more. The list is of
        one kind of change, or of all but those who stayed in their tier."""
        rungs = self._rungs()
        with self._of_quarter(quarter) as (con, at):
            asked = {"quarter": str(quarter.previous), "at": at, "runs": [], "ats": []}
            con.register("payroll_before", con.sql(question("payroll_grades"), params=asked).to_arrow_table())
            con.register("payroll_rungs", pa.table({"tier": list(rungs), "rung": list(rungs.values())}, RUNGS))
            make(con, "payroll_changed")
            moved = rows_of(con, "payroll_moves")
            words = self._named(con, "payroll_changed", search)
            sought = {"change": change, "words": words}
            found = con.sql(question("payroll_changed_found"), params=sought).to_arrow_table()
        page, more = _page(found, after, limit)
        moves = [row for row in moved if row["tier_before"] and row["tier_now"]]
        tiers = self._tier_names()
        ladder = sorted(
            {row[side] for row in moves for side in ("tier_before", "tier_now")},
            key=lambda tier: (-rungs.get(tier, 0), tier),
        )
        return answers.PayrollChanges(
            quarter=str(quarter), before=str(quarter.previous), position=at,
            graded=sum(row["employees"] for row in moved if row["tier_now"]),
            graded_before=sum(row["employees"] for row in moved if row["tier_before"]),
            counts=[
                answers.ChangeTotal(change=kind, employees=sum(row["employees"] for row in rows))
                for kind, rows in groupby(moved, key=lambda row: row["change"])
            ],
            moves=[
                answers.TierMove(before=row["tier_before"], now=row["tier_now"], employees=row["employees"])
                for row in sorted(moves, key=lambda row: (row["tier_before"], row["tier_now"]))
            ],
            tier_names={tier: tiers[tier] for tier in ladder if tier in tiers},
            changes=self._changed(page), found=len(found), after=more,
        )  # fmt: skip

    @contextmanager
    def _of_quarter(self, quarter: Quarter) -> Iterator[tuple[duckdb.DuckDBPyConnection, int]]:
        """A cursor with a quarter's final grades and with who has none, as they stand now, and the position of now."""
        released = [run for run in self.bank.payroll_runs(quarter) if run.state == "released"]
        runs = {"runs": [run.run for run in released], "ats": [run.at for run in released]}
        with self._at(None) as con:
            ((at,),) = con.execute("SELECT p.position FROM progress AS p").fetchall()
            make(con, "payroll_grades", quarter=str(quarter), at=at, **runs)
            make(con, "payroll_without", quarter=str(quarter))
            make(con, "payroll_unpaid")
            yield con, at

    def _named(self, con: duckdb.DuckDBPyConnection, table: str, search: str) -> list[str]:
        """The words that are sought, with the names of a table's employees beside it where there are any."""
        words = search.lower().split()
        found = con.table(table).select("employee").fetchall() if words else []
        names = self.bank.names([employee for (employee,) in found])
        con.register("payroll_names", pa.table({"employee": list(names), "name": list(names.values())}, NAMES))
        return words

    def _totals(self, rows: Sequence[Row]) -> list[answers.TierTotal]:
        """How many have each tier, and the sum of their coefficients; the best paid first."""
        names, totals = self._tier_names(), list[tuple[int, answers.TierTotal]]()
        for tier, some in groupby(rows, key=lambda row: row["tier"]):
            each = list(some)
            totals.append((max(row["best"] for row in each), answers.TierTotal(
                tier=tier, name=names.get(tier), employees=sum(row["employees"] for row in each),
                coefficients=unscaled(sum(row["coefficients"] for row in each), MICRO),
            )))  # fmt: skip
        return [total for _, total in sorted(totals, key=lambda each: (-each[0], each[1].tier))]

    def _changed(self, page: Sequence[Row]) -> list[answers.PayrollChange]:
        names, tiers = self.bank.names([row["employee"] for row in page]), self._tier_names()
        return [
            answers.PayrollChange(
                employee=row["employee"], name=names.get(row["employee"], row["employee"]), org=row["org"],
                org_name=self._unit_name(row["org"]), change=row["change"], before=_result(row, "before"),
                now=_result(row, "now"), tier_before=tiers.get(row["tier_before"]), tier_now=tiers.get(row["tier_now"]),
                state=None if row["tier_now"] else row["state"] or LEFT,
            )
            for row in page
        ]  # fmt: skip

    def _rungs(self) -> dict[str, int]:
        """How high each tier stands, from the worst up; of tiers with one id in several schemes, as in the newest."""
        schemes = sorted(self.bank.register.schemes.values(), key=lambda scheme: scheme.effective)
        return {tier.id: len(scheme.tiers) - n for scheme in schemes for n, tier in enumerate(scheme.tiers)}


NAMES = pa.schema({"employee": pa.string(), "name": pa.string()})
RUNGS = pa.schema({"tier": pa.string(), "rung": pa.int64()})


def _page(found: pa.Table, after: str, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """The rows of a page, and where the next one begins."""
    left = found.filter(pc.greater(found["employee"], after))
    page = left.slice(0, limit).to_pylist()
    return page, page[-1]["employee"] if len(left) > limit else None


def _result(row: Row, when: str) -> answers.PaidResult | None:
    if row[f"tier_{when}"] is None:
        return None
    figures = {name: unscaled(row[f"{name}_{when}"], MICRO) for name in ("score", "coefficient")}
    return answers.PaidResult(status=GRADED, tier=row[f"tier_{when}"], **figures)
