"""The sign-in page: a session in a cookie, for pages of this address only.

Longer than 300 lines because whatever reaches the one door that is open to anybody is tried here.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.types import Receive, Scope, Send

from api.attempts import Attempts
from api.http.sign_in import TRIES_FROM_ONE_PLACE, local_path
from api.identity import DemoSignIn
from api.in_process import InProcessTransport
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


def sign_in(bank: House, password: str = PASSWORD, target: str = "/", name: str = "anna", **how: str) -> httpx.Response:
    form = {"name": name, "password": password, "next": target}
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


def test_blanks_around_a_name_are_nobodys_mistake(bank: House) -> None:
    assert sign_in(bank, name=" anna\u3000").status_code == 303


@pytest.mark.parametrize(
    "form",
    [
        {}, {"name": "", "password": ""}, {"name": "anna"}, {"name": " ", "password": PASSWORD},
        {"name": "n" * 5_000, "password": PASSWORD}, {"name": "anna", "password": "p" * 5_000},
    ],
    ids=["nothing", "empty fields", "no password", "a blank", "a long name", "a long password"],
)  # fmt: skip
def test_whatever_a_person_fills_in_the_answer_is_the_page(bank: House, form: dict[str, str]) -> None:
    answer = bank.ask("POST", "/sign-in", data=form)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert 'role="alert"' in answer.text


def test_of_a_password_that_is_too_long_its_beginning_opens_nothing(bank: House) -> None:
    longest = "".join(f"{number * number:04d}" for number in range(31, 95))
    assert bank.office.identity.add_user("longest", longest, "hr") is None
    assert [sign_in(bank, longest + more, name="longest").status_code for more in ("", "p")] == [303, 401]


def test_a_way_back_that_is_too_long_is_not_kept_and_the_page_is_shown(bank: House) -> None:
    page = bank.ask("GET", "/sign-in?next=/" + "x" * 2_000)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert 'name="next" value="/"' in page.text


def test_half_a_character_in_a_form_of_another_encoding_is_no_failure_of_the_server(bank: House) -> None:
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n/\\ud800\r\n'
        for name in ("name", "password", "next")
    )
    kind = "multipart/form-data; boundary=x; charset=unicode_escape"
    answer = bank.ask("POST", "/sign-in", content=f"{parts}--x--\r\n", headers={"Content-Type": kind})
    assert answer.status_code == 401


def test_a_wrong_password_shows_the_page_again(bank: House) -> None:
    answer = sign_in(bank, "a-bad-password", target="/scorecard")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert 'role="alert"' in answer.text
    assert 'value="/scorecard"' in answer.text


@pytest.mark.parametrize(
    "target",
    ["//evil.test", "https://evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "/\t/evil.test",
     "\n//evil.test", " //evil.test", "", "evil.test", "/a\r\nSet-Cookie: a=b", "/" + "x" * 2_000],
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
    monkeypatch.setattr("api.http.sign_in.TRIES_FROM_ONE_PLACE", 2)
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


def test_a_name_that_is_tried_from_everywhere_has_to_wait_too(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.sign_in.TRIES_BY_NAME", 2)
    told = [sign_in_from(bank, f"192.0.2.{n}", "wrong").status_code for n in range(3)]
    assert (told, sign_in_from(bank, "192.0.2.9", PASSWORD).status_code) == ([401, 401, 429], 429)


def test_an_address_that_tries_many_names_has_to_wait(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.sign_in.TRIES_BY_ADDRESS", 2)
    told = [sign_in_from(bank, f"2001:db8::{n}", "wrong", f"n{n}").status_code for n in range(3)]
    assert (told, sign_in_from(bank, "2001:db8:0:1::1", PASSWORD).status_code) == ([401, 401, 429], 303)


def test_who_claims_to_be_forwarded_is_believed_only_where_a_bank_says_so(bank: House) -> None:
    for _ in range(10):
        assert sign_in(bank, "wrong", X_Forwarded_For="192.0.2.1").status_code == 401
    assert sign_in(bank, X_Forwarded_For="192.0.2.2").status_code == 429


def sign_in_from(bank: House, address: str, password: str, name: str = "anna") -> httpx.Response:
    """Sign in from an address, as the server that has the connection would know it."""

    async def from_there(scope: Scope, receive: Receive, send: Send) -> None:
        await bank.app({**scope, "client": (address, 0)}, receive, send)

    with start_blocking_portal() as portal:
        transport = InProcessTransport(from_there, portal)
        with httpx.Client(transport=transport, base_url=HERE) as http:
            return http.post("/sign-in", data={"name": name, "password": password})


def test_a_key_whose_failures_are_over_or_taken_back_bars_nobody() -> None:
    clock = [0.0]
    attempts = Attempts(limit=2, seconds=300, now=lambda: clock[0])
    attempts.failed("anna")
    attempts.failed("boris")
    attempts.taken_back("boris")
    clock[0] = 301.0
    assert attempts.wait("anna") == 0
    attempts.failed("clara")
    attempts.failed("clara")
    assert [attempts.wait(key) for key in ("anna", "boris", "clara")] == [0, 0, 300]


def test_of_many_keys_the_one_that_failed_longest_ago_is_forgotten() -> None:
    attempts = Attempts(limit=1, now=lambda: 0.0, most=2)
    for key in ("a", "b", "a", "c"):
        attempts.failed(key)
    assert [attempts.wait(key) > 0 for key in "abc"] == [True, False, True]


def test_many_who_sign_in_at_once_keep_nobody_else_waiting(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are checked one after the other while the test holds them up; everything else is answered."""
    go_on = Event()
    monkeypatch.setattr(type(bank.office.identity), "check_password", lambda *_: go_on.wait(60))
    with ThreadPoolExecutor(80) as pool:
        waiting = [pool.submit(sign_in, bank, name=f"person{n}") for n in range(80)]
        while bank.office.checkers.statistics().tasks_waiting < 78:
            assert not any(each.done() for each in waiting)
        answers = [bank.ask("GET", path, "admin").status_code for path in ("/health/live", "/health/ready", "/v1/me")]
        go_on.set()
        assert {each.result().status_code for each in waiting} == {303}
    assert answers == [200, 200, 200]


def test_guesses_sent_at_once_are_not_checked_at_once(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    monkeypatch.setattr(type(bank.office.identity), "check_password", lambda _, name, guess: checked.append(guess))
    with ThreadPoolExecutor(30) as pool:
        statuses = list(pool.map(lambda n: sign_in(bank, f"guess{n}", name="boris").status_code, range(30)))
    assert len(checked) == statuses.count(401) == TRIES_FROM_ONE_PLACE
    assert statuses.count(429) == 30 - TRIES_FROM_ONE_PLACE


def test_who_comes_when_too_many_wait_already_is_sent_away(bank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.sign_in.LONGEST_QUEUE", 0)
    answer = sign_in(bank)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_only_a_demo_bank_shows_sign_ins(bank: House) -> None:
    assert "Demo bank" not in bank.ask("GET", "/sign-in").text
    bank.office.identity.show_demo_sign_ins([DemoSignIn("anna", PASSWORD, "rm", "An <RM>", "客户经理")])
    page = bank.ask("GET", "/sign-in").text
    bank.office.identity.show_demo_sign_ins([])
    assert "Demo bank" in page
    assert "An &lt;RM&gt;" in page
    assert PASSWORD in page
