"""What the store keeps of a secret."""

import hashlib


def digest_of(secret: str) -> str:
    """What the store keeps of a session or token."""
    return hashlib.sha256(secret.encode()).hexdigest()
