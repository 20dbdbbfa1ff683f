"""Contracts and plans on their pages: the list is turned page by page, and what exceeds a plan is said first."""

from html import escape
from typing import Any

import pytest
import streamlit as st

from dashboard import changed
from dashboard.screens import contract_form, contracts, plan
from dashboard.words import Say
from projections.answers import CheckedLine
from projections.answers.contracts import Contract
from tests.dashboard import small_bank
from tests.dashboard.agreed import Agreed, line, row
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import CHECKS, HEAD, TODAY, SmallBank, me

YEAR = [f"2026Q{number}" for number in (1, 2, 3, 4)]


def test_the_list_goes_on_where_a_page_ends_and_its_file_is_of_all(
    opened: Open, tables_taken: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contracts, "PAGE", 1)
    monkeypatch.setattr(contracts, "MOST", 1)
    rows = [row("rm001", "王思远"), row("rm005", "陈雨桐")]
    page = opened(Agreed(person=me("supervisor"), contracts=rows), "contract", year="2026")
    assert list(page.dataframe[0].value["name"]) == ["王思远"]
    assert "1 of 2 are shown" in texts(page)
    page.button(key="contracts-next").click().run()
    assert list(page.dataframe[0].value["name"]) == ["陈雨桐"]
    (lines,) = tables_taken.values()
    assert ["王思远" in lines[1], "陈雨桐" in lines[2], len(lines)] == [True, True, 3]
    page.button(key="contracts-first").click().run()
    assert list(page.dataframe[0].value["name"]) == ["王思远"]


def test_a_long_list_is_searched_where_it_lies(opened: Open) -> None:
    rows = [row(f"rm00{number}", name) for number, name in enumerate("甲乙丙丁戊己庚", 1)]
    bank = Agreed(person=me("supervisor"), contracts=rows)
    page = opened(bank, "contract", year="2026")
    page.text_input(key="find-contracts").set_value("己").run()
    assert list(page.dataframe[0].value["name"]) == ["己"]
    assert bank.sent[-1][1]["search"] == "己"


def test_what_is_asked_beyond_the_plan_is_warned_of_and_what_falls_short_is_told(opened: Open) -> None:
    over = [line(quarter, "visits", 100, 120, "targets-exceed") for quarter in YEAR]
    short = [line("2026Q1", "complaints", 5, 9, "targets-short")]
    page = opened(Agreed(person=me("hr"), lines=over + short), "contract", year="2026", view="plan", indicator="all")
    assert [one.value.replace("\\", "") for one in page.warning] == ["More is asked below than the plan says: Visits"]
    assert [one.value.replace("\\", "") for one in page.info] == [
        "Less is asked below than the plan says: Complaints (2026Q1)"
    ]
    assert list(page.dataframe[0].value["warnings"]) == ["▲ Targets exceed it"] * 4 + ["▽ Targets allow more"]


def test_what_adds_up_is_said_to(opened: Open) -> None:
    bank = Agreed(person=me("hr"), lines=[line("2026Q1", "visits", 100, 100)])
    page = opened(bank, "contract", year="2026", view="plan")
    assert [one.value for one in page.success] == ["What is agreed below adds up to the plan."]
    assert not page.warning


def changed_line(**more: object) -> CheckedLine:
    """A line of the quarterly check whose target was 30 before."""
    told = {"previous_target": 30, "amended_on": TODAY, "amendment_reason": "a second <outlet>"}
    return CheckedLine.model_validate(CHECKS[0].lines[0].model_dump() | told | more)


def test_a_changed_target_says_what_it_was_until_when_whether_within_the_quarter_and_why() -> None:
    say = Say("en")
    day = say.day(TODAY)
    before, within = changed_line(), changed_line(in_period=True)
    assert changed.mark(say, before).endswith(f" until {day} · a second <outlet>")
    assert changed.mark(say, within).endswith(f" until {day}, in the middle of the quarter · a second <outlet>")
    assert "季中变更" in changed.mark(Say("zh"), within)
    assert changed.mark(say, CHECKS[0].lines[0]) == ""


def test_the_quarterly_check_marks_a_changed_target_with_its_reason(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = changed_line(in_period=True)
    monkeypatch.setattr(small_bank, "CHECKS", [CHECKS[0].model_copy(update={"lines": [line]}), CHECKS[1]])
    page = opened(SmallBank(person=me("supervisor")), "checks", rm="rm005")
    assert f'<span class="chip">{escape(changed.mark(Say("en"), line))}</span>' in texts(page)


def test_a_unit_tells_how_many_of_its_targets_were_changed(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [one.model_copy(update={"amended": 2}) for one in HEAD.lines]
    monkeypatch.setattr(small_bank, "HEAD", HEAD.model_copy(update={"lines": lines}))
    page = opened(SmallBank(person=me("supervisor")), "organisation")
    assert "◆ targets changed since they were agreed: 2" in texts(page)


def test_what_was_typed_into_a_contract_stays_though_the_contract_changed_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The form stands on what it was opened on, and says that this is another text by now."""
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    told: dict[str, Any] = {"rm": "r1", "year": 2026, "version": 3}
    first = Contract.model_construct(**told)
    key = contract_form.form_of(first)
    assert contract_form.opened_on(first) == (first, False)
    state[f"reason-{key}"] = "a second outlet"
    later = first.model_copy(update={"version": first.version + 2})
    assert contract_form.opened_on(later) == (first, True)
    assert contract_form.form_of(later) == key
    del state[f"reason-{key}"]
    assert contract_form.opened_on(later) == (later, False)


def test_what_was_typed_into_a_plan_stays_though_somebody_else_set_it_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The key of the form is not that of its figures; that they changed is said."""
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    first = Agreed(lines=[line("2026Q1", "visits", 100, 90)]).read_plan("head", 2026)
    key = plan.form_of(first)
    assert plan.opened_on(first, key) == (first, False)
    state[f"reason-{key}"] = ""
    later = Agreed(lines=[line("2026Q1", "visits", 120, 90)]).read_plan("head", 2026)
    assert plan.form_of(later) == key
    assert plan.opened_on(later, key) == (first, True)
    del state[f"reason-{key}"]
    assert plan.opened_on(later, key) == (later, False)
