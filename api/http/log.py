"""/v1/log: the proof of what it holds."""

from fastapi import APIRouter

from api.asking import Granted
from api.guarded import Guarded
from api.payroll_manifest import AnyManifest, kept_of
from projections.answers import Verification
from projections.verify import verify as verified

router = APIRouter(tags=["the bank"], route_class=Guarded)


@router.post("/v1/log:verify")
def verify(granted: Granted, kept: AnyManifest | None = None) -> Verification:
    """Compute every seal anew and hold the read model against the log; with a seal or a payroll run's manifest that was
    kept elsewhere, that one too."""
    office = granted.office
    return verified(office.bank, office.follower.path, office.follower, kept_of(kept) if kept else None)
