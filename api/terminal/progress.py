"""A progress bar on standard error: only for somebody who watches, and only once it takes longer than two seconds."""

import sys
from threading import Timer
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

PATIENCE = 2.0


class _Rate(ProgressColumn):
    """Lines per second, where lines are counted."""

    def render(self, task: Task) -> Text:
        lines = task.fields["lines"]
        return Text(f"{lines / task.elapsed:,.0f} lines/s" if lines and task.elapsed else "")


class PatientBar:
    """How much of something is done, how quickly, and how long the rest will take."""

    def __init__(self, label: str) -> None:
        self._bar = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), _Rate(),
            TimeRemainingColumn(), console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task(label, total=None, lines=0)
        self._later = Timer(PATIENCE, self._bar.start)
        self._later.daemon = True

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._later.start()
        return self

    def show(self, done: int, total: int, lines: int = 0) -> None:
        """Bring the bar up to date."""
        self._bar.update(self._task, completed=done, total=total, lines=lines)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._later.cancel()
        if self._bar.live.is_started:
            self._bar.stop()
