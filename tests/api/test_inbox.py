"""Whose inbox a review stands in, over HTTP."""

from datetime import date, datetime, time

from api.days import close_missed_days
from domain.calendar import after_working_days
from tests.api.reviewing import Reviewed


def test_what_is_long_overdue_waits_for_the_next_one_up_as_well(quarter: Reviewed) -> None:
    quarter.come_to("open")
    bank = quarter.house.office.bank
    due_on = date.fromisoformat(quarter.read()["row"]["due_on"])

    def waits(day: date) -> dict[str, list[bool]]:
        """Who has the review in the inbox on a day, and whether as escalated."""
        bank.clock = lambda: datetime.combine(day, time(9), bank.timezone)
        close_missed_days(bank)
        found = {}
        for who in ("head-east", "director"):
            items = quarter.ask(who, "GET", "/v1/inbox").json()["items"]
            found[who] = [one["escalated"] for one in items if one["row"]["rm"] == "r1"]
        return found

    assert waits(due_on) == {"head-east": [False], "director": []}
    assert waits(after_working_days(due_on, 2)) == {"head-east": [False], "director": []}
    assert waits(after_working_days(due_on, 3)) == {"head-east": [False], "director": [True]}
