"""What the last steps of the read model touched: whose figures, and which tables that hold for everybody."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

STEPS = 256
"""Steps that are remembered."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What differs between two positions: the RMs whose figures may, and the tables that have changed."""

    rms: frozenset[str]
    tables: frozenset[str]


class Touches:
    """The last steps, each from one position to the next. One that was begun and not kept is told anew by the next."""

    def __init__(self) -> None:
        self._steps: OrderedDict[int, tuple[int, Touched | None]] = OrderedDict()
        self._lock = Lock()

    def note(self, after: int, reached: int, touched: Touched | None) -> None:
        """Remember a step, before it is seen; None where it touched too many to tell."""
        with self._lock:
            self._steps[after] = (reached, touched)
            self._steps.move_to_end(after)
            while len(self._steps) > STEPS:
                self._steps.popitem(last=False)

    def between(self, after: int, reached: int) -> Touched | None:
        """What the steps from one position to another touched; None where that is not known."""
        rms, tables = set[str](), set[str]()
        with self._lock:
            while after < reached:
                after, touched = self._steps.get(after, (reached, None))
                if touched is None:
                    return None
                rms |= touched.rms
                tables |= touched.tables
        return Touched(frozenset(rms), frozenset(tables)) if after == reached else None
