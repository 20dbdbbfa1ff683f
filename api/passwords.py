"""Passwords: what a good one is, and how one is checked without telling whether its name is known."""

import secrets
import threading
from functools import cache

from pwdlib import PasswordHash

from domain.refusal import Refusal

SHORTEST, LONGEST = 8, 256
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter that is taken for another."""
_AT_ONCE = threading.BoundedSemaphore(2)  # a check takes 64 MB and a core


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return digest(secrets.token_hex())


def digest(password: str) -> str:
    """The argon2 hash that the store keeps."""
    with _AT_ONCE:
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


def one_time() -> str:
    """A password to be given out, and changed at the first sign-in: easily read aloud, and not to be guessed."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
