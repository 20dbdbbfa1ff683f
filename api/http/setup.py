"""/v1/setup: what a new bank loads first, in order, and what of it is there."""

from fastapi import APIRouter

from api.asking import Granted, Now
from api.guarded import Guarded
from projections.answers import Setup

router = APIRouter(tags=["the bank"], route_class=Guarded)


@router.get("/v1/setup")
def setup(granted: Granted, reading: Now) -> Setup:
    """The steps from an empty bank to the first grades, in their order, each with how much of it the log holds."""
    return granted.office.read_model.setup()
