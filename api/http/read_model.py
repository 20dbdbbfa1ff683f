"""/v1/read-model: the answers, made anew from the log."""

from fastapi import APIRouter

from api.asking import Granted
from api.guarded import Guarded
from projections.answers import Progress

router = APIRouter(tags=["the bank"], route_class=Guarded)


@router.post("/v1/read-model:rebuild")
def rebuild(granted: Granted) -> Progress:
    """Build the read model anew from the log; answers once it has caught up."""
    granted.office.follower.rebuild()
    return granted.office.read_model.progress()
