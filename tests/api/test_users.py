"""Users, sessions and tokens by HTTP: what an administrator does, what nobody may, and that no secret is kept."""

import re

import httpx
import pytest

from tests.api.house import HERE, House

PASSWORD = "a-good-password"
LATER = "another-good-password"


def signed_in(bank: House, name: str, password: str) -> str | None:
    return bank.office.identity.sign_in(name, password)


def as_person(bank: House, secret: str, method: str, path: str, **how: object) -> httpx.Response:
    with httpx.Client(transport=bank.transport, base_url=HERE) as http:
        return http.request(method, path, headers={"Cookie": f"appraise_session={secret}", "Origin": HERE}, **how)  # type: ignore[arg-type]


def admin(bank: House, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
    return bank.ask(method, path, "admin", json=body, headers=headers)


@pytest.fixture
def boss(own_bank: House) -> tuple[House, str]:
    """A bank of its own, and the session of its only administrator."""
    assert own_bank.office.identity.add_user("boss", PASSWORD, "admin") is None
    return own_bank, own_bank.office.identity.open_session("boss", "10.0.0.7")


def test_a_password_that_the_server_made_opens_only_the_change_of_it(own_bank: House) -> None:
    made = admin(own_bank, "POST", "/v1/users", {"name": "anna", "role": "rm", "rm": "r1"})
    assert made.status_code == 201
    password = made.json()["password"]
    secret = signed_in(own_bank, "anna", password)
    assert secret
    assert as_person(own_bank, secret, "GET", "/v1/me").json()["must_change_password"] is True
    assert as_person(own_bank, secret, "GET", "/v1/rms").status_code == 403
    changed = {"old_password": password, "password": LATER}
    assert as_person(own_bank, secret, "POST", "/v1/me/password", json=changed).json() == {"ended": 0}
    assert as_person(own_bank, secret, "GET", "/v1/me").json()["must_change_password"] is False
    assert as_person(own_bank, secret, "GET", "/v1/rms").status_code == 200


def test_changing_ones_own_password_asks_for_the_old_one_and_ends_the_other_sessions(
    boss: tuple[House, str],
) -> None:
    bank, here = boss
    elsewhere = bank.office.identity.open_session("boss")
    wrong = as_person(bank, here, "POST", "/v1/me/password", json={"old_password": "guess", "password": LATER})
    assert [error["pointer"] for error in wrong.json()["errors"]] == ["/old_password"]
    body = {"old_password": PASSWORD, "password": LATER}
    assert as_person(bank, here, "POST", "/v1/me/password", json=body).json() == {"ended": 1}
    assert as_person(bank, here, "GET", "/v1/me").status_code == 200
    assert as_person(bank, elsewhere, "GET", "/v1/me").status_code == 401
    assert signed_in(bank, "boss", PASSWORD) is None


def test_who_is_signed_in_may_not_guess_the_old_password_for_long(boss: tuple[House, str]) -> None:
    bank, here = boss
    body = {"old_password": "guess", "password": LATER}
    statuses = [as_person(bank, here, "POST", "/v1/me/password", json=body).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_nobody_locks_out_themselves_or_the_last_administrator(boss: tuple[House, str]) -> None:
    bank, secret = boss
    role = {"role": "hr"}
    assert as_person(bank, secret, "POST", "/v1/users/boss/disable").status_code == 403
    assert as_person(bank, secret, "POST", "/v1/users/boss/role", json=role).status_code == 403
    assert as_person(bank, secret, "POST", "/v1/users/boss/password", json={}).status_code == 403
    assert admin(bank, "POST", "/v1/users/boss/disable").status_code == 409
    assert admin(bank, "POST", "/v1/users/boss/role", role).status_code == 409
    assert bank.office.identity.add_user("second", PASSWORD, "admin") is None
    assert admin(bank, "POST", "/v1/users/boss/role", role).json()["role"] == "hr"
    assert admin(bank, "POST", "/v1/users/second/disable").status_code == 409


def test_a_disabled_user_is_out_at_once_and_comes_back_when_enabled(boss: tuple[House, str]) -> None:
    bank, _ = boss
    assert bank.office.identity.add_user("anna", PASSWORD, "hr") is None
    secret = signed_in(bank, "anna", PASSWORD)
    assert secret
    assert admin(bank, "POST", "/v1/users/anna/disable").json()["disabled"] is True
    assert as_person(bank, secret, "GET", "/v1/me").status_code == 401
    assert admin(bank, "POST", "/v1/users/anna/enable").json()["disabled"] is False
    assert as_person(bank, secret, "GET", "/v1/me").status_code == 401
    assert signed_in(bank, "anna", PASSWORD)


def test_another_role_holds_from_the_next_request_on(boss: tuple[House, str]) -> None:
    bank, _ = boss
    assert bank.office.identity.add_user("anna", PASSWORD, "hr") is None
    secret = bank.office.identity.open_session("anna")
    assert as_person(bank, secret, "GET", "/v1/events").status_code == 403
    changed = admin(bank, "POST", "/v1/users/anna/role", {"role": "auditor", "scope": "east"}).json()
    assert (changed["role"], changed["scope_name"]) == ("auditor", "East")
    assert as_person(bank, secret, "GET", "/v1/events?rm=r1").status_code == 200
    refused = admin(bank, "POST", "/v1/users/anna/role", {"role": "rm"}).json()
    assert [error["pointer"] for error in refused["errors"]] == ["/rm"]


def test_sessions_tell_since_when_and_from_where_and_end_one_by_one_or_all(boss: tuple[House, str]) -> None:
    bank, secret = boss
    assert bank.office.identity.add_user("anna", PASSWORD, "hr") is None
    bank.office.identity.open_session("anna", "10.0.0.8")
    bank.office.identity.open_session("anna")
    found = admin(bank, "GET", "/v1/sessions?name=anna").json()
    assert {one["address"] for one in found} == {"10.0.0.8", None}
    assert admin(bank, "POST", f"/v1/sessions/{found[0]['session']}/end").json() == {"ended": 1}
    assert admin(bank, "POST", f"/v1/sessions/{found[0]['session']}/end").status_code == 404
    assert admin(bank, "POST", "/v1/users/anna/sessions:end").json() == {"ended": 1}
    (own,) = as_person(bank, secret, "GET", "/v1/me/sessions").json()
    assert (own["here"], own["address"]) == (True, "10.0.0.7")


def test_one_ends_ones_own_sessions_and_nobody_elses(boss: tuple[House, str]) -> None:
    bank, secret = boss
    assert bank.office.identity.add_user("anna", PASSWORD, "hr") is None
    bank.office.identity.open_session("anna")
    bank.office.identity.open_session("boss")
    (of_anna,) = admin(bank, "GET", "/v1/sessions?name=anna").json()
    other = next(one for one in as_person(bank, secret, "GET", "/v1/me/sessions").json() if not one["here"])
    ends = [as_person(bank, secret, "POST", f"/v1/me/sessions/{one['session']}/end") for one in (of_anna, other)]
    assert [answer.status_code for answer in ends] == [404, 200]


def test_users_are_found_by_part_of_their_name_or_rm_a_page_at_a_time(own_bank: House) -> None:
    identity = own_bank.office.identity
    for name in ("anna", "berta", "a_c"):
        assert identity.add_user(name, PASSWORD, "hr") is None
    assert identity.add_user("dora", PASSWORD, "rm", rm="r2") is None

    def names(query: str) -> list[str]:
        return [user["name"] for user in admin(own_bank, "GET", f"/v1/users?{query}").json()["users"]]

    assert names("find=AN") == ["anna"]
    assert names("find=r2") == ["dora"]
    assert names("find=_") == ["a_c"]
    assert names("role=rm") == ["dora"]
    first = admin(own_bank, "GET", "/v1/users?limit=3").json()
    assert [len(first["users"]), names(f"after={first['after']}")] == [3, ["dora"]]


def test_a_token_is_shown_once_works_and_is_revoked(own_bank: House) -> None:
    body = {"subject": "crm", "role": "system", "sources": ["crm"]}
    made = admin(own_bank, "POST", "/v1/tokens", body).json()
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    assert own_bank.ask("GET", "/v1/me", headers=bearer).status_code == 200
    listed = next(one for one in admin(own_bank, "GET", "/v1/tokens").json() if one["token"] == made["token"])
    assert "secret" not in listed
    assert admin(own_bank, "POST", f"/v1/tokens/{made['token']}/revoke").json()["revoked"] is True
    assert own_bank.ask("GET", "/v1/me", headers=bearer).status_code == 401


def test_under_a_key_a_user_is_made_once_and_the_store_keeps_no_secret(own_bank: House) -> None:
    typed = {"name": "anna", "role": "hr", "password": "typed-by-hand"}
    first, again = (admin(own_bank, "POST", "/v1/users", typed, **{"Idempotency-Key": "k1"}) for _ in range(2))
    made, repeated = (
        admin(own_bank, "POST", "/v1/tokens", {"subject": "x", "role": "hr"}, **{"Idempotency-Key": "k2"})
        for _ in range(2)
    )
    assert [first.status_code, again.status_code, made.status_code, repeated.status_code] == [201] * 4
    assert (made.json()["token"], repeated.json()["secret"]) == (repeated.json()["token"], None)
    reset = admin(own_bank, "POST", "/v1/users/anna/password", {}, **{"Idempotency-Key": "k3"}).json()["password"]
    folder = own_bank.office.follower.path.parent
    stored = b"".join(path.read_bytes() for path in folder.glob("bank.sqlite*"))
    assert [text for text in ("typed-by-hand", made.json()["secret"], reset) if text.encode() in stored] == []


def test_who_did_what_to_whom_is_told_to_administrators_and_auditors(own_bank: House) -> None:
    admin(own_bank, "POST", "/v1/users", {"name": "anna", "role": "hr", "scope": "east", "password": PASSWORD})
    admin(own_bank, "POST", "/v1/users/anna/disable")
    own_bank.office.identity.enable_user("anna")
    for role in ("admin", "auditor"):
        told = own_bank.ask("GET", "/v1/account-changes?limit=3", role).json()
        assert [(one["changed_by"], one["change"]) for one in told] == [
            ("cli", "user-enabled"), ("the-admin", "user-disabled"), ("the-admin", "user-added"),
        ]  # fmt: skip
        assert (told[2]["subject"], told[2]["role"], told[2]["scope"]) == ("anna", "hr", "east")
    rest = own_bank.ask("GET", f"/v1/account-changes?before={told[2]['number']}", "auditor").json()
    assert {one["change"] for one in rest} == {"token-created"}


def test_a_machines_token_is_nobodys_account_though_it_bears_the_name(boss: tuple[House, str]) -> None:
    bank, _ = boss
    secret = bank.office.identity.create_token("boss", "hr")
    answer = bank.ask("GET", "/v1/me/sessions", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 403


def test_a_one_time_password_reads_aloud_and_is_long_enough(own_bank: House) -> None:
    made = {admin(own_bank, "POST", "/v1/users", {"name": f"u{n}", "role": "hr"}).json()["password"] for n in range(3)}
    assert len(made) == 3
    assert all(re.fullmatch("([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", password) for password in made)
