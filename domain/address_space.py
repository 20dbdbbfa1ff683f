"""The address space of this process: whether somebody limited it (`ulimit -v`), so that reserving it costs."""

import resource

NO_ROOM = "The memory that appraise may use is full: raise its limit (ulimit -v), or close other programs"


def limit() -> int | None:
    """Its bytes, where there is a limit."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft
