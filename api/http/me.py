"""/v1/me: who one is here, and what one may see and do."""

from fastapi import APIRouter

from api.asking import Grant, Granted, Now
from api.permissions import operations_of
from projections.answers import Me

router = APIRouter(tags=["doors"])


@router.get("/v1/me")
def me(granted: Granted, reading: Now) -> Me:
    """What a screen needs to know about its user before it asks anything else."""
    asker, bank, read_model = granted.asker, granted.office.bank, granted.office.read_model
    return Me(
        subject=asker.subject,
        name=bank.names([asker.rm]).get(asker.rm, asker.subject) if asker.rm else asker.subject,
        role=asker.role,
        scope=asker.scope,
        rm=asker.rm,
        operations=operations_of(asker.role),
        quarters=read_model.quarters(),
        quarter=read_model.graded_quarter(),
        today=bank.today,
        timezone=str(bank.timezone),
        kinds=read_model.kinds(asker.rm, bank.today) if asker.rm else [],
        units=read_model.units(),
        people=_people(granted),
        pending=_pending(granted),
    )


def _people(granted: Grant) -> int:
    """How many RMs one may ask about by name."""
    listing = granted.of("list_rms")
    return sum(map(listing.covers, listing.register.rms)) if listing else 0


def _pending(granted: Grant) -> int:
    """How many actions within reach wait for verification."""
    listing = granted.of("list_actions")
    if listing is None:
        return 0
    rm = listing.only_rm(None)
    return granted.office.read_model.waiting(listing.scope(None), rm)
