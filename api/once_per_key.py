"""Before the routes: a POST waits for its turn, and one that bears an Idempotency-Key is done once."""

import hashlib
import json
import logging
import re
from contextlib import suppress
from typing import Any

from anyio import move_on_after
from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import passwords
from api.asking import SAFE_METHODS, asker_of, the_office
from api.guarded import REFUSED, STORED
from api.idempotency import HEADER, KeptAnswer
from api.office import PATIENCE
from api.problems import HTTP_REMEDIES, SLOWEST_BODY, Problem, answer, of_store, wrong
from domain.log import Busy, DiskFull

PATTERN = "[!-~]{1,200}"
SECRETS = ("old_password", "password", "secret")
"""Fields that are kept nowhere: an answer that comes again under its key lacks them."""
SALT = 16
"""Bytes."""
OPEN_PATHS = ("/sign-in", "/sign-out")
"""POSTs of nobody known: a key belongs to somebody, so theirs has no meaning."""
PARAMETER = {
    "name": HEADER, "in": "header", "required": False,
    "description": "The same request under the same key is done once and answered alike for two days; another request "
    "under it is refused (422), one that is still being done, too (409). A person's reference is made from it.",
    "schema": {"type": "string", "pattern": f"^{PATTERN}$"},
}  # fmt: skip
log = logging.getLogger("appraise")


def is_kept(status: int) -> bool:
    """Whether an answer stands for good: what was done, and what can't be done. A mended request may bear the key of
    the one that was refused, and a server's failure is no answer."""
    return status < 300 or status == 409


class OncePerKey:
    """ASGI middleware before the routes: does each POST that bears a key once, whichever route it is for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or let the route answer and keep that."""
        keys = Headers(scope=scope).getlist(HEADER) if is_command(scope) else []
        if not keys or "asker" not in scope:
            await self.app(scope, receive, send)
            return
        key, request = keys[0], Request(scope, receive)
        try:
            if len(keys) > 1:
                raise wrong(HEADER, "send one key with a request")
            if not re.fullmatch(PATTERN, key):
                raise wrong(HEADER, "write 1 to 200 printable characters of ASCII, without spaces")
            await self._once(request, f"{scope['asker'].role} {scope['asker'].person}", key, send)
        except Problem as problem:
            scope[REFUSED] = problem  # the route tells it to whom it is open
            await self.app(scope, told_at_once(b"", receive), send)
        except (Busy, DiskFull) as fault:
            await answer(of_store(fault))(scope, receive, send)

    async def _once(self, request: Request, asker: str, key: str, send: Send) -> None:
        keys, body = the_office(request).keys, await request.body()
        kept = await run_sync(keys.claim, asker, key, await run_sync(_digest, request, body, f"{asker} {key}"))
        if isinstance(kept, KeptAnswer):
            again = {HEADER: key, "Idempotency-Replayed": "true", "Cache-Control": "no-store"}
            request.scope[STORED] = Response(kept.body, kept.status, again, media_type=kept.content_type)
            await self.app(
                request.scope, told_at_once(b"", request.receive), send
            )  # the route gives it, and is counted
            return
        sent = await self._done(request, body)
        given = _whole(sent)
        try:
            if is_kept(given.status):
                await run_sync(keys.keep, asker, key, kept, given)
            else:
                await run_sync(keys.free, asker, key, kept)
        except (Busy, DiskFull) as fault:  # the asker learns what became of it all the same
            log.warning("an answer could not be kept under its Idempotency-Key: %s", fault)
        for message in sent:
            await send(message)

    async def _done(self, request: Request, body: bytes) -> list[Message]:
        """The messages of the route's answer. Its key stays taken for a while where the route fails."""
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(request.scope, told_at_once(body, request.receive), send)
        return sent


def is_command(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] not in SAFE_METHODS and scope["path"] not in OPEN_PATHS


def _digest(request: Request, body: bytes, owner: str) -> str:
    """What makes two requests of an owner of a key the same: path, parameters and body. Passwords count too, but only
    by a digest as slow as the users' own: from a quick one, whoever reads the store could guess them."""
    head = f"{request.method} {request.url.path}?{request.url.query}\n"
    rest, typed = _parted(body)
    quick = hashlib.sha256(head.encode() + rest).hexdigest()
    if not typed:
        return quick
    salt = hashlib.sha256(f"{owner} {quick}".encode()).digest()[:SALT]
    return f"{quick} {passwords.digest(json.dumps(typed), salt)}"


def _parted(body: bytes) -> tuple[bytes, dict[str, object]]:
    """A JSON object without what nobody may find in the store, not even as the quick digest of a guess (passwords on
    their way in, passwords and tokens on their way out), and that."""
    if not any(name.encode() in body for name in SECRETS):
        return body, {}
    try:
        told = json.loads(body)
    except ValueError:
        return b"", {}  # what can't be read is refused, whatever it is
    secrets = {name: told[name] for name in SECRETS if name in told} if isinstance(told, dict) else {}
    if secrets:
        told |= dict.fromkeys(secrets)
    return json.dumps(told).encode(), {name: secret for name, secret in secrets.items() if secret is not None}


def _whole(sent: list[Message]) -> KeptAnswer:
    start, *bodies = sent
    content_type = Headers(raw=start["headers"]).get("content-type", "")
    kept, _secrets = _parted(b"".join(message.get("body", b"") for message in bodies))
    return KeptAnswer(start["status"], content_type, kept.decode())


class InTurn:
    """ASGI middleware before the routes: so many commands at once, and the others wait without a thread.

    What reads goes on meanwhile, however long the store is locked. Who asks is found out before the body is read, and
    once more when it is their turn.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry out a command once one of those before it is done; 503 where that takes too long."""
        if not is_command(scope):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            scope["asker"] = await asker_of(request)
        except Problem:  # the route says it too, and what nobody known sends isn't read
            await self.app(scope, told_at_once(b"", receive), send)
            return
        with move_on_after(SLOWEST_BODY) as reading:
            body = await request.body()
        if reading.cancelled_caught:
            await answer(Problem(408, HTTP_REMEDIES[408]))(scope, receive, send)
            return
        turn = the_office(request).writers
        with move_on_after(PATIENCE) as waiting:
            await turn.acquire()
        if waiting.cancelled_caught:
            await answer(of_store(Busy()))(scope, receive, send)
            return
        try:
            del scope["asker"]  # a body and a turn take a while: who was let go meanwhile does nothing any more
            with suppress(Problem):  # the route says it
                scope["asker"] = await asker_of(request)
            await self.app(scope, told_at_once(body, receive), send)
        finally:
            turn.release()


def told_at_once(body: bytes, then: Receive) -> Receive:
    """A channel that has the whole body already."""
    unread = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return next(unread, None) or await then()

    return receive


def describe(paths: dict[str, Any]) -> None:
    """Add the header to every POST of an OpenAPI description that takes it."""
    for path, methods in paths.items():
        if path not in OPEN_PATHS and (about := methods.get("post")):
            others = [each for each in about.get("parameters", []) if each["name"].lower() != HEADER.lower()]
            about["parameters"] = [*others, PARAMETER]
