"""Every mistake in a scheme file is one line that names the file, the line, and what would be right."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scheme import Scheme, read_scheme

SMALL = (Path(__file__).parents[1] / "schemes/small.toml").read_text(encoding="utf-8")
MISTAKES = tomllib.loads((Path(__file__).parent / "scheme_faults.toml").read_text(encoding="utf-8"))


def line_of(text: str, place: int) -> int:
    """The line on which a place of the text lies, from 1."""
    return text.count("\n", 0, place) + 1


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_what_would_be_right(mistake: str) -> None:
    case = MISTAKES[mistake]
    text = SMALL.replace(case["old"], case["new"], 1)
    assert text != SMALL
    line = line_of(text, text.index(case["at"]) if "at" in case else SMALL.index(case["old"]))
    if "below" in case:
        line = line_of(text, text.index(case["below"])) - 1
    faults = read_scheme(text, "small.toml")
    assert isinstance(faults, list)
    assert [one for one in faults if case["says"] in one.message and one.line == line], "\n".join(map(str, faults))
    assert all(str(one).startswith(f"small.toml:{one.line}: ") and "\n" not in str(one) for one in faults)


def test_the_small_scheme_has_no_mistake() -> None:
    assert isinstance(read_scheme(SMALL), Scheme)


def test_all_mistakes_are_told_at_once_and_in_the_order_of_the_lines() -> None:
    text = SMALL.replace('weight = "20"', 'weight = "10"').replace('unit = { en = "visits", zh = "次" }\n', "")
    text = (
        text.replace('floor = "70"', 'floor = "99"')
        .replace("breach >= 2", "breech >= 2")
        .replace("[rounding]", "[rnd]")
    )
    faults = read_scheme(text)
    assert isinstance(faults, list)
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    for message in (
        "add `rounding`",
        "`rnd` is not known",
        "add `unit`",
        "add up to 90",
        "`breech`",
        "put it below 90",
    ):
        assert any(message in str(fault) for fault in faults), message


def test_one_wrong_entry_makes_no_mistakes_of_those_that_name_it() -> None:
    faults = read_scheme(SMALL.replace('counted = "quantity"\n', "", 1))
    assert isinstance(faults, list)
    assert [fault.message for fault in faults] == ['add `counted`: one of "quantity", "amount"']


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('scheme = "small', "make this line TOML"),
        ("scheme = small", "make this line TOML"),
        ("[kinds\n", "make this line TOML"),
        ('en = "a"\nen = "b"', "write each key and each table once"),
        ("[kinds.a]\n[kinds.a]", "write each key and each table once"),
        ("a = " + "[" * 5000, "nest tables and arrays less deeply"),
        ("a = " + "1" * 5000, "make this line TOML"),
        ("", "add `scheme`"),
        ("kinds = 3\nindicators = 4\ngates = 5\ntiers = 6\nclauses = 7", "write each entry as a table"),
        ("clauses = 3\n[[gates]]\nid = {}\n[[indicators]]\nid = { a = 1 }\n[[tiers]]\nid = []", "`id` must be an id"),
        ("[[tiers]]\nfloor = 'x'\n\n\n'", "make this line TOML"),
        ("indicators = [1, 2]\n[kinds]\nvisit = 3", "write each entry as a table [[indicators]]"),
        ('[[indicators]]\nid = 3\nmeasure = 4\nshape = "x"\nweight = [1]', "`shape` must be a table like"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_scheme_is_told_so_in_lines(text: str, message: str) -> None:
    faults = read_scheme(text, "x.toml")
    assert isinstance(faults, list)
    assert any(message in str(fault) for fault in faults), "\n".join(map(str, faults))
    assert all(1 <= fault.line <= text.count("\n") + 1 for fault in faults)


def test_a_mark_of_the_byte_order_does_no_harm() -> None:
    assert isinstance(read_scheme("\ufeff" + SMALL), Scheme)


LINES = SMALL.splitlines()


@given(st.integers(0, len(LINES) - 1), st.integers(0, 60), st.text(alphabet='"=[]{}.#\n0a中-', max_size=6))
def test_whatever_is_typed_into_a_scheme_the_answer_is_a_scheme_or_lines(row: int, column: int, typed: str) -> None:
    """No traceback, however the file is broken."""
    line = LINES[row]
    text = "\n".join([*LINES[:row], line[:column] + typed + line[column + 1 :], *LINES[row + 1 :]])
    answer = read_scheme(text)
    assert isinstance(answer, Scheme) or all(1 <= fault.line <= text.count("\n") + 1 for fault in answer)


@pytest.mark.parametrize("text", [".".join(["a"] * 50_000) + " = 1", "a = " + "[" * 5_000 + "]" * 5_000])
def test_a_file_that_is_nested_by_the_thousand_is_a_fault(text: str) -> None:
    faults = read_scheme(text)
    assert not isinstance(faults, Scheme)
    assert [fault.message for fault in faults] == ["nest tables and arrays less deeply"]
