"""The page of quarterly checks: worst first, filtered by light, and one person's lines beside it."""

from dataclasses import replace

from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, me


def supervisor() -> SmallBank:
    return replace(SmallBank(), person=me("supervisor"))


def test_the_worst_stand_first_and_the_first_ones_lines_beside_them(opened: Open) -> None:
    page = opened(supervisor(), "checks")
    assert not page.exception
    assert list(page.dataframe[0].value["name"]) == ["陈雨桐", "王思远"]
    assert next(iter(page.dataframe[0].value["missing"])) == "2 wait, 4 days without an own entry"
    assert "陈雨桐" in texts(page)
    assert list(page.dataframe[1].value["forecast"]) == ["11 (50 %)"]


def test_a_light_in_the_address_is_asked_of_the_api(opened: Open) -> None:
    bank = supervisor()
    page = opened(bank, "checks", light="green", missing="silent")
    asked = [told for name, told in bank.sent if name == "quarterly_checks"][-1]
    assert (asked["light"], asked["missing"]) == ("green", "silent")
    assert list(page.dataframe[0].value["name"]) == ["王思远"]


def test_the_page_speaks_chinese(opened: Open) -> None:
    page = opened(supervisor(), "checks", lang="zh")
    assert page.title[0].value == "季度检查"
    assert list(page.dataframe[0].value["light"]) == ["▼ 落后", "● 正常"]
