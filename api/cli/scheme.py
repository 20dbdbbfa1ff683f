"""`appraise scheme`: check a scheme file, try it on figures, publish it, list what is published."""

import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.identity import OWNER_SUBJECT
from api.terminal.asking import asked
from api.terminal.listing import Format, FormatOption, print_listing
from api.terminal.stopped import Stopped, unless_refused
from api.terminal.store import opened_bank
from domain.bank import Bank
from domain.calendar import Quarter
from domain.register import Register
from domain.scheme import Fault, Scheme, check_scheme, json_schema, read_scheme
from projections.answers import SchemeVersion

if TYPE_CHECKING:  # DuckDB and Arrow take a while to load
    from projections.trial import Trial

app = typer.Typer(help="Schemes: the dated rule books that grade.")
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A scheme in TOML.")]
LARGEST = 1 << 20
"""Bytes that a scheme file may have: its whole text goes into the log and is read at each start."""
FINDING_COLUMNS = ("severity", "line", "key", "message")
TRIED_COLUMNS = (
    "rm", "indicator", "en", "zh", "weight", "completion", "points", "status", "tier", "coefficient", "gates"
)  # fmt: skip
COLUMNS = ("scheme", "effective", "en", "zh", "positions", "position", "digest")


@app.command("check")
def check(
    file: FileArgument,
    form: Annotated[Format | None, typer.Option("--format", help="Print the findings as a listing.")] = None,
) -> int:
    """Say what is wrong in a scheme file: one line each, with its line of the file and what would be right.

    Errors keep it from being published; warnings and notes are marked so and don't. The exit code is 0 where it can be
    published, 1 where it can't, 2 where the command was mistyped.
    """
    checked = check_scheme(read_text(file), str(file))
    if form is not None:
        print_listing([asdict(one) for one in checked.findings], FINDING_COLUMNS, form)
    else:
        for one in checked.findings:
            typer.echo(told(one), err=True)
    if checked.errors or not (scheme := checked.scheme):
        return 1
    if form is None:
        about = f"{scheme.scheme} from {scheme.effective}"
        typer.echo(f"{file} is sound: {about}, {len(scheme.kinds)} kinds, {len(scheme.indicators)} indicators")
    return 0


def told(finding: Fault) -> str:
    """A finding in one line; what doesn't keep a scheme from being published says so."""
    return str(finding) if finding.severity == "error" else f"{finding} (a {finding.severity})"


@app.command("schema")
def print_schema() -> None:
    """Print the rule language as a JSON schema, for editors that complete and check TOML."""
    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@app.command("try")
def try_scheme(
    file: FileArgument,
    measures: Annotated[Path, typer.Option("--measures", metavar="CSV", help="rm,indicator,measured,target ...")],
    form: Annotated[Format | None, typer.Option("--format", help="Print lines and scores as a listing.")] = None,
) -> int:
    """Score figures by a scheme file, without any store: one JSON object per RM and line, or a listing to read."""
    from projections import trial, tried  # DuckDB and Arrow take a while to load

    if not (scheme := sound_scheme(file, read_text(file))):
        return 1
    figures = tried.read_tried(scheme, measures)
    if isinstance(figures, list):
        for refusal in figures:
            typer.echo(f"{measures}:{refusal.line}: {refusal}", err=True)
        return 1
    for rm, kind, name in tried.unscored_kinds(scheme, figures):
        typer.echo(f"{rm}: only conditions look at `{kind}`; add a line for `{name}`, which counts it", err=True)
    trials = trial.score(scheme, figures)
    if form is not None:
        print_listing([row for one in trials for row in _tried_rows(scheme, one)], TRIED_COLUMNS, form)
    else:
        for one in trials:
            typer.echo(one.model_dump_json())
    return 0


def _tried_rows(scheme: Scheme, one: "Trial") -> Iterator[dict[str, object]]:
    """The lines of one RM, each with its indicator's words; then the score, and what follows from it."""
    nothing = dict.fromkeys(TRIED_COLUMNS)
    for line, indicator in zip(one.lines, scheme.indicators, strict=True):
        words = {"indicator": line.indicator, "en": indicator.en, "zh": indicator.zh, "weight": indicator.weight}
        yield nothing | words | {"rm": one.rm, "completion": line.completion, "points": line.points}
    yield nothing | {
        "rm": one.rm, "indicator": "score", "en": "Score", "zh": "得分", "points": one.score, "status": one.status,
        "tier": one.tier, "coefficient": one.coefficient, "gates": one.gates,
    }  # fmt: skip


@app.command("publish")
def publish(file: FileArgument) -> int:
    """Publish a scheme's version; the whole text goes into the log and is never overwritten."""
    text = read_text(file)
    if not (scheme := sound_scheme(file, text)):
        return 1
    with opened_bank() as bank:
        taken = unless_refused(bank.publish_scheme(text, OWNER_SUBJECT))
        news = list(_consequences(scheme, bank)) if taken.outcome == "accepted" else []
    for note in [*map(told, scheme.warnings()), *news]:
        typer.echo(note, err=True)
    became = "is published" if taken.outcome == "accepted" else "stood already"
    typer.echo(f"{scheme.scheme} from {scheme.effective} {became}, at position {taken.position} of the log")
    return 0


def _consequences(scheme: Scheme, bank: Bank) -> Iterator[str]:
    """What a version that was just published changes beyond its own text, a line each."""
    register = bank.register
    if begun := _graded_anew(scheme, register, bank.today):
        quarters = str(begun[0]) if len(begun) == 1 else f"{begun[0]} to {begun[-1]}"
        yield f"Its date of effect has begun: the grades of {quarters} are made anew by it"
    for former, posts in _succeeded(scheme, register).items():
        yield f"From {scheme.effective} on it succeeds {former} for the positions {', '.join(posts)}"


def _graded_anew(scheme: Scheme, register: Register, today: date) -> list[Quarter]:
    """The quarters begun by today in which the version is in force for one of its positions."""
    quarters, quarter = [], Quarter.of(scheme.effective)
    while quarter.first_day <= today:
        if any(_grades(scheme, register, post, quarter.first_day) for post in scheme.positions):
            quarters.append(quarter)
        quarter = quarter.next
    return quarters


def _succeeded(scheme: Scheme, register: Register) -> dict[str, list[str]]:
    """Other schemes that were in force until the version's date, each with the positions that it names and loses."""
    eve = scheme.effective - timedelta(days=1)
    lost: dict[str, list[str]] = {}
    for post in scheme.positions:
        former = register.scheme_in_force(post, eve)
        if former and former.scheme != scheme.scheme and post in former.positions:
            lost.setdefault(former.scheme, []).append(post)
    return lost


def _grades(scheme: Scheme, register: Register, post: str, day: date) -> bool:
    """Whether this very version is in force for a position on a day."""
    found = register.scheme_in_force(post, day)
    return found is not None and (found.scheme, found.effective) == (scheme.scheme, scheme.effective)


@app.command("list")
def list_schemes(form: FormatOption = Format.TABLE) -> None:
    """Published versions, each in force from its date until its successor's."""
    with asked() as client:
        versions = client.list_schemes()
    print_listing([_row(version) for version in versions], COLUMNS, form)


def _row(version: SchemeVersion) -> dict[str, object]:
    names = {"en": version.name.en, "zh": version.name.zh}
    return names | {name: getattr(version, name) for name in COLUMNS if name not in names}


def read_text(file: Path) -> str:
    """A file's text; Stopped where there is none in UTF-8, or more than any scheme has."""
    with file.open("rb") as content:
        text = content.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise Stopped(f"{file} is larger than {LARGEST >> 20} MB, which no scheme is: name a scheme in TOML")
    try:
        return io.TextIOWrapper(io.BytesIO(text), encoding="utf-8-sig").read()
    except UnicodeDecodeError:
        raise Stopped(f"{file} is not in UTF-8: save it in that encoding") from None


def sound_scheme(file: Path, text: str) -> Scheme | None:
    """The scheme of a file, or None once each of its faults was told."""
    scheme = read_scheme(text, str(file))
    if isinstance(scheme, Scheme):
        return scheme
    for fault in scheme:
        typer.echo(str(fault), err=True)
    return None
