"""An error is a value: a decision answers with events or with refusals, and a batch collects them."""

from dataclasses import dataclass
from typing import Literal

Code = Literal["malformed", "unknown", "duplicate", "conflict", "not-allowed", "stale", "not-found", "busy"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a fact was not taken in, and what would be right.

    `code` says what kind of refusal it is (an HTTP status and an exit code follow from it), `field` names the
    field at fault ("" for the fact as a whole), `line` is the line of the file it stood on (0 outside files),
    `remedy` is one sentence that says what would be right. It never repeats the input: names and notes could
    be in it.
    """

    code: Code
    field: str
    remedy: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.field}: {self.remedy}" if self.field else self.remedy


class Refused(Exception):
    """Carries refusals up to a door where a command cannot return them."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(map(str, refusals)))
        self.refusals = refusals
