"""The frame: who gets in, which menu, which language, and what the page says when it can say nothing else."""

import pytest
import streamlit as st
from streamlit.util import calc_hash

from api.client import ApiProblem
from api.receipts import FieldFault
from dashboard.words import WORD_JOINER, plain
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, me


def test_who_has_no_session_is_led_to_the_sign_in_and_asks_nothing(opened: Open) -> None:
    page = opened(None)
    assert "Please sign in" in texts(page)
    assert any('href="/sign-in?next=%2F%3Flang%3Den"' in html.value for html in page.html)


def test_a_session_that_ended_leads_to_the_sign_in_too(opened: Open) -> None:
    bank = SmallBank(trouble={"me": ApiProblem(401, "Sign in first", "", [])})
    assert "Please sign in" in texts(opened(bank))


def test_an_api_that_does_not_answer_is_told_without_a_traceback(opened: Open) -> None:
    page = opened(SmallBank(trouble={"leaderboard": ApiProblem(503, "The API does not answer", "", [])}))
    assert "The appraisal service does not answer" in texts(page)
    assert not page.exception
    assert page.button[0].label == "Try again"


def test_what_is_forbidden_is_told_as_such(opened: Open) -> None:
    page = opened(SmallBank(trouble={"leaderboard": ApiProblem(403, "Not allowed", "", [])}))
    assert "This is not yours to see" in texts(page)
    assert not page.exception


def test_a_page_that_the_role_lacks_is_told_as_such_and_stands_in_no_menu(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "verify", lang="zh")
    assert "无权查看" in texts(page)
    assert "list_actions" not in [name for name, _ in bank.sent[-2:]]


def test_the_first_page_is_found_under_its_own_name_too(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "leaderboard", quarter="2026Q2")
    assert page.title[0].value == "Leaderboard"
    assert not page.exception
    assert page._page_hash == calc_hash("leaderboard")


def test_the_tree_is_asked_for_once_and_again_when_it_has_changed(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank)
    page.run()
    assert [name for name, _ in bank.sent].count("list_units") == 1
    bank.person = me(units_at=4)
    page.run()
    assert [name for name, _ in bank.sent].count("list_units") == 2


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_document_says_its_language(opened: Open, lang: str, tag: str) -> None:
    assert any(f'documentElement.lang = "{tag}"' in html.value for html in opened(SmallBank(), lang=lang).html)


def test_a_session_that_ended_is_told_at_the_sign_in(opened: Open) -> None:
    page = opened(SmallBank(trouble={"me": ApiProblem(401, "Sign in first", "", [])}))
    assert any("&ended=1" in html.value for html in page.html)
    assert not any("&ended=1" in html.value for html in opened(None).html)


def test_a_role_without_pages_is_told_to_use_the_api(opened: Open) -> None:
    page = opened(SmallBank(person=me("system", operations=["record_actions"], rm=None)))
    assert "Your role works with the API" in texts(page)


def empty(role: str) -> SmallBank:
    """A bank in which nobody is appraised yet, as a role sees it."""
    return SmallBank(
        person=me(role, rm=None, quarters=[], quarter=None, units_at=0, people=0, scope=None, scope_name=None)
    )


def test_an_empty_bank_tells_an_administrator_what_to_load_next(opened: Open) -> None:
    page = opened(empty("admin"))
    assert page.title[0].value == "Set up the bank"
    said = texts(page)
    assert "Load these in order. Next\\: Relationship managers." in said
    assert ":green-badge[3 there]" in said
    assert "appraise import rms rms.xlsx" in [one.value for one in page.code]
    assert {str(one.proto.label) for one in page.get("download_button")} == {
        "Empty file (XLSX)", "Empty file (CSV)", "Scheme to begin with (TOML)",
    }  # fmt: skip
    assert not page.exception


def test_a_set_up_that_is_open_stays_behind_its_menu_entry_when_the_first_people_are_there(opened: Open) -> None:
    bank = empty("admin")
    page = opened(bank)
    bank.person = bank.person.model_copy(update={"quarters": ["2026Q3"], "quarter": "2026Q3"})
    assert page.run().title[0].value == "Set up the bank"


@pytest.mark.parametrize("screen", ["", "leaderboard", "record"])
def test_an_empty_bank_tells_everybody_else_that_it_is_being_set_up(opened: Open, screen: str) -> None:
    page = opened(empty("supervisor"), screen)
    assert "The bank is being set up" in texts(page)
    assert not page.exception


def test_who_may_set_an_empty_bank_up_is_led_there_from_a_page_without_data(opened: Open) -> None:
    page = opened(empty("admin"), "leaderboard")
    assert [str(one.proto.label) for one in page.get("page_link")] == ["Set up the bank"]
    assert "come back a little later" not in texts(page)
    assert len(opened(empty("supervisor"), "leaderboard").get("page_link")) == 0


def test_what_a_role_lacks_is_forbidden_in_an_empty_bank_too(opened: Open) -> None:
    assert "This is not yours to see" in texts(opened(empty("supervisor"), "setup"))


def test_where_nothing_stands_the_page_says_so_and_leads_home(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(st.context), "url", "http://bank.test/dreams")
    page = opened(SmallBank(), "dreams")
    assert "Nothing stands at this address" in texts(page)
    assert any('href="/?lang=en"' in html.value for html in page.html)


def test_what_is_forbidden_leads_back(opened: Open) -> None:
    assert any('href="/?lang=zh"' in html.value for html in opened(SmallBank(), "verify", lang="zh").html)


def test_a_lost_connection_is_told_in_the_readers_language(opened: Open) -> None:
    assert any("data-test-connection-state" in html.value and "已中断" in html.value
               for html in opened(SmallBank(), lang="zh").html)  # fmt: skip


def test_the_language_stands_in_the_address(opened: Open) -> None:
    page = opened(SmallBank(), lang="zh")
    assert page.title[0].value == "业绩榜"
    assert page.query_params["lang"] == "zh"


def test_a_language_chosen_in_the_menu_is_kept_in_the_address(opened: Open) -> None:
    page = opened(SmallBank(), lang="en")
    page.segmented_control(key="pick-lang").set_value("zh").run()
    assert page.title[0].value == "业绩榜"
    assert page.query_params["lang"] == "zh"


def test_an_unknown_language_in_the_address_falls_back(opened: Open) -> None:
    assert opened(SmallBank(), lang="fr").title[0].value == "Leaderboard"


def test_the_menus_foot_says_who_one_is(opened: Open) -> None:
    page = opened(SmallBank(person=me("supervisor")))
    assert "赵主任" in texts(page)
    assert "Supervisor · 总行" in texts(page)


def test_a_name_with_markup_in_it_stays_a_name(opened: Open) -> None:
    page = opened(SmallBank(person=me("supervisor", name="**boss** :red[x] &lt;")))
    assert f"\\*\\*boss\\*\\* \\:{WORD_JOINER}red\\[x\\] \\&lt;" in texts(page)


@pytest.mark.parametrize(
    "text", ["https://evil.test/a", "www.evil.test", "WWW.evil.test", "me@evil.test", ":material/check:"]
)
def test_what_a_page_would_take_for_a_link_or_an_icon_is_broken_unseen(text: str) -> None:
    assert WORD_JOINER in plain(text)
    assert plain(text).replace(WORD_JOINER, "").replace("\\", "") == text


def test_a_time_of_day_stays_as_it_is() -> None:
    assert WORD_JOINER not in plain("10:30")


@pytest.mark.parametrize(
    ("screen", "role", "name", "asked"),
    [
        ("leaderboard", "rm", "quarter", "2031Q9"),
        ("record", "rm", "day", "2099-01-01"),
        ("record", "rm", "day", "soon"),
        ("record", "rm", "state", "flying"),
        ("record", "rm", "view", "decade"),
        ("organisation", "supervisor", "indicator", "none-such"),
        ("organisation", "supervisor", "part", "galaxies"),
        ("checks", "supervisor", "light", "purple"),
        ("checks", "supervisor", "missing", "nothing"),
        ("verify", "supervisor", "since", "2026-13-45"),
        ("events", "auditor", "from", "2026-13-45"),
        ("events", "auditor", "to", "2099-01-01"),
        ("events", "auditor", "order", "sideways"),
    ],
)
def test_what_an_address_asks_for_in_vain_is_said_on_every_page(
    opened: Open, screen: str, role: str, name: str, asked: str
) -> None:
    page = opened(SmallBank(person=me(role)), screen, **{name: asked})
    assert "left out" in texts(page)
    assert f" {asked}" in texts(page)
    assert page.query_params.get(name) != asked


@pytest.mark.parametrize("screen", ["organisation", "checks"])
def test_a_unit_that_is_not_ones_own_stays_in_the_address_until_another_is_chosen(opened: Open, screen: str) -> None:
    bank = SmallBank(person=me("supervisor", scope="east"))
    page = opened(bank, screen, scope="south")
    page.run()
    assert "This is not yours to see" in texts(page)
    assert (page.query_params["scope"], page.selectbox(key="pick-scope").value) == ("south", None)
    page.selectbox(key="pick-scope").select("east").run()
    assert "This is not yours to see" not in texts(page)


def test_a_reader_is_told_which_setting_of_the_address_is_wrong_not_what_the_api_says_of_it(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor"))
    fault = FieldFault(pointer="/rm", detail="write it by the pattern [A-Za-z0-9_-]{1,32}")
    bank.trouble["worklog"] = ApiProblem(422, "Something is not right yet", "mend the fields named in errors", [fault])
    told = texts(opened(bank, "record", "zh", rm="a!b"))
    assert "请检查：rm" in told
    assert "mend the fields" not in told


def test_an_unreadable_filter_of_what_waits_leaves_the_way_back_to_all_of_it(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor"))
    fault = FieldFault(pointer="/kind", detail="write it by the pattern [a-z]")
    bank.trouble["list_actions"] = ApiProblem(422, "Something is not right yet", "mend the fields", [fault])
    page = opened(bank, "verify", kind="A B")
    assert "Look at: kind" in texts(page).replace("\\", "")
    bank.trouble.clear()
    page.button(key="verify-all").click().run()
    assert "waiting, newest first" in texts(page)
    assert "kind" not in page.query_params
