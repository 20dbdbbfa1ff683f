"""/v1/schemes: the dated rule books, as proposed by one person and published by another."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Grant, Granted, Now, Then
from api.guarded import Guarded
from api.problems import NotFound, wrong
from api.receipts import SchemeReceipt
from domain import scheme as rules
from domain.bank import Outcome
from domain.publication import digest_of
from domain.refusal import Refused
from domain.scheme_file.faults import LARGEST
from projections.answers import Scheme, SchemeChanges, SchemeCheck, SchemeDifferences, SchemeVersion

SchemeId = Annotated[str, Path(pattern="^[a-z0-9-]{1,48}$")]
Effective = Annotated[date, Path(description="The date of effect, YYYY-MM-DD")]
router = APIRouter(tags=["the bank"], route_class=Guarded)


class SchemeText(BaseModel):
    """A version of a scheme: the whole text of its file."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=LARGEST, description="The whole file, in TOML")


class SchemeDigest(BaseModel):
    """Which text somebody looked at before they decided."""

    model_config = ConfigDict(extra="forbid")
    digest: str = Field(pattern="^[0-9a-f]{64}$", description="The `digest` of the version in the list")


@router.get("/v1/schemes")
def list_schemes(granted: Granted, reading: Then) -> list[SchemeVersion]:
    """Every published version of every scheme, newest first; before them what waits for approval, for who sees it."""
    return granted.office.read_model.schemes(reading.as_of, with_proposed=_sees_proposed(granted))


@router.get("/v1/schemes/{scheme}/{effective}")
def read_scheme(granted: Granted, reading: Then, scheme: SchemeId, effective: Effective) -> Scheme:
    """One version, with its whole text and in words; it is named by its date of effect."""
    found = granted.office.read_model.scheme(scheme, effective, reading.as_of, with_proposed=_sees_proposed(granted))
    if found:
        return found
    raise NotFound("take scheme and date from the list of schemes")


@router.get("/v1/schemes/{scheme}/{effective}/differences")
def scheme_differences(
    granted: Granted,
    reading: Then,
    scheme: SchemeId,
    effective: Effective,
    old_scheme: Annotated[str | None, Query(pattern="^[a-z0-9-]{1,48}$", description="Compared with this one")] = None,
    old_effective: Annotated[date | None, Query(description="The date of effect of the version compared with")] = None,
) -> SchemeDifferences:
    """What a version changes, in words and clause by clause: against another one, else against the one before it."""
    old = (old_scheme or scheme, old_effective) if old_effective else None
    if old_scheme and not old_effective:
        raise wrong("old_effective", "name the version's date of effect, too")
    sees = _sees_proposed(granted)
    if found := granted.office.read_model.scheme_differences(scheme, effective, old, reading.as_of, with_proposed=sees):
        return found
    raise NotFound("take schemes and dates from the list of schemes")


@router.post("/v1/schemes", status_code=201)
def propose_scheme(granted: Granted, body: SchemeText) -> SchemeReceipt:
    """Propose a version. It takes the place of what waits under its scheme and date, and counts once another person
    has approved it."""
    outcome = granted.office.bank.propose_scheme(body.text, granted.asker.person)
    told = rules.check_scheme(body.text).told if not isinstance(outcome, Refused) else []
    return _receipt(outcome, digest_of(body.text), [f"line {each.line}: {each.message}" for each in told])


@router.post("/v1/schemes:check")
def check_scheme(granted: Granted, body: SchemeText) -> SchemeCheck:
    """What the check says of a text, and how many of the bank's RMs lack a target; nothing is taken in."""
    return granted.office.read_model.check_scheme(body.text)


@router.get("/v1/schemes/{scheme}/{effective}/changes")
def scheme_changes(
    granted: Granted,
    reading: Now,
    scheme: SchemeId,
    effective: Effective,
    after: Annotated[str | None, Query(max_length=40, description="`after` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
) -> SchemeChanges:
    """Whom a version that waits for approval would change: which RM in which quarter gets which tier and score
    instead of which, by the real history."""
    if found := granted.office.read_model.scheme_changes(scheme, effective, after or "", limit):
        return found
    raise NotFound("take scheme and date of what waits for approval from the list of schemes")


@router.post("/v1/schemes/{scheme}/{effective}/approve")
def approve_scheme(granted: Granted, scheme: SchemeId, effective: Effective, body: SchemeDigest) -> SchemeReceipt:
    """Put the very text in force that has the digest and that another person proposed."""
    asker, office = granted.asker, granted.office
    granted_by = office.identity.granted_by(asker.subject)
    outcome = office.bank.approve_scheme(scheme, effective, body.digest, asker.person, granted_by)
    return _receipt(outcome, body.digest)


@router.post("/v1/schemes/{scheme}/{effective}/withdraw")
def withdraw_scheme(granted: Granted, scheme: SchemeId, effective: Effective, body: SchemeDigest) -> SchemeReceipt:
    """Take back what was proposed, or turn it down: it waits no longer."""
    outcome = granted.office.bank.withdraw_scheme(scheme, effective, body.digest, granted.asker.person)
    return _receipt(outcome, body.digest)


def _sees_proposed(granted: Grant) -> bool:
    return granted.of("scheme_changes") is not None


def _receipt(outcome: Outcome, digest: str, warnings: Sequence[str] = ()) -> SchemeReceipt:
    """What a command answers that was taken in; a refusal is raised."""
    if isinstance(outcome, Refused):
        raise outcome
    _, scheme, effective = outcome.subject.split(":")
    return SchemeReceipt(
        position=outcome.position, outcome=outcome.outcome, scheme=scheme, effective=date.fromisoformat(effective),
        digest=digest, warnings=list(warnings),
    )  # fmt: skip
