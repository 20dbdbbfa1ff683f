"""/v1/relations: who is too close to whom to decide on them."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.acting import taken
from api.asking import Grant, Granted, Now
from api.guarded import Guarded
from api.problems import Forbidden
from api.receipts import Noted
from domain import fields
from domain.bank import Outcome
from projections.answers.reviews import Relation

router = APIRouter(tags=["reviews"], route_class=Guarded)


class Related(BaseModel):
    """Two people, by their ids; the first one is oneself, unless another is named."""

    model_config = ConfigDict(extra="forbid")
    person: str | None = Field(None, description=fields.ID.remedy)
    relative: str = Field(description=fields.ID.remedy)


class NoLonger(BaseModel):
    """Two people, as the relation was declared."""

    model_config = ConfigDict(extra="forbid")
    person: str = Field(description=fields.ID.remedy)
    relative: str = Field(description=fields.ID.remedy)


@router.get("/v1/relations")
def list_relations(granted: Granted, reading: Now) -> list[Relation]:
    """What is declared, by person: all of it, or what concerns oneself."""
    own = granted.asker.person if granted.reach == "own" else None
    return [
        Relation(person=person, relative=relative)
        for person, relatives in sorted(granted.register.relations.items())
        for relative in sorted(relatives)
        if own is None or own in (person, relative)
    ]


@router.post("/v1/relations")
def declare_relation(granted: Granted, body: Related) -> Noted:
    """Declare that two people are relatives, or otherwise too close: neither decides on the other from then on."""
    person = person_of(granted, body.person)
    return noted(granted, granted.office.bank.declare_relation(person, body.relative, granted.asker.person))


@router.post("/v1/relations:end", responses={404: {"description": "No such relation is declared"}})
def end_relation(granted: Granted, body: NoLonger) -> Noted:
    """Note, as neither of the two, that what was declared holds no longer."""
    return noted(granted, granted.office.bank.end_relation(body.person, body.relative, granted.asker.person))


def person_of(granted: Grant, named: str | None) -> str:
    """Whom a command is about: oneself, or whom one may name."""
    own = granted.asker.person
    if named not in (None, own) and granted.reach == "own":
        raise Forbidden("leave it out: this is yours to say of yourself alone", "person")
    return named or own


def noted(granted: Grant, outcome: Outcome) -> Noted:
    """What a command answers that was taken in; a refusal is raised."""
    done = taken(outcome)
    granted.office.follower.wake()
    return Noted(position=done.position, outcome=done.outcome)
