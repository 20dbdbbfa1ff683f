"""/v1/actions: recorded, listed, verified, rejected, voided, corrected; many recorded or decided at once."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Grant, Granted, Then
from api.guarded import Guarded
from api.http.parameters import ACTION_ID, ActionId, KindFilter, RMFilter, Scope, Source, State, stream_of
from api.problems import Forbidden, NotFound, Problem, of_refusals, wrong
from api.receipts import BatchReceipt, FieldFault, LineReceipt, Receipt
from domain import action, fields
from domain.action import PERSONAL_SOURCE, Verdict
from domain.refusal import Refused, Taken
from projections.answers import Action, Actions

LARGEST_BATCH = 1_000
Outcome = Taken | Refused | Problem
router = APIRouter(tags=["actions"], route_class=Guarded)
IdempotencyKey = Annotated[str | None, Header(description="A person's reference is made from it")]


class ActionBody(BaseModel):
    """One action; decimals are texts. What a person leaves out (`source`, `external_ref`, their own `rm`) the server
    fills in; a system gives all three."""

    model_config = ConfigDict(
        extra="forbid",
        coerce_numbers_to_str=True,
        json_schema_extra={"required": ["kind", "occurred_on"]},  # that they are missing is said by the domain
    )

    kind: str | None = Field(None, description=fields.KIND.remedy)
    occurred_on: str | None = Field(None, description=fields.DAY.remedy)
    quantity: str | None = Field(None, description=fields.QUANTITY.remedy)
    amount: str | None = Field(None, description=fields.AMOUNT.remedy)
    customer: str | None = Field(None, description=fields.CODE.remedy)
    note: str | None = Field(None, description=fields.NOTE.remedy)
    reverses: str | None = Field(None, description=fields.REVERSES.remedy)
    rm: str | None = Field(None, description=fields.ID.remedy)
    source: str | None = Field(None, description=fields.SOURCE.remedy)
    external_ref: str | None = Field(None, description=fields.REFERENCE.remedy)


class Reason(BaseModel):
    """Why an action is rejected or voided."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(description=fields.NOTE.remedy)


class DecisionBody(BaseModel):
    """One decision on many actions."""

    model_config = ConfigDict(extra="forbid")
    decision: Verdict = Field(description="`verify` or `reject`, the same for all of them")
    reason: str | None = Field(None, description="Why they are rejected; a verification has none")
    actions: list[str] = Field(max_length=LARGEST_BATCH, description="Each as `source:external_ref`")


@router.post("/v1/actions", status_code=201, responses={200: {"model": Receipt, "description": "It stood already"}})
def record_action(
    granted: Granted, response: Response, body: ActionBody, idempotency_key: IdempotencyKey = None
) -> Receipt:
    """Record one action: 201 where it is new, 200 where it stood already, 409 where the reference has other content."""
    outcome = _record(granted, [body.model_dump(exclude_none=True)], idempotency_key)[0]
    receipt = _receipt(granted, outcome)
    response.status_code = 200 if receipt.outcome == "duplicate" else 201
    return receipt


@router.post("/v1/actions:batch")
def record_actions(
    granted: Granted,
    body: Annotated[list[dict[str, Any]], Body(max_length=LARGEST_BATCH, description="Lines as of `POST /v1/actions`")],
    idempotency_key: IdempotencyKey = None,
) -> BatchReceipt:
    """Record up to 1,000 actions. One bad line stops no other: each gets its own result."""
    told = _record(granted, body, idempotency_key)
    return _batch(granted, (_result(n, outcome) for n, outcome in enumerate(told, start=1)))


def _record(granted: Grant, lines: list[dict[str, Any]], key: str | None) -> list[Outcome]:
    """Record the lines that the asker may record, all at once; what became of each, in their order."""
    asker = granted.asker
    made = [_addressed(line, granted, key and f"{key}:{n}") for n, line in enumerate(lines)]
    allowed = [line for line in made if not isinstance(line, Problem)]
    told = iter(granted.office.bank.record_actions(allowed, asker.person, person=asker.rm is not None))
    granted.office.follower.wake()
    return [line if isinstance(line, Problem) else next(told) for line in made]


def _addressed(line: Mapping[str, Any], granted: Grant, key: str | None) -> dict[str, Any] | Problem:
    """A line with the source, reference and RM that the asker may give it."""
    asker, given = granted.asker, {name: value for name, value in line.items() if value is not None}
    if asker.rm is None:
        return _foreign(given, granted) or given
    if given.get("rm", asker.rm) != asker.rm:
        return Forbidden("leave it out: people record their own actions", "rm")
    if "external_ref" in given:
        return wrong("external_ref", "leave it out: the server makes the reference")
    return {"source": PERSONAL_SOURCE} | given | {"rm": asker.rm, "external_ref": _reference(granted, key)}


def _foreign(line: Mapping[str, Any], granted: Grant) -> Problem | None:
    """A token records, and takes back, only what comes from its sources, of RMs within its scope."""
    sources = granted.asker.sources
    if not granted.is_below(str(line.get("rm", ""))):
        return Forbidden("name an RM within the scope of this token", "rm")
    if line.get("source") not in sources:
        return Forbidden("give a source of this token", "source")
    if "reverses" in line and str(line["reverses"]).partition(":")[0] not in sources:
        return Forbidden("name an action from a source of this token", "reverses")
    return None


def _reference(granted: Grant, key: str | None) -> str:
    """A person's reference: rising with time, so that the store grows at its end; or the same for the same key."""
    if key:
        return "key-" + hashlib.sha256(f"{granted.asker.person}:{key}".encode()).hexdigest()[:32]
    return f"{granted.office.bank.clock():%Y%m%d%H%M%S%f}-{secrets.token_hex(4)}"


def _receipt(granted: Grant, outcome: Outcome) -> Receipt:
    if not isinstance(outcome, Taken):
        raise outcome
    granted.office.follower.wake()
    return Receipt(action_id=outcome.subject, position=outcome.position, outcome=outcome.outcome)


def _batch(granted: Grant, lines: Iterable[LineReceipt]) -> BatchReceipt:
    """The results of all lines, counted."""
    results = list(lines)
    outcomes = [result.outcome for result in results]
    return BatchReceipt(
        accepted=outcomes.count("accepted"),
        duplicates=outcomes.count("duplicate"),
        rejected=outcomes.count("rejected"),
        position=max((result.position for result in results if result.position), default=granted.register.position),
        results=results,
    )


def _result(line: int, outcome: Outcome, accepted: int = 201) -> LineReceipt:
    """What became of a line; `accepted` is the status of one that the log took in."""
    if isinstance(outcome, Taken):
        status = accepted if outcome.outcome == "accepted" else 200
        return LineReceipt(
            line=line, status=status, outcome=outcome.outcome, action_id=outcome.subject, position=outcome.position
        )
    body = (outcome if isinstance(outcome, Problem) else of_refusals(outcome.refusals)).body
    errors = body.errors or [FieldFault(pointer="", detail=body.detail)]
    return LineReceipt(line=line, status=body.status, outcome="rejected", errors=errors)


@router.get("/v1/actions")
def list_actions(
    granted: Granted,
    reading: Then,
    scope: Scope = None,
    rm: RMFilter = None,
    state: State | None = None,
    source: Source = None,
    kind: KindFilter = None,
    to_day: Annotated[date | None, Query(alias="to", description="Recorded on this day or earlier")] = None,
    after: Annotated[str | None, Query(pattern="^[0-9]{1,15}$")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Actions:
    """Actions within reach, newest first; `state=recorded` are those that wait for verification."""
    only, scope = granted.only_rm(rm), granted.scope(scope)
    granted.require_known(None if after is None else int(after), reading)
    return granted.office.read_model.actions(
        scope, only, state, source, after, limit, reading.as_of, kind=kind, to_day=to_day
    )


@router.post("/v1/actions:decide")
def decide_actions(granted: Granted, body: DecisionBody) -> BatchReceipt:
    """Verify or reject up to 1,000 actions. Each gets the result that it would get alone, and stops no other."""
    if body.decision == "verify" and body.reason is not None:
        raise wrong("reason", "leave it out: only a rejection has a reason")
    if body.decision == "reject" and (fault := action.check_reason(body.reason or "")):
        raise of_refusals([fault])
    bank, unnamed = granted.office.bank, wrong("", "name it as source:external_ref")
    named = {given: stream_of(given) for given in body.actions if re.fullmatch(ACTION_ID, given)}
    standing = bank.read_actions(list(named.values()))
    barred = {given: _barred(granted, key, standing.get(key)) for given, key in named.items()}
    within = [named[given] for given in body.actions if barred.get(given, unnamed) is None]
    told = iter(bank.decide_actions(within, body.decision, granted.asker.person, body.reason or ""))
    granted.office.follower.wake()
    outcomes = [barred.get(given, unnamed) or next(told) for given in body.actions]
    return _batch(granted, (_result(n, outcome, accepted=200) for n, outcome in enumerate(outcomes, start=1)))


@router.get("/v1/actions/{action_id}")
def read_action(granted: Granted, reading: Then, action_id: ActionId) -> Action:
    """One action and what became of it; the id is `source:external_ref`."""
    rm = _reach(granted, action_id).recorded.rm
    if found := granted.office.read_model.action(action_id, reading.as_of, rm):
        return found
    raise NotFound("name an action that is recorded")


@router.post("/v1/actions/{action_id}/verify")
def verify_action(granted: Granted, action_id: ActionId) -> Receipt:
    """Confirm an action, so that it counts. Neither who recorded it nor its RM may."""
    _reach(granted, action_id)
    return _receipt(granted, granted.office.bank.verify_action(action_id, granted.asker.person))


@router.post("/v1/actions/{action_id}/reject")
def reject_action(granted: Granted, action_id: ActionId, body: Reason) -> Receipt:
    """Refuse to confirm an action, with the reason."""
    _reach(granted, action_id)
    return _receipt(granted, granted.office.bank.reject_action(action_id, body.reason, granted.asker.person))


@router.post("/v1/actions/{action_id}/void")
def void_action(granted: Granted, action_id: ActionId, body: Reason) -> Receipt:
    """Take back what was recorded in error, with the reason. One's own only while nobody has decided on it."""
    _reach(granted, action_id)
    return _receipt(granted, granted.office.bank.void_action(action_id, body.reason, granted.asker.person))


@router.post(
    "/v1/actions/{action_id}/correct",
    status_code=201,
    responses={200: {"model": Receipt, "description": "It was corrected so already"}},
)
def correct_action(
    granted: Granted, response: Response, action_id: ActionId, body: ActionBody, idempotency_key: IdempotencyKey = None
) -> Receipt:
    """Put another entry in the place of one's own, while nobody has decided on it: the old one is voided and the new
    one recorded in one save. The body is a whole entry, as for recording; answers the new one's id."""
    _reach(granted, action_id)
    line = _addressed(body.model_dump(exclude_none=True), granted, idempotency_key)
    if isinstance(line, Problem):
        raise line
    receipt = _receipt(granted, granted.office.bank.correct_action(action_id, line, granted.asker.person))
    response.status_code = 200 if receipt.outcome == "duplicate" else 201
    return receipt


def _reach(granted: Grant, action_id: str) -> action.Action:
    """The action as the log has it, if it lies within reach."""
    standing = granted.office.bank.read_action(action_id)
    if barred := _barred(granted, action_id, standing):
        raise barred
    assert standing
    return standing


def _barred(granted: Grant, action_id: str, standing: action.Action | None) -> Problem | None:
    """Why an action is out of the asker's reach; who reaches only some isn't told what else exists."""
    if sources := granted.asker.sources:
        is_near = action_id.split(":")[1] in sources
    elif standing is None:
        is_near = granted.reach != "own" and not granted.asker.scope
    else:
        is_near = granted.covers(standing.recorded.rm)
    if not is_near:
        return Forbidden()
    return None if standing else NotFound("name an action that is recorded")
