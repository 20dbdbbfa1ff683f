"""/v1/names: who stands behind the ids that a page shows."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.asking import Granted, Now
from api.guarded import Guarded
from domain import fields
from projections.answers import Who

MOST = 200
"""Ids of one question."""
Ids = Annotated[
    list[Annotated[str, Field(pattern=f"^(?:{fields.ID.pattern})$")]],
    Query(alias="id", min_length=1, max_length=MOST, description="Ids of people, each once"),
]
router = APIRouter(tags=["the bank"], route_class=Guarded)


@router.get("/v1/names")
def name_people(granted: Granted, reading: Now, ids: Ids) -> list[Who]:
    """Of each id the name, if it is an RM's within reach, and the post that its bearer holds: supervisor, approver or
    HR of which unit. Where nobody is known by it, only the id comes back."""
    bank, wanted = granted.office.bank, list(dict.fromkeys(ids))
    names = bank.names([rm for rm in wanted if rm in granted.register.rms and granted.covers(rm)])
    posts = {person: (role, scope) for person, role, scope in granted.office.identity.in_charge()}
    heads = granted.office.read_model.heads([one for one in wanted if one not in posts])
    told = []
    for one in wanted:
        role, org = posts.get(one) or (("supervisor", heads[one]) if one in heads else (None, None))
        told.append(Who(id=one, name=names.get(one), role=role, unit=granted.unit_name(org)))
    return told
