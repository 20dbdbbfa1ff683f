"""What the OpenAPI description says. That every answer is one that it announces is tested in test_every_route."""

import re
from typing import Any

from api.front_door import API_PATHS
from api.permissions import OPERATIONS, Role
from tests.api.house import House

MOST_RIGHTS: tuple[Role, ...] = ("admin", "supervisor", "system", "auditor")


def role_for(operation: str) -> Role:
    """Who gets past the permissions of an operation."""
    return next((role for role in MOST_RIGHTS if role in OPERATIONS[operation].reach), "admin")


def test_the_description_names_each_operation_as_the_permissions_do(bank: House) -> None:
    paths = bank.ask("GET", "/openapi.json").json()["paths"]
    assert {about["operationId"] for methods in paths.values() for about in methods.values()} == OPERATIONS.keys()


def test_every_described_path_is_one_that_the_front_door_leads_to_the_api(bank: House) -> None:
    paths = bank.ask("GET", "/openapi.json").json()["paths"]
    assert {path for path in paths if not path.startswith(tuple(f"{root}" for root in API_PATHS))} == set()


def test_every_operation_says_in_a_sentence_what_it_does_and_at_more_length_how(bank: House) -> None:
    for about in operations(bank):
        assert about["summary"] == OPERATIONS[about["operationId"]].sentence
        assert about["description"].strip().endswith("."), about["operationId"]


ANNOUNCED = {
    "me": "200 304 401 403 422 503",
    "list_users": "200 401 403 422 503",
    "read_action": "200 304 401 403 404 422 503",
    "record_action": "200 201 400 401 403 408 409 413 422 503 507",
    "verify_action": "200 401 403 404 408 409 413 422 503 507",
    "decide_actions": "200 400 401 403 408 409 413 422 503 507",
    "sign_in": "303 400 401 403 413 422 429 503 507",
    "health_live": "200 503",
}
"""Of some operations, the statuses that they may answer: no route names those of its problems itself."""


def test_every_operation_announces_the_statuses_that_follow_from_what_it_is(bank: House) -> None:
    told = {about["operationId"]: " ".join(about["responses"]) for about in operations(bank)}
    assert {name: told[name] for name in ANNOUNCED} == ANNOUNCED
    assert {name for name, statuses in told.items() if "default" in statuses or "500" in statuses} == set()


def test_what_is_refused_is_announced_as_a_problem(bank: House) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    others = {
        (about["operationId"], status)
        for about in operations(bank)
        for status, answer in about["responses"].items()
        if status >= "400" and answer["content"] != problem
    }
    assert others == {("health_ready", "503"), ("sign_in", "401"), ("sign_in", "429")}  # a state, and a page


def operations(bank: House) -> list[dict[str, Any]]:
    paths = bank.ask("GET", "/openapi.json").json()["paths"]
    return [about for methods in paths.values() for about in methods.values()]


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
