"""A leaderboard's answer is made once for a state of the log, and is what the model says."""

from datetime import timedelta

import pytest

from api.http import leaderboards
from api.permissions import OPERATIONS, Role, operation
from domain.calendar import Quarter
from projections import comparisons
from projections.answers import Leaderboard, Trace
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
    first, again = bank.ask("GET", path, "hr"), bank.ask("GET", path, "auditor")
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


def test_values_are_seen_only_within_reach_though_somebody_else_has_asked(own_bank: House) -> None:
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


def test_a_history_tells_values_only_within_reach_and_the_ranks_of_all_that_are_named(own_bank: House) -> None:
    action = own_bank.visit()
    own_bank.ask("POST", f"/v1/actions/{action}/verify", "supervisor")
    own_bank.caught_up()

    def traces(role: Role) -> dict[str, Trace]:
        history = own_bank.client(role).leaderboard_history(own_bank.quarter, by="visits", limit=3, around="r1")
        assert len(history.days) == len(history.traces[0].values)
        return {trace.rm or "": trace for trace in history.traces}

    everything, own = traces("hr"), traces("rm")
    assert {rm for rm, trace in own.items() if trace.values[-1] is not None} == {"r1"}
    assert everything["r1"] == own["r1"]
    assert {rm: trace.ranks for rm, trace in own.items()} == {rm: everything[rm].ranks for rm in own}
    refused = own_bank.ask("GET", f"/v1/leaderboards/{own_bank.quarter}/history?by=nothing", "hr")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/by")


def test_a_question_that_is_known_is_still_answered_to_nobody_whose_token_was_revoked(own_bank: House) -> None:
    path = f"/v1/leaderboards/{own_bank.quarter}?limit=3"
    own_bank.caught_up()
    assert [own_bank.ask("GET", path, "hr").status_code for _ in range(2)] == [200, 200]
    of_hr = next(token for token in own_bank.office.identity.tokens() if token.role == "hr")
    assert own_bank.office.identity.revoke_token(of_hr.token) is None
    assert [own_bank.ask("GET", path, role).status_code for role in ("hr", None, "rm")] == [401, 401, 200]


def test_a_question_that_is_known_needs_the_right_of_its_operation(
    bank: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/leaderboards/{bank.quarter}?limit=4"
    bank.caught_up()
    assert [bank.ask("GET", path, "system").status_code for _ in range(2)] == [200, 200]
    narrowed = operation(OPERATIONS["leaderboard"].sentence, whole="hr")
    monkeypatch.setitem(OPERATIONS, "leaderboard", narrowed)
    assert [bank.ask("GET", path, role).status_code for role in ("system", "hr")] == [403, 200]


def test_a_known_question_with_another_parameter_is_looked_at_anew(bank: House) -> None:
    path = f"/v1/leaderboards/{bank.quarter}?limit=5"
    bank.caught_up()
    assert [bank.ask("GET", path, "rm").status_code for _ in range(2)] == [200, 200]
    wrong = [f"{path}&scop=east", f"{path}&limit=0", f"{path}&as_of=yesterday", f"{path}&min_position=-1"]
    assert [bank.ask("GET", each, "rm").status_code for each in wrong] == [422] * 4


def test_a_known_question_that_waits_for_a_position_waits_each_time(bank: House) -> None:
    position = bank.office.read_model.progress().log_position
    path = f"/v1/leaderboards/{bank.quarter}?limit=6&min_position={position}"
    for _ in range(2):
        answer = bank.ask("GET", path, "rm")
        assert Leaderboard.model_validate_json(answer.content).moment.position >= position


def test_a_question_about_the_past_one_that_waits_and_a_long_one_are_not_known(bank: House) -> None:
    position = bank.office.read_model.progress().position
    long = "&".join(["scope=east"] * 40)
    for query in (f"as_of={position}", f"by=points&min_position={position}", long):
        bank.ask("GET", f"/v1/leaderboards/{bank.quarter}?{query}", "hr")
        assert (f"/v1/leaderboards/{bank.quarter}", query.encode()) not in leaderboards._known


def test_whom_a_colleague_is_alike_is_told_to_who_is_above_them_alone(bank: House) -> None:
    path = f"/v1/leaderboards/{bank.quarter}?among=position&around="
    bank.caught_up()
    asked = (("r1", "rm"), ("r2", "rm"), ("r2", "hr"))
    assert [bank.ask("GET", path + rm, role).status_code for rm, role in asked] == [200, 422, 200]
    live = path.replace("?", "/live?events=1&")
    assert [bank.ask("GET", live + rm, role).status_code for rm, role in asked] == [200, 422, 200]


def test_questions_are_forgotten_before_they_are_too_many(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaderboards, "MOST_QUESTIONS", 2)
    for limit in range(7, 12):
        bank.ask("GET", f"/v1/leaderboards/{bank.quarter}?limit={limit}", "rm")
    assert len(leaderboards._known) <= 2


def test_a_client_that_asks_again_is_sent_nothing_until_something_happens(own_bank: House) -> None:
    own_bank.caught_up()
    client = own_bank.client("rm")
    first = client.leaderboard(own_bank.quarter)
    assert client.leaderboard(own_bank.quarter) is first
    assert client.leaderboard(own_bank.quarter, by="points") is not first
    held = client.leaderboard(own_bank.quarter)
    assert held is first
    assert client.me() is client.me()
    action = own_bank.visit()
    own_bank.ask("POST", f"/v1/actions/{action}/verify", "supervisor")
    own_bank.caught_up()
    assert client.leaderboard(own_bank.quarter).moment.position > held.moment.position


def test_in_a_large_bank_the_same_position_has_another_tag_once_movement_is_known(
    own_bank: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparisons, "AT_ONCE", 0)
    own_bank.caught_up()
    path, model = f"/v1/leaderboards/{own_bank.quarter}", own_bank.office.read_model
    before = own_bank.ask("GET", path, "rm")
    again = own_bank.ask("GET", path, "rm", headers={"If-None-Match": before.headers["etag"]})
    model.start_comparing()
    model.prepare()
    model._formers.soon([(own_bank.quarter, model._end_of(own_bank.today - timedelta(days=7)))], 30)
    after = own_bank.ask("GET", path, "rm", headers={"If-None-Match": before.headers["etag"]})
    assert (again.status_code, after.status_code) == (304, 200)
    assert before.json()["moment"] == after.json()["moment"]
