"""The files that payroll reads: JSON, CSV, XLSX and Parquet of the same rows, the same bytes for the same rows."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from api.parquet_writer import Column, Kind, parquet
from api.workbook_writer import Sheet, workbook
from domain.payroll import Content
from domain.payroll_files import (
    COLUMNS,
    MISSING_COLUMNS,
    WHOLE,
    cells,
    missing_cells,
    missing_csv,
    run_csv,
    run_json,
)
from projections.answers.payroll import FileDigests

Form = Literal["json", "csv", "xlsx", "parquet"]
Part = Literal["grades", "without"]
FORMS: tuple[Form, ...] = get_args(Form)
MEDIA_TYPES: Mapping[Form, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
FIGURES = ("score", "coefficient")
MAY_MISS = ("run", "replaces_run")


def written(content: Content, form: Form, part: Part = "grades", run: int | None = None) -> bytes:
    """The bytes of a file. JSON and XLSX hold both parts; of CSV and Parquet there is a file for each."""
    if form == "json":
        return run_json(str(content.quarter), run, content.at, content.grades, content.missing)
    if form == "xlsx":
        return workbook(list(_sheets(content)))
    if part == "without":
        return missing_csv(content.missing) if form == "csv" else parquet(list(_columns_of_missing(content)))
    return run_csv(content.grades) if form == "csv" else parquet(list(_columns(content)))


def file_digests(content: Content) -> FileDigests:
    """SHA-256 of each file of a run."""
    parts: dict[str, tuple[Form, Part]] = {form: (form, "grades") for form in FORMS}
    parts |= {"without_csv": ("csv", "without"), "without_parquet": ("parquet", "without")}
    made = {name: _digest(written(content, form, part, content.run)) for name, (form, part) in parts.items()}
    return FileDigests(**made)


def _digest(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def form_of(accept: str) -> Form | None:
    """The form that an Accept header asks for, the first of those that it ranks highest; None where it names none."""
    by_type = {media_type: form for form, media_type in MEDIA_TYPES.items()} | {"*/*": "json", "application/*": "json"}
    by_type["text/*"] = "csv"
    asked: list[tuple[float, Form]] = []
    for each in accept.split(","):
        media_type, *parameters = (part.strip().lower() for part in each.split(";"))
        if form := by_type.get(media_type):
            asked.append((_rank(parameters), form))
    best = max(asked, key=lambda ranked: ranked[0], default=None)
    return best[1] if best and best[0] > 0 else None


def _rank(parameters: list[str]) -> float:
    """The weight that a media type was given; 1 without one, 0 where it is no number."""
    given = next((each.removeprefix("q=") for each in parameters if each.startswith("q=")), "1")
    try:
        return float(given)
    except ValueError:
        return 0.0


def _sheets(content: Content) -> Iterator[Sheet]:
    yield Sheet("grades", COLUMNS, [cells(grade) for grade in content.grades], (*WHOLE, *FIGURES))
    yield Sheet("without", MISSING_COLUMNS, [missing_cells(each) for each in content.missing], ())


def _columns(content: Content) -> Iterator[Column]:
    for name in COLUMNS:
        values = [getattr(grade, name) for grade in content.grades]
        yield Column(name, _kind(name), values, name in MAY_MISS)


def _kind(column: str) -> Kind:
    if column in FIGURES:
        return "decimal"
    return "whole" if column in WHOLE else "date" if column == "scheme_version" else "text"


def _columns_of_missing(content: Content) -> Iterator[Column]:
    rows = [missing_cells(each) for each in content.missing]
    for at, name in enumerate(MISSING_COLUMNS):
        yield Column(name, "text", [row[at] for row in rows])
