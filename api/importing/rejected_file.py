"""The lines that an import rejected, beside the file they came from: mend them there and import that file."""

import csv
import glob
import heapq
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from api.files.batch import GIVEN, OWN_COLUMNS, printable
from api.terminal.stopped import Stopped

LEFT_BEHIND = re.compile(r"([0-9]{1,9})\.(?:part|merged)")
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
LONGEST_CELL = 2**31 - 1


class RejectedFile:
    """Writes `FILE.rejected.csv`: line, reason and the line's own cells, in the order of the lines.

    The file appears when the import ends, whether or not it came to its end; without a rejected line none is left,
    an earlier import's neither, unless this one failed. Stopped where the folder can't be written to, before
    anything is imported. Who may not read the imported file may not read this one. It is UTF-8; `marked` puts the
    mark before it by which a spreadsheet knows that. A line's cells stand as they came, a formula among them too: what
    is mended here is imported again, and a sign before it would be taken in with it.
    """

    def __init__(self, imported: Path, columns: Sequence[str], *, marked: bool = False) -> None:
        self.path = imported.with_name(imported.name + ".rejected.csv")
        self.count = 0
        self._rights = 0o600 | (imported.stat().st_mode & 0o066)
        self._mark = MARK if marked else ""
        self._noted: list[tuple[int, str, Sequence[str]]] = []
        self._columns = [GIVEN + column if column in OWN_COLUMNS else column for column in columns]
        self._growing = imported.with_name(f"{imported.name}.rejected.{os.getpid()}.part")
        self._merged = self._growing.with_suffix(".merged")
        self._runs: list[_Run] = []

    def __enter__(self) -> Self:
        self._clear_left_behind()
        if self.path.is_dir():
            raise Stopped(f"{printable(str(self.path))} is a folder, where rejected lines would go: move it away")
        try:
            self._text = self._written(self._growing)
        except OSError as error:
            folder = self.path.absolute().parent
            raise Stopped(
                f"{printable(str(folder))} can't be written to, where rejected lines would go: {error.strerror}"
            ) from None
        self._text.write(self._mark)
        self._rows = csv.writer(self._text, lineterminator="\n")
        self._rows.writerow((*OWN_COLUMNS, *self._columns))
        return self

    def _clear_left_behind(self) -> None:
        """Take away what an import of this file left that was killed at once."""
        for left in self.path.parent.glob(glob.escape(self.path.name.removesuffix("csv")) + "*.*"):
            name = LEFT_BEHIND.fullmatch(left.name.removeprefix(self.path.name.removesuffix("csv")))
            if name and not _runs(int(name[1])):
                with suppress(OSError):
                    left.unlink()

    def add(self, line: int, reason: str, cells: Sequence[str] = ()) -> None:
        """Note one rejected line and its cells under the file's columns; one that couldn't be read has none."""
        self.count += 1
        self._noted.append((line, reason, cells))

    def write(self) -> None:
        """Write what was noted since the last time, in the order of its lines."""
        for line, reason, cells in sorted(self._noted):
            if not self._runs or line < self._runs[-1].last:
                self._runs.append(_Run(self._text.tell()))
            self._runs[-1].grow(line)
            self._rows.writerow((line, reason, *(cells or [""] * len(self._columns))))
        self._noted.clear()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self.write()
            self._text.close()
            if len(self._runs) > 1:
                self._merge()
            if self.count:
                self._growing.replace(self.path)
            elif error is None:
                self.path.unlink(missing_ok=True)
        except OSError as fault:
            told = f"can't be written ({fault.strerror}): what was taken in stays; make room and repeat the command"
            raise Stopped(f"{printable(str(self.path))} {told}") from None
        finally:
            with suppress(OSError):
                self._text.close()
            for left in (self._growing, self._merged):
                left.unlink(missing_ok=True)

    def _merge(self) -> None:
        """Put the runs together (lines that waited for the end of the file make the second), a row at a time."""
        csv.field_size_limit(LONGEST_CELL)
        with ExitStack() as stack, self._written(self._merged) as text:
            runs = [stack.enter_context(self._growing.open(encoding="utf-8", newline="")) for _ in self._runs]
            text.write(self._mark)
            rows = csv.writer(text, lineterminator="\n")
            rows.writerow((*OWN_COLUMNS, *self._columns))
            read = [run.rows(file) for run, file in zip(self._runs, runs, strict=True)]
            in_order: Iterator[list[str]] = heapq.merge(*read, key=lambda row: int(row[0]))
            rows.writerows(in_order)
        self._merged.replace(self._growing)

    def _written(self, path: Path) -> TextIO:
        """A new file in place of what may stand there; its rights are those of the imported file at most."""
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self._rights)
        return os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


class _Run:
    """Rows of the growing file whose lines rise: where they begin, how many they are, and the last one's line."""

    def __init__(self, begins: int) -> None:
        self.begins, self.count, self.last = begins, 0, 0

    def grow(self, line: int) -> None:
        """Take in one more row."""
        self.count, self.last = self.count + 1, line

    def rows(self, file: TextIO) -> Iterator[list[str]]:
        """The rows, read back one by one."""
        file.seek(self.begins)
        return islice(csv.reader(file), self.count)
