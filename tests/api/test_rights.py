"""Rights that make no sense are given to nobody, and an administrator is always one of the whole bank."""

from collections.abc import Mapping

import pytest

from tests.api.house import House

PASSWORD = "a-good-password"
OF_THE_BANK = "leave it out: an administrator is always one of the whole bank"


def refused(bank: House, path: str, body: Mapping[str, object]) -> dict[str, str]:
    """Which fields are at fault, and what would be right."""
    answer = bank.ask("POST", path, "admin", json=body)
    assert answer.status_code in (409, 422), answer.text
    return {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"]}


def test_no_door_gives_an_administrator_a_unit(own_bank: House) -> None:
    rights = {"role": "admin", "scope": "east"}
    assert own_bank.office.identity.add_user("anna", PASSWORD, "hr") is None
    doors = {
        "/v1/users": {"name": "berta", **rights},
        "/v1/users/anna/role": rights,
        "/v1/tokens": {"subject": "machine", **rights},
    }
    for path, body in doors.items():
        assert refused(own_bank, path, body) == {"/scope": OF_THE_BANK}
    assert [(user.name, user.role) for user in own_bank.office.identity.users()] == [("anna", "hr")]


@pytest.mark.parametrize(
    ("role", "path", "method", "body"),
    [
        ("admin", "/v1/users", "POST", {"name": "friend", "role": "admin"}),
        ("admin", "/v1/users", "GET", None),
        ("admin", "/v1/users/anna/role", "POST", {"role": "admin"}),
        ("admin", "/v1/users/anna/password", "POST", {}),
        ("admin", "/v1/tokens", "POST", {"subject": "machine", "role": "hr"}),
        ("admin", "/v1/account-changes", "GET", None),
        ("auditor", "/v1/account-changes", "GET", None),
    ],
)
def test_who_has_a_unit_reaches_no_account_even_as_an_administrator_of_an_older_version(
    own_bank: House, role: str, path: str, method: str, body: object
) -> None:
    identity = own_bank.office.identity
    assert identity.add_user("anna", PASSWORD, "hr") is None
    assert identity.add_user("boss", PASSWORD, role) is None
    identity._write(("UPDATE users SET scope = 'east' WHERE name = 'boss'", ()))
    cookie = {"Cookie": f"appraise_session={identity.open_session('boss')}", "Origin": "http://bank.test"}
    assert own_bank.ask(method, path, json=body, headers=cookie).status_code == 403
    assert own_bank.ask("GET", "/v1/users", "admin").status_code == 200
    me = own_bank.ask("GET", "/v1/me", headers=cookie).json()
    assert {"add_user", "list_users", "create_token", "list_account_changes"} & set(me["operations"]) == set()


def test_an_administrator_with_a_unit_is_not_the_one_who_is_left(own_bank: House) -> None:
    identity = own_bank.office.identity
    for name in ("boss", "old"):
        assert identity.add_user(name, PASSWORD, "admin") is None
    identity._write(("UPDATE users SET scope = 'east' WHERE name = 'old'", ()))
    assert own_bank.ask("POST", "/v1/users/boss/disable", "admin").status_code == 409
    assert own_bank.ask("POST", "/v1/users/old/disable", "admin").status_code == 200


@pytest.mark.parametrize(
    ("rights", "field"),
    [
        ({"role": "system"}, "/role"),
        ({"role": "hr", "rm": "r1"}, "/rm"),
        ({"role": "auditor", "rm": "r1"}, "/rm"),
        ({"role": "admin", "rm": "r1"}, "/rm"),
        ({"role": "rm", "rm": "r1", "scope": "east"}, "/scope"),
    ],
)
def test_rights_that_make_no_sense_are_refused_to_a_new_user_and_to_one_who_is_there(
    own_bank: House, rights: dict[str, object], field: str
) -> None:
    assert own_bank.office.identity.add_user("anna", PASSWORD, "hr") is None
    assert list(refused(own_bank, "/v1/users", {"name": "berta", **rights})) == [field]
    assert list(refused(own_bank, "/v1/users/anna/role", rights)) == [field]


def test_an_rm_signs_in_by_one_name_and_a_supervisor_may_be_an_rm_too(own_bank: House) -> None:
    def enabled(name: str) -> int:
        return own_bank.ask("POST", f"/v1/users/{name}/enable", "admin").status_code

    identity = own_bank.office.identity
    for name, role, rm in (("anna", "rm", "r1"), ("head", "supervisor", "r1"), ("berta", "rm", "r2")):
        assert identity.add_user(name, PASSWORD, role, rm=rm) is None
    second = {"/rm": "name another relationship manager: this one signs in as anna already"}
    assert refused(own_bank, "/v1/users", {"name": "annie", "role": "rm", "rm": "r1"}) == second
    assert refused(own_bank, "/v1/users/berta/role", {"role": "rm", "rm": "r1"}) == second
    assert own_bank.ask("POST", "/v1/users/anna/role", "admin", json={"role": "rm", "rm": "r1"}).status_code == 200
    assert identity.disable_user("anna") is None
    assert identity.add_user("annie", PASSWORD, "rm", rm="r1") is None
    assert enabled("anna") == 409
    assert identity.disable_user("annie") is None
    assert enabled("anna") == 200


def test_an_rms_machine_has_no_unit(own_bank: House) -> None:
    assert list(refused(own_bank, "/v1/tokens", {"subject": "r1", "role": "rm", "scope": "east"})) == ["/scope"]


def test_a_name_that_differs_by_case_alone_is_taken(own_bank: House) -> None:
    assert own_bank.office.identity.add_user("Anna", PASSWORD, "hr") is None
    taken = {"/name": "choose another name, this one is taken"}
    assert refused(own_bank, "/v1/users", {"name": "aNNA", "role": "hr"}) == taken
