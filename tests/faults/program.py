"""`appraise` in small steps, so that there are many moments between two of them, and with little patience.

FAULTS_LIMIT is the size in bytes that no file of this process may pass until its parent lifts that limit: that is what
a full disk looks like.
"""

import os
import resource
from functools import partial
from threading import Event
from typing import Any

from api import office
from api.cli import review, run
from api.importing import file_import
from api.terminal import store
from domain.bank import open_bank
from domain.bulk import door

PIECE, REVIEWS, REST, PATIENCE = 100, 4, 0.01, 1


def step() -> None:
    """Store less at once, rest after it, and wait less for a lock."""
    for module in (file_import, door):
        vars(module)["PIECE"] = PIECE
    vars(review)["AT_ONCE"] = REVIEWS
    importing: Any = file_import.FileImport
    count = importing._count

    def rested(self: Any, *given: Any) -> None:
        count(self, *given)
        Event().wait(REST)

    vars(office)["PATIENCE"] = PATIENCE
    vars(store)["open_bank"] = partial(open_bank, patience=PATIENCE)
    importing._count = rested


def limit_files(size: int) -> None:
    """Let no file grow beyond a size, for the time being."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))


if __name__ == "__main__":
    step()
    if size := os.environ.get("FAULTS_LIMIT"):
        limit_files(int(size))
    run()
