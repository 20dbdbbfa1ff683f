"""What was worked out of single RMs, remembered: a page, its steps and what follows ask for the same one again."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """By RM, and what it was worked out of, which is never another: what the log said until then. Of more than `most`
    those asked for longest ago give way."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[Hashable, str], T] = OrderedDict()
        self._lock = Lock()

    def known(self, on: Hashable, rms: Iterable[str]) -> dict[str, T]:
        """What is remembered of some RMs."""
        with self._lock:
            found = {rm: self._kept[on, rm] for rm in rms if (on, rm) in self._kept}
            for rm in found:
                self._kept.move_to_end((on, rm))
        return found

    def keep(self, on: Hashable, found: Mapping[str, T]) -> Mapping[str, T]:
        """Remember some."""
        with self._lock:
            self._kept |= {(on, rm): each for rm, each in found.items()}
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found
