"""What the check says of a scheme is said in the reader's language, whatever fills its gaps."""

import pytest

from dashboard.findings import FINDINGS, LINE, finding
from dashboard.remedies import said
from dashboard.words import Say
from tests.domain.test_scheme_findings import CASES, findings

TOLD = sorted({one.message for name in CASES for one in findings(name)[1] if one.severity != "error"})
BANKS = "agree on targets with 3 of 40 RMs for 2026Q1: where one is missing, it earns nothing"


@pytest.mark.parametrize("message", [*TOLD, BANKS])
def test_every_warning_and_note_is_said_in_chinese(message: str) -> None:
    chinese = said(Say("zh"), message, FINDINGS)
    assert any("\u4e00" <= each <= "\u9fff" for each in chinese), message
    assert said(Say("en"), message, FINDINGS) == message


def test_a_finding_names_its_line_in_either_language() -> None:
    told = f"line 12: {BANKS}"
    assert finding(Say("en"), told) == told
    assert finding(Say("zh"), told) == "第 12 行：2026Q1 季度应考核的 40 人中有 3 人尚未约定目标；缺目标时，该项不得分"
    assert LINE.fullmatch(told)


def test_what_the_list_does_not_have_stands_as_it_is() -> None:
    assert finding(Say("zh"), "line 7: make it better") == "第 7 行：make it better"
    assert finding(Say("zh"), "make it better") == "make it better"
