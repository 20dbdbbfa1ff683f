"""A small bank whose last quarter is over and to be reviewed, with a token per person who acts in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx

from api.client import Client
from domain.calendar import Quarter
from domain.refusal import Refused
from tests.api.house import HERE, House, house

ROLES: dict[str, tuple[str, str | None]] = {
    "head-east": ("supervisor", "east"), "head-south": ("supervisor", "south"), "director": ("supervisor", "head"),
    "desk-one": ("approver", "head"), "desk-two": ("approver", "head"), "payer": ("hr", None),
    "payer-two": ("hr", None), "watcher": ("auditor", None),
}  # fmt: skip
"""Who acts beside the RMs: the heads of the outlets and of the bank, two of the department, HR and the audit."""


@dataclass(frozen=True)
class Reviewed:
    """The bank, the quarter that is reviewed, and each person's token."""

    house: House
    quarter: str
    tokens: dict[str, str]

    @property
    def cutoff_on(self) -> date:
        return self.house.today + timedelta(days=10)

    def ask(self, who: str | None, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request of a person, about the bank as it stands."""
        self.house.caught_up()
        signed = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        with httpx.Client(transport=self.house.transport, base_url=HERE) as http:
            given = {} if body is None else {"json": body}
            return http.request(method, path, headers=signed | headers, **given)

    def client(self, who: str) -> Client:
        return Client(HERE, token=self.tokens[who], transport=self.house.transport, patience=10)

    def path(self, rm: str = "r1") -> str:
        return f"/v1/reviews/{rm}/{self.quarter}"

    def step(self, who: str, step: str, body: Mapping[str, Any] | None = None, rm: str = "r1", **headers: str) -> Any:
        """Take a step of a review; the answer."""
        return self.ask(who, "POST", f"{self.path(rm)}/{step}", dict(body or {}), **headers)

    def read(self, who: str = "watcher", rm: str = "r1") -> Any:
        """All of one review."""
        answer = self.ask(who, "GET", self.path(rm))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def events(self, rm: str = "r1") -> list[str]:
        """What a review's stream holds."""
        stream = f"review:{rm}:{self.quarter}"
        rows = self.house.office.bank.log.select_streams([stream]).get(stream, [])
        return [row.topic for row in rows]

    def open(self) -> Any:
        answer = self.ask(
            "payer", "POST", f"/v1/review-quarters/{self.quarter}/open", {"cutoff_on": str(self.cutoff_on)}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ratings(self) -> dict[str, str]:
        """A rating for each indicator that the scheme has rated."""
        return {line["indicator"]: "80" for line in self.read()["ratings"]}

    def come_to(self, state: str, rm: str = "r1") -> "Reviewed":
        """Bring a review to a state, each step by who takes it."""
        self.open()
        why = {"reason": "see the log"}
        rated = ("head-south" if rm == "r2" else "head-east", "rate", {"ratings": self.ratings(), "comment": "steady"})
        submitted: tuple[str, str, dict[str, Any]] = (rated[0], "submit", {})
        talk = (rated[0], "interview", {"held_on": str(self.house.today), "note": "talked it over"})
        way: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
            "open": [],
            "rated": [rated],
            "submitted": [rated, talk, submitted],
            "returned": [rated, talk, submitted, ("desk-one", "return", why)],
            "approved": [rated, talk, submitted, ("desk-one", "approve", {})],
        }
        approved = way["approved"]
        way["acknowledged"] = [*approved, (rm, "acknowledge", {})]
        way["appealed"] = [*approved, (rm, "appeal", why)]
        way["decided"] = [*way["appealed"], ("desk-two", "decide", why | {"outcome": "dismissed"})]
        way["final"] = [*way["acknowledged"], ("payer", "finalise", {})]
        for who, step, body in way[state]:
            answer = self.step(who, step, body, rm)
            assert answer.status_code == 200, (step, answer.text)
        return self


@contextmanager
def reviewed(data_dir: Path) -> Iterator[Reviewed]:
    """The small bank with targets in its last quarter that is over."""
    with house(data_dir) as built:
        quarter = Quarter.of(built.today).previous
        bank, identity = built.office.bank, built.office.identity
        targets = [
            {"rm": rm, "year": str(quarter.year), "quarter": str(quarter.number), "indicator": "visits", "target": "10"}
            for rm in ("r1", "r2", "r3")
        ]
        told = bank.agree_targets(targets, "lead")
        assert [one for one in told if isinstance(one, Refused)] == []
        tokens: dict[str, str] = {}
        for name, (role, scope) in ROLES.items():
            assert identity.add_user(name, "a-good-password", role, scope) is None
            tokens[name] = str(identity.create_token(name, role, scope))
        for rm in ("r1", "r2", "r3"):
            tokens[rm] = built.tokens["rm"] if rm == "r1" else str(identity.create_token(rm, "rm"))
        built.caught_up()
        yield Reviewed(built, str(quarter), tokens)
