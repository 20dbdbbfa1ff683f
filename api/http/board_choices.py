"""/v1/rms/{rm}/boards and /alias: what an RM chooses about the leaderboards."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Granted, Now
from api.guarded import Guarded
from api.http.parameters import RMPath
from api.http.relations import noted
from api.problems import NotFound
from api.receipts import Noted
from domain import board_choices as rules
from projections.answers import BoardChoices

router = APIRouter(tags=["relationship managers"], route_class=Guarded)


class Alias(BaseModel):
    """What an RM wants to be called where the scheme shows an alias instead of the name."""

    model_config = ConfigDict(extra="forbid")
    alias: str = Field(max_length=200, description=rules.FORM.remedy)


@router.get("/v1/rms/{rm}/boards")
def board_choices(granted: Granted, reading: Now, rm: RMPath) -> BoardChoices:
    """Whether an RM left the leaderboards, and the alias; one that has become somebody's name is shown to nobody."""
    granted.require(rm)
    if rm not in granted.register.rms:
        raise NotFound("name an RM of the bank")
    bank, chosen = granted.office.bank, granted.register.board_choices.get(rm)
    left_at = chosen.left_at if chosen else None
    return BoardChoices(rm=rm, left_at=left_at, alias=bank.chosen_alias(rm), alias_shown=rm in bank.aliases([rm]))


@router.post("/v1/rms/{rm}/boards/leave")
def leave_boards(granted: Granted, rm: RMPath) -> Noted:
    """Be on no leaderboard any more; the appraisal is not touched."""
    granted.require(rm)
    return noted(granted, granted.office.bank.leave_boards(rm, granted.asker.person))


@router.post("/v1/rms/{rm}/boards/join")
def join_boards(granted: Granted, rm: RMPath) -> Noted:
    """Be on the leaderboards again."""
    granted.require(rm)
    return noted(granted, granted.office.bank.join_boards(rm, granted.asker.person))


@router.post("/v1/rms/{rm}/alias")
def choose_alias(granted: Granted, rm: RMPath, body: Alias) -> Noted:
    """Take an alias in the place of the one before: unique in the bank, and nobody's name or id."""
    granted.require(rm)
    users = [user.name for user in granted.office.identity.users()]
    return noted(granted, granted.office.bank.choose_alias(rm, body.alias, granted.asker.person, users))


@router.post("/v1/rms/{rm}/alias/drop")
def drop_alias(granted: Granted, rm: RMPath) -> Noted:
    """Have no alias any more."""
    granted.require(rm)
    return noted(granted, granted.office.bank.drop_alias(rm, granted.asker.person))
