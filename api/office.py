"""What the routes work with, opened once per process: the bank, its read model, and who may ask."""

import logging
from dataclasses import dataclass

import anyio

from api.card_readings import CardReadings
from api.idempotency import IdempotencyKeys
from api.identity import OWNER_SUBJECT, Asker, Identity, digest_of
from api.settings import Settings
from domain.bank import Bank, open_bank
from projections.follower import Follower
from projections.read_model import ReadModel

WAITERS = 16
"""Threads that may wait for a position at once; the others stay free for answers."""
WRITERS = 20
"""Commands at work at once: a store that is locked holds up no more threads than these."""
CHECKERS = 2
"""Passwords checked at once: each takes 64 MB and a core for a while."""
PATIENCE = 3
"""Seconds that a request waits for the store's lock; then it is answered `busy`, and its asker comes again."""
READ_MODEL = "read-model.duckdb"
log = logging.getLogger("appraise")


@dataclass(frozen=True, slots=True)
class Office:
    """`run_digest` is the digest of the owner's token of this run, if there is one. `waiters`, `writers` and `checkers`
    limit how many threads wait for a position, carry out a command, and check a password."""

    bank: Bank
    read_model: ReadModel
    follower: Follower
    identity: Identity
    keys: IdempotencyKeys
    readings: CardReadings
    run_digest: str | None
    waiters: anyio.CapacityLimiter
    writers: anyio.CapacityLimiter
    checkers: anyio.CapacityLimiter

    def of_token(self, secret: str) -> Asker | None:
        """Whose token this is; the owner's token of this run has the administrator's rights."""
        if self.run_digest is not None and digest_of(secret) == self.run_digest:
            return Asker(OWNER_SUBJECT, "admin")
        return self.identity.of_token(secret)

    def close(self) -> None:
        """Stop following and let go of the files."""
        self.read_model.stop()
        self.follower.stop()
        self.readings.close()
        self.bank.close()


def open_office(settings: Settings, run_token: str | None = None, waits: bool = True) -> Office:
    """Open store and read model of a data dir that this process owns, and begin to follow the log. Unless it `waits`,
    who asks is told at once what keeps it from following."""
    bank = open_bank(settings.data_dir, settings.timezone, patience=PATIENCE, store=settings.store_url)
    follower = Follower(bank, settings.data_dir / READ_MODEL)
    follower.waits = waits
    if follower.told:
        log.warning(follower.told)
    run_digest = digest_of(run_token) if run_token else None
    limits = (anyio.CapacityLimiter(number) for number in (WAITERS, WRITERS, CHECKERS))
    office = Office(
        bank,
        ReadModel(bank, follower),
        follower,
        Identity(bank),
        IdempotencyKeys(bank),
        CardReadings(bank),
        run_digest,
        *limits,
    )
    follower.start()
    return office
