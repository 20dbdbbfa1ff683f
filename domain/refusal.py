"""An error is a value: a decision answers with events or with refusals, and a batch collects them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Code = Literal["malformed", "unknown", "conflict", "not-allowed", "out-of-turn", "not-found", "stale", "busy"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a fact was not taken in, and what would be right.

    `code` says what kind of refusal it is (an HTTP status follows from it): `not-allowed` is what person or value
    forbid, `out-of-turn` what how the subject stands now does. `field` names the field at fault ("" for the fact as a
    whole), `remedy` is one sentence that says what would be right, `line` is the line of the file it
    stood on (0 outside files). It never repeats the input, which could hold names and notes.
    """

    code: Code
    field: str
    remedy: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.field}: {self.remedy}" if self.field else self.remedy


class Refused(Exception):
    """All refusals of one fact. A command returns it beside `Taken`; a question raises it."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(map(str, self.refusals)))


def reference_taken() -> Refused:
    """What a line is answered whose reference stands already with other content."""
    return Refused(
        [Refusal("conflict", "external_ref", "give another reference: this one stands already with other content")]
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """A fact is in the log: on which stream, whether it is new there, and the log position that holds it."""

    subject: str
    outcome: Literal["accepted", "duplicate"]
    position: int
