"""Contracts over HTTP: drafted, negotiated, signed by three people, amended; plans and how targets cascade."""

from typing import Any

from tests.api.house import House

TEXT = "/v1/contracts/r1/2030"
SAVINGS = {"quarter": "2030Q1", "indicator": "savings", "target": "1500"}


def ask(bank: House, method: str, path: str, role: str, body: Any = None) -> dict[str, Any]:
    """What somebody is answered, which must be that it was taken in."""
    answer = bank.ask(method, path, role, json=body)
    assert answer.status_code == 200, answer.text
    bank.caught_up()
    told: dict[str, Any] = answer.json()
    return told


def begin(bank: House) -> None:
    ask(bank, "POST", f"{TEXT}/draft", "supervisor")
    ask(bank, "POST", f"{TEXT}/propose", "supervisor", {"targets": [SAVINGS]})


def sign(bank: House, *roles: str) -> None:
    for role in roles:
        digest = ask(bank, "GET", TEXT, role)["digest"]
        ask(bank, "POST", f"{TEXT}/sign", role, {"digest": digest})


def target_of(contract: dict[str, Any], quarter: str = "2030Q1", indicator: str = "savings") -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in contract["lines"] if (one["quarter"], one["indicator"]) == (quarter, indicator)
    )
    return found


def test_a_contract_is_drafted_negotiated_signed_by_three_and_amended(own_bank: House) -> None:
    nothing = ask(own_bank, "GET", TEXT, "rm")
    assert (nothing["state"], nothing["digest"], target_of(nothing)["target"]) == ("none", None, None)
    begin(own_bank)
    ask(own_bank, "POST", f"{TEXT}/propose", "rm", {"targets": [SAVINGS | {"target": "1200"}], "reason": "a new post"})
    sign(own_bank, "rm", "supervisor")
    waiting = ask(own_bank, "GET", "/v1/contracts?year=2030&waiting=true", "approver")
    assert [(one["rm"], one["state"]) for one in waiting["contracts"]] == [("r1", "signing")]
    sign(own_bank, "approver")
    signed = ask(own_bank, "GET", TEXT, "rm")
    assert (signed["state"], target_of(signed)["agreed"]) == ("signed", "1200")
    assert {one["party"] for one in signed["signed"]} == {"rm", "outlet", "department"}
    changed = {"targets": [SAVINGS | {"target": "900"}], "reason": "the outlet is rebuilt"}
    ask(own_bank, "POST", f"{TEXT}/propose", "supervisor", changed)
    amended = ask(own_bank, "GET", TEXT, "rm")
    assert (amended["state"], amended["in_force"], amended["signed"]) == ("draft", True, [])
    assert [one["holds"] for one in amended["history"] if one["party"]] == [False] * 3
    sign(own_bank, "approver", "rm", "supervisor")
    told = target_of(ask(own_bank, "GET", TEXT, "auditor"))
    assert (told["agreed"], told["previous_target"], told["amendment_reason"]) == (
        "900", "1200", "the outlet is rebuilt",
    )  # fmt: skip


def test_the_list_and_the_one_contract_tell_the_same(own_bank: House) -> None:
    begin(own_bank)
    sign(own_bank, "supervisor")
    (listed,) = [
        one for one in ask(own_bank, "GET", "/v1/contracts?year=2030", "supervisor")["contracts"] if one["rm"] == "r1"
    ]
    one = ask(own_bank, "GET", TEXT, "supervisor")
    assert {name: one[name] for name in listed} == listed
    assert listed["signatures"].keys() == {"outlet"}


def test_a_stale_form_signs_nothing(own_bank: House) -> None:
    begin(own_bank)
    digest = ask(own_bank, "GET", TEXT, "rm")["digest"]
    ask(own_bank, "POST", f"{TEXT}/propose", "supervisor", {"targets": [SAVINGS | {"target": "1600"}]})
    assert own_bank.ask("POST", f"{TEXT}/sign", "rm", json={"digest": digest}).status_code == 409
    assert ask(own_bank, "GET", TEXT, "rm")["signed"] == []


def test_many_are_drafted_and_signed_in_one_go_each_with_its_own_result(own_bank: House) -> None:
    told = ask(own_bank, "POST", "/v1/contracts:draft", "supervisor", {"year": 2030, "rms": ["r1", "r3", "r2", "r1"]})
    assert [one["status"] for one in told["results"]] == [200, 200, 403, 200]
    own_bank.office.bank.propose_targets("r1", 2030, [SAVINGS], "lead")
    own_bank.office.bank.propose_targets("r3", 2030, [SAVINGS], "lead")
    own_bank.caught_up()
    rows = ask(own_bank, "GET", "/v1/contracts?year=2030", "supervisor")["contracts"]
    texts = [{"rm": one["rm"], "digest": one["digest"]} for one in rows]
    told = ask(own_bank, "POST", "/v1/contracts:sign", "supervisor", {"year": 2030, "contracts": texts})
    assert (told["accepted"], told["rejected"]) == (2, 0)
    wrong = [text | {"digest": "0" * 64} for text in texts]
    told = ask(own_bank, "POST", "/v1/contracts:sign", "approver", {"year": 2030, "contracts": wrong})
    assert [one["status"] for one in told["results"]] == [409, 409]
    assert all(one["errors"][0]["detail"] for one in told["results"])


def test_a_contract_that_is_named_twice_is_not_signed_by_either_line(own_bank: House) -> None:
    begin(own_bank)
    digest = ask(own_bank, "GET", TEXT, "rm")["digest"]
    twice = [{"rm": "r1", "digest": each} for each in ("0" * 64, digest)]
    told = ask(own_bank, "POST", "/v1/contracts:sign", "supervisor", {"year": 2030, "contracts": twice})
    assert [(one["status"], one["errors"][0]["pointer"]) for one in told["results"]] == [(409, "/rm"), (409, "/rm")]
    own_bank.caught_up()
    assert ask(own_bank, "GET", TEXT, "rm")["signed"] == []


def test_what_a_proposal_lacks_is_told_by_field(own_bank: House) -> None:
    begin(own_bank)
    answer = own_bank.ask("POST", f"{TEXT}/propose", "rm", json={"targets": [SAVINGS | {"target": "0"}]})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/target")
    sign(own_bank, "rm")
    answer = own_bank.ask("POST", f"{TEXT}/propose", "rm", json={"targets": [SAVINGS | {"target": "2"}]})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reason")


def test_a_plan_cascades_and_warns_where_what_lies_below_exceeds_it(own_bank: House) -> None:
    begin(own_bank)
    sign(own_bank, "rm", "supervisor", "approver")
    figure = {"quarter": "2030Q1", "indicator": "savings", "target": "1000"}
    for org, target in (("head", "1000"), ("east", "1400"), ("south", "100")):
        ask(own_bank, "POST", f"/v1/plans/{org}/2030", "hr", {"figures": [figure | {"target": target}]})
    found = ask(own_bank, "GET", "/v1/plans/head/2030", "hr")
    told = [one for one in found["lines"] if (one["quarter"], one["indicator"]) == ("2030Q1", "savings")]
    lines = {one["org"]: one for one in told}
    assert (lines["head"]["children"], lines["head"]["agreed"], lines["head"]["difference"]) == ("1500", "1500", "500")
    assert lines["head"]["warnings"] == ["plans-exceed", "targets-exceed"]
    assert (lines["east"]["people"], lines["east"]["warnings"]) == (1, ["targets-exceed"])
    assert (lines["south"]["agreed"], lines["south"]["warnings"]) == (None, [])


def test_a_units_own_plan_comes_from_above(own_bank: House) -> None:
    figures = {"figures": [{"quarter": "2030Q1", "indicator": "savings", "target": "1000"}]}
    assert own_bank.ask("POST", "/v1/plans/east/2030", "supervisor", json=figures).status_code == 403
    assert ask(own_bank, "GET", "/v1/plans/east/2030", "supervisor")["may_set"] is False
    assert own_bank.ask("GET", "/v1/plans/south/2030", "supervisor").status_code == 403
    assert own_bank.ask("GET", "/v1/plans/nowhere/2030", "hr").status_code == 404
