"""Results that were reckoned, remembered: a page, its steps and what follows ask for the same one again and again."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock

from domain.result import Result

MOST = 10_000
"""Results that are remembered; those asked for longest ago give way."""


class Remembered:
    """Results by RM and what they were reckoned on, which is never another: facts and ratings of the log until then."""

    def __init__(self) -> None:
        self._results: OrderedDict[tuple[Hashable, str], Result] = OrderedDict()
        self._lock = Lock()

    def of(self, on: Hashable, rms: Iterable[str]) -> dict[str, Result]:
        """Those of some RMs that are remembered."""
        with self._lock:
            found = {rm: self._results[on, rm] for rm in rms if (on, rm) in self._results}
            for rm in found:
                self._results.move_to_end((on, rm))
        return found

    def keep(self, on: Hashable, results: Iterable[Result]) -> None:
        """Remember some."""
        with self._lock:
            self._results |= {(on, result.rm): result for result in results}
            while len(self._results) > MOST:
                self._results.popitem(last=False)
