"""How those who wait for the log to move learn of it without a thread each: the follower's word on the event loop."""

import asyncio
from contextlib import suppress

from projections.follower import Follower

LOOK_AGAIN = 2.0
"""Seconds after which who waits looks up, though nothing moved: whether the server stops, whether anybody listens."""


class Moves:
    """The moves of one follower, as the event loop that made this sees them."""

    def __init__(self, follower: Follower) -> None:
        self._follower, self._loop, self._moved = follower, asyncio.get_running_loop(), asyncio.Event()
        self.listeners = 0
        """Who listens to a stream just now."""
        follower.tell = self._tell

    def _tell(self) -> None:
        """Called in the follower's thread."""
        with suppress(RuntimeError):  # the loop has ended: so has everybody on it
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def beyond(self, position: int) -> bool:
        """Wait for a while until the read model has gone beyond a position; whether it has."""
        if self._follower.position > position:
            return True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._moved.wait(), LOOK_AGAIN)
        return self._follower.position > position
