"""/v1/payroll: the final grades that payroll reads, and the runs that hand them over by two people."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.acting import catch_up
from api.asking import LONGEST_WAIT, Grant, Granted, Now, Then
from api.guarded import Guarded
from api.http.parameters import AfterRM, Limit, QuarterFilter, QuarterText, Search
from api.payroll_exports import MEDIA_TYPES, Form, Part, form_of, written
from api.payroll_manifest import manifest_of
from api.problems import NotFound, TooLate, wrong
from api.receipts import RunReceipt
from domain.bank import Outcome
from domain.calendar import Quarter
from domain.payroll import NO_RUN, Content, Run
from domain.refusal import Refusal, Refused
from domain.seal import seal, sealed_until
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

router = APIRouter(tags=["payroll"], route_class=Guarded)
NOT_AS_PREPARED = Refusal(
    "conflict",
    "",
    "ask appraise verify: the log gives another file now than the one that the run's digest names",
)
OfQuarter = Annotated[str, Query(pattern="^(?:[12][0-9]{3}Q[1-4])$", description="Like 2026Q3")]
WithoutState = Annotated[
    str | None, Query(pattern="^[a-z-]{1,32}$", description="Only who has no final grade in this state")
]
ChangeFilter = Annotated[Change | None, Query(description="Only this change; else all but `same`")]
RunNumber = Annotated[int, Path(ge=1, le=1_000_000, description="The run's number in its quarter")]
Accept = Annotated[str | None, Header(description="Which form, where no `format` is given", include_in_schema=False)]
FormQuery = Annotated[Form | None, Query(alias="format", description="Comes before the Accept header")]
PartQuery = Annotated[Part, Query(description="CSV and Parquet hold either the grades or who has none")]
CONTENT: dict[str, Any] = {media_type: {} for media_type in MEDIA_TYPES.values()}
FILES: dict[int | str, dict[str, Any]] = {200: {"description": "The file", "content": CONTENT}}


class OfRun(BaseModel):
    """Which quarter a run is to be prepared for."""

    model_config = ConfigDict(extra="forbid")
    quarter: str = Field(pattern="^(?:[12][0-9]{3}Q[1-4])$", description="Like 2026Q3")


class RunDigest(BaseModel):
    """What somebody looked at before they released it."""

    model_config = ConfigDict(extra="forbid")
    digest: str = Field(pattern="^[0-9a-f]{64}$", description="The `digest` of the run")


class RunReason(BaseModel):
    """Why a run is given up."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(max_length=2_000)


def found_run(granted: Granted, quarter: QuarterText, run: RunNumber) -> Run:
    """The run that a path names; 404 where there is none."""
    if found := granted.office.read_model.run(Quarter.parse(quarter), run):
        return found
    raise NotFound(NO_RUN.remedy)


FoundRun = Annotated[Run, Depends(found_run)]


@router.get("/v1/payroll/grades", response_model=PayrollGrades, responses=FILES)
def payroll_grades(
    granted: Granted,
    reading: Then,
    response: Response,
    quarter: OfQuarter,
    form: FormQuery = None,
    part: PartQuery = "grades",
    accept: Accept = None,
) -> Response:
    """The final grades of a quarter, each with the run that released it, and who has none and why: as JSON, CSV, XLSX
    or Parquet, by `format` or the Accept header."""
    content = granted.office.read_model.payroll_grades(Quarter.parse(quarter), reading.as_of)
    asked = form or form_of(accept or "") or "json"
    return _file(content, asked, part, f"payroll-{quarter}", None, response)


@router.get("/v1/payroll/progress")
def payroll_progress(
    granted: Granted,
    reading: Now,
    quarter: OfQuarter,
    state: WithoutState = None,
    search: Search = None,
    after: AfterRM = None,
    limit: Limit = 100,
) -> PayrollProgress:
    """How many of a quarter have a final grade, what those come to by tier, and a page of those who have none, each
    with the reason."""
    read_model = granted.office.read_model
    return read_model.payroll_progress(Quarter.parse(quarter), state, search or "", after or "", limit)


@router.get("/v1/payroll/changes")
def payroll_changes(
    granted: Granted,
    reading: Now,
    quarter: OfQuarter,
    change: ChangeFilter = None,
    search: Search = None,
    after: AfterRM = None,
    limit: Limit = 100,
) -> PayrollChanges:
    """Whose final grade is another one than in the quarter before: a better or a worse tier, a first grade, or none any
    more; counted, and by page."""
    read_model = granted.office.read_model
    return read_model.payroll_changes(Quarter.parse(quarter), change, search or "", after or "", limit)


@router.get("/v1/payroll/runs")
def list_runs(granted: Granted, reading: Now, quarter: QuarterFilter = None) -> list[PayrollRun]:
    """The runs of a quarter, or all of them, the newest first: what each comes to, and who prepared, released or
    discarded it."""
    return granted.office.read_model.runs(Quarter.parse(quarter) if quarter else None)


@router.post("/v1/payroll/runs", status_code=201)
def prepare_run(granted: Granted, body: OfRun) -> RunReceipt:
    """Prepare what payroll is to be given of a quarter: every final grade that no run released before. Another person
    releases it; one run of a quarter waits at a time."""
    catch_up(granted.office)
    content = granted.office.read_model.next_run(Quarter.parse(body.quarter))
    return _receipt(granted, granted.office.bank.prepare_run(content, granted.asker.person))


@router.get("/v1/payroll/runs/{quarter}/{run}")
def read_run(granted: Granted, reading: Now, found: FoundRun) -> PayrollRunInFull:
    """One run with what is looked at before its release: counts and totals by tier, and everybody without a grade."""
    _reach(granted, found)
    return granted.office.read_model.run_in_full(found)


@router.get("/v1/payroll/runs/{quarter}/{run}/file", response_model=PayrollGrades, responses=FILES)
def run_file(
    granted: Granted,
    reading: Now,
    response: Response,
    found: FoundRun,
    form: FormQuery = None,
    part: PartQuery = "grades",
    accept: Accept = None,
) -> Response:
    """The run as a file: the same bytes for ever, whatever comes after it."""
    _reach(granted, found)
    content = granted.office.read_model.run_content(found)
    asked = form or form_of(accept or "") or "json"
    name = f"payroll-{found.quarter}-run-{found.run}"
    return _file(content, asked, part, name, found.run, response)


@router.get("/v1/payroll/runs/{quarter}/{run}/manifest")
def run_manifest(granted: Granted, reading: Now, found: FoundRun) -> RunManifest:
    """What proves a released run when it is kept elsewhere: `appraise verify --manifest FILE` holds log, grades and
    file against it."""
    if found.state != "released":
        raise NotFound("release the run first: only then it has a manifest")
    _reach(granted, found)
    return manifest_of(granted.office.bank, found, granted.office.read_model.run_content(found))


@router.get("/v1/payroll/runs/{quarter}/{run}/differences")
def run_differences(granted: Granted, reading: Now, found: FoundRun) -> PayrollDifferences:
    """What changed after the run was made, with its cause and the event; the run itself stays as it is."""
    _reach(granted, found)
    return granted.office.read_model.run_differences(found)


@router.get("/v1/payroll/runs/{quarter}/{run}/timeline")
def run_timeline(granted: Granted, reading: Now, found: FoundRun) -> PayrollTimeline:
    """The run as the events that made it: who prepared, released or discarded it, and when."""
    return granted.office.read_model.run_timeline(found)


@router.post("/v1/payroll/runs/{quarter}/{run}/release")
def release_run(granted: Granted, found: FoundRun, body: RunDigest) -> RunReceipt:
    """Hand the run to payroll that somebody else prepared: the very run that has the digest. The log is sealed first,
    and the run made anew from it, which must come to the same bytes."""
    office, asker = granted.office, granted.asker
    if found.state == "prepared":
        _reach(granted, found)
        if office.read_model.run_content(found).digest != found.digest:
            raise Refused([NOT_AS_PREPARED])
        seal(office.bank)
    last = sealed_until(office.bank.log)
    tied = office.identity.tied_to(asker.subject, found.prepared_by)
    outcome = office.bank.release_run(
        Quarter.parse(found.quarter), found.run, body.digest, (last.position, last.digest), asker.person, tied
    )
    return _receipt(granted, outcome)


@router.post("/v1/payroll/runs/{quarter}/{run}/discard")
def discard_run(granted: Granted, found: FoundRun, body: RunReason) -> RunReceipt:
    """Give up a run that was prepared and not released, with the reason; its grades wait for the next one."""
    quarter, by = Quarter.parse(found.quarter), granted.asker.person
    return _receipt(granted, granted.office.bank.discard_run(quarter, found.run, body.reason, by))


def _file(content: Content, form: Form, part: Part, name: str, run: int | None, response: Response) -> Response:
    """A file, with the headers that name its state."""
    if part == "without" and form in ("json", "xlsx"):
        raise wrong("part", "leave it out: JSON and XLSX hold both")
    ending = f"{'-without' if part == 'without' else ''}.{form}"
    headers = dict(response.headers) | {"Content-Disposition": f'attachment; filename="{name}{ending}"'}
    return Response(written(content, form, part, run), headers=headers, media_type=MEDIA_TYPES[form])


def _reach(granted: Grant, run: Run) -> None:
    """Wait until the read model holds what a run was made of."""
    if not granted.office.read_model.wait_for(run.at, LONGEST_WAIT):
        raise TooLate(granted.office.follower.barred)


def _receipt(granted: Grant, outcome: Outcome) -> RunReceipt:
    """What a command answers that was taken in; a refusal is raised."""
    if isinstance(outcome, Refused):
        raise outcome
    _, quarter, number = outcome.subject.split(":")
    run = granted.office.read_model.run(Quarter.parse(quarter), int(number))
    assert run is not None
    return RunReceipt(
        position=outcome.position, outcome=outcome.outcome, quarter=quarter, run=run.run, state=run.state,
        digest=run.digest,
    )  # fmt: skip
