"""HEAD, which monitors and link checkers ask: whatever GET answers, without its body."""

from anyio import CancelScope
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROUTE = "route"


class HeadAsGet:
    """ASGI middleware before the routes, which know GET alone: a HEAD ends where its answer's body would begin."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask as GET; even a stream, which would go on for hours, ends with its headers."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                scope[ROUTE] = asked.get(ROUTE)
                await send(message)
                await send({"type": "http.response.body", "body": b""})
                answering.cancel()

        with CancelScope() as answering:
            await self.app(asked, receive, sending)
