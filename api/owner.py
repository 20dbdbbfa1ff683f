"""One process owns a data dir's read model; everything else asks it.

The owner holds the lock `owner.lock`, which the system releases however the process ends, and writes `owner.json`:
its process id, a token for this run with the administrator's rights, its address if it serves one, and whether it is
about to stop. A file whose lock nobody holds is left over from a dead process.
"""

import json
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import httpx
from filelock import FileLock, Timeout

from api.settings import check_folder

LOCK, FILE = "owner.lock", "owner.json"
LONGEST_WAIT = 30.0
SILENT = 1.0
"""Seconds that a command which asks waits for others like it before a word is said."""
POLL = 0.1
VERIFYING = re.compile(r"verify-[a-z0-9_]{8}")
"""A folder in which a read model is made for a comparison; what stands at the start is a dead process's."""
PROBE = 1.0
"""Seconds that a server has to answer another one."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a data dir; `address` is None for a command that only reads for a moment. `restores` is the backup that
    is being put into the empty bank, whole or not at all."""

    pid: int
    token: str
    address: str | None
    stopping: bool = False
    restores: str | None = None

    def __str__(self) -> str:
        """Who it is, for whoever waits."""
        return f"Process {self.pid}{f' at {self.address}' if self.address else ''}{' (stopping)' * self.stopping}"


class Owned(Exception):
    """Another process owns the data dir and does not let go in time, or a server and not at all; the message says what
    to do."""


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def find_server(data_dir: Path) -> Owner | None:
    """The server that owns a data dir, if one runs and is not about to stop."""
    owner = _read(data_dir)
    return owner if owner and owner.address and not owner.stopping and _is_held(data_dir) else None


def refuse_beside_server(data_dir: Path) -> None:
    """Owned where a server answers on a data dir: it keeps it as long as it runs, and a second one waits in vain."""
    if (server := find_server(data_dir)) and _answers(server):
        raise Owned(f"{server} serves {data_dir} already: open that address, or stop it first")


def _answers(server: Owner) -> bool:
    try:
        return httpx.get(f"{server.address}/health/live", timeout=PROBE, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def note_stopping(data_dir: Path, owner: Owner) -> None:
    """Note in the owner's file that it is about to stop, so that others wait for the end; a full disk keeps nobody from
    stopping."""
    with suppress(OSError):
        _write(data_dir, replace(owner, stopping=True))


@contextmanager
def owning(
    data_dir: Path,
    address: str | None = None,
    say: Callable[[str], None] = _say,
    seconds: float = LONGEST_WAIT,
    restores: str | None = None,
) -> Iterator[Owner]:
    """Own a data dir for a while; waits for another owner, says so, and raises Owned when that takes too long. Who has
    an `address` to serve gives up at once where another server answers."""

    def enough() -> bool:
        if address:
            refuse_beside_server(data_dir)
        return False

    with _locked(data_dir, say, seconds, 0, enough):
        yield from _owned(data_dir, say, address, restores)


@contextmanager
def owning_or_found(
    data_dir: Path, say: Callable[[str], None] = _say, seconds: float = LONGEST_WAIT
) -> Iterator[tuple[Owner, bool]]:
    """The server that owns a data dir, or this process as its owner; the second value says whether it is this one."""
    with _locked(data_dir, say, seconds, SILENT, lambda: find_server(data_dir) is not None) as locked:
        if not locked and (server := find_server(data_dir)):
            yield server, False
        else:
            for owner in _owned(data_dir, say):
                yield owner, True


@contextmanager
def _locked(
    data_dir: Path, say: Callable[[str], None], seconds: float, silent: float, enough: Callable[[], bool]
) -> Iterator[bool]:
    """Hold the lock, or nothing once `enough` says that it isn't needed; the value tells which. Who waits longer than
    `silent` is told for whom."""
    check_folder(data_dir)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(data_dir / LOCK, thread_local=False)
    begun, told = time.monotonic(), False
    while not _taken(lock):
        if enough():
            yield False
            return
        waited = time.monotonic() - begun
        if waited > silent and not told:
            say(f"{_whose(data_dir)} uses {data_dir}; waiting up to {seconds:.0f} seconds for it.")
            told = True
        if waited > seconds:
            raise Owned(f"{_whose(data_dir)} uses {data_dir}: stop it, or ask it over its API")
    try:
        yield True
    finally:
        lock.release()


def _taken(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=POLL, poll_interval=POLL / 2)
    except Timeout:
        return False
    return True


def _owned(
    data_dir: Path, say: Callable[[str], None], address: str | None = None, restores: str | None = None
) -> Iterator[Owner]:
    """Own it once its lock is held. What an owner makes, the read model with figures and customers above all, nobody
    else may read, whatever the folder lets them do."""
    if former := _read(data_dir):
        say(_left_by(former))
    for left in data_dir.glob("verify-*"):
        if VERIFYING.fullmatch(left.name):
            shutil.rmtree(left, ignore_errors=True)
    owner = Owner(os.getpid(), secrets.token_urlsafe(32), address, restores=restores)
    _write(data_dir, owner)
    former_mask = os.umask(0o077)
    try:
        yield owner
    finally:
        os.umask(former_mask)
        (data_dir / FILE).unlink(missing_ok=True)


def _left_by(former: Owner) -> str:
    if former.restores:
        return (
            f"Process {former.pid} was ended while it restored {former.restores}: that stands whole or not at all. "
            "Where the bank is empty, repeat appraise restore before anything is put into it."
        )
    return f"Process {former.pid} was ended before it could close; all that it acknowledged stands in the log."


def _write(data_dir: Path, owner: Owner) -> None:
    """Replace the file whole, readable by its owner alone from the first moment. Who writes it holds the lock."""
    draft = data_dir / f"{FILE}.part"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(owner), file)
    draft.replace(data_dir / FILE)


def _read(data_dir: Path) -> Owner | None:
    try:
        return Owner(**json.loads((data_dir / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _is_held(data_dir: Path) -> bool:
    lock = FileLock(data_dir / LOCK, thread_local=False)
    if _taken(lock):
        lock.release()
        return False
    return True


def _whose(data_dir: Path) -> str:
    return str(_read(data_dir) or "Another process")
