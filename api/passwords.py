"""Passwords: what a good one is, and how one is checked without telling whether its name is known."""

import secrets
import threading
from functools import cache

from pwdlib import PasswordHash

from domain.refusal import Refusal

SHORTEST, LONGEST = 8, 256
_AT_ONCE = threading.BoundedSemaphore(2)  # a check takes 64 MB and a core


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return digest(secrets.token_hex())


def digest(password: str) -> str:
    """The argon2 hash that the store keeps."""
    return _hasher().hash(password)


def matches(password: str, known: str | None) -> bool:
    """Whether a password has the digest; for an unknown name (None) the answer takes as long."""
    with _AT_ONCE:
        return _hasher().verify(password[:LONGEST], known or _nobodys()) and known is not None


def faults(password: str) -> list[Refusal]:
    """What is wrong with a new password."""
    if SHORTEST <= len(password) <= LONGEST:
        return []
    return [Refusal("malformed", "password", f"choose a password of {SHORTEST} to {LONGEST} characters")]
