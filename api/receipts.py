"""The shapes of what commands answer, and of problems; those of questions stand in projections.answers."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.payroll import RunState
from projections.answers import Progress
from projections.answers.reviews import State


class FieldFault(BaseModel):
    """One field at fault: a JSON pointer to it (a parameter's name after /), and what would be right."""

    pointer: str
    detail: str


class ProblemBody(BaseModel):
    """What every error carries, after RFC 9457, with the fields at fault."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldFault] = []


class Receipt(BaseModel):
    """An action's command was taken in: `position` is where the log holds it, `duplicate` says it stood already."""

    action_id: str
    position: int
    outcome: Literal["accepted", "duplicate"]


class LineReceipt(BaseModel):
    """What became of one line of a batch; `line` counts from 1, `status` is what the line alone would have got."""

    line: int
    status: int
    outcome: Literal["accepted", "duplicate", "rejected"]
    action_id: str | None = None
    position: int | None = None
    errors: list[FieldFault] = []


class BatchReceipt(BaseModel):
    """One result per line, in their order; `position` is the last one that the log took in, or the log's own where it
    took in none."""

    accepted: int
    duplicates: int
    rejected: int
    position: int
    results: list[LineReceipt]


class Noted(BaseModel):
    """A command that concerns no action was taken in."""

    position: int
    outcome: Literal["accepted", "duplicate"]


class SchemeReceipt(Noted):
    """A version of a scheme was taken in, or what became of it: `digest` names its text. Of one that was proposed
    `warnings` say, each with its line, what else the check has to say of it."""

    scheme: str
    effective: date
    digest: str
    warnings: list[str] = []


class ReviewReceipt(Noted):
    """A step of a review was taken: the state that it is in now, and its version."""

    rm: str
    quarter: str
    state: State
    version: int


class ReviewLine(BaseModel):
    """What became of one review of many; `status` is what this one alone would have got."""

    rm: str
    status: int
    outcome: Literal["accepted", "duplicate", "rejected"]
    position: int | None = None
    errors: list[FieldFault] = []


class ReviewsReceipt(BaseModel):
    """What became of many reviews; `results` are those that were asked for by name, in their order. `remaining` counts
    those of the quarter that are still to be opened."""

    accepted: int
    duplicates: int
    rejected: int
    position: int
    remaining: int = 0
    results: list[ReviewLine] = []


class RunReceipt(Noted):
    """A payroll run was prepared, released or discarded; `digest` names what it holds."""

    quarter: str
    run: int
    state: RunState
    digest: str


class ContractReceipt(Noted):
    """What was done with a contract was taken in."""

    rm: str
    year: int


class ContractResult(BaseModel):
    """What became of one contract of many; `status` is what it alone would have got."""

    rm: str
    status: int
    outcome: Literal["accepted", "duplicate", "rejected"]
    position: int | None = None
    errors: list[FieldFault] = []


class ContractsReceipt(BaseModel):
    """One result per contract, in the order in which they were named; `position` as of `BatchReceipt`."""

    accepted: int
    duplicates: int
    rejected: int
    position: int
    results: list[ContractResult]


class KeptSeal(BaseModel):
    """A seal that was noted elsewhere: up to which position, and its digest."""

    model_config = ConfigDict(extra="forbid")

    position: Annotated[int, Field(ge=1, le=2**53 - 1)]
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Liveness(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


class Readiness(Progress):
    """`ready`, or `behind` while the read model catches up with the log; `stopped` where it can't, and `detail` says
    why. What it knows is answered all the same."""

    status: Literal["ready", "behind", "stopped"]
    detail: str | None = None
