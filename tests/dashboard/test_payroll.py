"""HR's pages of payroll: what is missing is said with its reason, and a run goes by two people, each of whom sees what
they stand for."""

import pytest
from streamlit.testing.v1 import AppTest

from api.client import ApiProblem
from projections.answers.payroll import PayrollDifference
from tests.dashboard.administered import calls
from tests.dashboard.conftest import Open, texts
from tests.dashboard.paid import DIGEST, MORNING, QUARTER, Paid, paid, run
from tests.dashboard.small_bank import me


def hr(name: str = "clara", **changes: object) -> Paid:
    """The bank as somebody of HR sees it, other than who prepares and releases."""
    return Paid(person=me("hr", subject=name), **changes)  # type: ignore[arg-type]


def rows(page: AppTest, column: str) -> list[str]:
    return list(page.dataframe[0].value[column])


def test_who_has_no_final_grade_is_told_with_the_reason_and_never_with_a_zero(opened: Open) -> None:
    page = opened(hr(), "payroll")
    assert rows(page, "state") == ["Appealed", "Not computable"]
    assert rows(page, "why")[0] == "The RM's appeal is not decided yet."
    assert "0" not in "".join([*rows(page, "state"), *rows(page, "why")])
    assert [(one.label, one.value) for one in page.metric] == [
        ("Served in the quarter", "6"), ("Final grades", "4"), ("Released to payroll", "0"),
        ("Without a final grade", "2"),
    ]  # fmt: skip


def test_a_state_in_the_address_is_asked_of_the_api_and_chosen_in_its_box(opened: Open) -> None:
    bank = hr()
    page = opened(bank, "payroll", state="appealed")
    assert [told["state"] for told in calls(bank, "payroll_progress")] == ["appealed"]
    assert page.selectbox(key="pick-state").value == "appealed"
    assert rows(page, "name") == ["陈雨桐"]
    page.selectbox(key="pick-state").select("all").run()
    assert calls(bank, "payroll_progress")[-1]["state"] is None


def test_a_running_quarter_is_not_offered_for_payroll(opened: Open) -> None:
    assert opened(hr(), "payroll").selectbox(key="pick-quarter").options == [QUARTER]


def test_a_bank_in_its_first_quarter_has_nothing_to_pay_and_says_so(opened: Open) -> None:
    bank = Paid(person=me("hr", quarters=["2026Q3"]))
    page = opened(bank, "payroll")
    assert "No quarter is over yet" in texts(page)
    assert calls(bank, "payroll_progress") == []


def test_last_quarter_is_held_beside_this_one_by_name_and_from_tier_to_tier(opened: Open) -> None:
    page = opened(hr(), "payroll", part="changes")
    assert rows(page, "change") == ["▲ Better tier", "– No grade now"]
    assert rows(page, "before") == ["Qualified 71.5 ×1", "Qualified 71.5 ×1"]
    assert rows(page, "now") == ["Excellent 94.35 ×1.2", "Appealed"]
    moves = next(html.value for html in page.html if 'class="moves"' in html.value)
    assert '<td class="up" style="--strength:28%">1</td>' in moves
    assert '<td class="stayed" style="--strength:60%">3</td>' in moves


def test_one_kind_of_change_is_asked_for_by_the_address(opened: Open) -> None:
    bank = hr()
    assert rows(opened(bank, "payroll", part="changes", change="gone"), "name") == ["陈雨桐"]
    assert calls(bank, "payroll_changes")[0]["change"] == "gone"


# A run is prepared


def test_a_run_is_prepared_after_one_more_question_that_names_both_numbers(opened: Open) -> None:
    bank = hr()
    page = opened(bank, "payroll", part="runs")
    page.button(key="prepare-run").click().run()
    assert "Prepare a run with 4 final grades, which names 2 people without one?" in texts(page)
    assert calls(bank, "prepare_run") == []
    page.button(key="prepare-run-yes").click().run()
    assert calls(bank, "prepare_run") == [{"quarter": QUARTER}]
    assert page.query_params["run"] == "1"
    assert "2026Q2, run 1" in texts(page)


def test_a_refusal_of_the_preparation_is_said_in_the_readers_language(opened: Open) -> None:
    bank = hr()
    bank.trouble["prepare_run"] = ApiProblem(
        409, "Conflict", "prepare the run again: another run of the quarter was prepared or released meanwhile", []
    )
    page = opened(bank, "payroll", "zh", part="runs")
    page.button(key="prepare-run").click().run()
    page.button(key="prepare-run-yes").click().run()
    assert [error.value for error in page.error] == ["请重新编制：本季度的其他批次在此期间已编制或发布"]


def test_while_a_run_waits_no_other_one_is_prepared_and_a_press_leads_to_it(opened: Open) -> None:
    page = opened(hr(runs=[run()]), "payroll", part="runs")
    assert not [button for button in page.button if button.key == "prepare-run"]
    page.button(key="to-waiting-run").click().run()
    assert "2026Q2, run 1" in texts(page)


def test_where_all_is_released_nothing_waits_for_a_run(opened: Open) -> None:
    page = opened(hr(runs=[run("released")], waiting=[]), "payroll", part="runs")
    assert "nothing waits for a run" in texts(page)
    assert rows(page, "state") == ["Released"]


# and released by another person


def test_the_release_takes_a_tick_that_names_how_many_have_no_grade_and_confirms_the_digest_that_is_shown(
    opened: Open,
) -> None:
    bank = hr(runs=[run()])
    page = opened(bank, "payroll", part="runs", run="1")
    assert DIGEST in [code.value for code in page.code]
    assert "You confirm 4 final grades with coefficients of 4.4 in all" in texts(page)
    (tick,) = page.checkbox
    assert "2 people have no final grade" in tick.label
    assert page.button(key="release-run").disabled
    tick.check().run()
    page.button(key="release-run").click().run()
    assert calls(bank, "release_run") == [{"quarter": QUARTER, "run": 1, "digest": DIGEST}]
    assert "Released by boss" in texts(page)


def test_who_prepared_a_run_is_told_that_another_person_releases_it(opened: Open) -> None:
    page = opened(hr("anna", runs=[run()]), "payroll", part="runs", run="1")
    assert "You prepared it. Another person of HR looks at it here and releases it." in texts(page)
    assert not page.checkbox
    assert not [button for button in page.button if button.key == "release-run"]


def test_a_run_whose_review_was_opened_again_can_only_be_given_up(opened: Open) -> None:
    page = opened(hr(runs=[run()], reopened=True), "payroll", part="runs", run="1")
    assert "was opened again since" in texts(page)
    assert not page.checkbox
    assert page.button(key="discard-yes").label == "Give the run up"


def test_a_refused_release_is_told_where_the_button_stands_and_the_run_waits_on(opened: Open) -> None:
    bank = hr(runs=[run()])
    remedy = "look at the run again: its digest is another one than the one you confirm"
    bank.trouble["release_run"] = ApiProblem(409, "Conflict", remedy, [])
    page = opened(bank, "payroll", part="runs", run="1")
    page.checkbox[0].check().run()
    page.button(key="release-run").click().run()
    assert "Look at the run again" in page.error[0].value
    assert "Waits for release" in texts(page)


def test_a_run_is_given_up_with_a_reason_and_not_without_one(opened: Open) -> None:
    bank = hr(runs=[run()])
    page = opened(bank, "payroll", part="runs", run="1")
    page.button(key="discard-yes").click().run()
    assert "Enter the reason." in texts(page)
    assert calls(bank, "discard_run") == []
    page.text_input(key="discard-reason").input("wrong quarter")
    page.button(key="discard-yes").click().run()
    assert calls(bank, "discard_run") == [{"quarter": QUARTER, "run": 1, "reason": "wrong quarter"}]
    assert "Reason\\: wrong quarter" in texts(page)


def test_an_auditor_looks_at_a_run_and_decides_nothing(opened: Open) -> None:
    page = opened(Paid(person=me("auditor"), runs=[run()]), "payroll", part="runs", run="1")
    assert "HR releases it" in texts(page)
    assert not [one for one in page.button if str(one.key).startswith(("release", "discard", "prepare"))]


# Afterwards


def test_a_released_run_offers_its_files_its_manifest_and_how_they_are_verified(opened: Open) -> None:
    page = opened(hr(runs=[run("released")]), "payroll", part="runs", run="1")
    labels = [str(one.proto.label) for one in page.get("download_button")]
    assert [label for label in labels if label in ("CSV", "XLSX", "Parquet", "JSON", "Manifest")][-5:] == [
        "CSV", "XLSX", "Parquet", "JSON", "Manifest",
    ]  # fmt: skip
    command = "appraise verify --manifest payroll-2026Q2-run-1-manifest.json --file payroll-2026Q2-run-1.csv"
    assert command in [code.value for code in page.code]


def test_a_run_that_waits_has_files_to_look_at_and_no_manifest_yet(opened: Open) -> None:
    page = opened(hr(runs=[run()]), "payroll", part="runs", run="1")
    labels = [str(one.proto.label) for one in page.get("download_button")]
    assert "Parquet" in labels
    assert "Manifest" not in labels


def test_what_changed_since_the_release_is_told_with_its_cause_and_event(opened: Open) -> None:
    moved = PayrollDifference(
        employee="rm001", name="王思远", cause="final-again", position=950, topic="GradeFinalised", at=MORNING,
        paid=paid("qualified", "71.5", "1"), now=paid("excellent", "94.35", "1.2"),
    )  # fmt: skip
    page = opened(hr(runs=[run("released")], differences_since=[moved]), "payroll", part="runs", run="1")
    table = next(one.value for one in page.dataframe if "cause" in one.value)
    assert list(table["cause"]) == ["Another grade became final"]
    assert list(table["paid"]) == ["Qualified 71.5 ×1"]
    assert list(table["event"]) == ["Grade final"]


def test_a_run_that_is_not_there_is_told_and_the_way_back_stands_above(opened: Open) -> None:
    bank = hr(runs=[run()])
    bank.trouble["read_run"] = ApiProblem(404, "Not found", "take quarter and number of a run", [])
    page = opened(bank, "payroll", part="runs", run="7")
    assert "2026Q2 has no run 7" in texts(page)
    page.button(key="all-runs").click().run()
    assert "The next run of 2026Q2" in [one.value for one in page.header]


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "99999999"])
def test_what_is_no_runs_number_leads_to_the_list(opened: Open, number: str) -> None:
    page = opened(hr(runs=[run()]), "payroll", part="runs", run=number)
    assert "All runs" in [one.value for one in page.header]


def test_a_supervisor_has_no_page_of_payroll(opened: Open) -> None:
    bank = Paid(person=me("supervisor"))
    assert "This is not yours to see" in texts(opened(bank, "payroll"))
    assert calls(bank, "payroll_progress") == []
