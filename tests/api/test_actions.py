"""Recording through the API: one action or many, by a person or a bank's system, and what becomes of each."""

from itertools import count
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.house import House

_numbers = count(1)


@pytest.fixture
def bank(either_bank: House) -> House:
    return either_bank


def delivered(house: House, **changes: Any) -> dict[str, Any]:
    """A card as the bank's system delivers it, under a reference of its own."""
    line = {"source": "crm", "external_ref": f"A{next(_numbers)}", "rm": "r1", "kind": "card", "quantity": "2"}
    return line | {"occurred_on": str(house.today)} | changes


def logged(house: House, **changes: Any) -> dict[str, Any]:
    """A visit as a person writes it down."""
    return {"kind": "visit", "occurred_on": str(house.today)} | changes


def pointers(answer: Any) -> list[str]:
    return [fault["pointer"] for fault in answer["errors"]]


def test_a_new_action_is_201_a_repeated_one_200_and_other_content_409(bank: House) -> None:
    line = delivered(bank)
    answers = [
        bank.ask("POST", "/v1/actions", "system", json=line | change)
        for change in ({}, {"quantity": "2.00", "note": "told twice"}, {"quantity": "3"})
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 409]
    new, again, other = (answer.json() for answer in answers)
    assert new["action_id"] == again["action_id"] == f"action:crm:{line['external_ref']}"
    assert new["position"] == again["position"] > 0
    assert (new["outcome"], again["outcome"], pointers(other)) == ("accepted", "duplicate", ["/external_ref"])


def test_every_field_at_fault_is_named_with_what_would_be_right(bank: House) -> None:
    line = delivered(bank, quantity="1,200.00", amount="12.345", occurred_on="2026-02-30", external_ref="a/b")
    answer = bank.ask("POST", "/v1/actions", "system", json=line)
    assert answer.status_code == 422
    assert {"/external_ref", "/quantity", "/amount"} <= set(pointers(answer.json()))
    assert all(fault["detail"] for fault in answer.json()["errors"])


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "dancing"), ("rm", "nobody"), ("occurred_on", "2126-01-01"), ("quantity", "NaN"), ("quantity", [1])],
)
def test_one_field_at_fault_is_one_pointer(bank: House, field: str, value: object) -> None:
    answer = bank.ask("POST", "/v1/actions", "system", json=delivered(bank, **{field: value}))
    assert (answer.status_code, pointers(answer.json())) == (422, [f"/{field}"])


def test_a_number_is_taken_like_its_text(bank: House) -> None:
    assert bank.ask("POST", "/v1/actions", "system", json=delivered(bank, quantity=3)).status_code == 201


def test_a_person_records_for_themselves_under_the_servers_reference(bank: House) -> None:
    answer = bank.ask("POST", "/v1/actions", "rm", json=logged(bank, note="quarterly talk"))
    assert answer.status_code == 201
    bank.caught_up()
    action = bank.ask("GET", f"/v1/actions/{quote(answer.json()['action_id'])}", "rm").json()
    assert (action["rm"], action["state"], action["recorded_by"]) == ("r1", "recorded", "r1")
    assert action["action_id"].startswith("action:log:")


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [("source", "crm", 422), ("external_ref", "mine", 422), ("rm", "r2", 403), ("kind", "deposit", 422)],
)
def test_a_person_can_take_neither_a_source_nor_a_reference_nor_anothers_name_nor_a_fed_kind(
    bank: House, field: str, value: str, status: int
) -> None:
    answer = bank.ask("POST", "/v1/actions", "rm", json=logged(bank, **{field: value}))
    assert (answer.status_code, pointers(answer.json())) == (status, [f"/{field}"])


def test_a_person_may_say_what_the_server_would_fill_in(bank: House) -> None:
    assert bank.ask("POST", "/v1/actions", "rm", json=logged(bank, source="log", rm="r1")).status_code == 201


@pytest.mark.parametrize("source", ["core", "log", None])
def test_a_system_writes_with_its_own_sources_only(bank: House, source: str | None) -> None:
    answer = bank.ask("POST", "/v1/actions", "system", json=delivered(bank, source=source))
    assert (answer.status_code, pointers(answer.json())) == (403, ["/source"])


def test_the_same_idempotency_key_records_once(bank: House) -> None:
    key = {"Idempotency-Key": "double-click"}
    answers = [bank.ask("POST", "/v1/actions", "rm", json=logged(bank), headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


def test_without_a_key_two_visits_of_a_day_are_two(bank: House) -> None:
    ids = {bank.ask("POST", "/v1/actions", "rm", json=logged(bank)).json()["action_id"] for _ in range(2)}
    assert len(ids) == 2


def test_a_batch_answers_line_by_line(bank: House) -> None:
    good = delivered(bank)
    lines = [good, good, good | {"quantity": "9"}, delivered(bank, kind="dancing"), delivered(bank, source="core"), {}]
    answer = bank.ask("POST", "/v1/actions:batch", "system", json=lines)
    told = answer.json()
    assert answer.status_code == 200
    assert [line["status"] for line in told["results"]] == [201, 200, 409, 422, 403, 403]
    assert [line["line"] for line in told["results"]] == [1, 2, 3, 4, 5, 6]
    assert (told["accepted"], told["duplicates"], told["rejected"]) == (1, 1, 4)
    assert told["position"] == told["results"][0]["position"]
    assert pointers(told["results"][3]) == ["/kind"]


def test_a_batch_of_a_person_carries_its_key_line_by_line(bank: House) -> None:
    key, lines = {"Idempotency-Key": "a-day"}, [logged(bank), logged(bank, kind="call")]
    told = bank.ask("POST", "/v1/actions:batch", "rm", json=lines, headers=key).json()
    with bank.office.bank.transaction() as cursor:
        cursor.execute("DELETE FROM idempotency_keys")  # as if the answer had never been kept
    again = bank.ask("POST", "/v1/actions:batch", "rm", json=lines, headers=key).json()
    assert [(each["accepted"], each["duplicates"]) for each in (told, again)] == [(2, 0), (0, 2)]


def test_a_batch_takes_a_thousand_lines_and_not_one_more(bank: House) -> None:
    lines = [delivered(bank, kind="call") for _ in range(1_001)]
    assert bank.ask("POST", "/v1/actions:batch", "system", json=lines).status_code == 422
    assert bank.ask("POST", "/v1/actions:batch", "system", json=lines[:1_000]).json()["accepted"] == 1_000
    assert bank.ask("POST", "/v1/actions:batch", "system", json=[]).json() == {
        "accepted": 0, "duplicates": 0, "rejected": 0, "results": [],
        "position": bank.office.read_model.progress().log_position,
    }  # fmt: skip


def test_who_recorded_an_action_can_not_verify_it(own_bank: House) -> None:
    identity = own_bank.office.identity
    token = identity.create_token("r3", "rm")
    path = f"/v1/actions/{own_bank.visit('r1', by='the-supervisor')}/verify"
    assert own_bank.ask("POST", path, "supervisor").status_code == 403
    assert own_bank.ask("POST", path, headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_a_supervisor_who_is_an_rm_too_verifies_no_action_of_their_own(own_bank: House) -> None:
    secret = own_bank.session("boss", "supervisor", "r1")
    cookie = {"Cookie": f"appraise_session={secret}", "Origin": "http://bank.test"}
    statuses = [
        own_bank.ask("POST", f"/v1/actions/{own_bank.visit(rm)}/verify", headers=cookie).status_code
        for rm in ("r1", "r2")
    ]
    assert statuses == [403, 200]


def test_an_rm_voids_an_own_action_only_while_nobody_has_decided_on_it(bank: House) -> None:
    waiting, verified = bank.visit(by="r1"), bank.visit(by="r1")
    assert bank.ask("POST", f"/v1/actions/{verified}/verify", "supervisor").status_code == 200
    statuses = [
        bank.ask("POST", f"/v1/actions/{each}/void", "rm", json={"reason": "typed twice"}).status_code
        for each in (waiting, verified)
    ]
    assert statuses == [200, 409]
    assert bank.ask("POST", f"/v1/actions/{verified}/void", "supervisor", json={"reason": "x"}).status_code == 200


def test_a_decision_that_comes_too_late_is_told_so_and_who_came_before(bank: House) -> None:
    action = bank.visit()
    first, late = [bank.ask("POST", f"/v1/actions/{action}/verify", "supervisor") for _ in range(2)]
    assert (first.status_code, late.status_code) == (200, 409)
    assert late.json()["detail"].endswith("the-supervisor verified this action")


def decide(house: House, actions: list[str], **told: object) -> Any:
    """What a supervisor is answered who decides on many."""
    return house.ask("POST", "/v1/actions:decide", "supervisor", json={"decision": "verify", "actions": actions} | told)


@pytest.mark.parametrize(("decision", "told"), [("verify", {}), ("reject", {"reason": "nobody saw it"})])
def test_of_many_each_is_answered_as_it_would_be_alone(bank: House, decision: str, told: dict[str, str]) -> None:
    def made() -> list[str]:
        decided = bank.visit()
        assert bank.ask("POST", f"/v1/actions/{decided}/verify", "supervisor").status_code == 200
        twice = bank.visit()
        own, elsewhere = bank.visit(by="the-supervisor"), bank.visit("r2")
        return [bank.visit(), decided, own, elsewhere, "crm:none", "not one", f"action:{bank.visit()}", twice, twice]

    alone = [
        bank.ask("POST", f"/v1/actions/{quote(each, safe='')}/{decision}", "supervisor", json=told) for each in made()
    ]
    many = decide(bank, made(), decision=decision, **told).json()
    statuses = [line["status"] for line in many["results"]]
    assert statuses == [answer.status_code for answer in alone] == [200, 409, 403, 403, 403, 422, 200, 200, 409]
    said = {line["line"]: line["errors"][0]["detail"] for line in many["results"] if line["errors"]}
    assert {n: alone[n - 1].json()["detail"] for n in (2, 3, 4, 5, 9)} == {n: said[n] for n in (2, 3, 4, 5, 9)}
    assert (many["accepted"], many["duplicates"], many["rejected"]) == (3, 0, 6)
    assert many["position"] == many["results"][7]["position"] > many["results"][0]["position"]


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"decision": "reject"}, "/reason"),
        ({"decision": "reject", "reason": "  "}, "/reason"),
        ({"decision": "reject", "reason": "x" * 501}, "/reason"),
        ({"reason": "looks right"}, "/reason"),
        ({"decision": "void"}, "/decision"),
        ({"action": "crm:one"}, ""),
    ],
)
def test_many_are_decided_as_one_word_says_and_a_rejection_with_its_reason(
    bank: House, told: dict[str, object], pointer: str
) -> None:
    action = bank.visit()
    answer = decide(bank, [action], **told)
    assert (answer.status_code, pointers(answer.json())) == (422, [pointer])
    assert bank.ask("GET", f"/v1/actions/{action}", "supervisor").json()["state"] == "recorded"


def test_many_are_decided_a_thousand_at_once_and_not_one_more(bank: House) -> None:
    lines = [delivered(bank, kind="visit") for _ in range(1_000)]
    bank.ask("POST", "/v1/actions:batch", "system", json=lines)
    actions = [f"crm:{line['external_ref']}" for line in lines]
    assert decide(bank, [*actions, "crm:none"]).status_code == 422
    assert decide(bank, actions).json()["accepted"] == 1_000
    told = decide(bank, []).json()
    assert (told["accepted"], told["results"]) == (0, [])


def test_an_action_bears_one_name_whether_or_not_its_stream_is_said(bank: House) -> None:
    action = bank.visit()
    answers = [
        bank.ask("GET", f"/v1/actions/{quote(name, safe='')}", "auditor") for name in (action, f"action:{action}")
    ]
    assert [answer.json()["action_id"] for answer in answers] == [f"action:{action}"] * 2


def test_an_action_that_nobody_recorded_is_not_found_by_who_reaches_all(bank: House) -> None:
    paths = ("/v1/actions/crm:none", "/v1/actions/crm:none/verify")
    assert bank.ask("GET", paths[0], "auditor").status_code == 404
    assert bank.ask("GET", paths[0], "rm").status_code == 403  # who reaches some isn't told which others there are
    assert bank.ask("POST", paths[1], "supervisor").status_code == 403


def test_a_system_reads_what_its_sources_delivered_and_nothing_else(bank: House) -> None:
    own = bank.ask("POST", "/v1/actions", "rm", json=logged(bank)).json()["action_id"]
    assert bank.ask("GET", f"/v1/actions/{bank.visit()}", "system").status_code == 200
    assert bank.ask("GET", f"/v1/actions/{own}", "system").status_code == 403
    assert bank.ask("GET", "/v1/actions/crm:none", "system").status_code == 404


def test_the_list_of_what_waits_comes_page_by_page_newest_first(own_bank: House) -> None:
    made = [f"action:{own_bank.visit()}" for _ in range(5)]
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        query = "state=recorded&limit=2" + (f"&after={after}" if after else "")
        page = own_bank.ask("GET", f"/v1/actions?{query}", "supervisor").json()
        assert page["total"] >= 1
        seen += [action["action_id"] for action in page["actions"]]
        after = page["after"]
    assert seen == made[::-1]


def test_an_entry_of_ones_own_is_corrected_in_one_step_and_once_per_key(bank: House) -> None:
    entered = bank.ask("POST", "/v1/actions", "rm", json=logged(bank, quantity="3")).json()["action_id"]
    path, right = f"/v1/actions/{quote(entered)}/correct", logged(bank, quantity="2")
    key = {"Idempotency-Key": f"correct-{entered}"}
    first, again = (bank.ask("POST", path, "rm", json=right, headers=key) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["action_id"] != entered
    bank.caught_up()
    old, new = (
        bank.ask("GET", f"/v1/actions/{quote(each)}", "rm").json() for each in (entered, first.json()["action_id"])
    )
    assert (old["state"], old["replaced_by"]) == ("voided", new["action_id"])
    assert (new["state"], new["quantity"]) == ("recorded", "2")
    late = bank.ask("POST", path, "rm", json=logged(bank, quantity="5"))
    assert late.status_code == 409
    assert "voided" in late.json()["detail"]


def test_a_correction_that_is_not_right_names_the_field_and_leaves_the_entry(bank: House) -> None:
    entered = bank.ask("POST", "/v1/actions", "rm", json=logged(bank)).json()["action_id"]
    path = f"/v1/actions/{quote(entered)}/correct"
    for wrong, pointer in (
        ({"quantity": "0"}, "/quantity"),
        ({"external_ref": "x"}, "/external_ref"),
        ({"rm": "r2"}, "/rm"),
    ):
        answer = bank.ask("POST", path, "rm", json=logged(bank) | wrong)
        assert (answer.status_code in (403, 422), pointers(answer.json())) == (True, [pointer])
    bank.caught_up()
    assert bank.ask("GET", f"/v1/actions/{quote(entered)}", "rm").json()["state"] == "recorded"
