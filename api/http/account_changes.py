"""/v1/account-changes: who did what to users, sessions and tokens."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from api.asking import Granted, Present
from api.guarded import Guarded
from api.http.parameters import LARGEST_POSITION, Limit, utc
from api.problems import wrong
from projections.answers import AccountChange

router = APIRouter(tags=["users"], route_class=Guarded)


@router.get("/v1/account-changes")
def list_account_changes(
    granted: Granted,
    present: Present,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_POSITION, description="The last number shown")] = None,
    limit: Limit = 100,
) -> list[AccountChange]:
    """What was done, newest first; a page with fewer than `limit` is the last one."""
    identity = granted.office.identity
    if before is not None and (not (newest := identity.changes(limit=1)) or before > newest[0].number):
        raise wrong("before", "take the last number of a page, or leave it out")
    changes = identity.changes(before, limit)
    return [
        AccountChange(**asdict(one) | {"changed_at": utc(one.changed_at), "scope_name": granted.unit_name(one.scope)})
        for one in changes
    ]
