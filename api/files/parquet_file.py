"""A Parquet file: each column as exact text, batch by batch."""

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from api.files.batch import Batch, Columns, WrongFile, check_header, own_columns, printable
from domain.money import plain

BATCH = 20_000
MIDNIGHT = "day"


class ParquetFile:
    """A Parquet file opened for one pass; its lines are its rows, the first being line 1."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self.path = path
        self.told: list[str] = []
        self._lines = 0
        self.size = path.stat().st_size
        with path.open("rb") as file:
            self.digest = hashlib.file_digest(file, "sha256").hexdigest()
        try:
            self._file = pq.ParquetFile(path)
            schema = self._file.schema_arrow
            self._rows: int = self._file.metadata.num_rows
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged(error) from None
        names = schema.names
        self.columns = check_header(printable(str(path)), names, columns, "")
        self._names = names[own_columns(names) :]
        for name in self._names:
            self._check_type(name, schema.field(name).type)

    @property
    def bytes_read(self) -> int:
        """As much of the file's bytes as was read of its rows."""
        return self.size * self._lines // max(1, self._rows)

    def close(self) -> None:
        self._file.close()

    def batches(self) -> Iterator[Batch]:
        """Its rows, up to 20,000 at a time."""
        rows = self._file.iter_batches(batch_size=BATCH, columns=self._names, use_threads=False)
        while True:
            try:
                batch = next(rows, None)
            except (pa.ArrowException, OSError) as error:
                raise self._damaged(error) from None
            if batch is None:
                return
            texts = [_as_text(batch.column(name)) for name in self._names]
            lines = pa.array(range(self._lines + 1, self._lines + 1 + batch.num_rows), pa.int64())
            self._lines += batch.num_rows
            yield Batch(pa.table([*texts, lines, lines], names=[*self.columns, "line", "last"]))

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
