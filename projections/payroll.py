"""What payroll reads: the final grades of a quarter, who has none and why, and what changed after a run was made."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb

from domain import payroll_files
from domain.calendar import Quarter
from domain.money import MICRO, unscaled
from domain.payroll import Content, Run, period_of, reopened_since
from domain.payroll_files import Missing, PaidGrade, read_missing
from projections.answers import Words
from projections.answers import payroll as answers
from projections.at_position import AtPosition, moment_of, utc
from projections.questions import Row, reads
from projections.questions import rows as rows_of

GRADED = "graded"


class Payroll(AtPosition):
    """The questions about what is paid."""

    def payroll_grades(self, quarter: Quarter, as_of: int | None = None) -> Content:
        """The final grades of a quarter and who has none, as of a position or now. `run` is the number that the next
        run would have; the grades that no run released have none."""
        runs = self.bank.payroll_runs(quarter, as_of)
        with self._at(as_of, quarter, None, reads("payroll_without")) as con:
            at = moment_of(con, as_of).position
            rows = self._standing(con, quarter, at, [run for run in runs if run.state == "released"])
            grades = [self._paid(row, quarter) for row in rows if row["status"] == GRADED]
            missing = self._missing(con, quarter, rows)
        return Content(quarter, len(runs) + 1, at, grades, missing)

    def next_run(self, quarter: Quarter) -> Content:
        """What a run would hold that were prepared now: the final grades that no run released before."""
        return self.payroll_grades(quarter).unreleased

    def run(self, quarter: Quarter, number: int) -> Run | None:
        """One run as the log has it."""
        return next((run for run in self.bank.payroll_runs(quarter) if run.run == number), None)

    def run_content(self, run: Run) -> Content:
        """What a run holds, whatever came after it: it follows from the log up to its position."""
        quarter = Quarter.parse(run.quarter)
        before = [each for each in self.bank.payroll_runs(quarter) if each.run < run.run and each.state == "released"]
        with self._at(None) as con:
            rows = self._standing(con, quarter, run.at, before)
            grades = [self._paid(row, quarter) for row in rows if row["status"] == GRADED]
        return Content(quarter, run.run, run.at, grades, read_missing(run.missing)).unreleased

    def runs(self, quarter: Quarter | None = None) -> list[answers.PayrollRun]:
        """The runs of a quarter, or of all, the newest quarter and run first."""
        return [self._run_told(run) for run in reversed(self.bank.payroll_runs(quarter))]

    def run_in_full(self, run: Run) -> answers.PayrollRunInFull:
        """What is looked at before a run is released."""
        content = self.run_content(run)
        names = self.bank.names([each.employee for each in content.missing])
        missing = [self._unpaid(each, names) for each in content.missing]
        reopened = run.state == "prepared" and reopened_since(self.bank.log, run)
        tiers = tier_totals(content.grades, self._tier_names())
        return answers.PayrollRunInFull(run=self._run_told(run), missing=missing, tiers=tiers, reopened=reopened)

    def run_differences(self, run: Run) -> answers.PayrollDifferences:
        """What changed since a run was made, in the log's order."""
        content = self.run_content(run)
        asked = {
            "quarter": run.quarter, "at": run.at, "positions": [grade.log_position for grade in content.grades],
            "missing": [each.employee for each in content.missing],
        }  # fmt: skip
        with self._at(None) as con:
            rows = rows_of(con, "payroll_differences", **asked)
            at = moment_of(con, None).position
        names = self.bank.names([row["rm"] for row in rows])
        return answers.PayrollDifferences(
            quarter=run.quarter, run=run.run, position=at,
            differences=[_difference(row, names.get(row["rm"], str(row["rm"]))) for row in rows],
            tier_names=self._tier_names(),
        )  # fmt: skip

    def run_timeline(self, run: Run) -> answers.PayrollTimeline:
        """The events of a run, with the reason that it was given up for."""
        rows = self.bank.log.select_positions(self.bank.log.select_stream_positions(run.run_id))
        texts = self.bank.log.select_texts_of([(run.run_id, version) for _, _, version, *_ in rows])
        stored = self.bank.log.select_streams([run.run_id])[run.run_id]
        events: list[Any] = [self.bank.mapper.to_domain_event(row) for row in stored]
        steps = [
            answers.PayrollStep(
                position=row[0], topic=row[3], at=event.recorded_at, by=event.by,
                reason=texts.get((run.run_id, row[2]), {}).get("reason"),
            )
            for row, event in zip(rows, events, strict=True)
        ]  # fmt: skip
        return answers.PayrollTimeline(quarter=run.quarter, run=run.run, steps=steps)

    @staticmethod
    def _standing(con: duckdb.DuckDBPyConnection, quarter: Quarter, at: int, released: Sequence[Run]) -> list[Row]:
        asked = {"runs": [run.run for run in released], "ats": [run.at for run in released]}
        return rows_of(con, "payroll_grades", quarter=str(quarter), at=at, **asked)

    def _paid(self, row: Row, quarter: Quarter) -> PaidGrade:
        scheme = self.bank.register.schemes.get((row["scheme"], row["effective"]))
        return PaidGrade(
            row["rm"], str(quarter), row["org"], row["tier"], unscaled(row["score"], MICRO),
            unscaled(row["coefficient"], MICRO), row["scheme"], row["effective"],
            str(period_of(scheme, quarter)), row["round"], row["position"],
            row["facts_at"], row["rated_at"], row["result_digest"], row["run"], row["replaces_run"],
        )  # fmt: skip

    @staticmethod
    def _missing(con: duckdb.DuckDBPyConnection, quarter: Quarter, finals: Sequence[Row]) -> list[Missing]:
        ungraded = {row["rm"]: row for row in finals}
        found = []
        for row in rows_of(con, "payroll_without", quarter=str(quarter)):
            final = ungraded.get(row["rm"])
            if final is None:
                found.append(Missing(row["rm"], row["org"], row["state"]))
            elif final["status"] != GRADED:
                found.append(Missing(row["rm"], final["org"], final["status"]))
        return found

    def _unit_name(self, org: str) -> str:
        units = self.bank.register.units
        return units[org].name if org in units else org

    def _unpaid(self, each: Missing, names: Mapping[str, str]) -> answers.Unpaid:
        return answers.Unpaid(
            employee=each.employee, name=names.get(each.employee, each.employee), org=each.org,
            org_name=self._unit_name(each.org), state=each.state, why=payroll_files.why(each.state),
        )  # fmt: skip

    def _run_told(self, run: Run) -> answers.PayrollRun:
        texts = self.bank.log.select_texts_of([(run.run_id, run.version)])
        return answers.PayrollRun(
            quarter=run.quarter, run=run.run, state=run.state, position=run.at, employees=run.employees,
            without=run.without, coefficients=run.coefficients, scores=run.scores, digest=run.digest,
            prepared_by=run.prepared_by, prepared_at=run.prepared_at, ended_by=run.ended_by, ended_at=run.ended_at,
            reason=texts.get((run.run_id, run.version), {}).get("reason"), sealed=run.sealed, seal=run.seal,
        )  # fmt: skip


def tier_totals(grades: Iterable[PaidGrade], names: Mapping[str, Words]) -> list[answers.TierTotal]:
    """How many have each tier, and the sum of their coefficients; the best paid first."""
    totals: dict[str, list[Decimal]] = defaultdict(list)
    for grade in grades:
        totals[grade.tier].append(grade.coefficient)
    return [
        answers.TierTotal(tier=tier, name=names.get(tier), employees=len(each), coefficients=sum(each, Decimal()))
        for tier, each in sorted(totals.items(), key=lambda total: (-max(total[1]), total[0]))
    ]


def _difference(row: Row, name: str) -> answers.PayrollDifference:
    graded = row["paid_tier"] and GRADED
    paid = _result(graded, row["paid_score"], row["paid_tier"], row["paid_coefficient"])
    return answers.PayrollDifference(
        employee=row["rm"], name=name, cause=row["cause"], position=row["position"], topic=row["topic"],
        at=utc(row["recorded_at"]), paid=paid,
        now=_result(row["status"], row["score"], row["tier"], row["coefficient"]),
    )  # fmt: skip


def _result(
    status: str | None, score: int | None, tier: str | None, coefficient: int | None
) -> answers.PaidResult | None:
    if status is None:
        return None
    return answers.PaidResult(
        status=status, score=None if score is None else unscaled(score, MICRO), tier=tier,
        coefficient=None if coefficient is None else unscaled(coefficient, MICRO),
    )  # fmt: skip
