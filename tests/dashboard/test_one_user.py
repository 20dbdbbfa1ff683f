"""Whom the administrator lets in, changes or shuts out: nothing by default, nothing by one slip."""

import pytest
from streamlit.testing.v1 import AppTest

from api import rights
from api.client import ApiProblem
from api.permissions import ROLES
from api.receipts import FieldFault
from dashboard.screens.one_user import OF_RMS, OVER_UNITS
from domain.register import Register
from tests.dashboard.administered import Administered, administrator, calls
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank


@pytest.fixture
def bank() -> Administered:
    return Administered(person=administrator())


def about(opened: Open, bank: SmallBank, name: str) -> AppTest:
    page = opened(bank, "people")
    page.session_state["dialog"] = ("one-user", name)
    return page.run()


def test_whoever_is_let_in_gets_a_one_time_password_that_is_shown(opened: Open, bank: Administered) -> None:
    page = opened(bank, "people")
    page.button(key="people-add").click().run()
    page.selectbox(key="new-role").select("auditor").run()
    page.selectbox(key="new-scope-auditor").select("")
    page.text_input(key="new-name").input("carl")
    page.text_input(key="new-password").input("typed-by-hand")
    page.button(key="new-yes").click().run()
    assert calls(bank, "add_user") == [{"who": "carl", "rest": ("auditor", None, None, "typed-by-hand")}]
    assert page.code[0].value == "abcd-efgh-jkmn-pqrs"
    page.button(key="new-another").click().run()
    assert not page.code
    emptied = [page.text_input(key="new-name").value, page.text_input(key="new-password").value]
    assert [*emptied, page.selectbox(key="new-role").value] == ["", "", None]


def test_nobody_gets_a_role_or_the_whole_bank_by_default(opened: Open, bank: Administered) -> None:
    page = opened(bank, "people")
    page.button(key="people-add").click().run()
    page.text_input(key="new-name").input("carl")
    page.button(key="new-yes").click().run()
    assert "Choose a role." in texts(page)
    page.selectbox(key="new-role").select("supervisor").run()
    page.button(key="new-yes").click().run()
    assert "Choose a unit, or the whole bank." in texts(page)
    assert calls(bank, "add_user") == []
    page.selectbox(key="new-scope-supervisor").select("east")
    page.button(key="new-yes").click().run()
    assert calls(bank, "add_user") == [{"who": "carl", "rest": ("supervisor", "east", None, None)}]


@pytest.mark.parametrize("role", ROLES)
def test_a_unit_and_an_rm_are_asked_for_where_the_api_lets_a_role_have_them(role: str) -> None:
    barred = {each.field for each in rights.faults(role, "east", "rm001", Register()) if each.code == "not-allowed"}
    assert {"scope", "rm"} - barred == {name for name, of in (("scope", OVER_UNITS), ("rm", OF_RMS)) if role in of}


@pytest.mark.parametrize(("role", "fields"), [("admin", []), ("rm", ["new-rm"]), ("hr", ["new-scope-hr"])])
def test_a_role_is_asked_for_what_it_has_and_an_administrator_for_no_unit(
    opened: Open, bank: Administered, role: str, fields: list[str]
) -> None:
    page = opened(bank, "people")
    page.button(key="people-add").click().run()
    page.selectbox(key="new-role").select(role).run()
    keys = [str(field.key) for field in [*page.selectbox, *page.text_input]]
    assert [key for key in keys if key.startswith(("new-scope", "new-rm"))] == fields


def test_what_is_refused_is_said_in_the_readers_language(opened: Open, bank: Administered) -> None:
    fault = FieldFault(pointer="/name", detail="choose another name, this one is taken")
    bank.trouble["add_user"] = ApiProblem(409, "Conflict", "name: choose", [fault])
    page = opened(bank, "people", lang="zh")
    page.button(key="people-add").click().run()
    page.selectbox(key="new-role").select("admin").run()
    page.button(key="new-yes").click().run()
    assert "该名称已被使用" in texts(page)


ASKED_FIRST = [
    ("user-reset", "reset_password", {"who": "anna"}),
    ("user-switch", "disable_user", {"who": "anna"}),
    ("user-sign-out", "end_sessions", {"who": "anna"}),
]


@pytest.mark.parametrize(("pressed", "called", "told"), ASKED_FIRST)
def test_what_shuts_a_user_out_is_done_once_it_was_asked_and_answered(
    opened: Open, bank: Administered, pressed: str, called: str, told: object
) -> None:
    page = about(opened, bank, "anna")
    page.button(key=pressed).click().run()
    assert "anna" in page.warning[0].value
    assert calls(bank, called) == []
    page.button(key=f"{pressed}-yes").click().run()
    assert calls(bank, called) == [told]
    assert not page.warning


@pytest.mark.parametrize(("pressed", "called", "told"), ASKED_FIRST)
def test_an_answer_of_no_and_a_second_press_do_nothing(
    opened: Open, bank: Administered, pressed: str, called: str, told: object
) -> None:
    page = about(opened, bank, "anna")
    page.button(key=pressed).click().run()
    page.button(key=f"{pressed}-no").click().run()
    assert not page.warning
    page.button(key=pressed).click().run()
    page.button(key=pressed).click().run()
    assert not page.warning
    assert calls(bank, called) == []


def test_a_password_that_was_reset_is_shown_until_the_dialog_is_left(opened: Open, bank: Administered) -> None:
    page = about(opened, bank, "anna")
    page.button(key="user-reset").click().run()
    page.button(key="user-reset-yes").click().run()
    assert page.code[0].value == "abcd-efgh-jkmn-pqrs"


def test_rights_are_changed_as_chosen_and_another_role_asks_for_its_unit(opened: Open, bank: Administered) -> None:
    page = about(opened, bank, "anna")
    page.button(key="user-change").click().run()
    assert calls(bank, "change_role") == [{"told": ("anna", "hr", None, None)}]
    page = about(opened, bank, "anna")
    page.selectbox(key="user-role").select("supervisor").run()
    page.button(key="user-change").click().run()
    assert "Choose a unit, or the whole bank." in texts(page)
    assert len(calls(bank, "change_role")) == 1


def test_oneself_is_changed_by_somebody_else(opened: Open, bank: Administered) -> None:
    page = about(opened, bank, "boss")
    assert "another administrator" in page.info[0].value
    assert "user-switch" not in [button.key for button in page.button]
