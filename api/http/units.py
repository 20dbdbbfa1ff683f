"""/v1/units: the organisation tree."""

from fastapi import APIRouter

from api.asking import Granted, Then
from api.guarded import Guarded
from projections.answers import Unit

router = APIRouter(tags=["the bank"], route_class=Guarded)


@router.get("/v1/units")
def list_units(granted: Granted, reading: Then) -> list[Unit]:
    """Every unit of the tree, its parent and depth."""
    return granted.office.read_model.units(reading.as_of)
