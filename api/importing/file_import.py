"""One import of one file: batches handed to the bank while the next one is read, its answers counted and told."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import typer

from api.counted import counted
from api.files.batch import PLACE, Batch, Columns, Reader, changed, printable
from api.files.opening import open_file
from api.identity import OWNER_SUBJECT
from api.importing.control_totals import ControlTotals
from api.importing.interruption import Interruption
from api.importing.rejected_file import RejectedFile
from api.terminal.listing import print_table
from api.terminal.progress import PatientBar
from api.terminal.store import opened_bank
from domain.bank import Bank
from domain.bulk.door import PIECE, TableOutcome
from domain.fields import FieldRule
from domain.imported_file import ControlTotal, ImportedFile, Imports
from domain.refusal import Refused, Taken
from domain.seal import SealingBeside

MOMENT = "%Y-%m-%d %H:%M"
Line = Mapping[str, Any]


Take = Callable[[Bank, Iterator[pa.Table]], Iterator[TableOutcome]]


def line_by_line(door: Callable[[Bank, Sequence[Line]], Sequence[Taken | Refused]]) -> Take:
    """A door for lines as one for tables."""

    def take(bank: Bank, tables: Iterator[pa.Table]) -> Iterator[TableOutcome]:
        for table in tables:
            outcome = TableOutcome()
            for row, answer in enumerate(door(bank, table.to_pylist())):
                outcome.add(row, answer)
            yield outcome

    return take


@dataclass(frozen=True, slots=True)
class Table:
    """What a file may hold, who takes it in, and what is totalled.

    Lines with something in the column `waits` come after all others, as they refer to them. Control totals are taken
    by the column `group`; `summed` says for each figure what an empty cell means. Where lines change what stands, and
    so the same file again would undo what came after it, `anew` says how its facts are taken in anew all the same.
    `warning` finds what is accepted and hardly meant, among the values of `group` that stand now.
    """

    kind: str
    columns: Columns
    rules: Mapping[str, FieldRule]
    take: Take
    group: str
    summed: Mapping[str, str] = field(default_factory=dict)
    waits: str = ""
    anew: str = ""
    warning: Callable[[Bank, Sequence[str]], str | None] = lambda bank, groups: None


def import_into_store(table: Table, file: Path) -> int:
    """Import a file into the store of the data dir; the exit code."""
    with ExitStack() as stack:
        reader = open_file(file, table.columns)
        stack.callback(reader.close)
        rejected = stack.enter_context(RejectedFile(file, reader.columns, marked=reader.of_spreadsheet))
        bar = stack.enter_context(PatientBar(printable(file.name)))
        bank = stack.enter_context(opened_bank())
        run = FileImport(table, file, reader, bank, rejected, stack.enter_context(Interruption()))
        try:
            run.take_in(bar)
        except BaseException:
            stack.callback(typer.echo, run.tally)
            raise
    return run.report()


class FileImport:
    """The run of one import, and its tally."""

    def __init__(
        self, table: Table, file: Path, reader: Reader, bank: Bank, rejected: RejectedFile, interruption: Interruption
    ) -> None:
        self._table = table
        self._file = file
        self._reader = reader
        self._bank = bank
        self._rejected = rejected
        self._interruption = interruption
        self._given: deque[Batch] = deque()
        self._totals = ControlTotals(table.group, table.summed, table.waits)
        self._accepted = self._duplicates = self._last = 0
        self._earlier: str | None = None
        self._warning: str | None = None
        self._known = ""

    @property
    def tally(self) -> str:
        """What the lines came to so far."""
        return f"accepted {self._accepted}, duplicates {self._duplicates}, rejected {self._rejected.count}"

    def take_in(self, bar: PatientBar) -> None:
        """Hand batch after batch to the bank; note the import once its end is reached. It is sealed all the while."""
        take = self._take()
        with SealingBeside(self._bank) as sealing:
            for outcome in take(self._bank, self._tables()):
                self._count(self._given.popleft(), outcome)
                lines = self._accepted + self._duplicates + self._rejected.count
                bar.show(self._reader.bytes_read, self._reader.size, lines)
                if self._interruption.by is not None:
                    return
                sealing.go_on()
            if self._interruption.by is None:
                self._note()
                sealing.end()

    def _take(self) -> Take:
        """Who takes the lines in: nobody, where they change what stands and this very file was taken in whole."""
        if self._table.anew:
            with self._file.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            earlier = self._bank.earlier_import(self._table.kind, digest)
            if earlier and earlier[0].whole:
                self._known = digest
                return _all_known
        return self._table.take

    def _tables(self) -> Iterator[pa.Table]:
        """What the bank gets; it may ask for the next table before it has answered to the last."""
        for batch in _waiting_last(self._reader.batches(), self._table.waits):
            for part in _parts(batch):
                if self._interruption.by is not None:
                    return
                self._given.append(part)
                yield part.table.drop_columns(list(PLACE))

    def _count(self, batch: Batch, outcome: TableOutcome) -> None:
        self._accepted += outcome.accepted
        self._duplicates += outcome.duplicates
        for line, reason in batch.unreadable:
            self._rejected.add(line, reason)
        rows = [row for row, _ in outcome.refused]
        cells = batch.table.take(pa.array(rows, pa.int64())).select([*self._reader.columns, "line"]).to_pylist()
        for (_, refused), row in zip(outcome.refused, cells, strict=True):
            line = row.pop("line")
            self._rejected.add(line, str(refused), [text or "" for text in row.values()])
        self._rejected.write()
        stands = _all_but(rows, batch.table.num_rows)
        new = _all_but([*rows, *outcome.repeated], batch.table.num_rows)
        self._totals.add(batch.table.filter(stands) if rows else batch.table, new.filter(stands) if rows else new)
        ends = [*batch.table["last"].slice(max(0, batch.table.num_rows - 1)).to_pylist(), *batch.unreadable[-1:]]
        self._last = max([self._last, *(end if isinstance(end, int) else end[0] for end in ends)])

    def _note(self) -> None:
        if self._known not in ("", self._reader.digest):
            raise changed(self._file)
        file = ImportedFile(
            self._table.kind, self._reader.digest, printable(self._file.name),
            self._accepted + self._duplicates + self._rejected.count, self._accepted, self._duplicates,
            self._rejected.count, self._totals.totals,
        )  # fmt: skip
        if earlier := self._bank.earlier_import(file.file_kind, file.digest):
            self._earlier = self._told_of(*earlier)
        elif self._duplicates:
            self._earlier = f"{counted(self._duplicates, 'line')} stood already, by an earlier import or another file."
        self._warning = self._table.warning(self._bank, [total.group for total in file.totals])
        self._bank.note_import(file, OWNER_SUBJECT)

    def _told_of(self, imports: Imports, position: int) -> str:
        zone = self._bank.timezone
        came = f"{imports.first_at.astimezone(zone).strftime(MOMENT)} ({zone}), at position {position}"
        if self._known:
            what = f", and was taken in whole: nothing of it is taken in again; {self._table.anew}"
        else:
            what = "; lines of it were rejected, so all of it was read anew" if self._table.anew else ""
        return f"This file came first on {came}{what}."

    def report(self) -> int:
        """Say what the import came to; the exit code."""
        interrupted = self._interruption.by is not None
        _tell_totals(self._totals.totals, self._table)
        told = [*self._reader.told, self._earlier, self._warning]
        if self._rejected.count:
            told.append(f"The rejected lines and why: {printable(str(self._rejected.path))}")
        if interrupted:
            told.append(f"Stopped at line {self._last}: what was taken in stays; repeat the command to go on.")
        for sentence in filter(None, told):
            typer.echo(sentence, err=True)
        typer.echo(self.tally)
        return self._interruption.exit_code if interrupted else int(self._rejected.count > 0)


def _all_known(bank: Bank, tables: Iterator[pa.Table]) -> Iterator[TableOutcome]:
    return (TableOutcome(repeated=list(range(table.num_rows))) for table in tables)


def _tell_totals(totals: Sequence[ControlTotal], table: Table) -> None:
    """What was sent (rejected lines left out), and what of it is new."""
    if totals:
        rows = [
            {table.group: total.group, "lines sent": total.lines, "lines accepted": total.accepted}
            | {f"{name} sent": value for name, value in total.sums.items()}
            | {f"net {name} accepted": value for name, value in total.net_sums.items()}
            for total in totals
        ]
        print_table(rows, tuple(rows[0]), stderr=True)


def _all_but(rows: Sequence[int], count: int) -> pa.BooleanArray:
    """A mask without some rows."""
    mask = np.ones(count, bool)
    mask[np.asarray(rows, np.int64)] = False
    return pa.array(mask)


def _parts(batch: Batch) -> Iterator[Batch]:
    """A batch in parts that the bank stores at one go: what it has told of is what it has stored."""
    rows, first = batch.table.num_rows, 0
    unreadable = iter(batch.unreadable)
    told = next(unreadable, None)
    for part in range(parts := max(1, -(-rows // PIECE))):
        table = batch.table.slice(first, rows * (part + 1) // parts - first)
        first += table.num_rows
        last = table["line"][-1].as_py() if part < parts - 1 else None
        within: list[tuple[int, str]] = []
        while told and (last is None or told[0] <= last):
            within.append(told)
            told = next(unreadable, None)
        yield Batch(table, within)


def _waiting_last(batches: Iterator[Batch], column: str) -> Iterator[Batch]:
    """Batches in their order, their lines with something in a column behind all others, on disk until then."""
    with ExitStack() as stack:
        waiting: tuple[BinaryIO, pa.ipc.RecordBatchStreamWriter] | None = None
        for batch in batches:
            if column not in batch.table.column_names:
                yield batch
                continue
            waits = pc.not_equal(pc.fill_null(batch.table[column], ""), "")
            if pc.any(waits).as_py():
                if waiting is None:
                    spill = stack.enter_context(TemporaryFile())
                    waiting = spill, stack.enter_context(pa.ipc.new_stream(spill, batch.table.schema))
                waiting[1].write_table(batch.table.filter(waits))
                batch = Batch(batch.table.filter(pc.invert(waits)), batch.unreadable)
            yield batch
        if waiting:
            waiting[1].close()
            waiting[0].seek(0)
            for lines in pa.ipc.open_stream(waiting[0]):
                yield Batch(pa.Table.from_batches([lines]))
