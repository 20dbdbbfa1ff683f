"""`appraise payroll`: the final grades as files, and the runs that two people hand to payroll."""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.client import Client
from api.counted import counted
from api.identity import OWNER_SUBJECT, Identity
from api.payroll_exports import FORMS, Form
from api.terminal.asking import QuarterArgument, asked, read_quarter
from api.terminal.listing import Format, FormatOption, print_listing
from api.terminal.person import AsOption, StdinOption, acting_person
from api.terminal.stopped import Stopped, unless_refused
from api.terminal.store import opened_bank
from domain.calendar import Quarter
from domain.payroll import ANOTHER_PERSON, Content
from domain.payroll_files import Missing, PaidGrade
from domain.refusal import Refused
from domain.seal import seal, sealed_until
from projections.answers.payroll import PayrollGrades, PayrollRun, PayrollRunInFull

app = typer.Typer(help="Payroll: final grades, and the runs that hand them over.")
RUN = re.compile(r"([12][0-9]{3}Q[1-4])[:/]([1-9][0-9]{0,5})")
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="Quarter and number of a run, like 2026Q3:1.")]
OutputOption = Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it, else standard output.")]
COLUMNS = (
    "quarter", "run", "state", "employees", "without", "coefficients", "scores", "prepared_by", "ended_by", "digest",
)  # fmt: skip
DIFFERENCE_COLUMNS = ("employee", "cause", "position", "topic", "tier", "coefficient", "tier_now", "coefficient_now")
SHORTEST = 8
"""Digits of a digest that are enough."""


@app.command("export")
def export(
    quarter: QuarterArgument,
    form: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMS)}.")] = "csv",
    output: OutputOption = None,
    run: Annotated[int | None, typer.Option(metavar="N", help="That run's file, the same bytes for ever.")] = None,
) -> None:
    """Write the final grades of a quarter, or one run of it, to a file."""
    asked_form, of = _form(form), str(read_quarter(quarter))
    with asked() as client:
        grades = client.payroll_grades(of) if run is None else client.read_run(of, run)
        content = client.payroll_grades_file(of, asked_form) if run is None else client.run_file(of, run, asked_form)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(content)
    paid = len(grades.grades) if isinstance(grades, PayrollGrades) else grades.run.employees
    without = len(grades.without) if isinstance(grades, PayrollGrades) else grades.run.without
    typer.echo(f"{counted(paid, 'final grade')}; {without} without one.", err=True)


def _form(text: str) -> Form:
    found = next((form for form in FORMS if form == text), None)
    if found is None:
        raise Stopped(f"--format: choose one of {', '.join(FORMS)}")
    return found


@app.command("prepare")
def prepare(quarter: QuarterArgument, as_user: AsOption = None, password_stdin: StdinOption = False) -> None:
    """Prepare what payroll is to be given of a quarter: every final grade that no run released before."""
    of = read_quarter(quarter)
    with asked() as client:
        told, number = client.payroll_grades(str(of)), len(client.list_runs(str(of))) + 1
    with opened_bank() as bank:
        by = acting_person(bank, as_user, "prepare_run", password_stdin)
        taken = unless_refused(bank.prepare_run(_content(told, of, number), by))
        run = next(run for run in bank.payroll_runs(of) if run.run_id == taken.subject)
    typer.echo(
        f"Run {run.run} of {of} holds {counted(run.employees, 'final grade')}, coefficients {run.coefficients}, scores "
        f"{run.scores}; {run.without} without a grade. Its digest is {run.digest}. Another person releases it:"
    )
    typer.echo(f"  appraise payroll release {of}:{run.run}{' --as NAME' if run.prepared_by == OWNER_SUBJECT else ''}")


def _content(told: PayrollGrades, quarter: Quarter, number: int) -> Content:
    """What the API told of a quarter, as the run would hold it."""
    grades = [PaidGrade(**{name: getattr(grade, name) for name in PaidGrade.__slots__}) for grade in told.grades]
    missing = [Missing(each.employee, each.org, each.state) for each in told.without]
    return Content(quarter, number, told.position, grades, missing).unreleased


@app.command("release")
def release(
    run: RunArgument,
    digest: Annotated[
        str | None, typer.Option(metavar="DIGEST", help="Of the run that you looked at, as `payroll list` shows it.")
    ] = None,
    as_user: AsOption = None,
    password_stdin: StdinOption = False,
) -> None:
    """Hand a run to payroll that another person prepared; without a digest you are shown what it holds, and asked."""
    quarter, number = _read_run(run)
    with asked() as client:
        shown = client.read_run(str(quarter), number)
        if hashlib.sha256(client.run_file(str(quarter), number, "json")).hexdigest() != shown.run.digest:
            raise Stopped("Ask appraise verify: the log gives another file than the one that the run's digest names")
    looked_at = _whole(digest, shown.run) if digest else _shown_and_agreed(shown)
    with opened_bank() as bank:
        by = acting_person(bank, as_user, "release_run", password_stdin)
        seal(bank)
        last, tied = sealed_until(bank.log), Identity(bank).tied_to(by, shown.run.prepared_by)
        outcome = bank.release_run(quarter, number, looked_at, (last.position, last.digest), by, tied)
    if by == OWNER_SUBJECT and isinstance(outcome, Refused) and ANOTHER_PERSON in outcome.refusals:
        raise Stopped(f"{ANOTHER_PERSON.remedy}. Add --as NAME, with a password, or release it through the API")
    taken = unless_refused(outcome)
    became = "is released" if taken.outcome == "accepted" else "was released already"
    typer.echo(f"Run {number} of {quarter} {became}, at position {taken.position} of the log. Keep its manifest:")
    typer.echo(f"  appraise payroll manifest {quarter}:{number} --output FILE")


def _shown_and_agreed(shown: PayrollRunInFull) -> str:
    """The digest of a run that somebody looked at; Stopped where nobody can be asked, or who was asked says no."""
    run = shown.run
    totals = [
        {"tier": each.tier, "employees": each.employees, "coefficients": each.coefficients} for each in shown.tiers
    ]
    print_listing(totals, ("tier", "employees", "coefficients"), Format.TABLE)
    print_listing([each.model_dump() for each in shown.missing], ("employee", "org", "state", "why"), Format.TABLE)
    if not sys.stdin.isatty():
        raise Stopped(f"Look at the run and repeat the command with --digest {run.digest}")
    paid = counted(run.employees, "final grade")
    typer.confirm(f"Release {paid}, coefficients {run.coefficients}, and leave {run.without} out?", abort=True)
    return run.digest


def _whole(digest: str, run: PayrollRun) -> str:
    """The whole digest of a run of which enough digits were given; what was given, where it is another one."""
    return run.digest if len(digest) >= SHORTEST and run.digest.startswith(digest) else digest


@app.command("discard")
def discard(
    run: RunArgument,
    reason: Annotated[str, typer.Option(help="Why it is given up.")],
    as_user: AsOption = None,
    password_stdin: StdinOption = False,
) -> None:
    """Give up a run that was prepared and not released: its grades wait for the next one."""
    quarter, number = _read_run(run)
    with opened_bank() as bank:
        by = acting_person(bank, as_user, "discard_run", password_stdin)
        unless_refused(bank.discard_run(quarter, number, reason, by))
    typer.echo(f"Run {number} of {quarter} is given up.")


@app.command("list")
def list_runs(
    quarter: Annotated[str | None, typer.Argument(metavar="[QUARTER]", help="Only of this quarter.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """The runs, the newest first: what each comes to, and who prepared, released or discarded it."""
    of = str(read_quarter(quarter)) if quarter else None
    with asked() as client:
        runs = client.list_runs(of)
    print_listing([run.model_dump() for run in runs], COLUMNS, form)


@app.command("differences")
def differences(run: RunArgument, form: FormatOption = Format.TABLE) -> None:
    """What changed after a run was made, with its cause and the event."""
    quarter, number = _read_run(run)
    with asked() as client:
        found = client.run_differences(str(quarter), number).differences
    rows = [
        each.model_dump()
        | {"tier": each.paid and each.paid.tier, "coefficient": each.paid and each.paid.coefficient}
        | {"tier_now": each.now and each.now.tier, "coefficient_now": each.now and each.now.coefficient}
        for each in found
    ]
    print_listing(rows, DIFFERENCE_COLUMNS, form)


@app.command("manifest")
def manifest(run: RunArgument, output: OutputOption = None) -> None:
    """Write what proves a released run: keep it where nobody reaches it who can edit the store."""
    quarter, number = _read_run(run)
    with asked() as client:
        found = _manifest(client, quarter, number)
    if output is None:
        typer.echo(found)
        return
    with output.open("x", encoding="utf-8") as file:
        file.write(f"{found}\n")
    typer.echo(
        f"{output} proves run {number} of {quarter}: appraise verify --manifest {output} holds the log against it."
    )


def _manifest(client: Client, quarter: Quarter, number: int) -> str:
    told = client.run_manifest(str(quarter), number).model_dump(mode="json", by_alias=True)
    return json.dumps(told, indent=1)


def _read_run(text: str) -> tuple[Quarter, int]:
    if not (match := RUN.fullmatch(text)):
        raise Stopped("RUN: write quarter and number of a run, like 2026Q3:1")
    return Quarter.parse(match[1]), int(match[2])
