"""Errors: what is wrong, where, and what would be right; never what was sent, never an exception's words."""

import json
from typing import Any

import pytest

from api.app import ROUTES
from api.http.actions import ActionBody
from api.problems import known_fields, of_refusals
from api.settings import COOKIE
from domain.log import Busy, DiskFull, Unreachable
from domain.refusal import Refusal
from tests.api.house import HERE, House
from tests.api.test_idempotency import OF_A_SESSION, POSTS, asker_for
from tests.api.test_permissions import about

CANARY = "canary-7f3a"
ENTRIES: dict[str, tuple[str, str, Any]] = {
    "an unknown path": ("GET", f"/v1/{CANARY}", None),
    "a path parameter": ("GET", f"/v1/grades/{CANARY}", None),
    "a query parameter": ("GET", f"/v1/leaderboards/2026Q3?by={CANARY}", None),
    "an unknown parameter": ("GET", f"/v1/units?{CANARY}=1", None),
    "a time": ("GET", f"/v1/grades/2026Q3?as_of={CANARY}", None),
    "a scope": ("GET", f"/v1/grades/2026Q3?scope={CANARY}", None),
    "an rm": ("GET", f"/v1/rms/{CANARY}/scorecards/2026Q3", None),
    "a date": ("GET", f"/v1/schemes/a/{CANARY}", None),
    "a field": ("POST", "/v1/actions", {"source": "crm", "external_ref": "X", "kind": CANARY, "rm": CANARY}),
    "an unknown field": ("POST", "/v1/actions", {CANARY: CANARY}),
    "a field of a wrong type": ("POST", "/v1/actions", {"source": "crm", "note": [CANARY]}),
    "a body of a wrong type": ("POST", "/v1/actions", CANARY),
    "a batch's unknown field": ("POST", "/v1/actions:batch", [{"source": "crm", "external_ref": "X", CANARY: CANARY}]),
    "a batch's line": ("POST", "/v1/actions:batch", [CANARY]),
    "a reason": ("POST", "/v1/actions/crm:none/void", {"reason": CANARY, CANARY: 1}),
}
ROLES = ("rm", "supervisor", "system", "admin", "auditor", "hr")


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_problem_never_repeats_what_was_sent(bank: House, entry: str) -> None:
    method, path, body = ENTRIES[entry]
    for role in ROLES:
        answer = bank.ask(method, path, role, json=body)
        assert CANARY not in answer.text + str(answer.headers)
        assert answer.status_code < 500


@pytest.mark.parametrize("operation", [*POSTS, *OF_A_SESSION])
def test_half_a_character_in_any_field_of_any_body_is_no_failure_of_the_server(bank: House, operation: str) -> None:
    """JSON can say it (`\\ud800`), UTF-8 and the stores can't."""
    of_a_session = operation in OF_A_SESSION
    role, rm = ("rm", "r1") if of_a_session else asker_for(operation)
    method, path, told_body, _ = about(rm, operation, bank)
    body: Any = told_body or {}
    headers = {"Cookie": f"{COOKIE}={bank.session()}", "Origin": HERE} if of_a_session else {}
    for n, field in enumerate(fields_of_body(operation)):
        value = ["\ud800aaaaaaaaa"] if field == "actions" else "\ud800aaaaaaaaa"
        sent: Any = [{**body[0], field: value}] if isinstance(body, list) else {**body, field: value}
        for key in ({}, {"Idempotency-Key": f"half-{operation}-{n}"}):
            asked = headers | key | {"Content-Type": "application/json"}
            answer = bank.ask(method, path, None if of_a_session else role, content=json.dumps(sent), headers=asked)
            told = answer.json()
            assert told.get("results", [told])[0]["status"] in (403, 404, 422), field


def fields_of_body(operation: str) -> list[str]:
    route = next(route for route in ROUTES if route.name == operation)
    taken = [each.field_info.annotation for each in route.dependant.body_params]
    named = [name for each in taken for name in known_fields(each)]
    if operation == "record_actions":
        named = [*ActionBody.model_fields]
    return [*named, "\ud800"] if named else []


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("21.09.2026", "write a date as YYYY-MM-DD"),
        ("2026/9/21", "write a date as YYYY-MM-DD"),
        ("2026-02-30", "write a date that exists as YYYY-MM-DD"),
    ],
)
def test_a_date_is_told_its_form_or_that_there_is_no_such_day_wherever_it_is_sent(
    bank: House, day: str, told: str
) -> None:
    line = {"source": "crm", "external_ref": "D1", "rm": "r1", "kind": "visit", "occurred_on": day}
    sent = (
        bank.ask("POST", "/v1/actions", "system", json=line),
        bank.ask("POST", "/v1/rms/r1/absences", "admin", json={"from_day": day, "to_day": "2026-03-02"}),
    )
    assert [[fault["detail"] for fault in answer.json()["errors"]] for answer in sent] == [[told], [told]]


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/v1/leaderboards/2026Q5", b"", 422),
        ("GET", "/v1/nothing", b"", 404),
        ("GET", "/v1", b"", 404),
        ("DELETE", "/v1/units", b"", 405),
        ("POST", "/v1/actions", b"{not json", 422),
        ("POST", "/v1/actions", b"\xff\xfe", 422),
        ("POST", "/v1/actions", b"[" * 5_000, 400),
        ("POST", "/v1/actions:batch", b"[" + b" " * 5_000_000 + b"]", 413),
    ],
)
def test_every_error_is_a_problem_with_its_remedy(
    bank: House, method: str, path: str, content: bytes, status: int
) -> None:
    answer = bank.ask(method, path, "system", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_body_that_does_not_say_its_length_has_bounds_too(bank: House) -> None:
    pieces = (b" " * 1_000_000 for _ in range(6))
    answer = bank.ask("POST", "/v1/actions:batch", "system", content=pieces)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_a_path_that_takes_another_method_says_which(bank: House) -> None:
    assert bank.ask("DELETE", "/v1/units", "admin").headers["allow"] == "GET"


def test_a_field_of_a_wrong_type_is_named_by_a_json_pointer(bank: House) -> None:
    problem = bank.ask("POST", "/v1/actions", "system", json={"note": [1]}).json()
    assert problem["errors"] == [{"pointer": "/note", "detail": "write a text"}]


def test_a_parameter_out_of_bounds_is_named_with_its_bound(bank: House) -> None:
    problem = bank.ask("GET", "/v1/actions?limit=0", "admin").json()
    assert problem["errors"] == [{"pointer": "/limit", "detail": "write a number of at least 1"}]


def test_an_unknown_parameter_is_refused_and_the_known_ones_are_told(bank: House) -> None:
    answer = bank.ask("GET", f"/v1/grades/{bank.quarter}?scop=east", "admin")
    assert answer.status_code == 422
    assert "scope" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal("malformed", "quantity", "write a number"), 422),
        (Refusal("unknown", "rm", "name an RM"), 422),
        (Refusal("not-allowed", "kind", "name another kind"), 422),
        (Refusal("not-allowed", "", "ask a second person"), 403),
        (Refusal("not-found", "", "name an action"), 404),
        (Refusal("conflict", "external_ref", "give another"), 409),
        (Refusal("stale", "", "look again"), 409),
        (Refusal("busy", "", "try again"), 503),
    ],
)
def test_each_kind_of_refusal_has_its_status(refusal: Refusal, status: int) -> None:
    problem = of_refusals([refusal])
    assert problem.body.status == status
    assert problem.body.errors[0].pointer == (f"/{refusal.field}" if refusal.field else "")
    assert ("Retry-After" in problem.headers) == (status == 503)


@pytest.mark.parametrize(
    ("fault", "status", "waits"),
    [(Busy("locked"), 503, "1"), (Unreachable("down"), 503, "5"), (DiskFull("no room"), 507, None)],
)
def test_a_store_that_can_not_be_written_is_told_as_what_it_is(
    bank: House, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, waits: str | None
) -> None:
    def unwritten(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(type(bank.office.bank.log), "insert_new", unwritten)
    line = {
        "source": "crm",
        "external_ref": f"unwritten-{status}-{waits}",
        "rm": "r1",
        "kind": "visit",
        "occurred_on": str(bank.today),
    }
    answer = bank.ask("POST", "/v1/actions", "system", json=line)
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, waits)
    assert answer.headers["content-type"] == "application/problem+json"
    monkeypatch.undo()
    assert bank.ask("POST", "/v1/actions", "system", json=line).status_code == 201


def test_a_defect_of_ours_tells_the_asker_nothing_of_it(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(type(bank.office.read_model), "units", lambda self: broken())
    answer = bank.ask("GET", "/v1/units", "admin")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert CANARY not in json.dumps(answer.json())


def test_an_unknown_field_is_told_once_and_which_are_known(bank: House) -> None:
    sent = {"from": "2026-03-02", "to": "2026-03-02"}
    told = bank.ask("POST", "/v1/rms/r1/absences", "admin", json=sent).json()["errors"]
    assert [fault for fault in told if not fault["pointer"]] == [
        {"pointer": "", "detail": "leave out unknown fields: known are from_day, to_day"}
    ]
