"""Every route is sent requests, thousands in all, fitting and unfitting, by every role and by nobody known. Whatever is
sent, the answer is one that the OpenAPI description of that route announces, it is never a failure of the server, and
who lacks the right is told that and nothing else.

schemathesis makes the requests from the description alone, the same ones at each run. Where a parameter names something
of the bank, half of the requests name what is there, so that they come past the door. How far those with the right
reach is walked in test_permissions.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from requests import Request
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.permissions import OPERATIONS, ROLES
from api.problems import MEDIA_TYPE
from tests.api.house import HERE, SCHEME, House, house

AS_ANNOUNCED = [status_code_conformance, content_type_conformance, response_schema_conformance]
FITTING, UNFITTING = 6, 3
"""Requests that are made for an operation, of each sort; all who lack the right send each, and two of those who have it
in turn."""
OTHERWISE = {"rebuild": 1, "verify": 1}
"""Of what takes long by its nature fewer are enough."""
WHOLE: dict[str, dict[str, dict[str, str]]] = {"preview_review": {"ratings": {}}}
"""Of what names indicators in its body, a body that fits: chance makes no name of one."""
MANY = 40
"""Requests that are made where none of the few came past the door, as of what asks for targets that fit the scheme."""
KEPT_AT_THE_DOOR = {
    "sign_in": "no made-up password is right; test_sign_in",
    "change_password": "no token has a password; test_users",
    "own_sessions": "no token has sessions; test_users",
    "end_own_session": "no token has sessions; test_users",
    "closed_leaderboard": "no period of this bank is over and closed; test_closings",
    "cast_vote": "this bank's scheme counts no votes; test_reviews",
}
"""Operations of which no request comes as far as an answer about the bank, why, and where they are asked in earnest."""
NOBODY = "nobody"
MAY_FAIL_WITH = (503, 507)
"""What is no defect of the server: it is busy, or its disk is full."""
AT_THE_DOOR = (400, 401, 403, 422, 429)
Send = Callable[[str, Request], httpx.Response]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A bank for these requests alone: they disable its users and send its people on leave."""
    with house(tmp_path_factory.mktemp("fuzzed")) as built:
        yield built


@pytest.fixture(scope="module")
def described(fuzzed: House) -> Any:
    """The description that the app gives of itself, and what of the bank its parameters may name."""
    names = what_is_there(fuzzed)
    config = {
        "dictionaries": {_named(place): {"values": values} for place, values in names.items()},
        "parameters": {place: {"dictionary": _named(place), "probability": often(place)} for place in names},
        "generation": {"with-security-parameters": False},
    }
    told = fuzzed.ask("GET", "/openapi.json").json()
    return schemathesis.openapi.from_dict(told, config=SchemathesisConfig.from_dict(config))


def _named(place: str) -> str:
    return place.replace(".", "-")


def often(place: str) -> float:
    """How often a parameter names what is there: a past is slow to answer for, a body has many fields to be right."""
    if place == "query.as_of":
        return 0.05
    reviewed = ("path.rm", "path.quarter", "header.If-Match")
    return 0.9 if place.startswith("body.") or place in reviewed else 0.5


def what_is_there(bank: House) -> dict[str, list[Any]]:
    """By the place of a parameter, values that name something."""
    rms, units, quarters = ["r1", "r2", "r3"], ["head", "east"], [bank.quarter, "2025Q4"]
    bank.open_reviews()
    actions = [bank.visit("r1", by) for by in ("crm", "r1") for _ in range(4)]
    draft, payable = bank.draft(), bank.released_run().split("/")[-2]
    then = f"{bank.office.read_model.progress().position:09}"
    return {
        "path.rm": ["r1", *rms], "query.rm": rms, "query.around": rms, "body.rm": rms,
        "query.scope": units, "body.scope": units, "query.as_of": [then], "query.min_position": [1],
        "path.quarter": [*quarters, payable, *[bank.over] * 9], "path.period": quarters, "query.quarter": quarters,
        "path.indicator": ["visits"], "query.by": ["score", "points", "visits"],
        "path.scheme": ["anshun-personal-rm", draft.split("/")[3]], "path.effective": ["2026-01-01"],
        "body.text": [SCHEME.read_text(encoding="utf-8")], "body.digest": [bank.digest(draft)],
        "query.old_scheme": ["anshun-personal-rm"], "query.old_effective": ["2026-01-01"],
        "path.position": [1, bank.first_position("r1")],
        "path.action_id": actions,
        "query.source": ["crm"], "body.source": ["crm"], "body.external_ref": ["X1", "X2", "X3"],
        "query.kind": ["visit"], "body.kind": ["visit"], "body.occurred_on": [str(bank.today)],
        "body.quantity": ["1"], "body.amount": ["0"], "body.customer": ["C1"],
        "body.note": ["seen"], "body.reason": ["an error"],
        "body.from_day": [str(bank.today)], "body.to_day": [str(bank.today + timedelta(days=1))],
        "header.If-Match": ['"999999"'], "body.facts_at": [1], "body.held_on": [str(bank.today)],
        "body.inspected_on": [str(bank.today)], "body.inspector": ["desk"], "body.cutoff_on": [str(bank.today)],
        "body.relative": ["newcomer"], "body.delegate": ["newcomer"], "body.person": ["somebody"],
        "path.year": [2030], "query.year": [2030], "body.year": [2030], "path.org": units,
        "body.alias": ["Otter"],
        "path.run": [1], "body.quarter": [payable, bank.finalised()],
        "path.session": [bank.session_of_newcomer()], "path.token": [bank.spare_token()],
        "path.name": ["newcomer"], "query.name": ["newcomer"], "body.name": ["newcomer"], "body.subject": ["machine"],
    }  # fmt: skip


@pytest.fixture
def send(fuzzed: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Send]:
    """How an asker sends a request. The stream of a board, which would go on for ever, ends after its first event: that
    it goes on, and with what, is tested in test_live."""
    monkeypatch.setattr("api.http.leaderboards.LASTS", 0)
    monkeypatch.setattr("api.asking.LONGEST_WAIT", 0.01)  # a position that is to come is waited for
    with httpx.Client(transport=fuzzed.transport, base_url=HERE) as http:

        def sent(asker: str, request: Request) -> httpx.Response:
            made = request.prepare()
            signed = {} if asker == NOBODY else {"Authorization": f"Bearer {fuzzed.tokens[asker]}"}
            assert made.method
            assert made.url
            headers = {name: str(value) for name, value in made.headers.items()}
            body = made.body.encode() if isinstance(made.body, str) else made.body
            assert body is None or isinstance(body, bytes)
            answer = http.request(made.method, made.url, headers=headers | signed, content=body)
            answer.elapsed = timedelta()  # within the process nobody measures it, and schemathesis asks for it
            return answer

        yield sent


@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_is_sent_by_whomever_the_answer_is_as_described(described: Any, send: Send, operation: str) -> None:
    about, number, passed = described.find_operation_by_id(operation), 0, set[int]()

    def ask(mode: GenerationMode, many: int) -> None:
        @given(case=about.as_strategy(generation_mode=mode))
        @settings(max_examples=many, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        def holds(case: Any) -> None:
            nonlocal number
            number += 1
            if mode is GenerationMode.POSITIVE and operation in WHOLE:
                case.body = WHOLE[operation]
            for asker in askers(operation, number):
                passed.add(_told(case, send, operation, asker))

        holds()

    ask(GenerationMode.POSITIVE, OTHERWISE.get(operation, FITTING))
    if takes_something(about):
        ask(GenerationMode.NEGATIVE, OTHERWISE.get(operation, UNFITTING))
    if operation not in KEPT_AT_THE_DOOR and passed <= {*AT_THE_DOOR}:
        ask(GenerationMode.POSITIVE, MANY)  # chance made none that fits the bank
    assert (operation in KEPT_AT_THE_DOOR) == (passed <= {*AT_THE_DOOR})


def takes_something(operation: Any) -> bool:
    """Whether there is anything to get wrong in a request."""
    return bool(operation.definition.raw.get("parameters") or operation.definition.raw.get("requestBody"))


def askers(operation: str, number: int) -> list[str]:
    """Who sends a request: nobody known, all who lack the right, and of those who have it two in turn."""
    having = [role for role in ROLES if may(operation, role)]
    in_turn = {having[(number + other) % len(having)] for other in (0, 1)}
    return [role for role in ROLES if role not in having or role in in_turn] + [NOBODY]


def may(operation: str, asker: str) -> bool:
    """Whether the table of permissions lets somebody do an operation at all."""
    row: Mapping[str, Any] = OPERATIONS[operation].reach  # type: ignore[assignment]
    return OPERATIONS[operation].open or asker in row


def _told(case: Any, send: Send, operation: str, asker: str) -> int:
    """The status that somebody is answered, once everything about the answer is as it should be."""
    answer = send(asker, Request(**case.as_transport_kwargs(base_url=HERE)))
    status, seen = answer.status_code, f"{asker} was answered {answer.status_code}: {answer.text[:300]}"
    assert status < 500 or status in MAY_FAIL_WITH, seen
    assert may(operation, asker) or status == (401 if asker == NOBODY else 403), seen
    if status >= 400 and not answer.headers["content-type"].startswith("text/html"):
        assert answer.headers["content-type"] == MEDIA_TYPE, seen
    case.validate_response(answer, checks=AS_ANNOUNCED)
    return status


def test_what_the_walk_does_not_reach_exists() -> None:
    assert KEPT_AT_THE_DOOR.keys() | OTHERWISE.keys() <= OPERATIONS.keys()
