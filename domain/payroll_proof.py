"""Proof of a payroll run: what it holds made anew from the log alone, beside a manifest that was kept elsewhere."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.bank import Bank
from domain.calendar import Quarter
from domain.events import GradeFinalised, ReviewReopened
from domain.log import Log
from domain.payroll import Content, Run, period_of
from domain.payroll_files import MARK, PaidGrade, marks, read_missing, run_csv, run_json
from domain.proof import Difference
from domain.result import Result
from domain.seal import STREAM, Manifest, read_seal

GRADED = "graded"


@dataclass(frozen=True, slots=True)
class KeptRun:
    """What a run's manifest says: how many employees, four digits for each, the SHA-256 of its JSON and CSV files, the
    seal over it, and some seals before that one; counts, totals, and who handed it over when."""

    quarter: Quarter
    run: int
    at: int
    employees: int
    marks: str
    json_digest: str
    csv_digest: str
    sealed: int
    seal: str
    seals: Sequence[tuple[int, str]]
    without: int
    coefficients: Decimal
    scores: Decimal
    prepared: tuple[str, datetime]
    released: tuple[str, datetime]
    other_file: Callable[[Content], str | None]
    """Which file of a run's content is not the one that the manifest has, by its form; None where all are."""

    def says(self, run: Run) -> bool:
        """Whether counts, totals, people, times and seal are those of a run."""
        return (
            (self.without, self.coefficients, self.scores) == (run.without, run.coefficients, run.scores)
            and self.prepared == (run.prepared_by, run.prepared_at)
            and self.released == (run.ended_by, run.ended_at)
            and (self.sealed, self.seal) == (run.sealed, run.seal)
        )

    @property
    def manifest(self) -> Manifest:
        """The seal that it keeps."""
        return Manifest(self.sealed, self.seal)


@dataclass(frozen=True, slots=True)
class Final:
    """A grade that became final, as the log has it."""

    position: int
    stream: str
    said: Mapping[str, Any]

    @property
    def result(self) -> Result:
        """The result that it froze, whose digest anybody can compute."""
        said = self.said
        effective = date.fromisoformat(said["effective"]) if "effective" in said else None
        return Result(
            said["rm"], said["org"], said["post"], said.get("scheme"), effective, said["status"], _exact(said, "score"),
            said.get("tier"), _exact(said, "coefficient"), said["lines"], said["facts_at"], said["rated_at"],
        )  # fmt: skip


def differing_run(bank: Bank, kept: KeptRun) -> Difference | None:
    """What of a run is not as its manifest says, first of all the first grade; None where the run is that one."""
    runs = bank.payroll_runs(kept.quarter)
    run = next((each for each in runs if each.run == kept.run), None)
    if run is None or run.state != "released":
        told = "is not there" if run is None else f"was not released, but {run.state}"
        return Difference(f"The run {kept.run} of {kept.quarter} {told}: the log is not the one of the manifest")
    try:
        finals = finals_of(bank.log, kept.quarter, kept.at)
        content = content_of(bank, run, runs, finals)
    except (KeyError, ValueError, TypeError, ArithmeticError):
        return Difference(f"A final grade of {kept.quarter} says nothing any more", None, None, GradeFinalised.TOPIC)
    return _first_other(kept, run, content, {final.position: final for final in finals.graded})


def _first_other(kept: KeptRun, run: Run, content: Content, finals: Mapping[int, Final]) -> Difference | None:
    for at, grade in enumerate(content.grades):
        final = finals[grade.log_position]
        if kept.marks[at * MARK : (at + 1) * MARK] != marks([grade]):
            return _of(final, "is not the one of the manifest")
        if final.result.digest != grade.digest:
            return _of(final, "says another result than the one that its digest names")
    if len(content.grades) != kept.employees or len(kept.marks) != MARK * kept.employees:
        return Difference(f"The run holds {len(content.grades)} grades, where the manifest has {kept.employees}")
    if _digest(run_csv(content.grades)) != kept.csv_digest:
        return Difference("The grades of the run are not those of the manifest")
    made = _digest(run_json(str(content.quarter), content.run, content.at, content.grades, content.missing))
    if made != kept.json_digest or run.digest != kept.json_digest or run.at != kept.at:
        return Difference(
            f"What the run {kept.run} of {kept.quarter} says of those without a grade, or of itself, is not what the "
            "manifest has",
            None, run.run_id, "RunPrepared",
        )  # fmt: skip
    if other := kept.other_file(content):
        return Difference(f"The {other} file of the run {kept.run} of {kept.quarter} is not the one of the manifest")
    if not kept.says(run):
        told = "a total, a person, a time or the seal of the run that the log has otherwise"
        return Difference(f"The manifest of the run {kept.run} of {kept.quarter} names {told}", None, run.run_id)
    return None


def _of(final: Final, what: str) -> Difference:
    says = f"The event at position {final.position} ({GradeFinalised.TOPIC} of {final.stream}) {what}"
    return Difference(says, final.position, final.stream, GradeFinalised.TOPIC)


@dataclass(frozen=True, slots=True)
class Finals:
    """Of a quarter, what became final and what was opened again, in the log's order."""

    graded: Sequence[Final]
    reopened: Sequence[tuple[int, str]]

    def standing(self, at: int) -> dict[str, Final]:
        """By stream what stands final at a position."""
        found: dict[str, Final | None] = {}
        steps: list[tuple[int, str, Final | None]] = [(each.position, each.stream, each) for each in self.graded]
        steps += [(position, stream, None) for position, stream in self.reopened]
        found |= {stream: final for at_, stream, final in sorted(steps, key=lambda step: step[0]) if at_ <= at}
        return {stream: final for stream, final in found.items() if final}


def finals_of(log: Log, quarter: Quarter, until: int) -> Finals:
    """What became final of a quarter up to a position, read from the log itself."""
    graded, reopened = list[Final](), list[tuple[int, str]]()
    for position, stream, topic, state in _rows(log, quarter, until):
        if topic == GradeFinalised.TOPIC:
            graded.append(Final(position, stream, json.loads(state)))
        else:
            reopened.append((position, stream))
    return Finals(graded, reopened)


def _rows(log: Log, quarter: Quarter, until: int) -> Iterator[tuple[int, str, str, str]]:
    with log.reading() as cursor:
        cursor.execute(
            f"SELECT {log.POSITION}, originator_id, topic, {log.STATE} FROM stored_events WHERE originator_id >= ? "
            f"AND originator_id < ? AND originator_id LIKE ? AND topic IN (?, ?) AND {log.POSITION} <= ? ORDER BY 1",
            ("review:", "review;", f"%:{quarter}", GradeFinalised.TOPIC, ReviewReopened.TOPIC, until),
        )
        yield from cursor.fetchall()


def content_of(bank: Bank, run: Run, runs: Sequence[Run], finals: Finals) -> Content:
    """What a run holds, by its quarter's final grades: those that stood at its position, and that none before holds."""
    schemes, quarter = bank.register.schemes, Quarter.parse(run.quarter)
    paid = dict[int, int]()
    last_run = dict[str, int]()
    for former in (each for each in runs if each.state == "released" and each.run < run.run):
        for stream, final in finals.standing(former.at).items():
            if final.said["status"] == GRADED and paid.setdefault(final.position, former.run) == former.run:
                last_run[stream] = former.run
    grades = []
    for stream, final in finals.standing(run.at).items():
        if final.said["status"] == GRADED and final.position not in paid:
            key = (str(final.said.get("scheme")), final.result.effective or date.max)
            grades.append(_paid(final, run, period_of(schemes.get(key), quarter), last_run.get(stream)))
    missing = read_missing(run.missing)
    return Content(quarter, run.run, run.at, sorted(grades, key=lambda grade: grade.employee), missing)


def _paid(final: Final, run: Run, period: Quarter, replaces_run: int | None) -> PaidGrade:
    said, result = final.said, final.result
    assert result.tier is not None
    assert result.score is not None
    assert result.coefficient is not None
    assert result.scheme is not None
    assert result.effective is not None
    return PaidGrade(
        result.rm, run.quarter, result.org, result.tier, result.score, result.coefficient, result.scheme,
        result.effective, str(period), said["round"], final.position, result.facts_at, result.rated_at,
        said["result_digest"], run.run, replaces_run,
    )  # fmt: skip


def _exact(said: Mapping[str, Any], field: str) -> Decimal | None:
    return Decimal(said[field]) if field in said else None


def _digest(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def rewritten_between(log: Log, kept: KeptRun) -> tuple[int, int] | None:
    """Between which positions a log that is not the one of a manifest differs from it first, both included, as far as
    the seals tell that the manifest has; None where its chain holds none of them, or all."""
    with log.reading() as cursor:
        cursor.execute(f"SELECT originator_version, {log.STATE} FROM stored_events WHERE originator_id = ?", (STREAM,))
        made = [read_seal(version, state) for version, state in cursor.fetchall()]
    chain = {each.last: each.chained for each in made if each}
    same = 0
    for position, digest in [*kept.seals, (kept.sealed, kept.seal)]:
        if chain.get(position) != digest:
            return same + 1, position
        same = position
    return None
