"""`appraise import`: a file's lines handed to the bank in chunks. Safe to repeat and to interrupt."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from api.cli.csv_file import CsvFile, Record, Unreadable
from api.cli.progress import PatientBar
from api.cli.rejected_file import RejectedFile, own_columns, table_columns
from api.cli.stopped import Stopped
from api.cli.store import opened_bank
from api.identity import OWNER_SUBJECT
from domain.bank import Bank
from domain.refusal import Refused, Taken

CHUNK = 20_000
MOST_COLUMNS = 100
"""More in a header are not named one by one: it is no header."""
LONGEST_NAME = 40

Line = dict[str, str]
Answers = Sequence[Taken | Refused]

app = typer.Typer(help="Import a CSV file. Rejected lines go to FILE.rejected.csv; repeating an import does no harm.")
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file in UTF-8 or GB18030.")]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file may hold and who takes it in.

    Within a chunk lines are put in the order of `key` (the store likes rising ids; None keeps the file's order), and
    lines that are `last` wait for the end of the file, as they refer to others.
    """

    columns: tuple[str, ...]
    optional: tuple[str, ...]
    take: Callable[[Bank, Sequence[Line]], Answers]
    key: Callable[[Line], tuple[str, ...]] | None = None
    last: Callable[[Line], bool] = field(default=lambda line: False)


ORGS = Table(("org", "parent", "level", "name"), (), lambda bank, lines: bank.open_units(lines, OWNER_SUBJECT))
RMS = Table(
    ("rm", "name", "position", "org", "joined_on", "supervisor"),
    ("from", "left_on", "certificate", "certified_until"),
    lambda bank, lines: bank.register_rms(lines, OWNER_SUBJECT),
    key=lambda line: (line["rm"],),
)
CONTRACTS = Table(
    ("rm", "year", "quarter", "indicator", "target"),
    ("base", "reason"),
    lambda bank, lines: bank.agree_targets(lines, OWNER_SUBJECT),
    key=lambda line: (line["rm"], line["year"]),
)
ACTIONS = Table(
    ("source", "external_ref", "rm", "kind", "occurred_on", "quantity", "amount"),
    ("customer", "note", "reverses"),
    lambda bank, lines: bank.record_actions(lines, OWNER_SUBJECT),
    key=lambda line: (line["source"], line["external_ref"]),
    last=lambda line: line["reverses"] != "",
)


@app.command("orgs")
def orgs(file: FileArgument) -> int:
    """Units of the organisation tree: org,parent,level,name. A unit stands below its parent's line."""
    return import_into_store(ORGS, file)


@app.command("rms")
def rms(file: FileArgument) -> int:
    """Relationship managers: rm,name,position,org,joined_on,supervisor[,from,left_on,certificate,certified_until]."""
    return import_into_store(RMS, file)


@app.command("contracts")
def contracts(file: FileArgument) -> int:
    """Targets: rm,year,quarter,indicator,target[,base,reason]. A changed target needs its reason."""
    return import_into_store(CONTRACTS, file)


@app.command("actions")
def actions(file: FileArgument) -> int:
    """Actions: source,external_ref,rm,kind,occurred_on,quantity,amount[,customer,note,reverses]."""
    return import_into_store(ACTIONS, file)


@dataclass(slots=True)
class Tally:
    """How many lines came to what."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0

    def __str__(self) -> str:
        return f"accepted {self.accepted}, duplicates {self.duplicates}, rejected {self.rejected}"


def import_into_store(table: Table, file: Path) -> int:
    """Import a file into the store of the data dir; the exit code."""
    if not file.is_file():
        raise Stopped(f"{file} is {'no file: name a CSV file' if file.exists() else 'not there: check the name'}")
    source = CsvFile(file)
    records = source.records()
    header = read_header(table, file, next(records, None))
    tally, interrupted, size = Tally(), False, file.stat().st_size
    with RejectedFile(file, header) as rejected, PatientBar(file.name) as bar, opened_bank() as bank:
        try:
            for chunk in _chunks(_lines(records, table, header, rejected), table.last):
                _take(bank, table, chunk, tally, rejected)
                bar.show(source.bytes_read, size)
        except KeyboardInterrupt:
            interrupted = True
    tally.rejected = rejected.count
    return _report(tally, rejected, source if interrupted else None)


def read_header(table: Table, file: Path, header: Record | Unreadable | None) -> list[str]:
    """The file's first line; Stopped where a column is unknown, missing or doubled. The two that a rejected file has
    put before the others are none of the table's."""
    known = (*table.columns, *table.optional)
    remedy = f"write them as {','.join(table.columns)}[,{','.join(table.optional)}]".replace("[,]", "")
    if header is None:
        raise Stopped(f"{file} is empty: the first line must name the columns; {remedy}")
    cells = header.cells if isinstance(header, Record) else []
    columns = table_columns(cells)
    if len(columns) > MOST_COLUMNS:
        raise Stopped(f"{file}: line 1 names {len(columns)} columns: {remedy}")
    faults = [
        *(f"{_shown(name)} is no column" for name in columns if name not in known),
        *(f"{name} is missing" for name in table.columns if name not in columns),
        *(f"{name} stands there twice" for name in dict.fromkeys(columns) if columns.count(name) > 1 and name in known),
    ]
    if faults:
        raise Stopped(f"{file}: the columns on line 1 are wrong ({', '.join(faults)}): {remedy}")
    return cells


def _shown(name: str) -> str:
    printable = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
    return f'"{printable[:LONGEST_NAME]}"'


Numbered = tuple[Record, Line]


def _lines(
    records: Iterable[Record | Unreadable], table: Table, header: Sequence[str], rejected: RejectedFile
) -> Iterator[Numbered]:
    """Records with their cells under their columns' names; what has no such shape goes to the rejected."""
    missing = dict.fromkeys((*table.columns, *table.optional), "")
    first, columns = own_columns(header), table_columns(header)
    for record in records:
        if isinstance(record, Unreadable):
            rejected.add(record.line, record.reason)
        elif len(record.cells) != len(header):
            _reject_shape(record, len(header), rejected)
        else:
            yield record, missing | dict(zip(columns, record.cells[first:], strict=True))


def _reject_shape(record: Record, cells: int, rejected: RejectedFile) -> None:
    """Every line of text of a record that has too few or too many cells."""
    reason = f"has {len(record.cells)} cells: write {cells}, separated by commas, as on line 1"
    for line in range(record.line, record.last + 1):
        rejected.add(line, reason if record.last == record.line else f"{reason}; a quote runs over line ends here")


def _chunks(lines: Iterator[Numbered], last: Callable[[Line], bool]) -> Iterator[list[Numbered]]:
    waiting: list[Numbered] = []

    def first() -> Iterator[Numbered]:
        for record, line in lines:
            if last(line):
                waiting.append((record, line))
            else:
                yield record, line

    for part in (first(), iter(waiting)):
        while chunk := list(islice(part, CHUNK)):
            yield chunk


def _take(bank: Bank, table: Table, chunk: list[Numbered], tally: Tally, rejected: RejectedFile) -> None:
    """Hand one chunk to the bank and count its answers."""
    if (key := table.key) and not table.last(chunk[0][1]):
        chunk = sorted(chunk, key=lambda numbered: key(numbered[1]))
    for (record, _), answer in zip(chunk, table.take(bank, [line for _, line in chunk]), strict=True):
        if isinstance(answer, Refused):
            rejected.add(record.line, str(answer), record.cells)
        elif answer.outcome == "accepted":
            tally.accepted += 1
        else:
            tally.duplicates += 1
    rejected.write()


def _report(tally: Tally, rejected: RejectedFile, stopped_in: CsvFile | None) -> int:
    if tally.rejected:
        typer.echo(f"The rejected lines and why: {rejected.path}", err=True)
    if stopped_in:
        told = f"Stopped at line {stopped_in.lines_read}: what was taken in stays; repeat the command to go on."
        typer.echo(told, err=True)
    typer.echo(str(tally))
    return 130 if stopped_in else int(tally.rejected > 0)
