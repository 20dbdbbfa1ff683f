"""Much work in a moment, and hands on the store behind the bank's back."""

import sqlite3
from contextlib import closing

from tests.bank import TestBank, all_done


def recorded(story: TestBank, first: int, number: int) -> None:
    """Some deposits, quicker than one by one."""
    lines = [story.line(f"n{n}", "deposit", amount="5") for n in range(first, first + number)]
    all_done(story.bank.record_actions(lines, "crm"))


def tampered(story: TestBank, *statements: str) -> None:
    """Change the store behind the bank's back."""
    with closing(sqlite3.connect(story.folder / "bank.sqlite")) as con, con:
        for statement in statements:
            con.execute(statement)
