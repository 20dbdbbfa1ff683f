"""Asking the app within this process: the same routes and the same answers, without a network."""

import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import current_thread, main_thread
from types import TracebackType
from typing import Any

import anyio
import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.types import ASGIApp, Message

from api.owner import Owner
from api.settings import Settings


class InProcessTransport(httpx.BaseTransport):
    """Carries requests to an ASGI app that runs on a loop of its own, in another thread."""

    def __init__(self, app: ASGIApp, portal: BlockingPortal) -> None:
        self._app, self.portal = app, portal

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Run one request through the app."""
        return self.portal.call(_exchange, self._app, request)


async def _exchange(app: ASGIApp, request: httpx.Request) -> httpx.Response:
    sent: list[Message] = []
    incoming = iter([{"type": "http.request", "body": request.read(), "more_body": False}])

    async def receive() -> Message:
        if message := next(incoming, None):
            return message
        await anyio.sleep_forever()  # nobody hangs up on a call within the process
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await app(_scope(request), receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return httpx.Response(sent[0]["status"], headers=sent[0]["headers"], content=body)


def _scope(request: httpx.Request) -> dict[str, Any]:
    url = request.url
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw], "scheme": url.scheme,
        "path": url.path, "raw_path": url.raw_path.partition(b"?")[0], "query_string": url.query, "root_path": "",
        "server": (url.host, url.port or 80), "client": ("127.0.0.1", 0),
    }  # fmt: skip


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off an interruption: one that comes while a loop starts in its thread would leave both waiting for ever."""
    if current_thread() is not main_thread():
        yield
        return
    came: list[int] = []
    signals = (signal.SIGINT, signal.SIGTERM)
    former = [signal.signal(number, lambda number, _: came.append(number)) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, former, strict=True):
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])


class RunningApp(AbstractContextManager[InProcessTransport]):
    """An app with its lifespan, from start to stop, on a loop of its own."""

    def __init__(self, app: Any) -> None:
        self._app, self._stack = app, ExitStack()

    def __enter__(self) -> InProcessTransport:
        with ExitStack() as stack:
            with _uninterrupted():
                portal = stack.enter_context(start_blocking_portal())
                lifespan = self._app.router.lifespan_context(self._app)
                stack.enter_context(portal.wrap_async_context_manager(lifespan))
            self._stack = stack.pop_all()
        return InProcessTransport(self._app, portal)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


def running_app(settings: Settings, owner: Owner) -> RunningApp:
    """The app on a data dir that this process owns, without a server."""
    from api.app import create_app  # only a process that owns a data dir needs the routes

    return RunningApp(create_app(settings, owner.token, waits=False))
