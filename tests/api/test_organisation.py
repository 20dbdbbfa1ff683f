"""GET /v1/organisation: how the units stand, and how far somebody sees."""

from tests.api.house import House


def test_a_supervisor_sees_the_own_unit_and_nothing_beside_it(bank: House) -> None:
    client = bank.client("supervisor")
    assert client.organisation(bank.quarter).scope == "east"
    for unit in ("south", "head"):
        answer = bank.ask("GET", f"/v1/organisation/{bank.quarter}?scope={unit}", "supervisor")
        assert answer.status_code == 403


def test_the_whole_bank_is_asked_where_nobody_names_a_unit(bank: House) -> None:
    found = bank.client("hr").organisation(bank.quarter)
    assert (found.scope, found.unit.people, sorted(row.people for row in found.rows)) == ("head", 3, [1, 2])
    assert {line.indicator for line in found.unit.lines} == {each.indicator for each in found.indicators}


def test_no_more_units_come_than_were_asked_for(bank: House) -> None:
    found = bank.client("auditor").organisation(bank.quarter, limit=1)
    assert (len(found.rows), found.total) == (1, 2)


def test_what_is_no_unit_no_part_and_too_many_is_told(bank: House) -> None:
    for query, field in (("scope=nowhere", "/scope"), ("part=people", "/part"), ("limit=0", "/limit")):
        answer = bank.ask("GET", f"/v1/organisation/{bank.quarter}?{query}", "hr")
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [field]


def test_a_unit_that_was_not_there_then_is_not_found(bank: House) -> None:
    first = bank.office.bank.log.select_first_positions(["org:south"])["org:south"]
    answer = bank.ask("GET", f"/v1/organisation/{bank.quarter}?scope=south&as_of={first - 1}", "hr")
    assert answer.status_code == 404


def test_behind_an_id_stands_the_name_of_an_rm_within_reach_or_the_post_of_somebody_else(own_bank: House) -> None:
    moved = {"rm": "r9", "name": "Person r9", "position": "personal", "org": "south", "joined_on": "2026-01-05"}
    own_bank.office.bank.register_rms([moved | {"supervisor": "head-south"}], "lead")
    assert own_bank.office.identity.add_user("wang", "only-for-this-test", "approver", "east") is None
    own_bank.caught_up()
    found = own_bank.client("supervisor").name_people(["r1", "r2", "wang", "head-south", "nobody"])
    assert [(one.id, one.name, one.role, one.unit) for one in found] == [
        ("r1", "Person r1", None, None),
        ("r2", None, None, None),
        ("wang", None, "approver", "East"),
        ("head-south", None, "supervisor", "South"),
        ("nobody", None, None, None),
    ]
