"""A board's live stream, from a real server: it tells of a write, passes a dashboard alone, ends with its session."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from api.client import ApiProblem
from api.front_door import FrontDoor, RemoteApi
from api.http import leaderboards
from api.settings import COOKIE
from tests.api.house import House
from tests.api.test_front_door import signed_in, streamlit


@contextmanager
def serving(app: Any, bank: House) -> Iterator[str]:
    """An app behind a real socket, on the loop on which the bank's app runs; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
        served = bank.transport.portal.start_task_soon(server.serve, [listener])
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            served.result(30)


def events(answer: httpx.Response) -> Iterator[dict[str, int]]:
    """The data of each event of a stream."""
    assert answer.headers["content-type"].startswith("text/event-stream")
    yield from (json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line.startswith("data: "))


@pytest.mark.parametrize("way", ["straight", "through a dashboard of its own"])
def test_a_write_is_told_to_who_listens(own_bank: House, way: str) -> None:
    own_bank.caught_up()
    path = f"/v1/leaderboards/{own_bank.quarter}/live?by=visits"
    headers = {"Authorization": f"Bearer {own_bank.tokens['rm']}"}
    with (
        serving(own_bank.app, own_bank) as api,
        serving(FrontDoor(streamlit, RemoteApi(api), signed_in), own_bank) as door,
    ):
        address = api if way == "straight" else door
        with httpx.stream("GET", address + path, headers=headers, timeout=30) as answer:
            told = events(answer)
            first = next(told)
            action = own_bank.visit()
            receipt = own_bank.ask("POST", f"/v1/actions/{action}/verify", "supervisor").json()
            second = next(told)
        again = httpx.get(f"{address}{path}&events=1", headers=headers | {"Last-Event-ID": str(first["position"])})
        assert [each["changed_at"] for each in events(again)] == [second["changed_at"]]
    assert first["position"] < second["changed_at"] <= second["position"]
    assert second["position"] >= receipt["position"]


def test_a_stream_ends_with_its_session(own_bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaderboards, "LOOK_AGAIN", 0)
    session = own_bank.session()
    path = f"/v1/leaderboards/{own_bank.quarter}/live"
    with serving(own_bank.app, own_bank) as address:
        with httpx.stream("GET", address + path, headers={"Cookie": f"{COOKIE}={session}"}, timeout=30) as answer:
            told = events(answer)
            next(told)
            own_bank.office.identity.sign_out(session)
            assert list(told) == []
        assert own_bank.app.state.moves.listeners == 0


def test_the_client_hears_of_a_board_and_of_what_is_refused(bank: House) -> None:
    bank.caught_up()
    client = bank.client("rm")
    (told,) = client.leaderboard_live(bank.quarter, by="points", events=1)
    assert told.changed_at <= told.position == bank.office.follower.position
    with pytest.raises(ApiProblem, match="rank by one of"):
        next(client.leaderboard_live(bank.quarter, by="nothing"))


def test_what_can_not_be_ranked_is_refused_before_a_stream_begins(bank: House) -> None:
    for query, pointer in (("by=nothing", "/by"), ("scope=atlantis", "/scope")):
        refused = bank.ask("GET", f"/v1/leaderboards/{bank.quarter}/live?{query}", "rm")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
