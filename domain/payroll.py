"""The payroll run: what payroll is given of a quarter. One person prepares it, another one releases it, once.

A run is made of the grades that were final at one log position and that no run before released; who had none then
stands in the event that prepared it. So what it holds follows from the log alone, and never changes.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from domain.action import check_reason
from domain.calendar import Quarter
from domain.events import ReviewReopened, RunDiscarded, RunPrepared, RunReleased, Stamp
from domain.log import Decision, Log, Text, ToldAt
from domain.payroll_files import Missing, PaidGrade, missing_text, run_json, sums
from domain.refusal import Refusal, Refused
from domain.scheme import Scheme
from domain.scheme_file.entries import UNSTATED_REVIEW

RunState = Literal["prepared", "discarded", "released"]
NO_RUN = Refusal("not-found", "", "take quarter and number of a run from the list of runs")
ANOTHER_PERSON = Refusal("not-allowed", "", "ask somebody else to release it: nobody releases what they prepared")
INDEPENDENT = Refusal(
    "not-allowed", "", "ask somebody else to release it: of you two one gave the other sign-in, role, password or token"
)
OTHER_DIGEST = Refusal("stale", "digest", "look at the run again: its digest is another one than the one you confirm")
UNSEALED = Refusal("conflict", "", "seal the log first: no seal covers what the run was made of")
DISCARDED = Refusal("out-of-turn", "", "prepare the quarter anew: this run was discarded")
RELEASED = Refusal("out-of-turn", "", "look at its differences: the run was released, and nothing edits it any more")
WAITING = Refusal("conflict", "quarter", "release or discard the run of this quarter first that waits for its release")
NOTHING = Refusal(
    "not-allowed", "quarter", "finalise reviews first: the quarter has no final grade that no run released before"
)
REOPENED = Refusal(
    "stale", "", "discard the run and prepare the quarter anew: a review was reopened since the run was prepared"
)
MOVED_ON = Refusal("stale", "", "prepare the run again: another run of the quarter was prepared or released meanwhile")


@dataclass(frozen=True, slots=True)
class Content:
    """What a run would hold: the grades of a quarter that were final at position `at` and that no run before released,
    and who had none then; both by employee."""

    quarter: Quarter
    run: int
    at: int
    grades: Sequence[PaidGrade]
    missing: Sequence[Missing]

    @property
    def unreleased(self) -> "Content":
        """Of all final grades those that no run released yet, as the run would hold them."""
        return replace(self, grades=[replace(grade, run=self.run) for grade in self.grades if grade.run is None])

    @property
    def digest(self) -> str:
        """SHA-256 of the run's JSON file, which holds all of it."""
        return hashlib.sha256(run_json(str(self.quarter), self.run, self.at, self.grades, self.missing)).hexdigest()


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the log has it. `missing` is who had no final grade, as canonical JSON; `sealed` and `seal` name the
    seal that covers what it was made of, once it is released."""

    version: int
    quarter: str
    run: int
    at: int
    employees: int
    without: int
    coefficients: Decimal
    scores: Decimal
    digest: str
    missing: str
    prepared_by: str
    prepared_at: datetime
    state: RunState = "prepared"
    sealed: int | None = None
    seal: str | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None

    @property
    def run_id(self) -> str:
        return run_id(self.quarter, self.run)


def run_id(quarter: object, run: int) -> str:
    """The stream of a run."""
    return f"payroll:{quarter}:{run}"


def period_of(scheme: Scheme | None, quarter: Quarter) -> Quarter:
    """The quarter whose pay a grade decides, by the review rules of its scheme."""
    rules = (scheme.review if scheme else None) or UNSTATED_REVIEW
    return quarter if rules.pays == "same-quarter" else quarter.next


def reopened_since(log: Log, run: Run) -> bool:
    """Whether a review of the quarter was reopened after the position that a run was made of: what it holds of that
    review is no longer what people stand for."""
    with log.reading() as cursor:
        later = log.select_topics(cursor, (ReviewReopened.TOPIC,), run.at)
    return any(str(row.originator_id).endswith(f":{run.quarter}") for row in later)


def guard_of(run: Run | None, decided: Decision | Refused) -> ToldAt | None:
    """What must still hold where a decision on a run is written: of one that is released no review was reopened."""
    releases = run and isinstance(decided, Decision) and any(isinstance(one, RunReleased) for one in decided.events)
    return ToldAt(run.quarter, run.at, (ReviewReopened.TOPIC,)) if run and releases else None


def fold(state: Run | None, events: Iterable[Any]) -> Run | None:
    """What the events of a run add up to."""
    for event in events:
        match event:
            case RunPrepared():
                state = Run(
                    event.originator_version, event.quarter, event.run, event.at, event.employees, event.without,
                    event.coefficients, event.scores, event.digest, event.missing, event.by, event.recorded_at,
                )  # fmt: skip
            case RunDiscarded() if state:
                state = replace(state, state="discarded", **_ended(event))
            case RunReleased() if state:
                state = replace(state, state="released", sealed=event.sealed, seal=event.seal, **_ended(event))
    return state


def _ended(event: RunDiscarded | RunReleased) -> dict[str, Any]:
    return {"version": event.originator_version, "ended_by": event.by, "ended_at": event.recorded_at}


def prepare(content: Content, runs: Sequence[Run], last_at: int, stamp: Stamp) -> Decision | Refused:
    """Prepare what payroll is to be given; no event where the very same waits already. `runs` are those of the quarter
    by number, and `last_at` is where the log has the last event of one of them."""
    waiting = next((run for run in runs if run.state == "prepared"), None)
    if waiting:
        grades = [replace(grade, run=waiting.run) for grade in content.grades]
        same = replace(content, run=waiting.run, at=waiting.at, grades=grades)
        return Decision(waiting.run_id, []) if same.digest == waiting.digest else Refused([WAITING])
    if content.at < last_at or content.run != len(runs) + 1:
        return Refused([MOVED_ON])
    if not content.grades:
        return Refused([NOTHING])
    coefficients, scores = sums(content.grades)
    event = RunPrepared(
        originator_id=run_id(content.quarter, content.run), originator_version=1, **stamp,
        quarter=str(content.quarter), run=content.run, at=content.at, employees=len(content.grades),
        without=len(content.missing), coefficients=coefficients, scores=scores, digest=content.digest,
        missing=missing_text(content.missing),
    )  # fmt: skip
    return Decision(event.originator_id, [event])


def discard(run: Run | None, reason: str, stamp: Stamp, salt: str) -> Decision | Refused:
    """Give up a run that nobody released, with the reason; no event where the same person did so already."""
    if run is None:
        return Refused([NO_RUN])
    if run.state == "discarded" and run.ended_by == stamp["by"]:
        return Decision(run.run_id, [])
    if run.state != "prepared":
        return Refused([DISCARDED if run.state == "discarded" else RELEASED])
    if fault := check_reason(reason):
        return Refused([fault])
    text = Text(run.run_id, run.version + 1, "reason", salt, reason.strip())
    event = RunDiscarded(
        originator_id=run.run_id, originator_version=run.version + 1, **stamp, quarter=run.quarter, run=run.run,
        reason_digest=text.digest,
    )  # fmt: skip
    return Decision(run.run_id, [event], (text,))


def release(
    run: Run | None, digest: str, seal: tuple[int, str], is_reopened: bool, stamp: Stamp, tied_to: Collection[str] = ()
) -> Decision | Refused:
    """Hand a run to payroll, which somebody else prepared and whose digest is confirmed; no event where the same person
    did so already. `tied_to` are those who could act as the one who releases, or as whom that one could act: had one of
    them prepared it, there would be one person only. `seal` is the last seal's position and digest, `is_reopened`
    whether a review was reopened since."""
    if run is None:
        return Refused([NO_RUN])
    if run.state == "released" and run.ended_by == stamp["by"] and run.digest == digest:
        return Decision(run.run_id, [])
    if fault := _unreleasable(run, digest, stamp["by"], tied_to):
        return Refused([fault])
    sealed, chained = seal
    if is_reopened or sealed < run.at:
        return Refused([REOPENED if is_reopened else UNSEALED])
    event = RunReleased(
        originator_id=run.run_id, originator_version=run.version + 1, **stamp, quarter=run.quarter, run=run.run,
        digest=digest, prepared_by=run.prepared_by, sealed=sealed, seal=chained,
    )  # fmt: skip
    return Decision(run.run_id, [event])


def _unreleasable(run: Run, digest: str, by: str, tied_to: Collection[str]) -> Refusal | None:
    if run.state != "prepared":
        return RELEASED if run.state == "released" else DISCARDED
    if run.prepared_by == by:
        return ANOTHER_PERSON
    if run.prepared_by in tied_to:
        return INDEPENDENT
    return OTHER_DIGEST if run.digest != digest else None
