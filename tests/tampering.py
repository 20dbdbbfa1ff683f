"""Much work in a moment, and hands on the store."""

from tests.bank import TestBank, all_done


def recorded(story: TestBank, first: int, number: int) -> None:
    """Some deposits, quicker than one by one."""
    lines = [story.line(f"n{n}", "deposit", amount="5") for n in range(first, first + number)]
    all_done(story.bank.record_actions(lines, "crm"))


def tampered(story: TestBank, *statements: str) -> None:
    """Change the store without the bank's leave."""
    with story.bank.log.writing() as cursor:
        for statement in statements:
            cursor.execute(statement)
