"""An import that is asked to stop ends where nothing is half done: a first signal is noted, a second one breaks off."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """While it is entered, SIGINT and SIGTERM are noted in `by` instead of ending the process."""

    def __init__(self) -> None:
        self.by: signal.Signals | None = None
        self._before: list[Any] = []

    @property
    def exit_code(self) -> int:
        """What a shell expects of a process that a signal ended."""
        return 128 + (self.by or 0)

    def __enter__(self) -> Self:
        self._before = [signal.signal(each, self._note) for each in SIGNALS]
        return self

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.by is not None:
            raise KeyboardInterrupt
        self.by = signal.Signals(number)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for each, before in zip(SIGNALS, self._before, strict=True):
            signal.signal(each, before)
