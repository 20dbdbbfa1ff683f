"""Failed sign-ins, counted so that passwords can't be guessed by trying."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock


class Attempts:
    """At most `limit` failures per key within `seconds`; kept in memory, since one process owns the bank's door."""

    def __init__(self, limit: int, seconds: int = 300, now: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._seconds, self._now = limit, seconds, now
        self._failures: dict[str, deque[float]] = {}
        self._lock = Lock()

    def wait(self, key: str) -> int:
        """Seconds until this key may try again; 0 while it may."""
        with self._lock:
            self._forget_old()
            failures = self._failures.get(key)
            if failures is None or len(failures) < self._limit:
                return 0
            return max(1, int(failures[0] + self._seconds - self._now()))

    def failed(self, key: str) -> None:
        """Count a failure."""
        with self._lock:
            self._failures.setdefault(key, deque(maxlen=self._limit)).append(self._now())

    def succeeded(self, key: str) -> None:
        """A key that got in starts anew."""
        with self._lock:
            self._failures.pop(key, None)

    def _forget_old(self) -> None:
        oldest = self._now() - self._seconds
        for key, failures in list(self._failures.items()):
            while failures and failures[0] <= oldest:
                failures.popleft()
            if not failures:
                del self._failures[key]
