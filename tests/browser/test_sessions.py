"""Who is signed in, as a browser tells it: the way in and out, sessions that end, two tabs, cookies and sites that are
not ours. The sign-in page speaks both languages at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from api.demo.sign_ins import PASSWORD
from api.settings import COOKIE
from dashboard.words import LANGUAGES, Say
from tests.browser.conftest import Visit

SIGN_IN = re.compile(r"/sign-in\?next=")
STRANGER = "http://127.0.0.1:9/"
"""Another port of the same machine: to a browser it is the same site, so the cookie travels."""
say = Say("en")


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").first.click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_to_a_filtered_page_leads_through_the_sign_in_back_to_exactly_that_page_and_out_again(
    visit: Visit, language: str
) -> None:
    own = Say(language)
    link = f"{visit.bank.address}/events?kind=visit&quarter=2026Q3&from=2026-08-03&order=oldest&lang={language}"
    page = visit.window()
    page.goto(link)
    expect(page).to_have_url(SIGN_IN)
    sign_in(page, "auditor")
    expect(page.get_by_role("heading", level=1)).to_have_text(own("Events"))
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page).to_have_url(link)
    page.get_by_role("button", name=own("Sign out")).click()
    expect(page).to_have_url(re.compile("/sign-in$"))
    page.go_back()
    expect(page).to_have_url(SIGN_IN)
    assert COOKIE not in [cookie.get("name") for cookie in visit.context.cookies()]


@pytest.mark.parametrize("path", ["checks", "no-such-page"])
def test_a_newcomer_who_follows_a_link_changes_the_password_first_and_then_stands_there(
    visit: Visit, path: str
) -> None:
    name, given = f"new-{path}", "given-out-today"
    assert visit.bank.identity.add_user(name, given, "hr", one_time=True) is None
    link = f"{visit.bank.address}/{path}?lang=en&light=red"
    page = visit.window()
    page.goto(link)
    sign_in(page, name, given)
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Choose your own password"))
    for field, typed in (("own-old", given), ("own-new", PASSWORD), ("own-again", PASSWORD)):
        page.locator(f".st-key-{field} input").fill(typed)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name=say("Change password")).click()
    title = {"checks": "Quarterly check", "no-such-page": "Nothing stands at this address"}[path]
    expect(page.get_by_role("heading", name=say(title))).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(link)))
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_click_after_the_session_has_ended_leads_to_the_sign_in_and_back_to_what_was_asked(visit: Visit) -> None:
    secret = visit.bank.identity.open_session("rm")
    page = visit("rm", "/record?view=month&lang=en", secret)
    expect(page.get_by_role("button", name=say("Later"))).to_be_visible()
    visit.bank.identity.sign_out(secret)
    page.get_by_role("link", name=say("Scorecard")).click()
    expect(page).to_have_url(SIGN_IN)
    expect(page.get_by_text("Your session has ended").first).to_be_visible()
    sign_in(page, "rm")
    expect(page).to_have_url(re.compile("/scorecard"))
    expect(page.get_by_text(say("How the score comes about"))).to_be_visible()


def test_a_page_that_connects_anew_after_its_session_has_ended_leads_to_the_sign_in(visit: Visit) -> None:
    secret = visit.bank.identity.open_session("rm")
    page = visit("rm", "/scorecard?lang=en", secret)
    expect(page.get_by_role("button", name=say("Sign out"))).to_be_visible()
    visit.bank.identity.sign_out(secret)
    socket = f"new WebSocket('{visit.bank.address.replace('http', 'ws', 1)}/_stcore/stream', ['streamlit'])"
    page.evaluate(f"() => void ({socket})")  # as Streamlit's page does when its connection was lost
    expect(page).to_have_url(SIGN_IN)
    expect(page.get_by_text("Your session has ended").first).to_be_visible()


def test_who_signs_out_in_one_tab_is_signed_out_in_the_other(visit: Visit) -> None:
    first, second = visit("rm", "/record?lang=en"), visit.window()
    second.goto(first.url)
    second.get_by_role("button", name=say("Sign out")).click()
    expect(second).to_have_url(re.compile("/sign-in"))
    first.get_by_role("link", name=say("Scorecard")).click()
    expect(first).to_have_url(SIGN_IN)
    expect(first.get_by_text("Your session has ended").first).to_be_visible()


def test_a_forged_cookie_sees_the_sign_in_and_nothing_else(visit: Visit) -> None:
    visit.signed_in("A" * 43)
    page = visit.window()
    page.goto(f"{visit.bank.address}/scorecard")
    expect(page).to_have_url(SIGN_IN)


def test_a_form_on_another_address_changes_nothing_for_who_is_signed_in(visit: Visit) -> None:
    address, secret = visit.bank.address, visit.bank.identity.open_session("rm")
    visit.signed_in(secret)
    page = visit.window()
    paths = ("/sign-out", "/v1/actions")
    forms = [f'<form method="post" action="{address}{path}"><button>{path}</button></form>' for path in paths]
    page.route(STRANGER, lambda route: route.fulfill(body="".join(forms), content_type="text/html"))
    for path in paths:
        page.goto(STRANGER)
        with page.expect_response(address + path) as answer:
            page.get_by_role("button", name=path).click()
        assert COOKIE in answer.value.request.all_headers()["cookie"]
        assert answer.value.status == 403
    page.unroute(STRANGER)
    assert visit.bank.identity.of_session(secret)
    visit.noticed.clear()  # the stranger's doing
