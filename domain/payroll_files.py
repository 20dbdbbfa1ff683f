"""What payroll reads, in its columns: the versioned schema, and the files of text that are made of it.

Bytes follow from the rows alone: no clock, no name (names can be erased), no library that might write them otherwise
one day. A column that is added at the end leaves VERSION as it is; any other change raises it.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO

from domain.money import plain
from domain.spreadsheet import harmless

VERSION = 1
MARK = 4
"""Hexadecimal digits per employee by which a manifest names whose grade differs."""


@dataclass(frozen=True, slots=True)
class PaidGrade:
    """The final grade of an employee. `log_position` is that of the event that made it final, `period` the quarter that
    it pays for, `run` the run that released it, and `replaces_run` an earlier run that released a grade of this quarter
    whose place this one takes after a reopening: what was paid then is to be set against it."""

    employee: str
    quarter: str
    org: str
    tier: str
    score: Decimal
    coefficient: Decimal
    scheme: str
    scheme_version: date
    period: str
    round: int
    log_position: int
    facts_at: int
    rated_at: int
    digest: str
    run: int | None = None
    replaces_run: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Who served in the quarter and has no final grade, and why: the state of the review, or why it came to none."""

    employee: str
    org: str
    state: str


COLUMNS = (
    "employee", "quarter", "org", "tier", "score", "coefficient", "scheme", "scheme_version", "period", "round",
    "log_position", "facts_at", "rated_at", "digest", "run", "replaces_run",
)  # fmt: skip
MISSING_COLUMNS = ("employee", "org", "state", "why")
WHOLE = ("round", "log_position", "facts_at", "rated_at", "run", "replaces_run")
"""Columns of whole numbers; score and coefficient are exact decimals, `scheme_version` a date, all others texts."""
NUMBERS = (*WHOLE, "score", "coefficient")
WHY = {
    "not-opened": "no review of the quarter was opened",
    "open": "the review is open: the supervisor has not rated everything yet",
    "rated": "the review is rated and not submitted yet",
    "submitted": "the review waits for approval",
    "returned": "the review was returned to the supervisor",
    "approved": "the review is approved and waits for the employee's answer",
    "acknowledged": "the employee has seen the result; it is not final yet",
    "appealed": "the employee's appeal is not decided yet",
    "decided": "the appeal is decided; the result is not final yet",
    "reopened": "the final grade is being reviewed again: two people reopened it",
    "no-scheme": "final: no scheme appraises the position",
    "no-contract": "final: without a performance contract there is no grade",
    "short-service": "final: too few working days of service in the quarter",
    "no-score": "final: nothing could be scored",
    "not-gradable": "final: a figure is out of range, so that there is no grade",
    "barred": "final: a rule of the scheme excludes a grade",
    "held": "final: a rule of the scheme holds the grade back",
}
"""Why somebody has no final grade, by state."""


def why(state: str) -> str:
    """A state in words; one that a newer version wrote stands as it is."""
    return WHY.get(state, state)


def cells(grade: PaidGrade) -> list[str]:
    """A row of texts, "" for what is missing."""
    return [_text(getattr(grade, column)) for column in COLUMNS]


def missing_cells(missing: Missing) -> list[str]:
    return [missing.employee, missing.org, missing.state, why(missing.state)]


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)


def run_csv(grades: Iterable[PaidGrade]) -> bytes:
    """The final grades as CSV after RFC 4180, in UTF-8. An id may begin as a formula does (`-7`): as in every other CSV
    an apostrophe stands before it then. JSON, XLSX and Parquet, which know what a text is, have it as it is."""
    return _csv(COLUMNS, map(_csv_cells, grades))


def _csv_cells(grade: PaidGrade) -> list[str]:
    return [
        cell if column in NUMBERS else harmless(cell) for column, cell in zip(COLUMNS, cells(grade), strict=True)
    ]  # fmt: skip


def missing_csv(missing: Iterable[Missing]) -> bytes:
    """Who has no final grade, as CSV."""
    return _csv(MISSING_COLUMNS, (map(harmless, missing_cells(each)) for each in missing))


def _csv(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> bytes:
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return file.getvalue().encode()


def run_json(
    quarter: str, run: int | None, position: int, grades: Iterable[PaidGrade], missing: Iterable[Missing]
) -> bytes:
    """All that a run holds, or that stood at a position, as JSON: a line for each employee, decimals as texts."""
    head = {"version": VERSION, "quarter": quarter, "run": run, "position": position}
    paid = ",\n".join(_json({column: _value(getattr(each, column)) for column in COLUMNS}) for each in grades)
    none = ",\n".join(_json(dict(zip(MISSING_COLUMNS, missing_cells(each), strict=True))) for each in missing)
    return f'{_json(head)[:-1]},"grades":[\n{paid}\n],"without":[\n{none}\n]}}\n'.encode()


def _value(value: object) -> object:
    return value if value is None or isinstance(value, int) else _text(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def missing_text(missing: Iterable[Missing]) -> str:
    """Who had no final grade, as the event of a run keeps it: canonical JSON."""
    return _json([[each.employee, each.org, each.state] for each in missing])


def read_missing(text: str) -> list[Missing]:
    """What `missing_text` made."""
    return [Missing(*each) for each in json.loads(text)]


def sums(grades: Iterable[PaidGrade]) -> tuple[Decimal, Decimal]:
    """The totals that a person confirms: of coefficients, and of scores."""
    coefficients = scores = Decimal(0)
    for grade in grades:
        coefficients, scores = coefficients + grade.coefficient, scores + grade.score
    return coefficients, scores


def marks(grades: Iterable[PaidGrade]) -> str:
    """For each employee the first digits of SHA-256 over the row's line of the CSV file."""
    return "".join(hashlib.sha256(_csv_line(_csv_cells(grade))).hexdigest()[:MARK] for grade in grades)


def differing_line(file: bytes, kept: str) -> int | None:
    """The first line of a CSV file of grades that is not as `marks` has it, counted from 1; None where none differs."""
    lines = file.splitlines(keepends=True)
    if not lines or lines[0] != _csv_line(COLUMNS):
        return 1
    for at, line in enumerate(lines[1:]):
        if hashlib.sha256(line).hexdigest()[:MARK] != kept[at * MARK : (at + 1) * MARK]:
            return at + 2
    return len(lines) + 1 if len(lines) <= len(kept) // MARK else None


def _csv_line(row: Sequence[str]) -> bytes:
    return _csv(row, [])
