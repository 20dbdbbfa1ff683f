"""Passwords: what a good one is, and how one is checked without telling whether its name is known."""

import re
import secrets
import threading
from functools import cache

from pwdlib import PasswordHash

from domain.refusal import Refusal

SHORTEST, LONGEST = 8, 256
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter that is taken for another."""
_ROWS = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb",
)  # fmt: skip
_WORDS = {
    "pass", "password", "passw0rd", "p@ssw0rd", "admin", "administrator", "welcome", "letmein", "changeme", "iloveyou",
    "mima", "woaini",
}  # fmt: skip
"""What is tried first, with any figures and signs around it; a list of thousands would need its upkeep."""
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_AT_ONCE = threading.BoundedSemaphore(2)  # a check takes 64 MB and a core


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return digest(secrets.token_hex())


def digest(password: str, salt: bytes | None = None) -> str:
    """The argon2 hash that the store keeps; under a salt that is given, the same password has the same one again."""
    with _AT_ONCE:
        return _hasher().hash(password, salt=salt)


def matches(password: str, known: str | None) -> bool:
    """Whether a password has the digest; for an unknown name (None) the answer takes as long."""
    taken = known is not None and len(password) <= LONGEST
    against = known or _nobodys()  # which has its own turn: within ours, two at once would wait for each other
    with _AT_ONCE:
        return _hasher().verify(_bytes(password[:LONGEST]), against) and taken


def _bytes(password: str) -> bytes:
    """Half a character, which JSON can hold and UTF-8 can't, matches nothing instead of failing."""
    return password.encode("utf-8", "surrogatepass")


def faults(password: str, name: str) -> list[Refusal]:
    """What is wrong with a new password of who signs in by this name."""
    if any("\ud800" <= char <= "\udfff" for char in password):
        return [Refusal("malformed", "password", "choose a password of whole characters: this one holds half of one")]
    if not SHORTEST <= len(password) <= LONGEST:
        return [Refusal("malformed", "password", f"choose a password of {SHORTEST} to {LONGEST} characters")]
    if _is_guessed(password.casefold(), name.casefold()):
        return [
            Refusal(
                "malformed",
                "password",
                "choose a password that isn't guessed: no usual word, no row of keys, not your name",
            )
        ]
    return []


def _is_guessed(password: str, name: str) -> bool:
    """Whether it is among what is tried first: few characters again and again, keys in their order, a word that
    everybody takes, or the name that it belongs to."""
    word = _AROUND.sub("", password)
    in_order = any(part in row or part in row[::-1] for row in _ROWS for part in (password, word) if len(part) > 2)
    repeated = len(set(password)) < 5 or re.fullmatch(r"(.{1,6})\1+", password) is not None
    named = name in password and not _AROUND.sub("", password.replace(name, ""))
    return in_order or repeated or named or word in _WORDS


def one_time() -> str:
    """A password to be given out, and changed at the first sign-in: easily read aloud, and not to be guessed."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
