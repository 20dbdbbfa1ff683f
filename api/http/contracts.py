"""/v1/contracts: drafted, negotiated and signed; many drafted or signed at once."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Grant, Granted, Then
from api.guarded import Guarded
from api.http.parameters import AfterRM, RMPath, Scope, Search
from api.permissions import SIGNS_FOR
from api.problems import Forbidden, NotFound, Problem, of_refusals
from api.receipts import ContractReceipt, ContractResult, ContractsReceipt, FieldFault
from domain import fields
from domain.bank import Outcome
from domain.contract import Party
from domain.refusal import Refusal, Refused, Taken
from projections.answers import Person
from projections.answers.contracts import Contract, Contracts, ContractState
from projections.contracts import Signer
from projections.directory import is_meant

FIRST_YEAR, LAST_YEAR = 2001, 2040
LARGEST_BATCH = 1_000
TWICE = Refusal("conflict", "rm", "name each contract once")
router = APIRouter(tags=["contracts"], route_class=Guarded)
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR, description="A year like 2026")]
YearFilter = Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="A year like 2026; else this one")]
YearField = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, description="A year like 2026")]
RMField = Annotated[str, Field(pattern=f"^(?:{fields.ID.pattern})$", description="The RM's id")]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="The `digest` of the text that was looked at")]


class Proposal(BaseModel):
    """One target that is asked for; without a `target` the indicator leaves the draft. Decimals are texts."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    quarter: str = Field(description=fields.FULL_QUARTER.remedy)
    indicator: str = Field(description=fields.INDICATOR.remedy)
    target: str | None = Field(None, description=fields.TARGET.remedy)
    base: str | None = Field(None, description=fields.BASE.remedy)


class Proposals(BaseModel):
    """Targets that are asked for, all or none of them; the reason where something agreed or signed is changed."""

    model_config = ConfigDict(extra="forbid")
    targets: list[Proposal] = Field(min_length=1, max_length=LARGEST_BATCH)
    reason: str = Field("", description=fields.NOTE.remedy)


class Signing(BaseModel):
    """Which text is signed."""

    model_config = ConfigDict(extra="forbid")
    digest: Digest


class Drafting(BaseModel):
    """For whom contracts of a year are drafted."""

    model_config = ConfigDict(extra="forbid")
    year: YearField
    rms: list[RMField] = Field(min_length=1, max_length=LARGEST_BATCH)


class SignedText(BaseModel):
    """One contract that is signed: whose, and which text."""

    model_config = ConfigDict(extra="forbid")
    rm: RMField
    digest: Digest


class SigningOfMany(BaseModel):
    """Contracts of a year that are signed at once."""

    model_config = ConfigDict(extra="forbid")
    year: YearField
    contracts: list[SignedText] = Field(min_length=1, max_length=LARGEST_BATCH)


@router.get("/v1/contracts")
def list_contracts(
    granted: Granted,
    reading: Then,
    year: YearFilter = None,
    scope: Scope = None,
    state: ContractState | None = None,
    waiting: Annotated[bool, Query(description="Only those that wait for one's own signature")] = False,
    search: Search = None,
    after: AfterRM = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Contracts:
    """How the contracts of a year stand, by RM: who has signed the text as it is, and what waits for oneself."""
    model = granted.office.read_model
    if granted.reach == "own":
        own = model.person(granted.asker.rm or "", reading.as_of)
        people = [own] if own and is_meant(own, search or "") else []
    else:
        people = model.people(granted.scope(scope), reading.as_of, search=search or "")
    asked = year or granted.office.bank.today.year
    return model.contracts(asked, people, _signer(granted), state, waiting, after or "", limit, reading.as_of)


@router.get("/v1/contracts/{rm}/{year}")
def read_contract(granted: Granted, reading: Then, rm: RMPath, year: Year) -> Contract:
    """One contract: its text target by target, who signed it, and every step that led there."""
    return granted.office.read_model.contract(
        _person(granted, rm, reading.as_of), year, _signer(granted), reading.as_of
    )


@router.post("/v1/contracts/{rm}/{year}/draft")
def draft_contract(granted: Granted, rm: RMPath, year: Year) -> ContractReceipt:
    """Lay before the parties what the RM's scheme asks for, with the scheme's own figures or the last agreed ones."""
    _person(granted, rm)
    return _receipt(granted, rm, year, granted.office.bank.draft_contract(rm, year, granted.asker.person))


@router.post("/v1/contracts/{rm}/{year}/propose")
def propose_targets(granted: Granted, rm: RMPath, year: Year, body: Proposals) -> ContractReceipt:
    """Ask for other targets. Whatever changes the text leaves it without a signature; the former ones stay in the
    history."""
    _person(granted, rm)
    lines = [line.model_dump(exclude_none=True) for line in body.targets]
    outcome = granted.office.bank.propose_targets(rm, year, lines, granted.asker.person, body.reason)
    return _receipt(granted, rm, year, outcome)


@router.post("/v1/contracts/{rm}/{year}/sign")
def sign_contract(granted: Granted, rm: RMPath, year: Year, body: Signing) -> ContractReceipt:
    """Sign the very text that has the digest: as RM, for the outlet or for the department, as one's role says. With
    the third signature its targets are agreed."""
    _person(granted, rm)
    asker, office = granted.asker, granted.office
    granted_by = office.identity.granted_by(asker.subject)
    outcome = office.bank.sign_contract(rm, year, _party(granted), body.digest, asker.person, granted_by)
    return _receipt(granted, rm, year, outcome)


@router.post("/v1/contracts:draft")
def draft_contracts(granted: Granted, body: Drafting) -> ContractsReceipt:
    """Draft up to 1,000 contracts of a year; each RM gets the result that they would get alone."""
    within = [rm for rm in dict.fromkeys(body.rms) if granted.covers(rm)]
    told = granted.office.bank.draft_contracts(within, body.year, granted.asker.person)
    return _results(granted, body.rms, dict(zip(within, told, strict=True)))


@router.post("/v1/contracts:sign")
def sign_contracts(granted: Granted, body: SigningOfMany) -> ContractsReceipt:
    """Sign up to 1,000 contracts of a year, each by the digest of its text; each gets its own result. Of one that is
    named twice nobody can tell which text was meant: it is not signed."""
    asker, office, named = granted.asker, granted.office, Counter(one.rm for one in body.contracts)
    digests = {one.rm: one.digest for one in body.contracts if named[one.rm] == 1 and granted.covers(one.rm)}
    granted_by = office.identity.granted_by(asker.subject)
    told = office.bank.sign_contracts(digests, body.year, _party(granted), asker.person, granted_by)
    outcomes: dict[str, Outcome] = {rm: Refused([TWICE]) for rm in named if named[rm] > 1 and granted.covers(rm)}
    outcomes |= dict(zip(digests, told, strict=True))
    return _results(granted, [one.rm for one in body.contracts], outcomes)


def _party(granted: Grant) -> Party:
    """For which party the asker signs."""
    if party := SIGNS_FOR.get(granted.asker.role):
        return party
    raise Forbidden


def _signer(granted: Grant) -> Signer:
    party = SIGNS_FOR.get(granted.asker.role) if granted.of("sign_contract") else None
    return Signer(granted.asker.person, party)


def _person(granted: Grant, rm: str, as_of: int | None = None) -> Person:
    """The RM, if they lie within reach; who reaches only some isn't told who else exists."""
    granted.require(rm)
    if found := granted.office.read_model.person(rm, as_of):
        return found
    raise NotFound("name an RM of the bank")


def _receipt(granted: Grant, rm: str, year: int, outcome: Outcome) -> ContractReceipt:
    if isinstance(outcome, Refused):
        raise outcome
    granted.office.follower.wake()
    return ContractReceipt(position=outcome.position, outcome=outcome.outcome, rm=rm, year=year)


def _results(granted: Grant, rms: Sequence[str], told: dict[str, Outcome]) -> ContractsReceipt:
    """What became of each, in the order in which they were named; who lies out of reach is told that alone."""
    granted.office.follower.wake()
    results = [_result(rm, told.get(rm) or Forbidden()) for rm in rms]
    outcomes = [one.outcome for one in results]
    return ContractsReceipt(
        accepted=outcomes.count("accepted"), duplicates=outcomes.count("duplicate"),
        rejected=outcomes.count("rejected"), results=results,
        position=max((one.position for one in results if one.position), default=granted.register.position),
    )  # fmt: skip


def _result(rm: str, outcome: Outcome | Problem) -> ContractResult:
    if isinstance(outcome, Taken):
        return ContractResult(rm=rm, status=200, outcome=outcome.outcome, position=outcome.position)
    body = (outcome if isinstance(outcome, Problem) else of_refusals(outcome.refusals)).body
    errors = body.errors or [FieldFault(pointer="", detail=body.detail)]
    return ContractResult(rm=rm, status=body.status, outcome="rejected", errors=errors)
