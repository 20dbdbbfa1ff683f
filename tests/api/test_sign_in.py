"""The sign-in page: a session in a cookie, for pages of this address only."""

import re
from collections.abc import Iterator

import httpx
import pytest

from api.attempts import Attempts
from api.http.sign_in import local_path
from api.identity import DemoSignIn
from api.settings import COOKIE
from tests.api.house import HERE, House, house

PASSWORD = "a-good-password"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A bank where anna, an RM, may sign in."""
    with house(tmp_path_factory.mktemp("signing-in")) as built:
        assert built.office.identity.add_user("anna", PASSWORD, "rm", rm="r1") is None
        yield built


@pytest.fixture(autouse=True)
def _nobody_has_failed_yet(bank: House) -> None:
    if hasattr(bank.app.state, "attempts"):
        del bank.app.state.attempts


def sign_in(bank: House, password: str = PASSWORD, target: str = "/", **how: str) -> httpx.Response:
    form = {"name": "anna", "password": password, "next": target}
    return bank.ask("POST", how.pop("path", "/sign-in"), data=form, headers=how)


def with_cookie(bank: House, method: str, path: str, **headers: str) -> int:
    secret = bank.office.identity.open_session("anna")
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return bank.ask(method, path, headers={"Cookie": f"{COOKIE}={secret}"} | headers, json={}).status_code


def test_the_page_asks_in_both_languages_and_runs_no_script(bank: House) -> None:
    page = bank.ask("GET", "/sign-in?next=/scorecard?rm=r1")
    assert page.headers["content-type"].startswith("text/html")
    assert "Sign in" in page.text
    assert "登录" in page.text
    assert 'value="/scorecard?rm=r1"' in page.text
    assert "<script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_right_password_opens_a_session_and_leads_on(bank: House) -> None:
    answer = sign_in(bank, target="/scorecard?quarter=2026Q3")
    assert (answer.status_code, answer.headers["location"]) == (303, "/scorecard?quarter=2026Q3")
    cookie = answer.headers["set-cookie"]
    assert re.search(rf"^{COOKIE}=[A-Za-z0-9_-]{{32,}};", cookie)
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "Secure" not in cookie
    me = bank.ask("GET", "/v1/me", headers={"Cookie": cookie.split(";")[0]})
    assert (me.json()["subject"], me.json()["rm"]) == ("anna", "r1")


def test_over_https_the_cookie_never_travels_in_the_clear(bank: House) -> None:
    answer = sign_in(bank, path="https://bank.test/sign-in")
    assert "Secure" in answer.headers["set-cookie"]


def test_a_wrong_password_shows_the_page_again(bank: House) -> None:
    answer = sign_in(bank, "a-bad-password", target="/scorecard")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert 'role="alert"' in answer.text
    assert 'value="/scorecard"' in answer.text


@pytest.mark.parametrize(
    "target",
    ["//evil.test", "https://evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "/\t/evil.test",
     "\n//evil.test", " //evil.test", "", "evil.test", "/a\r\nSet-Cookie: a=b"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_address(bank: House, target: str) -> None:
    assert local_path(target) == "/"
    assert sign_in(bank, target=target).headers["location"] == "/"


def test_what_is_handed_to_the_page_is_escaped(bank: House) -> None:
    page = bank.ask("GET", '/sign-in?next=/"><script>alert(1)</script>')
    assert "<script" not in page.text


def test_signing_out_ends_the_session(bank: House) -> None:
    secret = bank.office.identity.open_session("anna")
    cookie = {"Cookie": f"{COOKIE}={secret}"}
    answer = bank.ask("POST", "/sign-out", headers=cookie | {"Origin": HERE})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert 'appraise_session=""' in answer.headers["set-cookie"]
    assert bank.ask("GET", "/v1/me", headers=cookie).status_code == 401


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Origin": HERE}, True),
        ({"Sec_Fetch_Site": "same-origin"}, True),
        ({"Origin": HERE, "Sec_Fetch_Site": "same-origin"}, True),
        ({}, False),
        ({"Origin": "http://evil.test"}, False),
        ({"Origin": f"{HERE}:8501"}, False),
        ({"Origin": "null"}, False),
        ({"Sec_Fetch_Site": "same-site"}, False),
        ({"Sec_Fetch_Site": "cross-site"}, False),
        ({"Origin": HERE, "Sec_Fetch_Site": "cross-site"}, False),
    ],
)
def test_the_cookie_changes_something_only_from_a_page_of_this_address(
    bank: House, headers: dict[str, str], allowed: bool
) -> None:
    assert with_cookie(bank, "GET", "/v1/me", **headers) == 200
    assert (with_cookie(bank, "POST", "/v1/actions", **headers) == 422) is allowed
    assert (with_cookie(bank, "POST", "/sign-out", **headers) == 303) is allowed


def test_another_site_can_not_sign_somebody_in(bank: House) -> None:
    assert sign_in(bank, Origin="http://evil.test").status_code == 403
    assert sign_in(bank, Origin=HERE).status_code == 303


def test_a_token_needs_no_origin(bank: House) -> None:
    assert bank.ask("POST", "/v1/actions", "rm", json={}, headers={"Origin": "http://evil.test"}).status_code == 422


def test_a_session_that_ended_opens_nothing(bank: House) -> None:
    assert bank.ask("GET", "/v1/me", headers={"Cookie": f"{COOKIE}=nonsense"}).status_code == 401


def test_a_session_that_ended_is_told_on_the_page(bank: House) -> None:
    stale = {"Cookie": f"{COOKIE}=nonsense"}
    told = [
        "Your session has ended" in bank.ask("GET", path, headers=headers).text
        for path, headers in (
            ("/sign-in?ended=1", {}),
            ("/sign-in?next=/scorecard", stale),
            ("/sign-in?next=/scorecard", {}),
            ("/sign-in", stale),
        )
    ]
    assert told == [True, True, False, False]


def test_guessing_is_slowed_down_and_a_success_starts_anew(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.sign_in.TRIES_BY_NAME", 2)
    assert [sign_in(bank, word).status_code for word in ("wrong-one", PASSWORD, "wrong-two", "wrong-three")] == [
        401, 303, 401, 401,
    ]  # fmt: skip
    refused = sign_in(bank)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 300
    assert refused.headers["content-type"].startswith("text/html")
    assert "Wait 5 minutes" in refused.text
    assert "请等待 5 分钟" in refused.text
    assert 'value="anna"' not in refused.text


def test_failures_are_forgotten_with_time() -> None:
    clock = [0.0]
    attempts = Attempts(limit=2, seconds=300, now=lambda: clock[0])
    waits = []
    for clock[0] in (0.0, 100.0):
        attempts.failed("anna")
    for clock[0] in (100.0, 299.5, 300.0):
        waits.append(attempts.wait("anna"))
    assert waits == [200, 1, 0]


def test_only_a_demo_bank_shows_sign_ins(bank: House) -> None:
    assert "Demo bank" not in bank.ask("GET", "/sign-in").text
    bank.office.identity.show_demo_sign_ins([DemoSignIn("anna", PASSWORD, "rm", "An <RM>", "客户经理")])
    page = bank.ask("GET", "/sign-in").text
    bank.office.identity.show_demo_sign_ins([])
    assert "Demo bank" in page
    assert "An &lt;RM&gt;" in page
    assert PASSWORD in page
