"""/v1/log: the proof of what it holds."""

from fastapi import APIRouter

from api.asking import Granted
from api.guarded import Guarded
from api.receipts import KeptSeal
from domain.seal import Manifest
from projections.answers import Verification
from projections.verify import verify as verified

router = APIRouter(tags=["the bank"], route_class=Guarded)


@router.post("/v1/log:verify")
def verify(granted: Granted, kept: KeptSeal | None = None) -> Verification:
    """Compute every seal anew and hold the read model against the log; with a seal kept elsewhere, that one too."""
    office = granted.office
    manifest = Manifest(kept.position, kept.digest) if kept else None
    return verified(office.bank, office.follower.path, office.follower, manifest)
