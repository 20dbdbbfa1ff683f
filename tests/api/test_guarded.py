"""Who may not is told that before anything that they sent is looked at."""

from typing import Any

import pytest
from fastapi.routing import APIRoute

from api.app import V1
from api.guarded import Guarded
from tests.api.house import House

JSON = {"Content-Type": "application/json"}
BROKEN: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a body that is no JSON": ("POST", "/v1/actions", {"content": b"{", "headers": JSON}),
    "a body that is no text": ("POST", "/v1/actions", {"content": b"\xff", "headers": JSON}),
    "a parameter that there is not": ("GET", "/v1/users?no=1", {}),
    "a parameter that is wrong": ("GET", "/v1/users?limit=none", {}),
    "a place in the path that is wrong": ("POST", "/v1/users/no.name/disable", {}),
    "a key that is none": ("POST", "/v1/users/newcomer/disable", {"headers": {"Idempotency-Key": "two words"}}),
}


@pytest.mark.parametrize("what", BROKEN)
def test_who_lacks_the_right_learns_nothing_of_what_else_is_wrong(bank: House, what: str) -> None:
    method, path, how = BROKEN[what]
    assert [bank.ask(method, path, role, **how).status_code for role in (None, "supervisor")] == [401, 403]


def test_a_key_that_was_used_elsewhere_says_nothing_where_the_right_is_lacking(bank: House) -> None:
    key = {"Idempotency-Key": "used-elsewhere"}
    action = bank.visit("r1")
    assert bank.ask("POST", f"/v1/actions/{action}/verify", "supervisor", headers=key).status_code == 200
    assert bank.ask("POST", "/v1/read-model:rebuild", "supervisor", headers=key).status_code == 403


def test_every_route_under_v1_is_one_that_asks_first() -> None:
    routes = [route for router in V1 for route in router.routes]
    assert [route for route in routes if isinstance(route, APIRoute) and not isinstance(route, Guarded)] == []
