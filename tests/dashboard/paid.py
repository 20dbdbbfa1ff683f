"""The small bank as HR and its auditor see a quarter that is paid: final grades, runs, and the events of a review."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

from api.payroll_exports import Form, Part
from api.receipts import RunReceipt
from domain.payroll import RunState
from projections.answers import LoggedEvent, LoggedEvents
from projections.answers.payroll import (
    Change,
    ChangeTotal,
    PaidResult,
    PayrollChange,
    PayrollChanges,
    PayrollDifference,
    PayrollDifferences,
    PayrollProgress,
    PayrollRun,
    PayrollRunInFull,
    PayrollStep,
    PayrollTimeline,
    StateTotal,
    TierMove,
    TierTotal,
    Unpaid,
)
from projections.answers.reviews import CardReading
from tests.dashboard.small_bank import TIER_NAMES, SmallBank, moment

MORNING = datetime(2026, 7, 20, 1, tzinfo=UTC)
DIGEST = "5e" * 32
QUARTER = "2026Q2"
"""The one that is over."""


def unpaid(employee: str, name: str, state: str) -> Unpaid:
    return Unpaid(employee=employee, name=name, org="east", org_name="城东支行", state=state, why=state)


def total(tier: str, employees: int, coefficients: str) -> TierTotal:
    return TierTotal(tier=tier, name=TIER_NAMES[tier], employees=employees, coefficients=Decimal(coefficients))


def paid(tier: str, score: str, coefficient: str) -> PaidResult:
    return PaidResult(status="graded", score=Decimal(score), tier=tier, coefficient=Decimal(coefficient))


def run(state: RunState = "prepared", **changes: Any) -> PayrollRun:
    """A run of four employees, prepared by anna; who ended it was boss."""
    ended = state != "prepared"
    told: dict[str, Any] = {
        "quarter": QUARTER, "run": 1, "state": state, "position": 900, "employees": 4, "without": 2,
        "coefficients": Decimal("4.4"), "scores": Decimal("330.5"), "digest": DIGEST, "prepared_by": "anna",
        "prepared_at": MORNING, "ended_by": "boss" if ended else None, "ended_at": MORNING if ended else None,
        "reason": "an error" if state == "discarded" else None, "sealed": 905 if state == "released" else None,
        "seal": "ab" * 32 if state == "released" else None,
    }  # fmt: skip
    return PayrollRun(**(told | changes))


MISSING = [unpaid("rm005", "陈雨桐", "appealed"), unpaid("rm006", "周未签", "not-gradable")]
TIERS = [total("excellent", 2, "2.4"), total("qualified", 2, "2")]


@dataclass
class Paid(SmallBank):
    """A bank with one quarter to pay."""

    runs: list[PayrollRun] = field(default_factory=list)
    missing: list[Unpaid] = field(default_factory=lambda: list(MISSING))
    waiting: list[TierTotal] = field(default_factory=lambda: list(TIERS))
    reopened: bool = False
    differences_since: list[PayrollDifference] = field(default_factory=list)
    readings: list[CardReading] = field(default_factory=list)

    def payroll_progress(self, quarter: str, state: str | None = None, **asked: Any) -> PayrollProgress:
        self._ask("payroll_progress", quarter=quarter, state=state, **asked)
        found = [one for one in self.missing if state in (None, one.state)]
        return PayrollProgress(
            quarter=quarter, position=900, served=4 + len(self.missing), graded=4,
            released=4 - sum(one.employees for one in self.waiting), coefficients=Decimal("4.4"), tiers=TIERS,
            waiting=self.waiting, states=[StateTotal(state=one.state, employees=1) for one in self.missing],
            unpaid=found, found=len(found), after=None,
        )  # fmt: skip

    def payroll_changes(self, quarter: str, change: Change | None = None, **asked: Any) -> PayrollChanges:
        self._ask("payroll_changes", quarter=quarter, change=change, **asked)
        better = PayrollChange(
            employee="rm001", name="王思远", org="east", org_name="城东支行", change="up",
            before=paid("qualified", "71.5", "1"), now=paid("excellent", "94.35", "1.2"),
            tier_before=TIER_NAMES["qualified"], tier_now=TIER_NAMES["excellent"], state=None,
        )  # fmt: skip
        gone = better.model_copy(
            update={"employee": "rm005", "name": "陈雨桐", "change": "gone", "now": None, "tier_now": None,
                    "state": "appealed"}
        )  # fmt: skip
        found = [one for one in (better, gone) if change in (None, one.change)]
        return PayrollChanges(
            quarter=quarter, before="2026Q1", position=900, graded=4, graded_before=4,
            counts=[ChangeTotal(change="gone", employees=1), ChangeTotal(change="same", employees=3),
                    ChangeTotal(change="up", employees=1)],
            moves=[TierMove(before="qualified", now="excellent", employees=1),
                   TierMove(before="excellent", now="excellent", employees=3)],
            tier_names={tier: TIER_NAMES[tier] for tier in ("excellent", "qualified")},
            changes=found, found=len(found), after=None,
        )  # fmt: skip

    def list_runs(self, quarter: str | None = None) -> list[PayrollRun]:
        self._ask("list_runs", quarter=quarter)
        return self.runs

    def read_run(self, quarter: str, number: int) -> PayrollRunInFull:
        self._ask("read_run", quarter=quarter, run=number)
        found = next(one for one in self.runs if one.run == number)
        return PayrollRunInFull(run=found, tiers=TIERS, missing=self.missing, reopened=self.reopened)

    def run_differences(self, quarter: str, number: int) -> PayrollDifferences:
        self._ask("run_differences", quarter=quarter, run=number)
        found = self.differences_since
        return PayrollDifferences(
            quarter=quarter, run=number, position=990, differences=found, tier_names=dict(TIER_NAMES)
        )

    def run_timeline(self, quarter: str, number: int) -> PayrollTimeline:
        self._ask("run_timeline", quarter=quarter, run=number)
        step = PayrollStep(position=901, topic="RunPrepared", at=MORNING, by="anna", reason=None)
        return PayrollTimeline(quarter=quarter, run=number, steps=[step])

    def run_file(self, quarter: str, number: int, form: Form, part: Part = "grades") -> bytes:
        self._ask("run_file", quarter=quarter, run=number, form=form, part=part)
        return f"{form} {part}".encode()

    def prepare_run(self, quarter: str) -> RunReceipt:
        self._ask("prepare_run", quarter=quarter)
        self.runs = [run()]
        return self._receipt(self.runs[0])

    def release_run(self, quarter: str, number: int, digest: str) -> RunReceipt:
        self._ask("release_run", quarter=quarter, run=number, digest=digest)
        self.runs = [run("released")]
        return self._receipt(self.runs[0])

    def discard_run(self, quarter: str, number: int, reason: str) -> RunReceipt:
        self._ask("discard_run", quarter=quarter, run=number, reason=reason)
        self.runs = [run("discarded", reason=reason)]
        return self._receipt(self.runs[0])

    def _receipt(self, one: PayrollRun) -> RunReceipt:
        return RunReceipt(
            position=910, outcome="accepted", quarter=one.quarter, run=one.run, state=one.state, digest=one.digest
        )

    def list_card_readings(self, **asked: Any) -> list[CardReading]:
        self._ask("list_card_readings", **asked)
        return self.readings[: asked["limit"]]

    def list_events(self, **asked: Any) -> LoggedEvents:
        """The events of a stream, or those of a type."""
        self._ask("list_events", **asked)
        found = [
            one for one in self.history
            if asked.get("stream") in (None, one.stream) and asked.get("type") in (None, one.type)
        ]  # fmt: skip
        return LoggedEvents(moment=moment(), events=found, after=None, before=None, sealed=5, digest="ab" * 32)


def told(
    position: int, kind: str, by: str = "boss", stream: str = f"review:rm005:{QUARTER}", **said: Any
) -> LoggedEvent:
    """An event of the review of rm005."""
    return LoggedEvent(
        position=position, stream=stream, version=position, type=kind, recorded_at=MORNING, by=by, rm="rm005",
        rm_name="陈雨桐", state={"rm": "rm005", "quarter": QUARTER, **said}, texts={},
    )  # fmt: skip


def final(position: int, round: int, tier: str, points: str, **said: Any) -> LoggedEvent:
    """A round of the review became final."""
    lines = f'{{"gates":[],"lines":[{{"indicator":"visits","points":"{points}"}}]}}'
    return told(
        position, "GradeFinalised", "anna", round=round, org="east", scheme="anshun-personal-rm",
        effective="2026-01-01", status="graded", score="71.5", tier=tier, coefficient="1", lines=lines, facts_at=3,
        rated_at=4, result_digest="9f" * 32, rated_by="boss", approved_by="head", answer="acknowledged", **said,
    )  # fmt: skip


REVIEW = [
    told(2, "ReviewOpened", "anna", due_on="2026-07-31", facts_at=1, cutoff_on="2026-07-20"),
    told(3, "IndicatorRated", indicator="satisfaction", value="88.5", on_behalf_of="chief"),
    final(5, 1, "qualified", "27.5"),
    told(6, "ReviewReopened", "head", proposed_by="boss", due_on="2026-08-31"),
    final(8, 2, "excellent", "30"),
    told(4, "VoteCast", "colleague-7", f"vote:rm005:{QUARTER}:colleague-7", measure="votes_good"),
]


def reading(number: int, reader: str, what: Literal["scorecard", "review", "notice"] = "review") -> CardReading:
    """Somebody read a card of rm005."""
    return CardReading(
        number=number, read_at=MORNING, reader=reader, role="supervisor", rm="rm005", quarter=QUARTER, what=what
    )
