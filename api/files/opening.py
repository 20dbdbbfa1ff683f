"""Which reader a file gets: by its ending, if what stands in it fits."""

from collections.abc import Callable
from pathlib import Path

from api.files.batch import Columns, Reader, WrongFile, printable
from api.files.csv_file import CsvFile
from api.files.ndjson_file import NdjsonFile
from api.files.parquet_file import ParquetFile
from api.files.xlsx_file import XlsxFile

READERS: dict[str, Callable[[Path, Columns], Reader]] = {
    ".csv": CsvFile, ".ndjson": NdjsonFile, ".jsonl": NdjsonFile, ".json": NdjsonFile, ".parquet": ParquetFile,
    ".xlsx": XlsxFile,
}  # fmt: skip
ENDINGS = ".csv, .ndjson, .jsonl, .parquet or .xlsx"
UTF_16 = 'text in UTF-16 (as "Unicode text" is): save it as "CSV UTF-8 (comma delimited)"'
OLD_MAC = 'text without line feeds, as old Macs wrote it: save it as "CSV UTF-8 (comma delimited)"'
BEGINNING = 1 << 16
BEGINNINGS = {
    b"PAR1": (".parquet", "a Parquet file: let its name end in .parquet"),
    b"PK\x03\x04": (".xlsx", "a spreadsheet or zip archive: let a spreadsheet's name end in .xlsx, unpack an archive"),
    b"\xd0\xcf\x11\xe0": ("", "an old or encrypted spreadsheet: save it as .xlsx without a password"),
    b"\x1f\x8b": ("", "packed by gzip: unpack it first"),
    b"(\xb5/\xfd": ("", "packed by zstd: unpack it first"),
    b"\xff\xfe": ("", UTF_16),
    b"\xfe\xff": ("", UTF_16),
}
WHOLE = {".parquet": "a Parquet file: write it anew, or give it the ending of what it is",
         ".xlsx": "an XLSX file: save it as .xlsx, or give it the ending of what it is"}  # fmt: skip


def open_file(path: Path, columns: Columns) -> Reader:
    """A reader of the file; WrongFile where it is no file, can't be read, or is not what its ending says."""
    name = printable(str(path))
    try:
        if not path.is_file():
            missing = "is no file: name one" if path.exists() else "is not there: check the name"
            raise WrongFile(f"{name} {missing}")
        if (reader := READERS.get(path.suffix.lower())) is None:
            raise WrongFile(f"{name}: name a file that ends in {ENDINGS}")
        _check_beginning(name, path)
        return reader(path, columns)
    except PermissionError:
        raise WrongFile(f"{name} can't be read: give yourself the right to") from None


def _check_beginning(name: str, path: Path) -> None:
    """The first bytes fit the ending."""
    ending = path.suffix.lower()
    with path.open("rb") as file:
        begins = file.read(BEGINNING)
    for beginning, (fitting, told) in BEGINNINGS.items():
        if begins.startswith(beginning) and ending != fitting:
            raise WrongFile(f"{name} is {told}")
    needed = {fitting: beginning for beginning, (fitting, _) in BEGINNINGS.items()}
    if ending in WHOLE and not begins.startswith(needed[ending]):
        raise WrongFile(f"{name} is not {WHOLE[ending]}")
    if ending not in WHOLE and begins[1::2].startswith(b"\0"):
        raise WrongFile(f"{name} is {UTF_16}")
    if ending not in WHOLE and b"\r" in begins and b"\n" not in begins:
        raise WrongFile(f"{name} is {OLD_MAC}")
    if ending == ".csv" and begins.lstrip(b"\xef\xbb\xbf").startswith(b'{"'):
        raise WrongFile(f"{name} holds JSON: let its name end in .ndjson")
