"""Failed sign-ins, counted so that passwords can't be guessed by trying."""

import time
from collections import deque
from collections.abc import Callable
from math import inf
from threading import Lock


class Attempts:
    """At most `limit` failures per key within `seconds`; kept in memory, since one process owns the bank's door.

    Of more than `most` keys those that failed longest ago are forgotten, so that nobody fills the memory.
    """

    def __init__(
        self, limit: int, seconds: int = 300, now: Callable[[], float] = time.monotonic, most: int = 10_000
    ) -> None:
        self._limit, self._seconds, self._now, self._most = limit, seconds, now, most
        self._failures: dict[str, deque[float]] = {}
        """In the order of the newest failure of each key."""
        self._lock = Lock()

    def wait(self, key: str) -> int:
        """Seconds until this key may try again; 0 while it may."""
        with self._lock:
            oldest = self._now() - self._seconds
            failures = self._failures.get(key, deque())
            while failures and failures[0] <= oldest:
                failures.popleft()
            if len(failures) < self._limit:
                return 0
            return max(1, int(failures[0] + self._seconds - self._now()))

    def failed(self, key: str) -> None:
        """Count a failure."""
        with self._lock:
            self._failures[key] = failures = self._failures.pop(key, deque(maxlen=self._limit))
            failures.append(self._now())
            self._forget_old()

    def taken_back(self, key: str) -> None:
        """The newest failure of a key was none."""
        with self._lock:
            if failures := self._failures.get(key):
                failures.pop()

    def succeeded(self, key: str) -> None:
        """A key that got in starts anew."""
        with self._lock:
            self._failures.pop(key, None)

    def _forget_old(self) -> None:
        oldest = self._now() - self._seconds
        while len(self._failures) > self._most or _newest(next(iter(self._failures.values()))) <= oldest:
            del self._failures[next(iter(self._failures))]


def _newest(failures: deque[float]) -> float:
    return failures[-1] if failures else -inf
