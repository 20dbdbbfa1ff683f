"""The fields that people and files fill in: what each takes, and that no refusal repeats what it was given."""

from typing import Annotated

import pytest

from domain import action, contract, customer, fields, measure, organisation, relationship_manager
from domain.fields import FieldRule, Line, check, given
from domain.refusal import Refused

RULES = {name: rule for name, rule in vars(fields).items() if isinstance(rule, FieldRule)}
CANARY = "<script>canary-7f3a"
SURELY_WRONG = [
    "",
    " ",
    "\x00",
    "a\x1bb",
    "x" * 2000,
    "\ufeffa",
    "a\u202eb",
    "\u2028",
    "王\u200d芳",
    "a\u200d\U0001f4bb",
]
SURELY_WRONG += ["\u3164", "\u180e", "\ufff9", "\U000e0041", "\U0001f469\u200d", "\u200d\U0001f469", "\u115fa"]
INVISIBLE_AS_A_WHOLE = ["\u2003", "\u2800", "\ufe0f", "\U000e0100"]
FAMILY = "\U0001f469\U0001f3fd\u200d\u2764\ufe0f\u200d\U0001f468\U0001f3fb"
LINES: list[tuple[type[Line], dict[str, FieldRule]]] = [
    (action.ActionLine, action.RULES),
    (contract.ContractLine, contract.RULES),
    (customer.CustomerLine, customer.RULES),
    (measure.MeasureLine, measure.RULES),
    (organisation.OrgLine, organisation.RULES),
    (relationship_manager.RMLine, relationship_manager.RULES),
]
TAKEN = {
    "ID": ["a", "A-1_b", "x" * 32],
    "SOURCE": ["crm", "core-2"],
    "REFERENCE": ["1", "2026.03-A_b", "x" * 64],
    "KIND": ["visit", "new_customer"],
    "DAY": ["2026-02-28"],
    "QUANTITY": ["1", "0.001", "1000000000", "12.5"],
    "AMOUNT": ["0", "0.01", "1000000000000"],
    "TARGET": ["0.001", "1000000000000"],
    "BASE": ["0", "12.345"],
    "CODE": ["客户 7", "C/1 (main)", FAMILY],
    "NAME": [
        "王思远",
        "Zoë O'Neill-Smith",
        "葛\U000e0100城",
        f"王 {FAMILY}",
        "\U0001f3f3\ufe0f\u200d\U0001f308",
        "x" * 64,
    ],
    "NOTE": [
        "two lines\nand a\ttab",
        "约了下周再访",
        f"讨论了{FAMILY}。",
        f"{FAMILY}{FAMILY}",
        "谢谢❤\ufe0f",
        "x" * 500,
    ],
    "REVERSES": ["crm:V1", "log:2026.1_a-b"],
    "YEAR": ["2026"],
    "QUARTER": ["1", "Q3", "2026Q4"],
    "INDICATOR": ["savings", "daily_average_2"],
    "FULL_QUARTER": ["2026Q3"],
    "VALUE": ["0", "-0.001", "1000000000000", "-1000000000000", "12.5"],
    "SEGMENT": ["private-banking", "贵宾 2"],
    "LEVEL": ["sub-branch", "网点"],
}
LEFT = {
    "ID": ["a b", "é", "x" * 33, "a:b", "a\n"],
    "SOURCE": ["CRM", "crm:x", "a_b"],
    "REFERENCE": ["a/b", "a:b", "a b", "x" * 65, "单号"],
    "KIND": ["Visit", "1visit", "vi sit"],
    "DAY": ["2026/02/28", "28.02.2026", "20260228", "2026-2-8", "2026-02-28T10:00", "２０２６-02-28"],
    "QUANTITY": ["1,000", "1e3", "-1", "+1", "1.2345", "NaN", "Infinity", "1_000", " 1", "0x1", "１", "1.", ".5"],
    "AMOUNT": ["1,200.00", "12.345", "-1", "1e3", "NaN", "¥5", "1 000"],
    "TARGET": ["-1", "1.2345", "1e3"],
    "BASE": ["-1", "NaN"],
    "CODE": ["x" * 65, "a\tb", "a\nb", *INVISIBLE_AS_A_WHOLE],
    "NAME": ["x" * 65, "a\nb", *INVISIBLE_AS_A_WHOLE, "\u3000a", "a\u2003", FAMILY * 9],
    "NOTE": ["x" * 501, "bell\x07"],
    "REVERSES": ["V1", "crm:", "CRM:V1", "crm:a:b"],
    "YEAR": ["26", "0026", "3026", "2026.0"],
    "QUARTER": ["5", "Q0", "q1", "2026-Q1", "1.0"],
    "INDICATOR": ["Savings", "1st", "sav-ings", "x" * 33],
    "FULL_QUARTER": ["3", "Q3", "2026Q5", "2026-Q3", "2026q3"],
    "VALUE": ["+1", "--1", "1.2345", "1e3", "-", "NaN", "-Infinity", "1,000", "１", "- 1", "12345678901234"],
    "SEGMENT": ["x" * 33, "a\nb", *INVISIBLE_AS_A_WHOLE],
    "LEVEL": ["x" * 33, "a\nb", *INVISIBLE_AS_A_WHOLE],
}


def verdict(rule: FieldRule, text: str) -> bool:
    """Whether a field of this rule takes a text."""

    class OneField(Line):
        value: Annotated[str, given(rule)]

    return not isinstance(check(OneField, {"value": rule}, {"value": text}), Refused)


def test_every_rule_has_examples() -> None:
    assert RULES.keys() == TAKEN.keys() == LEFT.keys()


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_field_takes_what_its_remedy_asks_for(name: str) -> None:
    assert [text for text in TAKEN[name] if not verdict(RULES[name], text)] == []


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_field_leaves_what_its_remedy_does_not_ask_for(name: str) -> None:
    wrong = [
        text for text in SURELY_WRONG if not (text == " " and name in ("CODE", "NAME", "NOTE", "LEVEL", "SEGMENT"))
    ]
    assert [text for text in [*LEFT[name], *wrong] if verdict(RULES[name], text)] == []


@pytest.mark.parametrize(("kind", "rules"), LINES, ids=lambda part: getattr(part, "__name__", ""))
def test_every_fault_of_a_line_is_named_at_once_and_none_repeats_the_input(
    kind: type[Line], rules: dict[str, FieldRule]
) -> None:
    wrong = dict.fromkeys(rules, CANARY + "\x00" * 600)
    outcome = check(kind, rules, wrong | {CANARY: CANARY})
    assert isinstance(outcome, Refused)
    assert {refusal.field for refusal in outcome.refusals} == {*rules, ""}
    assert {refusal.code for refusal in outcome.refusals} == {"malformed"}
    assert all(refusal.remedy for refusal in outcome.refusals)
    assert "canary" not in repr(outcome.refusals) + str(outcome)


@pytest.mark.parametrize(("kind", "rules"), LINES, ids=lambda part: getattr(part, "__name__", ""))
def test_a_missing_field_is_said_to_be_missing_and_an_empty_one_is_missing(
    kind: type[Line], rules: dict[str, FieldRule]
) -> None:
    said = []
    for raw in ({}, dict.fromkeys(rules, ""), dict.fromkeys(rules)):
        outcome = check(kind, rules, raw)
        assert isinstance(outcome, Refused)
        assert all(refusal.remedy.startswith("is missing: ") for refusal in outcome.refusals)
        said.append(outcome.refusals)
    assert said[0] == said[1] == said[2]


GOOD = {
    action.ActionLine: {"source": "crm", "external_ref": "1", "rm": "r1", "kind": "visit", "occurred_on": "2026-02-02"},
    contract.ContractLine: {"rm": "r1", "year": "2026", "quarter": "1", "indicator": "funds", "target": "1"},
    relationship_manager.RMLine: {
        "rm": "r1", "name": "A", "position": "p", "org": "east", "joined_on": "2026-01-01",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "rules", "field", "value"),
    [
        *((action.ActionLine, action.RULES, "occurred_on", day) for day in ("2026-02-30", "2025-02-29", "0000-01-01")),
        *((relationship_manager.RMLine, relationship_manager.RULES, field, "2026-13-01")
          for field in ("joined_on", "from", "left_on", "certified_until")),
        *((action.ActionLine, action.RULES, "quantity", text) for text in ("0", "0.000", "1000000000.001")),
        (action.ActionLine, action.RULES, "amount", "1000000000000.01"),
        *((contract.ContractLine, contract.RULES, "target", text) for text in ("0", "0.000", "1000000000000.001")),
        (contract.ContractLine, contract.RULES, "base", "9999999999999"),
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_and_a_number_out_of_range_are_refused(
    kind: type[Line], rules: dict[str, FieldRule], field: str, value: str
) -> None:
    assert not isinstance(check(kind, rules, GOOD[kind]), Refused)
    outcome = check(kind, rules, GOOD[kind] | {field: value})
    assert isinstance(outcome, Refused)
    assert [(fault.field, fault.remedy) for fault in outcome.refusals] == [(field, rules[field].remedy_of(value))]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        *((day, "write a date as YYYY-MM-DD") for day in ("21.09.2026", "2026/9/21", "2026-9-21", "20260921", "today")),
        *((day, "write a date that exists as YYYY-MM-DD") for day in ("2026-02-30", "2026-13-01", "0000-01-01")),
    ],
)
def test_a_day_is_told_its_form_or_where_that_is_right_that_there_is_no_such_day(day: str, told: str) -> None:
    outcome = check(action.ActionLine, action.RULES, GOOD[action.ActionLine] | {"occurred_on": day})
    assert isinstance(outcome, Refused)
    assert [fault.remedy for fault in outcome.refusals] == [told]


@pytest.mark.parametrize("look_alike", ["C1 ", " C1", "C\u200b1", "C1\u00ad", "\u3000C1", "C1\u2060"])
def test_codes_that_look_alike_are_the_same_or_none(look_alike: str) -> None:
    raw = {"source": "crm", "external_ref": "a", "rm": "r1", "kind": "visit", "occurred_on": "2026-01-01"}
    outcome = check(action.ActionLine, action.RULES, raw | {"customer": look_alike})
    assert isinstance(outcome, Refused)
    assert [refusal.field for refusal in outcome.refusals] == ["customer"]
