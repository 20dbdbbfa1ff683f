"""Who is signed in, as a browser tells it: sessions that end, two tabs, cookies and sites that are not ours."""

import re

import pytest
from playwright.sync_api import Page, expect

from api.demo.sign_ins import PASSWORD
from api.settings import COOKIE
from dashboard.words import Say
from tests.browser.conftest import ServedBank, Visit

SIGN_IN = re.compile(r"/sign-in\?next=")
STRANGER = "http://127.0.0.1:9/"
"""Another port of the same machine: to a browser it is the same site, so the cookie travels."""


def come_back(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()


def test_a_click_after_the_session_has_ended_leads_to_the_sign_in_and_back_to_what_was_asked(
    bank: ServedBank, visit: Visit
) -> None:
    secret, say = bank.identity.open_session("rm"), Say("en")
    page = visit("rm", "/record?view=month&lang=en", secret)
    expect(page.get_by_role("button", name=say("Later"))).to_be_visible()
    bank.identity.sign_out(secret)
    page.get_by_role("link", name=say("Scorecard")).click()
    expect(page).to_have_url(SIGN_IN)
    expect(page.get_by_text("Your session has ended").first).to_be_visible()
    come_back(page, "rm")
    expect(page).to_have_url(re.compile("/scorecard"))
    expect(page.get_by_text(say("How the score comes about"))).to_be_visible()


def test_who_signs_out_in_one_tab_is_signed_out_in_the_other(visit: Visit) -> None:
    say = Say("en")
    first = visit("rm", "/scorecard?lang=en")
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.get_by_text(say("How the score comes about"))).to_be_visible()
    second.get_by_role("button", name=say("Sign out")).click()
    expect(second).to_have_url(re.compile("/sign-in"))
    first.get_by_role("link", name=say("Work log")).click()
    expect(first).to_have_url(SIGN_IN)
    expect(first.get_by_text("Your session has ended").first).to_be_visible()


def test_a_forged_cookie_sees_the_sign_in_and_nothing_else(page: Page, bank: ServedBank) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": "A" * 43, "url": bank.address}])
    page.goto(f"{bank.address}/scorecard")
    expect(page).to_have_url(SIGN_IN)


@pytest.mark.parametrize("path", ["/sign-out", "/v1/actions"])
def test_a_form_on_another_address_changes_nothing_for_who_is_signed_in(
    bank: ServedBank, visit: Visit, path: str
) -> None:
    page = visit("rm", "/scorecard?lang=en")
    form = f'<form method="post" action="{bank.address}{path}"><button>Win</button></form>'
    page.route(STRANGER, lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto(STRANGER)
    with page.expect_response(bank.address + path) as answer:
        page.get_by_role("button", name="Win").click()
    assert COOKIE in answer.value.request.all_headers()["cookie"]
    assert answer.value.status == 403
    page.goto(f"{bank.address}/scorecard?lang=en")
    expect(page.get_by_text(Say("en")("How the score comes about"))).to_be_visible()
