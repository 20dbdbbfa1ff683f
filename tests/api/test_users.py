"""Users, sessions and tokens by HTTP: what an administrator does, what nobody may, and that no secret is kept.

Longer than 300 lines because who is let in, changed and let go at which moment is one subject.
"""

import hashlib
import re
from functools import partial

import httpx
import pytest
from anyio import sleep_forever
from anyio.to_thread import run_sync
from starlette.types import Message, Receive, Scope, Send

from api.in_process import InProcessTransport
from domain.fields import OWN_IDS
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


def test_a_password_that_was_given_out_is_not_kept_by_changing_it_to_itself(own_bank: House) -> None:
    password = admin(own_bank, "POST", "/v1/users", {"name": "anna", "role": "hr"}).json()["password"]
    secret = signed_in(own_bank, "anna", password)
    assert secret
    same = {"old_password": password, "password": password}
    refused = as_person(own_bank, secret, "POST", "/v1/me/password", json=same)
    assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (422, ["/password"])
    assert as_person(own_bank, secret, "GET", "/v1/me").json()["must_change_password"] is True


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


@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [
        ({"disable_user": {}}, 401), ({"end_sessions": {}}, 401), ({"change_role": {"role": "auditor"}}, 403),
        ({"set_password": {"password": LATER}}, 401),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)  # fmt: skip
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "begun-before"}], ids=["without a key", "under a key"])
def test_who_is_let_go_while_a_command_is_on_its_way_does_nothing_any_more(
    boss: tuple[House, str], meanwhile: dict[str, dict[str, str]], status: int, key: dict[str, str]
) -> None:
    own_bank, _ = boss
    identity = own_bank.office.identity
    assert identity.add_user("anna", PASSWORD, "admin") is None
    ((change, about),) = meanwhile.items()
    body = {"name": "later", "role": "hr"}

    async def slowly(scope: Scope, receive: Receive, send: Send) -> None:
        async def receiving() -> Message:
            await run_sync(partial(getattr(identity, change), "anna", by="boss", **about))
            return await receive()

        await own_bank.app(scope, receiving, send)

    headers = {"Cookie": f"appraise_session={identity.open_session('anna')}", "Origin": HERE} | key
    with httpx.Client(transport=InProcessTransport(slowly, own_bank.transport.portal), base_url=HERE) as http:
        assert http.post("/v1/users", json=body, headers=headers).status_code == status
    assert identity.user("later") is None


def test_a_body_that_does_not_come_whole_in_time_is_not_waited_for(
    bank: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.once_per_key.SLOWEST_BODY", 0.01)

    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        await bank.app(scope, sleep_forever, send)  # type: ignore[arg-type]

    with httpx.Client(transport=InProcessTransport(never, bank.transport.portal), base_url=HERE) as http:
        answer = http.post("/v1/users", headers={"Authorization": f"Bearer {bank.tokens['admin']}"})
    assert (answer.status_code, answer.json()["detail"]) == (408, "send it whole within half a minute")


def test_disabling_who_is_disabled_and_enabling_who_is_enabled_is_noted_once(boss: tuple[House, str]) -> None:
    bank, _ = boss
    assert bank.office.identity.add_user("anna", PASSWORD, "hr") is None
    for way in ("disable", "disable", "enable", "enable"):
        assert admin(bank, "POST", f"/v1/users/anna/{way}").status_code == 200
    noted = [one["change"] for one in admin(bank, "GET", "/v1/account-changes").json() if one["subject"] == "anna"]
    assert noted == ["user-enabled", "user-disabled", "user-added"]


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


def test_a_token_names_its_unit(own_bank: House) -> None:
    admin(own_bank, "POST", "/v1/tokens", {"subject": "pay", "role": "hr", "scope": "east"})
    (token,) = [one for one in admin(own_bank, "GET", "/v1/tokens").json() if one["subject"] == "pay"]
    assert (token["scope"], token["scope_name"]) == ("east", "East")


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


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/v1/users", {"name": "anna", "role": "hr", "password": PASSWORD}),
        ("/v1/users/boss/password", {"password": PASSWORD}),
    ],
)
def test_another_password_under_the_same_key_is_another_request_and_refused(
    path: str, typed: dict[str, str], boss: tuple[House, str]
) -> None:
    """The first stands: whoever is told that it was done may trust in the password that they typed."""
    bank, key = boss[0], {"Idempotency-Key": "typed-twice"}
    first, again = (admin(bank, "POST", path, typed, **key) for _ in range(2))
    other = admin(bank, "POST", path, typed | {"password": LATER}, **key)
    made = admin(bank, "POST", path, {name: typed[name] for name in typed if name != "password"}, **key)
    assert (first.is_success, again.status_code) == (True, first.status_code)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, made.status_code) == (422, 422)
    assert [fault["pointer"] for fault in other.json()["errors"]] == ["/Idempotency-Key"]
    name = typed.get("name", "boss")
    assert signed_in(bank, name, PASSWORD)
    assert signed_in(bank, name, LATER) is None
    stored = b"".join(file.read_bytes() for file in bank.office.follower.path.parent.glob("bank.sqlite*"))
    quick = [hashlib.sha256(text.encode()).hexdigest() for text in (PASSWORD, LATER)]
    assert [text for text in (PASSWORD, LATER, *quick) if text.encode() in stored] == []


@pytest.mark.parametrize("name", OWN_IDS)
def test_nobody_gets_a_name_by_which_the_log_tells_what_the_service_does_itself(own_bank: House, name: str) -> None:
    user = admin(own_bank, "POST", "/v1/users", {"name": name, "role": "hr"})
    token = admin(own_bank, "POST", "/v1/tokens", {"subject": name, "role": "hr"})
    for answer, pointer in ((user, "/name"), (token, "/subject")):
        assert answer.status_code == 422
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
        assert "choose another" in answer.json()["errors"][0]["detail"]


def test_nobody_gets_a_name_by_which_the_log_tells_what_another_rm_does(own_bank: House) -> None:
    users: list[dict[str, str]] = [
        {"name": "r2", "role": "hr"}, {"name": "r2", "role": "rm", "rm": "r1"},
        {"name": "r2", "role": "rm", "rm": "r2"},
    ]  # fmt: skip
    made = [admin(own_bank, "POST", "/v1/users", user) for user in users]
    assert [answer.status_code for answer in made] == [422, 422, 201]
    assert made[0].json()["errors"][0]["pointer"] == "/name"
    tokens = [{"subject": "r2", "role": "hr"}, {"subject": "r2", "role": "rm"}]
    assert [admin(own_bank, "POST", "/v1/tokens", token).status_code for token in tokens] == [422, 201]


def test_who_did_what_to_whom_is_told_to_administrators_and_auditors(own_bank: House) -> None:
    admin(own_bank, "POST", "/v1/users", {"name": "anna", "role": "hr", "scope": "east", "password": PASSWORD})
    admin(own_bank, "POST", "/v1/users/anna/disable")
    own_bank.office.identity.enable_user("anna")
    for role in ("admin", "auditor"):
        told = own_bank.ask("GET", "/v1/account-changes?limit=3", role).json()
        assert [(one["changed_by"], one["change"]) for one in told] == [
            ("cli", "user-enabled"), ("the-admin", "user-disabled"), ("the-admin", "user-added"),
        ]  # fmt: skip
        assert [told[2][name] for name in ("subject", "role", "scope", "scope_name")] == ["anna", "hr", "east", "East"]
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
