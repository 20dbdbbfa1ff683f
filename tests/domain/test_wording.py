"""A scheme in words: every key of the language is told, a change of any is told, and nothing else is."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import domain
from domain.scheme import Scheme, read_scheme
from domain.scheme_file.entries import Entry
from domain.shapes.drawn import drawn
from domain.wording.differences import differences, sentence
from domain.wording.entries import TABLES, Sort, passages
from domain.wording.names import Names
from tests import reference

SCHEMES = Path(domain.__file__).parent / "schemes"
CHANGES = tomllib.loads((Path(__file__).parent / "scheme_changes.toml").read_text(encoding="utf-8"))
NAMES_OF_ENTRIES = {"id", "scheme", "effective", "file", "text", "kind"}
"""By these an entry, a version or a shape is known: another one is another entry."""


def of_file(name: str) -> str:
    return (SCHEMES / f"{name}.toml").read_text(encoding="utf-8")


def read(text: str) -> Scheme:
    scheme = read_scheme(text)
    assert isinstance(scheme, Scheme), scheme
    return scheme


def swapped(text: str, swaps: list[list[str]]) -> str:
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def told(old: Scheme, new: Scheme) -> list[tuple[str, str]]:
    return [sentence(change) for change in differences(old, new)]


@pytest.mark.parametrize("key", CHANGES)
def test_a_changed_key_is_told_with_old_and_new_in_both_languages(key: str) -> None:
    case = CHANGES[key]
    old = swapped(of_file(f"examples/{case['file']}"), case.get("first", []))
    found = told(read(old), read(swapped(old, case["swaps"])))
    assert found == list(zip(case["en"], case["zh"], strict=True))


def models_within(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a key's type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_within(part)


def language() -> dict[str, type[BaseModel]]:
    """Every entry, shape and table of the language by its name, from the scheme down."""
    found, waiting = dict[str, type[BaseModel]](), list[type[BaseModel]]([Scheme])
    while waiting:
        model = waiting.pop()
        if model.__name__ not in found:
            found[model.__name__] = model
            waiting += [each for field in model.model_fields.values() for each in models_within(field.annotation)]
            waiting += [each for field in model.model_fields.values() for each in models_within(tuple(field.metadata))]
    return found


def test_every_key_of_the_language_has_a_case_that_changes_it() -> None:
    keys = {
        f"{name}.{key}" for name, model in language().items() for key in model.model_fields.keys() - NAMES_OF_ENTRIES
    }
    entries = {f"Scheme.{key}" for key, field in Scheme.model_fields.items() if list(models_within(field.annotation))}
    assert keys - entries == CHANGES.keys()


def test_every_entry_of_a_scheme_has_a_table_of_words() -> None:
    entries = {each for field in Scheme.model_fields.values() for each in models_within(field.annotation)}
    assert {each for each in entries if issubclass(each, Entry)} == TABLES.keys() - {Scheme}
    for model, table in TABLES.items():
        keys = model.model_fields.keys() - NAMES_OF_ENTRIES - {"zh"}  # told with the English name
        of_entries = {
            key for key in keys if model is Scheme and list(models_within(model.model_fields[key].annotation))
        }
        assert keys - of_entries == table.keys()


def test_every_entry_of_a_file_is_told() -> None:
    scheme = read(of_file("examples/points"))
    counted = Counter(one.sort for one in passages(scheme))
    lists: dict[Sort, str] = {"clause": "clauses", "kind": "kinds", "measure": "measures", "section": "sections"}
    lists |= {
        "indicator": "indicators",
        "multiplier": "multipliers",
        "gate": "gates",
        "tier": "tiers",
        "quota": "quotas",
    }
    assert {sort: counted[sort] for sort in lists} == {sort: len(getattr(scheme, of)) for sort, of in lists.items()}


def test_added_and_dropped_entries_are_told_whole_and_under_their_clause() -> None:
    old = of_file("examples/points")
    gate = old[old.index('[[gates]]\nid = "removed"') : old.index("[[tiers]]")]
    without = read(old.replace(gate, ""))
    words = "when: Breach at least 10; grade: no grade is given", "条件：违规达到 10；评定：不予评定等次"
    name = 'Condition "Ten breaches: not gradable"', "限制条件“违规十次：不予评定”"
    assert told(without, read(old)) == [(f"{name[0]} added: {words[0]}", f"新增{name[1]}：{words[1]}")]
    assert told(read(old), without) == [
        (f"{name[0]} dropped, which was: {words[0]}", f"删除{name[1]}，原为：{words[1]}")
    ]
    assert [change.clause for change in differences(without, read(old))] == ["37"]


def test_changes_stand_in_the_order_of_the_clauses() -> None:
    old, new = (read(of_file(f"anshun-personal-rm/{day}")) for day in ("2013-01-01", "2026-01-01"))
    clauses = [change.clause for change in differences(old, new)]
    assert list(dict.fromkeys(clauses)) == [
        "2.1", "2.6.4", "3.2.5", "7.2", "7.5", "8.1", "9.1", "9.2", "9.3", "9.4", "9.5",
    ]  # fmt: skip
    assert len(clauses) == 56


def test_the_order_of_tiers_is_a_difference_and_that_of_indicators_is_none() -> None:
    old = of_file("examples/measures")
    tiers = old[old.index("[[tiers]]") :].split("[[tiers]]")[1:]
    turned = old[: old.index("[[tiers]]")] + "".join(
        f"[[tiers]]{tier}"
        for tier in (tiers[1].replace('coefficient = "1"', 'coefficient = "1.2"'), tiers[0], tiers[2])
    )
    assert ('Tier "All tiers", order, best first: Excellent > Qualified → Qualified > Excellent') in [
        en.replace(" > Unqualified", "") for en, _ in told(read(old), read(turned))
    ]
    indicators = old[old.index("[[indicators]]") : old.index("[[tiers]]")].split("[[indicators]]")[1:]
    backwards = "".join(f"[[indicators]]{one}" for one in reversed(indicators))
    start, end = old[: old.index("[[indicators]]")], old[old.index("[[tiers]]") :]
    assert told(read(old), read(f"{start}{backwards}{end}")) == []


def test_comments_and_spelling_are_no_difference() -> None:
    old = of_file("examples/points")
    bare = "\n".join(line.split("   #")[0] for line in old.splitlines())
    spelt = bare.replace('limit = "10"', 'limit = "10.0"').replace("awards > 20 and", "20 < awards  and")
    assert spelt != old
    assert told(read(old), read(spelt)) == []


CONDITIONS = {
    "breach >= 1 or breach = 0": ("Breach at least 1 or Breach exactly 0", "违规达到 1，或违规等于 0"),
    "score < 60": ("score less than 60", "总分低于 60"),
    "not (score < 60 or certified = 0)": (
        "score at least 60 and with a professional certificate", "总分达到 60，且持有资格证书",
    ),
    "certified >= 0": ("with or without a professional certificate", "不论有无资格证书"),
    "business.points <> 20 or loans.completion >= 1.005 and loans > 1500": (
        "points of Business other than 20; or completion of Loans at least 100.5 % and Loans more than 1,500 units",
        "业务发展得分不等于 20；或贷款完成率达到 100.5 %，且贷款超过 1,500 件",
    ),
}  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_is_told_by_the_names_of_what_it_looks_at(condition: str) -> None:
    assert Names(read(of_file("examples/points"))).condition(condition) == CONDITIONS[condition]


def test_a_drawn_curve_gives_the_points_of_the_second_scorer() -> None:
    """Beside the corners themselves, where a jump has two values."""
    scheme = read(of_file("examples/points"))
    target = Decimal(100)
    for one in scheme.indicators:
        axis, corners = drawn(one.shape, one.weight)
        for low, high in pairwise(corners):
            at = (Fraction(low.at) + Fraction(high.at)) / 2
            on_line = (Fraction(low.points) + Fraction(high.points)) / 2
            figure = {"completion": at * 100, "above-target": 100 + at, "below-target": 100 - at}.get(axis, at)
            points = reference.exact_points(one, figure, target, Fraction(one.weight))
            assert low.at == high.at or abs(points - on_line) < Fraction(1, 10**5), one.id
