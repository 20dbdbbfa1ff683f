"""A Parquet file: each column as exact text, batch by batch."""

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from api.files.batch import Batch, Columns, WrongFile, check_header, check_unchanged, own_columns, printable, state_of
from api.files.records import damaged
from domain.money import plain

BATCH = 20_000
MIDNIGHT = "day"
LARGEST = 512 << 20
"""Bytes that the columns of one row group may have when they are unfolded: a million rows of ten have about as many."""
SHARED = "DELTA_BYTE_ARRAY"
"""An encoding whose few bytes may stand for endless ones, in each row anew."""
LONGEST = 1 << 16
"""Bytes of text that a row may have: as a dictionary repeats a longer one, it would be written anew for every row."""
TOO_LONG = f"is longer than {LONGEST >> 10} kB: no line of a table is"
WIDE = 32 << 20
"""Bytes of text that are written out at a time: a dictionary holds a text once that thousands of rows show."""
KEPT_DIGITS = {pa.float16(): 3, pa.float32(): 6}
"""Digits that a short binary fraction keeps of whatever number was put into it: a longer one was rounded already."""
DICTIONARIES = {"PLAIN_DICTIONARY", "RLE_DICTIONARY"}
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
FAULTS = (pa.ArrowException, OSError, ValueError, OverflowError)


class ParquetFile:
    """A Parquet file opened for one pass; its lines are its rows, the first being line 1."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self.path = path
        self.told: list[str] = []
        self._lines = 0
        self.size = path.stat().st_size
        self._state = state_of(path)
        with path.open("rb") as file:
            self.digest = hashlib.file_digest(file, "sha256").hexdigest()
        try:
            with pq.ParquetFile(path) as file:
                metadata, schema = file.metadata, file.schema_arrow
                self._rows: int = metadata.num_rows
                self.columns = check_header(printable(str(path)), schema.names, columns, "")
                self._names = schema.names[own_columns(schema.names) :]
                for name in self._names:
                    self._check_type(name, schema.field(name).type)
                shared = self._look_through(metadata)
            self._file = pq.ParquetFile(path, read_dictionary=shared)
        except FAULTS as error:
            raise self._damaged(error) from None

    @property
    def bytes_read(self) -> int:
        """As much of the file's bytes as was read of its rows."""
        return self.size * self._lines // max(1, self._rows)

    @property
    def of_spreadsheet(self) -> bool:
        return False

    def close(self) -> None:
        self._file.close()

    def batches(self) -> Iterator[Batch]:
        """Its rows, up to 20,000 at a time."""
        rows = self._file.iter_batches(batch_size=BATCH, columns=self._names, use_threads=False)
        while True:
            try:
                batch = next(rows, None)
                if batch is None:
                    check_unchanged(self.path, self._state)
                    return
                for part, unreadable in self._parts(batch):
                    yield Batch(self._table(part), unreadable)
            except FAULTS as error:
                raise self._damaged(error) from None

    def _look_through(self, metadata: pq.FileMetaData) -> list[str]:
        """Which columns hold texts by reference; WrongFile where one group of rows would take endless memory."""
        shared = set[str]()
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group)
            chunks = [rows.column(at) for at in range(rows.num_columns)]
            wanted = [chunk for chunk in chunks if chunk.path_in_schema in self._names]
            if sum(chunk.total_uncompressed_size for chunk in wanted) > LARGEST:
                told = f"row group {group + 1} unfolds to more than {LARGEST >> 20} MB: write smaller row groups"
                raise WrongFile(f"{printable(str(self.path))}: {told}")
            for chunk in wanted:
                if SHARED in chunk.encodings:
                    told = f"the column {chunk.path_in_schema} is packed by {SHARED}: write it plain"
                    raise WrongFile(f"{printable(str(self.path))}: {told}, or by a dictionary")
                if DICTIONARIES & set(chunk.encodings):
                    shared.add(chunk.path_in_schema)
        return sorted(shared)

    def _parts(self, batch: pa.RecordBatch) -> Iterator[tuple[pa.RecordBatch, list[tuple[int, str]]]]:
        """A batch with its lines, in parts that may be written out; what is too long to be a line stands beside."""
        lines = pa.array(np.arange(self._lines + 1, self._lines + 1 + batch.num_rows))
        self._lines += batch.num_rows
        numbered = batch.append_column("line", lines)
        bytes_ = np.sum([_lengths(batch.column(name)) for name in self._names], axis=0)
        doubts = {row: told for name in self._names for row, told in _doubts(batch.column(name)).items()}
        doubts |= dict.fromkeys(np.flatnonzero(bytes_ > LONGEST).tolist(), TOO_LONG)
        sound = np.ones(batch.num_rows, bool)
        sound[list(doubts)] = False
        ends = np.cumsum(np.where(bytes_ > LONGEST, 0, bytes_)) // WIDE
        for first, end in pairwise([0, *(np.flatnonzero(np.diff(ends)) + 1).tolist(), batch.num_rows]):
            part = numbered.slice(first, end - first)
            unreadable = [(lines[row].as_py(), told) for row, told in sorted(doubts.items()) if first <= row < end]
            yield part.filter(pa.array(sound[first:end])) if unreadable else part, unreadable

    def _table(self, part: pa.RecordBatch) -> pa.Table:
        texts = [_as_text(part.column(name)) for name in self._names]
        return pa.table([*texts, part["line"], part["line"]], names=[*self.columns, "line", "last"])

    def _damaged(self, error: Exception) -> WrongFile:
        behind = f" behind row {self._lines}" if self._lines else ""
        return WrongFile(
            f"{printable(str(self.path))} is no whole Parquet file{behind} ({type(error).__name__}): write it anew"
        )

    def _check_type(self, name: str, kind: pa.DataType) -> None:
        if _readable(kind):
            return
        told = f"{printable(str(self.path))}: the column {name} is of the type {kind}"
        raise WrongFile(f"{told}: write text, a whole number, a DECIMAL or a date")


def _readable(kind: pa.DataType) -> bool:
    """Whether a column has one exact text per row."""
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    zoned = pa.types.is_timestamp(kind) and kind.tz is not None
    exact = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_date, pa.types.is_timestamp)
    return not zoned and (_is_text(kind) or pa.types.is_null(kind) or any(is_kind(kind) for is_kind in exact))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _lengths(values: pa.Array) -> Numbers:
    """The bytes of each text; a number or a day has few."""
    if pa.types.is_dictionary(values.type):
        lengths = pc.take(pc.binary_length(values.dictionary), values.indices)
    elif _is_text(values.type):
        lengths = pc.binary_length(values)
    else:
        return np.zeros(len(values), np.int64)
    numbers: Numbers = pc.fill_null(lengths.cast(pa.int64()), 0).to_numpy()
    return numbers


def _doubts(values: pa.Array) -> dict[int, str]:
    """The rows of a batch whose value is not what somebody wrote there, and what would be right."""
    kind = values.type
    if digits := KEPT_DIGITS.get(kind):
        told = f"a number has more than {digits} digits, which the type {kind} rounds: write its column as DECIMAL"
        texts = pc.cast(values, pa.string()).to_pylist()
        return {row: told for row, text in enumerate(texts) if text and _digits(text) > digits}
    try:
        (values.dictionary if pa.types.is_dictionary(kind) else values).validate(full=True)
    except pa.ArrowInvalid:
        return {row: damaged("utf-8") for row, value in enumerate(values) if not _is_whole(value)}
    return {}


def _digits(number: str) -> int:
    """The digits of a number from the first that counts, those before its point included."""
    read = Decimal(number)
    return max(len(read.normalize().as_tuple().digits), read.adjusted() + 1) if read.is_finite() and read else 0


def _is_whole(text: pa.Scalar) -> bool:
    try:
        text.as_py()
    except UnicodeDecodeError:
        return False
    return True


def _as_text(values: pa.Array) -> pa.Array:
    kind = values.type
    if pa.types.is_floating(kind):
        return pa.array([_shortest(text) for text in pc.cast(values, pa.string()).to_pylist()], pa.string())
    if pa.types.is_decimal(kind):
        return pa.array([None if value is None else plain(value) for value in values.to_pylist()], pa.string())
    if pa.types.is_timestamp(kind):
        whole = pc.equal(values, pc.floor_temporal(values, unit=MIDNIGHT))
        return pc.if_else(
            whole, pc.cast(pc.cast(values, pa.date32(), safe=False), pa.string()), pc.cast(values, pa.string())
        )
    return pc.cast(values, pa.string())


def _shortest(written: str | None) -> str | None:
    """A binary fraction, written as the shortest text that means it, without an exponent; what is no number goes to the
    rules as it is."""
    if written is None:
        return None
    number = Decimal(written)
    return plain(number) if number.is_finite() else written
