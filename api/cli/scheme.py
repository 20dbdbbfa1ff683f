"""`appraise scheme`: check a scheme file, try it on figures, propose it, approve it, list what there is.

Longer than 300 lines because it is the one list of what is done with a scheme on the command line.
"""

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.client import Client
from api.identity import OWNER_SUBJECT, Identity
from api.terminal.asking import asked
from api.terminal.listing import Format, FormatOption, print_listing
from api.terminal.person import AsOption, StdinOption, acting_person
from api.terminal.stopped import Stopped, unless_refused
from api.terminal.store import opened_bank
from domain.bank import Bank
from domain.calendar import Quarter
from domain.publication import ANOTHER_PERSON, Publication
from domain.refusal import Refused
from domain.register import Register
from domain.scheme import Fault, Scheme, check_scheme, fresh_scheme, json_schema
from domain.scheme_file.faults import LARGEST
from projections.answers import GradeChange, SchemeChanges, SchemeVersion

if TYPE_CHECKING:  # DuckDB and Arrow take a while to load
    from projections.trial import Trial

app = typer.Typer(help="Schemes: the dated rule books that grade.")
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A scheme in TOML.")]
FINDING_COLUMNS = ("severity", "line", "key", "message")
TRIED_COLUMNS = (
    "rm", "indicator", "en", "zh", "measured", "target", "weight", "share", "completion", "points", "reason", "status",
    "tier", "coefficient", "gates", "quota",
)  # fmt: skip
SchemeArgument = Annotated[str, typer.Argument(metavar="ID", help="The scheme's id.")]
DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="Its date of effect, like 2026-07-01.")]
COLUMNS = (
    "scheme", "effective", "en", "zh", "positions", "units", "state", "by", "proposed_by", "position", "digest",
)  # fmt: skip
CHANGE_COLUMNS = (
    "quarter", "changed", "rm", "name", "org", "now", "score_now", "coefficient_now", "then", "score_then",
    "coefficient_then",
)  # fmt: skip
SHORT, SHORTEST = 12, 8
"""Digits of a digest that are shown where it is to be typed, and that are enough."""
PAGE = 10_000
"""Changes asked for at once."""


@app.command("check")
def check(
    file: FileArgument,
    form: Annotated[Format | None, typer.Option("--format", help="Print the findings as a listing.")] = None,
    with_bank: Annotated[bool, typer.Option("--bank", help="Also say how many RMs of the bank lack a target.")] = False,
) -> int:
    """Say what is wrong in a scheme file: one line each, with its line of the file and what would be right.

    Errors keep it from being published; warnings and notes are marked so and don't. The exit code is 0 where it can be
    published, 1 where it can't, 2 where the command was mistyped.
    """
    text = read_text(file)
    checked = check_scheme(text, str(file))
    findings = _with_bank(text, str(file)) if with_bank else checked.findings
    if form is not None:
        print_listing([asdict(one) for one in findings], FINDING_COLUMNS, form)
    else:
        for one in findings:
            typer.echo(told(one), err=True)
    if checked.errors or not (scheme := checked.scheme):
        return 1
    if form is None:
        about = f"{scheme.scheme} from {scheme.effective}"
        typer.echo(f"{file} is sound: {about}, {len(scheme.kinds)} kinds, {len(scheme.indicators)} indicators")
    return 0


def _with_bank(text: str, file: str) -> list[Fault]:
    """What the check says where it can look at the bank's contracts."""
    with asked() as client:
        found = client.check_scheme(text).findings
    return [Fault(file, one.line, one.message, one.key, one.severity, one.rule) for one in found]


def told(finding: Fault) -> str:
    """A finding in one line: file, line, key, what to do; what doesn't keep a scheme from being published says so."""
    key = f"{finding.key}: " if finding.key else ""
    kind = "" if finding.severity == "error" else f" (a {finding.severity})"
    return f"{finding.file}:{finding.line}: {key}{finding.message}{kind}"


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
        figures = {
            name: getattr(line, name) for name in ("measured", "target", "share", "completion", "points", "reason")
        }
        yield nothing | words | figures | {"rm": one.rm}
    named = {section.id: section for section in scheme.sections}
    for total in one.sections:
        section = named[total.section]
        words = {"indicator": section.id, "en": section.en, "zh": section.zh, "weight": section.weight}
        yield nothing | words | {"rm": one.rm, "points": total.points, "status": "section"}
    for each in scheme.multipliers:
        if each.id in one.multipliers:
            words = {"indicator": each.id, "en": each.en, "zh": each.zh}
            yield nothing | words | {"rm": one.rm, "points": each.times, "status": "times"}
    yield nothing | {
        "rm": one.rm, "indicator": "score", "en": "Score", "zh": "得分", "points": one.score, "status": one.status,
        "tier": one.tier, "coefficient": one.coefficient, "gates": one.gates,
        "quota": one.quota,
    }  # fmt: skip


@app.command("publish")
def publish(file: FileArgument, as_user: AsOption = None, password_stdin: StdinOption = False) -> int:
    """Propose a scheme's version; once another person approves it, it is in force and never overwritten."""
    text = read_text(file)
    if not (scheme := sound_scheme(file, text)):
        return 1
    with opened_bank() as bank:
        by = acting_person(bank, as_user, "propose_scheme", password_stdin)
        unless_refused(bank.propose_scheme(text, by))
        standing = bank.register.publications[scheme.scheme, scheme.effective]
    for note in map(told, scheme.warnings()):
        typer.echo(note, err=True)
    version, named = f"{scheme.scheme} from {scheme.effective}", f"{scheme.scheme} {scheme.effective}"
    if standing.proposal is None:
        typer.echo(f"{version} is in force already, with this very text")
        return 0
    typer.echo(f"{version} is proposed by {standing.proposal.by} and waits for another person's approval:")
    typer.echo(f"  appraise scheme changes {named}   # whom it would change")
    approval = f"appraise scheme approve {named} --digest {standing.proposal.digest[:SHORT]}"
    typer.echo(f"  {approval}{' --as NAME' if standing.proposal.by == OWNER_SUBJECT else ''}")
    return 0


@app.command("changes")
def changes(scheme: SchemeArgument, effective: DateArgument, form: FormatOption = Format.TABLE) -> None:
    """Say whom a version that waits for approval would change: which RM in which quarter gets which tier and score."""
    with asked() as client:
        pages = list(_changes(client, scheme, _day(effective)))
    print_listing([_change_row(one) for page in pages for one in page.changes], CHANGE_COLUMNS, form)
    _say_changes(pages[0], err=True)


@app.command("approve")
def approve(
    scheme: SchemeArgument,
    effective: DateArgument,
    digest: Annotated[
        str | None, typer.Option(metavar="DIGEST", help="Of the text that you looked at, as `scheme list` shows it.")
    ] = None,
    as_user: AsOption = None,
    password_stdin: StdinOption = False,
) -> int:
    """Put a version in force that another person proposed; without a digest you are shown what changes, and asked."""
    day = _day(effective)
    looked_at = digest or _shown_and_agreed(scheme, day)
    with opened_bank() as bank:
        by = acting_person(bank, as_user, "approve_scheme", password_stdin)
        granted_by = Identity(bank).granted_by(by)
        outcome = bank.approve_scheme(scheme, day, _whole(looked_at, scheme, day, bank), by, granted_by)
        if by == OWNER_SUBJECT and isinstance(outcome, Refused) and ANOTHER_PERSON in outcome.refusals:
            raise Stopped(f"{ANOTHER_PERSON.remedy}. Add --as NAME, with a password, or approve it through the API")
        taken = unless_refused(outcome)
        published = bank.register.schemes[scheme, day]
        news = list(_consequences(published, bank)) if taken.outcome == "accepted" else []
    for note in news:
        typer.echo(note, err=True)
    became = "is published" if taken.outcome == "accepted" else "stood already"
    typer.echo(f"{scheme} from {day} {became}, at position {taken.position} of the log")
    return 0


@app.command("withdraw")
def withdraw(
    scheme: SchemeArgument, effective: DateArgument, as_user: AsOption = None, password_stdin: StdinOption = False
) -> None:
    """Take a version back that waits for approval, or turn it down."""
    day = _day(effective)
    with opened_bank() as bank:
        by = acting_person(bank, as_user, "withdraw_scheme", password_stdin)
        unless_refused(bank.withdraw_scheme(scheme, day, _whole("", scheme, day, bank), by))
    typer.echo(f"{scheme} from {day} waits for approval no longer")


def _whole(digest: str, scheme: str, day: date, bank: Bank) -> str:
    """The digest of what waits or stands, where what was typed is its beginning; else what was typed."""
    standing = bank.register.publications.get((scheme, day), Publication(0))
    known = standing.proposal.digest if standing.proposal else standing.published or ""
    return known if known.startswith(digest) and (not digest or len(digest) >= SHORTEST) else digest


def _shown_and_agreed(scheme: str, day: date) -> str:
    """The digest of a text whose changes were shown, once somebody said that they want it."""
    with asked() as client:
        found = next(_changes(client, scheme, day))
    _say_changes(found)
    if not sys.stdin.isatty():
        raise Stopped(f"Say which text you approve: add --digest {found.digest[:SHORT]} once you have looked at it")
    if not typer.confirm(f"Put {scheme} from {day} in force, as {found.by} proposed it?"):
        raise Stopped(f"Nothing was put in force: {scheme} from {day} still waits for approval")
    return found.digest


def _changes(client: Client, scheme: str, day: date) -> Iterator[SchemeChanges]:
    """Whom a version that waits would change, page by page."""
    page = client.scheme_changes(scheme, day, limit=PAGE)
    yield page
    while page.after:
        page = client.scheme_changes(scheme, day, page.after, PAGE)
        yield page


def _say_changes(found: SchemeChanges, err: bool = False) -> None:
    """One line per quarter that has begun: how many RMs a version would grade, how many otherwise than now."""
    if not found.quarters:
        typer.echo(f"It changes no grade of today: no quarter has begun since {found.effective}", err=err)
    for one in found.quarters:
        told = f"the grade of {one.changed - one.ungraded} changes, and the score of {one.rescored} others"
        if one.ungraded:
            told += f"; {one.ungraded} have no grade either way, for another reason"
        typer.echo(f"{one.quarter}: {one.graded} RMs would fall under it; {told}", err=err)


def _change_row(one: GradeChange) -> dict[str, object]:
    row: dict[str, object] = {
        "quarter": one.quarter, "changed": one.changed,
        "rm": one.after.rm, "name": one.after.name, "org": one.after.org,
    }  # fmt: skip
    for when, grade in (("now", one.before), ("then", one.after)):
        row[when] = grade.tier or grade.status
        row |= {f"score_{when}": grade.score, f"coefficient_{when}": grade.coefficient}
    return row


def _consequences(scheme: Scheme, bank: Bank) -> Iterator[str]:
    """What a version that was just published changes beyond its own text, a line each."""
    register = bank.register
    if begun := _graded_anew(scheme, register, bank.today):
        quarters = str(begun[0]) if len(begun) == 1 else f"{begun[0]} to {begun[-1]}"
        yield f"Its date of effect has begun: the grades of {quarters} are made anew by it"
    for former, posts in _succeeded(scheme, register).items():
        yield f"From {scheme.effective} on it succeeds {former} for the positions {', '.join(posts)}"


def _graded_anew(scheme: Scheme, register: Register, today: date) -> list[Quarter]:
    """The quarters begun by today in which the version is in force."""
    quarters, quarter = [], Quarter.of(scheme.effective)
    while quarter.first_day <= today:
        quarters += [quarter] if register.is_in_force(scheme, quarter.first_day) else []
        quarter = quarter.next
    return quarters


def _succeeded(scheme: Scheme, register: Register) -> dict[str, list[str]]:
    """Other schemes that were in force until the version's date, each with the positions that it names and loses."""
    eve = scheme.effective - timedelta(days=1)
    lost: dict[str, list[str]] = {}
    for post, unit in product(scheme.positions, register.tops(scheme)):
        former = register.scheme_in_force(post, eve, unit)
        if former and former.scheme != scheme.scheme and post in former.positions:
            told = f"{post} in {unit}" if scheme.units else post
            lost.setdefault(former.scheme, []).append(told)
    return lost


@app.command("list")
def list_schemes(form: FormatOption = Format.TABLE) -> None:
    """Versions that wait for approval, are to come, are in force or have ended; whom they are for, and who says so."""
    with asked() as client:
        versions = client.list_schemes()
    print_listing([_row(version) for version in versions], COLUMNS, form)


def _row(version: SchemeVersion) -> dict[str, object]:
    names = {"en": version.name.en, "zh": version.name.zh}
    return names | {name: getattr(version, name) for name in COLUMNS if name not in names}


def _day(text: str) -> date:
    """The date of effect that was typed; Stopped where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Stopped("DATE: write the date of effect like 2026-07-01") from None


def read_text(file: Path) -> str:
    """A file's text; Stopped where there is none in UTF-8, or more bytes than any scheme has."""
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
    scheme = fresh_scheme(text, str(file))
    if isinstance(scheme, Scheme):
        return scheme
    for fault in scheme:
        typer.echo(told(fault), err=True)
    return None
