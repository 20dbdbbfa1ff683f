"""The calls of the client about payroll, one per route."""

from urllib.parse import quote

from api.payroll_exports import Form, Part
from api.receipts import RunReceipt
from api.wire import Wire
from projections.answers.payroll import (
    Change,
    PayrollChanges,
    PayrollDifferences,
    PayrollGrades,
    PayrollProgress,
    PayrollRun,
    PayrollRunInFull,
    PayrollTimeline,
    RunManifest,
)


class PayrollCalls(Wire):
    """Final grades, and the runs that hand them to payroll."""

    def payroll_grades(
        self, quarter: str, as_of: int | str | None = None, min_position: int | None = None
    ) -> PayrollGrades:
        """The final grades of a quarter, and who has none and why."""
        return self._get(PayrollGrades, "/v1/payroll/grades", {"quarter": quarter, "as_of": as_of}, min_position)

    def payroll_grades_file(self, quarter: str, form: Form, part: Part = "grades") -> bytes:
        """The same as a file."""
        asked = {"quarter": quarter, "format": form, "part": part, "min_position": self.seen or None}
        return self._content("/v1/payroll/grades", {name: value for name, value in asked.items() if value is not None})

    def payroll_progress(
        self, quarter: str, state: str | None = None, search: str | None = None, after: str | None = None,
        limit: int = 100,
    ) -> PayrollProgress:  # fmt: skip
        """How many have a final grade, and a page of those who have none, of one state or all."""
        asked = {"quarter": quarter, "state": state, "search": search or None, "after": after, "limit": limit}
        return self._get(PayrollProgress, "/v1/payroll/progress", asked)

    def payroll_changes(
        self, quarter: str, change: Change | None = None, search: str | None = None, after: str | None = None,
        limit: int = 100,
    ) -> PayrollChanges:  # fmt: skip
        """Who stands otherwise than in the quarter before: a page of one kind of change, or of all."""
        asked = {"quarter": quarter, "change": change, "search": search or None, "after": after, "limit": limit}
        return self._get(PayrollChanges, "/v1/payroll/changes", asked)

    def list_runs(self, quarter: str | None = None) -> list[PayrollRun]:
        """The runs of a quarter, or all of them, the newest first."""
        return self._get(list[PayrollRun], "/v1/payroll/runs", {"quarter": quarter})

    def prepare_run(self, quarter: str, *, idempotency_key: str | None = None) -> RunReceipt:
        """Prepare what payroll is to be given of a quarter, for another person to release."""
        return self._post(RunReceipt, "/v1/payroll/runs", {"quarter": quarter}, idempotency_key)

    def read_run(self, quarter: str, run: int) -> PayrollRunInFull:
        """One run, with its totals and who has no grade."""
        return self._get(PayrollRunInFull, _run(quarter, run))

    def run_file(self, quarter: str, run: int, form: Form, part: Part = "grades") -> bytes:
        """A run as a file."""
        return self._content(f"{_run(quarter, run)}/file", {"format": form, "part": part})

    def run_manifest(self, quarter: str, run: int) -> RunManifest:
        """What proves a released run."""
        return self._get(RunManifest, f"{_run(quarter, run)}/manifest")

    def run_differences(self, quarter: str, run: int) -> PayrollDifferences:
        """What changed after a run was made."""
        return self._get(PayrollDifferences, f"{_run(quarter, run)}/differences")

    def run_timeline(self, quarter: str, run: int) -> PayrollTimeline:
        """The events of a run."""
        return self._get(PayrollTimeline, f"{_run(quarter, run)}/timeline")

    def release_run(self, quarter: str, run: int, digest: str, *, idempotency_key: str | None = None) -> RunReceipt:
        """Hand a run to payroll that somebody else prepared."""
        return self._post(RunReceipt, f"{_run(quarter, run)}/release", {"digest": digest}, idempotency_key)

    def discard_run(self, quarter: str, run: int, reason: str) -> RunReceipt:
        """Give up a run that nobody released."""
        return self._post(RunReceipt, f"{_run(quarter, run)}/discard", {"reason": reason})


def _run(quarter: str, run: int) -> str:
    return f"/v1/payroll/runs/{quote(quarter, safe='')}/{run}"
