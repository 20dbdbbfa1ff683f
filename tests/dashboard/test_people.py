"""The administrator's screen, and one's own account: what is pressed becomes one call, what is refused is said."""

from typing import Any

import pytest

from api.client import ApiProblem
from api.receipts import FieldFault
from projections.answers import (
    Users,
)
from tests.dashboard.administered import Administered, administrator, calls
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import me


@pytest.fixture
def bank() -> Administered:
    return Administered(person=administrator())


def test_the_page_of_users_costs_two_calls(opened: Open, bank: Administered) -> None:
    opened(bank)
    assert [called for called, _ in bank.sent] == ["me", "list_users"]


def test_users_are_sought_on_the_server_and_a_search_begins_with_its_first_page(
    opened: Open, bank: Administered
) -> None:
    page = opened(bank, "people", after="anna", role="hr")
    page.text_input(key="people-find").input("an").run()
    first, *_, last = calls(bank, "list_users")
    assert (first["after"], first["role"]) == ("anna", "hr")
    assert (last["find"], last["after"], last["role"]) == ("an", None, "hr")


def test_a_token_is_made_and_shown_once(opened: Open, bank: Administered) -> None:
    page = opened(bank, "people", part="tokens")
    page.button(key="token-new").click().run()
    page.text_input(key="token-subject").input("crm")
    page.selectbox(key="token-scope-system").select("")
    page.text_input(key="token-sources").input("crm core")
    page.button(key="token-yes").click().run()
    assert calls(bank, "create_token") == [{"told": ("crm", "system", None, ["crm", "core"])}]
    assert page.code[0].value == "the-secret-of-a-token"


@pytest.mark.parametrize(("part", "said"), [("sessions", "Tick sessions"), ("changes", "User added")])
def test_sessions_and_changes_have_parts_of_their_own(opened: Open, bank: Administered, part: str, said: str) -> None:
    page = opened(bank, "people", part=part)
    assert said in " ".join([*(button.label for button in page.button), str(page.dataframe[0].value)])


def test_units_are_named_and_an_rms_token_has_none(opened: Open, bank: Administered) -> None:
    tokens, changes = (opened(bank, "people", part=part).dataframe[0].value for part in ("tokens", "changes"))
    assert list(tokens["scope"]) == ["the whole bank", "", "城东支行"]
    assert list(changes["scope"]) == ["城东支行"]


def test_an_auditor_reads_who_changed_what_and_nothing_else_of_the_page(opened: Open) -> None:
    bank = Administered(person=me("auditor"))
    page = opened(bank, "people")
    assert [called for called, _ in bank.sent] == ["me", "list_account_changes"]
    assert page.subheader[0].value == "Changes"
    assert list(page.dataframe[0].value["subject"]) == ["anna"]
    assert [button.key for button in page.button if str(button.key).startswith(("people", "token", "session"))] == []


def test_a_password_that_was_given_out_leads_to_its_change_and_nowhere_else(opened: Open, bank: Administered) -> None:
    bank.person = administrator(must_change_password=True)
    page = opened(bank)
    assert page.title[0].value == "Choose your own password"
    assert calls(bank, "list_users") == []
    page.text_input(key="own-old").input("given-out")
    page.text_input(key="own-new").input("my-own-password")
    page.text_input(key="own-again").input("my-own-passwort")
    page.button(key="own-change").click().run()
    assert "not typed the same way twice" in texts(page)
    page.text_input(key="own-old").input("given-out")
    page.text_input(key="own-new").input("my-own-password")
    page.text_input(key="own-again").input("my-own-password")
    page.button(key="own-change").click().run()
    assert calls(bank, "change_password") == [{"old": "given-out", "new": "my-own-password"}]


def test_ones_own_sessions_end_from_any_page(opened: Open, bank: Administered) -> None:
    page = opened(bank)
    page.button(key="my-account").click().run()
    page.button(key=f"end-{3:016x}").click().run()
    assert calls(bank, "end_own_session") == [{"session": f"{3:016x}"}]


def test_the_page_costs_one_call_beside_who_asks(opened: Open) -> None:
    bank = Administered(person=me("admin"))
    opened(bank, "people")
    assert [name for name, _ in bank.sent] == ["me", "list_users"]


def test_a_cursor_that_leads_nowhere_any_more_gives_way_to_the_first_page(opened: Open) -> None:
    class Refusing(Administered):
        def list_users(self, **asked: Any) -> Users:
            if asked["after"]:
                raise ApiProblem(
                    422, "Something is not right yet", "mend it", [FieldFault(pointer="/after", detail="-")]
                )
            return super().list_users(**asked)

    page = opened(Refusing(person=me("admin")), "people", after="a b!")
    assert not page.exception
    assert list(page.dataframe[0].value["name"]) == ["anna", "boss"]
    assert "after" not in page.query_params
