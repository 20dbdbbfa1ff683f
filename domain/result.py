"""The result of a quarter: what people approve and what becomes final, named by a digest that anybody can compute."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.money import plain


@dataclass(frozen=True, slots=True)
class Result:
    """What an RM's quarter comes to, on the facts at one log position and the ratings at another.

    `status` is `graded`, or why there is no grade (then score, tier and coefficient are missing). `lines` is canonical
    JSON, made by `queries/results.sql`: `{"gates": [...], "lines": [...]}`, with figures as text.
    """

    rm: str
    org: str
    post: str
    scheme: str | None
    effective: date | None
    status: str
    score: Decimal | None
    tier: str | None
    coefficient: Decimal | None
    lines: str
    facts_at: int
    rated_at: int

    @property
    def digest(self) -> str:
        """SHA-256 over scheme, version, status, score, tier, coefficient and lines, one to a line, nothing for what is
        missing: the same result has the same digest, whatever position it was reckoned at."""
        parts = (self.scheme, self.effective, self.status, self.score, self.tier, self.coefficient, self.lines)
        return hashlib.sha256("\n".join(map(_told, parts)).encode()).hexdigest()


def _told(part: object) -> str:
    if isinstance(part, Decimal):
        return plain(part)
    return "" if part is None else str(part)
