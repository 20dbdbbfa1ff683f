"""What a page costs: the calls to the API that it makes when it is opened, by name and number."""

from collections import Counter

import pytest

from dashboard.screens import pending
from tests.dashboard.conftest import Open
from tests.dashboard.small_bank import SmallBank, me

CALLS = [
    ("leaderboard", "rm", "me list_units leaderboard leaderboard_history"),
    ("leaderboard", "supervisor", "me list_units leaderboard leaderboard_history grades"),
    ("scorecard", "rm", "me scorecard worklog leaderboard"),
    ("scorecard", "supervisor", "me list_rms scorecard worklog leaderboard"),
    ("record", "rm", "me worklog worklog"),  # the last of three months for the form, and the week that is shown
    ("record", "supervisor", "me list_rms worklog"),
    ("events", "auditor", "me list_schemes read_scheme list_units list_events"),
    ("setup", "admin", "me setup"),
    ("checks", "supervisor", "me list_units quarterly_checks quarterly_checks organisation worklog"),
    ("scheme", "rm", "me list_schemes read_scheme scheme_differences"),
    ("verify", "supervisor", "me list_actions list_schemes read_scheme"),
    ("organisation", "supervisor", "me list_units organisation"),
]
"""Page, who opens it by a link, and the calls in any order. What People asks stands in test_people."""


@pytest.mark.parametrize(("page", "role", "calls"), CALLS)
def test_a_page_costs_these_calls_and_no_more(opened: Open, page: str, role: str, calls: str) -> None:
    pending.kinds_of.clear()  # else a scheme is read once a process
    bank = SmallBank(person=me(role))
    opened(bank, page)
    assert Counter(name for name, _ in bank.sent) == Counter(calls.split())
