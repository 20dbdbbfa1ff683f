"""An RM's portfolio, and the ready measures behind a score line, as the API tells them."""

import pytest

from api.client import ApiProblem
from domain.calendar import Quarter
from domain.refusal import Taken
from tests.api.house import House
from tests.bank import SCHEME, publish_scheme


def assign(bank: House, customer: str, **more: str) -> int:
    """Put a customer under the A post of `r1`; the position."""
    line = {"customer": customer, "segment": "premium", "assets": "500000.50", "a_rm": "r1", "b_rm": "r2"}
    taken = bank.office.bank.assign_customers([line | more], "core")[0]
    assert isinstance(taken, Taken), taken
    bank.caught_up()
    return taken.position


def test_a_portfolio_names_each_customer_with_segment_assets_and_post(own_bank: House) -> None:
    position = assign(own_bank, "客户/7")
    assign(own_bank, "C8", a_rm="r2", b_rm="r1", assets="1")
    own = own_bank.ask("GET", "/v1/rms/r1/portfolio", "rm").json()
    assert own["total"] == 2
    assert own["customers"] == [
        {"customer": "C8", "segment": "premium", "assets": "1", "post": "B", "position": position + 1},
        {"customer": "客户/7", "segment": "premium", "assets": "500000.5", "post": "A", "position": position},
    ]


def test_a_portfolio_is_asked_page_by_page_and_as_of_a_position(own_bank: House) -> None:
    positions = [assign(own_bank, customer) for customer in ("客户 1", "客户 2", "客户 3")]
    client = own_bank.client("rm")
    first = client.portfolio("r1", limit=2)
    rest = client.portfolio("r1", limit=2, after=first.after)
    assert [each.customer for each in [*first.customers, *rest.customers]] == ["客户 1", "客户 2", "客户 3"]
    assert (first.total, rest.total, rest.after) == (3, 3, None)
    assert client.portfolio("r1", as_of=positions[0]).total == 1


def test_nobody_sees_the_portfolio_of_an_rm_who_does_not_exist(bank: House) -> None:
    assert bank.ask("GET", "/v1/rms/nobody/portfolio", "admin").status_code == 404
    with pytest.raises(ApiProblem) as problem:
        bank.client("rm").portfolio("nobody")
    assert problem.value.status == 403


def test_behind_a_score_line_stand_the_measures_that_came_ready(own_bank: House) -> None:
    bank, quarter = own_bank.office.bank, Quarter.of(own_bank.today)
    done = publish_scheme(bank, SCHEME.replace("2026-01-01", str(quarter.first_day)))
    assert isinstance(done, Taken), done
    line = {"source": "dw", "external_ref": "1", "rm": "r1", "indicator": "profit", "quarter": str(quarter)}
    delivered = bank.record_measures([line | {"value": "12.50", "as_of": str(quarter.first_day)}], "dw")[0]
    assert isinstance(delivered, Taken), delivered
    own_bank.caught_up()
    card = own_bank.client("rm").scorecard("r1", str(quarter))
    assert [(one.events, str(one.measured)) for one in card.lines if one.indicator == "profit"] == [(1, "12.5")]
    behind = own_bank.ask("GET", f"/v1/rms/r1/scorecards/{quarter}/lines/profit/events", "rm").json()
    assert (behind["events"], behind["total"]) == ([], 1)
    (measure,) = behind["measures"]
    assert measure["recorded_at"].endswith("Z")
    del measure["recorded_at"]
    assert measure == {
        "position": delivered.position, "measure_id": "measure:dw:1", "source": "dw", "value": "12.5",
        "as_of": str(quarter.first_day), "stands": True, "by": "dw",
    }  # fmt: skip
