"""What a running server tells Prometheus: counts of requests and how long they took, and where the read model stands.

By hand, for it is little: the text format is a line per number. Requests are counted on the event loop alone, so that
no lock is waited for.
"""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds up to which a request falls into each bucket of the histogram."""
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NO_ROUTE = "none"
Labels = Mapping[str, str]


@dataclass
class Took:
    """How long the requests of one route took until their answer began."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


class Requests:
    """Every request so far: how many by route, method and status, and how long."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, int]] = Counter()
        self.took: dict[str, Took] = {}

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one."""
        self.counts[route, method, status] += 1
        took = self.took.setdefault(route, Took())
        took.buckets[bisect_left(BOUNDS, seconds)] += 1
        took.seconds += seconds


class Measured:
    """ASGI middleware around everything: notes each request when its answer begins, however long that goes on."""

    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self.app, self.requests = app, requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "name", NO_ROUTE)
                self.requests.note(route, scope["method"], message["status"], time.perf_counter() - begun)
            await send(message)

        await self.app(scope, receive, sending)


@dataclass(frozen=True)
class Metric:
    """One metric with its numbers, each under its labels."""

    name: str
    kind: str
    about: str
    numbers: Iterable[tuple[Labels, float]]

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it."""
        yield f"# HELP {self.name} {self.about}"
        yield f"# TYPE {self.name} {self.kind}"
        yield from (_line(self.name, labels, number) for labels, number in self.numbers)


def gauge(name: str, about: str, number: float) -> Metric:
    return Metric(f"appraise_{name}", "gauge", about, [({}, number)])


def counter(name: str, about: str, numbers: Iterable[tuple[Labels, float]]) -> Metric:
    return Metric(f"appraise_{name}_total", "counter", about, numbers)


def text_of(metrics: Iterable[Metric], requests: Requests) -> str:
    """Everything in Prometheus' text format."""
    counts = [
        ({"route": route, "method": method, "status": str(status)}, number)
        for (route, method, status), number in sorted(requests.counts.items())
    ]
    every = [*metrics, counter("http_requests", "Requests answered, by route, method and status.", counts)]
    lines = [line for metric in every for line in metric.lines()]
    return "\n".join([*lines, *_histogram(requests)]) + "\n"


def _histogram(requests: Requests) -> Iterator[str]:
    name = "appraise_http_request_seconds"
    yield f"# HELP {name} Seconds until a request's answer began, by route."
    yield f"# TYPE {name} histogram"
    for route, took in sorted(requests.took.items()):
        reached = 0
        for bound, number in zip([*map(str, BOUNDS), "+Inf"], took.buckets, strict=True):
            reached += number
            yield _line(f"{name}_bucket", {"route": route, "le": bound}, reached)
        yield _line(f"{name}_sum", {"route": route}, took.seconds)
        yield _line(f"{name}_count", {"route": route}, reached)


def _line(name: str, labels: Labels, number: float) -> str:
    told = ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items())
    return f"{name}{{{told}}} {number}" if told else f"{name} {number}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
