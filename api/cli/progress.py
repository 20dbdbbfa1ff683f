"""A progress bar on standard error: only for somebody who watches, and only once it takes longer than two seconds."""

import sys
from threading import Timer
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from api.cli.csv_file import CsvFile

PATIENCE = 2.0


class FileProgress:
    """How much of a file was read."""

    def __init__(self, file: CsvFile) -> None:
        self._file = file
        self._bar = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task(file.path.name, total=file.path.stat().st_size)
        self._later = Timer(PATIENCE, self._bar.start)
        self._later.daemon = True

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._later.start()
        return self

    def show(self) -> None:
        """Bring the bar up to where the file is read to."""
        self._bar.update(self._task, completed=self._file.bytes_read)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._later.cancel()
        if self._bar.live.is_started:
            self._bar.stop()
