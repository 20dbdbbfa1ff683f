"""The OpenAPI description holds: whatever is sent, every answer is one that it announces, and never a server error."""

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from starlette.types import Receive, Scope, Send

from api.front_door import API_PATHS
from api.permissions import OPERATIONS, Role
from tests.api.house import House

CHECKS = [content_type_conformance, response_schema_conformance]
EXAMPLES = 15
FEW = {"rebuild": 2, "verify": 2, "sign_in": 5}
"""Operations that take long, by their nature."""
MOST_RIGHTS: tuple[Role, ...] = ("admin", "supervisor", "system", "auditor")


def role_for(operation: str) -> Role:
    """Who gets past the permissions of an operation."""
    return next((role for role in MOST_RIGHTS if role in OPERATIONS[operation].reach), "admin")


@pytest.fixture(scope="session")
def described(bank_on_sqlite: House) -> dict[str, Any]:
    """The operations of the running app's description, by their names."""

    async def without_lifespan(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":  # which the house runs already; the app knows no second one beside it
            await bank_on_sqlite.app(scope, receive, send)

    schema = schemathesis.openapi.from_asgi("/openapi.json", without_lifespan)
    return {operation: schema.find_operation_by_id(operation) for operation in OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_is_sent_every_answer_is_as_described(
    bank: House, described: dict[str, Any], operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.asking.LONGEST_WAIT", 0.01)  # positions that never come are asked for, too
    monkeypatch.setattr("api.http.leaderboards.LASTS", 0)  # no answer goes on for ever

    @given(case=described[operation].as_strategy())
    @settings(
        max_examples=FEW.get(operation, EXAMPLES), suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    def holds(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {bank.tokens[role_for(operation)]}"})
        assert answer.status_code < 500 or "retry-after" in answer.headers
        case.validate_response(answer, checks=CHECKS)

    holds()


def test_the_description_names_each_operation_as_the_permissions_do(bank: House) -> None:
    paths = bank.ask("GET", "/openapi.json").json()["paths"]
    assert {about["operationId"] for methods in paths.values() for about in methods.values()} == OPERATIONS.keys()


def test_every_described_path_is_one_that_the_front_door_leads_to_the_api(bank: House) -> None:
    paths = bank.ask("GET", "/openapi.json").json()["paths"]
    assert {path for path in paths if not path.startswith(tuple(f"{root}" for root in API_PATHS))} == set()


def test_every_read_takes_the_position_to_wait_for(bank: House) -> None:
    paths = bank.ask("GET", "/openapi.json").json()["paths"]
    reads = {path: methods["get"] for path, methods in paths.items() if path.startswith("/v1") and "get" in methods}
    without = [path for path, about in reads.items() if "min_position" not in _parameters(about)]
    assert without == []


def test_a_parameter_that_the_description_does_not_name_is_refused_with_those_that_it_names(bank: House) -> None:
    paths = bank.ask("GET", "/openapi.json").json()["paths"]
    reads = {path: methods["get"] for path, methods in paths.items() if path.startswith("/v1") and "get" in methods}
    for path, about in reads.items():
        answer = bank.ask("GET", re.sub("{.*?}", "2026Q1", path), role_for(about["operationId"]), params={"no": "1"})
        named = {one["name"] for one in about.get("parameters", ()) if one["in"] == "query"}
        said = f"take only these parameters: {', '.join(sorted(named)) or 'none'}"
        assert (answer.status_code, said in answer.text) == (422, True), (path, answer.text)


def _parameters(about: dict[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in about.get("parameters", ())}
