"""What the check says of a scheme is said in the reader's language, whatever fills its gaps."""

import pytest

from dashboard.findings import FINDINGS, finding
from dashboard.remedies import said
from dashboard.words import Say
from projections import scheme_words
from projections.answers import SchemeFinding
from tests.dashboard.small_bank import EXAMPLE
from tests.domain.test_scheme_findings import CASES, findings

ENTRIES = scheme_words.entries(EXAMPLE)
TOLD = sorted({one.message for name in CASES for one in findings(name)[1] if one.severity != "error"})
BANKS = "agree on targets with 3 of 40 RMs for 2026Q1: where one is missing, it earns nothing"


@pytest.mark.parametrize("message", [*TOLD, BANKS])
def test_every_warning_and_note_is_said_in_chinese(message: str) -> None:
    chinese = said(Say("zh"), message, FINDINGS)
    assert any("\u4e00" <= each <= "\u9fff" for each in chinese), message
    assert said(Say("en"), message, FINDINGS) == message


def told(message: str, key: str) -> SchemeFinding:
    return SchemeFinding(severity="warning", rule="tests", line=12, key=key, message=message)


TARGETS = told("agree on targets in every contract for `visits`, `loans`: where one is missing, it earns nothing", "")


def test_a_finding_names_its_entry_and_not_a_line() -> None:
    about = told(BANKS, "indicators.visits.shape")
    assert finding(Say("en"), about, ENTRIES) == f'Indicator "Visits": {BANKS}'
    chinese = "2026Q1 季度应考核的 40 人中有 3 人尚未约定目标；缺目标时，该项不得分"
    assert finding(Say("zh"), about, ENTRIES) == f"指标“走访”：{chinese}"
    assert finding(Say("en"), told(BANKS, "rounding.points"), ENTRIES) == f"Rounding: {BANKS}"


def test_indicators_are_told_by_their_names_as_the_language_joins_them() -> None:
    assert 'for "Visits", "Loans":' in finding(Say("en"), TARGETS, ENTRIES)
    assert "“走访”、“贷款”" in finding(Say("zh"), TARGETS, ENTRIES)


def test_what_the_list_does_not_have_stands_as_it_is() -> None:
    assert finding(Say("zh"), told("make it better", ""), ENTRIES) == "make it better"
