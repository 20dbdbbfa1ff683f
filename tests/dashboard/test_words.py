"""The catalogue and the code hold each other; numbers read exactly."""

import ast
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from dashboard import words
from dashboard.words import Say, catalogue, language_of
from projections.answers import Words

DASHBOARD = Path(words.__file__).parent
CNY = Words(en="CNY", zh="元")
SHOWING = {
    "title",
    "header",
    "subheader",
    "markdown",
    "caption",
    "button",
    "metric",
    "info",
    "success",
    "warning",
    "error",
    "toast",
}
zh, en = Say("zh"), Say("en")


def said() -> set[str]:
    """Every msgid that the code says or marks."""
    calls = [
        node
        for path in DASHBOARD.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and _speaks(node.func)
    ]
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}  # type: ignore[misc]


def _speaks(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id in ("say", "msg")
    return isinstance(called, ast.Attribute) and called.attr == "say"


def test_every_text_of_the_dashboard_has_a_chinese_translation() -> None:
    assert {text for text in said() if not catalogue().get(text)} == set()


def test_the_catalogue_holds_no_text_that_nobody_says() -> None:
    assert set(catalogue()) - said() == set()


def test_the_catalogue_names_every_text_once_and_marks_none_as_doubtful() -> None:
    entries = re.findall(r'^msgid "(.+)"$', words.CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(entries) == len(set(entries)) == len(catalogue())
    with words.CATALOGUE.open("rb") as file:
        assert [entry.id for entry in read_po(file) if entry.id and entry.fuzzy] == []


def test_a_translation_fills_in_the_same_figures() -> None:
    def figures(text: str) -> list[str]:
        return sorted(re.findall(r"{(\w+)}", text))

    assert {text for text, translated in catalogue().items() if figures(text) != figures(translated)} == set()


def test_no_widget_is_given_a_text_that_is_not_in_the_catalogue() -> None:
    typed = [
        (path.name, node.lineno)
        for path in DASHBOARD.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_typed(node)
    ]
    assert typed == []


def _is_typed(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    shows = isinstance(call.func, ast.Attribute) and call.func.attr in SHOWING
    return shows and isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.isascii()


@pytest.mark.parametrize(
    ("value", "in_english", "in_chinese"),
    [
        ("1500000", "1,500,000 CNY", "150 万元"),
        ("1234567.89", "1,234,567.89 CNY", "1,234,567.89 元"),
        ("123450000", "123,450,000 CNY", "12,345 万元"),
        ("9999", "9,999 CNY", "9,999 元"),
        ("-680000", "-680,000 CNY", "-68 万元"),
        ("0", "0 CNY", "0 元"),
    ],
)
def test_money_is_short_in_chinese_only_where_no_digit_is_lost(value: str, in_english: str, in_chinese: str) -> None:
    assert en.amount(Decimal(value), CNY) == in_english
    assert zh.amount(Decimal(value), CNY) == in_chinese


def test_a_ratio_just_below_the_target_never_reads_as_reached() -> None:
    assert en.percent(Decimal("0.99999")) == "99.99 %"
    assert en.percent(Decimal("1")) == "100 %"
    assert en.percent(Decimal("0")) == "0 %"


def test_a_ratio_reads_as_in_the_sentence_of_its_shape() -> None:
    assert en.percent(Decimal("0.909091")) == "90.91 %"
    assert en.percent(Decimal("0.7087")) == "70.87 %"


def test_a_score_is_written_with_all_its_digits_and_no_others() -> None:
    assert [en.number(each) for each in (Decimal("89.995"), Decimal("98.4"), None)] == ["89.995", "98.4", "–"]


@pytest.mark.parametrize(("unit", "one"), [("findings", "1 finding"), ("breaches", "1 breach"), ("CNY", "1 CNY")])
def test_one_of_a_unit_is_not_many(unit: str, one: str) -> None:
    assert en.amount(Decimal(1), Words(en=unit, zh="次")) == one
    assert zh.amount(Decimal(1), Words(en=unit, zh="次")) == "1 次"


def test_what_is_missing_is_a_dash_and_not_zero() -> None:
    assert (en.number(None), en.percent(None), en.amount(None, CNY), en.of(None)) == ("–", "–", "–", "–")


def test_a_moment_is_told_in_the_banks_time_zone() -> None:
    moment = datetime(2026, 9, 14, 16, 30, tzinfo=UTC)
    assert (zh.time(moment, "Asia/Shanghai"), zh.time(moment, "UTC")) == ("2026年9月15日 00:30", "2026年9月14日 16:30")


def test_a_day_is_written_as_the_reader_writes_it() -> None:
    assert (zh.day(date(2026, 9, 5)), en.day(date(2026, 9, 5))) == ("2026年9月5日", "Sep 5, 2026")


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("zh-Hant-TW", "zh"), ("en-GB", "en"), (None, "en")])
def test_the_browsers_language_decides_until_somebody_chooses(locale: str | None, language: str) -> None:
    assert language_of(locale) == language


def test_an_unknown_code_stands_as_it_is() -> None:
    assert en.code(words.STATUSES, "on-the-moon") == "on-the-moon"


def test_a_moment_is_of_the_banks_day() -> None:
    before_sunrise = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)
    assert en.day_of(before_sunrise, "Asia/Shanghai") == en.day(date(2026, 12, 1))
