"""Idempotency-Key: every POST is done once per key and answered alike, whatever happens between the two tries."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from api.app import V1
from api.client import Client
from api.idempotency import CLAIM_SECONDS, KEPT_SECONDS, IdempotencyKeys, KeptAnswer
from api.once_per_key import OPEN_PATHS, SECRETS
from api.problems import Problem
from domain.bank import open_bank
from domain.log import Busy
from tests.api.house import HERE, House
from tests.api.test_permissions import about, cells, delivered_by_a_system

REPLAYED = "idempotency-replayed"


OF_A_SESSION = ("change_password", "end_own_session")
"""What no token may, with which these tests ask; see test_users."""
POSTS = sorted(
    route.name
    for router in V1
    for route in router.routes
    if isinstance(route, APIRoute) and "POST" in (route.methods or ()) and route.name not in OF_A_SESSION
)


@pytest.fixture
def bank(either_bank: House) -> House:
    return either_bank


DONE = {operation for operation, _, status in cells() if status in (200, 201)}
"""Operations whose request in the walk is carried out. Those of reviews are refused there, whoever sends them: that
they are done once is tested in test_reviews."""


def asker_for(operation: str) -> tuple[str, str]:
    """The role, and the RM asked about, that an operation is open to."""
    open_to = [(status, asker) for each, asker, status in cells() if each == operation and status not in (401, 403)]
    role, rm = next((asker for status, asker in open_to if status < 300), open_to[0][1]).split()
    return role, rm


def log_position(bank: House) -> int:
    return bank.office.read_model.progress().log_position


def told(answer: httpx.Response) -> object:
    """An answer without what is told once only."""
    body = answer.json()
    return {name: value for name, value in body.items() if name not in SECRETS}


@pytest.mark.parametrize("operation", [each for each in POSTS if each in DONE])
def test_whatever_is_posted_twice_under_a_key_is_done_once(bank: House, operation: str) -> None:
    role, rm = asker_for(operation)
    method, path, body, _ = about(rm, operation, bank)
    body = delivered_by_a_system(body, bank) if role == "system" else body
    key = {"Idempotency-Key": f"twice-{operation}"}
    first = bank.ask(method, path, role, json=body, headers=key)
    reached = log_position(bank)
    again = bank.ask(method, path, role, json=body, headers=key)
    assert first.status_code < 300
    assert (again.status_code, told(again)) == (first.status_code, told(first))
    assert again.headers["content-type"] == first.headers["content-type"]
    assert (REPLAYED in first.headers, REPLAYED in again.headers) == (False, True)
    assert log_position(bank) == reached
    other = bank.ask(method, path, role, json={"another": "request"}, headers=key)
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/Idempotency-Key")


def test_the_description_offers_the_key_on_every_post_of_somebody_known(bank: House) -> None:
    paths = bank.ask("GET", "/openapi.json").json()["paths"]
    offered = {
        path
        for path, methods in paths.items()
        if "Idempotency-Key" in {each["name"] for each in methods.get("post", {}).get("parameters", ())}
    }
    assert offered == {path for path, methods in paths.items() if "post" in methods} - set(OPEN_PATHS)
    assert len(offered) > 5


def line(bank: House, reference: str) -> dict[str, Any]:
    return {"source": "crm", "external_ref": reference, "rm": "r1", "kind": "visit", "occurred_on": str(bank.today)}


def record(bank: House, body: object, key: str, role: str = "system") -> httpx.Response:
    return bank.ask("POST", "/v1/actions", role, json=body, headers={"Idempotency-Key": key})


def test_of_two_at_once_the_second_is_told_to_come_again(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = Event(), Event()
    insert = type(bank.office.bank.log).insert_new

    def slowly(*given: Any) -> Any:
        begun.set()
        assert go_on.wait(20)
        return insert(*given)

    monkeypatch.setattr(type(bank.office.bank.log), "insert_new", slowly)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(record, bank, line(bank, "at-once"), "at-once")
        assert begun.wait(20)
        second = record(bank, line(bank, "at-once"), "at-once")
        go_on.set()
        assert first.result().status_code == 201
    assert (second.status_code, second.headers["retry-after"]) == (409, "1")
    assert record(bank, line(bank, "at-once"), "at-once").json() == first.result().json()


def test_a_failure_of_the_server_is_no_answer_to_keep(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise Busy("locked")

    monkeypatch.setattr(type(bank.office.bank.log), "insert_new", busy)
    assert record(bank, line(bank, "busy"), "busy").status_code == 503
    monkeypatch.undo()
    assert record(bank, line(bank, "busy"), "busy").status_code == 201


def test_a_refused_request_may_be_mended_under_its_key(bank: House) -> None:
    assert record(bank, line(bank, "mended") | {"quantity": "-1"}, "mended").status_code == 422
    assert record(bank, line(bank, "mended"), "mended").status_code == 201


def test_a_key_belongs_to_who_sent_it(bank: House) -> None:
    visit = {"kind": "visit", "occurred_on": str(bank.today)}
    assert record(bank, line(bank, "somebodys"), "somebodys").status_code == 201
    assert record(bank, visit, "somebodys", "rm").status_code == 201


@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "a\tb"])
def test_a_key_that_is_none_is_refused_at_every_post(bank: House, key: str) -> None:
    answer = bank.ask("POST", "/v1/read-model:rebuild", "admin", headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/Idempotency-Key")


def test_nobody_known_is_told_so_whatever_the_key(bank: House) -> None:
    answer = bank.ask("POST", "/v1/actions", json={}, headers={"Idempotency-Key": "nobodys"})
    assert answer.status_code == 401


def test_a_server_that_died_over_a_request_keeps_its_key_for_half_a_minute(bank: House) -> None:
    """The event stands, its answer was never kept: the one who asks again learns that it is a duplicate."""
    clock = [1_000_000.0]
    keys = IdempotencyKeys(bank.office.bank, lambda: clock[0])
    keys.claim("system crm", "died", "the request")
    with pytest.raises(Problem) as told:
        keys.claim("system crm", "died", "the request")
    assert told.value.body.status == 409
    clock[0] += CLAIM_SECONDS
    assert isinstance(keys.claim("system crm", "died", "the request"), int)


@pytest.mark.parametrize("late", ["keep", "free"])
def test_a_claim_that_was_taken_over_is_no_longer_the_first_ones_to_keep_or_free(bank: House, late: str) -> None:
    clock, first_answer = [2_000_000.0], KeptAnswer(201, "application/json", "the first")
    keys = IdempotencyKeys(bank.office.bank, lambda: clock[0])
    first = keys.claim("system crm", late, "the request")
    clock[0] += CLAIM_SECONDS
    second = keys.claim("system crm", late, "the request")
    assert isinstance(first, int)
    assert isinstance(second, int)
    if late == "keep":
        keys.keep("system crm", late, first, first_answer)
    else:
        keys.free("system crm", late, first)
    with pytest.raises(Problem) as told:  # the second one still is at it
        keys.claim("system crm", late, "the request")
    assert told.value.body.status == 409
    keys.keep("system crm", late, second, KeptAnswer(200, "application/json", "the second"))
    keys.free("system crm", late, second)
    assert keys.claim("system crm", late, "the request") == KeptAnswer(200, "application/json", "the second")


def test_two_keys_with_one_request_are_refused(bank: House) -> None:
    keys = [("Idempotency-Key", "one"), ("Idempotency-Key", "two")]
    headers = [("Authorization", f"Bearer {bank.tokens['system']}"), *keys]
    with httpx.Client(transport=bank.transport, base_url=HERE) as http:
        answer = http.post("/v1/actions", headers=headers, json=line(bank, "two-keys"))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/Idempotency-Key")
    assert "one key" in answer.json()["errors"][0]["detail"]


def test_the_client_waits_for_the_answer_of_the_same_request_that_is_being_done() -> None:
    given = iter([(409, {"Retry-After": "0"}), (409, {"Retry-After": "0"}), (201, {})])
    receipt = {"action_id": "action:log:x", "position": 7, "outcome": "accepted"}
    doing = {"title": "Conflict", "status": 409, "detail": "this very request is being done: ask again"}

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Idempotency-Key"] == "mine"
        status, headers = next(given)
        return httpx.Response(status, headers=headers, json=receipt if status == 201 else doing)

    with Client(HERE, token="t", transport=httpx.MockTransport(answer)) as client:
        assert client.record_action(kind="visit", idempotency_key="mine").position == 7


def test_answers_are_kept_for_two_days_and_then_swept(tmp_path: Any) -> None:
    clock, bank = [1_000_000.0], open_bank(tmp_path)
    keys, kept = IdempotencyKeys(bank, lambda: clock[0]), KeptAnswer(201, "application/json", "{}")
    claim = keys.claim("hr boss", "old", "a")
    assert isinstance(claim, int)
    keys.keep("hr boss", "old", claim, kept)
    clock[0] += KEPT_SECONDS
    assert keys.claim("hr boss", "old", "a") == kept
    clock[0] += 1
    keys.claim("hr boss", "new", "b")
    with bank.log.reading() as cursor:
        cursor.execute("SELECT idempotency_key FROM idempotency_keys")
        assert [key for (key,) in cursor.fetchall()] == ["new"]
    bank.close()
