"""Why a follower can't follow: told once when it begins and once when it is over, however often it is tried between."""

import logging
from dataclasses import dataclass

import duckdb

from domain.log import Busy, DiskFull, Senseless

BROKEN = (duckdb.FatalException, duckdb.TransactionException, duckdb.ConnectionException)
"""After a fatal error, such as a commit that can't be written, DuckDB may answer nothing more on a file until it is
opened anew."""
FULL = (duckdb.IOException, duckdb.OutOfMemoryException, DiskFull, *BROKEN)
NO_ROOM = "the read model can't be written: give its disk and the process room; a server goes on, a command is repeated"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is the matter, in the words for whoever runs the server. `position` is that of the event that says nothing
    any more; None where time or room may mend it. It `passes` where nobody has to do anything."""

    says: str
    position: int | None = None
    passes: bool = False

    def bars(self, waits: bool) -> bool:
        """Whether it goes no further until somebody has done something, or for one who does not wait for that."""
        return self.position is not None or not (waits or self.passes)


def trouble_of(error: Exception) -> Trouble:
    """What an error means for whoever follows."""
    match error:
        case Senseless():
            return Trouble(str(error), error.position)
        case Busy():
            return Trouble(f"the read model waits for the store: {error}", passes=True)
    if isinstance(error, FULL):
        return Trouble(NO_ROOM)
    return Trouble(f"the read model can't follow the log ({type(error).__name__})")


def tell(
    log: logging.Logger | None, before: Trouble | None, now: Trouble | None, error: Exception | None = None
) -> None:
    """Log a change of state in one line; only of what nobody foresaw, where it comes from, too."""
    if before == now or log is None:
        return
    if now is None:
        log.warning("the read model follows the log again")
    else:
        foreseen = isinstance(error, (Senseless, Busy, *FULL))
        log.warning("%s", now.says, exc_info=None if foreseen else error)
