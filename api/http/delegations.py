"""/v1/delegations: who does whose duties in reviews, from a day to a day."""

import re
from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Granted, Now
from api.guarded import Guarded
from api.http.relations import noted, person_of
from api.receipts import Noted
from domain import fields
from domain.refusal import Refusal, Refused
from projections.answers.reviews import Delegation

UNKNOWN = Refusal("unknown", "delegate", "name somebody who can sign in here")
router = APIRouter(tags=["reviews"], route_class=Guarded)


class Delegate(BaseModel):
    """Whose duties (one's own, unless another is named), and who does them."""

    model_config = ConfigDict(extra="forbid")
    person: str | None = Field(None, description=fields.ID.remedy)
    delegate: str = Field(description=fields.ID.remedy)


class WhileAway(Delegate):
    """From which day to which, both included."""

    from_day: date = Field(description=fields.DAY.remedy)
    to_day: date = Field(description=fields.DAY.remedy)


@router.get("/v1/delegations")
def list_delegations(granted: Granted, reading: Now) -> list[Delegation]:
    """Who does whose duties today or later: all of it, or what concerns oneself."""
    own, today = granted.asker.person if granted.reach == "own" else None, granted.office.bank.today
    return [
        Delegation(person=each.person, delegate=each.delegate, from_day=each.from_day, to_day=each.to_day)
        for each in sorted(granted.register.delegations, key=lambda one: (one.from_day, one.person))
        if each.to_day >= max(today, each.from_day) and (own is None or own in (each.person, each.delegate))
    ]


@router.post("/v1/delegations")
def delegate_duties(granted: Granted, body: WhileAway) -> Noted:
    """Let somebody do what waits for who is absent. They act by the rights of both, and the log names both."""
    person, by = person_of(granted, body.person), granted.asker.person
    is_id = re.fullmatch(fields.ID.pattern, body.delegate)  # what is none is refused by the rule of its field
    if is_id and not granted.office.identity.knows(body.delegate):
        raise Refused([UNKNOWN])
    return noted(granted, granted.office.bank.delegate_duties(person, body.delegate, body.from_day, body.to_day, by))


@router.post("/v1/delegations:end", responses={404: {"description": "Nobody does these duties"}})
def end_delegation(granted: Granted, body: Delegate) -> Noted:
    """Let the person do their own duties again from today on."""
    person = person_of(granted, body.person)
    return noted(granted, granted.office.bank.end_delegation(person, body.delegate, granted.asker.person))
