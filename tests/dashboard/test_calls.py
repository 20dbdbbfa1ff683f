"""What a page costs: the calls to the API that it makes when it is opened, by name and number."""

from collections import Counter

import pytest

from dashboard.screens import pending
from tests.dashboard.conftest import Open
from tests.dashboard.paid import QUARTER, REVIEW, Paid, run
from tests.dashboard.review_bank import ReviewBank
from tests.dashboard.small_bank import SmallBank, me

CALLS = [
    ("leaderboard", "rm", "me inbox list_units seasons leaderboard leaderboard_history awards points"),
    ("leaderboard", "supervisor", "me inbox list_units seasons leaderboard leaderboard_history grades"),
    ("scorecard", "rm", "me inbox scorecard worklog leaderboard"),
    ("scorecard", "supervisor", "me inbox list_rms scorecard worklog leaderboard"),
    ("awards", "rm", "me inbox awards points"),
    ("record", "rm", "me inbox worklog worklog"),  # the last of three months for the form, and the week that is shown
    ("record", "supervisor", "me inbox list_rms worklog"),
    ("events", "auditor", "me list_schemes read_scheme list_units list_events"),
    ("setup", "admin", "me setup"),
    ("checks", "supervisor", "me inbox list_units quarterly_checks quarterly_checks organisation worklog"),
    ("scheme", "rm", "me inbox list_schemes read_scheme scheme_differences"),
    ("verify", "supervisor", "me inbox list_actions list_schemes read_scheme"),
    ("organisation", "supervisor", "me inbox list_units organisation"),
    ("fairness", "hr", "me inbox list_units fairness"),
]
"""Page, who opens it by a link, and the calls in any order. What People asks stands in test_people."""
PAID = [
    ("completeness", "me inbox payroll_progress"),
    ("changes", "me inbox payroll_changes"),
    ("runs", "me inbox list_runs payroll_progress"),
]
"""The parts of payroll's page."""
REVIEWS = [
    ("reviews", "supervisor", "me inbox list_units list_reviews", {}),
    ("reviews", "approver", "me inbox list_units list_reviews", {}),
    ("reviews", "hr", "me inbox list_units list_reviews review_quarter", {}),
    # the list is asked for the neighbours, where the page was opened by a link
    (
        "reviews",
        "supervisor",
        "me inbox read_review list_reviews name_people",
        {"review": "rm001", "quarter": "2026Q2"},
    ),
    ("review", "rm", "me inbox read_review name_people", {}),
]
"""The pages of the review, and what is in their address; who stands behind the ids is asked once a session."""
AUDITED = "me list_schemes read_scheme list_rms list_events list_events list_events"
"""A review: its own stream, inspections and votes; each final grade asks for the words of its scheme once."""


@pytest.mark.parametrize(("page", "role", "calls"), CALLS)
def test_a_page_costs_these_calls_and_no_more(opened: Open, page: str, role: str, calls: str) -> None:
    pending.kinds_of.clear()  # else a scheme is read once a process
    bank = SmallBank(person=me(role))
    opened(bank, page)
    assert Counter(name for name, _ in bank.sent) == Counter(calls.split())


@pytest.mark.parametrize(("page", "role", "calls", "asked"), REVIEWS)
def test_a_page_of_the_review_costs_these_calls_and_no_more(
    opened: Open, page: str, role: str, calls: str, asked: dict[str, str]
) -> None:
    bank = ReviewBank(person=me(role))
    opened(bank, page, **asked)
    assert Counter(name for name, _ in bank.sent) == Counter(calls.split())


@pytest.mark.parametrize(("part", "calls"), PAID)
def test_a_part_of_payrolls_page_costs_these_calls_and_no_more(opened: Open, part: str, calls: str) -> None:
    bank = Paid(person=me("hr"))
    opened(bank, "payroll", part=part)
    assert Counter(name for name, _ in bank.sent) == Counter(calls.split())


def test_one_run_costs_its_answer_its_differences_its_timeline_and_to_release_it_the_moves_between_tiers(
    opened: Open,
) -> None:
    bank = Paid(person=me("hr"), runs=[run()])
    opened(bank, "payroll", part="runs", run="1")
    assert Counter(name for name, _ in bank.sent) == Counter(
        ["me", "inbox", "read_run", "run_differences", "run_timeline", "payroll_changes", "name_people"]
    )


def test_the_timeline_of_a_review_costs_three_questions_about_events(opened: Open) -> None:
    pending.kinds_of.clear()
    bank = Paid(person=me("auditor"), history=REVIEW[:2])
    opened(bank, "trail", rm="rm005", quarter=QUARTER)
    assert Counter(name for name, _ in bank.sent) == Counter(AUDITED.split())
