"""How a number of things is told to people: in thousands, and one of them as one."""


def counted(number: int, noun: str) -> str:
    """Like `1 event` and `288,799 events`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
