"""The administrator's screen, and one's own account: what is pressed becomes one call, what is refused is said."""

from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from api.client import ApiProblem
from api.receipts import FieldFault
from projections.answers import (
    AccountChange,
    Credential,
    Ended,
    MachineToken,
    Me,
    NewToken,
    OpenSession,
    UserAccount,
    Users,
)
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, me

MORNING = datetime(2026, 9, 15, 1, tzinfo=UTC)


def user(name: str, **changes: Any) -> UserAccount:
    told: dict[str, Any] = {
        "name": name, "role": "hr", "scope": None, "scope_name": None, "rm": None, "rm_name": None, "disabled": False,
        "one_time": False, "last_sign_in": MORNING, "sessions": 1,
    }  # fmt: skip
    return UserAccount(**{**told, **changes})


def session(name: str, number: int, here: bool = False) -> OpenSession:
    address = "10.0.0.7" if here else None
    return OpenSession(
        session=f"{number:016x}", name=name, opened_at=MORNING, expires_at=MORNING, address=address, here=here
    )


class Administered(SmallBank):
    """The bank as its administrator sees it."""

    def list_users(self, **asked: Any) -> Users:
        self._ask("list_users", **asked)
        return Users(users=[user("anna"), user("boss", role="admin")], after="boss")

    def list_sessions(self, **asked: Any) -> list[OpenSession]:
        self._ask("list_sessions", asked=asked)
        return [session("anna", 1), session("boss", 2, here=True)]

    def own_sessions(self) -> list[OpenSession]:
        self._ask("own_sessions")
        return [session("boss", 2, here=True), session("boss", 3)]

    def list_tokens(self) -> list[MachineToken]:
        self._ask("list_tokens")
        return [
            MachineToken(
                token="0a1b2c3d", subject="crm", role="system", scope=None, sources=["crm"], created_at=MORNING,
                revoked=False,
            )
        ]  # fmt: skip

    def list_account_changes(self, **asked: Any) -> list[AccountChange]:
        self._ask("list_account_changes", **asked)
        return [
            AccountChange(
                number=1, changed_at=MORNING, changed_by="cli", change="user-added", subject="boss", role="admin",
                scope=None, rm=None,
            )
        ]  # fmt: skip

    def add_user(self, name: str, *rest: Any) -> Credential:
        self._ask("add_user", who=name, rest=rest)
        return Credential(name=name, password="abcd-efgh-jkmn-pqrs")

    def create_token(self, *told: Any) -> NewToken:
        self._ask("create_token", told=told)
        return NewToken(token="0a1b2c3d", secret="the-secret-of-a-token")

    def reset_password(self, name: str) -> Credential:
        self._ask("reset_password", who=name)
        return Credential(name=name, password="abcd-efgh-jkmn-pqrs")

    def disable_user(self, name: str) -> UserAccount:
        self._ask("disable_user", who=name)
        return user(name, disabled=True)

    def change_role(self, *told: Any) -> UserAccount:
        self._ask("change_role", told=told)
        return user("anna")

    def end_sessions(self, name: str) -> Ended:
        self._ask("end_sessions", who=name)
        return Ended(ended=2)

    def change_password(self, old: str, new: str) -> Ended:
        self._ask("change_password", old=old, new=new)
        return Ended(ended=1)

    def end_own_session(self, session: str) -> Ended:
        self._ask("end_own_session", session=session)
        return Ended(ended=1)


def administrator(**changes: Any) -> Me:
    operations = ["me", "list_users", "list_account_changes"]
    return me("supervisor", subject="boss", operations=operations).model_copy(update={"role": "admin", **changes})


@pytest.fixture
def bank() -> Administered:
    return Administered(person=administrator())


def calls(bank: SmallBank, name: str) -> list[Any]:
    return [told for called, told in bank.sent if called == name]


def test_the_page_of_users_costs_two_calls(opened: Open, bank: Administered) -> None:
    opened(bank)
    assert [called for called, _ in bank.sent] == ["me", "list_users"]


def about(opened: Open, bank: SmallBank, name: str) -> AppTest:
    page = opened(bank, "people")
    page.session_state["dialog"] = ("one-user", name)
    return page.run()


def test_whoever_is_let_in_gets_a_one_time_password_that_is_shown(opened: Open, bank: Administered) -> None:
    page = opened(bank, "people")
    page.button(key="people-add").click().run()
    page.text_input(key="new-name").input("carl")
    page.selectbox(key="new-role").select("auditor")
    page.button(key="new-yes").click().run()
    assert calls(bank, "add_user") == [{"who": "carl", "rest": ("auditor", None, None, None)}]
    assert page.code[0].value == "abcd-efgh-jkmn-pqrs"


def test_what_is_refused_is_said_in_the_readers_language(opened: Open, bank: Administered) -> None:
    fault = FieldFault(pointer="/name", detail="choose another name, this one is taken")
    bank.trouble["add_user"] = ApiProblem(409, "Conflict", "name: choose", [fault])
    page = opened(bank, "people", lang="zh")
    page.button(key="people-add").click().run()
    page.button(key="new-yes").click().run()
    assert "该名称已被使用" in texts(page)


def test_users_are_sought_on_the_server_and_a_search_begins_with_its_first_page(
    opened: Open, bank: Administered
) -> None:
    page = opened(bank, "people", after="anna", role="hr")
    page.text_input(key="people-find").input("an").run()
    first, *_, last = calls(bank, "list_users")
    assert (first["after"], first["role"]) == ("anna", "hr")
    assert (last["find"], last["after"], last["role"]) == ("an", None, "hr")


@pytest.mark.parametrize(
    ("pressed", "called", "told"),
    [
        ("user-reset", "reset_password", {"who": "anna"}),
        ("user-switch", "disable_user", {"who": "anna"}),
        ("user-change", "change_role", {"told": ("anna", "hr", None, None)}),
        ("user-sign-out", "end_sessions", {"who": "anna"}),
    ],
)
def test_each_button_of_a_user_does_what_it_says(
    opened: Open, bank: Administered, pressed: str, called: str, told: object
) -> None:
    page = about(opened, bank, "anna")
    page.button(key=pressed).click().run()
    assert calls(bank, called) == [told]


def test_oneself_is_changed_by_somebody_else(opened: Open, bank: Administered) -> None:
    page = about(opened, bank, "boss")
    assert "another administrator" in page.info[0].value
    assert "user-switch" not in [button.key for button in page.button]


def test_a_token_is_made_and_shown_once(opened: Open, bank: Administered) -> None:
    page = opened(bank, "people", part="tokens")
    page.button(key="token-new").click().run()
    page.text_input(key="token-subject").input("crm")
    page.text_input(key="token-sources").input("crm core")
    page.button(key="token-yes").click().run()
    assert calls(bank, "create_token") == [{"told": ("crm", "system", None, ["crm", "core"])}]
    assert page.code[0].value == "the-secret-of-a-token"


@pytest.mark.parametrize(("part", "said"), [("sessions", "Tick sessions"), ("changes", "User added")])
def test_sessions_and_changes_have_parts_of_their_own(opened: Open, bank: Administered, part: str, said: str) -> None:
    page = opened(bank, "people", part=part)
    assert said in " ".join([*(button.label for button in page.button), str(page.dataframe[0].value)])


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
