"""Where `appraise` starts: an interruption ends it cleanly from the first moment on, also while its modules load."""

import os
import signal

INTERRUPTED, TERMINATED = 130, 143


def run() -> None:
    """The console script."""
    signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGTERM, _end)
    from api.cli import run as run_command  # a second of loading, in which nothing was begun yet

    run_command()


def _end(number: int, _frame: object) -> None:
    os._exit(INTERRUPTED if number == signal.SIGINT else TERMINATED)
