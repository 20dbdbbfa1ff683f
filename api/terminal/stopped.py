"""Why a command stops: always one line on standard error that says what to do."""

from typing import TypeVar

from domain.refusal import Refused

T = TypeVar("T")


class Stopped(Exception):
    """The command can't go on. The message is one line and says what would be right; `exit_code` is 1."""


def unless_refused(answer: T | Refused) -> T:
    """What a command answered; Stopped with all its refusals where it refused."""
    if isinstance(answer, Refused):
        raise Stopped(str(answer))
    return answer
