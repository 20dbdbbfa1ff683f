"""What stands before Streamlit on one port: the API's own paths, and the way to the sign-in page.

Streamlit answers every path it doesn't know with 200 and HTML, so it never gets to see the API's paths.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType
from urllib.parse import quote

import httpx
from anyio import create_task_group
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.page import page
from api.origin import host_of
from api.problems import NotFound, Problem, Unauthenticated, answer
from api.settings import COOKIE
from domain.log import Busy, DiskFull

API_PATHS = ("/v1", "/health", "/sign-in", "/sign-out", "/openapi.json", "/docs", "/metrics")
STREAMLIT_PATHS = ("/_stcore", "/static", "/media", "/component")
PEOPLES_PATHS = ("/media",)
"""The files and pictures of somebody's page: Streamlit gives them to whoever knows the name."""
CLOSED_PATHS = ("/_stcore/metrics",)
"""What Streamlit would tell anybody."""
PAGE = re.compile("/[A-Za-z0-9_-]{0,64}/?")
"""The address of a page has one part. At any other Streamlit shows a white page: it looks for its files there."""
HEAD = b"<head>"
ENDED = 4401
"""How a socket is closed whose session opens nothing: the page takes that for the way to the sign-in."""
SERVER_IS_HERE = (
    b"""<script>
window.__streamlit = {BACKEND_BASE_URL: location.origin + "/"};
window.WebSocket = class extends WebSocket {
  constructor(...how) {
    super(...how);
    this.addEventListener("close", ({code}) => {
      const here = encodeURIComponent(location.pathname + location.search);
      if (code === %d) location.replace("/sign-in?next=" + here + "&ended=1");
    });
  }
};
</script>"""
    % ENDED
)
"""Streamlit's page looks for its server below its own address first, which fails and costs each link a round trip; and
of a socket that is refused it would only say that there is no connection."""
ONE_ENTRY_A_TOUCH = b"""<script>(() => {
  const push = history.pushState.bind(history), replace = history.replaceState.bind(history)
  let touched = false
  for (const touch of ["pointerdown", "click", "keydown"]) addEventListener(touch, () => { touched = true }, true)
  addEventListener("popstate", () => { touched = false }, true)
  history.pushState = (...entry) => { (touched ? push : replace)(...entry); touched = false }
})()</script>"""
"""A page writes what it is set to into its address one by one, the first of it still under the path of the page that is
left. Each would be an entry of its own, that the way back leads to: what follows the first of a touch replaces it."""
OF_ONE_VERSION = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
"""What a browser asks for of a file as it stands: the page is written anew, and short."""
FRAMED_BY_US_ALONE = {
    "X-Frame-Options": "SAMEORIGIN", "Content-Security-Policy": "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
}  # fmt: skip
PASSED_BACK = (
    "content-type", "content-length", "location", "set-cookie", "cache-control", "content-security-policy",
    "referrer-policy", "retry-after", "x-content-type-options", "www-authenticate", "etag", "vary",
    "content-disposition", "allow", "idempotency-key", "idempotency-replayed",
)  # fmt: skip
PATIENCE = httpx.Timeout(30.0, connect=5.0, read=None)
"""How long an API elsewhere is waited for: a workbook begins to come once it is whole, and a stream may say nothing for
long. Whoever asked ends it by hanging up."""
SignedIn = Callable[[str], Awaitable[bool]]


def _is_under(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith((f"{root}/", f"{root}:")) for root in roots)


class FrontDoor:
    """ASGI middleware before Streamlit; `signed_in` says whether a session's secret is good."""

    def __init__(self, app: ASGIApp, api: ASGIApp, signed_in: SignedIn) -> None:
        self.app, self.api, self.signed_in = app, api, signed_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead a request to the API, to the sign-in page, or on to Streamlit."""
        path = scope.get("path", "")
        if scope["type"] == "http" and _is_under(path, API_PATHS):
            await self.api(scope, receive, send)
        elif _is_under(path, CLOSED_PATHS):
            await answer(NotFound("take a path from /openapi.json"))(scope, receive, send)
        elif scope["type"] == "http" and _is_under(path, PEOPLES_PATHS):
            await self._to_person(scope, receive, send)
        elif scope["type"] == "websocket" and not _is_from_here(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "websocket" and not await self._may_stay(scope):
            await _end_socket(scope, receive, send)
        elif _is_page(scope, path) and not PAGE.fullmatch(path):
            await page("lost.html", 404)(scope, receive, send)
        elif _is_page(scope, path) and not await self.signed_in(session_in(scope)):
            await _to_sign_in(scope)(scope, receive, send)
        elif _is_page(scope, path):
            await self.app(_plainly(scope), receive, _guarded(_led_to_server(send)))
        else:
            await self.app(scope, receive, _guarded(send))

    async def _may_stay(self, scope: Scope) -> bool:
        """Whether a socket is somebody's who is signed in: each runs the whole page. Where the store is away for the
        moment, the page says so."""
        try:
            return await self.signed_in(session_in(scope))
        except (Busy, DiskFull):
            return True

    async def _to_person(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A file of a page, for who is signed in; nobody keeps it on the way."""
        if not await self.signed_in(session_in(scope)):
            return await answer(Unauthenticated("sign in, and take the file from its page"))(scope, receive, send)
        return await self.app(scope, receive, _guarded(send, {"Cache-Control": "no-store"}))


async def _end_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Close a socket, told why: a browser hides the status of one that was never opened."""
    await receive()
    await send({"type": "websocket.accept", "subprotocol": next(iter(scope.get("subprotocols", ())), None)})
    await send({"type": "websocket.close", "code": ENDED})


def _guarded(send: Send, more: Mapping[str, str] = MappingProxyType({})) -> Send:
    """Streamlit's answers with the headers that keep its pages out of others' frames."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in FRAMED_BY_US_ALONE.items():
                headers.setdefault(name, value)
            headers.update(more)
        await send(message)

    return sending


def _plainly(scope: Scope) -> Scope:
    """The request without what would have a part of the page sent, or one that is packed."""
    kept = [(name, value) for name, value in scope["headers"] if name.lower() not in OF_ONE_VERSION]
    return {**scope, "headers": kept}


def _led_to_server(send: Send) -> Send:
    """Streamlit's page, told where its server is."""
    start: Message = {}
    body = bytearray()

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        told = bytes(body).replace(HEAD, HEAD + SERVER_IS_HERE + ONE_ENTRY_A_TOUCH, 1)
        headers = MutableHeaders(scope=start)
        for name in ("etag", "last-modified", "accept-ranges"):
            del headers[name]
        if body:
            headers["content-length"] = f"{len(told)}"
        await send(start)
        await send({"type": "http.response.body", "body": told})

    return sending


def session_in(scope: Scope) -> str:
    """The session's secret from the cookies of a request, or an empty text."""
    return HTTPConnection(scope).cookies.get(COOKIE, "")


def _is_from_here(headers: Headers) -> bool:
    """A page elsewhere may not open this dashboard's socket with its visitor's cookie."""
    return "origin" not in headers or host_of(headers["origin"]) == headers.get("host")


def _is_page(scope: Scope, path: str) -> bool:
    asks_for_page = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    return (
        asks_for_page and not _is_under(path, STREAMLIT_PATHS) and "text/html" in Headers(scope=scope).get("accept", "")
    )


def _to_sign_in(scope: Scope) -> Response:
    query = scope["query_string"].decode("latin-1")
    target = quote(scope["path"] + (f"?{query}" if query else ""), safe="")
    return RedirectResponse(f"/sign-in?next={target}", 303, headers={"Cache-Control": "no-store"})


class RemoteApi:
    """Passes the API's paths on to an API elsewhere, so that a dashboard of its own has the sign-in page on its
    own address."""

    def __init__(self, address: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        each = httpx.Limits(max_connections=None)  # every page that follows a board keeps one
        self._http = httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=each, transport=transport)

    async def signed_in(self, secret: str) -> bool:
        """Whether the API knows a session's secret. Where it is away, the page says so."""
        if not secret:
            return False
        try:
            return (await self._http.get("/v1/me", headers={"cookie": f"{COOKIE}={secret}"})).is_success
        except httpx.TransportError:
            return True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the API and pass its answer back, piece by piece: some answers go on for hours."""
        request = Request(scope, receive)
        kept = {name: value for name, value in request.headers.items() if name not in ("connection", "content-length")}
        forwarded = {
            "x-forwarded-for": request.client.host if request.client else "",
            "x-forwarded-proto": request.url.scheme,
            "accept-encoding": "identity",
        }
        url = httpx.URL(path=request.url.path, query=request.url.query.encode())
        body = await request.body()
        try:
            asked = self._http.build_request(request.method, url, headers=kept | forwarded, content=body)
            got = await _unless_hung_up(partial(self._http.send, asked, stream=True), receive)
        except httpx.TransportError:
            away = answer(Problem(503, "the API does not answer; start it with `appraise serve --api-only`"))
            return await away(scope, receive, send)
        if got is None:
            return None
        try:
            return await _passed(got)(scope, receive, send)
        finally:
            await got.aclose()


async def _unless_hung_up(ask: Callable[[], Awaitable[httpx.Response]], receive: Receive) -> httpx.Response | None:
    """The answer to a question; None where whoever asked has gone before it came."""
    got: httpx.Response | httpx.TransportError | None = None
    async with create_task_group() as waiting:

        async def hang_up() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            waiting.cancel_scope.cancel()

        waiting.start_soon(hang_up)
        try:
            got = await ask()
        except httpx.TransportError as error:  # which a task group would wrap
            got = error
        waiting.cancel_scope.cancel()
    if isinstance(got, httpx.TransportError):
        raise got
    return got


def _passed(got: httpx.Response) -> Response:
    """The API's answer with those of its headers that concern the browser."""
    passed = StreamingResponse(got.aiter_raw(), got.status_code)
    passed.raw_headers = [
        (name.lower(), value) for name, value in got.headers.raw if name.decode("latin-1").lower() in PASSED_BACK
    ]
    return passed
