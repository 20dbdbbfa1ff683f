"""One port: the API's paths are the API's, pages lead to the sign-in, and Streamlit gets the rest."""

from functools import partial
from threading import Event
from typing import Any

import httpx
import pytest
from anyio import sleep_forever
from anyio.from_thread import start_blocking_portal
from starlette.responses import HTMLResponse
from starlette.types import Message, Receive, Scope, Send

from api.front_door import ENDED, ONE_ENTRY_A_TOUCH, SERVER_IS_HERE, FrontDoor, RemoteApi, session_in
from api.in_process import InProcessTransport
from api.problems import LastResort
from api.settings import COOKIE
from tests.api.house import HERE, House

STREAMLIT = "<title>Streamlit</title>"


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers every path with 200 and a page, as Streamlit does."""
    await HTMLResponse(STREAMLIT)(scope, receive, send)


async def signed_in(secret: str) -> bool:
    return secret == "good"


def ask(bank: House, method: str, path: str, **headers: str) -> httpx.Response:
    """A request to the one port."""
    with start_blocking_portal() as portal:
        transport = InProcessTransport(FrontDoor(streamlit, bank.app, signed_in), portal)
        with httpx.Client(transport=transport, base_url=HERE) as http:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return http.request(method, path, headers={"Accept": "*/*"} | named)


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/health/live", 200, "application/json"),
        ("GET", "/health/ready", 200, "application/json"),
        ("GET", "/health", 404, "application/problem+json"),
        ("GET", "/openapi.json", 200, "application/json"),
        ("GET", "/docs", 200, "text/html; charset=utf-8"),
        ("GET", "/sign-in", 200, "text/html; charset=utf-8"),
        ("GET", "/sign-in/more", 404, "application/problem+json"),
        ("GET", "/sign-out", 405, "application/problem+json"),
        ("GET", "/v1", 404, "application/problem+json"),
        ("GET", "/v1/", 404, "application/problem+json"),
        ("GET", "/v1/me", 401, "application/problem+json"),
        ("GET", "/v1/nothing", 404, "application/problem+json"),
        ("POST", "/v1/nothing/at/all", 404, "application/problem+json"),
        ("POST", "/v1/actions:batch", 401, "application/problem+json"),
        ("GET", "/metrics", 401, "application/problem+json"),
        ("GET", "/_stcore/metrics", 404, "application/problem+json"),
        ("POST", "/v1/read-model:rebuild", 401, "application/problem+json"),
    ],
)
def test_streamlit_never_answers_for_the_api(bank: House, method: str, path: str, status: int, kind: str) -> None:
    answer = ask(bank, method, path, Accept="text/html")
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    assert STREAMLIT not in answer.text


@pytest.mark.parametrize("path", ["/", "/scorecard", "/verify?quarter=2026Q3&rm=r1"])
def test_a_page_without_a_session_leads_to_the_sign_in_and_back(bank: House, path: str) -> None:
    answer = ask(bank, "GET", path, Accept="text/html,*/*")
    assert answer.status_code == 303
    assert httpx.URL(answer.headers["location"]).path == "/sign-in"
    assert httpx.URL(answer.headers["location"]).params["next"] == path


@pytest.mark.parametrize("path", ["/foo/bar", "/scorecard/more", "/a.b", "/%E4%B8%AD"])
def test_an_address_that_can_be_no_page_is_told_with_the_way_home(bank: House, path: str) -> None:
    answer = ask(bank, "GET", path, Accept="text/html,*/*", Cookie=f"{COOKIE}=good")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert 'href="/"' in answer.text
    assert STREAMLIT not in answer.text


def test_a_page_is_shown_in_no_frame_of_another_address(bank: House) -> None:
    page = ask(bank, "GET", "/scorecard", Accept="text/html", Cookie=f"{COOKIE}=good")
    assert (page.headers["x-frame-options"], page.headers["content-security-policy"]) == (
        "SAMEORIGIN", "frame-ancestors 'self'",
    )  # fmt: skip


@pytest.mark.parametrize("api", ["here", "elsewhere"])
def test_a_body_that_is_too_large_is_refused_before_streamlit_or_the_api_reads_it(bank: House, api: str) -> None:
    def asked(request: httpx.Request) -> httpx.Response:
        raise AssertionError

    inner: Any = bank.app if api == "here" else RemoteApi("http://api.test", httpx.MockTransport(asked))
    door = LastResort(FrontDoor(streamlit, inner, signed_in), 1_000)
    with (
        start_blocking_portal() as portal,
        httpx.Client(transport=InProcessTransport(door, portal), base_url=HERE) as http,
    ):
        for path in ("/v1/actions", "/sign-in", "/_stcore/upload_file/a/b"):
            assert http.post(path, content=b" " * 1_001).status_code == 413
        if api == "elsewhere":
            assert http.post("/sign-in", content=iter([b" " * 999] * 2)).status_code == 413


def test_a_session_that_ended_leads_to_the_sign_in_too(bank: House) -> None:
    assert ask(bank, "GET", "/", Accept="text/html", Cookie=f"{COOKIE}=old").status_code == 303


def test_a_page_with_a_session_is_streamlits(bank: House) -> None:
    answer = ask(bank, "GET", "/scorecard", Accept="text/html", Cookie=f"other=1; {COOKIE}=good")
    assert (answer.status_code, answer.text) == (200, STREAMLIT)


def test_a_page_is_told_where_its_server_is_however_the_browser_keeps_pages(bank: House) -> None:
    page = "<html><head><title>Streamlit</title></head></html>"

    async def kept(scope: Scope, receive: Receive, send: Send) -> None:
        assert not {b"if-none-match", b"accept-encoding"} & {name for name, _ in scope["headers"]}
        await HTMLResponse(page, headers={"ETag": '"1"'})(scope, receive, send)

    with start_blocking_portal() as portal:
        http = httpx.Client(transport=InProcessTransport(FrontDoor(kept, bank.app, signed_in), portal), base_url=HERE)
        asked = {"Accept": "text/html", "Cookie": f"{COOKIE}=good", "If-None-Match": '"1"'}
        answer = http.get("/scorecard", headers=asked)
    told = SERVER_IS_HERE.decode() + ONE_ENTRY_A_TOUCH.decode()
    assert answer.text == page.replace("<head>", f"<head>{told}")
    assert (int(answer.headers["content-length"]), "etag" in answer.headers) == (len(answer.content), False)


@pytest.mark.parametrize("path", ["/static/js/index.js", "/_stcore/health", "/favicon.png"])
def test_what_a_page_is_made_of_needs_no_session(bank: House, path: str) -> None:
    assert ask(bank, "GET", path).text == STREAMLIT


def test_a_file_of_a_page_is_for_who_is_signed_in_and_kept_by_nobody(bank: House) -> None:
    for cookie in ("", f"{COOKIE}=old"):
        assert ask(bank, "GET", "/media/a.csv", Cookie=cookie).status_code == 401
    answer = ask(bank, "GET", "/media/a.csv", Cookie=f"{COOKIE}=good")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize(("status", "known"), [(200, True), (401, False), (None, True)])
def test_a_dashboard_of_its_own_asks_the_api_whether_a_session_is_good(status: int | None, known: bool) -> None:
    def api(request: httpx.Request) -> httpx.Response:
        if status is None:
            raise httpx.ConnectError("away")
        assert (request.url.path, request.headers["cookie"]) == ("/v1/me", f"{COOKIE}=secret")
        return httpx.Response(status)

    with start_blocking_portal() as portal:
        remote = RemoteApi("http://api.test", httpx.MockTransport(api))
        assert portal.call(remote.signed_in, "secret") is known
        assert portal.call(remote.signed_in, "") is False


@pytest.mark.parametrize(("origin", "opened"), [(HERE, True), ("http://evil.test", False), (f"{HERE}:1", False)])
def test_a_page_elsewhere_can_not_open_the_dashboards_socket(bank: House, origin: str, opened: bool) -> None:
    reached, sent = opened_socket(bank, "good", (b"origin", origin.encode()))
    assert reached is opened
    assert (sent == [{"type": "websocket.close", "code": 1008}]) is not opened


@pytest.mark.parametrize("secret", ["", "old"])
def test_a_socket_of_nobody_who_is_signed_in_runs_no_page_and_is_told_so(bank: House, secret: str) -> None:
    reached, sent = opened_socket(bank, secret)
    assert not reached
    assert sent == [
        {"type": "websocket.accept", "subprotocol": "streamlit"},  # else a browser would not learn the code
        {"type": "websocket.close", "code": ENDED},
    ]


def opened_socket(bank: House, secret: str, *more: tuple[bytes, bytes]) -> tuple[bool, list[Message]]:
    """Whether a socket with a session's secret reaches Streamlit, and what it is sent before."""
    reached: list[str] = []
    sent: list[Message] = []

    async def socket(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["type"])

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"bank.test"), (b"cookie", f"{COOKIE}={secret}".encode()), *more]
    scope: dict[str, Any] = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
    scope["subprotocols"] = ["streamlit", "more"]

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    with start_blocking_portal() as portal:
        portal.call(partial(FrontDoor(socket, bank.app, signed_in), scope, receive, send))
    return reached == ["websocket"], sent


def test_cookies_that_nobody_can_read_are_no_session() -> None:
    assert session_in(with_cookies("a=\x01;;=; " * 3)) == ""
    assert session_in({"type": "http", "headers": []}) == ""


def test_a_foreign_cookie_of_any_make_does_not_hide_the_session() -> None:
    assert session_in(with_cookies('prefs={"a":1}; appraise_session=secret')) == "secret"


def with_cookies(text: str) -> dict[str, object]:
    return {"type": "http", "headers": [(b"cookie", text.encode("latin-1"))]}


def test_a_dashboard_of_its_own_passes_the_sign_in_page_on(bank: House) -> None:
    def api(request: httpx.Request) -> httpx.Response:
        assert request.headers["host"] == "bank.test"
        headers = {"location": "/", "set-cookie": f"{COOKIE}=secret; HttpOnly", "server": "x", "x-inner": "y"}
        return httpx.Response(303, headers=headers, stream=httpx.ByteStream(b""))  # not read yet, as from a socket

    remote = RemoteApi("http://api.test", httpx.MockTransport(api))
    with start_blocking_portal() as portal:
        transport = InProcessTransport(FrontDoor(streamlit, remote, signed_in), portal)
        answer = httpx.Client(transport=transport, base_url=HERE).post("/sign-in", data={"name": "anna"})
    assert (answer.status_code, answer.headers["set-cookie"]) == (303, f"{COOKIE}=secret; HttpOnly")
    assert "x-inner" not in answer.headers


def test_a_dashboard_of_its_own_passes_a_file_on_under_its_name(bank: House) -> None:
    name = 'attachment; filename="events-7.csv"'

    def api(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-disposition": name}, stream=httpx.ByteStream(b"position"))

    with start_blocking_portal() as portal:
        door = FrontDoor(streamlit, RemoteApi("http://api.test", httpx.MockTransport(api)), signed_in)
        http = httpx.Client(transport=InProcessTransport(door, portal), base_url=HERE)
        answer = http.get("/v1/events:export")
    assert (answer.headers["content-disposition"], answer.content) == (name, b"position")


def test_who_hangs_up_before_the_api_elsewhere_answers_is_waited_for_no_longer() -> None:
    ended = Event()

    async def api(request: httpx.Request) -> httpx.Response:
        try:
            await sleep_forever()
        finally:
            ended.set()
        raise AssertionError

    messages = iter(list[Message]([{"type": "http.request", "body": b""}, {"type": "http.disconnect"}]))

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        raise AssertionError(message)

    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "path": "/v1/events:export", "query_string": b"", "headers": [],
        "scheme": "http", "server": ("bank.test", 80), "client": ("127.0.0.1", 0), "root_path": "",
    }  # fmt: skip
    with start_blocking_portal() as portal:
        portal.call(RemoteApi("http://api.test", httpx.MockTransport(api)), scope, receive, send)
    assert ended.is_set()


def test_a_dashboard_whose_api_is_away_says_so(bank: House) -> None:
    with start_blocking_portal() as portal:
        transport = InProcessTransport(FrontDoor(streamlit, RemoteApi("http://127.0.0.1:9"), signed_in), portal)
        answer = httpx.Client(transport=transport, base_url=HERE).get("/sign-in")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
