"""A leaderboard's answer is made once for a state of the log, and is what the model says."""

import pytest

from api.permissions import Role
from domain.calendar import Quarter
from projections.answers import Leaderboard
from tests.api.house import House

QUESTIONS = ("", "?limit=1&around=r2", "?by=points&limit=2", "?scope=east&around=r3")


def _told(bank: House, limit: int, around: str | None, scope: str | None, by: str) -> bytes:
    board = bank.office.read_model.leaderboard(Quarter.parse(bank.quarter), scope, by, limit, around)
    return board.model_dump_json().encode()


@pytest.mark.parametrize(
    ("query", "limit", "around", "scope", "by"),
    [
        (QUESTIONS[0], 100, None, None, "score"),
        (QUESTIONS[1], 1, "r2", None, "score"),
        (QUESTIONS[2], 2, None, None, "points"),
        (QUESTIONS[3], 100, "r3", "east", "score"),
    ],
)
def test_the_first_and_every_other_answer_are_the_json_of_the_model(
    bank: House, query: str, limit: int, around: str | None, scope: str | None, by: str
) -> None:
    bank.caught_up()
    path = f"/v1/leaderboards/{bank.quarter}{query}"
    first, again = bank.ask("GET", path, "supervisor"), bank.ask("GET", path, "rm")
    assert first.content == again.content == _told(bank, limit, around, scope, by)
    assert first.headers["content-type"] == "application/json"
    assert first.headers["etag"] != again.headers["etag"]


@pytest.mark.parametrize("query", QUESTIONS)
def test_an_answer_that_was_kept_gives_way_when_the_log_moves_on(own_bank: House, query: str) -> None:
    path = f"/v1/leaderboards/{own_bank.quarter}{query}"
    before = Leaderboard.model_validate_json(own_bank.ask("GET", path, "rm").content)
    action = own_bank.visit()
    receipt = own_bank.ask("POST", f"/v1/actions/{action}/verify", "supervisor").json()
    separator = "&" if query else "?"
    after = own_bank.ask("GET", f"{path}{separator}min_position={receipt['position']}", "rm")
    assert (
        Leaderboard.model_validate_json(after.content).moment.position >= receipt["position"] > before.moment.position
    )


def test_an_indicators_values_are_seen_only_within_reach_though_somebody_else_has_asked(own_bank: House) -> None:
    action = own_bank.visit()
    own_bank.ask("POST", f"/v1/actions/{action}/verify", "supervisor")
    own_bank.caught_up()

    def values(role: Role) -> dict[str, object]:
        answer = own_bank.ask("GET", f"/v1/leaderboards/{own_bank.quarter}?by=visits", role).json()
        return {row["rm"]: row["value"] for row in answer["standings"]}

    everything, own = values("hr"), values("rm")
    assert everything.keys() > {"r1"}
    assert None not in everything.values()
    assert {rm for rm, value in own.items() if value is not None} == {"r1"}
    assert everything == values("hr")
