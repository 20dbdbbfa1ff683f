"""/v1/seasons: the seasons of the schemes."""

from fastapi import APIRouter

from api.asking import Granted, Now
from api.guarded import Guarded
from projections.answers import SeasonOf

router = APIRouter(tags=["standing"], route_class=Guarded)


@router.get("/v1/seasons")
def seasons(granted: Granted, reading: Now) -> list[SeasonOf]:
    """The seasons of the schemes, and which of them are closed."""
    return granted.office.read_model.seasons()
