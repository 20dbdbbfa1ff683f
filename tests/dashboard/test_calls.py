"""What a page costs: the calls to the API that it makes when it is opened, by name and number."""

from collections import Counter

import pytest

from dashboard.screens import pending
from tests.dashboard.conftest import Open
from tests.dashboard.small_bank import SmallBank, me

CALLS = [
    ("leaderboard", "rm", "me leaderboard leaderboard_history"),
    ("leaderboard", "supervisor", "me leaderboard leaderboard_history grades"),
    ("scorecard", "rm", "me scorecard worklog leaderboard"),
    ("scorecard", "supervisor", "me list_rms scorecard worklog leaderboard"),
    ("record", "rm", "me worklog worklog"),  # the last of three months for the form, and the week that is shown
    ("record", "supervisor", "me list_rms worklog"),
    ("events", "auditor", "me list_schemes list_events"),
    ("setup", "admin", "me setup"),
    ("checks", "supervisor", "me quarterly_checks quarterly_checks organisation worklog"),
    ("verify", "supervisor", "me list_actions list_schemes read_scheme"),
    ("organisation", "supervisor", "me organisation"),
]
"""Page, who opens it, and the calls in any order; a page of a later day adds its row."""


@pytest.mark.parametrize(("page", "role", "calls"), CALLS)
def test_a_page_costs_these_calls_and_no_more(opened: Open, page: str, role: str, calls: str) -> None:
    pending.kinds_of.clear()  # else a scheme is read once a process
    bank = SmallBank(person=me(role))
    opened(bank)
    seen = len(bank.sent)
    opened(bank, page)
    once = Counter(name for name, _ in bank.sent[seen:])
    first = Counter(name for name, _ in bank.sent[:seen])
    assert once - first == Counter(calls.split())
