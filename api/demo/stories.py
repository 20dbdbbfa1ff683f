"""The people whom a story of the demo is told of, and who signs in; read from `stories.toml`."""

import tomllib
from typing import Literal

from pydantic import Field

from api.demo.habits import HERE, Habit


class Short(Habit):
    """A tier that one more of the indicator `by` would reach, with what `fitted` measures made to fit."""

    of: str
    by: str
    fitted: str


class Story(Habit):
    """What happens to one RM in the demo's last quarter; what is not said is left to chance.

    `score` is the RM's own, before any gate. `swing` makes one of two rivals quicker (1) or slower (-1) in the last
    days, `spurt` says how many times quicker than before the last five are. `review` is how far the review of the
    quarter before has come.
    """

    rm: str
    story: str
    name: str
    position: str
    tier: str | None = None
    score: float | None = None
    short: Short | None = None
    swing: int = 0
    spurt: float = 1
    troubles: dict[str, int] = Field(default_factory=dict)
    silent_days: int = 0
    amended: str | None = None
    uncertified: bool = False
    transferred: bool = False
    on_leave: bool = False
    joined: bool = False
    left: bool = False
    without_contract: bool = False
    rejected: bool = False
    late: bool = False
    review: str | None = None

    @property
    def member(self) -> int:
        """The RM's index among the staff."""
        return int(self.rm.lstrip("R")) - 1


class Visitor(Habit):
    """Who signs in: an RM of a story (only while of the `position`), the head of a unit, or an office."""

    name: str
    role: str
    rm: str | None = None
    position: str | None = None
    of: Literal["outlet", "branch", "lagging branch", "lagging outlet"] | None = None
    en: str
    zh: str


class Stories(Habit):
    """Everything in `stories.toml`."""

    people: tuple[Story, ...]
    sign_ins: tuple[Visitor, ...]

    def among(self, rms: int) -> dict[int, Story]:
        """The stories of the first so many RMs, by their index among the staff."""
        return {story.member: story for story in self.people if story.member < rms}


def read_stories() -> Stories:
    """The stories of the demo bank."""
    return Stories.model_validate(tomllib.loads((HERE / "stories.toml").read_text(encoding="utf-8")))
