"""An ASGI app served on an address until somebody stops it."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

OPTIONS: dict[str, Any] = {
    "log_level": "warning", "access_log": False, "server_header": False, "ws_ping_interval": 30, "ws_ping_timeout": 30,
    "timeout_graceful_shutdown": 3,
}  # fmt: skip
"""Open requests get three seconds to end once the server is to stop; an open page would hold it for ever."""
BACKLOG = 2048


class PortTaken(Exception):
    """The address can't be listened on; the message says what to do."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens: what comes before the app is up waits in its queue. Port 0 takes any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise PortTaken(f"Port {port} of {host} can't be used ({why}): choose another with --port") from None
    with listener:
        yield listener


def address_of(listener: socket.socket) -> str:
    """Where a program on this machine reaches it; all interfaces are reached by the loopback."""
    host, port = listener.getsockname()[:2]
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


class _Server(uvicorn.Server):
    """Says a word once it answers, and one once it is to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready, self._stopping = ready, stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End; the first signal is told on before anything closes."""
        stopping, self._stopping = self._stopping, lambda: None
        stopping()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve_until_stopped(
    app: ASGIApp,
    listener: socket.socket,
    ready: Callable[[], None],
    trusted_proxies: str | None = None,
    stopping: Callable[[], None] = lambda: None,
) -> bool:
    """Serve until Ctrl-C or SIGTERM; False where the app could not start. `ready` is called once it answers, `stopping`
    once it is to end. Only `trusted_proxies` are believed when they
    say for whom they ask; without them nobody is, this machine included."""
    believed: dict[str, Any] = {
        "proxy_headers": trusted_proxies is not None,
        "forwarded_allow_ips": trusted_proxies or "",
    }
    server = _Server(uvicorn.Config(app, **OPTIONS, **believed), ready, stopping)
    with _terminable(), suppress(KeyboardInterrupt):  # uvicorn raises the signal again after its own clean end
        server.run(sockets=[listener])
    return server.started


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the process the way that Ctrl-C does."""
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
