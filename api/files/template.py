"""Empty files to fill in, one per format, with their columns explained; each can be imported as it is."""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import typer

from api.files.batch import Columns, WrongFile, printable
from domain import fields
from domain.fields import FieldRule

EXAMPLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
EMPTY: dict[str, dict[str, str]] = EXAMPLES.pop("empty")
"""What an empty cell means in a column that has to be there."""
EXPLAINED = ("column", "required", "what is right", "example")
WIDE = 22
EXACT = pa.decimal128(18, 3)


@dataclass(frozen=True, slots=True)
class Explained:
    """One column of a template."""

    column: str
    required: bool
    remedy: str
    empty: str
    example: str
    kind: pa.DataType

    @property
    def words(self) -> tuple[str, str, str, str]:
        """What a file says of it, under `EXPLAINED`."""
        required = "yes" if self.required else "no"
        if self.empty:
            return self.column, f"{required}, may be empty", f"{self.remedy}; empty means {self.empty}", self.example
        return self.column, required, self.remedy, self.example

    @property
    def sentence(self) -> str:
        """What a terminal says of it."""
        name, _, right, example = self.words
        may = "" if self.required and not self.empty else " (may be empty)" if self.required else " (may be left out)"
        return f"{name}{may}: {right}; for example {example}"


def write_template(kind: str, columns: Columns, rules: Mapping[str, FieldRule], file: Path | None) -> int:
    """Write an empty file by its ending, or print one as CSV; the exit code. WrongFile where that file is there."""
    explained = _explained(kind, columns, rules)
    if file is None:
        typer.echo(",".join(columns.all))
    else:
        _write(file, explained)
    for column in explained:
        typer.echo(column.sentence, err=True)
    if file is not None:
        typer.echo(f"{printable(str(file))} is written: fill it in and import it", err=True)
    return 0


def template_bytes(kind: str, columns: Columns, rules: Mapping[str, FieldRule], ending: str) -> bytes:
    """The same file as bytes, for who asks over HTTP; `ending` is one of WRITERS."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{kind}{ending}"
        WRITERS[ending](file, _explained(kind, columns, rules))
        return file.read_bytes()


def _explained(kind: str, columns: Columns, rules: Mapping[str, FieldRule]) -> list[Explained]:
    return [
        Explained(
            name, name in columns.required, rules[name].remedy, EMPTY.get(kind, {}).get(name, ""),
            EXAMPLES[kind][name], _kind_of(rules[name]),
        )
        for name in columns.all
    ]  # fmt: skip


def _kind_of(rule: FieldRule) -> pa.DataType:
    if rule == fields.DAY:
        return pa.date32()
    return EXACT if rule.lowest is not None or rule.highest is not None else pa.string()


def _write(file: Path, columns: Sequence[Explained]) -> None:
    name = printable(str(file))
    writer = WRITERS.get(file.suffix.lower())
    if writer is None:
        raise WrongFile(f"{name}: name a file that ends in {', '.join(WRITERS)}")
    if file.exists() or file.is_symlink():
        raise WrongFile(f"{name} is there already: name a new file, a template overwrites none")
    try:
        with file.open("xb"):
            pass  # nobody else's file from here on
    except OSError as error:
        raise WrongFile(
            f"{name} can't be written ({error.strerror}): name a file in a folder that you may write to"
        ) from None
    writer(file, columns)


def _write_csv(file: Path, columns: Sequence[Explained]) -> None:
    file.write_text(",".join(each.column for each in columns) + "\n", encoding="utf-8")


def _write_ndjson(file: Path, columns: Sequence[Explained]) -> None:
    """An object without any value is no line, but names the fields."""
    file.write_text(json.dumps({each.column: None for each in columns}) + "\n", encoding="utf-8")


def _write_parquet(file: Path, columns: Sequence[Explained]) -> None:
    schema = pa.schema(
        [pa.field(each.column, each.kind, metadata=dict(zip(EXPLAINED, each.words, strict=True))) for each in columns]
    )
    pq.write_table(schema.empty_table(), file)


def _write_xlsx(file: Path, columns: Sequence[Explained]) -> None:
    """All cells are formatted as text, so that no reference loses its digits and no date its form."""
    import xlsxwriter  # loading it takes a tenth of a command's start, and few commands write a workbook

    with xlsxwriter.Workbook(file) as book:
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        sheet, told = book.add_worksheet("lines"), book.add_worksheet("columns")
        sheet.set_column(0, len(columns) - 1, WIDE, text)
        sheet.write_row(0, 0, [each.column for each in columns], bold)
        sheet.freeze_panes(1, 0)
        told.set_column(0, 1, WIDE)
        told.set_column(2, 2, 4 * WIDE)
        told.set_column(3, 3, WIDE, text)
        told.write_row(0, 0, EXPLAINED, bold)
        for row, each in enumerate(columns, 1):
            for place, word in enumerate(each.words):
                told.write_string(row, place, word, text)


WRITERS: dict[str, Callable[[Path, Sequence[Explained]], None]] = {
    ".csv": _write_csv, ".ndjson": _write_ndjson, ".jsonl": _write_ndjson, ".parquet": _write_parquet,
    ".xlsx": _write_xlsx,
}  # fmt: skip
