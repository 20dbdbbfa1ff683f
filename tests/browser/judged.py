"""A quarter of the demo bank brought to final grades by its people, through the API: each step by who may take it."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from api.client import Client
from projections.answers.reviews import ReviewRow
from tests.browser.conftest import ServedBank

RATED, APPROVED, OPENED = "chief", "board", "people-office"
"""Who rates, approves and makes final: of the whole bank, so that three people are enough."""


def judged(bank: ServedBank, quarter: str, first: int = 0, many: int = 2) -> list[str]:
    """Open the quarter, and bring so many of its reviews to final grades, from the nth on by id; whose are final."""
    for name, role in ((RATED, "supervisor"), (APPROVED, "approver"), (OPENED, "hr")):
        if not bank.client.list_users(find=name).users:
            bank.let_in(name, role)
    with bank.as_user(OPENED) as hr, bank.as_user(RATED) as chief, bank.as_user(APPROVED) as board:
        today: date = hr.me().today
        chief.seen = hr.open_review_quarter(quarter, today + timedelta(days=3)).position
        rows = _all(chief, quarter)
        wanted = rows[first : first + many]
        for row in wanted:
            _rate(chief, row, today)
        submitted = chief.submit_reviews(quarter, _versions(chief, quarter, wanted))
        board.seen = submitted.position
        approved = board.approve_reviews(quarter, _versions(board, quarter, wanted))
        hr.seen = max(_answered(bank, row, approved.position) for row in wanted)
        final = hr.finalise_reviews(quarter, _versions(hr, quarter, wanted))
    bank.client.seen = final.position
    return [line.rm for line in final.results if line.outcome == "accepted"]


def _all(client: Client, quarter: str) -> list[ReviewRow]:
    page = client.list_reviews(quarter, limit=200)
    assert page.after is None
    return sorted(page.reviews, key=lambda row: row.rm)


def _rate(chief: Client, row: ReviewRow, today: date) -> None:
    """Rate all that is to be rated at four fifths, comment, and talk about it."""
    ratings = {one.indicator: one.best * Decimal("0.8") for one in chief.read_review(row.rm, row.quarter).ratings}
    chief.rate_review(row.rm, row.quarter, ratings, "A steady quarter.")
    chief.record_interview(row.rm, row.quarter, today, "Talked the quarter over.")


def _answered(bank: ServedBank, row: ReviewRow, position: int) -> int:
    """The RM has seen the result; where the log has it."""
    secret = bank.identity.create_token(row.rm, "rm")
    assert isinstance(secret, str)
    with Client(bank.address, token=secret, patience=60) as rm:
        rm.seen = position
        return rm.acknowledge_review(row.rm, row.quarter).position


def _versions(client: Client, quarter: str, wanted: Sequence[ReviewRow]) -> dict[str, int]:
    names = {row.rm for row in wanted}
    return {row.rm: row.version for row in _all(client, quarter) if row.rm in names}
