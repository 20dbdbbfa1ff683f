"""The OpenAPI description holds: whatever is sent, every answer is one that it announces, and never a server error."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.openapi.checks import content_type_conformance, response_schema_conformance

from api.front_door import API_PATHS
from api.permissions import OPERATIONS, Role
from tests.api.house import House

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
MOST_RIGHTS: tuple[Role, ...] = ("admin", "supervisor", "system", "auditor")
schema = schemathesis.pytest.from_fixture("described")


@pytest.fixture
def described(bank: House) -> Any:
    """The description of the running app."""
    return schemathesis.openapi.from_asgi("/openapi.json", bank.app)


def role_for(operation: str) -> Role:
    """Who gets past the permissions of an operation."""
    return next((role for role in MOST_RIGHTS if role in OPERATIONS[operation].reach), "admin")


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_whatever_is_sent_every_answer_is_as_described(bank: House, case: schemathesis.Case) -> None:
    role = role_for(case.operation.definition.raw["operationId"])
    answer = case.call(headers={"Authorization": f"Bearer {bank.tokens[role]}"})
    case.validate_response(answer, checks=CHECKS)


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


def _parameters(about: dict[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in about.get("parameters", ())}
