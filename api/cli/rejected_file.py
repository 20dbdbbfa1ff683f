"""The lines that an import rejected, beside the file they came from: mend them there and import that file."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from api.cli.stopped import Stopped

OWN_COLUMNS = ("line", "reason")


class RejectedFile:
    """Writes `FILE.rejected.csv`: line, reason and the line's own cells.

    The file appears when the import ends, whether or not it came to its end; without a rejected line none is left,
    an earlier import's neither. Stopped where the folder can't be written to, before anything is imported.
    """

    def __init__(self, imported: Path, columns: Sequence[str]) -> None:
        self.path = imported.with_name(imported.name + ".rejected.csv")
        self.count = 0
        self._noted: list[tuple[int, str, Sequence[str]]] = []
        self._kept = [place for place, column in enumerate(columns) if column not in OWN_COLUMNS]
        self._columns = [columns[place] for place in self._kept]
        self._growing = imported.with_name(f"{imported.name}.rejected.{os.getpid()}.part")

    def __enter__(self) -> Self:
        if self.path.is_dir():
            raise Stopped(f"{self.path} is a folder, where rejected lines would go: move it away")
        try:
            self._text: TextIO = self._growing.open("w", encoding="utf-8", errors="backslashreplace", newline="")
        except OSError as error:
            folder = self.path.absolute().parent
            raise Stopped(f"{folder} can't be written to, where rejected lines would go: {error.strerror}") from None
        self._rows = csv.writer(self._text, lineterminator="\n")
        self._rows.writerow((*OWN_COLUMNS, *self._columns))
        return self

    def add(self, line: int, reason: str, cells: Sequence[str] = ()) -> None:
        """Note one rejected line and its cells under the file's columns; one that couldn't be read has none."""
        self.count += 1
        self._noted.append((line, reason, cells))

    def write(self) -> None:
        """Write what was noted since the last time, in the order of its lines."""
        for line, reason, cells in sorted(self._noted):
            self._rows.writerow((line, reason, *(cells[place] if cells else "" for place in self._kept)))
        self._noted.clear()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.write()
        self._text.close()
        if self.count:
            self._growing.replace(self.path)
        else:
            self._growing.unlink()
            self.path.unlink(missing_ok=True)
