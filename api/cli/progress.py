"""A progress bar on standard error: only for somebody who watches, and only once it takes longer than two seconds."""

import sys
from threading import Timer
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

PATIENCE = 2.0


class PatientBar:
    """How much of something is done."""

    def __init__(self, label: str) -> None:
        self._bar = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task(label, total=None)
        self._later = Timer(PATIENCE, self._bar.start)
        self._later.daemon = True

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._later.start()
        return self

    def show(self, done: int, total: int) -> None:
        """Bring the bar up to date."""
        self._bar.update(self._task, completed=done, total=total)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._later.cancel()
        if self._bar.live.is_started:
            self._bar.stop()
