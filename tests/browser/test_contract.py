"""A contract in the browser: the outlet has signed it, its RM and the department do, and then it is amended."""

from playwright.sync_api import Page, expect

from dashboard.words import Say
from tests.browser.conftest import Visit

SAY = Say("en")


def sign(page: Page) -> None:
    """Sign the contract that is shown."""
    page.get_by_role("button", name=SAY("Sign this contract")).click()
    page.get_by_role("button", name=SAY("Yes, do it")).click()
    expect(page.get_by_text(SAY("Signed."), exact=True)).to_be_visible()


def test_three_people_sign_and_a_change_asks_all_of_them_again(visit: Visit) -> None:
    year = visit.bank.client.me().today.year + 1
    address = f"/contract?year={year}&rm=R0002&lang=en"
    sign(visit("rm", f"/contract?year={year}&lang=en"))
    page = visit("approver", address)
    sign(page)
    contract = visit.bank.client.read_contract("R0002", year)
    assert (contract.state, len(contract.signed)) == ("signed", 3)
    first = contract.lines[0]
    line = {"quarter": first.quarter, "indicator": first.indicator, "target": "99", "base": None}
    visit.bank.as_user("supervisor").propose_targets("R0002", year, [line], "a second outlet")
    page = visit("rm", f"/contract?year={year}&lang=en")
    expect(page.get_by_role("button", name=SAY("Sign this contract"))).to_be_visible()
    assert visit.bank.client.read_contract("R0002", year).signed == []
