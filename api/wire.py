"""How the API is asked: over which transport, how often again, what of its answers is kept, and how it refuses.

Which questions there are stands in api/client.py.
"""

import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import httpx
from pydantic import TypeAdapter, ValidationError

from api.receipts import BatchReceipt, FieldFault, Noted, ProblemBody, Receipt, ReviewsReceipt
from api.settings import COOKIE

IN_PROCESS = "http://in-process"
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 30.0
BEING_DONE = 5.0
"""Seconds that a command waits while the same one is being done, before that is told."""
KEPT_SECONDS = 2.0
"""A connection that rests longer is not used again: a server hangs up after five, and what is sent at that moment is
lost."""
RETRY, NOT_MODIFIED, DATA = "retry-after", 304, "data: "
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts on this very machine: what is sent to them, tokens too, goes through no proxy that the environment names."""
HELD = 16
"""Answers that a client keeps, those asked for last."""
T = TypeVar("T")


class ApiProblem(Exception):
    """The API refused or could not answer: status, title, detail, the fields at fault, and whether that passes."""

    def __init__(
        self, status: int, title: str, detail: str, errors: Sequence[FieldFault] = (), passing: bool = False
    ) -> None:
        super().__init__(f"{title}: {detail}")
        self.status, self.title, self.detail, self.errors = status, title, detail, list(errors)
        self.passing = passing


class Wire:
    """One connection to one API, as one person or machine.

    `seen` is the newest log position that the client knows of: its reads wait for it, so that it sees what it wrote.
    """

    def __init__(
        self,
        base_url: str | None = None,
        token: str | None = None,
        cookie: str | None = None,
        transport: httpx.BaseTransport | None = None,
        patience: float = 0.0,
    ) -> None:
        base = base_url or IN_PROCESS
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if cookie:
            headers |= {"Cookie": f"{COOKIE}={cookie}", "Origin": base.rstrip("/")}
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        self._http = httpx.Client(
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=KEPT_SECONDS),
            base_url=base, headers=headers, transport=transport, timeout=timeout,
            trust_env=httpx.URL(base).host not in LOOPBACK,
        )  # fmt: skip
        self._patience = patience
        self._held: OrderedDict[object, tuple[str, Any]] = OrderedDict()
        self.seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _get(
        self, shape: type[T], path: str, asked: Mapping[str, Any] | None = None, min_position: int | None = None
    ) -> T:
        position = max(min_position or 0, self.seen)
        query = {name: value for name, value in (asked or {}).items() if value is not None}
        question = (path, tuple(query.items()))
        query |= {"min_position": position} if position else {}
        if isinstance(as_of := query.get("as_of"), int):
            query["as_of"] = f"{as_of:09}"  # a position is never taken for a date
        tag, answer = self._held.get(question, ("", None))
        headers = {"If-None-Match": tag} if tag else {}
        try:
            response = self._again_while(503, self._patience, "GET", path, params=query, headers=headers)
            if not (tag and response.status_code == NOT_MODIFIED):
                answer = self._answer(shape, response)
            self._hold(question, response.headers.get("etag", ""), answer)
            return cast("T", answer)
        except ApiProblem as problem:
            beyond = problem.status == 422 and [each.pointer for each in problem.errors] == ["/min_position"]
            if not self.seen or not beyond:
                raise
            self.seen = 0  # the bank was restored from a backup older than what this client wrote
            return self._get(shape, path, asked, min_position)

    def _hold(self, question: object, tag: str, answer: object) -> None:
        """Keep an answer that has a tag: asked again while nothing has changed, it does not cross the wire again."""
        self._held.pop(question, None)
        if tag:
            self._held[question] = (tag, answer)
        while len(self._held) > HELD:
            self._held.popitem(last=False)

    def _post(
        self,
        shape: type[T],
        path: str,
        body: Any,
        idempotency_key: str | None = None,
        version: int | None = None,
    ) -> T:
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        headers |= {"If-Match": f'"{version}"'} if version is not None else {}
        answer = self._answer(shape, self._again_while(409, BEING_DONE, "POST", path, json=body, headers=headers))
        if isinstance(answer, Receipt | BatchReceipt | Noted | ReviewsReceipt):
            self.seen = max(self.seen, answer.position)
        return answer

    def _again_while(self, status: int, seconds: float, method: str, path: str, **how: Any) -> httpx.Response:
        """Ask again as long as the answer is `not yet` and there is time."""
        deadline = time.monotonic() + seconds
        answer = self._http_send(method, path, **how)
        while answer.status_code == status and RETRY in answer.headers and time.monotonic() < deadline:
            time.sleep(float(answer.headers[RETRY]))
            answer = self._http_send(method, path, **how)
        return answer

    def _http_send(self, method: str, path: str, **how: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **how)
        except httpx.TransportError as error:
            raise _away() from error

    def _told(self, shape: type[T], path: str, asked: Mapping[str, Any]) -> Iterator[T]:
        """What a stream of events tells, until it ends or is closed."""
        with self._streamed(path, asked) as answer:
            for line in answer.iter_lines():
                if line.startswith(DATA):
                    yield _adapter(shape).validate_json(line.removeprefix(DATA))

    def _pieces(self, path: str, asked: Mapping[str, Any]) -> Iterator[bytes]:
        """A file as it comes, however long the first piece takes: a workbook comes once it is whole."""
        unhurried = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS, read=None)
        with self._streamed(path, asked, timeout=unhurried) as answer:
            yield from answer.iter_bytes()

    def _content(self, path: str, asked: Mapping[str, Any]) -> bytes:
        """A file at once."""
        answer = self._http_send("GET", path, params=asked)
        if answer.is_success:
            return answer.content
        raise _problem(answer)

    @contextmanager
    def _streamed(self, path: str, query: Mapping[str, Any], **how: Any) -> Iterator[httpx.Response]:
        """An answer that comes bit by bit, once it is known to be one."""
        given = {name: value for name, value in query.items() if value is not None}
        try:
            with self._http.stream("GET", path, params=given, **how) as answer:
                if not answer.is_success:
                    answer.read()
                    raise _problem(answer)
                yield answer
        except httpx.TransportError as error:
            raise _away() from error

    @staticmethod
    def _answer(shape: type[T], response: httpx.Response, also: tuple[int, ...] = ()) -> T:
        if response.is_success or response.status_code in also:
            return _adapter(shape).validate_json(response.content)
        raise _problem(response)


_adapters: dict[Any, TypeAdapter[Any]] = {}


def _adapter(shape: type[T]) -> TypeAdapter[T]:
    if shape not in _adapters:
        _adapters[shape] = TypeAdapter(shape)
    return _adapters[shape]


def _away() -> ApiProblem:
    detail = "start it with `appraise serve`, or look whether its address is right"
    return ApiProblem(503, "The API does not answer", detail)


def _problem(response: httpx.Response) -> ApiProblem:
    try:
        body = ProblemBody.model_validate_json(response.content)
    except ValidationError:
        return ApiProblem(response.status_code, "Not this API", "look whether the address is right")
    return ApiProblem(body.status, body.title, body.detail, body.errors, RETRY in response.headers)
