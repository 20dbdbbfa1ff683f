"""/health: for whoever watches the process. Needs no sign-in and tells nothing about the bank."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from api.asking import the_office
from api.receipts import Liveness, Readiness

BEHIND = 10_000
"""Events of lag from which the process asks to be left out of a balancer's turn."""
router = APIRouter(tags=["doors"])


@router.get("/health/live")
async def health_live() -> Liveness:
    """The process answers."""
    return Liveness()


@router.get(
    "/health/ready", responses={503: {"model": Readiness, "description": "The read model is behind, or stopped"}}
)
def health_ready(request: Request, response: Response) -> Readiness:
    """How far the read model has followed the log; 503 while it is far behind, or stopped."""
    office = the_office(request)
    progress, trouble = office.read_model.progress(), office.follower.trouble
    behind = progress.lag > BEHIND
    response.status_code = 503 if behind or trouble else 200
    response.headers["Cache-Control"] = "no-store"
    status: Literal["ready", "behind", "stopped"] = "stopped" if trouble else "behind" if behind else "ready"
    return Readiness(**progress.model_dump(), status=status, detail=trouble.says if trouble else None)
