"""The shapes of answers about payroll: final grades, who has none and why, runs, their manifests and differences.

`PayrollGrades` is the versioned schema that payroll systems read: see the README.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from domain.money import Exact
from domain.payroll import RunState
from projections.answers import Answer, Words

Cause = Literal["reopened", "final-again", "final-since", "erased", "facts", "others"]


class PayrollGrade(Answer):
    """The final grade of an employee: what it was judged by, the log position of the event that made it final, the
    digest of the result, and the `period` that it pays for. `run` is the run that released it; `replaces_run` an
    earlier one that released another grade of the same quarter. `name` stands in no file: names can be erased."""

    employee: str
    quarter: str
    org: str
    tier: str
    score: Exact
    coefficient: Exact
    scheme: str
    scheme_version: date
    period: str
    round: int
    log_position: int
    facts_at: int
    rated_at: int
    digest: str
    run: int | None
    replaces_run: int | None


class PayrollMissing(Answer):
    """Somebody who served in the quarter and has no final grade: the state of the review, or why it came to none."""

    employee: str
    org: str
    state: str
    why: str


class PayrollGrades(Answer):
    """The final grades of a quarter as the log stood at a position, and who has none; `run` where they are those of one
    run. `version` is that of this schema."""

    version: Literal[1]
    quarter: str
    run: int | None
    position: int
    grades: list[PayrollGrade]
    without: list[PayrollMissing]


class TierTotal(Answer):
    """How many employees of a run have a tier, and the sum of their coefficients."""

    tier: str
    name: Words | None
    employees: int
    coefficients: Exact


class Unpaid(Answer):
    """An employee without a final grade, by name while it stands."""

    employee: str
    name: str
    org: str
    org_name: str
    state: str
    why: str


class PayrollRun(Answer):
    """A run as the log has it: `position` is that of the log which it was made of, `digest` the SHA-256 of its JSON
    file, which whoever releases it confirms; `ended_by` released or discarded it."""

    quarter: str
    run: int
    state: RunState
    position: int
    employees: int
    without: int
    coefficients: Exact
    scores: Exact
    digest: str
    prepared_by: str
    prepared_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    reason: str | None
    sealed: int | None
    seal: str | None


class PayrollRunInFull(Answer):
    """A run with what is looked at before its release: totals by tier, and who has no final grade; `reopened` says that
    a review was reopened since, so that it can't be released."""

    run: PayrollRun
    tiers: list[TierTotal]
    missing: list[Unpaid]
    reopened: bool


class StateTotal(Answer):
    """How many employees have no final grade for one reason."""

    state: str
    employees: int


class PayrollProgress(Answer):
    """How far a quarter is: of all who `served`, how many are `graded` for good, and how many of those a run released;
    `tiers` are those of all final grades, `waiting` of those that no run released yet. `states` counts who has none,
    by reason; `unpaid` is a page of `found` of them, and `after` leads to the next."""

    quarter: str
    position: int
    served: int
    graded: int
    released: int
    coefficients: Exact
    tiers: list[TierTotal]
    waiting: list[TierTotal]
    states: list[StateTotal]
    unpaid: list[Unpaid]
    found: int
    after: str | None


class PaidResult(Answer):
    """Tier, score and coefficient; `status` says why there are none."""

    status: str
    score: Exact | None
    tier: str | None
    coefficient: Exact | None


class PayrollDifference(Answer):
    """What changed after a run was made, for one employee, and by which event.

    `cause`: the review was `reopened`; another grade became final (`final-again`), or the first one, of who had none
    then (`final-since`); names and notes were `erased`, the figures stand; `facts` came or went since, so that the
    quarter would come to another result now; or `others` whom one is compared with, or the rules, moved it (the event
    is the first that can have).
    """

    employee: str
    name: str
    cause: Cause
    position: int
    topic: str
    at: datetime
    paid: PaidResult | None
    now: PaidResult | None


class PayrollDifferences(Answer):
    """What changed after a run was made, in the log's order; the run itself stays as it is."""

    quarter: str
    run: int
    position: int
    differences: list[PayrollDifference]
    tier_names: dict[str, Words]


Change = Literal["up", "down", "new", "gone", "same"]
"""What became of somebody since the quarter before: a better tier, a worse one, a grade where there was none, none
where there was one, the same tier."""


class ChangeTotal(Answer):
    """Of how many employees one change is true."""

    change: Change
    employees: int


class TierMove(Answer):
    """How many had a tier in the quarter before and have another one, or the same, now."""

    before: str
    now: str
    employees: int


class PayrollChange(Answer):
    """Somebody who stands otherwise than in the quarter before. `state` says why there is no final grade now; who did
    not serve in the quarter is `not-in-service`."""

    employee: str
    name: str
    org: str
    org_name: str
    change: Change
    before: PaidResult | None
    now: PaidResult | None
    tier_before: Words | None
    tier_now: Words | None
    state: str | None


class PayrollChanges(Answer):
    """The final grades of a quarter beside those of the quarter `before`: `counts` by change, `moves` from tier to
    tier, and a page of the `found` changes; `after` leads to the next. `tier_names` begins with the best tier."""

    quarter: str
    before: str
    position: int
    graded: int
    graded_before: int
    counts: list[ChangeTotal]
    moves: list[TierMove]
    tier_names: dict[str, Words]
    changes: list[PayrollChange]
    found: int
    after: str | None


class PayrollStep(Answer):
    """One event of a run."""

    position: int
    topic: str
    at: datetime
    by: str
    reason: str | None


class PayrollTimeline(Answer):
    """A run as the events that made it."""

    quarter: str
    run: int
    steps: list[PayrollStep]


Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Position = Annotated[int, Field(ge=1, le=2**53 - 1)]


class FileDigests(Answer):
    """SHA-256 of the files of a run; `without_csv` and `without_parquet` are those of who has no grade."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    json_: Annotated[Digest, Field(alias="json")]
    csv: Digest
    xlsx: Digest
    parquet: Digest
    without_csv: Digest
    without_parquet: Digest


class RunManifest(Answer):
    """What proves a released run when it is kept elsewhere: counts and totals, the digests of its files, the seal that
    covers what it was made of. `marks` has four digits per employee, by which a grade that differs is named; `seals`
    are some of the seals before (position and digest), by which it is said where a log that was rewritten differs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    manifest: Literal["payroll-run"]
    version: Literal[1]
    quarter: Annotated[str, Field(pattern="^[12][0-9]{3}Q[1-4]$")]
    run: Annotated[int, Field(ge=1, le=1_000_000)]
    at: Position
    employees: Annotated[int, Field(ge=1)]
    without: Annotated[int, Field(ge=0)]
    coefficients: Exact
    scores: Exact
    files: FileDigests
    marks: Annotated[str, Field(pattern="^[0-9a-f]+$")]
    sealed: Position
    seal: Digest
    seals: list[tuple[int, Digest]]
    prepared_by: str
    prepared_at: datetime
    released_by: str
    released_at: datetime
